import { Context, ContextValue } from './conditions';
import { both, Caller, decideByIdentity, decideByResource, decisionOf, either, Opinion, Request } from './evaluate';
import { same } from './matching';
import { CACHE_CREATE_ACTIONS, CACHE_PULL_ACTIONS, DESCRIBE_ACTION, LAMBDA_ACTIONS, LOGIN_ACTION, PULL_ACTIONS } from '../../policy/actions';
import { repositoryArn } from '../../policy/addresses';
import { eksAddOnAccount } from '../../policy/eks-add-on-registries';
import { Address } from '../model/addresses';
import { AccessModel, Repository } from '../model/model';
import { originsOf, templateFor } from '../model/origins';
import { isSamePlace } from '../model/places';
import { Statement } from '../model/policy-document';
import { PullSite } from '../model/pull-sites';
import { Registry } from '../model/registries';
import { Role } from '../model/roles';
import { isKnown, parseArn, unknownValue } from '../template/text-patterns';

/** An organization, as whoever asks has declared it. */
export interface Organization {
  readonly organizationId: string;
  readonly accounts: readonly string[];
  /** Where accounts are in it, `o-…/r-…/ou-…/`, as far as that is declared. */
  readonly organizationPaths?: Readonly<Record<string, string>>;
}

/** What one of the two documents says of a pull. */
export interface Half {
  readonly state: 'granted' | 'notNeeded' | 'notInSight' | 'undecided' | 'missing' | 'denied';
  /** The actions that are in that state, unless all is well. */
  readonly actions: readonly string[];
  /** Why it cannot be told. */
  readonly why: readonly string[];
}

export type Verdict = 'allowed' | 'notInSight' | 'undecided' | 'ownerHalfMissing' | 'consumerHalfMissing' | 'bothHalvesMissing';

/** Whether a pull will work, as far as everything in sight tells. */
export interface Judgement {
  readonly site: PullSite;
  /** The ARN of the repository. */
  readonly repository: string;
  readonly verdict: Verdict;
  readonly owner: Half;
  readonly consumer: Half;
}

/** Decides every pull of an app, or of several. */
export function judge(model: AccessModel, organizations: readonly Organization[] = []): Judgement[] {
  const sight = sightOf(model, organizations);
  return model.sites.map((site) => judgePull(site, sight));
}

/** A model, so that whatever a pull needs of it is found at once. */
interface Sight {
  readonly roles: ReadonlyMap<string, Role>;
  readonly repositories: ReadonlyMap<string, Repository>;
  readonly registries: readonly Registry[];
  readonly organizationOf: (account: string) => Organization | undefined;
}

function sightOf({ roles, repositories, registries }: AccessModel, organizations: readonly Organization[]): Sight {
  const byAccount = new Map(organizations.flatMap((organization) => organization.accounts.map((account) => [account, organization] as const)));
  return {
    roles: new Map(roles.map((role) => [role.arn, role])),
    repositories: new Map(repositories.map((repository) => [repository.arn, repository])),
    registries,
    organizationOf: (account) => byAccount.get(account),
  };
}

function judgePull(site: PullSite, sight: Sight): Judgement {
  const { image, puller } = site;
  const repository = arnOf(image);
  const judged = ([owner, consumer]: Halves): Judgement => ({ site, repository, owner, consumer, verdict: verdictOf(owner, consumer) });
  const isOfAws = image.account === eksAddOnAccount(image.region);
  if (puller.type === 'unknown') {
    return judged([isOfAws ? NOT_NEEDED : undecided(puller.why), undecided(puller.why)]);
  }
  const caller: Caller = puller.type === 'role'
    ? { type: 'role', name: puller.arn, account: parseArn(puller.arn)?.account ?? site.account }
    : { type: 'service', name: puller.service, account: site.account };
  const owner = ownerOf(image, repository, sight);
  const context = contextOf(site, caller, owner, sight);
  const requests = actionsFor(site, owner).map((action): Request => ({ caller, action, resource: repository, context }));
  if (caller.type === 'service') {
    return judged([isOfAws ? NOT_NEEDED : ownerHalf(requests, owner), NOT_NEEDED]);
  }
  const role = sight.roles.get(caller.name);
  // To see what a repository holds takes no login.
  const login = site.runtime === 'CodePipeline source' ? [] : [{ caller, action: LOGIN_ACTION, resource: '*', context }];
  const elsewhere = (): Halves => [isOfAws ? NOT_NEEDED : ownerHalf(requests, owner), consumerHalf([...requests, ...login], role)];
  switch (same(caller.account, image.account)) {
    case 'yes': return judged(halvesAtHome(requests, login, owner, role));
    case 'no': return judged(elsewhere());
    default: return judged(whicheverItIs(halvesAtHome(requests, login, owner, role), elsewhere()));
  }
}

