import * as apprunner from '@aws-cdk/aws-apprunner-alpha';
import { NestedStack, Size, Stack, Stage } from 'aws-cdk-lib';
import * as batch from 'aws-cdk-lib/aws-batch';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as eks from 'aws-cdk-lib/aws-eks-v2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import * as pipelines from 'aws-cdk-lib/pipelines';
import { EcrGrantee, SharedEcrRepository } from '../src';
import {
  AGNOSTIC, APP_RUNNER_PULL, CONSUMER, errorOf, identityStatementsOf, lambdaStatements, LOGIN, newApp, newRepository, newRole, newStack, noticesIn,
  OTHER, OWNER, policyOf, PULL, PULL_WEB_APP, repositoryPolicyOf, resourcesOf, rolesStatement, templateOf, WEB_APP_ARN,
} from './support';

const IMAGE = '999999999999.dkr.ecr.us-east-1.amazonaws.com/web-app:1.0';
const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

function ownerAndConsumer(consumerEnv: object = CONSUMER, ownerEnv: object = OWNER) {
  const app = newApp();
  const repository = newRepository(app, {}, ownerEnv);
  const consumer = newStack(app, 'Consumer', consumerEnv);
  return { app, repository, consumer };
}

/** The statements of an identity policy that are about Amazon ECR. */
function ecrStatementsOf(stack: Stack): any[] {
  return identityStatementsOf(stack).filter(({ Action }) => [Action].flat().some((action: string) => action.startsWith('ecr:')));
}

/** The owner half for the only role of the consumer that pulls, by the name that CDK generated for it. */
function pullByGeneratedRole(consumer: Stack): object {
  const [name, ...others] = resourcesOf(consumer, 'AWS::IAM::Role').map(({ Properties }) => Properties.RoleName).filter((roleName) => roleName !== undefined);
  expect(others).toEqual([]);
  return policyOf(rolesStatement('Pull', PULL, ['111122223333'], [`arn:aws:iam::111122223333:role/${name}`]));
}

function expectIndependence(...stacks: Stack[]) {
  for (const stack of stacks) {
    expect(stack.dependencies).toEqual([]);
    expect(JSON.stringify(templateOf(stack))).not.toMatch(/Fn::ImportValue|Fn::GetStackOutput/);
  }
}

test('ecs.ContainerImage.fromEcrRepository: the task execution role pulls', () => {
  const { app, repository, consumer } = ownerAndConsumer();
  new ecs.FargateTaskDefinition(consumer, 'Task').addContainer('web', { image: ecs.ContainerImage.fromEcrRepository(repository, '1.0') });

  expect(repositoryPolicyOf(repository)).toEqual(pullByGeneratedRole(consumer));
  expect(identityStatementsOf(consumer)).toEqual([PULL_WEB_APP, LOGIN]);
  expect(resourcesOf(consumer, 'AWS::ECS::TaskDefinition')[0].Properties.ContainerDefinitions[0].Image).toBe(IMAGE);
  expectIndependence(repository.stack, consumer);
  expect(noticesIn(app)).toEqual([]);
});

test('codebuild.LinuxBuildImage.fromEcrRepository: the project\'s service role pulls', () => {
  const { repository, consumer } = ownerAndConsumer();
  new codebuild.Project(consumer, 'Project', {
    environment: { buildImage: codebuild.LinuxBuildImage.fromEcrRepository(repository, '1.0') },
    buildSpec: codebuild.BuildSpec.fromObject({ version: '0.2' }),
  });

  expect(repositoryPolicyOf(repository)).toEqual(pullByGeneratedRole(consumer));
  expect(ecrStatementsOf(consumer)).toEqual([PULL_WEB_APP, LOGIN]);
  expect(resourcesOf(consumer, 'AWS::CodeBuild::Project')[0].Properties.Environment).toMatchObject({ Image: IMAGE, ImagePullCredentialsType: 'SERVICE_ROLE' });
  expectIndependence(repository.stack, consumer);
});

