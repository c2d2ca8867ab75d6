import { Place, placeOf, RegistryPlace, resourcesOf } from './places';
import { Policy, policyOf } from './policy-document';
import { clusterSitesOf, PullSite, pullSitesOf, roleSitesOf } from './pull-sites';
import { registriesOf, Registry } from './registries';
import { Role, rolesOf, tagsOf } from './roles';
import { Exports, StackScope } from '../template/stack-scope';
import { Resource, StackTemplate } from '../template/template';

/** What the templates say about images: who owns them, and who uses them. */
export interface AccessModel {
  readonly stacks: readonly DeployedStack[];
  readonly repositories: readonly Repository[];
  readonly registries: readonly Registry[];
  readonly roles: readonly Role[];
  readonly sites: readonly PullSite[];
}

export interface DeployedStack extends RegistryPlace {
  readonly path: string;
  /** The paths of the stacks that the CDK deploys before this one. */
  readonly after: readonly string[];
}

export interface Repository extends Place {
  readonly arn: string;
  readonly name: string;
  readonly policy: Policy;
  readonly tags: ReadonlyMap<string, string>;
}

/** Reads the templates of an app, or of several. */
export function modelOf(templates: readonly StackTemplate[]): AccessModel {
  const exports = new Exports();
  const stacks = templates.map((template) => new StackScope(template, exports));
  const families = stacks.map(withNested);
  const scopes = families.flat();
  scopes.forEach((scope) => exports.add(scope));
  const roles = rolesOf(scopes);
  const sites = [...scopes.flatMap(pullSitesOf), ...clusterSitesOf(scopes)];
  return {
    stacks: stacks.map(({ stack: { path, account, region, after } }) => ({ path, account, region, after })),
    repositories: scopes.flatMap((scope) => resourcesOf(scope, 'AWS::ECR::Repository').map(([id, resource]) => repositoryOf(scope, id, resource))),
    registries: registriesOf(families),
    roles,
    sites: [...sites, ...roleSitesOf(roles, sites)],
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
    tags: tagsOf(scope.resolve(resource.properties.Tags)),
  };
}
