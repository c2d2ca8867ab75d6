import { Caller, Request } from './evaluate';
import { BeyondBoundary, beyondBoundary, consumerHalf, gradeOf, GRADES, Half, Halves, halvesAtHome, NOT_NEEDED, ownerHalf, undecided, whicheverItIs } from './halves';
import { same } from './matching';
import { Organization } from './organizations';
import { contextOfPull } from './request-context';
import { Owner, ownerOf, Sight, sightOf } from './sight';
import { trustOf } from './trust';
import {
  CACHE_CREATE_ACTIONS, CACHE_FILL_ACTIONS, CACHE_PULL_ACTIONS, DESCRIBE_ACTION, LAMBDA_ACTIONS, LOGIN_ACTION, PULL_ACTIONS, PULL_THROUGH_ACTIONS,
} from '../../policy/actions';
import { isRegistryOfAws } from '../../policy/aws-registries';
import { arnOf } from '../model/addresses';
import { AccessModel } from '../model/model';
import { Puller, PullSite } from '../model/pull-sites';
import { Role } from '../model/roles';
import { isKnown, parseArn } from '../template/text-patterns';
import { Truth } from '../template/truth';

export type Verdict = 'allowed' | 'notInSight' | 'undecided' | 'ownerHalfMissing' | 'consumerHalfMissing' | 'bothHalvesMissing' | 'impossible';

/** Why a pull can never work, whatever any policy says. */
export type Impossibility = 'otherRegion' | 'throughCache' | 'fipsHost' | 'withoutRole';

/** Whether a pull will work, as far as everything in sight tells. */
export interface Judgement {
  readonly site: PullSite;
  /** The ARN of the repository. */
  readonly repository: string;
  readonly verdict: Verdict;
  readonly impossible?: Impossibility;
  /** Whether the owner's policy is that of the repository, or that of its registry, since Amazon ECR makes the repository. */
  readonly ownerPolicy: 'repository' | 'registry';
  readonly owner: Half;
  /** What the policies of the role let it do. */
  readonly consumer: Half;
  /** Whether what runs the image can assume the role. This belongs to the consumer's half. */
  readonly trust: Half;
  /** What the permissions boundary of the role keeps it from, if it does. */
  readonly beyond?: BeyondBoundary;
}

/** Decides every pull of an app, or of several. */
export function judge(model: AccessModel, organizations: readonly Organization[] = []): Judgement[] {
  const sight = sightOf(model, organizations);
  return model.sites.map((site) => judgePull(site, sight));
}

/** Whoever pulls, if that is known. */
export type KnownPuller = Exclude<Puller, { readonly type: 'unknown' }>;

/** One pull: who asks whom for what. */
export interface Pull {
  readonly caller: Caller;
  /** The ARN of the repository. */
  readonly repository: string;
  readonly owner: Owner;
  /** The role that pulls; undefined if it is not in sight, or a service pulls. */
  readonly role: Role | undefined;
  readonly requests: readonly Request[];
  /** What the role's own policies must allow besides. */
  readonly besides: readonly Request[];
  readonly isInOneAccount: Truth;
}

/**
 * What the pull of a site asks of whom, if somebody is known to pull.
 *
 * @param isCached whether to suppose that the image comes through a cache
 */
export function pullOf(site: PullSite, puller: KnownPuller, sight: Sight, isCached?: boolean): Pull {
  const { image, keptIn } = site;
  const repository = arnOf(image);
  const caller: Caller = puller.type === 'role'
    ? { type: 'role', name: puller.arn, account: parseArn(puller.arn)?.account ?? site.account }
    : { type: 'service', name: puller.service, account: site.account };
  const owner = ownerOf(image, site.account, sight);
  const context = contextOfPull(site, caller, owner, sight);
  const on = (resource: string) => (action: string): Request => ({ caller, action, resource, context });
  return {
    caller,
    repository,
    owner,
    role: sight.roles.get(caller.name),
    requests: actionsFor(site, owner, isCached ?? owner.isCached !== 'no').map(on(repository)),
    besides: [
      ...(keptIn ? CACHE_FILL_ACTIONS.filter((action) => !PULL_THROUGH_ACTIONS.includes(action)).map(on(arnOf(keptIn))) : []),
      ...(puller.type === 'role' && !WITHOUT_LOGIN.includes(site.runtime) ? [on('*')(LOGIN_ACTION)] : []),
    ],
    isInOneAccount: same(caller.account, image.account),
  };
}

/** To see what a repository holds takes no login, and AWS Lambda fetches by itself what the deployer may fetch. */
const WITHOUT_LOGIN: readonly string[] = ['CodePipeline source', 'Lambda deployment'];
const OF_LAMBDA: readonly string[] = ['Lambda function', 'Lambda deployment'];

/** What a puller does with a repository. */
function actionsFor({ runtime }: PullSite, { isInSight }: Owner, isCached: boolean): readonly string[] {
  switch (runtime) {
    case 'CodePipeline source': return [DESCRIBE_ACTION];
    case 'pull-through cache': return PULL_THROUGH_ACTIONS;
    case 'Lambda function': case 'Lambda deployment': return LAMBDA_ACTIONS;
  }
  const toCache = isCached ? CACHE_PULL_ACTIONS.filter((action) => !PULL_ACTIONS.includes(action)) : [];
  const toMake = isCached && isInSight !== 'itself' ? CACHE_CREATE_ACTIONS : [];
  return [...new Set([...LAMBDA_ACTIONS, ...(runtime === 'App Runner service' ? [DESCRIBE_ACTION] : []), ...toCache, ...toMake])];
}

