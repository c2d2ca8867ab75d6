import { CfnOutput, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { CONSUMER, CorrectApp, OWNER } from './app';

/** Apps of the CDK alone: both halves were written by hand, or by the CDK. */

const HOST = `${OWNER.account}.dkr.ecr.${OWNER.region}.amazonaws.com`;
const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const LOGIN = 'ecr:GetAuthorizationToken';
const TASKS = new iam.ServicePrincipal('ecs-tasks.amazonaws.com');

/** The L2 constructs across accounts: a policy of the repository and a role, written by hand. */
export const PLAIN_L2: CorrectApp = {
  name: 'plain L2, across accounts',
  build: [(app) => {
    const owner = new Stack(app, 'Owner', { env: OWNER });
    const repository = new ecr.Repository(owner, 'WebApp', { repositoryName: 'web-app' });
    repository.addToResourcePolicy(new iam.PolicyStatement({
      principals: [new iam.AccountPrincipal(CONSUMER.account)], actions: PULL, conditions: { ArnLike: { 'aws:PrincipalArn': roleArn('web-*') } },
    }));
    repository.addToResourcePolicy(new iam.PolicyStatement({
      effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['ecr:*'], conditions: { ArnLike: { 'aws:PrincipalArn': roleArn('web-legacy') } },
    }));

    const consumer = new Stack(app, 'Consumer', { env: CONSUMER });
    const executionRole = new iam.Role(consumer, 'Role', { roleName: 'web-execution', assumedBy: TASKS });
    executionRole.addToPolicy(new iam.PolicyStatement({ actions: PULL, resources: [repository.repositoryArn] }));
    executionRole.addToPolicy(new iam.PolicyStatement({ actions: [LOGIN], resources: ['*'] }));
    taskIn(consumer, executionRole, `${HOST}/web-app:v1`);
  }],
};

/** The L2 constructs in one account: the role's own policy is enough. A second role is let in by the repository alone. */
export const PLAIN_L2_AT_HOME: CorrectApp = {
  name: 'plain L2, in one account',
  build: [(app) => {
    const owner = new Stack(app, 'Images', { env: OWNER });
    const repository = new ecr.Repository(owner, 'WebApp', { repositoryName: 'web-app' });
    const inside = new iam.Role(owner, 'NamedRole', {
      roleName: 'named',
      assumedBy: TASKS,
      inlinePolicies: { Login: new iam.PolicyDocument({ statements: [new iam.PolicyStatement({ actions: [LOGIN], resources: ['*'] })] }) },
    });
    repository.addToResourcePolicy(new iam.PolicyStatement({ principals: [new iam.ArnPrincipal(inside.roleArn)], actions: PULL }));
    taskIn(owner, inside, repository.repositoryUriForTag('v1'));

    const service = new Stack(app, 'Service', { env: OWNER });
    const executionRole = new iam.Role(service, 'OwnRole', { roleName: 'own', assumedBy: TASKS });
    new ecs.FargateTaskDefinition(service, 'Own', { executionRole }).addContainer('web', { image: ecs.ContainerImage.fromEcrRepository(repository, 'v1') });
  }],
};

/** L1 constructs, with policies in all the ways that IAM has: managed ones, a boundary, `NotAction`, `NotResource`, wildcards. */
export const PLAIN_L1: CorrectApp = {
  name: 'plain L1',
  build: [(app) => {
    const owner = new Stack(app, 'Owner', { env: OWNER });
    new ecr.CfnRepository(owner, 'WebApp', {
      repositoryName: 'web-app',
      repositoryPolicyText: documentOf({ Effect: 'Allow', Principal: { AWS: [`arn:aws:iam::${CONSUMER.account}:root`, '333333333333'] }, Action: 'ecr:*' }),
    });
    const consumer = new Stack(app, 'Consumer', { env: CONSUMER });
    const boundary = new iam.CfnManagedPolicy(consumer, 'Boundary', {
      policyDocument: documentOf({ Effect: 'Allow', NotAction: ['iam:*', 'organizations:*'], Resource: '*' }),
    });
    const managed = new iam.CfnManagedPolicy(consumer, 'Pull', {
      policyDocument: documentOf(
        { Effect: 'Allow', Action: ['ecr:Batch*', 'ecr:GetDownloadUrlForLayer'], Resource: `arn:aws:ecr:*:${OWNER.account}:repository/web-*` },
        { Effect: 'Deny', Action: 'ecr:*', NotResource: [`arn:aws:ecr:*:${OWNER.account}:repository/*`, '*'] },
      ),
    });
    l1TaskIn(consumer, 'Managed', { managedPolicyArns: [managed.ref, 'arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly'] });
    l1TaskIn(consumer, 'Bounded', {
      permissionsBoundary: boundary.ref,
      managedPolicyArns: [managed.ref],
      policies: [{ policyName: 'Login', policyDocument: documentOf({ Effect: 'Allow', Action: 'ecr:GetAuth*', Resource: '*' }) }],
    });
  }],
};

/** Nested stacks and Stages: halves that are as far apart in the assembly as they can be. */
export const STAGES: CorrectApp = {
  name: 'nested stacks and Stages',
  build: [(app) => {
    const owner = new Stack(new Stage(app, 'Shared', { env: OWNER }), 'Owner');
    const repository = new ecr.Repository(new NestedStack(owner, 'Nested'), 'WebApp', { repositoryName: 'web-app' });
    repository.addToResourcePolicy(new iam.PolicyStatement({ principals: [new iam.AccountPrincipal(CONSUMER.account)], actions: PULL }));
    new CfnOutput(owner, 'Arn', { value: repository.repositoryArn, exportName: 'web-app-arn' });

    const consumer = new Stack(new Stage(app, 'Production', { env: CONSUMER }), 'Consumer');
    const executionRole = new iam.Role(new NestedStack(consumer, 'Roles'), 'Role', { assumedBy: TASKS });
    executionRole.addToPolicy(new iam.PolicyStatement({ actions: PULL, resources: [`arn:aws:ecr:${OWNER.region}:${OWNER.account}:repository/web-app`] }));
    executionRole.addToPolicy(new iam.PolicyStatement({ actions: [LOGIN], resources: ['*'] }));
    taskIn(new NestedStack(consumer, 'Tasks'), executionRole, `${HOST}/web-app:v1`);
  }],
};

function taskIn(scope: Construct, executionRole: iam.IRole, image: string): void {
  new ecs.FargateTaskDefinition(scope, 'Task', { executionRole }).addContainer('web', { image: ecs.ContainerImage.fromRegistry(image) });
}

function l1TaskIn(stack: Stack, id: string, props: Omit<iam.CfnRoleProps, 'assumeRolePolicyDocument'>): void {
  const role = new iam.CfnRole(stack, `${id}Role`, {
    roleName: id.toLowerCase(),
    assumeRolePolicyDocument: documentOf({ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }),
    ...props,
  });
  new ecs.CfnTaskDefinition(stack, `${id}Task`, { executionRoleArn: role.attrArn, containerDefinitions: [{ name: 'web', image: `${HOST}/web-app:v1` }] });
}

function documentOf(...statements: object[]): object {
  return { Version: '2012-10-17', Statement: statements };
}

function roleArn(name: string): string {
  return `arn:aws:iam::${CONSUMER.account}:role/${name}`;
}
