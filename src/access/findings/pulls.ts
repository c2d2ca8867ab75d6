import { Finding, finding } from './finding';
import { RuleId } from './rules';
import { CACHE_CREATE_ACTIONS, CACHE_PULL_ACTIONS } from '../../policy/actions';
import { Half, isForWantOfOrganization } from '../judgement/halves';
import { ADDED_BY_LAMBDA, Impossibility, Judgement } from '../judgement/judge';
import { consumerRemedies, ownerRemedies, ownerStatements, Remedy, remediesFor, trustRemedies } from '../judgement/remedies';
import { assumerOf } from '../judgement/trust';
import { placeIn, registryInWords } from '../model/places';
import { isKnown, parseArn } from '../template/text-patterns';

/** What is wrong with one pull: that it can never work, or a finding for each half that fails, or for what cannot be told. */
export function pullFindings(judgement: Judgement): Finding[] {
  const { verdict, impossible, owner, consumer } = judgement;
  switch (verdict) {
    case 'allowed':
      return [];
    case 'impossible':
      // It is told of the function, and not of its deployment again.
      return judgement.site.runtime !== 'Lambda deployment' ? [impossibleFinding(judgement, impossible!)] : [];
    case 'undecided':
      return [undecidedFinding(judgement)];
    default:
      return [...halfFindings(judgement, 'owner', owner), ...halfFindings(judgement, 'consumer', consumer), ...trustFindings(judgement)];
  }
}

interface Impossible {
  readonly rule: RuleId;
  readonly because: (judgement: Judgement) => string;
  readonly remedy: string;
}

const IMPOSSIBLE: Readonly<Record<Impossibility, Impossible>> = {
  otherRegion: {
    rule: 'lambda-other-region',
    because: ({ site }) => `AWS Lambda takes images from its own Region only, and the function is in ${site.region}`,
    remedy: 'replicate the repository to the Region of the function, and name the replica in the function',
  },
  throughCache: {
    rule: 'lambda-through-cache',
    because: () => 'it comes through a pull-through cache, and AWS Lambda cannot pull through one',
    remedy: 'replicate the repository to the Region of the function, and name the replica in the function',
  },
  fipsHost: {
    rule: 'lambda-fips-host',
    because: ({ site }) => `it is named by the host ${site.image.host}, and AWS Lambda cannot use a FIPS host`,
    remedy: 'name the image by the ordinary host of the registry, without "-fips"',
  },
  withoutRole: {
    rule: 'pull-role-missing',
    because: ({ site: { puller } }) => (puller.type === 'unknown' ? puller.why : 'AWS CodeBuild needs the service role for an image of another account'),
    remedy: 'give it a role that may pull; for an image of another account, the owner must let the role in too',
  },
};

function impossibleFinding(judgement: Judgement, impossible: Impossibility): Finding {
  const { rule, because, remedy } = IMPOSSIBLE[impossible];
  return found(judgement, rule, { message: `the ${judgement.site.runtime} cannot use ${imageInWords(judgement)}: ${because(judgement)}`, remedy });
}

function undecidedFinding(judgement: Judgement): Finding {
  const { owner, consumer, trust } = judgement;
  const why = [...new Set([...owner.why, ...consumer.why, ...trust.why])];
  const statements = remediesFor(judgement);
  return found(judgement, 'pull-undecided', {
    message: `whether ${pullerInWords(judgement)} may pull ${imageInWords(judgement)} cannot be told: ${why.join('; ')}`,
    remedy: undecidedRemedy(why, statements),
    statements,
  });
}

function undecidedRemedy(why: readonly string[], statements: readonly Remedy[]): string {
  if (why.some(isForWantOfOrganization)) {
    return 'declare the organization: which accounts it has, and where in it they are';
  }
  if (why.includes(ADDED_BY_LAMBDA)) {
    return statements.length > 0 ? `add to ${statements[0].document}, so that it stays there` : 'let the Lambda service in by the policy of the repository, so that it stays there';
  }
  return 'see that it may, or write into the template what is known only at deployment';
}

const MAKING = CACHE_CREATE_ACTIONS.filter((action) => !CACHE_PULL_ACTIONS.includes(action));

function halfFindings(judgement: Judgement, half: Remedy['half'], { state, actions }: Half): Finding[] {
  const { site: { runtime } } = judgement;
  const document = documentInWords(judgement, half);
  switch (state) {
    case 'missing': return [found(judgement, missingRule(judgement, half), {
      half,
      // The repository of a cache may be there already, made by the pull of somebody who may make it.
      ...(actions.every((action) => MAKING.includes(action)) && { severity: 'warning' as const }),
      message: `${failureInWords(judgement, half)}: ${document} does not allow ${actions.join(', ')}`,
      ...toPaste(judgement, half, half === 'owner' ? ownerRemedies(judgement) : consumerRemedies(judgement), document),
    })];
    case 'denied': return [found(judgement, `${half}-half-denied`, {
      half,
      message: `${pullerInWords(judgement)} cannot pull ${imageInWords(judgement)}: ${document} denies ${actions.join(', ')}`,
      ...narrowing(judgement, half),
    })];
    case 'notInSight': return runtime === 'Lambda deployment' && half === 'owner' ? [] : [found(judgement, `${half}-not-in-sight`, {
      half,
      message: `whether ${pullerInWords(judgement)} may pull ${imageInWords(judgement)} is not in sight: ${half === 'owner' ? document : 'the role'} is in none of the templates`,
      ...(half === 'owner' ? toCompare(judgement) : { remedy: 'check it together with the templates that make the role' }),
    })];
    default: return [];
  }
}

