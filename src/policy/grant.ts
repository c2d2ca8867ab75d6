import { Intrinsic, Value } from './value';

/** The registry that a policy belongs to. */
export interface Registry {
  readonly partition: Value;
  readonly region: Value;
  readonly account: Value;
}

/** The conditions of a statement: operator, then condition key, then the value or values. */
export interface Conditions {
  readonly [operator: string]: { readonly [key: string]: unknown };
}

/**
 * Who may do something, as plain data.
 *
 * - `account`: whoever the account's own IAM policies let.
 * - `accountList`: accounts that only a deployment knows, as one list.
 * - `identity`: the roles or users of an account whose ARN ends in `name`, which is `role/` or `user/`, path and name; `*` is any text.
 * - `tagged`: the roles of an account that carry the tag `aws-cdk:id`: those that have no name yet.
 * - `organization`, `organizationalUnit`: every account in it but the policy's own. A path ends in `/`.
 * - `arn`: a principal named by its ARN, which must exist when the policy is written.
 * - `lambda`, `lambdaOrganization`, `lambdaOrganizationalUnit`: the Lambda service, on behalf of those functions.
 * - `conditioned`: any other principal, with the conditions that close it.
 */
export type Who =
  | { readonly kind: 'account'; readonly account: Value }
  | { readonly kind: 'accountList'; readonly accounts: Intrinsic }
  | { readonly kind: 'identity'; readonly account: Value; readonly name: Value }
  | { readonly kind: 'tagged'; readonly account: Value; readonly tag: Value }
  | { readonly kind: 'organization'; readonly organization: Value }
  | { readonly kind: 'organizationalUnit'; readonly path: Value }
  | { readonly kind: 'arn'; readonly arn: Value }
  | { readonly kind: 'lambda'; readonly account: Value; readonly functionName: Value }
  | { readonly kind: 'lambdaOrganization'; readonly organization: Value }
  | { readonly kind: 'lambdaOrganizationalUnit'; readonly path: Value }
  | { readonly kind: 'conditioned'; readonly type: 'AWS' | 'Service'; readonly principal: Value; readonly conditions: Conditions };

/** Who may do what. */
export interface Grant {
  readonly who: Who;
  readonly actions: readonly string[];
  /** In a registry policy: the names of the repositories, `*` being any text. A repository policy is about its own repository. */
  readonly repositories?: Value;
}

/** A statement as it stands in the template. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal: { readonly AWS: unknown } | { readonly Service: unknown };
  readonly Action: readonly string[];
  /** In a registry policy only. */
  readonly Resource?: readonly Value[];
  readonly Condition?: Conditions;
}

/** The condition key that names a role without naming it as principal. */
export const PRINCIPAL_ARN = 'aws:PrincipalArn';
/** The tag by which CDK knows a role of another account that has no name. */
export const CDK_ID_TAG = 'aws-cdk:id';
