import { readFileSync } from 'fs';
import { join } from 'path';
import { aws_ecr as ecr, aws_ecs as ecs, aws_iam as iam, aws_kms as kms, Stack, Validations } from 'aws-cdk-lib';
import { transpile } from 'typescript';
import { Listed } from './findings';
import {
  CrossAccountPullRole, EcrGrantee, PullRuntime, PullThroughCache, RegistryPullGrant, RegistryReplication, RegistryReplicationGrant,
  ReplicationDestination, SharedEcrRepository,
} from '../../src';

export interface NagCase {
  readonly name: string;
  readonly declare: (stack: Stack) => unknown;
  /** Where they are is below the stack. */
  readonly findings: readonly Listed[];
}

export const HERE = { account: '111111111111', region: 'us-east-1' };

const OTHER = '222222222222';
const ORGANIZATION = 'o-a1b2c3d4e5';
const UNIT = `${ORGANIZATION}/r-ab12/ou-ab12-11111111`;

/** Those that a statement names by their accounts. */
const NAMED = [EcrGrantee.account(OTHER), EcrGrantee.role(OTHER, 'teams/*'), EcrGrantee.principal(new iam.ArnPrincipal(`arn:aws:iam::${OTHER}:role/app`))];
const FUNCTIONS = [EcrGrantee.lambdaFunctions(OTHER), EcrGrantee.lambdaFunctions(OTHER, { functionNamePattern: 'orders-*', deployerRoleNames: ['ci/*'] })];

/** Those that no list of accounts can name. */
const CLOSED = [EcrGrantee.organization(ORGANIZATION), EcrGrantee.organizationalUnit(UNIT)];
const CLOSED_FUNCTIONS = [EcrGrantee.lambdaFunctionsInOrganization(ORGANIZATION), EcrGrantee.lambdaFunctionsInOrganizationalUnit(UNIT)];
const CONDITIONED = EcrGrantee.principal(new iam.StarPrincipal().withConditions({ StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } }));

const open = (at: string): Listed => (
  { rule: 'AwsSolutions-ECR1', at, reason: 'the principal is *, which a condition closes to the organization or OU; the rule does not look at conditions' });

const login = (at: string): Listed => (
  { rule: 'AwsSolutions-IAM5[Resource::*]', at: `${at}/DefaultPolicy/Resource`, reason: 'AWS allows ecr:GetAuthorizationToken on * only' });

const on = (at: string, registry: string, repositories: string, reason: string): Listed => (
  { rule: `AwsSolutions-IAM5[Resource::arn:aws:ecr:${registry}:repository/${repositories}]`, at: `${at}/DefaultPolicy/Resource`, reason });

const OWN_REGISTRY = `${HERE.region}:${HERE.account}`;
const UPSTREAM = `eu-west-1:${OTHER}`;
const MADE_LATER = 'the repositories are not there yet: Amazon ECR makes them, below that prefix';
const UPSTREAM_LATER = 'which repositories of upstream will be pulled is not known: the rule of the cache is for a prefix';
const ADD_ONS = 'the registry of AWS with the images of the EKS add-ons, whose names AWS does not list; eksAddOnRepositoryArns replaces it';

const cacheRole = (at: string, upstream: string): Listed[] => [
  login(at), on(at, UPSTREAM, upstream, UPSTREAM_LATER), on(at, OWN_REGISTRY, 'shared/*', MADE_LATER),
];

const repository = (stack: Stack, pullers: EcrGrantee[]) => new SharedEcrRepository(stack, 'Repository', { repositoryName: 'web-app', pullers });
const imported = (stack: Stack) => SharedEcrRepository.fromRepositoryArn(stack, 'Repository', `arn:aws:ecr:us-east-1:${OTHER}:repository/web-app`);
const key = (stack: Stack) => new kms.Key(stack, 'Key', { enableKeyRotation: true });
const cache = (stack: Stack, more: object = {}) => new PullThroughCache(stack, 'Cache', {
  upstreamAccount: OTHER, upstreamRegion: 'eu-west-1', repositoryPrefix: 'shared', ...more,
});
const pullRole = (runtime: PullRuntime) => (stack: Stack) => new CrossAccountPullRole(stack, 'Role', { runtime, repositories: [imported(stack)] });

