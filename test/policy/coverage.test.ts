import * as fc from 'fast-check';
import { isCovered, matches, withoutCovered } from '../../src/policy/coverage';
import { Grant, Registry, Who } from '../../src/policy/grant';
import { Value } from '../../src/policy/value';

const A = '111122223333';
const B = '444455556666';
const OWNER = '999999999999';
const REGISTRY: Registry = { partition: 'aws', region: 'us-east-1', account: OWNER };
const AGNOSTIC: Registry = { ...REGISTRY, account: { Ref: 'AWS::AccountId' } };
const ONE = ['ecr:BatchGetImage'];
const TWO = ['ecr:BatchGetImage', 'ecr:ListImages'];

const account = (id: Value): Who => ({ kind: 'account', account: id });
const role = (name: string, id = A): Who => ({ kind: 'identity', account: id, name: `role/${name}` });
const arn = (name: string, id = A): Who => ({ kind: 'arn', arn: `arn:aws:iam::${id}:${name}` });
const lambda = (functionName: string, id = A): Who => ({ kind: 'lambda', account: id, functionName });
const organization: Who = { kind: 'organization', organization: 'o-a1b2c3d4e5' };
const lambdaOrganization: Who = { kind: 'lambdaOrganization', organization: 'o-a1b2c3d4e5' };
const ou = (rest: string, id = 'o-a1b2c3d4e5'): Who => ({ kind: 'organizationalUnit', path: `${id}/r-ab12/ou-ab12-11111111/${rest}` });
const lambdaOu = (rest: string, id = 'o-a1b2c3d4e5'): Who => ({ kind: 'lambdaOrganizationalUnit', path: `${id}/r-ab12/ou-ab12-11111111/${rest}` });
const tagged: Who = { kind: 'tagged', account: A, tag: 'Stack_role' };
const list: Who = { kind: 'accountList', accounts: { Ref: 'List' } };
const conditioned = (principal: string, type: 'AWS' | 'Service' = 'AWS'): Who =>
  ({ kind: 'conditioned', type, principal, conditions: { StringEquals: { 'aws:PrincipalTag/team': 'web', 'aws:SourceAccount': A } } });
const named = (name: unknown): Who => ({ kind: 'identity', account: A, name: name as string });

function left(registry: Registry, ...whos: Who[]): Who[] {
  return withoutCovered(whos.map((who) => ({ who, actions: ONE })), registry).map(({ who }) => who);
}

const COVERING: Array<[string, Who, Who]> = [
  ['an account covers its roles', account(A), role('app')],
  ['an account covers its users', account(A), { kind: 'identity', account: A, name: 'user/ci' }],
  ['an account covers its tagged roles', account(A), tagged],
  ['an account covers itself under conditions', account(A), conditioned(A)],
  ['an account covers the ARN of its root under conditions', account(A), conditioned(`arn:aws:iam::${A}:root`)],
  ['another account covers its principals named by ARN', account(A), arn('role/app')],
  ['another account covers its sessions', account(A), { kind: 'arn', arn: `arn:aws:sts::${A}:assumed-role/app/session` }],
  ['an account covers its roles, in the owner\'s account too', account(OWNER), role('app', OWNER)],
  ['a pattern covers a name', role('app-*'), role('app-execution')],
  ['a pattern covers a narrower pattern', role('a*'), role('app-*-b')],
  ['a star crosses slashes', role('teams/*'), role('teams/web/app')],
  ['every role covers every pattern', role('*'), role('*app*')],
  ['stars in the middle and at the end', role('*a*b*'), role('xaxbx')],
  ['a pattern covers a role of another account named by ARN', role('app*'), arn('role/app-execution')],
  ['an organization covers its OUs', organization, ou('')],
  ['an OU covers the OUs below it', ou(''), ou('ou-ab12-22222222/')],
  ['functions cover functions', lambda('*'), lambda('orders')],
  ['a function pattern covers a narrower one', lambda('orders-*'), lambda('orders-api-*')],
  ['an organization\'s functions cover its OU\'s', lambdaOrganization, lambdaOu('')],
  ['an OU\'s functions cover those below it', lambdaOu(''), lambdaOu('ou-ab12-22222222/')],
];

test.each(COVERING)('%s', (_, wide, narrow) => {
  expect(left(REGISTRY, wide, narrow)).toEqual([wide]);
  expect(left(REGISTRY, narrow, wide)).toEqual([wide]);
});

