import * as fc from 'fast-check';
import { judge, Verdict } from '../../../src/access/judgement/judge';
import { modelOf } from '../../../src/access/model/model';
import { PullSite, pullSitesOf } from '../../../src/access/model/pull-sites';
import { StackTemplate } from '../../../src/access/template/template';
import { scopeOf, stackOf } from '../support';

const HOST = '222222222222.dkr.ecr.us-east-1.amazonaws.com';
const IMAGE = `${HOST}/web-app:v1`;
const ROLE = 'arn:aws:iam::111111111111:role/app';
const BY_ROLE = { type: 'role', arn: ROLE };

const of = (Type: string, Properties: object, more: Partial<StackTemplate> = {}): PullSite[] => (
  pullSitesOf(scopeOf({ Resources: { Site: { Type, Properties } } }, more)));
const inShort = (sites: readonly PullSite[]) => sites.map(({ runtime, image: { repository }, puller }) => [runtime, repository, puller]);
const unknown = (why: string) => ({ type: 'unknown', why });
const nobody = (why: string) => ({ ...unknown(why), isNobody: true });

test('a pull site has its place, its image and its puller', () => {
  expect(of('AWS::ECS::TaskDefinition', { ContainerDefinitions: [{ Image: IMAGE }], ExecutionRoleArn: ROLE })).toEqual([{
    path: 'Stack/Site',
    stack: 'Stack',
    file: 'Stack.template.json',
    logicalId: 'Site',
    account: '111111111111',
    region: 'us-east-1',
    runtime: 'ECS task',
    image: { host: HOST, account: '222222222222', region: 'us-east-1', repository: 'web-app' },
    puller: BY_ROLE,
  }]);
});

const source = (ImageRepositoryType: string, more: object = {}) => (
  { SourceConfiguration: { ImageRepository: { ImageRepositoryType, ImageIdentifier: IMAGE }, ...more } });
const stage = (Provider: string, more: object = {}, Category = 'Source') => (
  { Name: 'Stage', Actions: [{ ActionTypeId: { Category, Provider }, Configuration: { RepositoryName: 'web-app' }, ...more }] });
const service = (name: string, sourceArn: string) => ({ type: 'service', service: `${name}.amazonaws.com`, sourceArn });
const taskProperties = (Image: string) => ({ TaskProperties: [{ Containers: [{ Image }], ExecutionRoleArn: ROLE }] });

