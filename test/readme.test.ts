import { App, aws_ecs as ecs, aws_iam as iam, aws_lambda as lambda, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  CrossAccountPullRole, EcrGrantee, PullRuntime, PullThroughCache, RegistryPullGrant, RegistryReplication, RegistryReplicationGrant,
  ReplicationDestination, SharedEcrRepository,
} from '../src';

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

test('replicate one repository', () => {
  const app = new App();
  const owner = new Stack(app, 'Owner', { env: OWNER });
  const sharedEu = new Stack(app, 'SharedEu', { env: { ...OWNER, region: 'eu-central-1' } });
  const consumerEu = new Stack(app, 'ConsumerEu', { env: { ...CONSUMER, region: 'eu-central-1' } });
  const repository = new SharedEcrRepository(owner, 'WebApp', { repositoryName: 'web-app', pullers: [EcrGrantee.organization('o-a1b2c3d4e5')] });
  repository.replicateTo(ReplicationDestination.region('eu-central-1'), { scope: sharedEu });
  new lambda.DockerImageFunction(consumerEu, 'Orders', {
    code: lambda.DockerImageCode.fromEcr(repository.replicaIn('eu-central-1'), { tagOrDigest: 'v1' }),
  });

  expect(resourcesOf(owner)).toMatchSnapshot('owner');
  expect(resourcesOf(sharedEu)).toMatchSnapshot('replica');
  expect(resourcesOf(consumerEu)).toMatchSnapshot('consumer');
});

test('replicate by prefix', () => {
  const app = new App();
  const source = new Stack(app, 'Source', { env: OWNER });
  const destination = new Stack(app, 'Destination', { env: { account: '444444444444', region: 'eu-central-1' } });
  new RegistryReplication(source, 'ToProduction', {
    destinations: [ReplicationDestination.account('444444444444', 'eu-central-1')],
    repositoryPrefixes: ['team-a/'],
  });
  new RegistryReplicationGrant(destination, 'FromShared', {
    sourceAccounts: ['111111111111'],
    repositoryPrefixes: ['team-a/'],
    replicas: {
      pullers: [EcrGrantee.account('222222222222'), EcrGrantee.lambdaFunctions('222222222222')],
      lifecycleRules: [{ maxImageCount: 100 }],
    },
  });

  expect(resourcesOf(source)).toMatchSnapshot('source');
  expect(resourcesOf(destination)).toMatchSnapshot('destination');
});

test('share a whole registry', () => {
  const stack = new Stack(new App(), 'Owner', { env: OWNER });
  new RegistryPullGrant(stack, 'TeamA', {
    pullers: [EcrGrantee.organization('o-a1b2c3d4e5'), EcrGrantee.role('222222222222', 'image-scanner')],
    repositoryPrefixes: ['team-a/'],
  });
  new RegistryPullGrant(stack, 'Caches', { repositoryPrefixes: ['team-a/'] }).allowPullThroughFrom(EcrGrantee.account('777777777777'));

  expect(resourcesOf(stack)).toMatchSnapshot();
});

test('cache', () => {
  const app = new App();
  const owner = new Stack(app, 'Owner', { env: OWNER });
  const partner = new Stack(app, 'Partner', { env: { account: '777777777777', region: 'eu-west-1' } });
  new SharedEcrRepository(owner, 'WebApp', { repositoryName: 'web-app' });
  const cache = new PullThroughCache(partner, 'Cache', {
    upstreamAccount: '111111111111',
    upstreamRegion: 'us-east-1',
    repositoryPrefix: 'shared',
  });
  const task = new ecs.FargateTaskDefinition(partner, 'Task');
  task.addContainer('web', { image: ecs.ContainerImage.fromEcrRepository(cache.repository('web-app'), 'v1') });

  expect(resourcesOf(owner)).toMatchSnapshot('owner');
  expect(resourcesOf(partner)).toMatchSnapshot('partner');
});