/** Every construct, with every kind of grantee, and what cdk-nag says of it. */
export const NAG_CASES: readonly NagCase[] = [
  { name: 'SharedEcrRepository alone', declare: (stack) => repository(stack, []), findings: [] },
  { name: 'SharedEcrRepository for accounts, roles, functions', declare: (stack) => repository(stack, [...NAMED, ...FUNCTIONS]), findings: [] },
  ...[...CLOSED, CONDITIONED, ...CLOSED_FUNCTIONS].map((grantee): NagCase => ({
    name: `SharedEcrRepository for ${grantee}`, declare: (stack) => repository(stack, [grantee]), findings: [open('Repository/Resource')],
  })),
  {
    name: 'SharedEcrRepository with pushers, readers, caches of accounts',
    declare: (stack) => {
      const made = repository(stack, []);
      made.allowPushFrom(...NAMED);
      made.allowReadFrom(...NAMED);
      made.allowPullThroughFrom(EcrGrantee.account(OTHER));
    },
    findings: [],
  },
  {
    name: 'SharedEcrRepository with pushers, readers of an organization',
    declare: (stack) => {
      const made = repository(stack, []);
      made.allowPushFrom(...CLOSED);
      made.allowReadFrom(...CLOSED);
    },
    findings: [open('Repository/Resource')],
  },
  {
    name: 'SharedEcrRepository, encrypted',
    declare: (stack) => new SharedEcrRepository(stack, 'Repository', { repositoryName: 'web-app', encryptionKey: key(stack) }),
    findings: [],
  },
  {
    name: 'SharedEcrRepository, replicated',
    declare: (stack) => {
      const replicas = new Stack(stack, 'Replicas', { env: { ...HERE, region: 'eu-central-1' } });
      repository(stack, CLOSED).replicateTo(ReplicationDestination.region('eu-central-1'), { scope: replicas });
    },
    findings: [open('Repository/Resource'), open('Replicas/Replica-web-app/Resource')],
  },
  {
    name: 'SharedEcrRepository, pulled by a task of the CDK',
    declare: (stack) => {
      const container = { image: ecs.ContainerImage.fromEcrRepository(repository(stack, []), 'v1'), logging: ecs.LogDrivers.awsLogs({ streamPrefix: 'web' }) };
      new ecs.FargateTaskDefinition(stack, 'Task').addContainer('web', container);
    },
    findings: [login('Task/ExecutionRole')],
  },
  { name: 'an imported repository', declare: (stack) => pulledBy(stack, imported(stack)), findings: [login('Puller')] },
  ...([
    ['ECS_TASK', []], ['EKS_FARGATE_POD', [on('Role', 'us-east-1:602401143452', '*', ADD_ONS)]], ['EC2_INSTANCE', []], ['APP_RUNNER', []],
    ['CODE_BUILD', []], ['BATCH_JOB', []], ['SAGEMAKER', []],
    ['EKS_NODE', [
      on('Role', 'us-east-1:602401143452', '*', ADD_ONS),
      {
        rule: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonEKSWorkerNodePolicy]',
        at: 'Role/Resource',
        reason: 'the policy of AWS that Amazon EKS asks for on nodes',
      },
    ]],
  ] as ReadonlyArray<[Exclude<keyof typeof PullRuntime, 'prototype' | 'assumedBy'>, Listed[]]>).map(([runtime, more]): NagCase => ({
    name: `CrossAccountPullRole, ${runtime}`, declare: pullRole(PullRuntime[runtime]), findings: [login('Role'), ...more],
  })),
  { name: 'CrossAccountPullRole, assumed', declare: pullRole(PullRuntime.assumedBy(new iam.AccountPrincipal(OTHER))), findings: [login('Role')] },
  {
    name: 'RegistryPullGrant for accounts and roles',
    declare: (stack) => new RegistryPullGrant(stack, 'Grant', { pullers: NAMED }).allowPullThroughFrom(EcrGrantee.account(OTHER)),
    findings: [],
  },
  ...[...CLOSED, CONDITIONED].map((grantee): NagCase => ({
    name: `RegistryPullGrant for ${grantee}`,
    declare: (stack) => new RegistryPullGrant(stack, 'Grant', { pullers: [grantee], repositoryPrefixes: ['team-a/'] }),
    findings: [open('CdkSharedEcrRegistry/Policy')],
  })),
  {
    name: 'RegistryReplication',
    declare: (stack) => new RegistryReplication(stack, 'Replication', { destinations: [ReplicationDestination.account(OTHER, 'us-east-1')] }),
    findings: [],
  },
  {
    name: 'RegistryReplicationGrant for an organization',
    declare: (stack) => new RegistryReplicationGrant(stack, 'Grant', { sourceAccounts: [OTHER], replicas: { pullers: [...NAMED, ...CLOSED] } }),
    findings: [],
  },
  {
    name: 'RegistryReplicationGrant, encrypted and tagged',
    declare: (stack) => new RegistryReplicationGrant(stack, 'Grant', {
      sourceAccounts: [OTHER], repositoryPrefixes: ['team-a/'], replicas: { encryptionKey: key(stack), tags: { team: 'a' } },
    }),
    findings: [on('Grant/Template-team-a/Role', OWN_REGISTRY, 'team-a/*', MADE_LATER)],
  },
  { name: 'PullThroughCache', declare: (stack) => cache(stack), findings: cacheRole('Cache/Role', '*') },
  {
    name: 'PullThroughCache, tagged, of a prefix, for an organization',
    declare: (stack) => cache(stack, { upstreamRepositoryPrefix: 'team-a', tags: { team: 'a' }, pullers: CLOSED }),
    findings: [...cacheRole('Cache/Role', 'team-a/*'), on('Cache/Template/Role', OWN_REGISTRY, 'shared/*', MADE_LATER), open('CdkSharedEcrRegistry/Policy')],
  },
  {
    name: 'PullThroughCache, a cached repository',
    declare: (stack) => pulledBy(stack, cache(stack).repository('web-app')),
    findings: [...cacheRole('Cache/Role', '*'), login('Puller')],
  },
  { name: 'the code of the README, which acknowledges all', declare: runCodeOfReadme, findings: [] },
];

function pulledBy(stack: Stack, pulled: ecr.IRepository): void {
  pulled.grantPull(new iam.Role(stack, 'Puller', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') }));
}

function runCodeOfReadme(stack: Stack): void {
  const [, code] = /^### With cdk-nag$[^]*?^```ts$([^]*?)^```$/m.exec(readFileSync(join(__dirname, '../../README.md'), 'utf8'))!;
  const names = { CrossAccountPullRole, EcrGrantee, PullRuntime, SharedEcrRepository, Validations };
  new Function(...Object.keys(names), transpile(code)).apply(stack, Object.values(names));
}