test('batch.EcsFargateContainerDefinition: the job\'s execution role pulls', () => {
  const { repository, consumer } = ownerAndConsumer();
  new batch.EcsJobDefinition(consumer, 'Job', {
    container: new batch.EcsFargateContainerDefinition(consumer, 'Container', {
      image: ecs.ContainerImage.fromEcrRepository(repository, '1.0'), cpu: 1, memory: Size.mebibytes(2048),
    }),
  });

  expect(repositoryPolicyOf(repository)).toEqual(pullByGeneratedRole(consumer));
  expect(ecrStatementsOf(consumer)).toEqual([PULL_WEB_APP, LOGIN]);
  expect(resourcesOf(consumer, 'AWS::Batch::JobDefinition')[0].Properties.ContainerProperties.Image).toBe(IMAGE);
  expectIndependence(repository.stack, consumer);
});

test('App Runner: the access role pulls and, on both halves, describes images', () => {
  const { repository, consumer } = ownerAndConsumer();
  new apprunner.Service(consumer, 'Service', { source: apprunner.Source.fromEcr({ repository, tagOrDigest: '1.0' }) });
  const tag = `Consumer_${consumer.node.findChild('Service').node.findChild('AccessRole').node.addr}`;

  expect(repositoryPolicyOf(repository)).toEqual(policyOf({
    Sid: expect.stringMatching(/^AppRunnerPullTaggedRoles/),
    Effect: 'Allow',
    Principal: { AWS: ['111122223333'] },
    Action: APP_RUNNER_PULL,
    Condition: { StringEquals: { 'aws:PrincipalTag/aws-cdk:id': [tag] } },
  }));
  expect(ecrStatementsOf(consumer)).toEqual([
    LOGIN,
    { Effect: 'Allow', Action: APP_RUNNER_PULL, Resource: WEB_APP_ARN },
    { Effect: 'Allow', Action: 'ecr:DescribeImages', Resource: WEB_APP_ARN },
  ]);
  expect(resourcesOf(consumer, 'AWS::AppRunner::Service')[0].Properties.SourceConfiguration.ImageRepository.ImageIdentifier).toBe(IMAGE);
  expectIndependence(repository.stack, consumer);
});

