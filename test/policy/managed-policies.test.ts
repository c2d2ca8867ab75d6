import { CREATION_ACTIONS, DESCRIBE_ACTION, LAMBDA_ACTIONS, LOGIN_ACTION, PULL_ACTIONS, PUSH_ACTIONS } from '../../src/policy/actions';
import { actionsOfManagedPolicy } from '../../src/policy/managed-policies';

const of = (name: string) => actionsOfManagedPolicy(`arn:aws:iam::aws:policy/${name}`);
const sorted = (actions: readonly string[] | undefined) => actions && [...actions].sort();

test.each([
  ['service-role/AmazonECSTaskExecutionRolePolicy', [...PULL_ACTIONS, LOGIN_ACTION]],
  ['service-role/AmazonEC2ContainerServiceforEC2Role', [...PULL_ACTIONS, LOGIN_ACTION]],
  ['AmazonEKSFargatePodExecutionRolePolicy', [...PULL_ACTIONS, LOGIN_ACTION]],
  ['service-role/AWSAppRunnerServicePolicyForECRAccess', [...PULL_ACTIONS, LOGIN_ACTION, DESCRIBE_ACTION]],
  ['AmazonEC2ContainerRegistryPullOnly', [...LAMBDA_ACTIONS, LOGIN_ACTION, 'ecr:BatchImportUpstreamImage']],
  ['AmazonEC2ContainerRegistryFullAccess', ['ecr:*']],
  ['PowerUserAccess', ['ecr:*']],
  ['AdministratorAccess', ['*']],
  ['AmazonSageMakerFullAccess', [...PULL_ACTIONS, LOGIN_ACTION, CREATION_ACTIONS[0], 'ecr:Describe*', 'ecr:StartImageScan']],
  ['AmazonEKSWorkerNodePolicy', []],
  ['AmazonEKSWorkerNodeMinimalPolicy', []],
  ['AmazonEKS_CNI_Policy', []],
])('%s allows %j', (name, actions) => {
  expect(sorted(of(name))).toEqual(sorted(actions));
});

test('who may read may not push, and who has power may, but make no repository', () => {
  const pushOnly = PUSH_ACTIONS.filter((action) => !PULL_ACTIONS.includes(action));
  const [readOnly, powerUser] = ['AmazonEC2ContainerRegistryReadOnly', 'AmazonEC2ContainerRegistryPowerUser'].map((name) => of(name)!);
  expect(sorted(readOnly)).toEqual(sorted([
    ...PULL_ACTIONS, LOGIN_ACTION, DESCRIBE_ACTION, 'ecr:DescribeImageScanFindings', 'ecr:DescribeRepositories', 'ecr:GetLifecyclePolicy',
    'ecr:GetLifecyclePolicyPreview', 'ecr:GetRepositoryPolicy', 'ecr:ListImages', 'ecr:ListTagsForResource',
  ]));
  expect(sorted(powerUser)).toEqual(sorted([...readOnly, ...pushOnly]));
});

test('the partition may be any, also one that only the deployment knows', () => {
  for (const partition of ['aws-cn', '<AWS::Partition>']) {
    expect(actionsOfManagedPolicy(`arn:${partition}:iam::aws:policy/AdministratorAccess`)).toEqual(['*']);
  }
});

test.each([
  '', 'AdministratorAccess', 'arn:aws:iam::111122223333:policy/AdministratorAccess', 'arn:aws:iam::aws:policy/Other', 'arn:aws:iam::aws:role/AdministratorAccess', '<Stack/Policy>',
])('of %j nobody knows here', (arn) => {
  expect(actionsOfManagedPolicy(arn)).toBeUndefined();
});
