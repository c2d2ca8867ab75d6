import { readFileSync } from 'fs';
import { join } from 'path';
import { Aws, CfnParameter, Fn, Lazy, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import {
  CONSUMER, errorOf, LAMBDA, newApp, newRepository, newRole, newStack, noticesIn, OTHER, OWNER, PULL, PUSH, READ, repositoryPolicyOf, rolesStatement,
} from './support';
import { EcrGrantee, PullThroughCache, RegistryPullGrant, SharedEcrRepository } from '../src';
import { GrantUse } from '../src/policy/actions';

const ACCOUNT = '111122223333';
const ORGANIZATION = 'o-a1b2c3d4e5';
const OU = 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111';
const ROLES = 'arn:aws:iam::111122223333:role/';
const ROLE_ARN = `${ROLES}app-execution`;

type Use = 'Pull' | 'Push' | 'Read';

function allow(repository: SharedEcrRepository, use: Use, ...grantees: EcrGrantee[]): void {
  const how = {
    Pull: () => repository.allowPullFrom(...grantees),
    Push: () => repository.allowPushFrom(...grantees),
    Read: () => repository.allowReadFrom(...grantees),
  };
  how[use]();
}

/** The statements in the template of a repository of account 999999999999 in us-east-1. */
function statementsFor(use: Use, ...grantees: EcrGrantee[]): any[] {
  const repository = newRepository(newApp());
  allow(repository, use, ...grantees);
  return repositoryPolicyOf(repository).Statement;
}

/** The same where a grantee is made of constructs beside the repository, in the owner's stack. */
function statementsWith(granteesIn: (scope: Construct) => EcrGrantee | EcrGrantee[]): any[] {
  const repository = newRepository(newApp());
  repository.allowPullFrom(...[granteesIn(repository.stack)].flat());
  return repositoryPolicyOf(repository).Statement;
}

function pulled(sid: string, principal: object, condition?: object): object {
  return { Sid: sid, Effect: 'Allow', Principal: principal, Action: PULL, ...(condition && { Condition: condition }) };
}

const anyone = new iam.AnyPrincipal();
const codeBuild = new iam.ServicePrincipal('codebuild.amazonaws.com');

describe('statements of each factory', () => {
  const NOT_ITSELF = { StringNotEquals: { 'aws:PrincipalAccount': '999999999999' } };
  const byOrganization = { StringEquals: { 'aws:PrincipalOrgID': [ORGANIZATION] }, ...NOT_ITSELF };
  const byPath = { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': [`${OU}/*`] }, ...NOT_ITSELF };

  const table: Array<[string, () => EcrGrantee, (use: Use) => object]> = [
    ['account', () => EcrGrantee.account(ACCOUNT),
      (use) => ({ Sid: `${use}Accounts`, Principal: { AWS: [ACCOUNT] } })],
    ['accounts', () => EcrGrantee.accounts('444455556666', ACCOUNT),
      (use) => ({ Sid: `${use}Accounts`, Principal: { AWS: [ACCOUNT, '444455556666'] } })],
    ['role', () => EcrGrantee.role(ACCOUNT, 'app-execution'),
      (use) => ({ Sid: `${use}Roles`, Principal: { AWS: [ACCOUNT] }, Condition: { ArnLike: { 'aws:PrincipalArn': [ROLE_ARN] } } })],
    ['role, with a path and *', () => EcrGrantee.role(ACCOUNT, 'teams/*'),
      (use) => ({ Sid: `${use}Roles`, Principal: { AWS: [ACCOUNT] }, Condition: { ArnLike: { 'aws:PrincipalArn': [`${ROLES}teams/*`] } } })],
    ['organization', () => EcrGrantee.organization(ORGANIZATION),
      (use) => ({ Sid: `${use}Organizations`, Principal: { AWS: '*' }, Condition: byOrganization })],
    ['organizationalUnit', () => EcrGrantee.organizationalUnit(OU),
      (use) => ({ Sid: `${use}OrganizationalUnits`, Principal: { AWS: '*' }, Condition: byPath })],
    ['organizationalUnit, with a slash at the end', () => EcrGrantee.organizationalUnit(`${OU}/`),
      (use) => ({ Sid: `${use}OrganizationalUnits`, Principal: { AWS: '*' }, Condition: byPath })],
    ['principal', () => EcrGrantee.principal(new iam.ArnPrincipal(ROLE_ARN)),
      (use) => ({ Sid: `${use}Principals`, Principal: { AWS: [ROLE_ARN] } })],
  ];
  const actions: Record<Use, string[]> = { Pull: PULL, Push: PUSH, Read: READ };

  describe.each(table)('%s', (_, grantee, expected) => {
    test.each(['Pull', 'Push', 'Read'] as const)('%s', (use) => {
      expect(statementsFor(use, grantee())).toEqual([{ Effect: 'Allow', Action: actions[use], ...expected(use) }]);
    });
  });

  const lambdaStatement = (statement: object) => ({ Effect: 'Allow', Action: LAMBDA, ...statement });
  const functionsOf = (name: string) => ({ ArnLike: { 'aws:SourceArn': [`arn:aws:lambda:us-east-1:${ACCOUNT}:function:${name}`] } });
  const service = { Service: 'lambda.amazonaws.com' };
  const lambdaTable: Array<[string, () => EcrGrantee, object[], string]> = [
    ['lambdaFunctions', () => EcrGrantee.lambdaFunctions(ACCOUNT), [
      { Sid: 'LambdaDeployAccounts', Principal: { AWS: [ACCOUNT] } },
      { Sid: 'LambdaFunctions', Principal: service, Condition: functionsOf('*') },
    ], `Lambda functions * of account ${ACCOUNT}`],
    ['lambdaFunctions, with options',
      () => EcrGrantee.lambdaFunctions(ACCOUNT, { functionNamePattern: 'orders-*', deployerRoleNames: ['ci/b', 'a'] }), [
        {
          Sid: 'LambdaDeployRoles',
          Principal: { AWS: [ACCOUNT] },
          Condition: { ArnLike: { 'aws:PrincipalArn': [`arn:aws:iam::${ACCOUNT}:role/a`, `arn:aws:iam::${ACCOUNT}:role/ci/b`] } },
        },
        { Sid: 'LambdaFunctions', Principal: service, Condition: functionsOf('orders-*') },
      ], `Lambda functions orders-* of account ${ACCOUNT}`],
    ['lambdaFunctionsInOrganization', () => EcrGrantee.lambdaFunctionsInOrganization(ORGANIZATION), [
      { Sid: 'LambdaDeployOrganizations', Principal: { AWS: '*' }, Condition: byOrganization },
      { Sid: 'LambdaFunctionsInOrganizations', Principal: service, Condition: { StringEquals: { 'aws:SourceOrgID': [ORGANIZATION] } } },
    ], `Lambda functions in organization ${ORGANIZATION}`],
    ['lambdaFunctionsInOrganizationalUnit', () => EcrGrantee.lambdaFunctionsInOrganizationalUnit(OU), [
      { Sid: 'LambdaDeployOrganizationalUnits', Principal: { AWS: '*' }, Condition: byPath },
      {
        Sid: 'LambdaFunctionsInOrganizationalUnits',
        Principal: service,
        Condition: { 'ForAnyValue:StringLike': { 'aws:SourceOrgPaths': [`${OU}/*`] } },
      },
    ], `Lambda functions in organizational unit ${OU}`],
  ];

  describe.each(lambdaTable)('%s', (_, grantee, expected, text) => {
    test('Pull', () => {
      expect(statementsFor('Pull', grantee())).toEqual(expected.map(lambdaStatement));
    });

    test.each([['Push', 'push'], ['Read', 'read']] as const)('%s is refused: AWS Lambda only pulls', (use, verb) => {
      expect(errorOf(() => statementsFor(use, grantee()))).toBe(`${text} cannot ${verb}: AWS Lambda only pulls images; `
        + `grant ${verb} to the role or the account that does it, for example EcrGrantee.role(accountId, roleName)`);
    });
  });

  test.each(lambdaTable)('%s: neither a registry policy nor a cache lets them pull', (_, grantee, __, text) => {
    const { stack } = newRepository(newApp());
    const registry = new RegistryPullGrant(stack, 'Registry', {});
    const cache = { upstreamRegion: 'eu-west-1', repositoryPrefix: 'shared', pullers: [grantee()] };
    const noCache = `${text} cannot pull through a cache, which AWS Lambda does not support; replicate the images to the Region of the functions, `
      + 'for example with SharedEcrRepository.replicateTo';

    expect(errorOf(() => registry.allowPullFrom(grantee()))).toBe(`${text} cannot be let in by a registry policy: for AWS Lambda, AWS documents only the policy of the repository; `
      + 'use allowPullFrom on every repository, or for replicas the pullers of their template');
    expect(errorOf(() => registry.allowPullThroughFrom(grantee()))).toBe(noCache);
    expect(errorOf(() => newRepository(newApp()).allowPullThroughFrom(grantee()))).toBe(noCache);
    expect(errorOf(() => new PullThroughCache(stack, 'Cache', cache))).toBe(noCache);
    expect(errorOf(() => grantee()._grantsFor('createInCache', () => []))).toBe(noCache);
  });

  test.each<[GrantUse, string[]]>([
    ['pullByRegistry', PULL],
    ['pullThrough', ['ecr:BatchGetImage', 'ecr:BatchImportUpstreamImage', 'ecr:GetDownloadUrlForLayer', 'ecr:GetImageCopyStatus']],
    ['pullFromCache', [PULL[0], PULL[1], 'ecr:BatchImportUpstreamImage', PULL[2]]],
    ['createInCache', ['ecr:BatchImportUpstreamImage', 'ecr:CreateRepository']],
  ])('%s: its actions, for every other grantee', (use, expected) => {
    for (const [, grantee] of table) {
      const [{ actions: got }, ...more] = grantee()._grantsFor(use, () => [{ kind: 'arn', arn: ROLE_ARN }]);
      expect(new Set([got, ...more.map((grant) => grant.actions)])).toEqual(new Set([expected]));
    }
  });

  test('a refused grantee leaves nothing of the call behind', () => {
    const repository = newRepository(newApp());

    expect(() => repository.allowPushFrom(EcrGrantee.account(ACCOUNT), EcrGrantee.lambdaFunctions(ACCOUNT))).toThrow('cannot push');
    expect(repositoryPolicyOf(repository)).toBeUndefined();
  });

  test('partition and Region are those of the repository', () => {
    const repository = newRepository(newApp(), {}, { account: '999999999999', region: 'cn-north-1' });
    repository.allowPullFrom(EcrGrantee.role(ACCOUNT, 'app'), EcrGrantee.lambdaFunctions('444455556666'));

    const text = JSON.stringify(repositoryPolicyOf(repository));
    expect(text).toContain('"arn:aws-cn:iam::111122223333:role/app"');
    expect(text).toContain('"arn:aws-cn:lambda:cn-north-1:444455556666:function:*"');
  });

  describe('the documentation shows what is emitted', () => {
    const source = readFileSync(join(__dirname, '../src/ecr-grantee.ts'), 'utf8');
    const examples = [...source.matchAll(/```json\n([^]*?)```[^]*?public static (\w+)\(/g)]
      .map(([, json, factory]) => [factory, JSON.parse(`[${json.replace(/^ *\*/gm, '')}]`)] as const);
    const grantees: Record<string, () => EcrGrantee> = {
      account: () => EcrGrantee.account(ACCOUNT),
      role: () => EcrGrantee.role(ACCOUNT, 'app-execution'),
      organization: () => EcrGrantee.organization(ORGANIZATION),
      organizationalUnit: () => EcrGrantee.organizationalUnit(OU),
      lambdaFunctions: () => EcrGrantee.lambdaFunctions(ACCOUNT),
      lambdaFunctionsInOrganization: () => EcrGrantee.lambdaFunctionsInOrganization(ORGANIZATION),
      lambdaFunctionsInOrganizationalUnit: () => EcrGrantee.lambdaFunctionsInOrganizationalUnit(OU),
      principal: () => EcrGrantee.principal(new iam.ArnPrincipal(ROLE_ARN)),
    };

    test('every factory but accounts, which shows that of account, has an example', () => {
      const factories = [...source.matchAll(/public static (\w+)\(/g)].map(([, name]) => name);
      expect(examples.map(([factory]) => factory)).toEqual(factories.filter((name) => name !== 'accounts'));
    });

    test.each(examples)('%s', (factory, json) => {
      expect(statementsFor('Pull', grantees[factory]())).toEqual(json);
    });

    test.each([['Pull', PULL], ['Push', PUSH], ['Read', READ]])('actions of %s', (use, list) => {
      expect(source).toContain(` * - ${use}: ${list.map((action) => `\`${action}\``).join(', ')}\n`);
    });
  });
});

describe('validation', () => {
  const accountRule = 'but an account id is 12 digits, as a string, for example "111122223333"';
  const organizationRule = 'but an organization id is "o-" and 10 to 32 lower-case letters or digits, for example "o-a1b2c3d4e5"';
  const pathRule = 'but a path runs from the organization over its root to at least one OU, '
    + 'for example "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111", and has no "*"; '
    + 'for the whole organization use the factory that takes an organization id';
  const roleRule = 'but a role is given by its name, with its path if it has one and "*" for any text, for example "app-execution" or "teams/web/*"; '
    + 'a name has at most 64 letters, digits and +=,.@_-';
  const functionRule = 'but a function name has at most 140 letters, digits, "-" and "_", with "*" for any text, for example "orders-*"';
  const arnHint = '; this is an ARN: give only the part that is asked for';

  describe.each<[string, (id: string) => EcrGrantee]>([
    ['account', (id) => EcrGrantee.account(id)],
    ['accounts', (id) => EcrGrantee.accounts(ACCOUNT, id)],
    ['role', (id) => EcrGrantee.role(id, 'app')],
    ['lambdaFunctions', (id) => EcrGrantee.lambdaFunctions(id)],
    ['lambdaFunctions with deployers', (id) => EcrGrantee.lambdaFunctions(id, { deployerRoleNames: ['ci'] })],
  ])('account id of %s', (_, make) => {
    test.each([
      '', '11112222333', '1111222233334', '111122223333\n', ' 111122223333', '1111-2222-3333', '1.11122223333', '0x1111222233', 'aaaabbbbcccc', '*',
      ORGANIZATION, '١١١١٢٢٢٢٣٣٣٣',
    ])('%j is refused', (id) => {
      expect(errorOf(() => make(id))).toBe(`accountId is ${JSON.stringify(id)}, ${accountRule}`);
    });

    test('an ARN is refused, with a hint', () => {
      expect(errorOf(() => make('arn:aws:iam::111122223333:root'))).toBe(`accountId is "arn:aws:iam::111122223333:root", ${accountRule}${arnHint}`);
    });

    test('a number, which has no leading zeros, and nothing are refused', () => {
      expect(errorOf(() => make(111122223333 as unknown as string))).toBe(`accountId is 111122223333, ${accountRule}`);
      expect(errorOf(() => make(undefined as unknown as string))).toBe(`accountId is undefined, ${accountRule}`);
    });

    test('leading zeros are kept', () => {
      expect(`${make('000000000012')}`).toContain('000000000012');
    });
  });

  describe('lists', () => {
    test('an empty list of accounts', () => {
      expect(errorOf(() => EcrGrantee.accounts()))
        .toBe('accountIds is empty, but at least one is needed; leave the grant out if there is nobody to grant to');
    });

    test('an account twice', () => {
      expect(errorOf(() => EcrGrantee.accounts(ACCOUNT, '444455556666', ACCOUNT)))
        .toBe(`accountIds has "${ACCOUNT}" twice, but each may stand there once; remove the second, or correct it if another was meant`);
    });

    test('an empty list of deployers', () => {
      expect(errorOf(() => EcrGrantee.lambdaFunctions(ACCOUNT, { deployerRoleNames: [] })))
        .toBe('deployerRoleNames is empty, but at least one is needed; leave the grant out if there is nobody to grant to');
    });

    test('a deployer twice', () => {
      expect(errorOf(() => EcrGrantee.lambdaFunctions(ACCOUNT, { deployerRoleNames: ['ci', 'ci'] })))
        .toBe('deployerRoleNames has "ci" twice, but each may stand there once; remove the second, or correct it if another was meant');
    });

    const remedy = 'has in it a list that only the deployment knows, which cannot be taken apart here; '
      + 'give such a list alone to EcrGrantee.accounts(...list), or take single texts out of it with Fn.select(index, list)';

    test('a list that only the deployment knows beside an account', () => {
      expect(errorOf(() => EcrGrantee.accounts(ACCOUNT, ...Token.asList({ Ref: 'Accounts' })))).toBe(`accountIds ${remedy}`);
    });

    test('a list of deployers that only the deployment knows', () => {
      expect(errorOf(() => EcrGrantee.lambdaFunctions(ACCOUNT,
        { deployerRoleNames: Token.asList({ Ref: 'Deployers' }) }))).toBe(`deployerRoleNames ${remedy}`);
    });
  });

  describe.each<[string, (id: string) => EcrGrantee]>([
    ['organization', (id) => EcrGrantee.organization(id)],
    ['lambdaFunctionsInOrganization', (id) => EcrGrantee.lambdaFunctionsInOrganization(id)],
  ])('organization id of %s', (_, make) => {
    test.each([
      '', 'o-', 'o-a1b2c3d4e', `o-${'a'.repeat(33)}`, 'o-A1B2C3D4E5', 'a1b2c3d4e5', 'o-a1b2c3d4e5\n', ' o-a1b2c3d4e5', 'o-a1b2c3d4e5/', 'o-*', '*',
      'r-ab12', OU, ACCOUNT,
    ])('%j is refused', (id) => {
      expect(errorOf(() => make(id))).toBe(`organizationId is ${JSON.stringify(id)}, ${organizationRule}`);
    });

    test('an ARN is refused, with a hint', () => {
      const arn = 'arn:aws:organizations::111122223333:organization/o-a1b2c3d4e5';
      expect(errorOf(() => make(arn))).toBe(`organizationId is "${arn}", ${organizationRule}${arnHint}`);
    });

    test.each([`o-${'a'.repeat(10)}`, `o-${'9'.repeat(32)}`])('%j is taken', (id) => {
      expect(`${make(id)}`).toContain(id);
    });
  });

  describe.each<[string, (path: string) => EcrGrantee]>([
    ['organizationalUnit', (path) => EcrGrantee.organizationalUnit(path)],
    ['lambdaFunctionsInOrganizationalUnit', (path) => EcrGrantee.lambdaFunctionsInOrganizationalUnit(path)],
  ])('organization path of %s', (_, make) => {
    test.each([
      ['nothing', ''],
      ['no OU', 'o-a1b2c3d4e5/r-ab12'],
      ['no OU, with a slash', 'o-a1b2c3d4e5/r-ab12/'],
      ['only the OU', 'ou-ab12-11111111'],
      ['no root', 'o-a1b2c3d4e5/ou-ab12-11111111'],
      ['no organization', 'r-ab12/ou-ab12-11111111'],
      ['* for all below', `${OU}/*`],
      ['* in an OU', 'o-a1b2c3d4e5/r-ab12/ou-*'],
      ['an account at the end', `${OU}/${ACCOUNT}`],
      ['two slashes', `${OU}//`],
      ['a slash first', `/${OU}`],
      ['upper case', OU.toUpperCase()],
      ['a line break', `${OU}\n`],
      ['a line break after the slash', `${OU}/\n`],
      ['a short OU', 'o-a1b2c3d4e5/r-ab12/ou-ab12-1111111'],
      ['an organization only', ORGANIZATION],
    ])('%s is refused', (__, path) => {
      expect(errorOf(() => make(path))).toBe(`organizationPath is ${JSON.stringify(path)}, ${pathRule}`);
    });

    test('an ARN is refused, with a hint', () => {
      const arn = 'arn:aws:organizations::111122223333:ou/o-a1b2c3d4e5/ou-ab12-11111111';
      expect(errorOf(() => make(arn))).toBe(`organizationPath is "${arn}", ${pathRule}${arnHint}`);
    });

    test.each([OU, `${OU}/`, `${OU}/ou-ab12-22222222`, `${OU}/ou-ab12-22222222/`])('%j is taken', (path) => {
      expect(`${make(path)}`).toContain(path);
    });
  });

  describe.each<[string, string, (name: string) => EcrGrantee]>([
    ['roleName', 'role', (name) => EcrGrantee.role(ACCOUNT, name)],
    ['deployerRoleNames', 'lambdaFunctions', (name) => EcrGrantee.lambdaFunctions(ACCOUNT, { deployerRoleNames: ['ci', name] })],
  ])('%s of %s', (what, _, make) => {
    test.each([
      '', 'a b', 'app\n', '/app', 'teams//app', 'teams/', 'a:b', 'a?', 'te?ms/app', 'app!', 'ä', 'a'.repeat(65), `teams/${'a'.repeat(65)}`,
    ])('%j is refused', (name) => {
      expect(errorOf(() => make(name))).toBe(`${what} is ${JSON.stringify(name)}, ${roleRule}`);
    });

    test('an ARN is refused, with a hint', () => {
      expect(errorOf(() => make(ROLE_ARN))).toBe(`${what} is "${ROLE_ARN}", ${roleRule}${arnHint}`);
    });

    test.each(['a', 'a'.repeat(64), 'A+=,.@_-9', '*', 'app-*', '*-execution', 'teams/web/app', 'teams/*', '*/app', 'te!ms/app',
      'aws-reserved/sso.amazonaws.com/*'])('%j is taken', (name) => {
      expect(() => make(name)).not.toThrow();
    });
  });

  describe('functionNamePattern', () => {
    const make = (functionNamePattern: string) => EcrGrantee.lambdaFunctions(ACCOUNT, { functionNamePattern });

    test.each(['', 'a b', 'orders\n', 'orders:live', 'orders/x', 'a?', 'a.b', 'a'.repeat(141)])('%j is refused', (name) => {
      expect(errorOf(() => make(name))).toBe(`functionNamePattern is ${JSON.stringify(name)}, ${functionRule}`);
    });

    test('an ARN is refused, with a hint', () => {
      const arn = 'arn:aws:lambda:us-east-1:111122223333:function:orders';
      expect(errorOf(() => make(arn))).toBe(`functionNamePattern is "${arn}", ${functionRule}${arnHint}`);
    });

    test.each(['*', 'orders-*', '*_v2', 'a'.repeat(140)])('%j is taken', (name) => {
      expect(() => make(name)).not.toThrow();
    });
  });
});

describe('tokens', () => {
  const parameter = (scope: Construct, type = 'String') => new CfnParameter(scope, 'P', { type });
  const P = { Ref: 'P' };
  const joined = (...parts: unknown[]) => ({ 'Fn::Join': ['', parts] });

  test.each<[string, (scope: Construct) => EcrGrantee, object]>([
    ['an account', (scope) => EcrGrantee.account(parameter(scope).valueAsString), pulled('PullAccounts', { AWS: [P] })],
    ['an account that the app knows later', () => EcrGrantee.account(Lazy.string({ produce: () => ACCOUNT })),
      pulled('PullAccounts', { AWS: [ACCOUNT] })],
    ['one of several accounts', (scope) => EcrGrantee.accounts(parameter(scope).valueAsString, ACCOUNT),
      pulled('PullAccounts', { AWS: [ACCOUNT, P] })],
    ['a role\'s account', (scope) => EcrGrantee.role(parameter(scope).valueAsString, 'app'),
      pulled('PullRoles', { AWS: [P] }, { ArnLike: { 'aws:PrincipalArn': [joined('arn:aws:iam::', P, ':role/app')] } })],
    ['a role\'s name', (scope) => EcrGrantee.role(ACCOUNT, parameter(scope).valueAsString),
      pulled('PullRoles', { AWS: [ACCOUNT] }, { ArnLike: { 'aws:PrincipalArn': [joined('arn:aws:iam::111122223333:role/', P)] } })],
    ['a part of a role\'s name', (scope) => EcrGrantee.role(ACCOUNT, `teams/${parameter(scope).valueAsString}-execution`),
      pulled('PullRoles', { AWS: [ACCOUNT] },
        { ArnLike: { 'aws:PrincipalArn': [joined('arn:aws:iam::111122223333:role/teams/', P, '-execution')] } })],
    ['an organization', (scope) => EcrGrantee.organization(parameter(scope).valueAsString),
      pulled('PullOrganizations', { AWS: '*' }, {
        StringEquals: { 'aws:PrincipalOrgID': [P] }, StringNotEquals: { 'aws:PrincipalAccount': '999999999999' },
      })],
    ['a path', (scope) => EcrGrantee.organizationalUnit(parameter(scope).valueAsString),
      pulled('PullOrganizationalUnits', { AWS: '*' }, {
        'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': [joined(P, '/*')] }, 'StringNotEquals': { 'aws:PrincipalAccount': '999999999999' },
      })],
    ['a part of a path', (scope) => EcrGrantee.organizationalUnit(`${parameter(scope).valueAsString}/r-ab12/ou-ab12-11111111/`),
      pulled('PullOrganizationalUnits', { AWS: '*' }, {
        'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': [joined(P, '/r-ab12/ou-ab12-11111111/*')] },
        'StringNotEquals': { 'aws:PrincipalAccount': '999999999999' },
      })],
    ['an ARN', (scope) => EcrGrantee.principal(new iam.ArnPrincipal(parameter(scope).valueAsString)), pulled('PullPrincipals', { AWS: [P] })],
  ])('%s', (_, grantee, statement) => {
    expect(statementsWith(grantee)).toEqual([statement]);
  });

  test('Lambda functions', () => {
    expect(statementsWith((scope) => EcrGrantee.lambdaFunctions(parameter(scope).valueAsString,
      { functionNamePattern: Fn.ref('AWS::StackName') }))).toEqual([
      { Sid: 'LambdaDeployAccounts', Effect: 'Allow', Principal: { AWS: [P] }, Action: LAMBDA },
      {
        Sid: 'LambdaFunctions',
        Effect: 'Allow',
        Principal: { Service: 'lambda.amazonaws.com' },
        Action: LAMBDA,
        Condition: { ArnLike: { 'aws:SourceArn': [joined('arn:aws:lambda:us-east-1:', P, ':function:', { Ref: 'AWS::StackName' })] } },
      },
    ]);
  });

  test.each<[string, (scope: Construct) => string[], unknown]>([
    ['a list parameter', (scope) => parameter(scope, 'CommaDelimitedList').valueAsList, P],
    ['a split text', (scope) => Fn.split(',', parameter(scope).valueAsString), { 'Fn::Split': [',', P] }],
    ['any list token', (scope) => Token.asList(parameter(scope).value), P],
    ['a list that the app knows later', () => Lazy.list({ produce: () => [ACCOUNT] }), [ACCOUNT]],
  ])('%s stands in a statement of its own', (_, list, rendered) => {
    const [accounts, ofList, ...more] = statementsWith((scope) => [EcrGrantee.accounts(...list(scope)), EcrGrantee.account('444455556666')]);

    expect(accounts).toEqual(pulled('PullAccounts', { AWS: ['444455556666'] }));
    expect(ofList).toEqual(pulled(expect.stringMatching(/^PullAccountList[0-9a-f]{8}$/) as unknown as string, { AWS: rendered }));
    expect(more).toEqual([]);
  });

  test('one element of a list', () => {
    expect(statementsWith((scope) => EcrGrantee.account(Fn.select(0, parameter(scope, 'CommaDelimitedList').valueAsList))))
      .toEqual([pulled('PullAccounts', { AWS: [{ 'Fn::Select': [0, P] }] })]);
  });
});

describe('principal', () => {
  const conditioned = (principal: object, condition?: object) => pulled(expect.stringMatching(/^PullConditioned[0-9a-f]{8}$/) as unknown as string,
    principal, condition);
  const session = 'arn:aws:sts::111122223333:assumed-role/app/session';
  const vpc = { StringEquals: { 'aws:SourceVpc': 'vpc-1' } };

  test.each<[string, iam.IPrincipal, object[]]>([
    ['AccountPrincipal', new iam.AccountPrincipal(ACCOUNT), [pulled('PullAccounts', { AWS: [ACCOUNT] })]],
    ['AccountRootPrincipal', new iam.AccountRootPrincipal(), [pulled('PullAccounts', { AWS: ['999999999999'] })]],
    ['ArnPrincipal of a role', new iam.ArnPrincipal(ROLE_ARN), [pulled('PullPrincipals', { AWS: [ROLE_ARN] })]],
    ['ArnPrincipal of a user', new iam.ArnPrincipal('arn:aws:iam::111122223333:user/u'),
      [pulled('PullPrincipals', { AWS: ['arn:aws:iam::111122223333:user/u'] })]],
    ['ArnPrincipal of a session', new iam.ArnPrincipal(session), [pulled('PullPrincipals', { AWS: [session] })]],
    ['ArnPrincipal of an account', new iam.ArnPrincipal('arn:aws:iam::111122223333:root'), [pulled('PullAccounts', { AWS: [ACCOUNT] })]],
    ['SessionTagsPrincipal', new iam.SessionTagsPrincipal(new iam.ArnPrincipal(ROLE_ARN)), [pulled('PullPrincipals', { AWS: [ROLE_ARN] })]],
    ['PrincipalWithConditions', new iam.PrincipalWithConditions(new iam.AccountPrincipal(ACCOUNT), vpc), [conditioned({ AWS: [ACCOUNT] }, vpc)]],
    ['ArnPrincipal with conditions', new iam.ArnPrincipal(ROLE_ARN).withConditions(vpc), [conditioned({ AWS: [ROLE_ARN] }, vpc)]],
    ['ArnPrincipal in an organization', new iam.ArnPrincipal(ROLE_ARN).inOrganization(ORGANIZATION),
      [conditioned({ AWS: [ROLE_ARN] }, { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } })]],
    ['OrganizationPrincipal', new iam.OrganizationPrincipal(ORGANIZATION), [pulled('PullOrganizations', { AWS: '*' }, {
      StringEquals: { 'aws:PrincipalOrgID': [ORGANIZATION] }, StringNotEquals: { 'aws:PrincipalAccount': '999999999999' },
    })]],
    ['CompositePrincipal', new iam.CompositePrincipal(new iam.ArnPrincipal(ROLE_ARN), new iam.AccountPrincipal('444455556666')), [
      pulled('PullAccounts', { AWS: ['444455556666'] }), pulled('PullPrincipals', { AWS: [ROLE_ARN] }),
    ]],
    ['CompositePrincipal with conditions', new iam.CompositePrincipal(
      new iam.AccountPrincipal(ACCOUNT).withConditions(vpc),
      new iam.CompositePrincipal(new iam.AccountPrincipal('444455556666')),
    ), [pulled('PullAccounts', { AWS: ['444455556666'] }), conditioned({ AWS: [ACCOUNT] }, vpc)]],
    ['StarPrincipal', new iam.StarPrincipal().withConditions({ StringEquals: { 'aws:PrincipalAccount': ACCOUNT } }),
      [conditioned({ AWS: '*' }, { StringEquals: { 'aws:PrincipalAccount': ACCOUNT } })]],
    ['ServicePrincipal', codeBuild.withConditions({ StringEquals: { 'aws:SourceAccount': ACCOUNT } }),
      [conditioned({ Service: ['codebuild.amazonaws.com'] }, { StringEquals: { 'aws:SourceAccount': ACCOUNT } })]],
  ])('%s', (_, principal, statements) => {
    expect(statementsFor('Pull', EcrGrantee.principal(principal))).toEqual(statements);
  });

  describe('open, closed by', () => {
    const arn = 'arn:aws:lambda:us-east-1:111122223333:function:*';

    test.each<[string, iam.PrincipalBase, Record<string, unknown>]>([
      ['account', anyone, { StringEquals: { 'aws:PrincipalAccount': ACCOUNT } }],
      ['several accounts', anyone, { StringEquals: { 'aws:PrincipalAccount': [ACCOUNT, '444455556666'] } }],
      ['account, like', anyone, { StringLike: { 'aws:PrincipalAccount': ACCOUNT } }],
      ['account, for any value', anyone, { 'ForAnyValue:StringEquals': { 'aws:PrincipalAccount': [ACCOUNT] } }],
      ['a key in other letters', anyone, { StringEquals: { 'AWS:principalaccount': ACCOUNT } }],
      ['ARN', anyone, { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/*' } }],
      ['exact ARN', anyone, { ArnEquals: { 'aws:PrincipalArn': ROLE_ARN } }],
      ['ARN as text', anyone, { StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/*' } }],
      ['ARN in any partition', anyone, { ArnLike: { 'aws:PrincipalArn': 'arn:*:iam::111122223333:role/app' } }],
      ['function ARN', codeBuild, { ArnLike: { 'aws:SourceArn': arn } }],
      ['source account', codeBuild, { StringEquals: { 'aws:SourceAccount': [ACCOUNT] } }],
      ['source organization', codeBuild, { StringEquals: { 'aws:SourceOrgID': ORGANIZATION } }],
      ['source path', codeBuild, { 'ForAnyValue:StringLike': { 'aws:SourceOrgPaths': `${OU}/*` } }],
      ['one closing condition among others', anyone,
        { StringEquals: { 'aws:PrincipalAccount': ACCOUNT }, StringNotEquals: { 'aws:SourceVpc': 'vpc-1' }, Null: { 'aws:SourceIp': 'false' } }],
    ])('%s', (_, principal, conditions) => {
      const [statement, ...more] = statementsFor('Pull', EcrGrantee.principal(principal.withConditions(conditions)));

      expect(statement.Condition).toEqual(conditions);
      expect(more).toEqual([]);
    });

    test.each<[string, Record<string, any>]>([
      ['several organizations', { StringEquals: { 'aws:PrincipalOrgID': [ORGANIZATION, 'o-bbbbbbbbbb'] } }],
      ['path', { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': [`${OU}/*`] } }],
      ['exact path', { 'ForAnyValue:StringEquals': { 'aws:PrincipalOrgPaths': [`${OU}/`] } }],
    ])('%s: the repository\'s own account is left to IAM', (_, conditions) => {
      expect(statementsFor('Pull', EcrGrantee.principal(anyone.withConditions(conditions)))).toEqual([
        conditioned({ AWS: '*' }, { ...conditions, StringNotEquals: { 'aws:PrincipalAccount': '999999999999' } }),
      ]);
    });

    test.each<[string, (P: string) => Record<string, any>, (P: unknown) => object]>([
      ['account', (P) => ({ StringEquals: { 'aws:PrincipalAccount': P } }), (P) => ({ StringEquals: { 'aws:PrincipalAccount': P } })],
      ['one of several accounts', (P) => ({ StringEquals: { 'aws:PrincipalAccount': [ACCOUNT, P] } }),
        (P) => ({ StringEquals: { 'aws:PrincipalAccount': [ACCOUNT, P] } })],
      ['the account in an ARN', (P) => ({ ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${P}:role/app` } }),
        (P) => ({ ArnLike: { 'aws:PrincipalArn': { 'Fn::Join': ['', ['arn:aws:iam::', P, ':role/app']] } } })],
      ['the partition of an ARN', () => ({ ArnLike: { 'aws:PrincipalArn': `arn:${Aws.PARTITION}:iam::111122223333:role/app` } }),
        () => ({ ArnLike: { 'aws:PrincipalArn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::111122223333:role/app']] } } })],
    ])('%s, known only at deployment', (_, conditions, rendered) => {
      expect(statementsWith((scope) => EcrGrantee.principal(anyone.withConditions(conditions(new CfnParameter(scope, 'P').valueAsString)))))
        .toEqual([conditioned({ AWS: '*' }, rendered({ Ref: 'P' }))]);
    });

    test('a list known only at deployment', () => {
      expect(statementsWith((scope) => EcrGrantee.principal(anyone.withConditions({
        StringEquals: { 'aws:PrincipalAccount': new CfnParameter(scope, 'P', { type: 'CommaDelimitedList' }).valueAsList },
      })))).toEqual([conditioned({ AWS: '*' }, { StringEquals: { 'aws:PrincipalAccount': { Ref: 'P' } } })]);
    });
  });

  describe('open, and not closed by', () => {
    const principalKeys = 'aws:PrincipalOrgID, aws:PrincipalOrgPaths, aws:PrincipalAccount, aws:PrincipalArn';
    const sourceKeys = 'aws:SourceArn, aws:SourceAccount, aws:SourceOrgID, aws:SourceOrgPaths';

    test.each<[string, Record<string, unknown>]>([
      ['a negation', { StringNotEquals: { 'aws:PrincipalAccount': ACCOUNT } }],
      ['a negated pattern', { StringNotLike: { 'aws:PrincipalAccount': '1*' } }],
      ['a negated ARN', { ArnNotLike: { 'aws:PrincipalArn': ROLE_ARN } }],
      ['an account if there is one', { StringEqualsIfExists: { 'aws:PrincipalAccount': ACCOUNT } }],
      ['an ARN if there is one', { ArnLikeIfExists: { 'aws:PrincipalArn': ROLE_ARN } }],
      ['an account for all values, of which there may be none', { 'ForAllValues:StringEquals': { 'aws:PrincipalAccount': [ACCOUNT] } }],
      ['paths for all values', { 'ForAllValues:StringLike': { 'aws:PrincipalOrgPaths': [`${OU}/*`] } }],
      ['that there is an organization', { Null: { 'aws:PrincipalOrgID': 'false' } }],
      ['any account', { StringLike: { 'aws:PrincipalAccount': '*' } }],
      ['a part of an account', { StringLike: { 'aws:PrincipalAccount': '1111*' } }],
      ['a wildcard under an operator that has none', { StringEquals: { 'aws:PrincipalAccount': '*' } }],
      ['any organization', { StringLike: { 'aws:PrincipalOrgID': 'o-*' } }],
      ['paths of any organization', { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-*/r-ab12/*' } }],
      ['paths without a slash, which other organizations begin with', { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5*' } }],
      ['paths under an operator for one value', { StringLike: { 'aws:PrincipalOrgPaths': `${OU}/*` } }],
      ['an ARN of any account', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/app' } }],
      ['an ARN whose account a text wildcard can skip', { StringLike: { 'aws:PrincipalArn': 'arn:*:iam::111122223333:role/app' } }],
      ['an ARN without account', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:s3:::bucket' } }],
      ['the keys of a service', { StringEquals: { 'aws:SourceAccount': ACCOUNT } }],
      ['the account of the repository', { StringEquals: { 'aws:ResourceAccount': ACCOUNT } }],
      ['no value', { StringEquals: { 'aws:PrincipalAccount': [] } }],
      ['an undefined value, which vanishes', { StringEquals: { 'aws:PrincipalAccount': undefined } }],
      ['a policy variable', { StringEquals: { 'aws:PrincipalAccount': '${aws:ResourceAccount}' } }],
      ['a policy variable as organization', { StringEquals: { 'aws:PrincipalOrgID': '${aws:ResourceOrgID}' } }],
      ['a policy variable in an ARN', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::${aws:PrincipalAccount}:role/app' } }],
      ['one open value of several', { StringLike: { 'aws:PrincipalAccount': [ACCOUNT, '*'] } }],
      ['an external id', { StringEquals: { 'sts:ExternalId': 'web' } }],
      ['a tag', { StringEquals: { 'aws:PrincipalTag/team': 'web' } }],
      ['a place in the network', { StringEquals: { 'aws:SourceVpc': 'vpc-1' }, IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }],
      ['an operator of another type', { NumericEquals: { 'aws:PrincipalAccount': ACCOUNT } }],
      ['an account with a line break', { StringEquals: { 'aws:PrincipalAccount': `${ACCOUNT}\n` } }],
    ])('%s', (_, conditions) => {
      expect(errorOf(() => EcrGrantee.principal(anyone.withConditions(conditions)))).toBe(
        `the principal {"AWS":"*"} with the conditions ${JSON.stringify(conditions)} would let in every AWS account; `
        + `add a condition such as StringEquals or ArnLike on ${principalKeys} `
        + 'whose value fixes the account or the organization');
    });

    test('an account pattern with a part that only the deployment knows', () => {
      const conditions = { ArnLike: { 'aws:PrincipalArn': `arn:${Aws.PARTITION}:iam::*:role/app` } };
      expect(() => EcrGrantee.principal(anyone.withConditions(conditions))).toThrow('would let in every AWS account');
    });

    test.each<[string, iam.IPrincipal]>([
      ['anybody', new iam.AnyPrincipal()],
      ['the star', new iam.StarPrincipal()],
      ['an ARN that is a star', new iam.ArnPrincipal('*')],
      ['anybody with empty conditions', new iam.PrincipalWithConditions(new iam.AnyPrincipal(), {})],
      ['anybody beside an account', new iam.CompositePrincipal(new iam.AccountPrincipal(ACCOUNT), new iam.AnyPrincipal())],
    ])('anything: %s', (_, principal) => {
      expect(errorOf(() => EcrGrantee.principal(principal)))
        .toMatch(/^the principal \{"AWS":"\*"\} with no conditions would let in every AWS account; add a condition such as/);
    });

    test.each<[string, iam.ServicePrincipal, Record<string, unknown> | undefined]>([
      ['anything', codeBuild, undefined],
      ['anything, AWS Lambda', new iam.ServicePrincipal('lambda.amazonaws.com'), undefined],
      ['the keys of a principal', codeBuild, { StringEquals: { 'aws:PrincipalAccount': ACCOUNT } }],
      ['an organization of principals, which services are not in', codeBuild, { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } }],
      ['functions of any account', codeBuild, { ArnLike: { 'aws:SourceArn': 'arn:aws:lambda:*:*:function:*' } }],
      ['a bucket, whose ARN has no account', codeBuild, { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::bucket' } }],
      ['an account if there is one', codeBuild, { StringEqualsIfExists: { 'aws:SourceAccount': ACCOUNT } }],
      ['paths under an operator for one value', codeBuild, { StringLike: { 'aws:SourceOrgPaths': `${OU}/*` } }],
    ])('a service: %s', (_, service, conditions) => {
      const message = errorOf(() => EcrGrantee.principal(conditions ? service.withConditions(conditions) : service));

      expect(message).toContain(`"} with ${conditions ? `the conditions ${JSON.stringify(conditions)}` : 'no conditions'} would let in `);
      expect(message).toContain(service.service);
      expect(message).toContain(`on behalf of every AWS account; add a condition such as StringEquals or ArnLike on ${sourceKeys} `
        + 'whose value fixes the account or the organization; for AWS Lambda use EcrGrantee.lambdaFunctions(accountId)');
    });
  });

  describe('is refused', () => {
    test.each<[string, iam.IPrincipal, string]>([
      ['FederatedPrincipal', new iam.FederatedPrincipal('cognito-identity.amazonaws.com', {}, 'sts:AssumeRoleWithWebIdentity'),
        '{"Federated":"cognito-identity.amazonaws.com"}'],
      ['WebIdentityPrincipal', new iam.WebIdentityPrincipal('accounts.google.com', { StringEquals: { 'aws:PrincipalAccount': ACCOUNT } }),
        '{"Federated":"accounts.google.com"}'],
      ['CanonicalUserPrincipal', new iam.CanonicalUserPrincipal('79a5'), '{"CanonicalUser":"79a5"}'],
    ])('%s: no caller of Amazon ECR is of that type', (_, principal, shown) => {
      expect(errorOf(() => EcrGrantee.principal(principal)))
        .toBe(`the principal ${shown} cannot be a grantee: no caller of Amazon ECR is of that type; name the role that the federated user assumes`);
    });

    test('SamlPrincipal and OpenIdConnectPrincipal', () => {
      const stack = newStack(newApp(), 'Stack', CONSUMER);
      const saml = iam.SamlProvider.fromSamlProviderArn(stack, 'Saml', 'arn:aws:iam::111122223333:saml-provider/p');
      const openId = iam.OpenIdConnectProvider.fromOpenIdConnectProviderArn(stack, 'OpenId', 'arn:aws:iam::111122223333:oidc-provider/p');

      for (const principal of [new iam.SamlPrincipal(saml, {}), new iam.SamlConsolePrincipal(saml, {}), new iam.OpenIdConnectPrincipal(openId)]) {
        expect(() => EcrGrantee.principal(principal)).toThrow('cannot be a grantee: no caller of Amazon ECR is of that type');
      }
    });

    test('a group, as ARN and as construct', () => {
      const stack = newStack(newApp(), 'Stack', CONSUMER);
      const remedy = 'is a group, which cannot be a principal; name its users\' account or roles';

      expect(errorOf(() => EcrGrantee.principal(new iam.ArnPrincipal('arn:aws:iam::111122223333:group/g'))))
        .toBe(`the principal "arn:aws:iam::111122223333:group/g" ${remedy}`);
      const remedyOfConstructs = 'is a group, which no policy can name as principal; grant to its users, or to the roles that they assume';
      expect(errorOf(() => EcrGrantee.principal(new iam.Group(stack, 'Group')))).toBe(`'Stack/Group' ${remedyOfConstructs}`);
      expect(errorOf(() => EcrGrantee.principal(iam.Group.fromGroupName(stack, 'Imported', 'g')))).toBe(`'Stack/Imported' ${remedyOfConstructs}`);
    });

    test.each(['arn:aws:iam::111122223333:role/*', 'arn:aws:iam::*:root', 'arn:aws:iam::111122223333:role/ap?'])('%j: a principal has no wildcards',
      (arn) => {
        expect(errorOf(() => EcrGrantee.principal(new iam.ArnPrincipal(arn))))
          .toBe(`the principal "${arn}" has a wildcard, which a principal cannot have; `
          + 'use EcrGrantee.role(accountId, roleName), whose roleName may contain "*"');
      });

    test('a resource that was imported without a role', () => {
      expect(() => EcrGrantee.principal(new iam.UnknownPrincipal({ resource: newStack(newApp(), 'Stack') }))).toThrow('imported without a role');
    });
  });

  describe('roles and users', () => {
    const grant = (principalIn: (scope: Construct) => iam.IPrincipal, env = CONSUMER) => {
      const app = newApp();
      const repository = newRepository(app);
      const principal = principalIn(env === OWNER ? repository.stack : newStack(app, 'Consumer', env));
      repository.allowPullFrom(EcrGrantee.principal(principal));
      return repositoryPolicyOf(repository).Statement;
    };
    const conditionedByArn = (arn: unknown, conditions: object) => conditioned({ AWS: [ACCOUNT] },
      { ...conditions, ArnEquals: { 'aws:PrincipalArn': arn } });

    test.each<[string, (scope: Construct) => iam.IPrincipal, object]>([
      ['a role', (scope) => newRole(scope, { roleName: 'app', path: '/teams/' }),
        rolesStatement('Pull', PULL, [ACCOUNT], ['arn:aws:iam::111122223333:role/teams/app'])],
      ['a role that takes no policies', (scope) => newRole(scope, { roleName: 'app' }).withoutPolicyUpdates(),
        rolesStatement('Pull', PULL, [ACCOUNT], ['arn:aws:iam::111122223333:role/app'])],
      ['an imported role', (scope) => iam.Role.fromRoleArn(scope, 'Role', ROLE_ARN), rolesStatement('Pull', PULL, [ACCOUNT], [ROLE_ARN])],
      ['a user', (scope) => new iam.User(scope, 'User', { userName: 'u' }),
        pulled('PullUsers', { AWS: [ACCOUNT] }, { ArnLike: { 'aws:PrincipalArn': ['arn:aws:iam::111122223333:user/u'] } })],
      ['a role without a name', (scope) => newRole(scope),
        pulled(expect.stringMatching(/^PullTaggedRoles[0-9a-f]{8}$/) as unknown as string, { AWS: [ACCOUNT] }, {
          StringEquals: { 'aws:PrincipalTag/aws-cdk:id': [expect.stringMatching(/^Consumer_c8[0-9a-f]{40}$/)] },
        })],
      ['a role with conditions', (scope) => new iam.PrincipalWithConditions(newRole(scope, { roleName: 'app' }), vpc),
        conditionedByArn({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::111122223333:role/app']] }, vpc)],
      ['an imported role with conditions', (scope) => new iam.PrincipalWithConditions(iam.Role.fromRoleArn(scope, 'Role', ROLE_ARN), vpc),
        conditionedByArn(ROLE_ARN, vpc)],
      ['a role in a composite', (scope) => new iam.CompositePrincipal(newRole(scope, { roleName: 'app' })),
        rolesStatement('Pull', PULL, [ACCOUNT], ['arn:aws:iam::111122223333:role/app'])],
    ])('%s of another account is named by condition', (_, principal, statement) => {
      expect(grant(principal)).toEqual([statement]);
    });

    test('an imported role of another account than its stack\'s is named in its own account', () => {
      expect(grant((scope) => iam.Role.fromRoleArn(scope, 'Role', ROLE_ARN), OTHER)).toEqual([rolesStatement('Pull', PULL, [ACCOUNT], [ROLE_ARN])]);
    });

    test.each<[string, (scope: Construct) => iam.IPrincipal, object]>([
      ['a role', (scope) => newRole(scope), { 'Fn::GetAtt': [expect.stringMatching(/^Role/), 'Arn'] }],
      ['a user', (scope) => new iam.User(scope, 'User'), { 'Fn::GetAtt': [expect.stringMatching(/^User/), 'Arn'] }],
    ])('%s of the owner\'s account is named by its ARN, which lets it in without a policy of its own', (_, principal, arn) => {
      expect(grant(principal, OWNER)).toEqual([pulled('PullPrincipals', { AWS: [arn] })]);
    });

    test('a role of the owner\'s account keeps its conditions', () => {
      expect(grant((scope) => new iam.PrincipalWithConditions(newRole(scope), vpc), OWNER))
        .toEqual([conditioned({ AWS: [{ 'Fn::GetAtt': [expect.stringMatching(/^Role/), 'Arn'] }] }, vpc)]);
    });

    test('the same grantee may serve several repositories, each in its own view', () => {
      const app = newApp();
      const abroad = newRepository(app);
      const home = new SharedEcrRepository(newStack(app, 'Consumer', CONSUMER), 'Repository', { repositoryName: 'web-app' });
      const grantee = EcrGrantee.principal(newRole(home.stack, { roleName: 'app' }));
      abroad.allowPullFrom(grantee);
      home.allowPullFrom(grantee);

      expect(repositoryPolicyOf(abroad).Statement).toEqual([rolesStatement('Pull', PULL, [ACCOUNT], ['arn:aws:iam::111122223333:role/app'])]);
      expect(repositoryPolicyOf(home).Statement).toEqual([pulled('PullPrincipals',
        { AWS: [{ 'Fn::GetAtt': [expect.stringMatching(/^Role/), 'Arn'] }] })]);
    });
  });
});

describe('an organization that may push is a warning', () => {
  const notices = (use: Use, grantee: EcrGrantee) => {
    const repository = newRepository(newApp());
    allow(repository, use, grantee);
    return noticesIn(repository);
  };
  const inOrganization = { StringEquals: { 'aws:PrincipalOrgID': [ORGANIZATION, 'o-bbbbbbbbbb'] } };

  test.each<[string, EcrGrantee]>([
    ['an organization', EcrGrantee.organization(ORGANIZATION)],
    ['an OU', EcrGrantee.organizationalUnit(OU)],
    ['a principal that is an organization', EcrGrantee.principal(new iam.OrganizationPrincipal(ORGANIZATION))],
    ['anybody in organizations', EcrGrantee.principal(anyone.withConditions(inOrganization))],
    ['anybody in organizations but some accounts',
      EcrGrantee.principal(anyone.withConditions({ ...inOrganization, StringNotEquals: { 'aws:PrincipalAccount': ACCOUNT } }))],
    ['anybody of an OU', EcrGrantee.principal(anyone.withConditions({ 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': `${OU}/*` } }))],
  ])('%s', (_, grantee) => {
    expect(notices('Push', grantee)).toEqual([{
      path: 'Owner/Repository',
      level: 'warning',
      text: `${grantee} may push: every identity of every account in it can replace what others run; name the roles or accounts that publish images `
        + '[ack: cdk-shared-ecr:organizationPush]',
    }]);
    expect(notices('Pull', grantee)).toEqual([]);
    expect(notices('Read', grantee)).toEqual([]);
  });

  test.each<[string, EcrGrantee]>([
    ['an account', EcrGrantee.account(ACCOUNT)],
    ['a role', EcrGrantee.role(ACCOUNT, '*')],
    ['anybody of an account', EcrGrantee.principal(anyone.withConditions({ ...inOrganization, StringLike: { 'aws:PrincipalAccount': ACCOUNT } }))],
    ['roles by their ARN', EcrGrantee.principal(anyone.withConditions({ ...inOrganization, ArnLike: { 'aws:PrincipalArn': ROLE_ARN } }))],
    ['a role, if it is in an organization', EcrGrantee.principal(new iam.ArnPrincipal(ROLE_ARN).inOrganization(ORGANIZATION))],
    ['a service for an organization', EcrGrantee.principal(codeBuild.withConditions({ StringEquals: { 'aws:SourceOrgID': ORGANIZATION } }))],
  ])('not %s', (_, grantee) => {
    expect(notices('Push', grantee)).toEqual([]);
  });
});

describe('a grantee in words', () => {
  const stack = newStack(newApp(), 'Stack', CONSUMER);

  test.each<[EcrGrantee, string]>([
    [EcrGrantee.account(ACCOUNT), 'account 111122223333'],
    [EcrGrantee.accounts(ACCOUNT, '444455556666'), 'accounts 111122223333, 444455556666'],
    [EcrGrantee.accounts(...Token.asList({ Ref: 'P' })), 'a list of accounts'],
    [EcrGrantee.role(ACCOUNT, 'teams/*'), 'role teams/* of account 111122223333'],
    [EcrGrantee.organization(ORGANIZATION), 'organization o-a1b2c3d4e5'],
    [EcrGrantee.organizationalUnit(OU), 'organizational unit o-a1b2c3d4e5/r-ab12/ou-ab12-11111111'],
    [EcrGrantee.lambdaFunctions(ACCOUNT), 'Lambda functions * of account 111122223333'],
    [EcrGrantee.lambdaFunctions(ACCOUNT, { functionNamePattern: 'orders-*' }), 'Lambda functions orders-* of account 111122223333'],
    [EcrGrantee.lambdaFunctionsInOrganization(ORGANIZATION), 'Lambda functions in organization o-a1b2c3d4e5'],
    [EcrGrantee.lambdaFunctionsInOrganizationalUnit(OU), 'Lambda functions in organizational unit o-a1b2c3d4e5/r-ab12/ou-ab12-11111111'],
    [EcrGrantee.principal(new iam.ArnPrincipal(ROLE_ARN)), `ArnPrincipal(${ROLE_ARN})`],
    [EcrGrantee.principal(newRole(stack)), '\'Stack/Role\''],
  ])('%s', (grantee, text) => {
    expect(`${grantee}`).toBe(text);
  });
});
