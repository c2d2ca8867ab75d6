import { Who } from '../../src/policy/grant';
import { identityParts, normalized } from '../../src/policy/normal-form';
import { Value } from '../../src/policy/value';

const who = (given: Who) => normalized({ who: given, actions: [] }).who;
const partitionJoin = (...rest: unknown[]) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ...rest]] });

test('actions are sorted, once each', () => {
  expect(normalized({ who: { kind: 'account', account: '111122223333' }, actions: ['ecr:B', 'ecr:A', 'ecr:B'] }).actions).toEqual(['ecr:A', 'ecr:B']);
});

test.each([
  ['the ARN of the root', 'arn:aws:iam::111122223333:root'],
  ['that of another partition', 'arn:aws-cn:iam::111122223333:root'],
  ['that of an unknown partition', partitionJoin(':iam::111122223333:root')],
  ['the bare id', '111122223333'],
])('%s is the account', (_, arn) => {
  expect(who({ kind: 'arn', arn })).toEqual({ kind: 'account', account: '111122223333' });
  expect(who({ kind: 'conditioned', type: 'AWS', principal: arn, conditions: {} })).toMatchObject({ principal: '111122223333' });
});

test.each([
  ['a role called root', 'arn:aws:iam::111122223333:role/root'],
  ['the root of an account that only the deployment knows', partitionJoin(':iam::', { Ref: 'Account' }, ':root')],
  ['what only begins like the root', partitionJoin(':iam::111122223333:root', { Ref: 'Rest' })],
  ['thirteen digits', '1111222233334'],
])('%s is not an account', (_, arn) => {
  expect(who({ kind: 'arn', arn })).toEqual({ kind: 'arn', arn });
});

test('several stars in a row are one star', () => {
  expect(who({ kind: 'identity', account: '111122223333', name: 'role/a**b***' }))
    .toEqual({ kind: 'identity', account: '111122223333', name: 'role/a*b*' });
  expect(who({ kind: 'lambda', account: '111122223333', functionName: '**' }))
    .toEqual({ kind: 'lambda', account: '111122223333', functionName: '*' });
  expect(who({ kind: 'identity', account: '111122223333', name: { Ref: 'Name' } })).toMatchObject({ name: { Ref: 'Name' } });
});

describe('repositories', () => {
  const repositories = (given?: Value) => normalized({ who: { kind: 'account', account: '111122223333' }, actions: [], repositories: given });

  test.each<[Value, Value]>([
    ['web-app', 'web-app'],
    ['team-a/*', 'team-a/*'],
    ['team-a/**', 'team-a/*'],
    ['***', '*'],
    ['a**b***', 'a*b*'],
    [{ Ref: 'Name' }, { Ref: 'Name' }],
    [{ 'Fn::Join': ['', [{ Ref: 'Team' }, '/*']] }, { 'Fn::Join': ['', [{ Ref: 'Team' }, '/*']] }],
  ])('%j are %j', (given, expected) => {
    expect(repositories(given)).toEqual({ who: { kind: 'account', account: '111122223333' }, actions: [], repositories: expected });
  });

  test('a grant of a repository policy has none', () => {
    expect(repositories()).not.toHaveProperty('repositories');
  });
});

test('conditions are written in one order; their values stay as they are', () => {
  const [one, other] = [
    { StringEquals: { 'aws:b': ['2', '1'], 'aws:a': 'x' }, ArnLike: { 'aws:c': { Ref: 'C' } } },
    { ArnLike: { 'aws:c': { Ref: 'C' } }, StringEquals: { 'aws:a': 'x', 'aws:b': ['2', '1'] } },
  ].map((conditions) => JSON.stringify(who({ kind: 'conditioned', type: 'AWS', principal: '*', conditions })));
  expect(one).toBe(other);
  expect(one).toContain('["2","1"]');
});

test('properties stand in one order, whoever wrote them', () => {
  const [one, other] = [
    who({ kind: 'identity', name: 'role/a', account: '111122223333' }),
    who({ name: 'role/a', account: '111122223333', kind: 'identity' }),
  ].map((given) => JSON.stringify(given));
  expect(one).toBe(other);
});

test.each<Who>([
  { kind: 'account', account: { Ref: 'A' } },
  { kind: 'accountList', accounts: { Ref: 'List' } },
  { kind: 'tagged', account: '111122223333', tag: 'Stack_role' },
  { kind: 'organization', organization: 'o-a1b2c3d4e5' },
  { kind: 'organizationalUnit', path: 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/' },
  { kind: 'lambdaOrganization', organization: 'o-a1b2c3d4e5' },
  { kind: 'lambdaOrganizationalUnit', path: 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/' },
])('$kind has one form only', (given) => {
  expect(who(given)).toEqual(given);
});

describe('account and name in an ARN', () => {
  test.each([
    ['arn:aws:iam::111122223333:role/teams/web/app', 'role/teams/web/app'],
    ['arn:aws-us-gov:iam::111122223333:user/ci', 'user/ci'],
    ['arn:aws:sts::111122223333:assumed-role/app/session', 'assumed-role/app/session'],
    ['arn:aws:iam::111122223333:role/a"b/app', 'role/a"b/app'],
    [partitionJoin(':iam::111122223333:role/app'), 'role/app'],
  ])('%j', (arn, name) => {
    expect(identityParts(arn)).toEqual({ account: '111122223333', name });
  });

  test.each([
    [''],
    ['111122223333'],
    ['arn:aws:s3:::bucket'],
    ['arn:aws:iam::1111:role/app'],
    [{ 'Fn::GetAtt': ['Role', 'Arn'] }],
    [partitionJoin(':iam::', { Ref: 'Account' }, ':role/app')],
    // The role may be called app-execution: to take it for `app` would be wrong.
    [partitionJoin(':iam::111122223333:role/app', { Ref: 'Suffix' })],
    [partitionJoin(':iam::111122223333:role/app', { Ref: 'Suffix' }, '-x')],
  ])('cannot be known in %j', (arn) => {
    expect(identityParts(arn)).toBeUndefined();
  });
});
