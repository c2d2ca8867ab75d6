import { Place, placeOf, resourcesOf } from './places';
import { Condition, Statement, statementsOf, unknownIn } from './policy-document';
import { actionsOfManagedPolicy } from '../../policy/managed-policies';
import { groupBy } from '../../policy/value';
import { StackScope } from '../template/stack-scope';
import { Fields, fieldsOf, listOf, Resource, textOf, textsOf } from '../template/template';
import { isKnown } from '../template/text-patterns';

export interface Role extends Place {
  readonly arn: string;
  /** The name with its path: `ci/publish-images`. */
  readonly name: string;
  /** The statements that say who may assume it. */
  readonly trusts: readonly Statement[];
  /** Whether the policy with these is there: CloudFormation refuses a role without one. `unknown`: only the deployment knows what else it says. */
  readonly trustPolicy: 'inSight' | 'unknown' | 'missing';
  /** The statements of all its policies that are in sight. */
  readonly statements: readonly Statement[];
  /** The ARNs of policies, and the values in policies, of which nothing in sight tells what they say. */
  readonly opaquePolicies: readonly string[];
  /** The statements of the permissions boundary, `unknown` if it is not in sight; undefined if there is none. */
  readonly boundary?: readonly Statement[] | 'unknown';
  readonly tags: ReadonlyMap<string, string>;
}

/** The roles of the stacks, each with all policies that are attached to it from wherever. */
export function rolesOf(scopes: readonly StackScope[]): Role[] {
  const policies = foundBy(scopes.flatMap(policiesOf));
  return scopes.flatMap((scope) => resourcesOf(scope, 'AWS::IAM::Role').map(([logicalId, resource]) => roleOf(scope, logicalId, resource, policies)));
}

function roleOf(scope: StackScope, logicalId: string, resource: Resource, policies: Policies): Role {
  const arn = scope.arnOf(logicalId);
  const properties = fieldsOf(scope.resolve(resource.properties));
  const managed = textsOf(properties.ManagedPolicyArns).map((id) => ({ id, document: documentOfManaged(id, policies) }));
  const inline = listOf(properties.Policies).map((policy) => fieldsOf(policy).PolicyDocument);
  const inAccount = policies.inAccount.get(scope.stack.account) ?? [];
  const attached = inAccount.filter(({ roles }) => roles.includes(scope.nameOf(resource)));
  const others = inAccount.filter((policy) => !attached.includes(policy) && policy.roles.some((name) => !isKnown(name) && !scope.isMadeUpName(name)));
  const documents = [...inline, ...attached.map(({ document }) => document), ...managed.map(({ document }) => document)];
  const { AssumeRolePolicyDocument: trust, PermissionsBoundary: boundary } = properties;
  return {
    ...placeOf(scope, resource),
    arn,
    name: arn.replace(/^[^/]*\//, ''),
    trusts: statementsOf(trust),
    trustPolicy: trust === undefined ? 'missing' : unknownIn(trust).length > 0 ? 'unknown' : 'inSight',
    statements: [...documents.flatMap(statementsOf), ...others.flatMap(maybeStatementsOf)],
    opaquePolicies: [...managed.filter(({ document }) => document === undefined).map(({ id }) => id), ...documents.flatMap(unknownIn)],
    ...(boundary !== undefined && { boundary: statementsOfBoundary(documentOfManaged(textOf(boundary), policies)) }),
    tags: tagsOf(properties.Tags),
  };
}

/** What a policy says whose role only the deployment knows: it may be any of the account. */
function maybeStatementsOf({ roles, document }: AttachedPolicy): Statement[] {
  const isAttached: Condition = { operator: '', key: `it is attached to ${roles.join(' or ')}`, values: [] };
  return statementsOf(document).map((statement) => ({ ...statement, conditions: [...statement.conditions, isAttached] }));
}

/** A boundary allows what it says only: with a part that nobody knows it is unknown. */
function statementsOfBoundary(document: unknown): readonly Statement[] | 'unknown' {
  return document === undefined || unknownIn(document).length > 0 ? 'unknown' : statementsOf(document);
}

/** A policy that is a resource of its own. */
interface AttachedPolicy {
  /** What a managed policy is called where it is attached from the role's side: what refers to it, and, if it has a name of its own, its ARN. */
  readonly ids: readonly string[];
  readonly place: Place;
  /** The names of the roles that it is attached to from its own side. */
  readonly roles: readonly string[];
  readonly document: unknown;
}

/** All policies that are resources of their own, so that those of a role are found at once. */
interface Policies {
  readonly inAccount: ReadonlyMap<string, readonly AttachedPolicy[]>;
  readonly byId: ReadonlyMap<string, AttachedPolicy>;
}

function foundBy(all: readonly AttachedPolicy[]): Policies {
  // Of two that are called the same, the first counts.
  const byId = [...all].reverse().flatMap((policy) => policy.ids.map((id) => [id, policy] as const));
  return { inAccount: groupBy(all, ({ place }) => place.account), byId: new Map(byId) };
}

function policiesOf(scope: StackScope): AttachedPolicy[] {
  return resourcesOf(scope, 'AWS::IAM::Policy', 'AWS::IAM::RolePolicy', 'AWS::IAM::ManagedPolicy').map(([logicalId, resource]) => {
    const properties = fieldsOf(scope.resolve(resource.properties));
    const { Roles: roles, RoleName: role, PolicyDocument: document, ManagedPolicyName: name, Path: path = '/' } = properties;
    const arns = name === undefined ? [] : [`arn:${scope.partition}:iam::${scope.stack.account}:policy${textOf(path)}${textOf(name)}`];
    return { ids: [textOf(scope.reference(logicalId)), ...arns], place: placeOf(scope, resource), roles: textsOf(roles ?? role), document };
  });
}

/** What a managed policy says, one of the app or one of AWS; undefined if it is not in sight. */
function documentOfManaged(id: string, { byId }: Policies): unknown {
  const ofTheApp = byId.get(id);
  const actions = actionsOfManagedPolicy(id);
  return ofTheApp ? ofTheApp.document ?? {} : actions && { Statement: { Sid: id, Effect: 'Allow', Action: actions, Resource: '*' } };
}

/** Tags as a template has them; those whose key is unknown tell nothing. */
export function tagsOf(tags: unknown): ReadonlyMap<string, string> {
  return new Map(listOf(tags).map(fieldsOf).map(({ Key: key, Value: value }: Fields) => [textOf(key), textOf(value)]));
}
