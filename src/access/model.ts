import { Statement, statementsOf } from './policy-document';
import { Exports, StackScope } from './stack-scope';
import { Fields, fieldsOf, isFields, listOf, Resource, StackTemplate, textOf, textsOf } from './template';
import { sizeOfPolicy } from '../policy/size';

/** What the templates say about images: who owns them, and who uses them. */
export interface AccessModel {
  readonly stacks: readonly Place[];
  readonly repositories: readonly Repository[];
  readonly roles: readonly Role[];
  readonly functions: readonly ImageFunction[];
}

/** Where something is; `path` is its place in the app, that of a stack the stack's own. */
export interface Place {
  readonly path: string;
  readonly account: string;
  readonly region: string;
}

export interface Repository extends Place {
  readonly arn: string;
  readonly name: string;
  /** The statements of the repository policy. */
  readonly statements: readonly Statement[];
  /** The characters of the repository policy; 0 if there is none. */
  readonly policySize: number;
}

export interface Role extends Place {
  readonly arn: string;
  /** The name with its path: `ci/publish-images`. */
  readonly name: string;
  readonly trusts: readonly Statement[];
  /** The statements of all its policies that are in the templates. */
  readonly statements: readonly Statement[];
}

/** A Lambda function that runs an image. */
export interface ImageFunction extends Place {
  readonly image: string;
}

/** Reads the templates of an app, or of several. */
export function modelOf(templates: readonly StackTemplate[]): AccessModel {
  const exports = new Exports();
  const stacks = templates.map((template) => new StackScope(template, exports));
  const scopes = stacks.flatMap(withNested);
  scopes.forEach((scope) => exports.add(scope));
  const policies = scopes.flatMap(policiesOf);
  return {
    stacks: stacks.map(({ stack: { path, account, region } }) => ({ path, account, region })),
    repositories: scopes.flatMap((scope) => resourcesOf(scope, 'AWS::ECR::Repository').map(([id, resource]) => repositoryOf(scope, id, resource))),
    roles: scopes.flatMap((scope) => resourcesOf(scope, 'AWS::IAM::Role').map(([id, resource]) => roleOf(scope, id, resource, policies))),
    functions: scopes.flatMap((scope) => resourcesOf(scope, 'AWS::Lambda::Function').flatMap(([, resource]) => imageFunctionOf(scope, resource))),
  };
}

function withNested(scope: StackScope): StackScope[] {
  return [scope, ...[...scope.stack.nested.keys()].flatMap((logicalId) => withNested(scope.nestedScope(logicalId)!))];
}

function resourcesOf({ stack }: StackScope, ...types: string[]): Array<[string, Resource]> {
  return [...stack.resources].filter(([, { type }]) => types.includes(type));
}

function placeOf({ stack: { account, region } }: StackScope, { path }: Resource): Place {
  return { path, account, region };
}

function repositoryOf(scope: StackScope, logicalId: string, resource: Resource): Repository {
  const policy = documentOf(scope.resolve(resource.properties.RepositoryPolicyText));
  return {
    ...placeOf(scope, resource),
    arn: scope.arnOf(logicalId),
    name: scope.nameOf(resource),
    statements: statementsOf(policy),
    policySize: policy ? sizeOfPolicy({ ...policy, Statement: listOf(policy.Statement).filter(isFields) }).characters : 0,
  };
}

function roleOf(scope: StackScope, logicalId: string, resource: Resource, policies: readonly Policy[]): Role {
  const arn = scope.arnOf(logicalId);
  const properties = fieldsOf(scope.resolve(resource.properties));
  const managed = textsOf(properties.ManagedPolicyArns);
  const inline = listOf(properties.Policies).map((policy) => fieldsOf(policy).PolicyDocument);
  const attached = policies.filter(({ id, place, roles }) => managed.includes(id)
    || (place.account === scope.stack.account && roles.includes(scope.nameOf(resource))));
  return {
    ...placeOf(scope, resource),
    arn,
    name: arn.replace(/^[^/]*\//, ''),
    trusts: statementsOf(properties.AssumeRolePolicyDocument),
    statements: [...inline, ...attached.map(({ document }) => document)].flatMap(statementsOf),
  };
}

/** A policy that is a resource of its own. */
interface Policy {
  /** What a managed policy is called where it is attached from the role's side. */
  readonly id: string;
  readonly place: Place;
  /** The names of the roles that it is attached to from its own side. */
  readonly roles: readonly string[];
  readonly document: unknown;
}

function policiesOf(scope: StackScope): Policy[] {
  return resourcesOf(scope, 'AWS::IAM::Policy', 'AWS::IAM::RolePolicy', 'AWS::IAM::ManagedPolicy').map(([logicalId, resource]) => {
    const { Roles: roles, RoleName: role, PolicyDocument: document } = fieldsOf(scope.resolve(resource.properties));
    return { id: textOf(scope.reference(logicalId)), place: placeOf(scope, resource), roles: textsOf(roles ?? role), document };
  });
}

function imageFunctionOf(scope: StackScope, resource: Resource): ImageFunction[] {
  const image = fieldsOf(scope.resolve(resource.properties.Code)).ImageUri;
  return image === undefined ? [] : [{ ...placeOf(scope, resource), image: textOf(image) }];
}

/** A policy may be given as an object or as its text. */
function documentOf(value: unknown): Fields | undefined {
  if (typeof value !== 'string') {
    return isFields(value) ? value : undefined;
  }
  try {
    return documentOf(JSON.parse(value));
  } catch {
    return undefined;
  }
}
