import * as iam from 'aws-cdk-lib/aws-iam';

/** The principals of which a composite principal is made, each with conditions of its own; of any other principal, itself. */
export function membersOf(principal: iam.IPrincipal): iam.IPrincipal[] {
  return (principal as Partial<iam.CompositePrincipal>).principals?.flatMap(membersOf) ?? [principal.grantPrincipal];
}
