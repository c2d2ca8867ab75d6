import { judge } from '../../../src/access/judgement/judge';
import { assumerOf, trustStatementFor } from '../../../src/access/judgement/trust';
import { modelOf } from '../../../src/access/model/model';
import { PullSite, Runtime } from '../../../src/access/model/pull-sites';
import { stackOf } from '../support';

const ACCOUNT = '111111111111';
const IMAGE = `${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/web-app:v1`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/app`;

const assume = (Principal: unknown, more: object = {}) => ({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...more });
const service = (name: string, Condition?: object) => assume({ Service: `${name}.amazonaws.com` }, Condition && { Condition });
const sourceArn = (pattern: string) => ({ ArnLike: { 'aws:SourceArn': pattern } });
const sourceAccount = (account: string) => ({ StringEquals: { 'aws:SourceAccount': account } });
const denied = (statement: object) => ({ ...statement, Effect: 'Deny' });

const MANIFEST = { Type: 'Custom::AWSCDK-EKS-KubernetesResource', Properties: { ClusterName: 'prod', Manifest: JSON.stringify([{ image: IMAGE }]) } };
const pipeline = (more: object = {}) => ({
  Site: {
    Type: 'AWS::CodePipeline::Pipeline',
    Properties: { RoleArn: ROLE, Stages: [{ Actions: [{ ActionTypeId: { Category: 'Source', Provider: 'ECR' }, Configuration: { RepositoryName: 'web-app' }, ...more }] }] },
  },
});

/** The resources of a site that pulls by the role. */
const SITES = {
  'ECS task': { Site: { Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions: [{ Image: IMAGE }], ExecutionRoleArn: ROLE } } },
  'Batch job': { Site: { Type: 'AWS::Batch::JobDefinition', Properties: { ContainerProperties: { Image: IMAGE, ExecutionRoleArn: ROLE } } } },
  'App Runner service': {
    Site: {
      Type: 'AWS::AppRunner::Service',
      Properties: { SourceConfiguration: { ImageRepository: { ImageRepositoryType: 'ECR', ImageIdentifier: IMAGE }, AuthenticationConfiguration: { AccessRoleArn: ROLE } } },
    },
  },
  'CodeBuild project': { Site: { Type: 'AWS::CodeBuild::Project', Properties: { Name: 'build', ServiceRole: ROLE, Environment: { Image: IMAGE, ImagePullCredentialsType: 'SERVICE_ROLE' } } } },
  'SageMaker model': { Site: { Type: 'AWS::SageMaker::Model', Properties: { PrimaryContainer: { Image: IMAGE }, ExecutionRoleArn: ROLE } } },
  'EKS node group': { Site: { Type: 'AWS::EKS::Nodegroup', Properties: { ClusterName: 'prod', NodeRole: ROLE } }, MANIFEST },
  'EKS Fargate profile': { Site: { Type: 'AWS::EKS::FargateProfile', Properties: { ClusterName: 'prod', PodExecutionRoleArn: ROLE } }, MANIFEST },
  'CodePipeline source': pipeline(),
  'pull-through cache': {
    Site: { Type: 'AWS::ECR::PullThroughCacheRule', Properties: { EcrRepositoryPrefix: 'shared', UpstreamRegistryUrl: '222222222222.dkr.ecr.us-east-1.amazonaws.com', CustomRoleArn: ROLE } },
  },
} satisfies Partial<Record<Runtime, Record<string, object>>>;

function siteOf(resources: Record<string, any>, trust: unknown, region = 'us-east-1') {
  const Role = { Type: 'AWS::IAM::Role', Properties: { RoleName: 'app', AssumeRolePolicyDocument: trust } };
  const byReference = JSON.parse(JSON.stringify(resources).replaceAll(`"${ROLE}"`, '{"Fn::GetAtt":["Role","Arn"]}'));
  return judge(modelOf([stackOf({ Resources: { Role, ...byReference } }, { region })]))[0];
}

const trusted = (runtime: keyof typeof SITES, ...Statement: object[]) => siteOf(SITES[runtime], { Statement }).trust.state;

describe('each runtime has a service that assumes its role', () => {
  test.each<[keyof typeof SITES, string]>([
    ['ECS task', 'ecs-tasks'],
    ['Batch job', 'ecs-tasks'],
    ['App Runner service', 'build.apprunner'],
    ['CodeBuild project', 'codebuild'],
    ['SageMaker model', 'sagemaker'],
    ['EKS node group', 'ec2'],
    ['EKS Fargate profile', 'eks-fargate-pods'],
    ['CodePipeline source', 'codepipeline'],
    ['pull-through cache', 'pullthroughcache.ecr'],
  ])('%s: %s', (runtime, name) => {
    const { site, ...rest } = siteOf(SITES[runtime], { Statement: service('tasks.apprunner') });
    expect([site.runtime, rest.trust]).toEqual([runtime, { state: 'missing', actions: ['sts:AssumeRole'], why: [] }]);
    expect(rest.verdict).toMatch(/consumerHalfMissing|bothHalvesMissing/);
    expect(trusted(runtime, service(name))).toBe('granted');
    expect(trusted(runtime, service(name), denied(service(name)))).toBe('denied');

    // What is suggested is enough.
    const statement = trustStatementFor(site);
    expect([assumerOf(site), trusted(runtime, statement)]).toEqual([`${name}.amazonaws.com`, 'granted']);
  });
});

describe('conditions', () => {
  const inAccount = (name: string, resource: string) => sourceArn(`arn:aws:${name}:us-east-1:${ACCOUNT}:${resource}`);

  test.each<[string, keyof typeof SITES, object[], string]>([
    ['as AWS documents them for ECS', 'ECS task', [service('ecs-tasks', { ...inAccount('ecs', '*'), ...sourceAccount(ACCOUNT) })], 'granted'],
    ['with the account of another', 'ECS task', [service('ecs-tasks', sourceAccount('999999999999'))], 'missing'],
    ['with the ARN of another service', 'ECS task', [service('ecs-tasks', inAccount('eks', '*'))], 'missing'],
    ['for CodeBuild', 'CodeBuild project', [service('codebuild', sourceAccount(ACCOUNT))], 'granted'],
    ['for a CodeBuild project', 'CodeBuild project', [service('codebuild', inAccount('codebuild', 'project/build'))], 'granted'],
    ['for another CodeBuild project', 'CodeBuild project', [service('codebuild', inAccount('codebuild', 'project/other'))], 'missing'],
    ['for SageMaker', 'SageMaker model', [service('sagemaker', sourceArn(`arn:aws:sagemaker:*:${ACCOUNT}:*`))], 'granted'],
    ['for Fargate profiles', 'EKS Fargate profile', [service('eks-fargate-pods', inAccount('eks', 'fargateprofile/*'))], 'granted'],
    ['for those of the cluster', 'EKS Fargate profile', [service('eks-fargate-pods', inAccount('eks', 'fargateprofile/prod/*'))], 'granted'],
    ['for those of another cluster', 'EKS Fargate profile', [service('eks-fargate-pods', inAccount('eks', 'fargateprofile/test/*'))], 'missing'],
    ['for one that has no name yet', 'EKS Fargate profile', [service('eks-fargate-pods', inAccount('eks', 'fargateprofile/prod/x/*'))], 'undecided'],
    ['that AWS documents for no service of the kind', 'EKS node group', [service('ec2', sourceAccount(ACCOUNT))], 'undecided'],
    ['that hold for nobody', 'EKS node group', [service('ec2', sourceAccount('999999999999'))], 'missing'],
    ['that hold without a source, too', 'pull-through cache', [service('pullthroughcache.ecr', { StringEqualsIfExists: { 'aws:SourceAccount': ACCOUNT } })], 'granted'],
    ['that deny everybody but the account', 'ECS task', [service('ecs-tasks'), denied(assume('*', { Condition: { StringNotEquals: { 'aws:SourceAccount': ACCOUNT } } }))], 'granted'],
    ['that nobody knows', 'ECS task', [service('ecs-tasks', { StringEquals: { 'x:y': 'z' } })], 'undecided'],
    ['for whoever is anybody', 'ECS task', [assume('*')], 'granted'],
    ['for another action', 'ECS task', [{ ...service('ecs-tasks'), Action: 'sts:TagSession' }], 'missing'],
    ['for all actions', 'ECS task', [{ ...service('ecs-tasks'), Action: 'sts:*' }], 'granted'],
    ['for a role', 'ECS task', [assume({ AWS: ROLE })], 'missing'],
  ])('%s', (_, runtime, statements, state) => {
    expect(trusted(runtime, ...statements)).toBe(state);
  });

  test('of an organization tell what is to be declared', () => {
    const { trust } = siteOf(SITES['ECS task'], { Statement: service('ecs-tasks', { StringEquals: { 'aws:SourceOrgID': 'o-aaaaaaaaaa' } }) });
    expect(trust.why).toEqual(['which accounts are in o-aaaaaaaaaa is not declared']);
  });
});

test('a policy that only the deployment knows is undecided; one that is not there at all CloudFormation refuses', () => {
  expect(siteOf(SITES['ECS task'], '<Fn::Transform>').trust)
    .toEqual({ state: 'undecided', actions: ['sts:AssumeRole'], why: ['a condition or a value of the trust policy of the role is known only at deployment'] });
  expect(siteOf(SITES['ECS task'], undefined).trust.state).toBe('notNeeded');
  // What is known of it counts.
  expect([[service('ecs-tasks')], [service('ec2')], [denied(service('ecs-tasks'))]]
    .map((known) => siteOf(SITES['ECS task'], { Statement: [...known, '<Fn::Transform>'] }).trust.state)).toEqual(['granted', 'undecided', 'denied']);
});

test.each<[string, object | string]>([
  ['cn-north-1', 'ec2.amazonaws.com.cn'],
  ['cn-north-1', 'ec2.amazonaws.com'],
  ['<AWS::Region>', 'ec2.amazonaws.com'],
  ['<AWS::Region>', { 'Fn::Sub': 'ec2.${AWS::URLSuffix}' }],
])('in %s a service may be called %j', (region, Service) => {
  expect(siteOf(SITES['EKS node group'], { Statement: assume({ Service }) }, region).trust.state).toBe('granted');
});

test('in an account that is not known yet, the statement to add has no condition', () => {
  const { site } = siteOf(SITES['ECS task'], { Statement: [] }, '<AWS::Region>');
  expect(trustStatementFor(site)).toEqual(service('ecs-tasks'));
});

describe('a role of a pipeline\'s action', () => {
  const PIPELINE = `arn:aws:iam::${ACCOUNT}:role/pipeline`;
  const resources = pipeline({ RoleArn: ROLE });
  resources.Site.Properties.RoleArn = PIPELINE;
  const judged = (...Statement: object[]) => siteOf(resources, { Statement });

  test.each<[string, object, string]>([
    ['in the pipeline\'s role', assume({ AWS: PIPELINE }), 'granted'],
    ['in its account', assume({ AWS: `arn:aws:iam::${ACCOUNT}:root` }), 'granted'],
    ['in another account', assume({ AWS: '222222222222' }), 'missing'],
    ['in the service only', service('codepipeline'), 'missing'],
  ])('is judged by its trust %s', (_, statement, state) => {
    expect(judged(statement).trust.state).toBe(state);
  });

  test('is to be assumed by the pipeline\'s role', () => {
    const { site } = judged();
    expect([assumerOf(site), trustStatementFor(site)]).toEqual([PIPELINE, assume({ AWS: PIPELINE })]);
  });
});

test.each<[string, Partial<PullSite>]>([
  ['a pull role', { runtime: 'pull role' }],
  ['a Helm chart', { runtime: 'Helm chart' }],
])('nobody in particular assumes the role of %s', (_, site) => {
  const Role = {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'app',
      AssumeRolePolicyDocument: { Statement: [] },
      Policies: [{ PolicyDocument: { Statement: { Sid: 'PullImages', Effect: 'Allow', Action: '*', Resource: `arn:aws:ecr:us-east-1:${ACCOUNT}:repository/web-app` } } }],
    },
  };
  const Chart = { Type: 'Custom::AWSCDK-EKS-HelmChart', Properties: { ClusterName: 'prod', Values: JSON.stringify({ image: IMAGE }) } };
  const resources = site.runtime === 'pull role' ? { Role } : { Role, Chart, Nodes: SITES['EKS node group'].Site };
  const found = judge(modelOf([stackOf({ Resources: resources })])).find(({ site: { runtime } }) => runtime === site.runtime);
  expect(found?.trust.state).toBe('notNeeded');
});
