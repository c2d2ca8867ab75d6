import { Finding, finding } from './finding';
import { RuleId } from './rules';
import { Half, Judgement } from '../judgement/judge';
import { Remedy, remediesFor } from '../judgement/remedies';
import { Puller } from '../model/pull-sites';

/** What is wrong with one pull: a finding for each half that fails, or for what cannot be told. */
export function pullFindings(judgement: Judgement): Finding[] {
  const { verdict, owner, consumer } = judgement;
  switch (verdict) {
    case 'allowed':
      return [];
    case 'undecided':
      return [found(judgement, 'pull-undecided', {
        message: `whether ${pullInWords(judgement)} is known only at deployment: ${[...new Set([...owner.why, ...consumer.why])].join('; ')}`,
        remedy: 'declare what is missing, such as the accounts of an organization or the environment of a stack, or see that it is so',
      })];
    default:
      return [...halfFindings(judgement, 'owner', owner), ...halfFindings(judgement, 'consumer', consumer)];
  }
}

function halfFindings(judgement: Judgement, half: Remedy['half'], { state, actions }: Half): Finding[] {
  const statements = remediesFor(judgement).filter((remedy) => remedy.half === half);
  const document = documentInWords(judgement, half);
  switch (state) {
    case 'missing': return [found(judgement, missingRule(judgement, half), {
      half,
      message: `${failureInWords(judgement, half)}: ${document} does not allow ${actions.join(', ')}`,
      remedy: statements.length > 0 ? `add to ${statements[0].document}` : `let it in by ${document}`,
      statements,
    })];
    case 'denied': return [found(judgement, `${half}-half-denied`, {
      half,
      message: `${failureInWords(judgement, half)}: ${document} denies ${actions.join(', ')}`,
      remedy: 'narrow the statement that denies it: no other statement can allow what one denies',
    })];
    case 'notInSight': return [found(judgement, `${half}-not-in-sight`, {
      half,
      message: `whether ${pullInWords(judgement)} is not in sight: ${document} is in none of the templates`,
      remedy: half === 'owner'
        ? 'check it together with the templates of the owner, or with its contract'
        : 'check it together with the templates that make the role',
    })];
    default: return [];
  }
}

function missingRule({ site: { runtime } }: Judgement, half: Remedy['half']): RuleId {
  return half === 'owner' && runtime === 'Lambda function' ? 'lambda-service-missing' : `${half}-half-missing`;
}

function found({ site, repository }: Judgement, rule: RuleId, details: Pick<Finding, 'message' | 'remedy'> & Partial<Finding>): Finding {
  const { path, account, region, stack, file, logicalId, runtime } = site;
  return finding(rule, { place: { path, account, region, stack, file, logicalId }, runtime, repository, ...details });
}

function pullInWords({ site: { puller, image } }: Judgement): string {
  return `${pullerInWords(puller)} may pull ${image.repository} of account ${image.account}, ${image.region}`;
}

function failureInWords({ site: { puller, image } }: Judgement, half: Remedy['half']): string {
  return half === 'consumer' && puller.type === 'role'
    ? `${puller.arn} cannot pull ${image.repository} of account ${image.account}, ${image.region}`
    : `${pullerInWords(puller)} cannot pull ${image.repository}`;
}

function pullerInWords(puller: Puller): string {
  switch (puller.type) {
    case 'role': return puller.arn;
    case 'service': return `${puller.service} for ${puller.sourceArn}`;
    case 'unknown': return 'whoever pulls';
  }
}

function documentInWords({ site, repository }: Judgement, half: Remedy['half']): string {
  if (half === 'owner') {
    return `the policy of ${repository}`;
  }
  return site.puller.type === 'role' ? 'what is attached to the role' : 'its own policy';
}
