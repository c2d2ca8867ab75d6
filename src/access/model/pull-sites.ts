import { Address, addressOf } from './addresses';
import { ImageReference, imageReferenceOf } from './image-reference';
import { Place, placeOf, resourcesOf } from './places';
import { Role } from './roles';
import { StackScope } from '../template/stack-scope';
import { Fields, fieldsOf, isFields, listOf, textOf } from '../template/template';

/** What runs images, and so what pulls them. */
export type Runtime =
  'ECS task' | 'Lambda function' | 'App Runner service' | 'CodeBuild project' | 'Batch job' | 'SageMaker model'
  | 'EKS node group' | 'EKS Fargate profile' | 'CodePipeline source' | 'pull role';

/** Who pulls: a role, by its ARN, or a service of AWS on behalf of a resource; or nobody knows, and `why`. */
export type Puller =
  | { readonly type: 'role'; readonly arn: string }
  | { readonly type: 'service'; readonly service: string; readonly sourceArn: string }
  | { readonly type: 'unknown'; readonly why: string };

/** A place in a template where an image will be pulled. */
export interface PullSite extends Place {
  readonly runtime: Runtime;
  readonly image: ImageReference;
  readonly puller: Puller;
}

/** All images of private registries that the resources of a stack run. */
export function pullSitesOf(scope: StackScope): PullSite[] {
  return Object.entries(READERS).flatMap(([type, read]) => resourcesOf(scope, type).flatMap(([logicalId, resource]) => (
    read(fieldsOf(scope.resolve(resource.properties)), scope, logicalId).flatMap(({ runtime, image, puller }) => {
      const reference = imageReferenceOf(image);
      return reference ? [{ ...placeOf(scope, resource), runtime, image: reference, puller }] : [];
    }))));
}

interface Found {
  readonly runtime: Runtime;
  readonly image: string;
  readonly puller: Puller;
}

/** How resources say what they run, and by whom. */
const READERS: Readonly<Record<string, (properties: Fields, scope: StackScope, logicalId: string) => Found[]>> = {
  'AWS::ECS::TaskDefinition': ({ ContainerDefinitions: containers, ExecutionRoleArn: role }) => (
    imagesOf(containers).map((image) => ({ runtime: 'ECS task', image, puller: roleOr(role, 'the task has no execution role, so the role of the instance pulls') }))),

  'AWS::Lambda::Function': ({ Code: code }, scope, logicalId) => textIn(code, 'ImageUri').map((image) => (
    { runtime: 'Lambda function', image, puller: { type: 'service', service: 'lambda.amazonaws.com', sourceArn: scope.arnOf(logicalId) } })),

  'AWS::AppRunner::Service': ({ SourceConfiguration: source }) => {
    const { ImageRepository: repository, AuthenticationConfiguration: authentication } = fieldsOf(source);
    return fieldsOf(repository).ImageRepositoryType !== 'ECR' ? [] : textIn(repository, 'ImageIdentifier').map((image) => (
      { runtime: 'App Runner service', image, puller: roleOr(fieldsOf(authentication).AccessRoleArn, 'the service has no access role') }));
  },

  'AWS::CodeBuild::Project': ({ Environment: environment, ServiceRole: role }, scope, logicalId) => textIn(environment, 'Image').map((image) => ({
    runtime: 'CodeBuild project',
    image,
    puller: fieldsOf(environment).ImagePullCredentialsType === 'SERVICE_ROLE'
      ? roleOr(role, 'the project has no service role')
      : { type: 'service', service: 'codebuild.amazonaws.com', sourceArn: scope.arnOf(logicalId) },
  })),

  'AWS::Batch::JobDefinition': (properties) => batchContainersOf(properties).flatMap(({ image, role }) => textOr(image).map((text) => (
    { runtime: 'Batch job', image: text, puller: roleOr(role, 'the job has no execution role, so the role of the instance pulls') }))),

  'AWS::SageMaker::Model': ({ PrimaryContainer: primary, Containers: containers, ExecutionRoleArn: role }) => (
    imagesOf([primary, ...listOf(containers)]).map((image) => ({ runtime: 'SageMaker model', image, puller: roleOr(role, 'the model has no execution role') }))),

  'AWS::CodePipeline::Pipeline': ({ Stages: stages, RoleArn: role }, { stack }) => listOf(stages).map(fieldsOf)
    .flatMap(({ Actions: actions }) => listOf(actions).map(fieldsOf))
    .filter(({ ActionTypeId: action }) => fieldsOf(action).Category === 'Source' && fieldsOf(action).Provider === 'ECR')
    .flatMap(({ Configuration: configuration, RoleArn: own }) => textIn(configuration, 'RepositoryName').map((name) => ({
      runtime: 'CodePipeline source' as const,
      // The action knows no account and no Region: the repository is where the pipeline is.
      image: `${stack.account}.dkr.ecr.${stack.region}.amazonaws.com/${name}`,
      puller: roleOr(own ?? role, 'the pipeline has no role'),
    }))),
};

function imagesOf(containers: unknown): string[] {
  return listOf(containers).flatMap((container) => textIn(container, 'Image'));
}

interface Container {
  readonly image: unknown;
  readonly role: unknown;
}