const APART: Array<[string, Who, Who]> = [
  ['an account says nothing of another', account(A), role('app', B)],
  ['an account does not cover a list of accounts', account(A), list],
  ['an account does not cover a role\'s ARN under conditions', account(A), conditioned(`arn:aws:iam::${A}:role/app`)],
  ['an account does not cover a service under conditions', account(A), conditioned('codebuild.amazonaws.com', 'Service')],
  ['an account does not cover its functions', account(A), lambda('*')],
  ['an account does not cover an ARN whose account is not known', account(A), { kind: 'arn', arn: { 'Fn::GetAtt': ['Role', 'Arn'] } }],
  ['a role does not cover a user', role('*'), { kind: 'identity', account: A, name: 'user/ci' }],
  ['roles do not cover sessions', role('*'), { kind: 'arn', arn: `arn:aws:sts::${A}:assumed-role/app/session` }],
  ['roles do not cover the same role elsewhere', role('*'), role('app', B)],
  ['a name does not cover a longer one', role('app'), role('app-execution')],
  ['a pattern needs its beginning', role('app-*'), role('my-app-execution')],
  ['a pattern needs its end', role('*-execution'), role('app-execution-2')],
  ['beginning and end do not overlap', role('app*pp'), role('app')],
  ['the middle does not overlap the end', role('a*bc*cd'), role('abcd')],
  ['the middle must be there', role('a*b*c'), role('axc')],
  ['the middle comes in order', role('*a*b*'), role('ba')],
  ['a name does not cover a name that only begins so', role('app'),
    { kind: 'arn', arn: { 'Fn::Join': ['', [`arn:aws:iam::${A}:role/app`, { Ref: 'S' }]] } }],
  ['a pattern does not cover a name of the deployment', role('*'), named({ Ref: 'Name' })],
  ['an organization does not cover another\'s OU', organization, ou('', 'o-zzzzzzzzzz')],
  ['an organization does not cover accounts: they may leave it', organization, account(A)],
  ['an OU does not cover its sibling', ou('ou-ab12-22222222/'), ou('ou-ab12-2222222233/')],
  ['an organization does not cover its functions', organization, lambdaOrganization],
  ['an organization\'s functions do not cover its accounts', lambdaOrganization, ou('')],
  ['functions do not cover those of another account', lambda('*'), lambda('orders', B)],
  ['in the owner\'s account an ARN does not cover the role', arn('role/app', OWNER), role('app', OWNER)],
  ['tagged roles cover nothing', tagged, role('app')],
  ['paths of the deployment are not compared', { kind: 'organizationalUnit', path: { Ref: 'P' } }, ou('')],
];

test.each(APART)('%s', (_, one, other) => {
  expect(left(REGISTRY, one, other)).toHaveLength(2);
  expect(left(REGISTRY, other, one)).toHaveLength(2);
});

describe('a principal named by its ARN stays where its account may be the owner\'s', () => {
  test.each<[string, Registry, Who, Who]>([
    ['its account is', REGISTRY, account(OWNER), arn('role/app', OWNER)],
    ['its account is, and a pattern matches', REGISTRY, role('*', OWNER), arn('role/app', OWNER)],
    ['the owner is not known', AGNOSTIC, account(A), arn('role/app')],
    ['the owner is not known, and a pattern matches', AGNOSTIC, role('*'), arn('role/app')],
  ])('%s', (_, registry, wide, byArn) => {
    expect(left(registry, wide, byArn)).toEqual([wide, byArn]);
  });

  test('but roles named by condition go there as elsewhere', () => {
    expect(left(AGNOSTIC, account(A), role('app'))).toEqual([account(A)]);
  });
});

describe('actions', () => {
  const grant = (who: Who, actions: readonly string[]): Grant => ({ who, actions });

  test('a grant goes when the same grantee may do more', () => {
    expect(withoutCovered([grant(role('app'), ONE), grant(role('app'), TWO)], REGISTRY)).toEqual([grant(role('app'), TWO)]);
  });

  test('a grant stays when it allows what the wider one does not', () => {
    const both = [grant(account(A), ONE), grant(role('app'), TWO)];
    expect(withoutCovered(both, REGISTRY)).toEqual(both);
  });

  test('a grant goes when one of the same actions or more is wider', () => {
    expect(withoutCovered([grant(role('app'), ONE), grant(account(A), TWO)], REGISTRY)).toEqual([grant(account(A), TWO)]);
  });

  test('the same grant twice is one grant', () => {
    expect(withoutCovered([grant(account(A), TWO), grant(account(A), [...TWO].reverse())], REGISTRY)).toEqual([grant(account(A), TWO)]);
    expect(withoutCovered([grant(role('a*'), ONE), grant(role('a**'), ONE)], REGISTRY)).toEqual([grant(role('a*'), ONE)]);
  });
});