test.each<[string, string, object, unknown[]]>([
  ['an ECS task', 'AWS::ECS::TaskDefinition', { ContainerDefinitions: [{ Image: IMAGE }, { Image: 'nginx' }, { Image: `${HOST}/sidecar` }], ExecutionRoleArn: ROLE }, [
    ['ECS task', 'web-app', BY_ROLE], ['ECS task', 'sidecar', BY_ROLE],
  ]],
  ['an ECS task without execution role', 'AWS::ECS::TaskDefinition', { ContainerDefinitions: { Image: IMAGE } }, [
    ['ECS task', 'web-app', unknown('the task has no execution role, so the role of the instance pulls')],
  ]],
  ['an ECS task whose role the deployment knows', 'AWS::ECS::TaskDefinition', { ContainerDefinitions: [{ Image: IMAGE }], ExecutionRoleArn: { Ref: 'Role' } }, [
    ['ECS task', 'web-app', { type: 'role', arn: '<Stack/Role>' }],
  ]],
  ['a Lambda function', 'AWS::Lambda::Function', { FunctionName: 'orders', Code: { ImageUri: IMAGE } }, [
    ['Lambda function', 'web-app', service('lambda', 'arn:aws:lambda:us-east-1:111111111111:function:orders')],
    ['Lambda deployment', 'web-app', { type: 'role', arn: 'arn:aws:iam::111111111111:role/<the role that deploys Stack>' }],
  ]],
  ['a Lambda function without image', 'AWS::Lambda::Function', { Code: { ZipFile: IMAGE } }, []],
  ['an App Runner service', 'AWS::AppRunner::Service', source('ECR', { AuthenticationConfiguration: { AccessRoleArn: ROLE } }), [
    ['App Runner service', 'web-app', BY_ROLE],
  ]],
  ['an App Runner service without access role', 'AWS::AppRunner::Service', source('ECR'), [
    ['App Runner service', 'web-app', nobody('a service of AWS App Runner needs an access role')],
  ]],
  ['an App Runner service with a public image', 'AWS::AppRunner::Service', source('ECR_PUBLIC'), []],
  ['a CodeBuild project', 'AWS::CodeBuild::Project', { ServiceRole: ROLE, Environment: { Image: IMAGE, ImagePullCredentialsType: 'SERVICE_ROLE' } }, [
    ['CodeBuild project', 'web-app', BY_ROLE],
  ]],
  ['a CodeBuild project without a service role', 'AWS::CodeBuild::Project', { Environment: { Image: IMAGE, ImagePullCredentialsType: 'SERVICE_ROLE' } }, [
    ['CodeBuild project', 'web-app', unknown('the project has no service role')],
  ]],
  ['a CodeBuild project by the service', 'AWS::CodeBuild::Project', { ServiceRole: ROLE, Environment: { Image: IMAGE } }, [
    ['CodeBuild project', 'web-app', service('codebuild', 'arn:aws:codebuild:us-east-1:111111111111:project/<Stack/Site>')],
  ]],
  ['a CodeBuild project with an image of CodeBuild', 'AWS::CodeBuild::Project', { Environment: { Image: 'aws/codebuild/standard:7.0' } }, []],
  ['a Batch job', 'AWS::Batch::JobDefinition', { ContainerProperties: { Image: IMAGE, ExecutionRoleArn: ROLE } }, [['Batch job', 'web-app', BY_ROLE]]],
  ['a Batch job on ECS', 'AWS::Batch::JobDefinition', { EcsProperties: taskProperties(IMAGE) }, [['Batch job', 'web-app', BY_ROLE]]],
  ['a Batch job of nodes', 'AWS::Batch::JobDefinition', {
    NodeProperties: { NodeRangeProperties: [{ Container: { Image: IMAGE } }, { EcsProperties: taskProperties(`${HOST}/api`) }] },
  }, [
    ['Batch job', 'web-app', unknown('the job has no execution role, so the role of the instance pulls')], ['Batch job', 'api', BY_ROLE],
  ]],
  ['a Batch job on EKS', 'AWS::Batch::JobDefinition', {
    EksProperties: { PodProperties: { Containers: [{ Image: IMAGE }], InitContainers: [{ Image: `${HOST}/init` }] } },
    NodeProperties: { NodeRangeProperties: [{ EksProperties: { PodProperties: { Containers: [{ Image: `${HOST}/api` }] } } }] },
  }, ['web-app', 'init', 'api'].map((name) => ['Batch job', name, unknown('the job runs on nodes of a cluster that are not in sight')])],
  ['a SageMaker model', 'AWS::SageMaker::Model', { PrimaryContainer: { Image: IMAGE }, ExecutionRoleArn: ROLE }, [['SageMaker model', 'web-app', BY_ROLE]]],
  ['a SageMaker model of more containers', 'AWS::SageMaker::Model', { Containers: [{ Image: IMAGE }, { Image: `${HOST}/api` }] }, [
    ['SageMaker model', 'web-app', unknown('the model has no execution role')], ['SageMaker model', 'api', unknown('the model has no execution role')],
  ]],
  ['a CodePipeline', 'AWS::CodePipeline::Pipeline', { RoleArn: ROLE, Stages: [stage('ECR'), stage('S3'), stage('ECR', {}, 'Build')] }, [
    ['CodePipeline source', 'web-app', BY_ROLE],
  ]],
  ['a CodePipeline whose action has a role', 'AWS::CodePipeline::Pipeline', { RoleArn: `${ROLE}-2`, Stages: [stage('ECR', { RoleArn: ROLE })] }, [
    ['CodePipeline source', 'web-app', BY_ROLE],
  ]],
  ['a CodePipeline without roles', 'AWS::CodePipeline::Pipeline', { Stages: [stage('ECR')] }, [
    ['CodePipeline source', 'web-app', unknown('the pipeline has no role')],
  ]],
  ['anything else', 'AWS::Other::Thing', { ContainerDefinitions: [{ Image: IMAGE }], Code: { ImageUri: IMAGE } }, []],
])('%s', (_, type, properties, expected) => {
  expect(inShort(of(type, properties))).toEqual(expected);
});

test('two containers that run an image, or two tags of it, pull it once', () => {
  const Image = (tag: string) => ({ Image: `${HOST}/web-app:${tag}` });
  expect(of('AWS::ECS::TaskDefinition', { ContainerDefinitions: [Image('v1'), Image('v1'), Image('v2'), { Image: `${HOST}/api` }] })).toHaveLength(2);
});

test('a Lambda function is deployed by the role of its stack', () => {
  const deployerRole = 'arn:aws:iam::111111111111:role/deployer';
  expect(of('AWS::Lambda::Function', { Code: { ImageUri: IMAGE } }, { deployerRole })[1].puller).toEqual({ type: 'role', arn: deployerRole });
});