function batchContainersOf({ ContainerProperties: container, EcsProperties: ecs, NodeProperties: nodes }: Fields): Container[] {
  const ofContainer = (properties: unknown) => ({ image: fieldsOf(properties).Image, role: fieldsOf(properties).ExecutionRoleArn });
  const ofEcs = (properties: unknown) => listOf(fieldsOf(properties).TaskProperties).map(fieldsOf)
    .flatMap(({ Containers: containers, ExecutionRoleArn: role }) => listOf(containers).map((one) => ({ image: fieldsOf(one).Image, role })));
  return [
    ofContainer(container),
    ...ofEcs(ecs),
    ...listOf(fieldsOf(nodes).NodeRangeProperties).map(fieldsOf)
      .flatMap(({ Container: ofNode, EcsProperties: ecsOfNode }) => [ofContainer(ofNode), ...ofEcs(ecsOfNode)]),
  ];
}

/** What Kubernetes runs: every image of a cluster's manifests may run on any of its nodes. */
export function clusterSitesOf(scopes: readonly StackScope[]): PullSite[] {
  const images = scopes.flatMap(imagesOfManifests);
  return scopes.flatMap(clusterNodesOf).flatMap(({ cluster, ...nodes }) => images
    .filter((manifest) => manifest.cluster === cluster)
    .map(({ image }) => ({ ...nodes, image })));
}

/** The images of the Kubernetes manifests of a stack, by the name of the cluster. */
function imagesOfManifests(scope: StackScope): Array<{ readonly cluster: string; readonly image: ImageReference }> {
  return resourcesOf(scope, 'Custom::AWSCDK-EKS-KubernetesResource').flatMap(([, resource]) => {
    const { Manifest: manifest, ClusterName: cluster } = fieldsOf(scope.resolve(resource.properties));
    return imagesIn(parsed(manifest)).map((image) => ({ cluster: textOf(cluster), image }));
  });
}

/** A node group or a Fargate profile: whatever runs in its cluster may run there. */
interface ClusterNodes extends Place {
  readonly runtime: 'EKS node group' | 'EKS Fargate profile';
  readonly cluster: string;
  readonly puller: Puller;
}

function clusterNodesOf(scope: StackScope): ClusterNodes[] {
  const nodes = (type: string, runtime: ClusterNodes['runtime'], roleName: string): ClusterNodes[] => resourcesOf(scope, type).map(([, resource]) => {
    const properties = fieldsOf(scope.resolve(resource.properties));
    const { ClusterName: cluster, Config: config } = properties;
    const role = properties[roleName] ?? fieldsOf(config)[`${roleName[0].toLowerCase()}${roleName.slice(1)}`];
    return { ...placeOf(scope, resource), runtime, cluster: textOf(cluster ?? fieldsOf(config).clusterName), puller: roleOr(role, 'it has no role') };
  });
  return [
    ...nodes('AWS::EKS::Nodegroup', 'EKS node group', 'NodeRole'),
    ...nodes('AWS::EKS::FargateProfile', 'EKS Fargate profile', 'PodExecutionRoleArn'),
    ...nodes('Custom::AWSCDK-EKS-FargateProfile', 'EKS Fargate profile', 'PodExecutionRoleArn'),
  ];
}

/** Every text called `image` in a manifest that names one of a private registry. */
function imagesIn(value: unknown): ImageReference[] {
  if (Array.isArray(value)) {
    return value.flatMap(imagesIn);
  }
  return Object.entries(fieldsOf(value)).flatMap(([key, inner]) => (
    key === 'image' && typeof inner === 'string' ? imageReferenceOf(inner) ?? [] : imagesIn(inner)));
}

function parsed(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : text;
  } catch {
    return undefined;
  }
}

function textIn(value: unknown, name: string): string[] {
  return textOr(isFields(value) ? value[name] : undefined);
}

function textOr(value: unknown): string[] {
  return typeof value === 'string' ? [value] : [];
}

function roleOr(arn: unknown, why: string): Puller {
  return typeof arn === 'string' ? { type: 'role', arn } : { type: 'unknown', why };
}

/** The statements by which a `CrossAccountPullRole` says what it pulls. */
const PULLS = /^Pull(Images|ThroughCache)\d*$/;

/** What roles were made to pull, where no resource in sight does: what runs on the nodes of a cluster, Kubernetes knows. */
export function roleSitesOf(roles: readonly Role[], sites: readonly PullSite[]): PullSite[] {
  const seen = new Set(sites.map(({ puller, image }) => `${puller.type === 'role' ? puller.arn : ''} ${keyOf(image)}`));
  return roles.flatMap(({ path, account, region, stack, file, logicalId, arn, statements }) => statements
    .filter(({ sid }) => PULLS.test(sid))
    .flatMap(({ resources }) => resources.flatMap((resource) => addressOf(resource) ?? []))
    .filter((address) => !address.repository.includes('*') && !seen.has(`${arn} ${keyOf(address)}`))
    .map((address) => ({ path, account, region, stack, file, logicalId, runtime: 'pull role' as const, image: address, puller: { type: 'role' as const, arn } })));
}

function keyOf({ account, region, repository }: Address): string {
  return `${account} ${region} ${repository}`;
}