/** Decides one pull. */
export function judgePull(site: PullSite, sight: Sight): Judgement {
  const { image, puller } = site;
  const ofCaller = sight.roles.get(puller.type === 'role' ? puller.arn : '');
  const trust = ofCaller ? trustOf(site, ofCaller, sight) : NOT_NEEDED;
  const pull = puller.type === 'unknown' ? undefined : pullOf(site, puller, sight);
  const known = pull?.owner ?? ownerOf(image, site.account, sight);
  const [owner, consumer] = puller.type === 'unknown' ? halvesOfNobody(site, puller.why) : halvesOf(site, puller, pull!, sight);
  const impossible = impossibilityOf(site, known);
  const beyond = pull && consumer.state === 'missing' ? beyondBoundary(pull.role, [...pull.requests, ...pull.besides]) : undefined;
  return {
    site,
    repository: arnOf(image),
    verdict: impossible ? 'impossible' : verdictOf(owner, consumer, trust),
    ...(impossible && { impossible }),
    ownerPolicy: known.isInSight === 'itsOrigin' ? 'registry' : 'repository',
    owner,
    consumer,
    trust,
    ...(beyond && { beyond }),
  };
}

function halvesOfNobody(site: PullSite, why: string): Halves {
  return [isRegistryOfAws(site.image) ? NOT_NEEDED : undecided(why), undecided(why)];
}

function halvesOf(site: PullSite, puller: KnownPuller, pull: Pull, sight: Sight): Halves {
  const halvesIn = (one: Pull) => withoutWhatIsOptional(site, halvesOfPull(site, one));
  if (pull.owner.isCached !== 'maybe') {
    return halvesIn(pull);
  }
  const halves = (isCached: boolean) => halvesIn(pullOf(site, puller, sight, isCached));
  const why = 'whether the image comes through the cache that is for every repository of its registry, or is pushed there, is not in sight';
  return whicheverItIs(halves(false), OF_LAMBDA.includes(site.runtime) ? [undecided(why), NOT_NEEDED] : halves(true), why);
}

function halvesOfPull(site: PullSite, { caller, owner, role, requests, besides, isInOneAccount }: Pull): Halves {
  const ofOwner = () => (isRegistryOfAws(site.image) ? NOT_NEEDED : ownerHalf(requests, owner));
  if (caller.type === 'service') {
    return [ofOwner(), NOT_NEEDED];
  }
  const elsewhere = (): Halves => [ofOwner(), consumerHalf([...requests, ...besides], role)];
  const atHome = () => halvesAtHome(requests, besides, owner, role);
  switch (isInOneAccount) {
    case 'yes': return atHome();
    case 'no': return elsewhere();
    default: return whicheverItIs(atHome(), elsewhere(), 'whether the role is in the account of the repository is known only at deployment');
  }
}

/** Why the statement for the Lambda service may not be needed in the account of the function, and yet had better be there. */
export const ADDED_BY_LAMBDA = 'AWS Lambda adds its statement to the policy of the repository by itself, if whoever deploys the function may change that policy, '
  + 'and the next deployment of the policy takes it away again';

/** What is missing only as far as anybody can tell. */
function withoutWhatIsOptional({ runtime, account, image }: PullSite, [owner, consumer]: Halves): Halves {
  const isLacking = owner.state === 'missing' || owner.state === 'notInSight';
  if (runtime === 'Lambda function' && isLacking && same(account, image.account) !== 'no') {
    return [{ ...owner, state: 'undecided', why: [ADDED_BY_LAMBDA] }, consumer];
  }
  if (runtime === 'pull-through cache' && owner.state === 'notInSight' && !isKnown(image.repository)) {
    return [{ ...owner, state: 'undecided', why: ['nobody in sight pulls through the cache, so which repositories it fetches from is not in sight'] }, consumer];
  }
  // The bootstrap's role may do everything, and is in no template of an app.
  return [owner, runtime === 'Lambda deployment' && consumer.state === 'notInSight' ? NOT_NEEDED : consumer];
}

/** What AWS Lambda cannot do. */
function impossibilityOf({ runtime, account, region, image, puller }: PullSite, { isCached, isInSight }: Owner): Impossibility | undefined {
  if (!OF_LAMBDA.includes(runtime)) {
    const isNobody = puller.type === 'unknown' && puller.isNobody;
    // AWS CodeBuild by its own name pulls from its own account only.
    const isCodeBuild = runtime === 'CodeBuild project' && puller.type === 'service' && same(account, image.account) === 'no';
    return isNobody || isCodeBuild ? 'withoutRole' : undefined;
  }
  if (same(region, image.region) === 'no') {
    return 'otherRegion';
  }
  if (image.host?.includes('ecr-fips')) {
    return 'fipsHost';
  }
  return isCached === 'yes' && isInSight !== 'itself' ? 'throughCache' : undefined;
}

/** What comes of the halves. */
export function verdictOf(owner: Half, consumer: Half, trust: Half): Verdict {
  const ofOwner = gradeOf(owner);
  const ofConsumer = GRADES.find((grade) => gradeOf(consumer) === grade || gradeOf(trust) === grade)!;
  if (ofOwner === 'fails') {
    return ofConsumer === 'fails' ? 'bothHalvesMissing' : 'ownerHalfMissing';
  }
  if (ofConsumer === 'fails') {
    return 'consumerHalfMissing';
  }
  return (['undecided', 'notInSight'] as const).find((grade) => ofOwner === grade || ofConsumer === grade) ?? 'allowed';
}
