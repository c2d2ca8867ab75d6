import { Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { IConstruct } from 'constructs';
import { GrantsInSight, HalfByTemplate } from './made-by-ecr';
import { RegistryDeclarations } from './registry-declarations';
import { repositoriesOf } from './replication-checks';
import { canPrecede, compare, describe, Environment, outermost, registryOf, Relation, requireUnwritten, sameEnvironment } from '../halves/environment';
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

/** What the app grants on a replica, by the template that makes it and by the policy of its registry. */
export function grantedOnReplica(source: ecr.RepositoryBase, address: ImportedAddress): GrantsInSight {
  const registry = RegistryDeclarations.find(source, address);
  const template = registry?.templateFor(address.repositoryName, 'REPLICATION');
  const ofRegistry = registry?.policy.grants ?? [];
  const letsIn: Grant = { who: { kind: 'account', account: source.env.account }, actions: REPLICATION_ACTIONS, repositories: address.repositoryName };
  // Within an account nobody has to be let in: what this app replicates, Amazon ECR makes.
  const isMadeHere = compare(source.env.account, address.account) === Relation.SAME
    ? isReplicated(source, address)
    : isCovered(letsIn, ofRegistry, registryOf(address));
  return { grants: [...template?.policy.grants ?? [], ...ofRegistry], isAll: template !== undefined || isMadeHere };
}

function isReplicated(source: ecr.RepositoryBase, address: ImportedAddress): boolean {
  const replications = RegistryDeclarations.find(source, source.env)?.replications ?? [];
  return replications.some(({ destination, prefix }) => sameEnvironment(destination, address) && begins(prefix, address.repositoryName));
}

function warnIfNotReplicated(source: ecr.RepositoryBase, { address }: ImportedRepository): string[] {
  if (!isReplicated(source, address)) {
    warn(source, NoticeId.REPLICATION_NOT_IN_SIGHT, `a replica of '${source.node.path}' in ${describe(address)}, is used, but nothing in this app replicates the repository to there; `
      + 'call replicateTo, or acknowledge this if another app replicates it');
  }
  return [];
}

/** Lets the stack of a replica be deployed before images can be copied to it: else Amazon ECR makes the repository first, and without a policy. */
export function deployFirst(replica: ecr.RepositoryBase, source: ecr.RepositoryBase): void {
  const [first, then] = [outermost(replica.stack), outermost(source.stack)];
  if (canPrecede(first, then)) {
    then.addStackDependency(first, 'replicas are made before images are replicated to them');
  } else if (first !== then) {
    warn(source, NoticeId.REPLICA_TOO_LATE, `'${replica.node.path}' must be deployed before images are replicated to it, or Amazon ECR makes it first, without a policy, and the deployment finds it there; `
      + `the CDK cannot be told so, since the two are in different Stages or '${first.node.path}' waits for '${then.node.path}' already; deploy '${first.node.path}' first, once`);
  }
}

/** What is wrong if other resources of the app have the name of a replica too: the deployment of the second fails. */
export function sameNameProblems(replica: ecr.RepositoryBase, repositoryName: string): string[] {
  const others = repositoriesOf(replica, replica.env).filter(({ name, path }) => name === repositoryName && path !== replica.node.path);
  return others.map(({ path }) => `'${path}' is the repository "${repositoryName}" of ${describe(replica.env)}, too, and a registry has one of a name; `
    + 'remove one of the two, or give replicateTo no scope');
}

/** Throws unless the scope is where it must be. */
export function requireInEnvironment(option: string, scope: IConstruct, wanted: Environment, what: string): void {
  const { account, region } = Stack.of(scope);
  if (!sameEnvironment({ account, region }, wanted)) {
    throw new Error(`${option} '${scope.node.path}' is in ${describe({ account, region })}, but ${what} is ${describe(wanted)}; `
      + 'give a scope in a stack of that environment, or none');
  }
  requireUnwritten(Stack.of(scope));
}
