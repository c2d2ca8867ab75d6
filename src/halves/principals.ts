import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, IConstruct } from 'constructs';
import { compare, Relation } from './environment';
import { Conditions, Who } from '../policy/grant';
import { identityParts } from '../policy/normal-form';
import { whosOfPrincipal } from '../policy/principal';
import { LAMBDA_SERVICE } from '../policy/services';
import { Intrinsic, Value } from '../policy/value';

/** A role or a user: what has an ARN that `aws:PrincipalArn` can be compared with. */
export type Identity = iam.IPrincipal & IConstruct;

/** The role or user behind a principal, if that is what it is. */
export function identityOf(principal: iam.IPrincipal): Identity | undefined {
  return Construct.isConstruct(principal) && arnOf(principal) !== undefined ? principal as unknown as Identity : undefined;
}

/** The ARN of a role or user. (A role that is made on first use comes into being by this.) */
export function arnOf(principal: iam.IPrincipal | IConstruct): string | undefined {
  return (principal as Partial<iam.IRole>).roleArn ?? (principal as Partial<iam.IUser>).userArn;
}

/** Account and name of a role or user, as far as they can be known before deployment, in the view of another stack. */
export function nameOf(identity: Identity, viewer: Stack): { readonly account: string; readonly name: string } | undefined {
  const { roleName, userName, path } = (identity.node.defaultChild ?? {}) as Partial<iam.CfnRole & iam.CfnUser>;
  const name = roleName ?? userName;
  // To ask for the ARN makes CDK generate a name that is to be generated, and in a nested stack that is not a name.
  const wouldBeBroken = name !== undefined && Token.isUnresolved(name) && Stack.of(identity).nested;
  const fromArn = wouldBeBroken ? undefined : namedParts(arnIn(viewer, identity) ?? '');
  if (fromArn) {
    return fromArn;
  }
  return name === undefined || Token.isUnresolved(name) || Token.isUnresolved(path)
    ? undefined
    : { account: Stack.of(identity).account, name: `${roleName ? 'role' : 'user'}${path ?? '/'}${name}` };
}

/** Account and name in the ARN of a role or user. CDK has ARNs without a name, for roles that are to be created by somebody else. */
export function namedParts(arn: Value): { readonly account: string; readonly name: string } | undefined {
  const parts = identityParts(arn);
  return parts && /^(role|user)\/./.test(parts.name) ? parts : undefined;
}

/** The ARN as the viewer's template would have it; CDK refuses to give another environment that of a role without a name. */
function arnIn(viewer: Stack, identity: Identity): Intrinsic | string | undefined {
  try {
    return viewer.resolve(arnOf(identity));
  } catch {
    return undefined;
  }
}

/** Whether the role or user is not created by this app. */
export function isImported({ node: { defaultChild } }: Identity): boolean {
  return defaultChild === undefined;
}

/** Whether the role was imported and belongs to another account than the stack it was imported into, or may do so. */
export function isImportedFromElsewhere(identity: Identity): boolean {
  const { account } = Stack.of(identity);
  return isImported(identity) && compare(identity.principalAccount ?? account, account) !== Relation.SAME;
}

/** Whether anything in the app holds a policy of the role or user: a role that takes no policies says yes and drops them. */
export function holdsPolicy(identity: Identity): boolean {
  return identity.node.findAll().some((construct) => CfnResource.isCfnResource(construct)
    && [iam.CfnPolicy.CFN_RESOURCE_TYPE_NAME, iam.CfnManagedPolicy.CFN_RESOURCE_TYPE_NAME, iam.CfnUserPolicy.CFN_RESOURCE_TYPE_NAME]
      .includes(construct.cfnResourceType));
}

/** The grantees that any other principal stands for. Throws if it would let strangers in. */
export function whosOf(principal: iam.IPrincipal): Who[] {
  const { principalJson, conditions } = principal.policyFragment;
  if ('groupArn' in principal) {
    const name = Construct.isConstruct(principal) ? `'${principal.node.path}'` : `${principal}`;
    throw new Error(`${name} is a group, which no policy can name as principal; grant to its users, or to the roles that they assume`);
  }
  try {
    return whosOfPrincipal(principalJson, conditions as Conditions, maskTokens(conditions as Conditions));
  } catch (error) {
    throw new Error(withoutTokens((error as Error).message));
  }
}

/** A text as a person would write it: CDK keeps even the name of a service as `${Token[lambda.amazonaws.com.12]}`. */
function withoutTokens(text: string): string {
  return text.replace(/\$\{Token\[(.*?)\.\d+\]\}/g, '$1');
}

/** Conditions that can be checked: a value that begins with what only the deployment knows passes; a part within it counts as an account. */
function maskTokens(conditions: Conditions): Conditions {
  const mask = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      return Token.isUnresolved(value) ? { Token: true } : value.map(mask);
    }
    if (typeof value === 'string' && Token.isUnresolved(value)) {
      const [beginning, ...rest] = literalsOf(value);
      return beginning === '' ? { Token: true } : [beginning, ...rest].join('111122223333');
    }
    return value;
  };
  return Object.fromEntries(Object.entries(conditions).map(([operator, keys]) =>
    [operator, Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, mask(value)]))]));
}

function literalsOf(text: string): string[] {
  return text.split(/\$\{Token\[[^\]]*\]\}/);
}

/** Whether this is the Lambda service, asked for without saying whose functions: `DockerImageCode.fromEcr` does that. */
export function isAnyLambda(principal: iam.IPrincipal): boolean {
  return (principal as Partial<iam.ServicePrincipal>).service === LAMBDA_SERVICE
    && Object.keys(principal.policyFragment.conditions).length === 0;
}

/** Whether App Runner assumes the role: it describes an image before it pulls it. */
export function trustsAppRunner(principal: iam.IPrincipal): boolean {
  const trust = (principal as Partial<iam.Role>).assumeRolePolicy;
  return trust !== undefined && JSON.stringify(Stack.of(principal as unknown as IConstruct).resolve(trust)).includes('"build.apprunner.amazonaws.com"');
}
