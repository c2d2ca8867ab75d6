import { Half } from '../judgement/halves';
import { Impossibility, Judgement } from '../judgement/judge';

/** Whether a pull will work, in words: `yes`, `no: ...`, or what cannot be told. */
export function verdictInWords({ verdict, impossible, owner, consumer, trust }: Judgement): string {
  if (impossible) {
    return `no: ${IMPOSSIBLE[impossible]}`;
  }
  switch (verdict) {
    case 'allowed':
      return 'yes';
    case 'undecided':
      return `cannot be told: ${[...new Set([...owner.why, ...consumer.why, ...trust.why])].join('; ')}`;
    case 'notInSight':
      return [
        ...(owner.state === 'notInSight' ? ['owner not in sight'] : []),
        ...(consumer.state === 'notInSight' ? ['role not in sight'] : []),
      ].join('; ');
    default:
      return `no: ${[
        ...failing('the policy of the repository', owner), ...failing('the role', consumer), ...failing('the trust policy of the role', trust),
      ].join('; ')}`;
  }
}

const IMPOSSIBLE: Readonly<Record<Impossibility, string>> = {
  otherRegion: 'AWS Lambda takes images from its own Region only',
  throughCache: 'AWS Lambda cannot pull through a cache',
  fipsHost: 'AWS Lambda cannot use a FIPS host',
  withoutRole: 'it has no role that could pull',
};

function failing(whose: string, { state, actions }: Half): string[] {
  switch (state) {
    case 'missing': return [`${whose} lacks ${actions.join(', ')}`];
    case 'denied': return [`${whose} denies ${actions.join(', ')}`];
    default: return [];
  }
}

/** Whether a pull says more than another does: a deployment comes with its function, and a cache with what is pulled through it. */
export function isWorthTelling({ site: { runtime }, verdict }: Judgement): boolean {
  switch (runtime) {
    case 'Lambda deployment': return !['allowed', 'impossible', 'notInSight'].includes(verdict);
    case 'pull-through cache': return verdict !== 'allowed';
    default: return true;
  }
}
