import { Half } from './halves';
import { ADDED_BY_LAMBDA, Judgement } from './judge';
import { trustStatementFor } from './trust';
import { CACHE_FILL_ACTIONS, LAMBDA_ACTIONS, LOGIN_ACTION, PULL_ACTIONS, PULL_THROUGH_ACTIONS } from '../../policy/actions';
import { partitionOf } from '../../policy/addresses';
import { Grant, Who } from '../../policy/grant';
import { LAMBDA_SERVICE } from '../../policy/services';
import { statementsFor } from '../../policy/statements';
import { arnOf } from '../model/addresses';
import { registryInWords } from '../model/places';
import { PullSite } from '../model/pull-sites';
import { isKnown, parseArn } from '../template/text-patterns';

/** What is missing from one of the documents of a pull, ready to be pasted. */
export interface Remedy {
  readonly half: 'owner' | 'consumer';
  /** The document that it belongs into, in words. */
  readonly document: string;
  readonly statements: readonly object[];
}

/** What makes a pull work that lacks one half or both. What is denied somewhere no statement can mend, nor what is not in sight. */
export function remediesFor(judgement: Judgement): Remedy[] {
  return [...ownerRemedies(judgement), ...consumerRemedies(judgement), ...trustRemedies(judgement)];
}

/** What the owner's policy lacks. */
export function ownerRemedies(judgement: Judgement): Remedy[] {
  const { owner, impossible } = judgement;
  const isLacking = owner.state === 'missing' || owner.why.includes(ADDED_BY_LAMBDA);
  return isLacking && !impossible ? ownerStatements(judgement) : [];
}

/** What lets the puller in, whatever the owner's policy says already. */
export function ownerStatements({ site, repository, owner, ownerPolicy }: Judgement): Remedy[] {
  const { account, region, repository: name } = site.image;
  const who = whoOf(site);
  if (!who || !isKnown(region)) {
    return [];
  }
  const registry = { account, region, partition: partitionOf(region).name };
  const ofRegistry = ownerPolicy === 'registry' ? { repositories: name } : {};
  return [{
    half: 'owner',
    document: ownerPolicy === 'registry' ? `the policy of the registry of ${registryInWords(site.image)}` : `the policy of ${name} (${repository})`,
    statements: statementsFor([{ who, actions: actionsToGrant(site, owner), ...ofRegistry }, ...deployerOf(site, owner)], registry),
  }];
}

/** Whoever deploys a function is told of with it, where nobody sees what the owner says. */
function deployerOf({ runtime, account }: PullSite, { state }: Half): Grant[] {
  return runtime === 'Lambda function' && state === 'notInSight' ? [{ who: { kind: 'account', account }, actions: LAMBDA_ACTIONS }] : [];
}

/** As this library grants it: also what clients ask for without needing it by what AWS documents. */
function actionsToGrant({ runtime, puller }: PullSite, { actions }: Half): readonly string[] {
  if (runtime === 'pull-through cache') {
    return PULL_THROUGH_ACTIONS;
  }
  const usual = puller.type === 'service' || runtime === 'Lambda deployment' ? LAMBDA_ACTIONS : PULL_ACTIONS;
  return actions.every((action) => usual.includes(action)) ? usual : actions;
}

/** Whom the owner has to let in: the role, or the functions of the account, whatever the one in question will be called. */
function whoOf({ runtime, puller, account }: PullSite): Who | undefined {
  if (puller.type === 'role') {
    const { account: own, resource } = parseArn(puller.arn) ?? {};
    // AWS documents the upstream's half of a cache for the account, whichever role fetches.
    const isNamed = resource !== undefined && isKnown(resource) && runtime !== 'pull-through cache';
    return own === undefined || !isKnown(own) ? undefined : isNamed ? { kind: 'identity', account: own, name: resource } : { kind: 'account', account: own };
  }
  return puller.type === 'service' && puller.service === LAMBDA_SERVICE && isKnown(account) ? { kind: 'lambda', account, functionName: '*' } : undefined;
}

/** What the policies of the role lack. */
export function consumerRemedies(judgement: Judgement): Remedy[] {
  const { site: { puller }, consumer: { state, actions }, impossible, beyond } = judgement;
  if (state !== 'missing' || puller.type !== 'role' || impossible) {
    return [];
  }
  return [
    // Where the boundary alone is in the way, a policy that allows it once more is of no help.
    ...remedyOfRole(judgement, `the policies of ${puller.arn}`, actions.filter((action) => !beyond?.granted.includes(action))),
    ...remedyOfRole(judgement, `the permissions boundary of ${puller.arn}`, actions.filter((action) => beyond?.actions.includes(action))),
  ];
}

function remedyOfRole({ site: { keptIn }, repository }: Judgement, document: string, actions: readonly string[]): Remedy[] {
  const missing = actions.filter((action) => action !== LOGIN_ACTION);
  // What a cache does at which end AWS does not say: the role gets all of it at both.
  const atBothEnds = keptIn && { Action: CACHE_FILL_ACTIONS, Resource: [repository, arnOf(keptIn)].map(whatever) };
  return actions.length === 0 ? [] : [{
    half: 'consumer',
    document,
    statements: [
      ...(missing.length > 0 ? [{ Effect: 'Allow', ...(atBothEnds ?? { Action: missing, Resource: repository }) }] : []),
      ...(actions.includes(LOGIN_ACTION) ? [{ Effect: 'Allow', Action: LOGIN_ACTION, Resource: '*' }] : []),
    ],
  }];
}

/** What somebody will pull nobody knows yet, so it is anything. */
function whatever(arn: string): string {
  return arn.replace(/<[^<>]*>$/, '*');
}

/** What the trust policy of the role lacks. */
export function trustRemedies({ site, trust, impossible }: Judgement): Remedy[] {
  return trust.state !== 'missing' || site.puller.type !== 'role' || impossible ? [] : [
    { half: 'consumer', document: `the trust policy of ${site.puller.arn}`, statements: [trustStatementFor(site)] },
  ];
}
