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

/** The login. It belongs to the account: only ever in an identity policy, and only on `*`. */
export const LOGIN_ACTION = 'ecr:GetAuthorizationToken';

/** What a grantee may be let do with a repository. */
export type GrantUse = 'pull' | 'push' | 'read';

export const ACTIONS_OF_USE: Record<GrantUse, readonly string[]> = { pull: PULL_ACTIONS, push: PUSH_ACTIONS, read: READ_ACTIONS };

/** The sets of actions that have a name, in the order in which their statements stand in a policy. */
const PURPOSES: ReadonlyArray<{ readonly name: string; readonly actions: readonly string[] }> = [
  { name: 'Pull', actions: PULL_ACTIONS },
  { name: 'AppRunnerPull', actions: APP_RUNNER_PULL_ACTIONS },
  { name: 'LambdaDeploy', actions: LAMBDA_ACTIONS },
  { name: 'Push', actions: PUSH_ACTIONS },
  { name: 'Read', actions: READ_ACTIONS },
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
