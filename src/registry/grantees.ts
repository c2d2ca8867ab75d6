import { IResource } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { granteesByPolicyAlone } from '../halves/both-halves';
import { GrantUse } from '../policy/actions';
import { Grant, Who } from '../policy/grant';

/** An `EcrGrantee`, as far as a policy needs to know it. */
export interface Grantee {
  toString(): string;
  _grantsFor(use: GrantUse, identify: (principal: iam.IPrincipal) => Who[]): Grant[];
}

/** Throws if one of the grantees cannot be let in, before anything is made for them. */
export function requireGrantable(owner: IResource, use: GrantUse, grantees: readonly Grantee[]): void {
  allowGrantees(owner, use, grantees, () => undefined);
}

/** Adds what the grantees may do to a policy of the owner, a repository or a registry. What may throw comes before anything is added. */
export function allowGrantees(
  owner: IResource, use: GrantUse, grantees: readonly Grantee[], add: (grants: Grant[], grantee: string) => void,
): void {
  const identify = (principal: iam.IPrincipal) => granteesByPolicyAlone({ resource: owner, owned: true }, principal);
  const grants = grantees.map((grantee) => grantee._grantsFor(use, identify));
  grantees.forEach((grantee, index) => add(grants[index], `${grantee}`));
}
