import { Finding, finding } from './finding';
import { groupBy } from '../../policy/value';
import { AccessModel } from '../model/model';
import { Place, placeIn, registryInWords } from '../model/places';
import { Registry } from '../model/registries';
import { isKnown } from '../template/text-patterns';

/** What two resources declare though a registry has it once: whichever is deployed second fails, or undoes the first. */
export function registryFindings({ registries }: AccessModel): Finding[] {
  return registries.filter(({ account, region }) => isKnown(account) && isKnown(region)).flatMap((registry) => [
    ...claimedTwice(registry, 'policy', registry.policyPlaces),
    ...claimedTwice(registry, 'replication configuration', registry.rulePlaces),
    ...byNamespace(registry.templates).flatMap(([namespace, templates]) => claimedTwice(registry, `creation template for ${namespace}*`, templates)),
    ...byNamespace(registry.caches).flatMap(([namespace, caches]) => claimedTwice(registry, `pull-through cache rule for ${namespace}*`, caches)),
  ]);
}

function claimedTwice(registry: Registry, what: string, all: readonly Place[]): Finding[] {
  const [first, ...others] = distinct(all);
  return others.map((other) => finding('registry-claimed-twice', {
    place: placeIn(other),
    message: `${first.path} and ${other.path} both declare the ${what} of the registry of ${registryInWords(registry)}, which it has only once`,
    remedy: 'declare it in one place, with all that both say, and take the other away',
  }));
}

/** An app that is read twice declares everything once. What a contract says of an owner, the owner's templates declare. */
function distinct(places: readonly Place[]): Place[] {
  return [...new Map(places.filter(({ stack }) => stack !== '').map((place) => [`${place.stack} ${place.path} ${place.logicalId}`, place])).values()];
}

function byNamespace<T extends Place & { readonly namespace: string }>(all: readonly T[]): Array<[string, T[]]> {
  return [...groupBy(all.filter(({ namespace }) => isKnown(namespace)), ({ namespace }) => namespace)];
}
