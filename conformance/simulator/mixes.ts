import { GRANTEES, isOfLambda, OWNER, RUNTIMES, SECOND_OWNER } from './apps';
import { appOf, DeclaredApp, DeclaredCache, DeclaredRepository, Who } from './declarations';
import { CONSUMERS, LONGER_ORGANIZATION, LONGER_UNIT, OTHER_ORGANIZATION, OTHER_REGION, REGION, UNIT_BESIDE } from './world';

const NAMES = ['web', 'web-app', 'team-a/web', 'team-a/web-app', 'team-ab/web', 'team-b/api'];
const PREFIXES = ['team-a/', 'team-a', 'team-b/', 'web'];
const REGISTRIES = [OWNER, { ...OWNER, region: OTHER_REGION }, SECOND_OWNER];
const ROLES = ['app', 'app-web', 'teams/web/app', 'ci/publish'];

/** What only mixes have: more accounts with roles of the same names, so that statements are merged, and organizations beside each other. */
const MORE: readonly Who[] = [
  ...CONSUMERS.slice(1, 7).flatMap((account): Who[] => [
    { kind: 'account', account },
    ...ROLES.map((name): Who => ({ kind: 'role', account, name })),
    { kind: 'role', account, name: 'app*' },
    { kind: 'functions', account, pattern: 'orders' },
    { kind: 'functions', account, deployers: ['deployer'] },
    { kind: 'principalArn', account, name: 'app' },
  ]),
  ...[LONGER_ORGANIZATION, OTHER_ORGANIZATION].flatMap((organization): Who[] => [{ kind: 'organization', organization }, { kind: 'functionsOfOrganization', organization }]),
  ...[UNIT_BESIDE, LONGER_UNIT].flatMap((path): Who[] => [{ kind: 'unit', path }, { kind: 'functionsOfUnit', path }]),
];

/** An app that grants at random, the same for the same seed. */
export function mix(seed: number): DeclaredApp {
  const random = numbers(seed);
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  const few = <T>(list: readonly T[], most: number): T[] => [...new Set(Array.from({ length: Math.floor(random() * (most + 1)) }, () => one(list)))];
  const all = [...GRANTEES, ...MORE];
  const anybody = all.filter((who) => !isOfLambda(who));
  const repositories = few(REGISTRIES.flatMap((registry) => NAMES.map((name) => ({ registry, name }))), 3).map((place): DeclaredRepository => ({
    ...place, pullers: few(all, 6), pushers: few(anybody, 3), readers: few(anybody, 3), pullThrough: few(anybody, 1),
  })).map((repository, index, others): DeclaredRepository => {
    // Where no other of the app has its name.
    const free = REGISTRIES.filter((registry) => others.every((other) => other.name !== repository.name || other.registry !== registry));
    return index === 0 && free.length > 0 ? { ...repository, replica: few(free, 1)[0] } : repository;
  });
  const accounts = [...CONSUMERS.slice(0, 7), OWNER.account];
  const roles = repositories.length === 0 ? [] : few(accounts, 2).map((account) => {
    const chosen = [...new Set([one(repositories), ...few(repositories, 2)])];
    return { account, region: one([REGION, OTHER_REGION]), name: one(ROLES), runtime: one(RUNTIMES), repositories: chosen };
  });
  const grants = few(REGISTRIES, 2).map((registry) => ({
    registry, prefixes: few(PREFIXES, 2), pullers: [one(anybody), ...few(anybody, 3)], pullThrough: few(anybody, 1),
  }));
  const caches = few(CONSUMERS.slice(0, 7), 1).map((account): DeclaredCache => ({
    registry: { account, region: one([REGION, OTHER_REGION]) },
    upstream: one(REGISTRIES),
    prefix: 'cached',
    upstreamPrefix: few(['team-a'], 1)[0],
    pullers: few(anybody, 3),
  }));
  return appOf(`mix ${seed}`, { repositories, roles, registryGrants: grants.map((grant) => ({ ...grant, pullers: [...new Set(grant.pullers)] })), caches });
}

/** Mulberry32. */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6D2B79F5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
