import { Address, registryOfHost } from './addresses';
import { cacheFor } from './origins';
import { placeIn } from './places';
import { distinct, PullSite, roleOr } from './pull-sites';
import { Cache, Registry } from './registries';
import { unknownValue } from '../template/text-patterns';

/**
 * What caches pull from other private registries: for each image that somebody in sight pulls through one, and for a cache that nobody in sight
 * pulls through, whatever that may be.
 */
export function cacheSitesOf(sites: readonly PullSite[], registries: readonly Registry[]): PullSite[] {
  const used = sites.flatMap(({ image }) => {
    const cache = cacheFor(image, registries);
    return cache ? [{ cache, repository: image.repository }] : [];
  });
  const caches = new Set(used.map(({ cache }) => cache));
  const unused = registries.flatMap((registry) => registry.caches).filter((cache) => !caches.has(cache))
    .map((cache) => ({ cache, repository: `${cache.namespace}${unknownValue('what is pulled')}` }));
  return distinct([...used, ...unused].flatMap(({ cache, repository }) => siteOf(cache, repository)));
}

function siteOf(cache: Cache, repository: string): PullSite[] {
  const { account, region, namespace, upstreamNamespace, upstream, role } = cache;
  const registry = registryOfHost(upstream);
  // In one account the cache needs no role, and nobody's leave.
  if (!registry || (role === '' && registry.account === account)) {
    return [];
  }
  const keptIn: Address = { account, region, repository };
  const image = { ...registry, repository: `${upstreamNamespace}${repository.slice(namespace.length)}` };
  const puller = roleOr(role === '' ? undefined : role, 'the rule of the cache has no role');
  return [{ ...placeIn(cache), runtime: 'pull-through cache', image, puller, keptIn }];
}
