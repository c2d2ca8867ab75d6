import { Place, placeOf, RegistryPlace, resourcesOf } from './places';
import { Policy, policyOf } from './policy-document';
import { groupBy } from '../../policy/value';
import { StackScope } from '../template/stack-scope';
import { Fields, fieldsOf, listOf, textOf, textsOf } from '../template/template';
import { isKnown } from '../template/text-patterns';

/** What the templates say about one registry. */
export interface Registry extends RegistryPlace {
  /** The paths of the stacks that say it. */
  readonly stacks: readonly string[];
  readonly policy: Policy;
  /** What declares the policy. Of several that do, the first one's policy is read: there can be one only. */
  readonly policyPlaces: readonly Place[];
  readonly rules: readonly ReplicationRule[];
  /** What declares the rules; of several, again, the first. */
  readonly rulePlaces: readonly Place[];
  readonly templates: readonly CreationTemplate[];
  readonly caches: readonly Cache[];
}

/** What is pushed to repositories whose names begin with one of the prefixes is copied to the destinations. */
export interface ReplicationRule {
  readonly destinations: readonly RegistryPlace[];
  /** `''` is for all repositories. */
  readonly prefixes: readonly string[];
}

/** What Amazon ECR gives to repositories that it makes. */
export interface CreationTemplate extends Place {
  /** How their names begin: `platform/`; `''` is for all. */
  readonly namespace: string;
  /** `REPLICATION`, `PULL_THROUGH_CACHE`, `CREATE_ON_PUSH`. */
  readonly appliedFor: readonly string[];
  readonly policy: Policy;
}

/** A rule by which Amazon ECR fetches images from another registry when they are pulled. */
export interface Cache extends Place {
  /** How the names of the cached repositories begin: `shared/`; `''` is for all. */
  readonly namespace: string;
  /** The host of the other registry. */
  readonly upstream: string;
  /** How the names begin there. */
  readonly upstreamNamespace: string;
  /** The ARN of the role that fetches; `''` if there is none. */
  readonly role: string;
}

/** The registries that the templates say something about: of stacks, each with those that are nested in it, in their order. */
export function registriesOf(families: ReadonlyArray<readonly StackScope[]>): Registry[] {
  const scopes = families.flatMap((family, index) => family.filter(saysSomething).map((scope) => ({ scope, index })));
  const byPlace = groupBy(scopes, ({ scope: { stack: { account, region } }, index }) => (
    // Of two stacks that are deployed to a place which is not known yet, nobody knows whether it is the same.
    isKnown(account) && isKnown(region) ? `${account} ${region}` : `${account} ${region} ${index}`));
  return [...byPlace.values()].map((group) => registryOf(group.map(({ scope }) => scope)));
}

const POLICY = 'AWS::ECR::RegistryPolicy';
const REPLICATION = 'AWS::ECR::ReplicationConfiguration';
const TEMPLATE = 'AWS::ECR::RepositoryCreationTemplate';
const CACHE = 'AWS::ECR::PullThroughCacheRule';

function saysSomething(scope: StackScope): boolean {
  return resourcesOf(scope, POLICY, REPLICATION, TEMPLATE, CACHE).length > 0;
}

function registryOf(scopes: readonly StackScope[]): Registry {
  const read = <T>(type: string, reader: (properties: Fields, place: Place) => T): T[] => scopes.flatMap((scope) => (
    resourcesOf(scope, type).map(([, resource]) => reader(fieldsOf(scope.resolve(resource.properties)), placeOf(scope, resource)))));
  const { account, region } = scopes[0].stack;
  // A registry has one policy and one configuration: the deployment of a second fails.
  const policies = read(POLICY, ({ PolicyText: policy }, place) => ({ place, policy: policyOf(policy) }));
  const configurations = read(REPLICATION, ({ ReplicationConfiguration: configuration }, place) => ({ place, rules: rulesOf(configuration) }));
  return {
    account,
    region,
    stacks: scopes.map(({ stack: { path } }) => path),
    policy: policies[0]?.policy ?? policyOf(undefined),
    policyPlaces: policies.map(({ place }) => place),
    rules: configurations[0]?.rules ?? [],
    rulePlaces: configurations.map(({ place }) => place),
    templates: read(TEMPLATE, (properties, place) => ({
      ...place,
      namespace: namespaceOf(properties.Prefix),
      appliedFor: textsOf(properties.AppliedFor),
      policy: policyOf(properties.RepositoryPolicy),
    })),
    caches: read(CACHE, (properties, place) => ({
      ...place,
      namespace: namespaceOf(properties.EcrRepositoryPrefix),
      upstream: textOf(properties.UpstreamRegistryUrl ?? properties.UpstreamRegistry),
      upstreamNamespace: namespaceOf(properties.UpstreamRepositoryPrefix),
      role: textOf(properties.CustomRoleArn),
    })),
  };
}

function rulesOf(configuration: unknown): ReplicationRule[] {
  return listOf(fieldsOf(configuration).Rules).map(fieldsOf).map(({ Destinations: destinations, RepositoryFilters: filters }) => ({
    destinations: listOf(destinations).map(fieldsOf).map(({ RegistryId, Region }) => ({ account: textOf(RegistryId), region: textOf(Region) })),
    prefixes: listOf(filters).length === 0 ? [''] : listOf(filters).map((filter) => textOf(fieldsOf(filter).Filter)),
  }));
}

/** What the prefix of a template or a cache means: whether it ends in a slash or not, it is for what is below it. */
function namespaceOf(prefix: unknown): string {
  const text = textOf(prefix).replace(/\/$/, '');
  return text === '' || text === 'ROOT' ? '' : `${text}/`;
}
