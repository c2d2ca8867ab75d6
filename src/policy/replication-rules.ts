import { groupBy, sortedSet, textOf, Value } from './value';

/** A registry that images are copied to. */
export interface Destination {
  readonly account: Value;
  readonly region: Value;
}

/** Images of the repositories whose names begin with `prefix`, `''` being all of them, are copied to `destination`. */
export interface Replication {
  readonly destination: Destination;
  readonly prefix: Value;
}

/** A rule as the registry has it; without prefixes it is for all repositories. */
export interface ReplicationRule {
  readonly destinations: readonly Destination[];
  readonly prefixes: readonly Value[];
}

/**
 * What a replication configuration may have. Of rules the user guide allows 25, the table of quotas 10 in all Regions but one.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html
 */
export const REPLICATION_LIMITS = { rules: 25, rulesInEveryRegion: 10, destinations: 25, prefixesOfARule: 100 } as const;

/**
 * Rules that copy exactly this, the same for every order in which it was declared. Either destinations that get the same prefixes share a rule, or prefixes that
 * go to the same destinations: whichever makes fewer rules.
 */
export function rulesFor(replications: readonly Replication[]): ReplicationRule[] {
  const byDestination = groupBy(replications, ({ destination }) => placeOf(destination));
  const needed = [...byDestination.values()].flatMap((group) => (
    widest(group.map(({ prefix }) => prefix)).map((prefix) => ({ destination: group[0].destination, prefix }))));
  const shared = [
    rulesOf(needed, ({ destination }) => placeOf(destination), ({ prefix }) => textOf(prefix)),
    rulesOf(needed, ({ prefix }) => textOf(prefix), ({ destination }) => placeOf(destination)),
  ];
  return (shared[1].length < shared[0].length ? shared[1] : shared[0])
    .sort((a, b) => (textOf([a.prefixes, a.destinations]) < textOf([b.prefixes, b.destinations]) ? -1 : 1));
}

/** A rule for all that have the same seconds, where each first has its seconds. */
function rulesOf(replications: readonly Replication[], first: (one: Replication) => string, second: (one: Replication) => string): ReplicationRule[] {
  const byFirst = [...groupBy(replications, first).values()];
  const bySeconds = groupBy(byFirst, (group) => JSON.stringify(group.map(second).sort()));
  return [...bySeconds.values()].flatMap((groups) => {
    const group = groups.flat();
    const destinations = [...new Map(group.map(({ destination }) => [placeOf(destination), destination]))].sort(([a], [b]) => (a < b ? -1 : 1));
    return chunksOf(sortedSet(group.map(({ prefix }) => prefix)).filter((prefix) => prefix !== ''))
      .map((prefixes) => ({ destinations: destinations.map(([, destination]) => destination), prefixes }));
  });
}

/** What a destination is told apart by, however the object was written. */
function placeOf({ account, region }: Destination): string {
  return textOf([account, region]);
}

/** The prefixes that no other of them begins. */
function widest(prefixes: Value[]): Value[] {
  const distinct = sortedSet(prefixes);
  return distinct.filter((prefix) => !distinct.some((other) => other !== prefix && begins(other, prefix)));
}

/** Whether every name that begins with `longer` begins with `shorter` too. */
export function begins(shorter: Value, longer: Value): boolean {
  return shorter === '' || shorter === longer || (typeof shorter === 'string' && typeof longer === 'string' && longer.startsWith(shorter));
}

/** Whether a name can begin with both. */
export function overlap(a: Value, b: Value): boolean {
  return begins(a, b) || begins(b, a);
}

/** Where there is a repository `web`, or one below `web/`, the prefix `web` is meant for these; else for whatever it begins. */
export function isMeantFor(prefix: string, name: string, names: readonly string[]): boolean {
  const isWithin = (one: string) => one === prefix || one.startsWith(`${prefix}/`);
  return begins(prefix, name) && (isWithin(name) || !/[a-z0-9]$/.test(prefix) || !names.some(isWithin));
}

function chunksOf(prefixes: readonly Value[]): Array<readonly Value[]> {
  const size = REPLICATION_LIMITS.prefixesOfARule;
  return Array.from({ length: Math.max(1, Math.ceil(prefixes.length / size)) }, (_, index) => prefixes.slice(index * size, (index + 1) * size));
}
