import { Annotations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** The ids of warnings and notes. They are public: users acknowledge by them, and the README lists them. */
export enum NoticeId {
  /** Warning: a grant on an imported repository works only by the owner's half, which cannot be written from here. */
  OWNER_HALF_MISSING = 'cdk-shared-ecr:ownerHalfMissing',
  /** Note: a role got its half of the grant; the owner's half, on an imported repository, is not in sight. */
  OWNER_HALF_NOT_IN_SIGHT = 'cdk-shared-ecr:ownerHalfNotInSight',
  /** Warning: the role cannot be given its half of the grant from here. */
  CONSUMER_HALF_MISSING = 'cdk-shared-ecr:consumerHalfMissing',
  /** Warning: every account of an organization or of an OU may push. */
  ORGANIZATION_PUSH = 'cdk-shared-ecr:organizationPush',
  /** Warning: a statement of the user's own lets strangers in. */
  OPEN_STATEMENT = 'cdk-shared-ecr:openStatement',
  /** Warning: the policy fits only if ECR counts account ids as they are written. */
  POLICY_NEAR_LIMIT = 'cdk-shared-ecr:policyNearLimit',
  /** Warning: two environment-agnostic stacks declare what a registry has only once; they may be deployed to the same one. */
  REGISTRY_CLAIMED_TWICE = 'cdk-shared-ecr:registryClaimedTwice',
  /** Warning: replicas arrive without any policy. */
  REPLICAS_WITHOUT_POLICY = 'cdk-shared-ecr:replicasWithoutPolicy',
  /** Note: what the destination of a replication must have is not in sight. */
  DESTINATION_NOT_IN_SIGHT = 'cdk-shared-ecr:destinationNotInSight',
  /** Warning: CDK cannot be told that a replica is made before images are replicated to it. */
  REPLICA_TOO_LATE = 'cdk-shared-ecr:replicaTooLate',
  /** Warning: a replica is used, and nothing in the app replicates to there. */
  REPLICATION_NOT_IN_SIGHT = 'cdk-shared-ecr:replicationNotInSight',
  /** Warning: the name of a repository, as a prefix, begins the name of another one too. */
  PREFIX_CATCHES_MORE = 'cdk-shared-ecr:prefixCatchesMore',
  /** Warning: images that arrive by replication are not replicated further. */
  REPLICATION_CHAIN = 'cdk-shared-ecr:replicationChain',
  /** Warning: tags move at the source of a replication, and cannot at its destination. */
  REPLICA_TAGS_IMMUTABLE = 'cdk-shared-ecr:replicaTagsImmutable',
  /** Warning: not every Region allows that many replication rules. */
  REPLICATION_RULES_NEAR_LIMIT = 'cdk-shared-ecr:replicationRulesNearLimit',
  /** Warning: a cache cannot follow tags that move upstream. */
  CACHE_TAGS_IMMUTABLE = 'cdk-shared-ecr:cacheTagsImmutable',
}

export function warn(scope: IConstruct, id: NoticeId, message: string): void {
  if (!wasSaid(scope, message)) {
    Annotations.of(scope).addWarningV2(id, stable(message));
  }
}

export function note(scope: IConstruct, id: NoticeId, message: string): void {
  if (!wasSaid(scope, message)) {
    Annotations.of(scope).addInfoV2(id, stable(message));
  }
}

/** A token has another number in every run. */
function stable(message: string): string {
  return message.replace(/\$\{Token\[.*?\]\}/g, '(known at deployment)');
}

/** The same grant made twice is one thing to say. */
function wasSaid(scope: IConstruct, message: string): boolean {
  return scope.node.metadata.some(({ data }) => typeof data === 'string' && data.startsWith(stable(message)));
}

/** Policy statements as somebody can paste them. */
export function statementsAsText(statements: readonly object[]): string {
  const text = statements.map((statement) => JSON.stringify(statement)).join(',\n');
  return /"(Ref|Fn::\w+)":/.test(text)
    ? `${text}\nWhat is written as "Ref" or "Fn::..." there is meant in this stack, not where it is pasted: give the stack an explicit environment to have it in full`
    : text;
}
