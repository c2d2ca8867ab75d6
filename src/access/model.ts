import { Place, placeOf, resourcesOf } from './places';
import { Policy, policyOf, Statement, statementsOf } from './policy-document';
import { registriesOf, Registry } from './registries';
import { Exports, StackScope } from './stack-scope';
import { fieldsOf, listOf, Resource, StackTemplate, textOf, textsOf } from './template';

/** What the templates say about images: who owns them, and who uses them. */
export interface AccessModel {
  readonly stacks: readonly DeployedStack[];
  readonly repositories: readonly Repository[];
  readonly registries: readonly Registry[];
  readonly roles: readonly Role[];
  readonly functions: readonly ImageFunction[];
}

export interface DeployedStack extends Place {
  /** The paths of the stacks that the CDK deploys before this one. */
  readonly after: readonly string[];
}

export interface Repository extends Place {
  readonly arn: string;
  readonly name: string;
  readonly policy: Policy;
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
  const families = stacks.map(withNested);
  const scopes = families.flat();
  scopes.forEach((scope) => exports.add(scope));
  const policies = scopes.flatMap(policiesOf);
  return {
    stacks: stacks.map(({ stack: { path, account, region, after } }) => ({ path, account, region, after })),
    repositories: scopes.flatMap((scope) => resourcesOf(scope, 'AWS::ECR::Repository').map(([id, resource]) => repositoryOf(scope, id, resource))),
    registries: registriesOf(families),
    roles: scopes.flatMap((scope) => resourcesOf(scope, 'AWS::IAM::Role').map(([id, resource]) => roleOf(scope, id, resource, policies))),
    functions: scopes.flatMap((scope) => resourcesOf(scope, 'AWS::Lambda::Function').flatMap(([, resource]) => imageFunctionOf(scope, resource))),
  };
}

function withNested(scope: StackScope): StackScope[] {
  return [scope, ...[...scope.stack.nested.keys()].flatMap((logicalId) => withNested(scope.nestedScope(logicalId)!))];
}

function repositoryOf(scope: StackScope, logicalId: string, resource: Resource): Repository {
  return {
    ...placeOf(scope, resource),
    arn: scope.arnOf(logicalId),
    name: scope.nameOf(resource),
    policy: policyOf(scope.resolve(resource.properties.RepositoryPolicyText)),
  };
}

function roleOf(scope: StackScope, logicalId: string, resource: Resource, policies: readonly AttachedPolicy[]): Role {
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
interface AttachedPolicy {
  /** What a managed policy is called where it is attached from the role's side. */
  readonly id: string;
  readonly place: Place;
  /** The names of the roles that it is attached to from its own side. */
  readonly roles: readonly string[];
  readonly document: unknown;
}

function policiesOf(scope: StackScope): AttachedPolicy[] {
  return resourcesOf(scope, 'AWS::IAM::Policy', 'AWS::IAM::RolePolicy', 'AWS::IAM::ManagedPolicy').map(([logicalId, resource]) => {
    const { Roles: roles, RoleName: role, PolicyDocument: document } = fieldsOf(scope.resolve(resource.properties));
    return { id: textOf(scope.reference(logicalId)), place: placeOf(scope, resource), roles: textsOf(roles ?? role), document };
  });
}

function imageFunctionOf(scope: StackScope, resource: Resource): ImageFunction[] {
  const image = fieldsOf(scope.resolve(resource.properties.Code)).ImageUri;
  return image === undefined ? [] : [{ ...placeOf(scope, resource), image: textOf(image) }];
}