test('SageMaker: grantPull to the execution role, and the model waits for it', () => {
  const { repository, consumer } = ownerAndConsumer();
  const role = newRole(consumer, { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com'), roleName: 'training' });
  const model = new sagemaker.CfnModel(consumer, 'Model', { executionRoleArn: role.roleArn, primaryContainer: { image: repository.repositoryUriForTag('1.0') } });
  repository.grantPull(role).applyBefore(model);

  expect(repositoryPolicyOf(repository)).toEqual(pullByGeneratedRole(consumer));
  expect(identityStatementsOf(consumer)).toEqual([PULL_WEB_APP, LOGIN]);
  expect(resourcesOf(consumer, 'AWS::SageMaker::Model')[0]).toMatchObject({
    Properties: { PrimaryContainer: { Image: IMAGE } }, DependsOn: [expect.stringMatching(/^RoleDefaultPolicy/)],
  });
  expectIndependence(repository.stack, consumer);
});

test('EKS: grantPull to the role of a node group', () => {
  const { repository, consumer } = ownerAndConsumer();
  const cluster = new eks.Cluster(consumer, 'Cluster', { version: eks.KubernetesVersion.V1_33, defaultCapacityType: eks.DefaultCapacityType.NODEGROUP, defaultCapacity: 0 });
  const nodes = cluster.addNodegroupCapacity('Nodes');
  repository.grantPull(nodes.role);
  const tag = `Consumer_${nodes.role.node.addr}`;

  expect(repositoryPolicyOf(repository)).toEqual(policyOf({
    Sid: expect.stringMatching(/^PullTaggedRoles/),
    Effect: 'Allow',
    Principal: { AWS: ['111122223333'] },
    Action: PULL,
    Condition: { StringEquals: { 'aws:PrincipalTag/aws-cdk:id': [tag] } },
  }));
  expect(ecrStatementsOf(consumer)).toEqual([PULL_WEB_APP, LOGIN]);
  expectIndependence(repository.stack, consumer);
});

describe('pipelines.DockerCredential.ecr', () => {
  function pipelineIn(stack: Stack, repository: ecr.IRepository) {
    return new pipelines.CodePipeline(stack, 'Pipeline', {
      dockerCredentials: [pipelines.DockerCredential.ecr([repository], { usages: [pipelines.DockerCredentialUsage.SYNTH] })],
      synth: new pipelines.ShellStep('Synth', {
        input: pipelines.CodePipelineSource.connection('owner/app', 'main', {
          connectionArn: 'arn:aws:codeconnections:us-east-1:111122223333:connection/1f2e3d4c-0000-1111-2222-333344445555',
        }),
        commands: ['npm ci'],
      }),
    });
  }

  test('the synth project\'s role pulls', () => {
    const { repository, consumer } = ownerAndConsumer();
    pipelineIn(consumer, repository);
    const { Condition: condition, ...statement } = repositoryPolicyOf(repository).Statement[0];

    expect(statement).toEqual({ Sid: 'PullRoles', Effect: 'Allow', Principal: { AWS: ['111122223333'] }, Action: PULL });
    expect(condition).toEqual({ ArnLike: { 'aws:PrincipalArn': [expect.stringMatching(/^arn:aws:iam::111122223333:role\/.*buildproject/)] } });
    expect(ecrStatementsOf(consumer)).toEqual([PULL_WEB_APP, LOGIN]);
    expectIndependence(repository.stack, consumer);
  });

  test('of a repository in a Stage that the pipeline deploys: the Stage is written by then, so the grant throws, names both and the remedy', () => {
    const app = newApp();
    const consumer = newStack(app, 'Consumer', CONSUMER);
    const stage = new Stage(app, 'Shared');
    const repository = newRepository(stage);
    pipelineIn(consumer, repository).addStage(stage);

    expect(errorOf(() => app.synth())).toContain("the policy of 'Shared/Owner/Repository' was already written with Stage 'Shared', "
      + "so the grant to 'Consumer/Pipeline/Pipeline/Build/Synth/CdkBuildProject/Role' would be lost; make it before that Stage is synthesized: "
      + 'where the repository is defined, for example with allowPullFrom(EcrGrantee.role(accountId, roleName)), not in an aspect of a later Stage or in a pipeline that contains the Stage');
  });
});

describe('lambda.DockerImageCode.fromEcr', () => {
  function functionIn(scope: Stack, repository: ecr.IRepository, tagOrDigest = '1.0', id = 'Function') {
    return new lambda.DockerImageFunction(scope, id, { code: lambda.DockerImageCode.fromEcr(repository, { tagOrDigest }) });
  }

  test.each([['the owner\'s Stage first'], ['the consumer\'s Stage first'], ['one Stage']])('in account B gives B both statements, and no other account: %s', (order) => {
    const app = newApp();
    const scopes = order === 'one Stage' ? [app, app] : [new Stage(app, 'First'), new Stage(app, 'Second')];
    const [ownerScope, consumerScope] = order === 'the consumer\'s Stage first' ? scopes.reverse() : scopes;
    const repository = newRepository(ownerScope);
    const consumer = newStack(consumerScope, 'Consumer', CONSUMER);
    functionIn(newStack(consumerScope, 'Other', OTHER), newRepository(newStack(consumerScope, 'Unrelated'), { repositoryName: 'other' }, OTHER));
    functionIn(consumer, repository);

    expect(repositoryPolicyOf(repository)).toEqual(policyOf(...lambdaStatements(['111122223333'], ['111122223333'])));
    expect(resourcesOf(consumer, 'AWS::Lambda::Function')[0].Properties.Code).toEqual({ ImageUri: IMAGE });
    expect(identityStatementsOf(consumer)).toEqual([]);
    expectIndependence(repository.stack, consumer);
    expect(noticesIn(app)).toEqual([]);
  });

  test('in two accounts gives both to both; tags and digests are the same repository', () => {
    const { app, repository, consumer } = ownerAndConsumer();
    const other = newStack(app, 'Other', OTHER);
    functionIn(consumer, repository);
    functionIn(consumer, repository, DIGEST, 'Second');
    functionIn(new NestedStack(other, 'Nested'), repository, DIGEST);
    const accounts = ['111122223333', '444455556666'];

    expect(repositoryPolicyOf(repository)).toEqual(policyOf(...lambdaStatements(accounts, accounts)));
    expect(resourcesOf(consumer, 'AWS::Lambda::Function').map(({ Properties }) => Properties.Code.ImageUri))
      .toEqual([IMAGE, `999999999999.dkr.ecr.us-east-1.amazonaws.com/web-app@${DIGEST}`]);
  });

  test.each([['the same stack', true], ['another stack', false]])('in the owner\'s own account needs only the service: %s', (_, sameStack) => {
    const { repository, consumer } = ownerAndConsumer(OWNER);
    functionIn(sameStack ? repository.stack : consumer, repository);

    expect(repositoryPolicyOf(repository)).toEqual(policyOf(...lambdaStatements([], ['999999999999'])));
  });

  test('in environment-agnostic stacks works as in plain CDK, with a condition', () => {
    const { repository, consumer } = ownerAndConsumer(AGNOSTIC, AGNOSTIC);
    functionIn(consumer, repository);
    const functions = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':lambda:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':function:*']] };
    const [statement] = lambdaStatements([], ['']);

    expect(repositoryPolicyOf(repository)).toEqual(policyOf({ ...statement, Condition: { ArnLike: { 'aws:SourceArn': [functions] } } }));
  });

  test('merges with what else was granted to Lambda', () => {
    const { repository, consumer } = ownerAndConsumer();
    repository.allowPullFrom(EcrGrantee.lambdaFunctions('444455556666'), EcrGrantee.account('111122223333'));
    functionIn(consumer, repository);

    expect(repositoryPolicyOf(repository)).toEqual(policyOf(
      { Sid: 'PullAccounts', Effect: 'Allow', Principal: { AWS: ['111122223333'] }, Action: PULL },
      ...lambdaStatements(['444455556666'], ['111122223333', '444455556666']),
    ));
  });

  test.each([['account B', { ...CONSUMER, region: 'eu-west-1' }], ['the owner\'s account', { ...OWNER, region: 'eu-west-1' }]])(
    'in another Region is an error that says what to do: %s', (_, env) => {
      const { app, repository, consumer } = ownerAndConsumer(env);
      functionIn(consumer, repository);

      expect(errorOf(() => app.synth())).toContain("[Owner/Repository] the function 'Consumer/Function/Resource' is in Region eu-west-1, but its image is in Region us-east-1, "
        + 'and AWS Lambda takes images only from its own Region; replicate the repository to eu-west-1 and use the replica there, or move the function');
    });

  test('in an agnostic stack, of an explicit owner, is an error that says what to do', () => {
    const { app, repository, consumer } = ownerAndConsumer(AGNOSTIC);
    functionIn(consumer, repository);

    expect(errorOf(() => app.synth())).toContain("[Owner/Repository] the function 'Consumer/Function/Resource' (account agnostic, Region agnostic) runs an image of this repository "
      + '(account 999999999999, Region us-east-1), and one of the two stacks is environment-agnostic, so the grant cannot be computed; '
      + 'give both stacks an explicit environment: env: { account, region }');
  });

  test('of an agnostic owner, in an explicit stack, is an error that says what to do', () => {
    const { app, repository, consumer } = ownerAndConsumer(CONSUMER, AGNOSTIC);
    functionIn(consumer, repository);

    expect(errorOf(() => app.synth())).toContain("give the stack of 'Owner/Repository' an explicit environment: env: { account, region }");
  });

  test('the Lambda service without any function is an error: it would let in everybody\'s', () => {
    const { app, repository } = ownerAndConsumer();
    repository.grantPull(new iam.ServicePrincipal('lambda.amazonaws.com'));

    expect(errorOf(() => app.synth())).toContain('[Owner/Repository] lambda.amazonaws.com was granted to pull, but no function of this app runs an image of this repository, '
      + 'and without saying whose functions it would let in those of every AWS account; use allowPullFrom(EcrGrantee.lambdaFunctions(accountId))');
  });

  test('the service principal never goes out without a condition', () => {
    const { app, repository, consumer } = ownerAndConsumer();
    functionIn(consumer, repository);
    functionIn(newStack(app, 'Other', OTHER), repository);
    functionIn(repository.stack, repository);
    const services = repositoryPolicyOf(repository).Statement.filter(({ Principal }: any) => Principal.Service);

    expect(services).toHaveLength(1);
    expect(services[0].Condition.ArnLike['aws:SourceArn']).toHaveLength(3);
  });
});

test('replacing ecr.Repository under the same id keeps the logical id', () => {
  const app = newApp();
  const before = new ecr.Repository(newStack(app, 'Before', OWNER), 'Images', { repositoryName: 'web-app' });
  const after = new SharedEcrRepository(newStack(app, 'After', OWNER), 'Images', { repositoryName: 'web-app' });

  expect(Object.keys(templateOf(after.stack).Resources)).toEqual(Object.keys(templateOf(before.stack).Resources));
});
