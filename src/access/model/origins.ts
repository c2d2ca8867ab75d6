import { Address, registryOfHost } from './addresses';
import { isSamePlace, RegistryPlace } from './places';
import { Cache, CreationTemplate, Registry } from './registries';
import { begins } from '../../policy/replication-rules';

/** How images get into a repository that nobody pushes them to. */
export interface Origin {
  readonly by: 'REPLICATION' | 'PULL_THROUGH_CACHE';
  /** `a replica of that in us-east-1` */
  readonly words: string;
}

/**
 * From where Amazon ECR takes the images of a repository, as far as the templates say. The name may end in `*`, and stands for all names that
 * begin so then.
 */
export function originsOf(address: Address, registries: readonly Registry[]): Origin[] {
  const all = address.repository.endsWith('*');
  const begin = all ? address.repository.slice(0, -1) : address.repository;
  const sources = registries.filter(({ rules }) => rules.some(({ destinations, prefixes }) => (
    destinations.some((destination) => isSamePlace(destination, address)) && prefixes.some((prefix) => begins(prefix, begin)))));
  const cache = cacheFor({ ...address, repository: begin }, registries);
  return [
    ...sources.map((source) => ({ by: 'REPLICATION' as const, words: `${all ? 'replicas of those' : 'a replica of that'} in ${placeInWords(source, address)}` })),
    ...(cache ? [{ by: 'PULL_THROUGH_CACHE' as const, words: `a cache of ${placeInWords(registryOfHost(cache.upstream) ?? cache.upstream, address)}` }] : []),
  ];
}

/** The cache through which a repository gets its images: that with the longest prefix. */
export function cacheFor({ repository, ...place }: Address, registries: readonly Registry[]): Cache | undefined {
  return longestFirst(registries.filter((registry) => isSamePlace(registry, place))
    .flatMap(({ caches }) => caches.filter(({ namespace }) => begins(namespace, repository))))[0];
}

/** The template by which Amazon ECR makes a repository: that with the longest prefix. */
export function templateFor({ repository, ...place }: Address, reason: Origin['by'], registries: readonly Registry[]): CreationTemplate | undefined {
  return longestFirst(registries.filter((registry) => isSamePlace(registry, place))
    .flatMap(({ templates }) => templates.filter(({ appliedFor, namespace }) => appliedFor.includes(reason) && begins(namespace, repository))))[0];
}

function longestFirst<T extends { readonly namespace: string }>(candidates: readonly T[]): T[] {
  return [...candidates].sort((a, b) => b.namespace.length - a.namespace.length);
}

function placeInWords(place: RegistryPlace | string, { account }: RegistryPlace): string {
  if (typeof place === 'string') {
    return place;
  }
  return place.account === account ? place.region : `account ${place.account}, ${place.region}`;
}
