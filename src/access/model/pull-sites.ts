import { Address, addressOf } from './addresses';
import { ImageReference, imageReferenceOf } from './image-reference';
import { Place, placeIn, placeOf, resourcesOf } from './places';
import { Role } from './roles';
import { CODE_BUILD_SERVICE, LAMBDA_SERVICE } from '../../policy/services';
import { StackScope } from '../template/stack-scope';
import { Fields, fieldsOf, isFields, listOf, textOf, textsOf } from '../template/template';
import { isKnown, parseArn, unknownValue } from '../template/text-patterns';

/**
 * What runs images, and so what pulls them. AWS Lambda is here twice: whoever deploys a function needs the image then, and the service fetches it
 * again later. So is what pulls through a cache: the cache itself pulls from its upstream.
 */
export type Runtime =
  'ECS task' | 'Lambda function' | 'Lambda deployment' | 'App Runner service' | 'CodeBuild project' | 'Batch job' | 'SageMaker model'
  | 'EKS node group' | 'EKS Auto Mode' | 'EKS Fargate profile' | 'Kubernetes manifest' | 'Helm chart' | 'CodePipeline source' | 'pull-through cache'
  | 'pull role';

/** Who pulls: a role, by its ARN, or a service of AWS on behalf of a resource; or nobody knows, and `why`. */
export type Puller =
  | { readonly type: 'role'; readonly arn: string }
  | { readonly type: 'service'; readonly service: string; readonly sourceArn: string }
  | { readonly type: 'unknown'; readonly why: string; readonly isNobody?: true };

/** A place in a template where an image will be pulled. */
export interface PullSite extends Place {
  readonly runtime: Runtime;
  readonly image: ImageReference;
  readonly puller: Puller;
  /** The ARN of what a service assumes the role for, where more of it can be told than its account and its Region. */
  readonly assumedFor?: string;
  /** The ARN of the role that assumes the one that pulls, where no service does. */
  readonly assumedBy?: string;
  /** The cluster, if the image may run on other nodes of it, too; `hasOthers`: on nodes that are none of the sites. */
  readonly cluster?: { readonly key: string; readonly hasOthers: boolean };
  /** The repository that a cache keeps the image in. */
  readonly keptIn?: Address;
}

/** All images of private registries that the resources of a stack run. */
export function pullSitesOf(scope: StackScope): PullSite[] {
  return Object.entries(READERS).flatMap(([type, read]) => resourcesOf(scope, type).flatMap(([logicalId, resource]) => distinct(
    read(fieldsOf(scope.resolve(resource.properties)), scope, logicalId).flatMap((found) => {
      const image = imageReferenceOf(found.image);
      return image ? [{ ...placeOf(scope, resource), ...found, image, puller: byItsArn(found.puller, scope) }] : [];
    }))));
}

/** Templates name roles by their names too, as `Ref` does, and services take that. */
function byItsArn(puller: Puller, scope: StackScope): Puller {
  if (puller.type !== 'role' || puller.arn.startsWith('arn:')) {
    return puller;
  }
  const [logicalId] = resourcesOf(scope, 'AWS::IAM::Role').find(([, role]) => scope.nameOf(role) === puller.arn) ?? [];
  const named = isKnown(puller.arn) ? `arn:${scope.partition}:iam::${scope.stack.account}:role/${puller.arn}` : puller.arn;
  return { type: 'role', arn: logicalId === undefined ? named : scope.arnOf(logicalId) };
}

/** A site that pulls an image twice, or two tags of it, is one. */
export function distinct(sites: readonly PullSite[]): PullSite[] {
  return [...new Map(sites.map((site) => [JSON.stringify(site), site])).values()];
}

/** A pull as a reader finds it: the place is that of the resource. */
interface Found extends Pick<PullSite, 'runtime' | 'puller' | 'assumedFor' | 'assumedBy'> {
  readonly image: string;
}

