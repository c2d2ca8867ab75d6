import { added, changed, edited, editing, Location, locationsIn, Steps } from './faults/edit';
import { deploy, DeployedResource } from './oracle/deploy';
import { arnOf, Site, templateFor, World, worldOf } from './oracle/world';
import { Finding } from '../src/access/findings/finding';
import { StackTemplate } from '../src/access/template/template';

/** Templates with something pasted into them; undefined if there is nothing to paste it into. */
type Pasted = readonly StackTemplate[] | undefined;

/** The templates after somebody has done what a finding says. */
export function pasted(templates: readonly StackTemplate[], finding: Finding): Pasted {
  return finding.statements.reduce<Pasted>((before, { half, document, statements }) => (
    before && (half === 'owner' ? pastedAtOwner(before, finding, statements) : pastedAtRole(before, finding, document, statements))), templates);
}

function pastedAtOwner(templates: readonly StackTemplate[], { repository }: Finding, statements: readonly any[]): Pasted {
  const world = worldOf(deploy(templates));
  const [{ Resource: resource }] = statements;
  if (resource !== undefined) {
    return pastedAtRegistry(templates, world, [resource].flat()[0], statements);
  }
  const itself = world.repositories.get(repository!)?.resource;
  const owner = itself ?? templateFor(repository!, world);
  return owner && withStatements(templates, world, owner, [itself ? 'RepositoryPolicyText' : 'RepositoryPolicy'], statements);
}

/** The only statements with a resource on an owner's side are those of registries. */
function pastedAtRegistry(templates: readonly StackTemplate[], world: World, arn: string, statements: readonly object[]): Pasted {
  const [,,, region, account] = arn.split(':');
  const inPlace = (one: { account: string; region: string }) => one.account === account && one.region === region;
  const policy = world.resources.find((resource) => resource.type === 'AWS::ECR::RegistryPolicy' && inPlace(resource));
  if (policy) {
    return withStatements(templates, world, policy, ['PolicyText'], statements);
  }
  const anything = world.resources.find(inPlace);
  const properties = { PolicyText: { Version: '2012-10-17', Statement: statements } };
  return anything && added(templates, locationOf(templates, world, anything), { logicalId: 'Pasted', path: 'Pasted', type: 'AWS::ECR::RegistryPolicy', condition: undefined, properties });
}

function pastedAtRole(
  templates: readonly StackTemplate[], { rule, place, repository }: Finding, document: string, statements: readonly object[],
): Pasted {
  const world = worldOf(deploy(templates));
  const site = world.sites.find(({ resource: { path }, image }: Site) => path === place.path && arnOf(image) === repository);
  const cache = world.resources.find(({ path, type }) => path === place.path && type === 'AWS::ECR::PullThroughCacheRule');
  const role = world.roles.get(site?.role ?? cache?.properties.CustomRoleArn)?.resource;
  if (!role) {
    return undefined;
  }
  if (rule === 'role-not-assumable') {
    return withStatements(templates, world, role, ['AssumeRolePolicyDocument'], statements);
  }
  if (document.includes('permissions boundary')) {
    const boundary = world.resources.find(({ type, arn }) => type === 'AWS::IAM::ManagedPolicy' && arn === role.properties.PermissionsBoundary);
    return boundary ? withStatements(templates, world, boundary, ['PolicyDocument'], statements) : withBoundary(templates, world, role, statements);
  }
  return changed(templates, locationOf(templates, world, role), editing(['Policies'], (policies = []) => (
    [...policies, { PolicyName: 'Pasted', PolicyDocument: { Version: '2012-10-17', Statement: statements } }])));
}

/** A boundary that AWS manages nobody can add to: one of the app's own takes its place. */
function withBoundary(templates: readonly StackTemplate[], world: World, role: DeployedResource, statements: readonly object[]): StackTemplate[] {
  const boundary = { logicalId: 'PastedBoundary', path: 'PastedBoundary', type: 'AWS::IAM::ManagedPolicy', condition: undefined };
  const properties = { PolicyDocument: { Version: '2012-10-17', Statement: statements } };
  const location = locationOf(templates, world, role);
  return added(changed(templates, location, editing(['PermissionsBoundary'], () => ({ Ref: boundary.logicalId }))), location, { ...boundary, properties });
}

function withStatements(
  templates: readonly StackTemplate[], world: World, resource: DeployedResource, steps: Steps, statements: readonly object[],
): StackTemplate[] {
  return changed(templates, locationOf(templates, world, resource), editing(steps, (document = { Version: '2012-10-17' }) => (
    edited(document, ['Statement'], (before = []) => [...[before].flat(), ...statements]))));
}

/** What is deployed is in the order of the templates. */
function locationOf(templates: readonly StackTemplate[], { resources }: World, resource: DeployedResource): Location {
  return locationsIn(templates)[resources.indexOf(resource)];
}