/** Who has neither the owner's templates nor its contract can ask whether its policy has this. */
function toCompare(judgement: Judgement): Pick<Finding, 'remedy' | 'statements'> {
  const statements = ownerStatements(judgement);
  const remedy = 'check it together with the templates of the owner, or with its contract';
  return { remedy: statements.length > 0 ? `${remedy}, or see that ${statements[0].document} says this` : remedy, statements };
}

function trustFindings(judgement: Judgement): Finding[] {
  const { trust: { state }, site } = judgement;
  if ((state !== 'missing' && state !== 'denied') || site.puller.type !== 'role') {
    return [];
  }
  const { arn } = site.puller;
  const trust = state === 'denied' ? `denies that ${assumerOf(site)} assumes it` : `does not let ${assumerOf(site)} assume it`;
  return [found(judgement, 'role-not-assumable', {
    half: 'consumer',
    message: `${arn} is to pull ${imageInWords(judgement)}, but its trust policy ${trust}`,
    ...(state === 'denied' ? narrowing(judgement, 'consumer') : toPaste(judgement, 'consumer', trustRemedies(judgement), `the trust policy of ${arn}`)),
  })];
}

function narrowing(judgement: Judgement, half: Remedy['half']): Pick<Finding, 'remedy'> {
  return { remedy: `${sideOf(judgement, half)} narrow the statement that denies it: no other statement can allow what one denies` };
}

function toPaste(judgement: Judgement, half: Remedy['half'], statements: readonly Remedy[], document: string): Pick<Finding, 'remedy' | 'statements'> {
  const side = sideOf(judgement, half);
  return { remedy: statements.length > 0 ? `${side} add to ${statements[0].document}` : `${side} let it in by ${document}`, statements };
}

function missingRule({ site: { runtime } }: Judgement, half: Remedy['half']): RuleId {
  if (runtime === 'pull-through cache') {
    return half === 'owner' ? 'cache-upstream-missing' : 'cache-role-missing';
  }
  if (half === 'owner' && runtime === 'Lambda function') {
    return 'lambda-service-missing';
  }
  return half === 'owner' && runtime === 'Lambda deployment' ? 'lambda-deployer-missing' : `${half}-half-missing`;
}

/** What a Helm chart does with its values nobody in sight knows: of an image in them there is nothing to say but that it is good to know. */
function found({ site, repository }: Judgement, rule: RuleId, details: Pick<Finding, 'message' | 'remedy'> & Partial<Finding>): Finding {
  const { runtime } = site;
  const severity = runtime === 'Helm chart' ? { severity: 'info' as const } : {};
  return finding(rule, { place: placeIn(site), runtime, repository, ...severity, ...details });
}

function failureInWords(judgement: Judgement, half: Remedy['half']): string {
  const { runtime } = judgement.site;
  if (half === 'owner' && runtime === 'Lambda function') {
    return `the function may be deployed, and will fail weeks later, when AWS Lambda fetches ${imageInWords(judgement)} again`;
  }
  if (half === 'owner' && runtime === 'Lambda deployment') {
    return `the function cannot be deployed with ${imageInWords(judgement)} by ${pullerInWords(judgement)}`;
  }
  return `${pullerInWords(judgement)} cannot pull ${imageInWords(judgement)}`;
}

function imageInWords({ site: { image } }: Judgement): string {
  return `${image.repository} of ${registryInWords(image)}`;
}

function pullerInWords({ site: { puller, runtime, account } }: Judgement): string {
  switch (puller.type) {
    case 'role':
      return runtime === 'Lambda deployment' && !isKnown(parseArn(puller.arn)?.resource ?? '<>') ? `whoever deploys in account ${account}` : puller.arn;
    case 'service': return `${puller.service} for ${puller.sourceArn}`;
    case 'unknown': return 'whoever pulls';
  }
}

/** On which side to do something: `in account 111122223333`. */
function sideOf({ site }: Judgement, half: Remedy['half']): string {
  return half === 'owner' ? `in account ${site.image.account}, the owner's,` : `in stack ${site.stack}, account ${site.account},`;
}

function documentInWords({ site, repository, ownerPolicy }: Judgement, half: Remedy['half']): string {
  if (half === 'owner') {
    return ownerPolicy === 'registry' ? `what its registry says of ${repository}` : `the policy of ${repository}`;
  }
  return site.puller.type === 'role' ? 'what is attached to the role' : 'its own policy';
}
