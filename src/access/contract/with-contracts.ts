import { isDeepStrictEqual } from 'util';
import { Contract, ContractCache, ContractRegistry, ContractRepository, ContractRule, ContractTemplate } from './contract';
import { ContractPart } from './read-contract';
import { repositoryArn } from '../../policy/addresses';
import { groupBy } from '../../policy/value';
import { AccessModel, Repository } from '../model/model';
import { isSamePlace, Place, registryInWords, RegistryPlace } from '../model/places';
import { Policy, policyOf } from '../model/policy-document';
import { Cache, CreationTemplate, Registry, ReplicationRule } from '../model/registries';
import { isFields } from '../template/template';

/**
 * A model with what contracts say of other owners. What a template in sight declares is newer than what a contract says of it.
 *
 * @throws if two contracts contradict each other
 */
export function withContracts(model: AccessModel, contracts: readonly ContractPart[]): AccessModel {
  const declared = new Set(model.repositories.map(({ arn }) => arn));
  const others = said(contracts, ({ repositories }) => repositories.filter((entry) => !declared.has(arnOf(entry))));
  return {
    ...model,
    repositories: [
      ...model.repositories,
      ...once(others, arnOf, (entry) => `the repository '${entry.name}' of ${registryInWords(entry)}`).map(repositoryIn),
    ],
    registries: withRegistries(model.registries, said(contracts, ({ registries }) => registries)),
  };
}

/** What a file says. */
interface Said<T> {
  readonly file: string;
  readonly entry: T;
}

function said<T>(contracts: readonly ContractPart[], entriesOf: (contract: Contract) => readonly T[]): Said<T>[] {
  return contracts.flatMap(({ file, contract }) => entriesOf(contract).map((entry) => ({ file, entry })));
}

/** What several files say, once each. Of two that say different things, nobody knows which is so. */
function once<T>(all: readonly Said<T>[], keyOf: (entry: T) => string, wordsOf: (entry: T) => string): Said<T>[] {
  const byKey = new Map<string, Said<T>>();
  for (const one of all) {
    const key = keyOf(one.entry);
    const { file, entry } = byKey.get(key) ?? one;
    if (!isDeepStrictEqual(entry, one.entry)) {
      throw new Error(`the contracts ${JSON.stringify(file)} and ${JSON.stringify(one.file)} say different things of ${wordsOf(entry)}; `
        + 'leave out the one that is older');
    }
    byKey.set(key, { file, entry });
  }
  return [...byKey.values()];
}

function withRegistries(declared: readonly Registry[], contracted: readonly Said<ContractRegistry>[]): Registry[] {
  const byPlace = groupBy(contracted, ({ entry }) => registryInWords(entry));
  const known = declared.map((registry) => withParts(registry, byPlace.get(registryInWords(registry)) ?? []));
  const others = [...byPlace.values()].filter(([{ entry }]) => !declared.some((registry) => isSamePlace(registry, entry)));
  return [...known, ...others.map((all) => {
    const { account, region } = all[0].entry;
    const nothing = { policy: policyOf(undefined), policyPlaces: [], rules: [], rulePlaces: [], templates: [], caches: [] };
    return withParts({ account, region, stacks: all.map(({ file }) => file), ...nothing }, all);
  })];
}

/** A registry with those of its parts that only contracts know. */
function withParts(registry: Registry, contracted: readonly Said<ContractRegistry>[]): Registry {
  const parts = <T>(partsOf: (entry: ContractRegistry) => readonly T[], keyOf: (part: T) => string): Said<T>[] => once(
    contracted.flatMap(({ file, entry }) => partsOf(entry).map((part) => ({ file, entry: part }))),
    keyOf,
    () => `the registry of ${registryInWords(registry)}`,
  );
  const [policy] = registry.policyPlaces.length > 0 ? [] : parts((entry) => (entry.policy ? [entry.policy] : []), () => '');
  const [rules] = registry.rules.length > 0 ? [] : parts(({ replicationRules: all }) => (all.length > 0 ? [all] : []), () => '');
  const templates = parts((entry) => withoutKnown(entry.templates, registry.templates), ({ namespace }) => namespace);
  const caches = parts((entry) => withoutKnown(entry.caches, registry.caches), ({ namespace }) => namespace);
  return {
    ...registry,
    ...(policy && { policy: policyIn(policy), policyPlaces: [placeIn(policy.file, registry)] }),
    ...(rules && { rules: rulesIn(rules), rulePlaces: [placeIn(rules.file, registry)] }),
    templates: [...registry.templates, ...templates.map((template) => templateIn(registry, template))],
    caches: [...registry.caches, ...caches.map((cache) => cacheIn(registry, cache))],
  };
}

interface Namespaced {
  readonly namespace: string;
}

function withoutKnown<T extends Namespaced>(all: readonly T[], known: readonly Namespaced[]): T[] {
  const namespaces = new Set(known.map(({ namespace }) => namespace));
  return all.filter(({ namespace }) => !namespaces.has(namespace));
}

function repositoryIn({ file, entry: { policy, ...entry } }: Said<ContractRepository>): Repository {
  const { tags = {}, ...own } = ownOf({ file, entry });
  return {
    ...placeIn(file, entry),
    name: own.name,
    arn: arnOf(entry),
    policy: policyIn({ file, entry: policy }),
    tags: new Map(Object.entries(tags)),
  };
}

function templateIn(place: RegistryPlace, { file, entry: { policy, ...entry } }: Said<ContractTemplate>): CreationTemplate {
  return { ...placeIn(file, place), ...ownOf({ file, entry }), policy: policyIn({ file, entry: policy }) };
}

function cacheIn(place: RegistryPlace, cache: Said<ContractCache>): Cache {
  return { ...placeIn(cache.file, place), ...ownOf(cache) };
}

function rulesIn(rules: Said<readonly ContractRule[]>): readonly ReplicationRule[] {
  return ownOf(rules);
}

/** The size is that of the text as its owner has it. */
export function policyIn({ file, entry: document }: Said<unknown>): Policy {
  return { ...policyOf(ownOf({ file, entry: document })), size: policyOf(document).size };
}

function placeIn(file: string, { account, region }: RegistryPlace): Place {
  return { path: file, account, region, stack: '', file, logicalId: '' };
}

export function arnOf({ account, region, name }: ContractRepository): string {
  return repositoryArn({ account, region, repositoryName: name });
}

/** The unknown values of a file are its own: what another app calls by the same name, such as `<AWS::AccountId>`, is something else. */
function ownOf<T>({ file, entry }: Said<T>): T {
  return ownIn(entry, ` in ${file.replace(/[<>]/g, '')}`) as T;
}

function ownIn(value: unknown, mark: string): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => ownIn(item, mark));
  }
  if (isFields(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [ownIn(key, mark), ownIn(item, mark)]));
  }
  return typeof value === 'string' ? value.replace(/<([^<>]*)>/g, (_, what) => `<${what}${mark}>`) : value;
}