test('accounts of the deployment cover what is of the same account', () => {
  const consumer = { Ref: 'Consumer' };
  const roleOfIt: Who = { kind: 'identity', account: consumer, name: 'role/app' };
  expect(left(REGISTRY, account(consumer), roleOfIt)).toEqual([account(consumer)]);
  expect(left(REGISTRY, account({ Ref: 'Other' }), roleOfIt)).toHaveLength(2);
  expect(left(REGISTRY, named({ Ref: 'Name' }), named({ Ref: 'Name' }))).toHaveLength(1);
});

describe('repositories', () => {
  const on = (repositories: Value | undefined, who: Who = account(A), actions: readonly string[] = ONE): Grant =>
    ({ who, actions, ...(repositories !== undefined && { repositories }) });
  const kept = (...grants: Grant[]) => withoutCovered(grants, REGISTRY);

  test.each<[string, Value, Value]>([
    ['all cover a prefix', '*', 'team-a/*'],
    ['all cover one', '*', 'web-app'],
    ['all cover what only the deployment knows', '*', { Ref: 'Name' }],
    ['a prefix covers one of it', 'team-a/*', 'team-a/web-app'],
    ['a prefix covers those of a longer one', 'team-*', 'team-a/*'],
    ['a star crosses slashes', 'team-a/*', 'team-a/web/api'],
    ['a pattern covers a narrower one', '*-app', 'team-a/*/web-app'],
  ])('%s', (_, wide, narrow) => {
    expect(kept(on(wide), on(narrow))).toEqual([on(wide)]);
    expect(kept(on(narrow), on(wide))).toEqual([on(wide)]);
  });

  test.each<[string, Value, Value]>([
    ['a prefix with its slash covers no name that goes on otherwise', 'team-a/*', 'team-ab/web-app'],
    ['a prefix with its slash covers no repository of that name', 'team-a/*', 'team-a'],
    ['a name covers no longer one', 'web-app', 'web-app-2'],
    ['of two that overlap, neither', 'team-*', '*/web-app'],
    ['a prefix does not cover what only the deployment knows', 'team-a/*', { Ref: 'Name' }],
    ['nor the other way round', { Ref: 'Name' }, { 'Fn::Join': ['', [{ Ref: 'Name' }, '*']] }],
    ['two that only the deployment knows', { Ref: 'Name' }, { Ref: 'OtherName' }],
  ])('%s', (_, one, other) => {
    expect(kept(on(one), on(other))).toEqual([on(one), on(other)]);
    expect(kept(on(other), on(one))).toEqual([on(other), on(one)]);
  });

  test('the same ones are said once, in whatever way', () => {
    expect(kept(on('team-a/*'), on('team-a/**'))).toEqual([on('team-a/*')]);
    expect(kept(on({ Ref: 'Name' }), on({ Ref: 'Name' }))).toEqual([on({ Ref: 'Name' })]);
    expect(kept(on('*'), on(undefined))).toEqual([on('*')]);
    expect(kept(on(undefined), on('*'))).toEqual([on('*')]);
    expect(kept(on(undefined), on('team-a/*'))).toEqual([on('*')]);
  });

  test('grants of a repository policy are left without', () => {
    expect(kept(on(undefined), on(undefined))).toEqual([on(undefined)]);
    expect(kept(on(undefined))[0]).not.toHaveProperty('repositories');
  });

  test.each<[string, Grant, Grant]>([
    ['grantee, repositories and actions', on('*', account(A), TWO), on('team-a/*', role('app'), ONE)],
    ['grantee and repositories', on('team-a/*'), on('team-a/web-app', role('app'))],
    ['grantee', on('team-a/*'), on('team-a/*', role('app'))],
    ['repositories', on('*', role('app')), on('team-a/*', role('app'))],
    ['repositories and actions', on('*', account(A), TWO), on('web-app', account(A), ONE)],
    ['actions', on('web-app', account(A), TWO), on('web-app', account(A), ONE)],
  ])('a grant goes when another is wider, here by %s', (_, wide, narrow) => {
    expect(kept(narrow, wide)).toEqual([wide]);
  });

  test.each<[string, Grant, Grant]>([
    ['more repositories', on('team-a/*'), on('*', role('app'))],
    ['other repositories', on('team-a/*'), on('team-b/*', role('app'))],
    ['more actions', on('*', account(A), ONE), on('web-app', account(A), TWO)],
    ['another account', on('*'), on('web-app', role('app', B))],
    ['the owner\'s account, by ARN', on('*', account(OWNER)), on('web-app', arn('role/app', OWNER))],
  ])('a grant stays when it is for %s', (_, one, other) => {
    expect(kept(one, other)).toHaveLength(2);
  });
});

