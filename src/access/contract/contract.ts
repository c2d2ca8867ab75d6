import { checkedRegistry, checkedRepository } from './checks';
import { groupBy } from '../../policy/value';
import { AccessModel, Repository } from '../model/model';
import { Place, RegistryPlace } from '../model/places';
import { Policy } from '../model/policy-document';
import { Registry } from '../model/registries';
import { Fields } from '../template/template';
import { isKnown } from '../template/text-patterns';

export const KIND = 'cdk-shared-ecr/contract';
/** The form of the file. A release that reads another one must still read this. */
export const VERSION = 1;

/**
 * The owner's side of an app, for other apps to judge their pulls by. It says nothing of roles or of who pulls: that is the consumer's.
 *
 * Policies are as they are deployed. What only the deployment knows stays an unknown value, `<...>`: there is no text of a policy that it could
 * be mistaken for, and a reader knows it by that.
 */
export interface Contract {
  readonly kind: typeof KIND;
  readonly version: typeof VERSION;
  readonly repositories: readonly ContractRepository[];
  readonly registries: readonly ContractRegistry[];
}

export interface ContractRepository extends RegistryPlace {
  readonly name: string;
  readonly policy?: Fields;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface ContractRegistry extends RegistryPlace {
  readonly policy?: Fields;
  readonly templates: readonly ContractTemplate[];
  readonly caches: readonly ContractCache[];
  readonly replicationRules: readonly ContractRule[];
}

export interface ContractTemplate {
  readonly namespace: string;
  readonly appliedFor: readonly string[];
  readonly policy?: Fields;
}

export interface ContractCache {
  readonly namespace: string;
  readonly upstream: string;
  readonly upstreamNamespace: string;
  readonly role: string;
}

export interface ContractRule {
  readonly destinations: readonly RegistryPlace[];
  readonly prefixes: readonly string[];
}

/** The contract of an app, and what could not be put into it. */
export interface ContractOfApp extends Contract {
  /** Sentences that say what was left out, and why. */
  readonly notInContract: readonly string[];
}

/**
 * What an app says as an owner. Equal apps have equal contracts.
 *
 * @throws if nothing of it can be said to others
 */
export function contractOf({ repositories, registries }: AccessModel): ContractOfApp {
  const notInContract: string[] = [];
  const kept = <From, To>(all: readonly From[], nameOf: (one: From) => string, entryOf: (one: From) => To): To[] => all.flatMap((one) => {
    try {
      return [entryOf(one)];
    } catch (error) {
      notInContract.push(`${nameOf(one)} is not in the contract: ${(error as Error).message}`);
      return [];
    }
  });
  // Of what only the deployment names, nobody knows whether it is the same.
  const declared = groupBy(repositories, ({ arn, stack, path }) => (isKnown(arn) ? arn : `${stack} ${path}`));
  const owned = kept([...declared.values()], ([{ path }]) => `'${path}'`, repositoryEntry);
  const said = kept(registries, ({ stacks }) => `the registry of ${stacks.map((stack) => `'${stack}'`).join(', ')}`, registryEntry);
  if (owned.length + said.length === 0) {
    throw new Error(['there is nothing to write a contract of: no repository and no registry of a known account and Region', ...notInContract].join('\n'));
  }
  return { kind: KIND, version: VERSION, repositories: sorted(owned, placeAndName), registries: sorted(said, placeAndName), notInContract };
}

/** A contract as it stands in a file. */
export function contractText({ kind, version, repositories, registries }: Contract): string {
  return `${JSON.stringify({ kind, version, repositories, registries }, undefined, 2)}\n`;
}

function repositoryEntry(declared: readonly Repository[]): ContractRepository {
  const [entry, ...others] = declared.map(({ name, account, region, policy, tags }): ContractRepository => ({
    name: known('its name', name, 'give it a repositoryName'),
    ...placeEntry({ account, region }),
    ...policyEntry(policy),
    ...(tags.size > 0 && { tags: Object.fromEntries(sorted([...tags], ([key]) => key)) }),
  }));
  if (others.some((other) => JSON.stringify(other) !== JSON.stringify(entry))) {
    throw new Error(`it is declared in several places, which say different things of it: ${declared.map(({ path }) => `'${path}'`).join(', ')}`);
  }
  return checkedRepository(entry, '');
}

function registryEntry({ account, region, policy, templates, caches, rules }: Registry): ContractRegistry {
  return checkedRegistry({
    ...placeEntry({ account, region }),
    ...policyEntry(policy),
    templates: sorted(templates.map(({ namespace, appliedFor, policy: own }) => (
      { namespace, appliedFor: [...appliedFor].sort(), ...policyEntry(own) })), textIn),
    caches: sorted(caches.map(({ namespace, upstream, upstreamNamespace, role }) => ({ namespace, upstream, upstreamNamespace, role })), textIn),
    replicationRules: sorted(rules.map(({ destinations, prefixes }) => ({
      destinations: sorted(destinations.map(({ account: to, region: where }) => ({ account: to, region: where })), textIn),
      prefixes: [...prefixes].sort(),
    })), textIn),
  }, '');
}

function placeEntry({ account, region }: Pick<Place, 'account' | 'region'>): RegistryPlace {
  const remedy = 'give its stack an explicit environment: env: { account, region }';
  return { account: known('its account', account, remedy), region: known('its Region', region, remedy) };
}

function known(what: string, text: string, remedy: string): string {
  if (!isKnown(text)) {
    throw new Error(`${what} is known only at deployment; ${remedy}`);
  }
  return text;
}

function policyEntry({ document, isOpaque }: Policy): { readonly policy?: Fields } {
  if (isOpaque) {
    throw new Error('what a policy of it says is known only at deployment; write out each of its statements');
  }
  return document ? { policy: document } : {};
}

function placeAndName({ account, region, name = '' }: RegistryPlace & { readonly name?: string }): string {
  return `${account} ${region} ${name}`;
}

function textIn(value: object): string {
  return JSON.stringify(value);
}

/** In the order of the code units, which is the same on every machine. */
function sorted<T>(all: readonly T[], keyOf: (one: T) => string): T[] {
  return all.map((one) => ({ one, key: keyOf(one) })).sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key))).map(({ one }) => one);
}
