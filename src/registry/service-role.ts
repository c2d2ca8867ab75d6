import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, DependencyGroup, IDependable } from 'constructs';

/** A role that Amazon ECR assumes. */
export interface ServiceRole {
  readonly role: iam.Role;
  /** Must be there before the role is of use. Whatever names the role waits for the role itself anyway. */
  readonly policy: IDependable;
}

export function makeServiceRole(scope: Construct, props: iam.RoleProps, statements: readonly iam.PolicyStatementProps[]): ServiceRole {
  const role = new iam.Role(scope, 'Role', props);
  const added = statements.map((statement) => role.addToPrincipalPolicy(new iam.PolicyStatement(statement)));
  return { role, policy: new DependencyGroup(...added.map(({ policyDependable }) => policyDependable!)) };
}
