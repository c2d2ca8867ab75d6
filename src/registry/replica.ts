import { Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { IConstruct } from 'constructs';
import { HalfByTemplate } from './made-by-ecr';
import { RegistryDeclarations } from './registry-declarations';
import { canPrecede, describe, Environment, outermost, registryOf, requireUnwritten, sameEnvironment } from '../halves/environment';
import { ImportedAddress, ImportedRepository } from '../halves/imported-repository';
import { whenKnown } from '../halves/known-repositories';
import { NoticeId, warn } from '../halves/notices';
import { REPLICATION_ACTIONS } from '../policy/actions';
import { isCovered } from '../policy/coverage';
import { Grant } from '../policy/grant';
import { begins } from '../policy/replication-rules';

/** The replica of a repository, which Amazon ECR makes, or somebody else. */
export function replicaOf(source: ecr.RepositoryBase, id: string, address: ImportedAddress): ImportedRepository {
  const replica = new ImportedRepository(source, id, address, {
    ownerHalf: (repository) => new HalfByTemplate(repository, {
      granted: () => grantedOnReplica(source, address),
      remedy: 'add it to the pullers or readers in the replicas of the RegistryReplicationGrant there, or use replicateTo with a scope there, which keeps the policy of the replica current',
    }),
  });
  replica.node.addValidation({ validate: () => warnIfNotReplicated(source, replica) });
  whenKnown(source, replica.repositoryArn, (made) => {
    throw new Error(`replicaIn of '${source.node.path}' was asked for its replica in ${describe(address)}, before '${made.node.path}' was made, which is that replica, `
      + 'so what was granted would be missing from its policy; call replicaIn after it is made');
  });
  return replica;
}

/** What the app grants on a replica, by the template that makes it and by the policy of its registry; undefined if it does not say. */
export function grantedOnReplica(source: ecr.RepositoryBase, { account, region, repositoryName }: ImportedAddress): readonly Grant[] | undefined {
  const registry = RegistryDeclarations.find(source, { account, region });
  const replication: Grant = { who: { kind: 'account', account: source.env.account }, actions: REPLICATION_ACTIONS, repositories: repositoryName };
  const template = registry?.templateFor(repositoryName, 'REPLICATION');
  return registry && (template || isCovered(replication, registry.policy.grants, registryOf({ account, region })))
    ? [...template?.policy.grants ?? [], ...registry.policy.grants]
    : undefined;
}

function warnIfNotReplicated(source: ecr.RepositoryBase, { address }: ImportedRepository): string[] {
  const replications = RegistryDeclarations.allIn(source)
    .filter(({ env }) => sameEnvironment(env, source.env))
    .flatMap((registry) => registry.replications);
  if (!replications.some(({ destination, prefix }) => sameEnvironment(destination, address) && begins(prefix, address.repositoryName))) {
    warn(source, NoticeId.REPLICATION_NOT_IN_SIGHT, `a replica of '${source.node.path}' in ${describe(address)}, is used, but nothing in this app replicates the repository to there; `
      + 'call replicateTo, or acknowledge this if another app replicates it');
  }
  return [];
}

/** Lets the stack of a replica be deployed before images can be copied to it: else Amazon ECR makes the repository first, and without a policy. */
export function deployFirst(replicaStack: Stack, sourceStack: Stack): void {
  if (canPrecede(replicaStack, sourceStack)) {
    outermost(sourceStack).addStackDependency(outermost(replicaStack), 'replicas are made before images are replicated to them');
  }
}

/** Throws unless the scope is where the replica is to be. */
export function requireInDestination(scope: IConstruct, destination: Environment): void {
  const { account, region } = Stack.of(scope);
  if (!sameEnvironment({ account, region }, destination)) {
    throw new Error(`scope '${scope.node.path}' is in ${describe({ account, region })}, but the destination is ${describe(destination)}; `
      + 'give a scope in a stack of that environment, or none');
  }
  requireUnwritten(Stack.of(scope));
}
