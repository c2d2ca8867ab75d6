import { Conditions, Grant, Registry, Statement, Who } from '../../src/policy/grant';
import { statementsFor } from '../../src/policy/statements';
import { Value } from '../../src/policy/value';

const A = '111122223333';
const B = '444455556666';
const OWNER = '999999999999';
const REGISTRY: Registry = { partition: 'aws', region: 'us-east-1', account: OWNER };

const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const APP_RUNNER_PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:DescribeImages', 'ecr:GetDownloadUrlForLayer'];
const LAMBDA = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const PUSH = [
  'ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart',
];
const READ = ['ecr:DescribeImages', 'ecr:DescribeRepositories', 'ecr:ListImages'];
const CACHE_PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:BatchImportUpstreamImage', 'ecr:GetDownloadUrlForLayer'];
const CACHE_CREATE = ['ecr:BatchImportUpstreamImage', 'ecr:CreateRepository'];
const PULL_THROUGH = ['ecr:BatchGetImage', 'ecr:BatchImportUpstreamImage', 'ecr:GetDownloadUrlForLayer', 'ecr:GetImageCopyStatus'];
const REPLICATE = ['ecr:CreateRepository', 'ecr:ReplicateImage'];
const REPLICATE_TAGGED = ['ecr:CreateRepository', 'ecr:ReplicateImage', 'ecr:TagResource'];
const REPLICATE_INTO_EXISTING = ['ecr:ReplicateImage'];

const account = (id: string): Who => ({ kind: 'account', account: id });
const role = (id: string, name: string): Who => ({ kind: 'identity', account: id, name: `role/${name}` });
const user = (id: string, name: string): Who => ({ kind: 'identity', account: id, name: `user/${name}` });
const tagged = (id: string, tag: string): Who => ({ kind: 'tagged', account: id, tag });
const organization = (id: string): Who => ({ kind: 'organization', organization: id });
const conditioned = (principal: string, conditions: Conditions, type: 'AWS' | 'Service' = 'AWS'): Who =>
  ({ kind: 'conditioned', type, principal, conditions });

const pull = (...whos: Who[]): Grant[] => whos.map((who) => ({ who, actions: PULL }));
const pulling = (whos: Who[], registry = REGISTRY) => statementsFor(pull(...whos), registry);
const statement = (Sid: string, Principal: Statement['Principal'], Action: string[], Condition?: Conditions): Statement =>
  ({ Sid, Effect: 'Allow', Principal, Action, ...(Condition && { Condition }) });

test('no grants, no statements', () => {
  expect(statementsFor([], REGISTRY)).toEqual([]);
});

