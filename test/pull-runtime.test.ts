import { Aws } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { AGNOSTIC, APP_RUNNER_PULL, CONSUMER, errorOf, newApp, newRole, newStack, PULL } from './support';
import { PullRuntime } from '../src';

const FIXED = {
  ECS_TASK: PullRuntime.ECS_TASK,
  EKS_NODE: PullRuntime.EKS_NODE,
  EKS_FARGATE_POD: PullRuntime.EKS_FARGATE_POD,
  EC2_INSTANCE: PullRuntime.EC2_INSTANCE,
  APP_RUNNER: PullRuntime.APP_RUNNER,
  CODE_BUILD: PullRuntime.CODE_BUILD,
  BATCH_JOB: PullRuntime.BATCH_JOB,
  SAGEMAKER: PullRuntime.SAGEMAKER,
};

/** Who assumes the role, in the view of a stack. */
function trustIn(env: object, runtime: PullRuntime): unknown {
  const stack = newStack(newApp(), 'Consumer', env);
  const { principalJson, conditions } = runtime._assumedBy(stack).policyFragment;
  return stack.resolve({ ...principalJson, ...(Object.keys(conditions).length > 0 && { conditions }) });
}

test('every fixed runtime of the class is tested here, and has its own name', () => {
  expect(Object.entries(PullRuntime)).toEqual(Object.entries(FIXED));
  expect(Object.entries(FIXED).map(([name, runtime]) => [name, `${runtime}`])).toEqual(Object.keys(FIXED).map((name) => [name, name]));
});

test.each<[keyof typeof FIXED, object]>([
  ['ECS_TASK', { Service: ['ecs-tasks.amazonaws.com'] }],
  ['EKS_NODE', { Service: ['ec2.amazonaws.com'] }],
  ['EKS_FARGATE_POD', {
    Service: ['eks-fargate-pods.amazonaws.com'],
    conditions: { ArnLike: { 'aws:SourceArn': 'arn:aws:eks:us-east-1:111122223333:fargateprofile/*' } },
  }],
  ['EC2_INSTANCE', { Service: ['ec2.amazonaws.com'] }],
  ['APP_RUNNER', { Service: ['build.apprunner.amazonaws.com'] }],
  ['CODE_BUILD', { Service: ['codebuild.amazonaws.com'], conditions: { StringEquals: { 'aws:SourceAccount': '111122223333' } } }],
  ['BATCH_JOB', { Service: ['ecs-tasks.amazonaws.com'] }],
  ['SAGEMAKER', { Service: ['sagemaker.amazonaws.com'], conditions: { ArnLike: { 'aws:SourceArn': 'arn:aws:sagemaker:us-east-1:111122223333:*' } } }],
])('%s is assumed by its service', (name, trust) => {
  expect(trustIn(CONSUMER, FIXED[name])).toEqual(trust);
});

test('the conditions of the trust are in the partition of the Region', () => {
  expect(trustIn({ account: '111122223333', region: 'cn-north-1' }, PullRuntime.SAGEMAKER)).toMatchObject({
    conditions: { ArnLike: { 'aws:SourceArn': 'arn:aws-cn:sagemaker:cn-north-1:111122223333:*' } },
  });
  expect(trustIn({ account: '111122223333', region: 'us-gov-west-1' }, PullRuntime.EKS_FARGATE_POD)).toMatchObject({
    conditions: { ArnLike: { 'aws:SourceArn': 'arn:aws-us-gov:eks:us-gov-west-1:111122223333:fargateprofile/*' } },
  });
});

test('in an environment-agnostic stack they are what the deployment knows', () => {
  expect(trustIn(AGNOSTIC,
    PullRuntime.CODE_BUILD)).toMatchObject({ conditions: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } } });
  expect(trustIn(AGNOSTIC, PullRuntime.SAGEMAKER)).toMatchObject({
    conditions: {
      ArnLike: {
        'aws:SourceArn': {
          'Fn::Join': ['',
            ['arn:', { Ref: 'AWS::Partition' }, ':sagemaker:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':*']],
        },
      },
    },
  });
});