describe('what other grants cover', () => {
  const on = (who: Who, repositories?: Value, actions: readonly string[] = ONE): Grant => ({ who, actions, ...(repositories && { repositories }) });
  const covered = (grant: Grant, by: Grant[], registry = REGISTRY) => isCovered(grant, by, registry);

  test.each(COVERING)('%s', (_, wide, narrow) => {
    expect(covered(on(narrow, 'web-app'), [on(wide, '*')])).toBe(true);
    expect(covered(on(wide, 'web-app'), [on(narrow, '*')])).toBe(false);
  });

  test.each(APART)('%s', (_, one, other) => {
    expect(covered(on(one), [on(other)])).toBe(false);
    expect(covered(on(other), [on(one)])).toBe(false);
  });

  test.each<[string, Grant, Grant]>([
    ['itself', on(account(A), 'team-a/*'), on(account(A), 'team-a/*')],
    ['itself, written otherwise', on(account(A), 'team-a/**', [...TWO].reverse()),
      on({ kind: 'arn', arn: `arn:aws:iam::${A}:root` }, 'team-a/*', TWO)],
    ['itself in a repository policy', on(tagged), on(tagged)],
    ['itself, as a list of the deployment', on(list, 'web-app'), on(list, 'web-app')],
    ['a wider prefix', on(account(A), 'team-a/web-app'), on(account(A), 'team-a/*')],
    ['all repositories', on(account(A), { Ref: 'Name' }), on(account(A), '*')],
    ['the policy of the repository itself', on(role('app'), 'web-app'), on(account(A))],
    ['all repositories, for all of them', on(account(A)), on(account(A), '*')],
    ['more actions', on(account(A), 'web-app', ONE), on(account(A), 'web-app', TWO)],
  ])('by %s', (_, grant, by) => {
    expect(covered(grant, [by])).toBe(true);
    expect(covered(grant, [on(account('000000000000'), '*', TWO), by])).toBe(true);
  });

  test.each<[string, Grant, Grant[]]>([
    ['by nothing', on(account(A)), []],
    ['by fewer actions', on(account(A), 'web-app', TWO), [on(account(A), 'web-app', ONE)]],
    ['by two that only together have its actions', on(account(A), 'web-app', TWO), TWO.map((action) => on(account(A), 'web-app', [action]))],
    ['by another prefix', on(account(A), 'team-ab/web-app'), [on(account(A), 'team-a/*')]],
    ['by a narrower prefix', on(account(A), 'team-a/*'), [on(account(A), 'team-a/web-app')]],
    ['for all repositories, by a prefix', on(account(A)), [on(account(A), 'team-a/*')]],
    ['by another account', on(account(A)), [on(account(B), '*', TWO)]],
    ['as a role, by another account', on(role('app')), [on(account(B), '*', TWO)]],
    ['as a role, by the same roles elsewhere', on(role('app')), [on(role('*', B), '*', TWO)]],
    ['as an OU, by another organization', on(ou('', 'o-zzzzzzzzzz')), [on(organization, '*', TWO)]],
    ['as functions, by those of another account', on(lambda('orders', B)), [on(lambda('*'), '*', TWO)]],
    ['as an account, by its organization', on(account(A)), [on(organization, '*', TWO)]],
    ['as tagged roles, by a role', on(tagged), [on(role('*'), '*', TWO)]],
  ])('not %s', (_, grant, by) => {
    expect(covered(grant, by)).toBe(false);
  });

  test('in the owner\'s account not a principal named by its ARN, but roles named by condition', () => {
    expect(covered(on(arn('role/app', OWNER)), [on(account(OWNER))])).toBe(false);
    expect(covered(on(arn('role/app', OWNER)), [on(role('*', OWNER))])).toBe(false);
    expect(covered(on(arn('role/app', OWNER)), [on(arn('role/app', OWNER), '*')])).toBe(true);
    expect(covered(on(role('app', OWNER)), [on(account(OWNER))])).toBe(true);
    expect(covered(on(arn('role/app')), [on(account(A))], AGNOSTIC)).toBe(false);
  });
});

test('a pattern covers exactly the patterns all of whose texts it matches', () => {
  const pattern = fc.array(fc.constantFrom('a', 'b', '*', '*'), { maxLength: 7 }).map((parts) => parts.join('').replace(/\*+/g, '*'));
  const seen = [0, 0];
  fc.assert(fc.property(pattern, pattern, (wide, narrow) => {
    // Only a star matches a letter that no pattern has, and a star that matches it matches any text in its place.
    const expected = new RegExp(`^${wide.replaceAll('*', '.*')}$`).test(narrow.replaceAll('*', 'z'));
    seen[Number(expected)]++;
    expect(matches(wide, narrow)).toBe(expected);
  }), { numRuns: 3000 });
  expect(Math.min(...seen)).toBeGreaterThan(100);
});