/** Every kind of grantee, in the order in which their statements stand; what `…` stands for differs with the actions. */
const KINDS: Array<[string, Who[], string, Statement['Principal'], Conditions | undefined]> = [
  ['accounts', [account(B), account(A)], '…Accounts', { AWS: [A, B] }, undefined],
  ['a list of accounts', [{ kind: 'accountList', accounts: { Ref: 'List' } }], '…AccountList7163b099', { AWS: { Ref: 'List' } }, undefined],
  ['a role', [role(A, 'teams/web/app')], '…Roles', { AWS: [A] },
    { ArnLike: { 'aws:PrincipalArn': ['arn:aws:iam::111122223333:role/teams/web/app'] } }],
  ['a user', [user(A, 'ci')], '…Users', { AWS: [A] }, { ArnLike: { 'aws:PrincipalArn': ['arn:aws:iam::111122223333:user/ci'] } }],
  ['tagged roles', [tagged(A, 'Stack_role')], '…TaggedRoles9b4fc463', { AWS: [A] },
    { StringEquals: { 'aws:PrincipalTag/aws-cdk:id': ['Stack_role'] } }],
  ['organizations', [organization('o-zzzzzzzzzz'), organization('o-a1b2c3d4e5')], '…Organizations', { AWS: '*' }, {
    StringEquals: { 'aws:PrincipalOrgID': ['o-a1b2c3d4e5', 'o-zzzzzzzzzz'] },
    StringNotEquals: { 'aws:PrincipalAccount': OWNER },
  }],
  ['an OU', [{ kind: 'organizationalUnit', path: 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/' }], '…OrganizationalUnits', { AWS: '*' }, {
    'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': ['o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*'] },
    'StringNotEquals': { 'aws:PrincipalAccount': OWNER },
  }],
  ['principals', [{ kind: 'arn', arn: `arn:aws:iam::${B}:role/b` }, { kind: 'arn', arn: `arn:aws:iam::${A}:user/a` }], '…Principals',
    { AWS: ['arn:aws:iam::111122223333:user/a', 'arn:aws:iam::444455556666:role/b'] }, undefined],
  ['Lambda functions', [{ kind: 'lambda', account: A, functionName: 'orders-*' }, { kind: 'lambda', account: B, functionName: '*' }], '~Functions',
    { Service: 'lambda.amazonaws.com' }, {
      ArnLike: {
        'aws:SourceArn': ['arn:aws:lambda:us-east-1:111122223333:function:orders-*', 'arn:aws:lambda:us-east-1:444455556666:function:*'],
      },
    }],
  ['Lambda functions of an organization', [{ kind: 'lambdaOrganization', organization: 'o-a1b2c3d4e5' }], '~FunctionsInOrganizations',
    { Service: 'lambda.amazonaws.com' }, { StringEquals: { 'aws:SourceOrgID': ['o-a1b2c3d4e5'] } }],
  ['Lambda functions of an OU', [{ kind: 'lambdaOrganizationalUnit', path: 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/' }],
    '~FunctionsInOrganizationalUnits', { Service: 'lambda.amazonaws.com' },
    { 'ForAnyValue:StringLike': { 'aws:SourceOrgPaths': ['o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*'] } }],
  ['a service with conditions', [conditioned('codebuild.amazonaws.com', { StringEquals: { 'aws:SourceAccount': A } }, 'Service')],
    '…Conditioned2b6b7b2e',
    { Service: ['codebuild.amazonaws.com'] }, { StringEquals: { 'aws:SourceAccount': A } }],
];

/** The sets of actions, what they are called, and what the statements for Lambda are called. */
const USES: Array<[string, string[], string]> = [
  ['Pull', PULL, 'PullLambda'],
  ['AppRunnerPull', APP_RUNNER_PULL, 'AppRunnerPullLambda'],
  ['LambdaDeploy', LAMBDA, 'Lambda'],
  ['Push', PUSH, 'PushLambda'],
  ['Read', READ, 'ReadLambda'],
  ['CachePull', CACHE_PULL, 'CachePullLambda'],
  ['CacheCreate', CACHE_CREATE, 'CacheCreateLambda'],
  ['PullThrough', PULL_THROUGH, 'PullThroughLambda'],
  ['Replicate', REPLICATE, 'ReplicateLambda'],
  ['ReplicateTagged', REPLICATE_TAGGED, 'ReplicateTaggedLambda'],
  ['ReplicateIntoExisting', REPLICATE_INTO_EXISTING, 'ReplicateIntoExistingLambda'],
  ['BatchDeleteImage', ['ecr:BatchDeleteImage'], 'BatchDeleteImageLambda'],
  ['Actionse314332e', ['ecr:BatchDeleteImage', 'ecr:PutImageTagMutability'], 'Actionse314332eLambda'],
];

describe.each(USES)('%s', (purpose, actions, service) => {
  const named = (sid: string) => sid.replace('…', purpose).replace('~', service);

  test.each(KINDS)('%s', (_, whos, sid, principal, condition) => {
    expect(statementsFor(whos.map((who) => ({ who, actions: [...actions].reverse() })), REGISTRY))
      .toEqual([statement(named(sid), principal, actions, condition)]);
  });

  test('all kinds together stand in this order', () => {
    // Each of an account and an organization of its own, so that none covers another.
    const apart = KINDS.map(([, whos], index): Who[] => JSON.parse(JSON.stringify(whos)
      .replaceAll(A, String(100000000000 + index)).replaceAll('o-a1b2c3d4e5', `o-a1b2c3d4e5f${index}`)));
    expect(statementsFor(apart.flat().reverse().map((who) => ({ who, actions })), REGISTRY).map(({ Sid }) => Sid.replace(/[0-9a-f]{8}$/, '')))
      .toEqual(KINDS.map(([, , sid]) => named(sid).replace(/[0-9a-f]{8}$/, '')));
  });
});

test('statements stand in the order of the uses, sets of the user\'s own last', () => {
  const grants = USES.map(([, actions], index): Grant => ({ who: account(String(100000000000 + index)), actions }));
  expect(statementsFor([...grants].reverse(), REGISTRY).map(({ Sid }) => Sid)).toEqual([
    'PullAccounts', 'AppRunnerPullAccounts', 'LambdaDeployAccounts', 'PushAccounts', 'ReadAccounts', 'CachePullAccounts',
    'CacheCreateAccounts', 'PullThroughAccounts', 'ReplicateAccounts', 'ReplicateTaggedAccounts', 'ReplicateIntoExistingAccounts',
    'BatchDeleteImageAccounts', 'Actionse314332eAccounts',
  ]);
});

test('being replicated with tags covers being replicated, and that covers being replicated into what is there', () => {
  const grants = [REPLICATE_INTO_EXISTING, REPLICATE, REPLICATE_TAGGED].map((actions): Grant => ({ who: account(A), actions }));
  expect(statementsFor(grants, REGISTRY)).toEqual([statement('ReplicateTaggedAccounts', { AWS: [A] }, REPLICATE_TAGGED)]);
  expect(statementsFor(grants.slice(0, 2), REGISTRY)).toEqual([statement('ReplicateAccounts', { AWS: [A] }, REPLICATE)]);
});

test('what one use covers is not said again under another', () => {
  const grants = [PULL, APP_RUNNER_PULL, LAMBDA].map((actions): Grant => ({ who: account(A), actions }));
  expect(statementsFor(grants, REGISTRY)).toEqual([statement('AppRunnerPullAccounts', { AWS: [A] }, APP_RUNNER_PULL)]);
});

describe('principals', () => {
  test('the root of an account goes out as its bare id, once', () => {
    expect(pulling([{ kind: 'arn', arn: `arn:aws:iam::${A}:root` }, account(A), { kind: 'arn', arn: B }]))
      .toEqual([statement('PullAccounts', { AWS: [A, B] }, PULL)]);
  });

  test('accounts that only the deployment knows stand after those that are known', () => {
    const ids = [{ Ref: 'Zeta' }, { Ref: 'Alpha' }, B, A];
    expect(pulling(ids.map((id) => ({ kind: 'account', account: id }))))
      .toEqual([statement('PullAccounts', { AWS: [A, B, { Ref: 'Alpha' }, { Ref: 'Zeta' }] }, PULL)]);
  });

  test('a list that only the deployment knows has a statement of its own, and so has each other list', () => {
    const list = (name: string): Who => ({ kind: 'accountList', accounts: { Ref: name } });
    expect(pulling([list('Others'), account(A), list('List')])).toEqual([
      statement('PullAccounts', { AWS: [A] }, PULL),
      statement('PullAccountList7163b099', { AWS: { Ref: 'List' } }, PULL),
      statement('PullAccountList7f49a1ac', { AWS: { Ref: 'Others' } }, PULL),
    ]);
  });
});

describe('roles', () => {
  const inFull = (accounts: string[], ...arns: string[]) =>
    statement('PullRoles', { AWS: accounts }, PULL, { ArnLike: { 'aws:PrincipalArn': arns.map((arn) => `arn:aws:iam::${arn}`) } });
  const inShort = (sid: string, accounts: string[], ...names: string[]) =>
    statement(`Pull${sid}`, { AWS: accounts }, PULL, { ArnLike: { 'aws:PrincipalArn': names.map((name) => `arn:aws:iam::*:${name}`) } });
  const ids = Array.from({ length: 6 }, (_, index) => `10000000000${index}`);

  test('a few go out with their full ARNs, all in one statement', () => {
    expect(pulling([role(B, 'web'), role(A, 'app'), role(A, 'ab*')])).toEqual([
      inFull([A, B], `${A}:role/ab*`, `${A}:role/app`, `${B}:role/web`),
    ]);
  });

  test('of the same name in many accounts: the accounts once and the name once', () => {
    expect(pulling(ids.map((id) => role(id, 'app-execution')))).toEqual([inShort('RolesAppExecution', ids, 'role/app-execution')]);
  });

  test('of the same names in many accounts: the accounts once and the names once', () => {
    expect(pulling(ids.flatMap((id) => [role(id, 'web'), role(id, 'app-*')]))).toEqual([inShort('Roles46b8e6ca', ids, 'role/app-*', 'role/web')]);
  });

  test('that form is taken as soon as it is the shorter one', () => {
    const sids = [1, 2, 3, 4].map((count) => pulling(ids.slice(0, count).map((id) => role(id, 'app-execution')))[0].Sid);
    expect(sids).toEqual(['PullRoles', 'PullRoles', 'PullRolesAppExecution', 'PullRolesAppExecution']);
  });

  test('an account that has one role more does not share: its role must not be let in elsewhere', () => {
    expect(pulling([...ids.map((id) => role(id, 'app-execution')), role(ids[0], 'admin')])).toEqual([
      inFull([ids[0]], `${ids[0]}:role/admin`, `${ids[0]}:role/app-execution`),
      inShort('RolesAppExecution', ids.slice(1), 'role/app-execution'),
    ]);
  });

  test('both forms side by side, sorted by their Sids', () => {
    const others = ids.map((id) => id.replace('1', '2'));
    const statements = pulling([...ids.map((id) => role(id, 'web')), role(A, 'single'), ...others.map((id) => role(id, 'app'))]);
    expect(statements.map(({ Sid }) => Sid)).toEqual(['PullRoles', 'PullRolesApp', 'PullRolesWeb']);
  });

  test.each([
    ['app', 'PullRolesApp'],
    ['app-execution', 'PullRolesAppExecution'],
    ['a2-b3', 'PullRolesA2B3'],
    ['App', 'PullRoles9035a26a'],
    ['app_execution', 'PullRoles9241e93b'],
    ['app--execution', 'PullRoles1293661e'],
    ['app-*', 'PullRoles0127f4ae'],
    ['teams/app', 'PullRoles84470091'],
    ['2app', 'PullRolesa2f83b5a'],
    ['a'.repeat(60), `PullRolesA${'a'.repeat(59)}`],
    ['a'.repeat(61), 'PullRoles908ed907'],
  ])('the Sid tells the name, if no other name could be meant: %s', (name, sid) => {
    expect(pulling([...ids, A, B].map((id) => role(id, name)))[0].Sid).toBe(sid);
  });

  test('roles and users have statements of their own, even of the same name', () => {
    expect(pulling(ids.flatMap((id) => [role(id, 'app-execution'), user(id, 'app-execution')]))).toEqual([
      inShort('RolesAppExecution', ids, 'role/app-execution'),
      inShort('UsersAppExecution', ids, 'user/app-execution'),
    ]);
  });

  test('several stars are one', () => {
    expect(pulling([role(A, 'app-**')])).toEqual([inFull([A], `${A}:role/app-*`)]);
  });

  test('account, partition and name may be what only the deployment knows', () => {
    const who: Who = { kind: 'identity', account: { Ref: 'Consumer' }, name: { 'Fn::Join': ['', ['role/', { Ref: 'Name' }]] } };
    expect(pulling([who], { ...REGISTRY, partition: { Ref: 'AWS::Partition' } })).toEqual([
      statement('PullRoles', { AWS: [{ Ref: 'Consumer' }] }, PULL, {
        ArnLike: {
          'aws:PrincipalArn': [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'Consumer' }, ':role/', { Ref: 'Name' }]] }],
        },
      }),
    ]);
  });

  test('in another partition the ARNs are of that partition', () => {
    expect(pulling([role(A, 'app')], { ...REGISTRY, partition: 'aws-cn', region: 'cn-north-1' })[0].Condition)
      .toEqual({ ArnLike: { 'aws:PrincipalArn': ['arn:aws-cn:iam::111122223333:role/app'] } });
  });
});

