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