/** What a puller does with a repository. */
function actionsFor({ runtime }: PullSite, { isCached, isInSight }: Owner): string[] {
  if (runtime === 'CodePipeline source') {
    return [DESCRIBE_ACTION];
  }
  const toCache = isCached ? CACHE_PULL_ACTIONS.filter((action) => !PULL_ACTIONS.includes(action)) : [];
  const toMake = isCached && isInSight !== 'itself' ? CACHE_CREATE_ACTIONS : [];
  return [...new Set([...LAMBDA_ACTIONS, ...(runtime === 'App Runner service' ? [DESCRIBE_ACTION] : []), ...toCache, ...toMake])];
}

type Halves = readonly [owner: Half, consumer: Half];

/** What is so in the repository's account and out of it is so; of the rest nobody knows as long as nobody knows where the puller is. */
function whicheverItIs(here: Halves, there: Halves): Halves {
  const [owner, consumer] = there.map((half, index) => (
    gradeOf(half) === gradeOf(here[index]) ? half : undecided('whether the role is in the account of the repository is known only at deployment')));
  return [owner, consumer];
}

/** What is known of the repository's side. */
interface Owner {
  /** What its policy and that of its registry say. */
  readonly statements: readonly Statement[];
  /** Whether the repository itself is in sight, or only what Amazon ECR makes it of; the policy of its registry may be in any case. */
  readonly isInSight: 'itself' | 'itsOrigin' | false;
  /** Whether its images come through a cache. */
  readonly isCached: boolean;
  readonly account: string;
  /** Undefined if they are not in sight. */
  readonly tags?: ReadonlyMap<string, string>;
}

function ownerOf(image: Address, arn: string, { repositories, registries }: Sight): Owner {
  const { account } = image;
  const ofRegistry = registries.filter((registry) => isSamePlace(registry, image)).flatMap(({ policy }) => policy.statements);
  const repository = repositories.get(arn);
  const origins = originsOf(image, registries);
  const isCached = origins.some(({ by }) => by === 'PULL_THROUGH_CACHE');
  if (repository) {
    return { statements: [...repository.policy.statements, ...ofRegistry], isInSight: 'itself', isCached, account, tags: repository.tags };
  }
  const template = origins.length > 0 ? templateFor(image, origins[0].by, registries) : undefined;
  return {
    statements: [...template?.policy.statements ?? [], ...ofRegistry],
    isInSight: template !== undefined || isCached ? 'itsOrigin' : false,
    isCached,
    account,
  };
}

function ownerHalf(requests: readonly Request[], owner: Owner): Half {
  return unlessOutOfSight(halfOf(requests, (request) => decideByResource(owner.statements, request, 'anything'), WHY_OF_OWNER), owner);
}

/** What nobody sees may grant what is missing, but not undo what is denied. */
function unlessOutOfSight(half: Half, { isInSight }: Owner): Half {
  return half.state === 'missing' && !isInSight ? { ...half, state: 'notInSight' } : half;
}

const WHY_OF_OWNER = 'a condition or a value of the policy of the repository is known only at deployment';