test('only App Runner does more than pull', () => {
  expect(Object.entries(FIXED).filter(([, { _actions }]) => _actions.join() !== PULL.join()).map(([name]) => name)).toEqual(['APP_RUNNER']);
  expect(PullRuntime.APP_RUNNER._actions).toEqual(APP_RUNNER_PULL);
  expect(PullRuntime.assumedBy(new iam.AccountPrincipal('111122223333'))._actions).toEqual(PULL);
});

test('only EKS pulls add-ons, and only its nodes need a managed policy', () => {
  expect(Object.entries(FIXED).filter(([, { _pullsEksAddOns }]) => _pullsEksAddOns).map(([name]) => name)).toEqual(['EKS_NODE', 'EKS_FARGATE_POD']);
  expect(Object.entries(FIXED).filter(([, { _managedPolicyNames }]) => _managedPolicyNames.length > 0).map(([name]) => name)).toEqual(['EKS_NODE']);
  expect(PullRuntime.EKS_NODE._managedPolicyNames).toEqual(['AmazonEKSWorkerNodePolicy']);
});

describe('assumedBy', () => {
  const anyone = new iam.AnyPrincipal();
  const account = new iam.AccountPrincipal('111122223333');
  const externalId = { StringEquals: { 'sts:ExternalId': 'web' } };

  test.each<[string, iam.IPrincipal, string]>([
    ['an account', account, 'assumed by AccountPrincipal(111122223333)'],
    ['an account with an external id', account.withConditions(externalId), 'assumed by AccountPrincipal(111122223333)'],
    ['several accounts with an external id each',
      new iam.CompositePrincipal(account.withConditions(externalId), new iam.AccountPrincipal('444455556666')),
      'assumed by CompositePrincipal(AccountPrincipal(111122223333),AccountPrincipal(444455556666))'],
    ['an organization', new iam.OrganizationPrincipal('o-a1b2c3d4e5'), 'assumed by OrganizationPrincipal(o-a1b2c3d4e5)'],
    ['an organization with an external id',
      anyone.withConditions({ StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5', 'sts:ExternalId': 'web' } }), 'assumed by AnyPrincipal()'],
    ['an OU', anyone.withConditions({ 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*' } }),
      'assumed by AnyPrincipal()'],
    ['a service', new iam.ServicePrincipal('ssm.amazonaws.com'), 'assumed by ServicePrincipal(ssm.amazonaws.com)'],
    ['an OIDC provider', new iam.WebIdentityPrincipal('arn:aws:iam::111122223333:oidc-provider/p'),
      'assumed by WebIdentityPrincipal(arn:aws:iam::111122223333:oidc-provider/p)'],
    ['the own account', new iam.AccountPrincipal(Aws.ACCOUNT_ID), `assumed by AccountPrincipal(${Aws.ACCOUNT_ID})`],
  ])('%s', (_, principal, text) => {
    const runtime = PullRuntime.assumedBy(principal);

    expect(`${runtime}`).toBe(text);
    expect(runtime._assumedBy(newStack(newApp(), 'Stack'))).toBe(principal);
    expect([runtime._pullsEksAddOns, runtime._managedPolicyNames]).toEqual([false, []]);
  });

  test('a role', () => {
    expect(`${PullRuntime.assumedBy(newRole(newStack(newApp(), 'Stack')))}`).toBe('assumed by Stack/Role');
  });

  test.each<[string, iam.IPrincipal]>([
    ['only an external id', anyone.withConditions(externalId)],
    ['only an external id, the star', new iam.StarPrincipal().withConditions(externalId)],
    ['no condition', anyone],
    ['an ARN that is a star', new iam.ArnPrincipal('*')],
    ['a condition that holds where there is no organization',
      anyone.withConditions({ StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } })],
    ['only an external id, beside an account', new iam.CompositePrincipal(account, anyone.withConditions(externalId))],
  ])('everybody with %s is refused', (_, principal) => {
    expect(errorOf(() => PullRuntime.assumedBy(principal)))
      .toMatch(/^the principal \{"AWS":"\*"\} with .* would let in every AWS account; add a condition such as StringEquals/);
  });
});
