import {
  ACTIONS_OF_USE, actionsKey, APP_RUNNER_PULL_ACTIONS, LAMBDA_ACTIONS, LOGIN_ACTION, PULL_ACTIONS, purposeOf, PUSH_ACTIONS, READ_ACTIONS,
} from '../../src/policy/actions';

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
];

test.each(SETS)('%s has exactly its actions, sorted', (_, actions, expected) => {
  expect(actions).toEqual(expected);
});

test.each(SETS)('%s is known by its actions, in any order and repeated', (name, actions) => {
  expect(purposeOf(actionsKey([...actions, ...actions].reverse()))?.name).toBe(name);
});

test('statements stand in the order pull, App Runner, Lambda, push, read', () => {
  expect(SETS.map(([, actions]) => purposeOf(actionsKey(actions))?.rank)).toEqual([0, 1, 2, 3, 4]);
});

test.each([
  [['ecr:BatchDeleteImage']],
  [['ecr:BatchGetImage']],
  [[...PULL_ACTIONS, 'ecr:ListImages']],
  [[]],
])('a set of the user\'s own has no name: %j', (actions) => {
  expect(purposeOf(actionsKey(actions))).toBeUndefined();
});

test('no repository policy can give the login', () => {
  expect(LOGIN_ACTION).toBe('ecr:GetAuthorizationToken');
  expect(SETS.flatMap(([, actions]) => actions)).not.toContain(LOGIN_ACTION);
});

test('each use has its actions', () => {
  expect(ACTIONS_OF_USE).toEqual({ pull: PULL_ACTIONS, push: PUSH_ACTIONS, read: READ_ACTIONS });
});
