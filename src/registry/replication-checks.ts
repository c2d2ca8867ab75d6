import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { IConstruct } from 'constructs';
import type { Declared, DeclaredReplication, RegistryDeclarations } from './registry-declarations';
import { compare, describe, Environment, isDeployedTo, registryOf, Relation, sameEnvironment } from '../halves/environment';
import { note, NoticeId, statementsAsText, warn } from '../halves/notices';
import { REPLICATION_ACTIONS, REPLICATION_INTO_EXISTING_ACTIONS } from '../policy/actions';
import { isCovered } from '../policy/coverage';
import { Grant } from '../policy/grant';
import { begins, isMeantFor, overlap, REPLICATION_LIMITS, rulesFor } from '../policy/replication-rules';
import { statementsFor } from '../policy/statements';
import { groupBy, textOf } from '../policy/value';

/** Finds what the app declares of a registry. */
type Find = (environment: Environment) => Declared | undefined;

/** What the app knows of a destination. */
interface There {
  readonly declared?: Declared;
  readonly repositories: readonly KnownRepository[];
}

/** What is wrong with the replications from a registry; what may be meant so is warned of. */
export function checkReplications(registry: RegistryDeclarations, find: Find): string[] {
  const repositories = repositoriesOf(registry, registry.env);
  for (const replications of groupBy(registry.replications, ({ destination: { account, region } }) => `${account} ${region}`).values()) {
    const { destination } = replications[0];
    const there = { declared: find(destination), repositories: repositoriesOf(registry, destination) };
    for (const replication of replications) {
      warnIfMoreIsCaught(replication, repositories, registry);
      warnOfChains(replication, registry, there);
      warnOfImmutableTags(replication, repositories, there);
      noteMissingGrant(replication, registry, there);
    }
  }
  return limitProblems(registry);
}

function limitProblems(registry: RegistryDeclarations): string[] {
  const { rules: most, rulesInEveryRegion, destinations: mostDestinations } = REPLICATION_LIMITS;
  const rules = rulesFor(Stack.of(registry).resolve(registry.replications.map(({ destination, prefix }) => ({ destination, prefix }))));
  const destinations = new Set(rules.flatMap((rule) => rule.destinations.map(textOf)));
  const remedy = 'replicate a prefix that several repositories share to the same destinations, with RegistryReplication';
  if (rules.length > rulesInEveryRegion && rules.length <= most) {
    warn(registry, NoticeId.REPLICATION_RULES_NEAR_LIMIT, `the registry of ${describe(registry.env)}, has ${rules.length} replication rules; AWS documents a limit of ${most}, but its table of quotas `
      + `says ${rulesInEveryRegion} for every Region but ca-central-1, where the deployment would fail; ${remedy}`);
  }
  return [
    ...(rules.length > most
      ? [`the registry of ${describe(registry.env)}, has ${rules.length} replication rules, but Amazon ECR allows ${most}; ${remedy}`] : []),
    ...(destinations.size > mostDestinations
      ? [`the registry of ${describe(registry.env)}, replicates to ${destinations.size} destinations, but Amazon ECR allows ${mostDestinations}; `
        + 'let the others pull from a replica near them, or through a cache'] : []),
  ];
}

/** A prefix may begin the names of more repositories than it is meant for. */
function warnIfMoreIsCaught(
  { destination, prefix, declaredBy }: DeclaredReplication, repositories: readonly KnownRepository[], registry: RegistryDeclarations,
): void {
  const prefixes = registry.replications.filter((other) => sameEnvironment(other.destination, destination)).map((other) => other.prefix);
  const caught = caughtBesides(prefix, prefixes, repositories);
  if (caught !== '') {
    warn(declaredBy, NoticeId.PREFIX_CATCHES_MORE, `the replication of "${prefix}" to ${describe(destination)}, copies the images of ${caught} too, where the destination lets them in: `
      + 'Amazon ECR knows only prefixes; rename one of the repositories if they must not be copied, or acknowledge this');
  }
}

/** The repositories that a prefix catches and none of the prefixes is meant for, in words; `''` if there are none. */
export function caughtBesides(prefix: string, prefixes: readonly string[], repositories: readonly KnownRepository[]): string {
  const names = repositories.map(({ name }) => name);
  return repositories
    .filter(({ name }) => begins(prefix, name) && !prefixes.some((other) => isMeantFor(other, name, names)))
    .map(({ name, path }) => `"${name}" ('${path}')`).join(', ');
}

