import { Half, Judgement } from '../judgement/judge';

/** Whether a pull will work, in words: `yes`, `no: ...`, or what cannot be told. */
export function verdictInWords({ verdict, owner, consumer }: Judgement): string {
  switch (verdict) {
    case 'allowed':
      return 'yes';
    case 'undecided':
      return `cannot be told: ${[...new Set([...owner.why, ...consumer.why])].join('; ')}`;
    case 'notInSight':
      return [
        ...(owner.state === 'notInSight' ? ['owner not in sight'] : []),
        ...(consumer.state === 'notInSight' ? ['role not in sight'] : []),
      ].join('; ');
    default:
      return `no: ${[...failing('the policy of the repository', owner), ...failing('the role', consumer)].join('; ')}`;
  }
}

function failing(whose: string, { state, actions }: Half): string[] {
  switch (state) {
    case 'missing': return [`${whose} lacks ${actions.join(', ')}`];
    case 'denied': return [`${whose} denies ${actions.join(', ')}`];
    default: return [];
  }
}
