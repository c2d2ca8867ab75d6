import { cacheSitesOf } from './cache-sites';
import { clusterSitesOf } from './cluster-sites';
import { Place, placeOf, RegistryPlace, resourcesOf } from './places';
import { Policy, policyOf } from './policy-document';
import { PullSite, pullSitesOf, roleSitesOf } from './pull-sites';
import { registriesOf, Registry } from './registries';
import { Role, rolesOf, tagsOf } from './roles';
import { Exports, StackScope } from '../template/stack-scope';
import { Resource, StackTemplate } from '../template/template';
import { Assumption, inEveryWorld, UNDECIDED, World } from '../template/worlds';

/** What the templates say about images: who owns them, and who uses them. */
export interface AccessModel {
  readonly stacks: readonly DeployedStack[];
  readonly repositories: readonly Repository[];
  readonly registries: readonly Registry[];
  readonly roles: readonly Role[];
  readonly sites: readonly PullSite[];
  /** What is taken for granted of conditions that nobody can decide before the deployment: there is a model for each way that they may turn out. */
  readonly assumptions: readonly Assumption[];
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

/**
 * Reads the templates of an app, or of several: as many models as there are ways for their conditions to turn out, as a rule one, and 64 at most. With
 * more conditions than give so many, what hangs on those that are left over counts as there, and the values that they choose between as unknown.
 */
export function modelsOf(templates: readonly StackTemplate[]): AccessModel[] {
  return inEveryWorld((world, assumptions) => ({ ...modelOf(templates, world), assumptions }));
}

/** Reads the templates as they will be in one world; without one, with all that may be there. */
export function modelOf(templates: readonly StackTemplate[], world: World = UNDECIDED): AccessModel {
  const exports = new Exports(world);
  const stacks = templates.map((template) => new StackScope(template, exports));
  const families = stacks.map(withNested);
  const scopes = families.flat();
  scopes.forEach((scope) => exports.add(scope));
  const roles = rolesOf(scopes);
  const registries = registriesOf(families);
  const ofResources = [...scopes.flatMap(pullSitesOf), ...clusterSitesOf(scopes)];
  const sites = [...ofResources, ...roleSitesOf(roles, ofResources)];
  return {
    stacks: stacks.map(({ stack: { path, account, region, after } }) => ({ path, account, region, after })),
    repositories: scopes.flatMap((scope) => resourcesOf(scope, 'AWS::ECR::Repository').map(([id, resource]) => repositoryOf(scope, id, resource))),
    registries,
    roles,
    sites: [...sites, ...cacheSitesOf(sites, registries)],
    assumptions: [],
  };
}

function withNested(scope: StackScope): StackScope[] {
  const { nested, resources } = scope.stack;
  const deployed = [...nested.keys()].filter((logicalId) => scope.has(resources.get(logicalId)!));
  return [scope, ...deployed.flatMap((logicalId) => withNested(scope.nestedScope(logicalId)!))];
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