/** What a destination gets by replication it does not replicate again. */
function warnOfChains({ destination, prefix, declaredBy }: DeclaredReplication, registry: RegistryDeclarations, { declared }: There): void {
  for (const next of declared?.replications ?? []) {
    const longer = begins(prefix, next.prefix) ? next.prefix : prefix;
    const reached = sameEnvironment(next.destination, registry.env)
      || registry.replications.some((own) => sameEnvironment(own.destination, next.destination) && begins(own.prefix, longer));
    if (overlap(prefix, next.prefix) && !reached) {
      warn(declaredBy, NoticeId.REPLICATION_CHAIN, `'${declaredBy.node.path}' replicates to ${describe(destination)}, from where '${next.declaredBy.node.path}' replicates to `
        + `${describe(next.destination)}: Amazon ECR does not replicate again what arrived by replication, so images pushed to ${describe(registry.env)}, stop half way; `
        + `add ${describe(next.destination)}, to the destinations here`);
    }
  }
}

/** How far tags are kept from moving. */
const STRICTNESS = ['MUTABLE', 'MUTABLE_WITH_EXCLUSION', 'IMMUTABLE_WITH_EXCLUSION', 'IMMUTABLE'];

/** An image whose tag is taken at the destination arrives without it. */
function warnOfImmutableTags({ destination, prefix, declaredBy }: DeclaredReplication, repositories: readonly KnownRepository[], there: There): void {
  for (const { name, tags, path } of repositories.filter((repository) => repository.name.startsWith(prefix))) {
    const replica = there.repositories.find((candidate) => candidate.name === name)?.tags ?? there.declared?.templateFor(name, 'REPLICATION')?.imageTagMutability ?? 'MUTABLE';
    if (STRICTNESS.includes(tags) && STRICTNESS.indexOf(replica) > STRICTNESS.indexOf(tags)) {
      warn(declaredBy, NoticeId.REPLICA_TAGS_IMMUTABLE, `tags of '${path}' are ${tags}, and those of its replica in ${describe(destination)}, ${replica}: `
        + 'an image whose tag is taken there arrives without it, and whoever pulls the tag gets the old image; make the tags of both the same');
    }
  }
}

/** The registry of another account must let this one in. */
function noteMissingGrant({ destination, repositories, declaredBy }: DeclaredReplication, registry: RegistryDeclarations, { declared }: There): void {
  const grant = (actions: readonly string[]): Grant => ({ who: { kind: 'account', account: registry.env.account }, actions, repositories });
  const there = registryOf(destination);
  const granted = declared?.policy.grants ?? [];
  if (compare(registry.env.account, destination.account) !== Relation.SAME && !isCovered(grant(REPLICATION_INTO_EXISTING_ACTIONS), granted, there)) {
    const statements = statementsFor(Stack.of(registry).resolve([grant(REPLICATION_ACTIONS)]), Stack.of(registry).resolve(there));
    note(declaredBy, NoticeId.DESTINATION_NOT_IN_SIGHT, `nothing is replicated to ${describe(destination)}, before its registry policy lets this account in, and that is not in sight; `
      + `it must have, by RegistryReplicationGrant or as it stands here:\n${statementsAsText(statements)}`);
  }
}

interface KnownRepository {
  readonly name: string;
  readonly tags: string;
  readonly path: string;
}

/** The repositories of the app that are in the registry and whose names are known, whatever made them. */
export function repositoriesOf(scope: IConstruct, environment: Environment): KnownRepository[] {
  return scope.node.root.node.findAll()
    .filter((construct: IConstruct): construct is ecr.CfnRepository => CfnResource.isCfnResource(construct)
      && construct.cfnResourceType === ecr.CfnRepository.CFN_RESOURCE_TYPE_NAME && isDeployedTo(environment, construct, scope))
    .map((repository) => ({
      name: Stack.of(repository).resolve(repository.repositoryName),
      tags: repository.imageTagMutability ?? 'MUTABLE',
      path: (repository.node.id === 'Resource' ? repository.node.scope! : repository).node.path,
    }))
    .filter(({ name }) => typeof name === 'string' && !Token.isUnresolved(name));
}
