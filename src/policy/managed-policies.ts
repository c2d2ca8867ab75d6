/**
 * What the policies that AWS manages allow in Amazon ECR, on every repository: actions, `*` being any text. Policies that are not here may allow anything.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
const LOGIN_AND_PULL = ['ecr:GetAuthorizationToken', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const LAYERS = 'ecr:BatchCheckLayerAvailability';
const READ_ONLY = [
  ...LOGIN_AND_PULL, LAYERS, 'ecr:GetRepositoryPolicy', 'ecr:DescribeRepositories', 'ecr:ListImages', 'ecr:DescribeImages', 'ecr:GetLifecyclePolicy',
  'ecr:GetLifecyclePolicyPreview', 'ecr:ListTagsForResource', 'ecr:DescribeImageScanFindings',
];
const UPLOAD = ['ecr:InitiateLayerUpload', 'ecr:UploadLayerPart', 'ecr:CompleteLayerUpload', 'ecr:PutImage'];

const ACTIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ['AdministratorAccess', ['*']],
  ['PowerUserAccess', ['ecr:*']],
  ['ReadOnlyAccess', ['ecr:BatchCheck*', 'ecr:BatchGet*', 'ecr:Describe*', 'ecr:Get*', 'ecr:List*']],
  ['AmazonEC2ContainerRegistryPullOnly', [...LOGIN_AND_PULL, 'ecr:BatchImportUpstreamImage']],
  ['AmazonEC2ContainerRegistryReadOnly', READ_ONLY],
  ['AmazonEC2ContainerRegistryPowerUser', [...READ_ONLY, ...UPLOAD]],
  ['AmazonEC2ContainerRegistryFullAccess', ['ecr:*']],
  ['service-role/AmazonECSTaskExecutionRolePolicy', [...LOGIN_AND_PULL, LAYERS]],
  ['service-role/AmazonEC2ContainerServiceforEC2Role', [...LOGIN_AND_PULL, LAYERS]],
  ['AmazonEKSFargatePodExecutionRolePolicy', [...LOGIN_AND_PULL, LAYERS]],
  ['service-role/AWSAppRunnerServicePolicyForECRAccess', [...LOGIN_AND_PULL, LAYERS, 'ecr:DescribeImages']],
  ['AmazonSageMakerFullAccess', [...LOGIN_AND_PULL, LAYERS, 'ecr:CreateRepository', 'ecr:Describe*', 'ecr:StartImageScan']],
  ['AmazonEKSWorkerNodePolicy', []],
  ['AmazonEKSWorkerNodeMinimalPolicy', []],
  ['AmazonEKS_CNI_Policy', []],
  ['AmazonSSMManagedInstanceCore', []],
  ['CloudWatchAgentServerPolicy', []],
  ['service-role/AWSLambdaBasicExecutionRole', []],
  ['service-role/AWSLambdaVPCAccessExecutionRole', []],
]);

/** What a policy that AWS manages allows in Amazon ECR, by its ARN; undefined if it is none of those that are known here. */
export function actionsOfManagedPolicy(arn: string): readonly string[] | undefined {
  return ACTIONS.get(/^arn:(?:<[^<>]*>|[^:<>]+):iam::aws:policy\/(.+)$/.exec(arn)?.[1] ?? '');
}
