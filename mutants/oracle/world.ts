import { DeployedResource, Json } from './deploy';
import { isLike, listOf } from './iam';

/** What is deployed, by what it means for images. */
export interface World {
  readonly resources: readonly DeployedResource[];
  readonly roles: ReadonlyMap<string, Role>;
  readonly repositories: ReadonlyMap<string, Repository>;
  readonly registries: readonly Registry[];
  readonly sites: readonly Site[];
}

export interface Role {
  readonly resource: DeployedResource;
  readonly trust: readonly Json[];
  readonly statements: readonly Json[];
  readonly boundary?: readonly Json[];
}

export interface Repository {
  readonly resource: DeployedResource;
  readonly statements: readonly Json[];
}

export interface Registry {
  readonly account: string;
  readonly region: string;
  readonly statements: readonly Json[];
  readonly policies: readonly DeployedResource[];
  readonly configurations: readonly DeployedResource[];
  readonly templates: readonly DeployedResource[];
  readonly caches: readonly DeployedResource[];
}

export interface Image {
  readonly host: string;
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

export interface Site {
  readonly resource: DeployedResource;
  readonly image: Image;
  /** The ARN of the role that pulls; undefined for AWS Lambda, which pulls itself. */
  readonly role?: string;
  /** What must be able to assume it; undefined if nothing in sight tells. */
  readonly assumedBy?: string;
  /** What is done on the repository, if it is not a pull as all are. */
  readonly needed?: readonly string[];
  /** What the role's own policies must allow besides. */
  readonly besides?: ReadonlyArray<{ readonly action: string; readonly resource: string }>;
}

/** What AWS manages, as far as the apps use it: what it allows on every repository. */
const MANAGED: Readonly<Record<string, readonly string[]>> = {
  'arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly': [
    'ecr:GetAuthorizationToken', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchImportUpstreamImage',
  ],
  'arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly': [
    'ecr:GetAuthorizationToken', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchCheckLayerAvailability', 'ecr:DescribeImages',
  ],
  'arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy': [
    'ecr:GetAuthorizationToken', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchCheckLayerAvailability',
  ],
};

export function worldOf(resources: readonly DeployedResource[]): World {
  const of = (...types: string[]) => resources.filter(({ type }) => types.includes(type));
  const roles = new Map(of('AWS::IAM::Role').map((resource) => [resource.arn, roleOf(resource, of('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'))]));
  const repositories = of('AWS::ECR::Repository').map((resource) => (
    [resource.arn, { resource, statements: statementsOf(resource.properties.RepositoryPolicyText) }] as const));
  const sites = [...resources.flatMap(sitesOf), ...of('AWS::EKS::Nodegroup', 'AWS::EKS::FargateProfile').flatMap((nodes) => sitesOfNodes(nodes, resources))];
  return {
    resources,
    roles,
    repositories: new Map(repositories),
    registries: registriesOf(resources),
    sites: [...sites, ...sitesOfRoles(roles, sites)],
  };
}

export function statementsOf(document: Json): Json[] {
  return [(typeof document === 'string' ? JSON.parse(document) : document)?.Statement ?? []].flat();
}

function roleOf(resource: DeployedResource, policies: readonly DeployedResource[]): Role {
  const { ManagedPolicyArns: managed, Policies: inline, PermissionsBoundary: boundary, AssumeRolePolicyDocument: trust } = resource.properties;
  const ofManaged = (arn: string) => {
    const own = policies.find((policy) => policy.arn === arn && policy.type === 'AWS::IAM::ManagedPolicy');
    return own ? statementsOf(own.properties.PolicyDocument) : [{ Effect: 'Allow', Action: MANAGED[arn] ?? [], Resource: '*' }];
  };
  const attached = policies.filter(({ account, properties }) => account === resource.account && listOf(properties.Roles).includes(resource.name));
  return {
    resource,
    trust: statementsOf(trust),
    statements: [
      ...[inline ?? []].flat().flatMap(({ PolicyDocument: document }: Json) => statementsOf(document)),
      ...attached.flatMap(({ properties }) => statementsOf(properties.PolicyDocument)),
      ...listOf(managed).flatMap(ofManaged),
    ],
    ...(boundary !== undefined && { boundary: ofManaged(boundary) }),
  };
}

function registriesOf(resources: readonly DeployedResource[]): Registry[] {
  const places = [...new Set(resources.filter(({ type }) => type.startsWith('AWS::ECR::')).map(({ account, region }) => `${account} ${region}`))];
  return places.map((place) => {
    const here = (type: string) => resources.filter((one) => one.type === type && `${one.account} ${one.region}` === place);
    const policies = here('AWS::ECR::RegistryPolicy');
    const [account, region] = place.split(' ');
    return {
      account,
      region,
      policies,
      // Which of two will be there nobody knows: the second one is an error of its own.
      statements: statementsOf(policies[0]?.properties.PolicyText),
      configurations: here('AWS::ECR::ReplicationConfiguration'),
      templates: here('AWS::ECR::RepositoryCreationTemplate'),
      caches: here('AWS::ECR::PullThroughCacheRule'),
    };
  });
}

export function registryAt({ registries }: World, account: string, region: string): Registry | undefined {
  return registries.find((registry) => registry.account === account && registry.region === region);
}

export function imageOf(text: unknown): Image | undefined {
  const [, host, account, region, name] = /^((\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.[^/]+)\/([^:@]+)/.exec(String(text)) ?? [];
  return host === undefined ? undefined : { host, account, region, name };
}

/** What the resources that run images say; the roles as the properties name them. */
function sitesOf(resource: DeployedResource): Site[] {
  const { properties } = resource;
  const sites = (images: readonly unknown[], role: Json, assumedBy?: string) => images.flatMap((text) => {
    const image = imageOf(text);
    return image && (role !== undefined || resource.type === 'AWS::Lambda::Function') ? [{ resource, image, role, assumedBy }] : [];
  });
  const imagesIn = (containers: Json) => [containers ?? []].flat().map(({ Image: image }: Json) => image);
  switch (resource.type) {
    case 'AWS::ECS::TaskDefinition': return sites(imagesIn(properties.ContainerDefinitions), properties.ExecutionRoleArn, 'ecs-tasks.amazonaws.com');
    case 'AWS::Lambda::Function': return sites([properties.Code?.ImageUri], undefined);
    case 'AWS::Batch::JobDefinition': {
      const container = properties.ContainerProperties;
      return container ? sites([container.Image], container.ExecutionRoleArn, 'ecs-tasks.amazonaws.com') : [];
    }
    case 'AWS::SageMaker::Model':
      return sites(imagesIn([properties.PrimaryContainer ?? [], properties.Containers ?? []].flat()), properties.ExecutionRoleArn, 'sagemaker.amazonaws.com');
    case 'AWS::CodeBuild::Project': return sites([properties.Environment.Image], properties.ServiceRole, 'codebuild.amazonaws.com');
    case 'AWS::AppRunner::Service': {
      const { ImageRepository: repository, AuthenticationConfiguration: authentication } = properties.SourceConfiguration;
      return sites([repository.ImageIdentifier], authentication?.AccessRoleArn, 'build.apprunner.amazonaws.com');
    }
    default: return [];
  }
}

/** The nodes of a cluster run whatever the manifests of the cluster say. */
function sitesOfNodes(nodes: DeployedResource, resources: readonly DeployedResource[]): Site[] {
  const isNodegroup = nodes.type === 'AWS::EKS::Nodegroup';
  const { ClusterName: cluster, NodeRole: nodeRole, PodExecutionRoleArn: podRole } = nodes.properties;
  return resources
    .filter(({ type, properties }) => type === 'Custom::AWSCDK-EKS-KubernetesResource' && properties.ClusterName === cluster)
    .flatMap(({ properties }) => [...String(properties.Manifest).matchAll(/"image":"([^"]+)"/g)].flatMap(([, text]) => imageOf(text) ?? []))
    .map((image) => ({
      resource: nodes, image, role: isNodegroup ? nodeRole : podRole, assumedBy: isNodegroup ? 'ec2.amazonaws.com' : 'eks-fargate-pods.amazonaws.com',
    }));
}

/** What a role was made to pull, where nothing in sight pulls with it. */
function sitesOfRoles(roles: ReadonlyMap<string, Role>, sites: readonly Site[]): Site[] {
  const seen = new Set(sites.map(({ role, image }) => `${role} ${arnOf(image)}`));
  return [...roles].flatMap(([role, { resource, statements }]) => statements
    .filter(({ Sid: sid }) => /^Pull(Images|ThroughCache)\d*$/.test(sid))
    .flatMap(({ Resource: arns }) => listOf(arns))
    .filter((arn) => isLike('arn:aws:ecr:*:repository/*', arn) && !arn.includes('*') && !seen.has(`${role} ${arn}`))
    .map((arn) => {
      const [,,, region, account, name] = arn.split(':');
      return { resource, role, image: { host: '', account, region, name: name.replace('repository/', '') } };
    }));
}

export function arnOf({ account, region, name }: Image): string {
  return `arn:aws:ecr:${region}:${account}:repository/${name}`;
}

/** The template by which Amazon ECR would make a repository that is a replica, or in a cache: that with the longest prefix. */
export function templateFor(arn: string, world: World): DeployedResource | undefined {
  const [,,, region, account, repository] = arn.split(':');
  const name = repository.replace('repository/', '');
  const registry = registryAt(world, account, region);
  const rules = world.registries.flatMap(({ configurations }) => configurations.slice(0, 1).flatMap(rulesOf));
  const isReplica = rules.some(({ destinations, prefixes }) => (
    destinations.some((destination) => destination.account === account && destination.region === region)
    && prefixes.some((prefix) => name.startsWith(prefix))));
  const isCached = registry?.caches.some(({ properties }) => isBelow(name, properties.EcrRepositoryPrefix));
  const reason = isReplica ? 'REPLICATION' : isCached ? 'PULL_THROUGH_CACHE' : undefined;
  return (registry?.templates ?? [])
    .filter(({ properties }) => reason !== undefined && properties.AppliedFor.includes(reason) && isBelow(name, properties.Prefix))
    .sort((a, b) => b.properties.Prefix.length - a.properties.Prefix.length)[0];
}

/** A prefix is for what is below it, with or without a slash at its end. */
export function isBelow(name: string, prefix: string): boolean {
  return prefix === 'ROOT' || name.startsWith(`${prefix.replace(/\/$/, '')}/`);
}

export interface ReplicationRule {
  readonly destinations: ReadonlyArray<{ readonly account: string; readonly region: string }>;
  /** `''` is for all. */
  readonly prefixes: readonly string[];
}

export function rulesOf({ properties }: DeployedResource): ReplicationRule[] {
  return properties.ReplicationConfiguration.Rules.map(({ Destinations: destinations, RepositoryFilters: filters = [{ Filter: '' }] }: Json) => ({
    destinations: destinations.map(({ RegistryId: account, Region: region }: Json) => ({ account, region })),
    prefixes: filters.map(({ Filter: prefix }: Json) => prefix),
  }));
}
