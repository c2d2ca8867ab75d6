import { Stack, Token } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { requireKeyHere } from './creation-template';
import { mayBeCovered } from './made-by-ecr';
import { RegistryDeclarations } from './registry-declarations';
import { deployFirst, grantedOnReplica, requireInEnvironment, sameNameProblems } from './replica';
import { compare, describe, Environment, partitionNameOf, registryOf, Relation, requireKnown } from '../halves/environment';
import { knownRepository } from '../halves/known-repositories';
import { note, NoticeId, statementsAsText } from '../halves/notices';
import { REPLICATION_INTO_EXISTING_ACTIONS } from '../policy/actions';
import { RepositoryAddress, repositoryArn } from '../policy/addresses';
import { Grant } from '../policy/grant';
import { statementsFor } from '../policy/statements';

/** A repository that can be replicated. */
export interface Source {
  readonly repository: ecr.RepositoryBase;
  readonly repositoryName: string;
  readonly encryptionKey?: kms.IKeyRef;
  /** What `allowPullFrom` and `allowReadFrom` granted. */
  readonly grants: () => readonly Grant[];
  /** Makes a replica in a stack of the destination. */
  readonly makeReplica: (scope: Construct, id: string) => ecr.RepositoryBase;
}

export interface ReplicateOptions {
  readonly scope?: Construct;
  readonly registryScope?: Construct;
  readonly encryption?: ecr.RepositoryEncryption;
  readonly encryptionKey?: kms.IKeyRef;
}

/** Declares the replication of one repository: the rule, and in a scope of the destination the replica and what lets images in. */
export function replicate(source: Source, destination: Environment, options: ReplicateOptions): void {
  const { repository, repositoryName } = source;
  const { scope, registryScope } = options;
  const address = { ...destination, repositoryName };
  requireConsistent(source, address, options);
  if (registryScope) {
    requireInEnvironment('registryScope', registryScope, repository.env, 'the repository');
  }
  if (scope) {
    requireInEnvironment('scope', scope, address, 'the destination');
    requireKeyHere(scope, options.encryptionKey);
    requireNoOther(repository, address);
  }
  const registry = RegistryDeclarations.of(registryScope ?? repository);
  const replications = [{ destination: address, prefix: repositoryName, repositories: repositoryName, declaredBy: repository }];
  registry.requireReplicable(replications);
  if (scope) {
    makeReplica(source, scope);
  }
  registry.replicate(replications);
  if (!scope) {
    repository.node.addValidation({ validate: () => noteUndeclaredReplica(source, address) });
  }
}

function requireConsistent({ repository: { node: { path } }, ...source }: Source, address: RepositoryAddress, options: ReplicateOptions): void {
  const { scope, encryption, encryptionKey } = options;
  const destination = describe(address);
  if (!scope && (encryption || encryptionKey)) {
    throw new Error(`${encryption ? 'encryption' : 'encryptionKey'} is given for the replica in ${destination}, but no scope in which it would be made; give scope, or leave it out`);
  }
  if (scope && Token.isUnresolved(address.repositoryName)) {
    throw new Error(`the name of '${path}' is known only at deployment, so the stack of its replica in ${destination}, cannot have it; give a name as text, or leave scope out`);
  }
  if (scope && source.encryptionKey && !encryption && !encryptionKey) {
    throw new Error(`'${path}' is encrypted with a key of your own, which is in one Region only; `
      + `for the replica in ${destination}, give encryptionKey, a key there, or encryption: RepositoryEncryption.KMS for the key that AWS manages`);
  }
}

function requireNoOther(repository: ecr.RepositoryBase, address: RepositoryAddress): void {
  const other = knownRepository(repository, repositoryArn(address, partitionNameOf(address.region)));
  if (other) {
    throw new Error(`'${other.node.path}' is the repository "${address.repositoryName}" of ${describe(address)}, already, and a registry has one of a name; `
      + 'leave scope out if images are to be copied to it, or give one of the two sources another name');
  }
}

function makeReplica({ repository, repositoryName, ...source }: Source, scope: Construct): void {
  const replica = source.makeReplica(scope, `Replica-${repositoryName.replace(/\//g, ':')}`);
  replica.node.addValidation({ validate: () => sameNameProblems(replica, repositoryName) });
  if (compare(replica.env.account, repository.env.account) === Relation.SAME) {
    deployFirst(replica, repository);
  } else {
    requireKnown(repository, repository.env, replica);
    const letIn: Grant = { who: { kind: 'account', account: repository.env.account }, actions: REPLICATION_INTO_EXISTING_ACTIONS, repositories: repositoryName };
    RegistryDeclarations.of(scope).allow([letIn], `the replication of '${repository.node.path}'`);
  }
}

/** What nobody has said about a replica that Amazon ECR will make. */
function noteUndeclaredReplica({ repository, grants }: Source, address: RepositoryAddress): string[] {
  const { grants: granted } = grantedOnReplica(repository, address);
  const missing = grants().filter((grant) => !mayBeCovered({ ...grant, repositories: address.repositoryName }, granted, registryOf(address)));
  if (missing.length > 0 && !knownRepository(repository, repositoryArn(address, partitionNameOf(address.region)))) {
    const resolved = Stack.of(repository).resolve({ missing, registry: registryOf(address) });
    note(repository, NoticeId.DESTINATION_NOT_IN_SIGHT, `its replica in ${describe(address)}, gets no policy by replication, and who else gives it one is not in sight; `
      + `to let in the same grantees, make the repository "${address.repositoryName}" there, before images arrive, with this in its policy:\n`
      + statementsAsText(statementsFor(resolved.missing, resolved.registry)));
  }
  return [];
}