describe('tagged roles', () => {
  test('accounts with the same tags share a statement', () => {
    expect(pulling([tagged(B, 'y'), tagged(B, 'x'), tagged(A, 'x'), tagged(A, 'y')])).toEqual([
      statement('PullTaggedRoles01f650e8', { AWS: [A, B] }, PULL, { StringEquals: { 'aws:PrincipalTag/aws-cdk:id': ['x', 'y'] } }),
    ]);
  });

  test('accounts with other tags do not: any account can set any tag', () => {
    expect(pulling([tagged(A, 'x'), tagged(B, 'y')]).map(({ Principal, Condition }) => [Principal, Condition])).toEqual(expect.arrayContaining([
      [{ AWS: [A] }, { StringEquals: { 'aws:PrincipalTag/aws-cdk:id': ['x'] } }],
      [{ AWS: [B] }, { StringEquals: { 'aws:PrincipalTag/aws-cdk:id': ['y'] } }],
    ]));
  });
});

describe('what the deployment knows stands in every kind', () => {
  const registry: Registry = { partition: { Ref: 'AWS::Partition' }, region: { Ref: 'AWS::Region' }, account: { Ref: 'AWS::AccountId' } };

  test('organizations and OUs leave out the policy\'s own account, known or not', () => {
    const path = { 'Fn::Join': ['', [{ Ref: 'Organization' }, '/r-ab12/ou-ab12-11111111/']] };
    expect(pulling([{ kind: 'organization', organization: { Ref: 'Organization' } }, { kind: 'organizationalUnit', path }], registry)).toEqual([
      statement('PullOrganizations', { AWS: '*' }, PULL, {
        StringEquals: { 'aws:PrincipalOrgID': [{ Ref: 'Organization' }] },
        StringNotEquals: { 'aws:PrincipalAccount': { Ref: 'AWS::AccountId' } },
      }),
      statement('PullOrganizationalUnits', { AWS: '*' }, PULL, {
        'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': [{ 'Fn::Join': ['', [{ Ref: 'Organization' }, '/r-ab12/ou-ab12-11111111/*']] }] },
        'StringNotEquals': { 'aws:PrincipalAccount': { Ref: 'AWS::AccountId' } },
      }),
    ]);
  });

  test('functions are of the registry\'s partition and Region', () => {
    expect(pulling([{ kind: 'lambda', account: A, functionName: '**' }], registry)).toEqual([
      statement('PullLambdaFunctions', { Service: 'lambda.amazonaws.com' }, PULL, {
        ArnLike: {
          'aws:SourceArn': [
            { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':lambda:', { Ref: 'AWS::Region' }, ':111122223333:function:*']] },
          ],
        },
      }),
    ]);
  });

  test('principals that are not known are not merged away', () => {
    const arn = { 'Fn::GetAtt': ['Role', 'Arn'] };
    expect(pulling([{ kind: 'arn', arn }, account(A), { kind: 'arn', arn }], registry)).toEqual([
      statement('PullAccounts', { AWS: [A] }, PULL),
      statement('PullPrincipals', { AWS: [arn] }, PULL),
    ]);
  });
});

