import { App, aws_ecs as ecs, aws_iam as iam, aws_lambda as lambda, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CrossAccountPullRole, EcrGrantee, PullRuntime, SharedEcrRepository } from '../src';

/** The scenarios of the README, each with the templates of its stacks. */

const OWNER = { account: '111111111111', region: 'us-east-1' };
const CONSUMER = { account: '222222222222', region: 'us-east-1' };

function resourcesOf(stack: Stack): unknown {
  return Template.fromStack(stack).toJSON().Resources;
}

test('the smallest share, in one app', () => {
  const app = new App();
  const owner = new Stack(app, 'Owner', { env: OWNER });
  const consumer = new Stack(app, 'Consumer', { env: CONSUMER });
  const webApp = new SharedEcrRepository(owner, 'WebApp', { repositoryName: 'web-app' });
  const task = new ecs.FargateTaskDefinition(consumer, 'Task');
  task.addContainer('web', { image: ecs.ContainerImage.fromEcrRepository(webApp, 'v1') });

  expect(resourcesOf(owner)).toMatchSnapshot('owner');
  expect(resourcesOf(consumer)).toMatchSnapshot('consumer');
});

test('the smallest share, in two apps: the owner', () => {
  const stack = new Stack(new App(), 'Owner', { env: OWNER });
  new SharedEcrRepository(stack, 'WebApp', {
    repositoryName: 'web-app',
    pullers: [EcrGrantee.role('222222222222', 'web-app-execution'), EcrGrantee.organization('o-a1b2c3d4e5')],
    pushers: [EcrGrantee.role('555555555555', 'ci/publish-images')],
  });

  expect(resourcesOf(stack)).toMatchSnapshot();
});

test('the smallest share, in two apps: the consumer', () => {
  const stack = new Stack(new App(), 'Consumer', { env: CONSUMER });
  const webApp = SharedEcrRepository.fromRepositoryArn(stack, 'WebApp', 'arn:aws:ecr:us-east-1:111111111111:repository/web-app');
  const executionRole = new CrossAccountPullRole(stack, 'ExecutionRole', {
    runtime: PullRuntime.ECS_TASK,
    repositories: [webApp],
    roleName: 'web-app-execution',
  });
  const task = new ecs.FargateTaskDefinition(stack, 'Task', { executionRole });
  task.addContainer('web', { image: ecs.ContainerImage.fromEcrRepository(webApp, 'v1') });

  expect(resourcesOf(stack)).toMatchSnapshot();
});

test('AWS Lambda in another account', () => {
  const app = new App();
  const owner = new Stack(app, 'Owner', { env: OWNER });
  const consumer = new Stack(app, 'Consumer', { env: CONSUMER });
  const repository = new SharedEcrRepository(owner, 'WebApp', { repositoryName: 'web-app' });
  new lambda.DockerImageFunction(consumer, 'Orders', { code: lambda.DockerImageCode.fromEcr(repository, { tagOrDigest: 'v1' }) });

  expect(resourcesOf(owner)).toMatchSnapshot('owner');
  expect(resourcesOf(consumer)).toMatchSnapshot('consumer');
});

test('a role in the owner account that a partner assumes, and a statement of one\'s own', () => {
  const stack = new Stack(new App(), 'Owner', { env: OWNER });
  const repository = new SharedEcrRepository(stack, 'WebApp', { repositoryName: 'web-app' });
  new CrossAccountPullRole(stack, 'PullForPartners', {
    runtime: PullRuntime.assumedBy(new iam.AccountPrincipal('666666666666').withConditions({ StringEquals: { 'sts:ExternalId': 'web' } })),
    repositories: [repository],
  });
  repository.addToResourcePolicy(new iam.PolicyStatement({
    sid: 'OnlyFromHere',
    effect: iam.Effect.DENY,
    actions: ['ecr:PutImage'],
    principals: [new iam.AnyPrincipal()],
    conditions: { StringNotEquals: { 'aws:PrincipalAccount': '555555555555' } },
  }));

  expect(resourcesOf(stack)).toMatchSnapshot();
});
