import { Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { requireSome, requireText } from './halves/checks';
import { membersOf } from './halves/members';
import { whosOf } from './halves/principals';
import { ACTIONS_OF_USE, GrantUse, LAMBDA_ACTIONS } from './policy/actions';
import { ACCOUNT_ID, FUNCTION_NAME, ORGANIZATION_ID, ORGANIZATION_PATH, ROLE_NAME } from './policy/formats';
import { Grant, Who } from './policy/grant';
import { LAMBDA_SERVICE } from './policy/services';
import { Intrinsic } from './policy/value';

/**
 * Which Lambda functions of an account may run images of a repository, and who may deploy them.
 */
export interface LambdaGranteeOptions {
  /**
   * The names of the functions; `*` stands for any text.
   *
   * @default "*" - every function of the account
   */
  readonly functionNamePattern?: string;

  /**
   * The names, with their paths if they have any, of the roles that create and update the functions. With CloudFormation
   * and the CDK that is the role that CloudFormation assumes, by default `cdk-hnb659fds-cfn-exec-role-ACCOUNT-REGION`.
   * `*` stands for any text.
   *
   * @default - whoever the account's own IAM policies let create functions
   */
  readonly deployerRoleNames?: string[];
}

/** What a grantee is made of. */
interface Definition {
  readonly text: string;
  readonly whos: readonly Who[];
  /** Lambda functions, whose deployers are the `whos`. */
  readonly functions?: readonly Who[];
  /** Principals of CDK: what a role or user is called depends on who asks. */
  readonly principals?: readonly iam.IPrincipal[];
}

/**
 * Who may pull, push or read: accounts, roles, organizations, organizational units, Lambda functions, or any closed principal.
 *
 * A grantee of another account needs both halves: what a grantee adds to the repository policy is the owner half, and the
 * grantee's own account must allow the same actions by an identity policy (`CrossAccountPullRole` writes one).
 *
 * The statements below are what `allowPullFrom` emits for a repository in `us-east-1` of account `999999999999`; `allowPushFrom`
 * emits the same with the actions of a push, in statements whose Sid begins with `Push`, and `allowReadFrom` with those of reading,
 * whose Sid begins with `Read`. Grantees of one kind share a statement.
 *
 * - Pull: `ecr:BatchCheckLayerAvailability`, `ecr:BatchGetImage`, `ecr:GetDownloadUrlForLayer`
 * - Push: `ecr:BatchCheckLayerAvailability`, `ecr:BatchGetImage`, `ecr:CompleteLayerUpload`, `ecr:InitiateLayerUpload`, `ecr:PutImage`, `ecr:UploadLayerPart`
 * - Read: `ecr:DescribeImages`, `ecr:DescribeRepositories`, `ecr:ListImages`
 *
 * Where a factory takes a text it takes a token too: what only the deployment knows is not checked.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
 */
export class EcrGrantee {
  /**
   * An account: whoever its own IAM policies let.
   *
   * ```json
   * { "Sid": "PullAccounts", "Effect": "Allow", "Principal": { "AWS": ["111122223333"] },
   *   "Action": ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"] }
   * ```
   *
   * @param accountId 12 digits
   * @throws if `accountId` is not an account id
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
   */
  public static account(accountId: string): EcrGrantee {
    return new EcrGrantee({ text: `account ${accountId}`, whos: [accountWho(accountId)] });
  }

  /**
   * Several accounts; the statement is that of `account`, with all of them in it.
   *
   * A list that only the deployment knows, such as the value of a `CommaDelimitedList` parameter, is given as
   * `EcrGrantee.accounts(...list)`, and gets a statement of its own, whose size cannot be checked.
   *
   * @param accountIds at least one, 12 digits each
   * @throws if there is none, if one is not an account id, or if one stands there twice
   */
  public static accounts(...accountIds: string[]): EcrGrantee {
    if (Token.isUnresolved(accountIds)) {
      return new EcrGrantee({ text: 'a list of accounts', whos: [{ kind: 'accountList', accounts: accountIds as unknown as Intrinsic }] });
    }
    requireSome('accountIds', accountIds);
    return new EcrGrantee({ text: `accounts ${accountIds.join(', ')}`, whos: accountIds.map(accountWho) });
  }

  /**
   * The role of an account, or those whose names match.
   *
   * The role is named by a condition, not as principal: so it need not exist yet, and may be deleted and created again.
   * Roles that have the same name in many accounts share one statement, with the accounts as principals and
   * `arn:aws:iam::*:role/NAME` as the condition. That `aws:PrincipalArn` is matched when an image is pulled is inferred from the
   * documentation of that key, not stated for Amazon ECR; if you must not rely on it, use
   * `EcrGrantee.principal(new iam.ArnPrincipal(roleArn))`, for which the role must exist first.
   *
   * In the owner's own account the statement only delegates to IAM: there the role needs its identity policy too.
   *
   * ```json
   * { "Sid": "PullRoles", "Effect": "Allow", "Principal": { "AWS": ["111122223333"] },
   *   "Action": ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
   *   "Condition": { "ArnLike": { "aws:PrincipalArn": ["arn:aws:iam::111122223333:role/app-execution"] } } }
   * ```
   *
   * @param accountId 12 digits
   * @param roleName the name, with its path if the role has one, for example `teams/web/app-execution`. `*` stands for any
   *   text, and that text may contain `/`: `teams/*` matches `teams/web/app-execution`, and `*` every role.
   * @throws if `accountId` is not an account id, or `roleName` is an ARN or not the name of a role
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
   */
  public static role(accountId: string, roleName: string): EcrGrantee {
    return new EcrGrantee({ text: `role ${roleName} of account ${accountId}`, whos: [roleWho(accountId, 'roleName', roleName)] });
  }

  /**
   * Every account of an organization, those to come included, the management account too; not the repository's own account, which
   * its IAM policies serve: there such a statement would let in every identity, without any policy of its own.
   *
   * It does not let in Lambda functions: use `lambdaFunctionsInOrganization`. To let an organization push is a warning,
   * `cdk-shared-ecr:organizationPush`.
   *
   * ```json
   * { "Sid": "PullOrganizations", "Effect": "Allow", "Principal": { "AWS": "*" },
   *   "Action": ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
   *   "Condition": { "StringEquals": { "aws:PrincipalOrgID": ["o-a1b2c3d4e5"] },
   *                  "StringNotEquals": { "aws:PrincipalAccount": "999999999999" } } }
   * ```
   *
   * @param organizationId for example `o-a1b2c3d4e5`
   * @throws if `organizationId` is not the id of an organization
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid
   */
  public static organization(organizationId: string): EcrGrantee {
    requireText(ORGANIZATION_ID, 'organizationId', organizationId);
    return new EcrGrantee({ text: `organization ${organizationId}`, whos: [{ kind: 'organization', organization: organizationId }] });
  }

  /**
   * Every account of an organizational unit (OU) and of all OUs below it, those to come included; not the repository's own account.
   *
   * It does not let in Lambda functions: use `lambdaFunctionsInOrganizationalUnit`. To let an OU push is a warning,
   * `cdk-shared-ecr:organizationPush`.
   *
   * ```json
   * { "Sid": "PullOrganizationalUnits", "Effect": "Allow", "Principal": { "AWS": "*" },
   *   "Action": ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
   *   "Condition": { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": ["o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*"] },
   *                  "StringNotEquals": { "aws:PrincipalAccount": "999999999999" } } }
   * ```
   *
   * @param organizationPath the organization, its root and the OUs down to this one, for example
   *   `o-a1b2c3d4e5/r-ab12/ou-ab12-11111111`, with or without a slash at the end (a token: without)
   * @throws if `organizationPath` is not such a path, or has no OU
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgpaths
   */
  public static organizationalUnit(organizationPath: string): EcrGrantee {
    return new EcrGrantee({ text: `organizational unit ${organizationPath}`, whos: [{ kind: 'organizationalUnit', path: pathOf(organizationPath) }] });
  }

  /**
   * Lambda functions of an account, in the repository's own Region: AWS Lambda takes images from nowhere else.
   *
   * Two statements are needed, and both are emitted: one for whoever deploys the functions, one for the Lambda service, which
   * fetches the image again when a function was idle for weeks. Without the second, a function deploys well and fails later.
   * Functions only pull: `allowPushFrom` and `allowReadFrom` refuse them.
   *
   * ```json
   * { "Sid": "LambdaDeployAccounts", "Effect": "Allow", "Principal": { "AWS": ["111122223333"] },
   *   "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"] },
   * { "Sid": "LambdaFunctions", "Effect": "Allow", "Principal": { "Service": "lambda.amazonaws.com" },
   *   "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
   *   "Condition": { "ArnLike": { "aws:SourceArn": ["arn:aws:lambda:us-east-1:111122223333:function:*"] } } }
   * ```
   *
   * With `deployerRoleNames` the first statement is `LambdaDeployRoles` and names those roles as `role` does.
   *
   * @param accountId 12 digits
   * @throws if `accountId` is not an account id, the pattern not one of function names, or a role name not one; if
   *   `deployerRoleNames` is empty or has a name twice
   * @see https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
   */
  public static lambdaFunctions(accountId: string, options: LambdaGranteeOptions = {}): EcrGrantee {
    const { functionNamePattern: functionName = '*', deployerRoleNames } = options;
    const account = accountWho(accountId);
    requireText(FUNCTION_NAME, 'functionNamePattern', functionName);
    if (deployerRoleNames) {
      requireSome('deployerRoleNames', deployerRoleNames);
    }
    return new EcrGrantee({
      text: `Lambda functions ${functionName} of account ${accountId}`,
      whos: deployerRoleNames?.map((name) => roleWho(accountId, 'deployerRoleNames', name)) ?? [account],
      functions: [{ kind: 'lambda', account: accountId, functionName }],
    });
  }

  /**
   * The Lambda functions of every account of an organization, in the repository's own Region, and whoever deploys them.
   *
   * That AWS Lambda sends `aws:SourceOrgID` is not documented for Amazon ECR. It was seen to work when a function is
   * created and first invoked; for the later fetches by the service it is expected, not known. Where that is not enough, list the
   * accounts with `lambdaFunctions`.
   *
   * ```json
   * { "Sid": "LambdaDeployOrganizations", "Effect": "Allow", "Principal": { "AWS": "*" },
   *   "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
   *   "Condition": { "StringEquals": { "aws:PrincipalOrgID": ["o-a1b2c3d4e5"] },
   *                  "StringNotEquals": { "aws:PrincipalAccount": "999999999999" } } },
   * { "Sid": "LambdaFunctionsInOrganizations", "Effect": "Allow", "Principal": { "Service": "lambda.amazonaws.com" },
   *   "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
   *   "Condition": { "StringEquals": { "aws:SourceOrgID": ["o-a1b2c3d4e5"] } } }
   * ```
   *
   * @param organizationId for example `o-a1b2c3d4e5`
   * @throws if `organizationId` is not the id of an organization
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceorgid
   */
  public static lambdaFunctionsInOrganization(organizationId: string): EcrGrantee {
    requireText(ORGANIZATION_ID, 'organizationId', organizationId);
    return new EcrGrantee({
      text: `Lambda functions in organization ${organizationId}`,
      whos: [{ kind: 'organization', organization: organizationId }],
      functions: [{ kind: 'lambdaOrganization', organization: organizationId }],
    });
  }

  /**
   * The Lambda functions of every account of an organizational unit (OU) and of all OUs below it, in the repository's own
   * Region, and whoever deploys them. What is said at `lambdaFunctionsInOrganization` holds for `aws:SourceOrgPaths` too.
   *
   * ```json
   * { "Sid": "LambdaDeployOrganizationalUnits", "Effect": "Allow", "Principal": { "AWS": "*" },
   *   "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
   *   "Condition": { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": ["o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*"] },
   *                  "StringNotEquals": { "aws:PrincipalAccount": "999999999999" } } },
   * { "Sid": "LambdaFunctionsInOrganizationalUnits", "Effect": "Allow", "Principal": { "Service": "lambda.amazonaws.com" },
   *   "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
   *   "Condition": { "ForAnyValue:StringLike": { "aws:SourceOrgPaths": ["o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*"] } } }
   * ```
   *
   * @param organizationPath as for `organizationalUnit`
   * @throws if `organizationPath` is not such a path, or has no OU
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceorgpaths
   */
  public static lambdaFunctionsInOrganizationalUnit(organizationPath: string): EcrGrantee {
    const path = pathOf(organizationPath);
    return new EcrGrantee({
      text: `Lambda functions in organizational unit ${organizationPath}`,
      whos: [{ kind: 'organizationalUnit', path }],
      functions: [{ kind: 'lambdaOrganizationalUnit', path }],
    });
  }

  /**
   * Any other principal: the escape hatch.
   *
   * It stands in the policy as it is, except that a role or user of this app, or an imported one, that belongs to another
   * account is named by condition, as `role` does. A principal named by its ARN must exist before the policy is deployed, or
   * Amazon ECR refuses the whole policy.
   *
   * An open principal (`*`, a service) must have a condition that fixes whose it is: `StringEquals`, `StringLike`, `ArnEquals` or
   * `ArnLike`, also with `ForAnyValue:`, on `aws:PrincipalOrgID`, `aws:PrincipalOrgPaths`, `aws:PrincipalAccount` or
   * `aws:PrincipalArn`, for a service on `aws:SourceArn`, `aws:SourceAccount`, `aws:SourceOrgID` or `aws:SourceOrgPaths`.
   *
   * ```json
   * { "Sid": "PullPrincipals", "Effect": "Allow", "Principal": { "AWS": ["arn:aws:iam::111122223333:role/app-execution"] },
   *   "Action": ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"] }
   * ```
   *
   * A principal with conditions gets a statement with these, `PullConditioned` and a mark made from the conditions.
   *
   * @throws if the principal would let in strangers, has a wildcard within its ARN, is a group, or is of a type that no caller of
   *   Amazon ECR has (federated, canonical user)
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
   */
  public static principal(principal: iam.IPrincipal): EcrGrantee {
    const grantee = principal.grantPrincipal;
    const principals = membersOf(grantee);
    return new EcrGrantee({
      text: Construct.isConstruct(grantee) ? `'${grantee.node.path}'` : `${grantee}`,
      whos: principals.flatMap(checkedWhos),
      principals,
    });
  }

  private constructor(private readonly definition: Definition) {}

  /**
   * The grantee in words, for messages.
   */
  public toString(): string {
    return this.definition.text;
  }

  /**
   * The grants to be made on a repository.
   *
   * @param identify says who a role or user is in the policy of that repository
   * @internal
   */
  public _grantsFor(use: GrantUse, identify: (principal: iam.IPrincipal) => Who[]): Grant[] {
    const { functions, principals, whos } = this.definition;
    if (use !== 'pull' && (functions || principals?.some(isLambda))) {
      throw new Error(`${this} ${LAMBDA_CANNOT[use]}`);
    }
    if (functions) {
      return [...whos, ...functions].map((who) => ({ who, actions: LAMBDA_ACTIONS }));
    }
    return (principals?.flatMap(identify) ?? whos).map((who) => ({ who, actions: ACTIONS_OF_USE[use] }));
  }
}

const CANNOT_USE_CACHE = 'cannot pull through a cache, which AWS Lambda does not support; replicate the images to the Region of the functions, for example with SharedEcrRepository.replicateTo';

/** Whether this is the Lambda service, under whatever conditions. (CDK keeps its name in a token, which shows it.) */
function isLambda(principal: iam.IPrincipal): boolean {
  return JSON.stringify(principal.policyFragment.principalJson.Service ?? '').includes(LAMBDA_SERVICE);
}

/** Why the Lambda service is refused, and what to do. */
const LAMBDA_CANNOT: Record<Exclude<GrantUse, 'pull'>, string> = {
  push: 'cannot push: AWS Lambda only pulls images; grant push to the role or the account that does it, for example EcrGrantee.role(accountId, roleName)',
  read: 'cannot read: AWS Lambda only pulls images; grant read to the role or the account that does it, for example EcrGrantee.role(accountId, roleName)',
  pullByRegistry: 'cannot be let in by a registry policy: for AWS Lambda, AWS documents only the policy of the repository; '
    + 'use allowPullFrom on every repository, or for replicas the pullers of their template',
  pullThrough: CANNOT_USE_CACHE,
  pullFromCache: CANNOT_USE_CACHE,
  createInCache: CANNOT_USE_CACHE,
};

function accountWho(accountId: string): Who {
  requireText(ACCOUNT_ID, 'accountId', accountId);
  return { kind: 'account', account: accountId };
}

function roleWho(accountId: string, what: string, roleName: string): Who {
  requireText(ACCOUNT_ID, 'accountId', accountId);
  requireText(ROLE_NAME, what, roleName);
  return { kind: 'identity', account: accountId, name: `role/${roleName}` };
}

/** Whom a principal stands for, unless only the repository can tell. Throws for one that cannot be a grantee. */
function checkedWhos(principal: iam.IPrincipal): Who[] {
  return Construct.isConstruct(principal) && !('groupArn' in principal) ? [] : whosOf(principal);
}

/** The path as conditions have it: with the slash at its end. */
function pathOf(organizationPath: string): string {
  requireText(ORGANIZATION_PATH, 'organizationPath', organizationPath);
  return organizationPath.endsWith('/') ? organizationPath : `${organizationPath}/`;
}