describe('principals with conditions', () => {
  const conditionsOf = (who: Who) => pulling([who]).map(({ Principal, Condition }) => ({ Principal, Condition }));
  const ownAccount = { 'aws:PrincipalAccount': OWNER };

  test.each<[string, Conditions]>([
    ['organization', { StringEquals: { 'aws:PrincipalOrgID': ['o-a1b2c3d4e5'] } }],
    ['organization, case ignored', { StringEqualsIgnoreCase: { 'aws:principalorgid': 'o-a1b2c3d4e5' } }],
    ['organization and tag', { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5', 'aws:PrincipalTag/team': 'web' } }],
    ['OU', { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*' } }],
  ])('everybody whom only an organization closes leaves out the policy\'s own account: %s', (_, conditions) => {
    expect(conditionsOf(conditioned('*', conditions)))
      .toEqual([{ Principal: { AWS: '*' }, Condition: { ...conditions, StringNotEquals: ownAccount } }]);
  });

  test('what was excluded before stays so', () => {
    const conditions = { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' }, StringNotEquals: { 'aws:PrincipalTag/team': 'data' } };
    expect(conditionsOf(conditioned('*', conditions))).toEqual([{
      Principal: { AWS: '*' },
      Condition: { ...conditions, StringNotEquals: { 'aws:PrincipalTag/team': 'data', ...ownAccount } },
    }]);
  });

  test('another account that is excluded is so beside the policy\'s own, under one key', () => {
    const conditions = { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' }, StringNotEquals: { 'aws:principalaccount': A } };
    expect(conditionsOf(conditioned('*', conditions))).toEqual([{
      Principal: { AWS: '*' },
      Condition: { ...conditions, StringNotEquals: { 'aws:principalaccount': [A, OWNER] } },
    }]);
  });

  test.each<[string, string, 'AWS' | 'Service', Conditions]>([
    ['everybody of an account', '*', 'AWS', { StringEquals: { 'aws:PrincipalAccount': A } }],
    ['everybody of an organization and an account', '*', 'AWS',
      { StringEquals: { 'aws:PrincipalAccount': A, 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }],
    ['everybody of an ARN', '*', 'AWS', { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${A}:role/*` } }],
    ['an account', A, 'AWS', { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }],
    ['a role', `arn:aws:iam::${A}:role/app`, 'AWS', { StringEquals: { 'aws:PrincipalTag/team': 'web' } }],
    ['a service', 'codebuild.amazonaws.com', 'Service', { StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' } }],
  ])('others keep their conditions as they are: %s', (_, principal, type, conditions) => {
    expect(conditionsOf(conditioned(principal, conditions, type)))
      .toEqual([{ Principal: { [type]: principal === '*' ? '*' : [principal] }, Condition: conditions }]);
  });

  test('the same conditions share a statement, in whatever order they are written', () => {
    const one = { StringEquals: { 'aws:PrincipalTag/team': 'web', 'aws:PrincipalTag/stage': 'prod' }, Bool: { 'aws:SecureTransport': 'true' } };
    const other = { Bool: { 'aws:SecureTransport': 'true' }, StringEquals: { 'aws:PrincipalTag/stage': 'prod', 'aws:PrincipalTag/team': 'web' } };
    expect(conditionsOf(conditioned(B, one))).toEqual([{ Principal: { AWS: [B] }, Condition: one }]);
    expect(pulling([conditioned(B, one), conditioned(`arn:aws:iam::${A}:root`, other)])).toEqual([
      statement('PullConditioned8214500c', { AWS: [A, B] }, PULL, one),
    ]);
  });

  test('a service and an account never share, even under the same conditions', () => {
    const conditions = { StringEquals: { 'aws:SourceAccount': A } };
    expect(pulling([conditioned(A, conditions), conditioned('codebuild.amazonaws.com', conditions, 'Service')])).toHaveLength(2);
  });
});

describe('in the policy\'s own account', () => {
  test('a role named by its ARN stands beside its account: it needs no identity policy', () => {
    const arn = `arn:aws:iam::${OWNER}:role/app`;
    expect(pulling([account(OWNER), { kind: 'arn', arn }])).toEqual([
      statement('PullAccounts', { AWS: [OWNER] }, PULL),
      statement('PullPrincipals', { AWS: [arn] }, PULL),
    ]);
  });

  test('elsewhere its account covers it', () => {
    expect(pulling([account(A), { kind: 'arn', arn: `arn:aws:iam::${A}:role/app` }])).toEqual([statement('PullAccounts', { AWS: [A] }, PULL)]);
  });
});

describe('in a registry policy', () => {
  const on = (repositories: Value, ...whos: Who[]): Grant[] => whos.map((who) => ({ who, actions: PULL, repositories }));
  const onAll = (names: Value[], who: Who): Grant[] => names.flatMap((name) => on(name, who));
  const sidsOf = (grants: Grant[]) => statementsFor(grants, REGISTRY).map(({ Sid }) => Sid);
  const scoped = (Sid: string, Principal: Statement['Principal'], Action: string[], names: string[], Condition?: Conditions): Statement =>
    ({ ...statement(Sid, Principal, Action, Condition), Resource: names.map((name) => `arn:aws:ecr:us-east-1:999999999999:repository/${name}`) });
  const crowd = Array.from({ length: 6 }, (_, index) => `10000000000${index}`);

  test('all repositories', () => {
    expect(statementsFor(on('*', account(B), account(A)), REGISTRY)).toEqual([scoped('PullAccounts', { AWS: [A, B] }, PULL, ['*'])]);
  });

  test('those of one prefix', () => {
    expect(statementsFor(on('team-a/*', account(B), account(A)), REGISTRY))
      .toEqual([scoped('PullAccountsInTeamA', { AWS: [A, B] }, PULL, ['team-a/*'])]);
  });

  test('those of several prefixes, sorted', () => {
    expect(statementsFor(onAll(['web/*', 'data/*', 'team-a/*'], account(A)), REGISTRY))
      .toEqual([scoped('PullAccountsIn335d3f29', { AWS: [A] }, PULL, ['data/*', 'team-a/*', 'web/*'])]);
  });

  test('one repository, named in full', () => {
    expect(statementsFor([{ who: account(A), actions: ['ecr:ReplicateImage'], repositories: 'team-a/web-app' }], REGISTRY))
      .toEqual([scoped('ReplicateIntoExistingAccountsIn1d61855d', { AWS: [A] }, ['ecr:ReplicateImage'], ['team-a/web-app'])]);
  });

  test('grantees share a statement only if all of their prefixes are the same', () => {
    const [first, second, third, fourth] = crowd.map(account);
    const grants = [
      ...on('team-a/*', first, second, third, fourth),
      ...on('team-b/*', second, third),
      ...on('team-c/*', fourth),
    ];
    expect(statementsFor(grants, REGISTRY)).toEqual([
      scoped('PullAccountsInf6ff7492', { AWS: [crowd[1], crowd[2]] }, PULL, ['team-a/*', 'team-b/*']),
      scoped('PullAccountsIn45a930cc', { AWS: [crowd[3]] }, PULL, ['team-a/*', 'team-c/*']),
      scoped('PullAccountsInTeamA', { AWS: [crowd[0]] }, PULL, ['team-a/*']),
    ]);
  });

  test('grantees of different kinds with the same prefixes stand together', () => {
    expect(sidsOf([...on('web/*', account(A), role(B, 'app')), ...on('data/*', organization('o-a1b2c3d4e5')), ...on('data/*', account(A))])).toEqual([
      'PullAccountsInd6a06faa', 'PullOrganizationsInData', 'PullRolesInWeb',
    ]);
  });

  test('what a wider pattern covers is not said again', () => {
    expect(statementsFor([...onAll(['team-a/web-app', 'team-a/*', 'team-*'], account(A)), ...on('team-b/x', role(A, 'app'))], REGISTRY))
      .toEqual([scoped('PullAccountsIn3d8d580c', { AWS: [A] }, PULL, ['team-*'])]);
  });

  test('more actions on fewer repositories stand beside fewer actions on all', () => {
    const grants: Grant[] = [REPLICATE_INTO_EXISTING, REPLICATE, REPLICATE_TAGGED].map((actions, index) =>
      ({ who: account(A), actions, repositories: ['*', 'team-a/*', 'team-a/*'][index] }));
    expect(statementsFor(grants, REGISTRY)).toEqual([
      scoped('ReplicateTaggedAccountsInTeamA', { AWS: [A] }, REPLICATE_TAGGED, ['team-a/*']),
      scoped('ReplicateIntoExistingAccounts', { AWS: [A] }, REPLICATE_INTO_EXISTING, ['*']),
    ]);
  });

  test.each(KINDS)('%s have the statement of a repository policy, with the repositories', (_, whos, sid, principal, condition) => {
    const named = sid.replace('…', 'Pull').replace('~', 'PullLambda');
    expect(statementsFor(on('team-a/*', ...whos), REGISTRY)).toEqual([scoped(`${named}InTeamA`, principal, PULL, ['team-a/*'], condition)]);
    expect(statementsFor(on('*', ...whos), REGISTRY)).toEqual([scoped(named, principal, PULL, ['*'], condition)]);
  });

  test.each([
    ['*', 'PullAccounts'],
    ['**', 'PullAccounts'],
    ['team-a/*', 'PullAccountsInTeamA'],
    ['team-a/**', 'PullAccountsInTeamA'],
    ['a2-b3/*', 'PullAccountsInA2B3'],
    ['team-a*', 'PullAccountsInb0ee736c'],
    ['team-a/web/*', 'PullAccountsIn9ace7240'],
    ['team_a/*', 'PullAccountsIn0457233e'],
    ['team--a/*', 'PullAccountsIn1d63da02'],
    ['2team/*', 'PullAccountsInd36cf269'],
    ['team-a', 'PullAccountsIn98141475'],
    [`${'a'.repeat(60)}/*`, `PullAccountsInA${'a'.repeat(59)}`],
    [`${'a'.repeat(61)}/*`, 'PullAccountsIn583e57b8'],
  ])('the Sid tells the repositories, if no others could be meant: %s', (repositories, sid) => {
    expect(sidsOf(on(repositories, account(A)))).toEqual([sid]);
  });

  test('a role whose name reads like repositories is not mistaken for one that has them', () => {
    const named = (name: string, repositories: string) => crowd.flatMap((id) => on(repositories, role(id, name)));
    expect(sidsOf([...named('app', 'team-a/*'), ...named('app-in-team-a', '*')])).toEqual(['PullRolesAppInTeamAIn6d25a851', 'PullRolesAppInTeamA']);
    expect(sidsOf([...named('app-in', 'team-a/*'), ...named('app', 'in-team-a/*')])).toEqual(['PullRolesAppInInTeamA', 'PullRolesAppInIn7795a09b']);
  });

  test('functions in organizations are not mistaken for functions that may pull what is called so', () => {
    const lambda: Who = { kind: 'lambda', account: A, functionName: '*' };
    expect(sidsOf([
      ...on('organizations/*', lambda),
      ...on('*', { kind: 'lambdaOrganization', organization: 'o-a1b2c3d4e5' }),
      ...on('organizational-units/*', { ...lambda, account: B }),
      ...on('*', { kind: 'lambdaOrganizationalUnit', path: 'o-zzzzzzzzzz/r-ab12/ou-ab12-11111111/' }),
    ])).toEqual([
      'PullLambdaFunctionsInOrganizations', 'PullLambdaFunctionsInOrganizationalUnits', 'PullLambdaFunctionsIn6a2a1386',
      'PullLambdaFunctionsIn87b294a4',
    ]);
  });

  test('the order of the grants does not matter', () => {
    const grants = [
      ...on('*', account(A)), ...on('web/*', account(B), role(OWNER, 'app')), ...on('data/*', role(OWNER, 'app'), account(B)),
      ...on({ Ref: 'Name' }, account(B)), ...on('team-a/*', organization('o-a1b2c3d4e5')),
    ];
    const text = JSON.stringify(statementsFor(grants, REGISTRY));
    for (let turn = 1; turn < grants.length; turn++) {
      expect(JSON.stringify(statementsFor([...grants.slice(turn), ...grants.slice(0, turn)], REGISTRY))).toBe(text);
    }
    expect(JSON.stringify(statementsFor([...grants].reverse(), REGISTRY))).toBe(text);
  });

  test('a grant that does not say about which repositories it is, among others that do, is about all', () => {
    const grants = [...pull(account(A), account(B)), ...on('team-a/*', account(A)), ...on('*', account(B))];
    const expected = [scoped('PullAccounts', { AWS: [A, B] }, PULL, ['*'])];
    expect(statementsFor(grants, REGISTRY)).toEqual(expected);
    expect(statementsFor([...grants].reverse(), REGISTRY)).toEqual(expected);
  });

  describe('what only the deployment knows', () => {
    const registry: Registry = { partition: { Ref: 'AWS::Partition' }, region: { Ref: 'AWS::Region' }, account: { Ref: 'AWS::AccountId' } };
    const beginning = ['arn:', { Ref: 'AWS::Partition' }, ':ecr:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }];

    test('may be partition, Region and account', () => {
      expect(statementsFor(onAll(['web/*', 'data/*'], account(A)), registry)).toEqual([{
        ...statement('PullAccountsInd6a06faa', { AWS: [A] }, PULL),
        Resource: [{ 'Fn::Join': ['', [...beginning, ':repository/data/*']] }, { 'Fn::Join': ['', [...beginning, ':repository/web/*']] }],
      }]);
    });

    test('may be the name, or a part of it: it stands after what is known, and no name covers it', () => {
      const join = { 'Fn::Join': ['', ['team-', { Ref: 'Team' }, '/*']] };
      expect(statementsFor(onAll([join, { Ref: 'Name' }, 'web/*', { Ref: 'Name' }], account(A)), REGISTRY)).toEqual([{
        ...statement('PullAccountsInec628f9b', { AWS: [A] }, PULL),
        Resource: [
          'arn:aws:ecr:us-east-1:999999999999:repository/web/*',
          { 'Fn::Join': ['', ['arn:aws:ecr:us-east-1:999999999999:repository/team-', { Ref: 'Team' }, '/*']] },
          { 'Fn::Join': ['', ['arn:aws:ecr:us-east-1:999999999999:repository/', { Ref: 'Name' }]] },
        ],
      }]);
    });

    test('is covered by all repositories', () => {
      expect(statementsFor(onAll([{ Ref: 'Name' }, '*'], account(A)), REGISTRY)).toEqual([scoped('PullAccounts', { AWS: [A] }, PULL, ['*'])]);
    });
  });

  test('in another partition the ARNs are of that partition', () => {
    expect(statementsFor(on('team-a/*', account(A)), { partition: 'aws-cn', region: 'cn-north-1', account: OWNER })[0].Resource)
      .toEqual(['arn:aws-cn:ecr:cn-north-1:999999999999:repository/team-a/*']);
  });
});