test('roles are assumed for a project, and by the role of a pipeline for the action that has one of its own', () => {
  const [project] = of('AWS::CodeBuild::Project', { Name: 'build', ServiceRole: ROLE, Environment: { Image: IMAGE, ImagePullCredentialsType: 'SERVICE_ROLE' } });
  expect(project.assumedFor).toBe('arn:aws:codebuild:us-east-1:111111111111:project/build');
  const actions = of('AWS::CodePipeline::Pipeline', { RoleArn: `${ROLE}-2`, Stages: [stage('ECR', { RoleArn: ROLE }), stage('ECR')] });
  expect(actions.map(({ assumedBy }) => assumedBy)).toEqual([`${ROLE}-2`, undefined]);
});

test('a CodePipeline whose action has a role of another account reads a repository of that account', () => {
  const role = 'arn:aws:iam::222222222222:role/reader';
  expect(of('AWS::CodePipeline::Pipeline', { RoleArn: ROLE, Stages: [stage('ECR', { RoleArn: role })] })[0].image)
    .toEqual(expect.objectContaining({ account: '222222222222', region: 'us-east-1' }));
});

test('a role may be called by its name', () => {
  const task = (role: unknown) => ({ Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions: [{ Image: IMAGE }], ExecutionRoleArn: role } });
  const role = (Properties: object) => ({ Type: 'AWS::IAM::Role', Properties });
  const { sites } = modelOf([stackOf({
    Parameters: { Any: { Type: 'String' } },
    Resources: {
      Named: role({ RoleName: 'named', Path: '/ci/' }),
      Unnamed: role({}),
      One: task({ Ref: 'Named' }),
      Two: task({ Ref: 'Unnamed' }),
      Three: task('other'),
      Four: task({ Ref: 'Any' }),
    },
  }, { path: 'A' })]);
  expect(sites.map(({ puller }) => puller)).toEqual([
    'arn:aws:iam::111111111111:role/ci/named', 'arn:aws:iam::111111111111:role/<A/Unnamed>', 'arn:aws:iam::111111111111:role/other', '<A/Any>',
  ].map((arn) => ({ type: 'role', arn })));
});

test('a CodePipeline reads a repository of its own account and Region', () => {
  expect(of('AWS::CodePipeline::Pipeline', { RoleArn: ROLE, Stages: [stage('ECR')] })[0].image)
    .toEqual({ host: '111111111111.dkr.ecr.us-east-1.amazonaws.com', account: '111111111111', region: 'us-east-1', repository: 'web-app' });
});

test.each([
  '222222222222.dkr.ecr-fips.us-east-1.amazonaws.com', '222222222222.dkr-ecr.us-east-1.on.aws', '222222222222.dkr.ecr.us-east-1.<AWS::URLSuffix>',
])('an image may be reached by %s', (host) => {
  const [{ image }] = of('AWS::ECS::TaskDefinition', { ContainerDefinitions: [{ Image: `${host}/web-app@sha256:0` }] });
  expect(image).toEqual({ host, account: '222222222222', region: 'us-east-1', repository: 'web-app' });
});

test('a model has the sites of all stacks', () => {
  const task = { Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions: [{ Image: IMAGE }], ExecutionRoleArn: ROLE } };
  const nested = new Map([['Nested', stackOf({ Resources: { Task: task } }, { path: 'A/Nested' })]]);
  const { sites } = modelOf([stackOf({ Resources: { Nested: {}, Task: task } }, { path: 'A', nested }), stackOf({ Resources: { Task: task } }, { path: 'B' })]);
  expect(sites.map(({ path }) => path)).toEqual(['A/Task', 'A/Nested/Task', 'B/Task']);
});