function consumerHalf(requests: readonly Request[], role: Role | undefined): Half {
  return role ? halfOf(requests, (request) => withinBoundary(role, request, decideByRole(role, request)), whyUndecided(role)) : NOT_IN_SIGHT;
}

/**
 * In the repository's own account one of the two is enough: the role's policies, or a repository policy that names the role itself or everybody.
 * The login is of the role's policies alone.
 */
function halvesAtHome(requests: readonly Request[], login: readonly Request[], owner: Owner, role: Role | undefined): Halves {
  const denied = requests.filter((request) => decideByResource(owner.statements, request, 'anything').denied === 'yes');
  const ofOwner: Half = denied.length > 0 ? { state: 'denied', actions: denied.map(({ action }) => action), why: [] } : NOT_NEEDED;
  if (!role) {
    return [ofOwner, NOT_IN_SIGHT];
  }
  const own = halfOf(requests.filter((request) => !denied.includes(request)), (request) => either(
    decideByResource(owner.statements, request, 'anybody'),
    withinBoundary(role, request, either(decideByResource(owner.statements, request, 'itself'), decideByRole(role, request))),
  ), whyUndecided(role));
  const ofLogin = consumerHalf(login, role);
  return [ofOwner, worseOf(ofLogin, unlessOutOfSight(own, owner))];
}

/** What the policies of a role say. Those out of sight may allow what those in sight do not. */
function decideByRole({ statements, opaquePolicies }: Role, request: Request): Opinion {
  const inSight = decideByIdentity(statements, request);
  return opaquePolicies.length > 0 ? either(inSight, { allowed: 'maybe', denied: 'no' }) : inSight;
}

function withinBoundary({ boundary }: Role, request: Request, opinion: Opinion): Opinion {
  if (boundary === undefined) {
    return opinion;
  }
  return both(opinion, boundary === 'unknown' ? { allowed: 'maybe', denied: 'no' } : decideByIdentity(boundary, request));
}

function whyUndecided({ opaquePolicies, boundary }: Role): string {
  return [
    ...(opaquePolicies.length > 0 ? [`what ${opaquePolicies.join(', ')} says is not in sight`] : []),
    ...(boundary === 'unknown' ? ['the permissions boundary is not in sight'] : []),
  ].join('; ') || 'a condition or a value of the role\'s policies is known only at deployment';
}

function halfOf(requests: readonly Request[], opinionOn: (request: Request) => Opinion, why: string): Half {
  const decisions = requests.map((request) => ({ action: request.action, decision: decisionOf(opinionOn(request)) }));
  for (const [decision, state] of [['deny', 'denied'], ['none', 'missing'], ['undecided', 'undecided']] as const) {
    const actions = decisions.filter((one) => one.decision === decision).map(({ action }) => action);
    if (actions.length > 0) {
      return { state, actions, why: state === 'undecided' ? [why] : [] };
    }
  }
  return GRANTED;
}

const GRANTED: Half = { state: 'granted', actions: [], why: [] };
const NOT_NEEDED: Half = { state: 'notNeeded', actions: [], why: [] };
const NOT_IN_SIGHT: Half = { state: 'notInSight', actions: [], why: [] };

function undecided(why: string): Half {
  return { state: 'undecided', actions: [], why: [why] };
}

/** How well a half does; the worst first. */
const GRADES = ['fails', 'undecided', 'notInSight', 'isWell'] as const;

function gradeOf({ state }: Half): typeof GRADES[number] {
  switch (state) {
    case 'missing': case 'denied': return 'fails';
    case 'granted': case 'notNeeded': return 'isWell';
    default: return state;
  }
}

/** Two parts of the same half as one. */
function worseOf(a: Half, b: Half): Half {
  if (a.state === b.state) {
    return { state: a.state, actions: [...b.actions, ...a.actions], why: [...new Set([...b.why, ...a.why])] };
  }
  const states: ReadonlyArray<Half['state']> = ['denied', 'missing', 'undecided', 'notInSight', 'granted', 'notNeeded'];
  return states.indexOf(a.state) < states.indexOf(b.state) ? a : b;
}

