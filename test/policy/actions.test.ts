import {
  ACTIONS_OF_USE, actionsKey, APP_RUNNER_PULL_ACTIONS, CACHE_CREATE_ACTIONS, CACHE_FILL_ACTIONS, CACHE_PULL_ACTIONS, CREATION_ACTIONS,
  CREATION_KEY_ACTIONS, LAMBDA_ACTIONS, LOGIN_ACTION, PULL_ACTIONS, PULL_THROUGH_ACTIONS, purposeOf, PUSH_ACTIONS, READ_ACTIONS, REPLICATION_ACTIONS,
  REPLICATION_INTO_EXISTING_ACTIONS, TAG_ACTION,
} from '../../src/policy/actions';

/** The sets that statements are named after, in the order in which these stand in a policy. */
const SETS: Array<[string, readonly string[], string[]]> = [
  ['Pull', PULL_ACTIONS, ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']],
  ['AppRunnerPull', APP_RUNNER_PULL_ACTIONS,
    ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:DescribeImages', 'ecr:GetDownloadUrlForLayer']],
  ['LambdaDeploy', LAMBDA_ACTIONS, ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']],
  ['Push', PUSH_ACTIONS, [
    'ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage',
    'ecr:UploadLayerPart',
  ]],
  ['Read', READ_ACTIONS, ['ecr:DescribeImages', 'ecr:DescribeRepositories', 'ecr:ListImages']],
  ['CachePull', CACHE_PULL_ACTIONS,
    ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:BatchImportUpstreamImage', 'ecr:GetDownloadUrlForLayer']],
  ['CacheCreate', CACHE_CREATE_ACTIONS, ['ecr:BatchImportUpstreamImage', 'ecr:CreateRepository']],
  ['PullThrough', PULL_THROUGH_ACTIONS,
    ['ecr:BatchGetImage', 'ecr:BatchImportUpstreamImage', 'ecr:GetDownloadUrlForLayer', 'ecr:GetImageCopyStatus']],
  ['Replicate', REPLICATION_ACTIONS, ['ecr:CreateRepository', 'ecr:ReplicateImage']],
  ['ReplicateTagged', CREATION_ACTIONS, ['ecr:CreateRepository', 'ecr:ReplicateImage', 'ecr:TagResource']],
  ['ReplicateIntoExisting', REPLICATION_INTO_EXISTING_ACTIONS, ['ecr:ReplicateImage']],
];

/** The sets that stand in identity policies only: no statement of a repository or a registry is named after them. */
const OF_ROLES: Array<[string, readonly string[], string[]]> = [
  ['what fills a cache', CACHE_FILL_ACTIONS, [
    'ecr:BatchGetImage', 'ecr:BatchImportUpstreamImage', 'ecr:CompleteLayerUpload', 'ecr:GetDownloadUrlForLayer', 'ecr:GetImageCopyStatus',
    'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart',
  ]],
  ['what encrypts a new repository', CREATION_KEY_ACTIONS, ['kms:CreateGrant', 'kms:DescribeKey', 'kms:RetireGrant']],
];

test.each([...SETS, ...OF_ROLES])('%s has exactly its actions, sorted', (_, actions, expected) => {
  expect(actions).toEqual(expected);
});

test.each(SETS)('%s is known by its actions, in any order and repeated', (name, actions) => {
  expect(purposeOf(actionsKey([...actions, ...actions].reverse()))?.name).toBe(name);
});

test('statements stand in that order', () => {
  expect(SETS.map(([, actions]) => purposeOf(actionsKey(actions))?.rank)).toEqual(SETS.map((_, index) => index));
});

test.each([
  [['ecr:BatchDeleteImage']],
  [['ecr:BatchGetImage']],
  [[...PULL_ACTIONS, 'ecr:ListImages']],
  [['ecr:CreateRepository']],
  [CACHE_FILL_ACTIONS],
  [CREATION_KEY_ACTIONS],
  [[]],
])('a set of the user\'s own has no name: %j', (actions) => {
  expect(purposeOf(actionsKey(actions))).toBeUndefined();
});

test('no policy of a repository or a registry can give the login', () => {
  expect(LOGIN_ACTION).toBe('ecr:GetAuthorizationToken');
  expect([...SETS, ...OF_ROLES].flatMap(([, actions]) => actions)).not.toContain(LOGIN_ACTION);
});

test('to be replicated with tags takes one action more', () => {
  expect(TAG_ACTION).toBe('ecr:TagResource');
  expect(CREATION_ACTIONS).toEqual([...REPLICATION_ACTIONS, TAG_ACTION]);
});

test('each use has its actions', () => {
  expect(ACTIONS_OF_USE).toEqual({
    pull: PULL_ACTIONS,
    pullByRegistry: PULL_ACTIONS,
    push: PUSH_ACTIONS,
    read: READ_ACTIONS,
    pullThrough: PULL_THROUGH_ACTIONS,
    pullFromCache: CACHE_PULL_ACTIONS,
    createInCache: CACHE_CREATE_ACTIONS,
  });
});
