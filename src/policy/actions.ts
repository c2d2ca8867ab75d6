/**
 * The one place where ECR actions are listed. Everything else imports from here.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
 */

/** What `docker pull` and every container runtime need on a repository. */
export const PULL_ACTIONS: readonly string[] = [
  'ecr:BatchCheckLayerAvailability',
  'ecr:BatchGetImage',
  'ecr:GetDownloadUrlForLayer',
];

/** What AWS Lambda needs: the service itself, and whoever creates or updates the function. */
export const LAMBDA_ACTIONS: readonly string[] = [
  'ecr:BatchGetImage',
  'ecr:GetDownloadUrlForLayer',
];

/** What App Runner does before it pulls. */
export const DESCRIBE_ACTION = 'ecr:DescribeImages';

/** What App Runner needs: it describes an image before it pulls it. */
export const APP_RUNNER_PULL_ACTIONS: readonly string[] = [
  'ecr:BatchCheckLayerAvailability',
  'ecr:BatchGetImage',
  'ecr:DescribeImages',
  'ecr:GetDownloadUrlForLayer',
];

/** What `docker push` needs: the five upload actions, and `BatchGetImage` for the manifest check. */
export const PUSH_ACTIONS: readonly string[] = [
  'ecr:BatchCheckLayerAvailability',
  'ecr:BatchGetImage',
  'ecr:CompleteLayerUpload',
  'ecr:InitiateLayerUpload',
  'ecr:PutImage',
  'ecr:UploadLayerPart',
];

/** What scanners, Flux and Argo need: to list and to describe. */
export const READ_ACTIONS: readonly string[] = [
  'ecr:DescribeImages',
  'ecr:DescribeRepositories',
  'ecr:ListImages',
];

/** What the registry at the destination of a replication must let the source's account do. */
export const REPLICATION_ACTIONS: readonly string[] = [
  'ecr:CreateRepository',
  'ecr:ReplicateImage',
];

/** The same where the repositories are there already, and nobody else is to make new ones. */
export const REPLICATION_INTO_EXISTING_ACTIONS: readonly string[] = [
  'ecr:ReplicateImage',
];

/** What Amazon ECR needs to make and tag a repository from a template, and a source account to have it done by replication. */
export const CREATION_ACTIONS: readonly string[] = [
  'ecr:CreateRepository',
  'ecr:ReplicateImage',
  'ecr:TagResource',
];

/** What Amazon ECR needs to encrypt a repository that it makes with a customer's key. */
export const CREATION_KEY_ACTIONS: readonly string[] = [
  'kms:CreateGrant',
  'kms:DescribeKey',
  'kms:RetireGrant',
];

/** What the upstream of a cache must let the account of the cache do. */
export const PULL_THROUGH_ACTIONS: readonly string[] = [
  'ecr:BatchGetImage',
  'ecr:BatchImportUpstreamImage',
  'ecr:GetDownloadUrlForLayer',
  'ecr:GetImageCopyStatus',
];

/** What the role that fills a cache does at both ends, besides logging in. */
export const CACHE_FILL_ACTIONS: readonly string[] = [
  'ecr:BatchGetImage',
  'ecr:BatchImportUpstreamImage',
  'ecr:CompleteLayerUpload',
  'ecr:GetDownloadUrlForLayer',
  'ecr:GetImageCopyStatus',
  'ecr:InitiateLayerUpload',
  'ecr:PutImage',
  'ecr:UploadLayerPart',
];

/** What a pull from a cached repository takes: the image may have to be imported first. */
export const CACHE_PULL_ACTIONS: readonly string[] = [
  'ecr:BatchCheckLayerAvailability',
  'ecr:BatchGetImage',
  'ecr:BatchImportUpstreamImage',
  'ecr:GetDownloadUrlForLayer',
];

/** What the first pull takes besides: the repository is not there yet. */
export const CACHE_CREATE_ACTIONS: readonly string[] = [
  'ecr:BatchImportUpstreamImage',
  'ecr:CreateRepository',
];

/** What the first pull takes besides, where the repository is made with tags. */
export const TAG_ACTION = 'ecr:TagResource';

/** The login. It belongs to the account: only ever in an identity policy, and only on `*`. */
export const LOGIN_ACTION = 'ecr:GetAuthorizationToken';

/** What a grantee may be let do with a repository. */
export type GrantUse = 'pull' | 'push' | 'read' | 'pullByRegistry' | 'pullThrough' | 'pullFromCache' | 'createInCache';

export const ACTIONS_OF_USE: Record<GrantUse, readonly string[]> = {
  pull: PULL_ACTIONS,
  push: PUSH_ACTIONS,
  read: READ_ACTIONS,
  pullByRegistry: PULL_ACTIONS,
  pullThrough: PULL_THROUGH_ACTIONS,
  pullFromCache: CACHE_PULL_ACTIONS,
  createInCache: CACHE_CREATE_ACTIONS,
};

/** The sets of actions that have a name, in the order in which their statements stand in a policy. */
const PURPOSES: ReadonlyArray<{ readonly name: string; readonly actions: readonly string[] }> = [
  { name: 'Pull', actions: PULL_ACTIONS },
  { name: 'AppRunnerPull', actions: APP_RUNNER_PULL_ACTIONS },
  { name: 'LambdaDeploy', actions: LAMBDA_ACTIONS },
  { name: 'Push', actions: PUSH_ACTIONS },
  { name: 'Read', actions: READ_ACTIONS },
  { name: 'CachePull', actions: CACHE_PULL_ACTIONS },
  { name: 'CacheCreate', actions: CACHE_CREATE_ACTIONS },
  { name: 'PullThrough', actions: PULL_THROUGH_ACTIONS },
  { name: 'Replicate', actions: REPLICATION_ACTIONS },
  { name: 'ReplicateTagged', actions: CREATION_ACTIONS },
  { name: 'ReplicateIntoExisting', actions: REPLICATION_INTO_EXISTING_ACTIONS },
];

/** The key under which a set of actions is known: the same for every order and every repetition. */
export function actionsKey(actions: readonly string[]): string {
  return [...new Set(actions)].sort().join(' ');
}

/** The name of a set of actions and its place in a policy; undefined for a set of the user's own. */
export function purposeOf(key: string): { readonly name: string; readonly rank: number } | undefined {
  const rank = PURPOSES.findIndex((purpose) => actionsKey(purpose.actions) === key);
  return rank < 0 ? undefined : { name: PURPOSES[rank].name, rank };
}
