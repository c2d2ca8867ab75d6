import { callersOf } from './callers';
import { Caller, DeclaredApp, Runtime } from './declarations';
import { ADD_ONS, grantsOf, isAmong, isLetIn, isWho, mayBySelf, Own, ownOf, ownOfCache, ownOfPuller } from './expectation';
import { nextAccount, OTHER_REGION, REGION, Registry } from './world';

/** Which document is asked: the owner's, with the caller's account open wide; the caller's, with the owner's open wide; or both as they are. */
export type Half = 'owner' | 'consumer' | 'both';

/** Whose identity policy counts: that of a role of the app, or of one that was told to pull a repository and has what that takes. */
export type Identity = { readonly role: string } | { readonly pulls: { readonly registry: Registry; readonly name: string } };

export interface Asked {
  readonly half: Half;
  readonly caller: Caller;
  readonly action: string;
  readonly registry: Registry;
  readonly name: string;
  readonly identity?: Identity;
  /** What was declared. */
  readonly expected: boolean;
}

const ACTIONS = [
  'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchCheckLayerAvailability', 'ecr:PutImage', 'ecr:InitiateLayerUpload', 'ecr:UploadLayerPart',
  'ecr:CompleteLayerUpload', 'ecr:DescribeImages', 'ecr:DescribeRepositories', 'ecr:ListImages', 'ecr:BatchImportUpstreamImage', 'ecr:GetImageCopyStatus',
  'ecr:CreateRepository', 'ecr:ReplicateImage', 'ecr:TagResource', 'ecr:DeleteRepository', 'ecr:BatchDeleteImage', 'ecr:SetRepositoryPolicy',
];
const LOGIN = 'ecr:GetAuthorizationToken';

/** A repository. */
export interface Target {
  readonly registry: Registry;
  readonly name: string;
}

/** What is asked about an app: of who may do what, as many as the budget, those that a grant just allows or just misses first; all of its roles. */
export function* questionsAbout(app: DeclaredApp, budget: number): Generator<Asked> {
  const grants = grantsOf(app);
  const targets = targetsOf(app);
  for (const { caller, action, target: { registry, name } } of chosen(app, targets, budget)) {
    const isHome = caller.account === registry.account;
    const on = { caller, action, registry, name };
    const letIn = isLetIn(grants, caller, action, registry, name);
    yield { ...on, half: 'owner', expected: letIn };
    if (caller.type === 'role') {
      const own = mayBySelf(ownOfPuller(registry, name), action, registry, name);
      yield { ...on, half: 'both', identity: { pulls: { registry, name } }, expected: isHome ? own || letIn : own && letIn };
    }
  }
  for (const { caller, own, role } of rolesOf(app)) {
    const targetsOfRole = [...targets, { registry: { account: ADD_ONS, region: caller.region }, name: 'eks/kube-proxy' }];
    yield { half: 'consumer', caller, action: LOGIN, registry: { ...caller }, name: '*', identity: { role }, expected: true };
    for (const [index, { registry, name }] of targetsOfRole.entries()) {
      const isHome = caller.account === registry.account;
      // Pulls of all, and of the rest another sixth each time.
      for (const action of ACTIONS.filter((_, place) => place < 3 || (place + index) % 6 === 0)) {
        const on = { caller, action, registry, name, identity: { role } };
        const [mine, letIn] = [mayBySelf(own, action, registry, name), isLetIn(grants, caller, action, registry, name)];
        yield { ...on, half: 'consumer', expected: mine };
        yield { ...on, half: 'both', expected: isHome ? mine || letIn : mine && letIn };
      }
    }
  }
}

interface Candidate {
  readonly caller: Caller;
  readonly target: Target;
  readonly action: string;
  /** How many of who, where and what must be otherwise for a grant to allow it; at most 2 are told apart. */
  readonly steps: number;
}