function verdictOf(owner: Half, consumer: Half): Verdict {
  const [ofOwner, ofConsumer] = [owner, consumer].map(gradeOf);
  if (ofOwner === 'fails') {
    return ofConsumer === 'fails' ? 'bothHalvesMissing' : 'ownerHalfMissing';
  }
  if (ofConsumer === 'fails') {
    return 'consumerHalfMissing';
  }
  return (['undecided', 'notInSight'] as const).find((grade) => ofOwner === grade || ofConsumer === grade) ?? 'allowed';
}

/** Keys that are in no request of a role, and in none of a service, unless they are set here. Of all others nobody knows. */
const ABSENT = {
  role: /^aws:(source(arn|account|orgid|orgpaths)|principalservicename(slist)?|principaltag\/.*|username|calledvia(first|last)?|requesttag\/.*|tagkeys)$/,
  service: /^aws:(principal(arn|account|orgid|orgpaths|tag\/.*)|userid|username|calledvia(first|last)?|requesttag\/.*|tagkeys)$/,
};
const RESOURCE_TAG = /^(aws|ecr):resourcetag\//;

function contextOf(site: PullSite, caller: Caller, owner: Owner, sight: Sight): Context {
  const role = sight.roles.get(caller.name);
  const { puller } = site;
  const ofCaller: Array<[string, ContextValue]> = puller.type === 'service'
    ? [
      ['aws:sourcearn', [puller.sourceArn]],
      ['aws:sourceaccount', [caller.account]],
      ['aws:principalservicename', [caller.name]],
      ...membership('aws:source', sight.organizationOf(caller.account), caller.account),
    ]
    : [
      ['aws:principalarn', [caller.name]],
      ['aws:principalaccount', [caller.account]],
      ['aws:principaltype', ['AssumedRole']],
      ...membership('aws:principal', sight.organizationOf(caller.account), caller.account),
      ...tagKeys('aws:principaltag/', role?.tags),
    ];
  const values = new Map<string, ContextValue>([
    ...ofCaller,
    ...membership('aws:resource', sight.organizationOf(owner.account), owner.account),
    ['aws:principalisawsservice', [String(caller.type === 'service')]],
    ['aws:viaawsservice', ['false']],
    ['aws:securetransport', ['true']],
    ['aws:requestedregion', [site.image.region]],
    ['aws:resourceaccount', [owner.account]],
    ...['aws', 'ecr'].flatMap((service) => tagKeys(`${service}:resourcetag/`, owner.tags)),
  ]);
  return (key) => {
    if (values.has(key)) {
      return values.get(key);
    }
    const isAbsent = RESOURCE_TAG.test(key) ? owner.tags !== undefined
      : ABSENT[caller.type].test(key) && !(key.startsWith('aws:principaltag/') && caller.type === 'role' && !role);
    return isAbsent ? undefined : 'unknown';
  };
}

/** Who is in no declared organization may be in any; whose place in it is not declared may be anywhere in it. */
function membership(prefix: string, organization: Organization | undefined, account: string): Array<[string, ContextValue]> {
  if (!organization) {
    return [];
  }
  const { organizationId, organizationPaths = {} } = organization;
  const path = organizationPaths[account] ?? `${organizationId}/${unknownValue('the place in the organization')}`;
  return [[`${prefix}orgid`, [organizationId]], [`${prefix}orgpaths`, [path.replace(/\/?$/, '/')]]];
}

function tagKeys(prefix: string, tags: ReadonlyMap<string, string> = new Map()): Array<[string, ContextValue]> {
  return [...tags].map(([key, value]) => [prefix + key.toLowerCase(), [value]]);
}

function arnOf({ repository: repositoryName, ...place }: Address): string {
  return repositoryArn({ ...place, repositoryName }, isKnown(place.region) ? undefined : unknownValue('AWS::Partition'));
}