/** How resources say what they run, and by whom. */
const READERS: Readonly<Record<string, (properties: Fields, scope: StackScope, logicalId: string) => Found[]>> = {
  'AWS::ECS::TaskDefinition': ({ ContainerDefinitions: containers, ExecutionRoleArn: role, RequiresCompatibilities: launchTypes }) => imagesOf(containers).map((image) => ({
    runtime: 'ECS task',
    image,
    puller: textsOf(launchTypes).includes(FARGATE) ? roleOrNobody(role, 'a task on AWS Fargate needs an execution role')
      : roleOr(role, 'the task has no execution role, so the role of the instance pulls'),
  })),

  'AWS::Lambda::Function': ({ Code: code }, scope, logicalId) => textIn(code, 'ImageUri').flatMap((image) => [
    { runtime: 'Lambda function', image, puller: { type: 'service', service: LAMBDA_SERVICE, sourceArn: scope.arnOf(logicalId) } },
    { runtime: 'Lambda deployment', image, puller: { type: 'role', arn: deployerOf(scope) } },
  ]),

  'AWS::AppRunner::Service': ({ SourceConfiguration: source }) => {
    const { ImageRepository: repository, AuthenticationConfiguration: authentication } = fieldsOf(source);
    return fieldsOf(repository).ImageRepositoryType !== 'ECR' ? [] : textIn(repository, 'ImageIdentifier').map((image) => (
      { runtime: 'App Runner service', image, puller: roleOrNobody(fieldsOf(authentication).AccessRoleArn, 'a service of AWS App Runner needs an access role') }));
  },

  'AWS::CodeBuild::Project': ({ Environment: environment, ServiceRole: role }, scope, logicalId) => textIn(environment, 'Image').map((image) => ({
    runtime: 'CodeBuild project',
    image,
    assumedFor: scope.arnOf(logicalId),
    puller: fieldsOf(environment).ImagePullCredentialsType === 'SERVICE_ROLE'
      ? roleOr(role, 'the project has no service role')
      : { type: 'service', service: CODE_BUILD_SERVICE, sourceArn: scope.arnOf(logicalId) },
  })),

  'AWS::Batch::JobDefinition': (properties) => [
    ...batchContainersOf(properties).flatMap(({ image, role }) => textOr(image).map((text) => (
      {
        runtime: 'Batch job' as const,
        image: text,
        puller: textsOf(properties.PlatformCapabilities).includes(FARGATE) ? roleOrNobody(role, 'a job on AWS Fargate needs an execution role')
          : roleOr(role, 'the job has no execution role, so the role of the instance pulls'),
      }))),
    ...imagesOf(batchPodContainersOf(properties)).map((image) => (
      { runtime: 'Batch job' as const, image, puller: { type: 'unknown' as const, why: 'the job runs on nodes of a cluster that are not in sight' } })),
  ],

  'AWS::SageMaker::Model': ({ PrimaryContainer: primary, Containers: containers, ExecutionRoleArn: role }) => (
    imagesOf([primary, ...listOf(containers)]).map((image) => ({ runtime: 'SageMaker model', image, puller: roleOr(role, 'the model has no execution role') }))),

  'AWS::CodePipeline::Pipeline': ({ Stages: stages, RoleArn: role }, { stack }) => listOf(stages).map(fieldsOf)
    .flatMap(({ Actions: actions }) => listOf(actions).map(fieldsOf))
    .filter(({ ActionTypeId: action }) => fieldsOf(action).Category === 'Source' && fieldsOf(action).Provider === 'ECR')
    .flatMap(({ Configuration: configuration, RoleArn: own }) => textIn(configuration, 'RepositoryName').map((name) => ({
      runtime: 'CodePipeline source' as const,
      // The action knows no account and no Region: the repository is in the Region of the pipeline, in the account of the role that looks it up.
      image: `${parseArn(textOf(own ?? role))?.account ?? stack.account}.dkr.ecr.${stack.region}.amazonaws.com/${name}`,
      puller: roleOr(own ?? role, 'the pipeline has no role'),
      ...(typeof own === 'string' && typeof role === 'string' && { assumedBy: role }),
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

/** The containers of a job that runs in a cluster of Amazon EKS, by itself or as one of many. */
function batchPodContainersOf({ EksProperties: eks, NodeProperties: nodes }: Fields): unknown[] {
  return [eks, ...listOf(fieldsOf(nodes).NodeRangeProperties).map((range) => fieldsOf(range).EksProperties)]
    .map((properties) => fieldsOf(fieldsOf(properties).PodProperties))
    .flatMap(({ Containers: containers, InitContainers: first }) => [...listOf(containers), ...listOf(first)]);
}

/** Whoever deploys a stack. If nothing tells the role, it is one of the account all the same. */
function deployerOf({ stack: { deployerRole, account, root }, partition }: StackScope): string {
  return deployerRole ?? `arn:${partition}:iam::${account}:role/${unknownValue(`the role that deploys ${root}`)}`;
}

function textIn(value: unknown, name: string): string[] {
  return textOr(isFields(value) ? value[name] : undefined);
}

function textOr(value: unknown): string[] {
  return typeof value === 'string' ? [value] : [];
}

export function roleOr(arn: unknown, why: string): Puller {
  return typeof arn === 'string' ? { type: 'role', arn } : { type: 'unknown', why };
}

/** The same where without a role nothing is pulled at all. */
function roleOrNobody(arn: unknown, why: string): Puller {
  const puller = roleOr(arn, why);
  return puller.type === 'unknown' ? { ...puller, isNobody: true } : puller;
}

const FARGATE = 'FARGATE';

/** The statements by which a `CrossAccountPullRole` says what it pulls. */
const PULLS = /^Pull(Images|ThroughCache)\d*$/;

/** What roles were made to pull, where no resource in sight does: what runs on the nodes of a cluster, Kubernetes knows. */
export function roleSitesOf(roles: readonly Role[], sites: readonly PullSite[]): PullSite[] {
  const seen = new Set(sites.map(({ puller, image }) => `${puller.type === 'role' ? puller.arn : ''} ${keyOf(image)}`));
  return roles.flatMap((role) => role.statements
    .filter(({ sid }) => PULLS.test(sid))
    .flatMap(({ resources }) => resources.flatMap((resource) => addressOf(resource) ?? []))
    .filter((address) => !address.repository.includes('*') && !seen.has(`${role.arn} ${keyOf(address)}`))
    .map((address) => ({ ...placeIn(role), runtime: 'pull role' as const, image: address, puller: { type: 'role' as const, arn: role.arn } })));
}

function keyOf({ account, region, repository }: Address): string {
  return `${account} ${region} ${repository}`;
}