test('whatever stands in a template, it is read, and judged', () => {
  const VERDICTS: Verdict[] = ['allowed', 'notInSight', 'undecided', 'ownerHalfMissing', 'consumerHalfMissing', 'bothHalvesMissing', 'impossible'];
  const TYPES = [
    'AWS::ECS::TaskDefinition', 'AWS::Lambda::Function', 'AWS::AppRunner::Service', 'AWS::CodeBuild::Project', 'AWS::Batch::JobDefinition',
    'AWS::SageMaker::Model', 'AWS::CodePipeline::Pipeline', 'Custom::AWSCDK-EKS-KubernetesResource', 'AWS::EKS::Nodegroup', 'AWS::EKS::FargateProfile',
    'Custom::AWSCDK-EKS-FargateProfile', 'Custom::AWSCDK-EKS-HelmChart', 'AWS::ECR::Repository', 'AWS::ECR::RegistryPolicy', 'AWS::ECR::PullThroughCacheRule',
    'AWS::ECR::RepositoryCreationTemplate', 'AWS::ECR::ReplicationConfiguration', 'AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy',
  ];
  const KEYS = [
    'ContainerDefinitions', 'ExecutionRoleArn', 'Code', 'ImageUri', 'Image', 'Environment', 'ServiceRole', 'ContainerProperties', 'Containers',
    'PrimaryContainer', 'Manifest', 'image', 'NodeRole', 'RepositoryName', 'RepositoryPolicyText', 'PolicyText', 'PolicyDocument', 'Statement', 'Effect',
    'Principal', 'AWS', 'Service', 'Action', 'Resource', 'Condition', 'StringEquals', 'ForAnyValue:StringLike', 'aws:PrincipalOrgID', 'Roles', 'RoleName',
    'Policies', 'ManagedPolicyArns', 'PermissionsBoundary', 'Tags', 'Key', 'Value', 'Ref', 'Fn::GetAtt', 'Fn::Sub', 'Fn::Join', 'constructor', '__proto__',
  ];
  const TEXTS = [
    IMAGE, `${HOST}/`, ROLE, '*', 'Allow', 'Deny', 'app', 'R0', 'R1.Arn', '${R0}', '${aws:PrincipalArn}', '<', 'arn:aws:iam::222222222222:root',
    'ecr:*', 'lambda.amazonaws.com', '<Fn::If>', '{"image":"x"}', 'SERVICE_ROLE', 'ECR', 'Source', '',
  ];
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof({ depthSize: 'small' }, { arbitrary: fc.constantFrom<unknown>(...TEXTS), weight: 3 }, fc.constantFrom<unknown>(null, 5, true),
      fc.array(tie('value'), { maxLength: 3 }), fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 4 })),
  }));
  // What is nearly right gets further than what is not right at all.
  const task = value.map((odd) => ({ Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions: [{ Image: IMAGE }], ExecutionRoleArn: ROLE, Tags: odd } }));
  const role = value.map((odd) => ({
    Type: 'AWS::IAM::Role',
    Properties: { RoleName: 'app', Policies: [{ PolicyDocument: { Statement: [{ Effect: 'Allow', Action: '*', Resource: odd, Condition: odd }] } }] },
  }));
  const anything = fc.record({ Type: fc.constantFrom(...TYPES), Properties: fc.dictionary(fc.constantFrom(...KEYS), value, { maxKeys: 6 }) });
  const resources = fc.array(fc.oneof(anything, anything, task, role), { maxLength: 6 })
    .map((all) => Object.fromEntries(all.map((resource, index) => [`R${index}`, resource])));
  let judged = 0;
  fc.assert(fc.property(resources, fc.constantFrom('111111111111', '222222222222', '<AWS::AccountId>'), (Resources, account) => {
    const judgements = judge(modelOf([stackOf({ Resources }, { account })]));
    judged += judgements.length;
    expect(judgements.filter(({ verdict }) => !VERDICTS.includes(verdict))).toEqual([]);
  }), { numRuns: 2000 });
  expect(judged).toBeGreaterThan(500);
});

describe('a role that was made to pull', () => {
  const arnOf = (name: string) => `arn:aws:ecr:us-east-1:222222222222:repository/${name}`;
  const role = (...statements: Array<[string, string | string[]]>) => ({
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'app',
      Policies: [{ PolicyDocument: { Statement: statements.map(([Sid, Resource]) => ({ Sid, Effect: 'Allow', Action: 'ecr:BatchGetImage', Resource })) } }],
    },
  });
  const sitesIn = (Resources: Record<string, any>) => inShort(modelOf([stackOf({ Resources })]).sites);

  test('is a site of its own for each repository, if nothing else pulls by it', () => {
    expect(sitesIn({ Role: role(['Login', '*'], ['PullImages', [arnOf('a'), arnOf('b')]], ['PullImages2', arnOf('c')], ['PullThroughCache', arnOf('shared/d')]) }))
      .toEqual(['a', 'b', 'c', 'shared/d'].map((name) => ['pull role', name, BY_ROLE]));
  });

  test('is none for what a task pulls by it', () => {
    const Task = { Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions: [{ Image: IMAGE }], ExecutionRoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] } } };

    expect(sitesIn({ Role: role(['PullImages', [arnOf('web-app'), arnOf('log-agent')]]), Task }).map(([runtime, name]) => [runtime, name]))
      .toEqual([['ECS task', 'web-app'], ['pull role', 'log-agent']]);
  });

  test.each<[string, [string, string]]>([
    ['of another Sid', ['PullImagesOfMine', arnOf('a')]],
    ['for every repository', ['PullImages', arnOf('*')]],
    ['for what is no repository', ['PullImages', 'arn:aws:s3:::bucket']],
  ])('is none by a statement %s', (_, statement) => {
    expect(sitesIn({ Role: role(statement) })).toEqual([]);
  });
});