/** Nearly all that could be asked is far from any grant: of that a tenth of the budget. The choice is the same in every run. */
function* chosen(app: DeclaredApp, targets: readonly Target[], budget: number): Generator<Candidate> {
  const all = [0, 0, 0];
  for (const { steps } of candidates(app, targets)) {
    all[steps]++;
  }
  const shares = [0.4, 0.5, 0.1].map((share, steps) => Math.ceil(all[steps] / (share * budget)));
  const seen = [0, 0, 0];
  for (const candidate of candidates(app, targets)) {
    const { steps } = candidate;
    // Not every n-th, which may be the same action each time.
    if (scattered(seen[steps]++) % shares[steps] === 0) {
      yield candidate;
    }
  }
}

function scattered(index: number): number {
  const mixed = Math.imul(index ^ (index >>> 15), 0x2C1B3C6D);
  return Math.imul(mixed ^ (mixed >>> 12), 0x297A2D39) >>> 0;
}

function* candidates(app: DeclaredApp, targets: readonly Target[]): Generator<Candidate> {
  const grants = grantsOf(app);
  const where = targets.map(({ registry, name }) => grants.map((grant) => isAmong(grant, registry, name)));
  const what = ACTIONS.map((action) => grants.map(({ actions }) => actions.includes(action)));
  for (const caller of callersOf(app)) {
    const who = grants.map((grant) => isWho(grant.who, caller, grant.registry));
    for (const [place, target] of targets.entries()) {
      for (const [index, action] of ACTIONS.entries()) {
        let steps = 2;
        for (let grant = 0; grant < grants.length && steps > 0; grant++) {
          steps = Math.min(steps, 3 - Number(who[grant]) - Number(where[place][grant]) - Number(what[index][grant]));
        }
        yield { caller, target, action, steps };
      }
    }
  }
}

interface RoleOfApp {
  readonly caller: Caller & { readonly type: 'role'; readonly region: string };
  readonly own: readonly Own[];
  readonly runtime: Runtime | 'CACHE';
  readonly role: string;
}

/** The roles whose policies the app has; `role` is their construct path's end, since the name of a cache's role is made up when it is deployed. */
export function rolesOf(app: DeclaredApp): RoleOfApp[] {
  return [
    ...app.roles.map((role) => ({
      caller: { type: 'role' as const, account: role.account, region: role.region, name: role.name },
      own: ownOf(role),
      runtime: role.runtime,
      role: `Stack-${role.account}-${role.region}/Role-${role.name.replace(/\//g, ':')}`,
    })),
    ...app.caches.map((cache) => ({
      caller: { type: 'role' as const, ...cache.registry, name: 'Stack-CacheRole-1ABCDEFGHIJKL' },
      own: ownOfCache(cache),
      runtime: 'CACHE' as const,
      role: `Stack-${cache.registry.account}-${cache.registry.region}/Cache-${cache.prefix}/Role`,
    })),
  ];
}

/** The repositories that are spoken of, and those beside them: of longer and shorter names, of the other Region, of the next account. */
function targetsOf({ repositories, registryGrants, replicationGrants, caches }: DeclaredApp): Target[] {
  const around = ({ registry, name }: Target): Target[] => [
    { registry, name },
    { registry, name: `${name}x` },
    { registry, name: `below/${name}` },
    { registry: { ...registry, region: registry.region === REGION ? OTHER_REGION : REGION }, name },
    { registry: { ...registry, account: nextAccount(registry.account) }, name },
  ];
  const below = (registry: Registry, prefixes: readonly string[]) => (prefixes.length === 0 ? [''] : prefixes)
    .flatMap((prefix) => [{ registry, name: `${prefix}new` }, { registry, name: `${prefix.replace(/\/$/, '')}x/new` }]);
  const all = [
    ...repositories.flatMap(around),
    ...repositories.flatMap(({ replica, name }) => (replica ? around({ registry: replica, name }) : [])),
    ...[...registryGrants, ...replicationGrants].flatMap(({ registry, prefixes }) => below(registry, prefixes)),
    ...caches.flatMap(({ registry, upstream, prefix, upstreamPrefix }) => [
      ...below(registry, [`${prefix}/`]), ...below(upstream, [upstreamPrefix === undefined ? '' : `${upstreamPrefix}/`]),
    ]),
  ];
  return [...new Map(all.map((one) => [`${one.registry.account} ${one.registry.region} ${one.name}`, one])).values()];
}
