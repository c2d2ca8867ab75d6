import { appOf, DeclaredApp, DeclaredRepository, Runtime, Who } from './declarations';
import { CONSUMERS, ORGANIZATION, OTHER_REGION, OWNERS, REGION, Registry, UNIT, UNIT_BELOW } from './world';

export const OWNER: Registry = { account: OWNERS[0], region: REGION };
export const SECOND_OWNER: Registry = { account: OWNERS[1], region: REGION };
const [CONSUMER, OTHER, , , , FOREIGN] = CONSUMERS;

export const RUNTIMES: readonly Runtime[] = [
  'ECS_TASK', 'EKS_NODE', 'EKS_FARGATE_POD', 'EC2_INSTANCE', 'APP_RUNNER', 'CODE_BUILD', 'BATCH_JOB', 'SAGEMAKER', 'ASSUMED_BY_ACCOUNT',
];

/** Whoever may be granted anything, once in another account and once in the owner's own. */
export const GRANTEES: readonly Who[] = [
  ...[CONSUMER, OWNER.account].flatMap((account): Who[] => [
    { kind: 'account', account },
    { kind: 'role', account, name: 'app' },
    { kind: 'role', account, name: 'teams/web/app' },
    { kind: 'role', account, name: 'app-*' },
    { kind: 'role', account, name: 'teams/*' },
    { kind: 'role', account, name: '*' },
    { kind: 'functions', account },
    { kind: 'functions', account, pattern: 'orders' },
    { kind: 'functions', account, pattern: 'orders-*' },
    { kind: 'functions', account, pattern: '*-api', deployers: ['deployer', 'ci/deploy-*'] },
    { kind: 'principalArn', account, name: 'teams/web/app' },
    { kind: 'principalAccount', account },
    { kind: 'principalRole', account, name: 'ci/publish' },
    { kind: 'anybodyLike', account, name: 'scan-*' },
    { kind: 'service', service: 'codebuild.amazonaws.com', account },
  ]),
  { kind: 'organization', organization: ORGANIZATION },
  { kind: 'unit', path: UNIT },
  { kind: 'unit', path: UNIT_BELOW },
  { kind: 'functionsOfOrganization', organization: ORGANIZATION },
  { kind: 'functionsOfUnit', path: UNIT },
];

export function isOfLambda({ kind }: Who): boolean {
  return kind.startsWith('functions');
}

const repository = (parts: Partial<DeclaredRepository>, registry = OWNER): DeclaredRepository => ({ registry, name: 'team-a/web-app', ...parts });

/** Every grantee in every use, every runtime, and what goes beyond one repository, each alone. */
export const APPS: readonly DeclaredApp[] = [
  ...GRANTEES.flatMap((who) => {
    const name = JSON.stringify(who);
    return isOfLambda(who) ? [appOf(`pull by ${name}`, { repositories: [repository({ pullers: [who] })] })] : [
      appOf(`pull by ${name}`, { repositories: [repository({ pullers: [who] })] }),
      appOf(`push and read by ${name}`, { repositories: [repository({ pushers: [who] }), repository({ name: 'team-a/web', readers: [who], pullThrough: [who] })] }),
      appOf(`pull from the registry by ${name}`, { registryGrants: [{ registry: OWNER, prefixes: ['team-a/'], pullers: [who] }] }),
    ];
  }),
  appOf('all at once', { repositories: [repository({ pullers: GRANTEES, readers: GRANTEES.filter((who) => !isOfLambda(who)) })] }),
  ...RUNTIMES.flatMap((runtime) => [CONSUMER, OWNER.account].map((account) => {
    const shared = [repository({}), repository({ name: 'team-a/api' })];
    return appOf(`${runtime} in ${account}`, {
      repositories: [...shared, repository({ name: 'team-a/api2' })],
      roles: [{ account, region: REGION, name: 'teams/web/app', runtime, repositories: shared }],
    });
  })),
  appOf('prefixes', {
    repositories: [repository({})],
    registryGrants: [
      { registry: OWNER, prefixes: ['team-a/', 'team-b'], pullers: [{ kind: 'account', account: CONSUMER }], pullThrough: [{ kind: 'account', account: OTHER }] },
      { registry: OWNER, prefixes: [], pullers: [{ kind: 'unit', path: UNIT_BELOW }] },
    ],
  }),
  ...[{ ...OWNER, region: OTHER_REGION }, SECOND_OWNER].map((replica) => appOf(`replica in ${replica.account} ${replica.region}`, {
    repositories: [repository({
      replica, pullers: GRANTEES, pushers: [{ kind: 'role', account: CONSUMER, name: 'ci' }], readers: [{ kind: 'account', account: OTHER }],
    })],
  })),
  appOf('replicas by a template', {
    replicationGrants: [{
      registry: SECOND_OWNER,
      sources: [OWNER.account],
      prefixes: ['team-a/', 'team-b/'],
      creates: true,
      pullers: GRANTEES.slice(0, 12),
      readers: [{ kind: 'organization', organization: ORGANIZATION }],
    }],
  }),
  appOf('replicas of all names', {
    replicationGrants: [{
      registry: SECOND_OWNER, sources: [OWNER.account, FOREIGN], prefixes: [], creates: true, pullers: [{ kind: 'unit', path: UNIT }],
    }],
  }),
  appOf('replicas into existing', { replicationGrants: [{ registry: SECOND_OWNER, sources: [OWNER.account], prefixes: ['team-a/'], creates: false }] }),
  appOf('cache', {
    repositories: [repository({ pullThrough: [{ kind: 'account', account: CONSUMER }] })],
    caches: [{
      registry: { account: CONSUMER, region: OTHER_REGION },
      upstream: OWNER,
      prefix: 'shared',
      upstreamPrefix: 'team-a',
      pullers: [{ kind: 'account', account: OTHER }, { kind: 'organization', organization: ORGANIZATION }, { kind: 'role', account: FOREIGN, name: 'app-*' }],
    }],
  }),
  appOf('cache of all', { caches: [{ registry: { account: CONSUMER, region: REGION }, upstream: OWNER, prefix: 'all', pullers: [] }] }),
];
