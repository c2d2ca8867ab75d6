import { CfnResource, Resource, Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { describe, isAgnostic, outermost, sameEnvironment } from '../halves/environment';
import { NoticeId, warn } from '../halves/notices';
import { groupBy } from '../policy/value';

/** What a registry has only once, or once for each prefix, which may not be in sight. */
const ONCE = new Map<string, { readonly what: string; readonly prefixOf?: (resource: CfnResource) => string | undefined }>([
  [ecr.CfnRegistryPolicy.CFN_RESOURCE_TYPE_NAME, { what: 'policy' }],
  [ecr.CfnReplicationConfiguration.CFN_RESOURCE_TYPE_NAME, { what: 'replication configuration' }],
  [ecr.CfnRepositoryCreationTemplate.CFN_RESOURCE_TYPE_NAME, {
    what: 'repository creation template',
    prefixOf: (resource) => (resource as Partial<ecr.CfnRepositoryCreationTemplate>).prefix?.replace(/\/$/, ''),
  }],
  [ecr.CfnPullThroughCacheRule.CFN_RESOURCE_TYPE_NAME, {
    what: 'pull-through cache rule',
    prefixOf: (resource) => (resource as Partial<ecr.CfnPullThroughCacheRule>).ecrRepositoryPrefix?.replace(/\/$/, ''),
  }],
]);

/** How many pull-through cache rules a registry may have. Not adjustable. */
const MOST_CACHES = 50;

/**
 * Whatever more than one resource of the app claims in a registry, those included that are not made by this library. Of two environment-agnostic
 * stacks nobody can tell whether they will be in one registry, so these are warned of.
 */
export function claimProblems(registry: Resource): string[] {
  const claims = registry.node.root.node.findAll()
    .filter((construct): construct is CfnResource => CfnResource.isCfnResource(construct) && ONCE.has(construct.cfnResourceType))
    .filter((resource) => sameEnvironment(Stack.of(resource), registry.env));
  const caches = claims.filter(({ cfnResourceType }) => cfnResourceType === ecr.CfnPullThroughCacheRule.CFN_RESOURCE_TYPE_NAME);
  const tooMany = caches.length <= MOST_CACHES || isAgnostic(registry.env) ? []
    : [`the registry of ${describe(registry.env)}, has ${caches.length} pull-through cache rules, but Amazon ECR allows ${MOST_CACHES}; let caches share a prefix of the upstream registry`];
  const groups = groupBy(claims.filter(isKnown), (resource) => `${resource.cfnResourceType} ${prefixOf(resource)}`);
  return [...tooMany, ...[...groups.values()].filter(({ length }) => length > 1).flatMap((claimants) => {
    const problem = problemOf(registry, claimants);
    if (isAgnostic(registry.env) && new Set(claimants.map((claimant) => outermost(Stack.of(claimant)))).size === claimants.length) {
      warn(registry, NoticeId.REGISTRY_CLAIMED_TWICE, `the stacks are environment-agnostic; if they are deployed to the same account and Region, ${problem}`);
      return [];
    }
    return [problem];
  })];
}

function prefixOf(resource: CfnResource): string | undefined {
  return ONCE.get(resource.cfnResourceType)!.prefixOf?.(resource);
}

/** Whether it can be told from others of its type. */
function isKnown(resource: CfnResource): boolean {
  return ONCE.get(resource.cfnResourceType)!.prefixOf === undefined || prefixOf(resource) !== undefined;
}

function problemOf(registry: Resource, claimants: readonly CfnResource[]): string {
  const { what } = ONCE.get(claimants[0].cfnResourceType)!;
  const prefix = prefixOf(claimants[0]);
  const paths = claimants.map((claimant) => `'${claimant.node.path}'`).sort();
  const where = isAgnostic(registry.env) ? 'a registry' : `the registry of ${describe(registry.env)},`;
  return `${where} has one ${what}${prefix === undefined ? '' : ` for the prefix "${prefix}"`}, but ${paths.join(' and ')} each declare it: `
    + 'at deployment the second fails, and to delete one deletes what the other wrote; '
    + remedyFor(claimants);
}

function remedyFor([first]: readonly CfnResource[]): string {
  const stack = `'${Stack.of(first).node.path}'`;
  switch (first.cfnResourceType) {
    case ecr.CfnRegistryPolicy.CFN_RESOURCE_TYPE_NAME:
      return `declare all of it in one stack, for example ${stack}: there, RegistryPullGrant, RegistryReplicationGrant, PullThroughCache and the scopes of replicateTo share one resource, `
        + 'and additionalStatements carries the statements of others';
    case ecr.CfnReplicationConfiguration.CFN_RESOURCE_TYPE_NAME:
      return `declare all of it in one stack, for example ${stack}: there, RegistryReplication and replicateTo share one resource, `
        + 'and replicateTo of repositories in other stacks puts its rule there with registryScope';
    default:
      return 'give one of them another prefix';
  }
}
