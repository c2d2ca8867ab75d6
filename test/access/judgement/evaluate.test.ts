import { both, Caller, decideByIdentity, decideByResource, Decision, decisionOf, either, LetInAs, Opinion, Request } from '../../../src/access/judgement/evaluate';
import { statementsOf } from '../../../src/access/model/policy-document';

const ROLE: Caller = { type: 'role', name: 'arn:aws:iam::222222222222:role/ci/app', account: '222222222222' };
const LAMBDA: Caller = { type: 'service', name: 'lambda.amazonaws.com', account: '222222222222' };
const ARN = 'arn:aws:ecr:us-east-1:111111111111:repository/web-app';
const ACTION = 'ecr:BatchGetImage';

const requestBy = (caller: Caller, more: Partial<Request> = {}): Request => (
  { caller, action: ACTION, resource: ARN, context: (key) => (key === 'aws:principalaccount' ? [caller.account] : 'unknown'), ...more });
const statements = (...all: object[]) => statementsOf({ Statement: all });
const UNKNOWN = { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } };

describe('identity policies', () => {
  const allow = (more: object) => ({ Effect: 'Allow', Action: ACTION, Resource: ARN, ...more });
  const deny = (more: object) => allow({ Effect: 'Deny', ...more });

  test.each<[string, object[], Decision]>([
    ['nothing', [], 'none'],
    ['what is asked for', [allow({})], 'allow'],
    ['everything', [allow({ Action: '*', Resource: '*' })], 'allow'],
    ['a pattern, in any case', [allow({ Action: 'ECR:batchget*', Resource: 'arn:aws:ecr:*:*:repository/web-*' })], 'allow'],
    ['another action', [allow({ Action: 'ecr:PutImage' })], 'none'],
    ['another repository', [allow({ Resource: 'arn:aws:ecr:us-east-1:111111111111:repository/api' })], 'none'],
    ['a repository of this name in another account', [allow({ Resource: 'arn:aws:ecr:us-east-1:222222222222:repository/web-app' })], 'none'],
    ['no resource', [allow({ Resource: undefined })], 'none'],
    ['no action', [allow({ Action: undefined })], 'none'],
    ['all actions but others', [allow({ Action: undefined, NotAction: ['s3:*'] })], 'allow'],
    ['all actions but this', [allow({ Action: undefined, NotAction: ['ecr:*'] })], 'none'],
    ['all repositories but others', [allow({ Resource: undefined, NotResource: ['arn:aws:ecr:*:*:repository/api'] })], 'allow'],
    ['all repositories but this', [allow({ Resource: undefined, NotResource: ['arn:aws:ecr:*:*:repository/web-*'] })], 'none'],
    ['a repository of the deployment', [allow({ Resource: '<Stack/Arn>' })], 'undecided'],
    ['an account by its variable', [allow({ Resource: 'arn:aws:ecr:*:${aws:PrincipalAccount}:repository/*' })], 'none'],
    ['a name by a variable that has no value', [allow({ Resource: 'arn:aws:ecr:*:*:repository/${aws:x}' })], 'undecided'],
    ['under a condition that nobody knows', [allow(UNKNOWN)], 'undecided'],
    ['twice, once under a condition', [allow(UNKNOWN), allow({})], 'allow'],
    ['a denial', [deny({})], 'deny'],
    ['a denial of what is allowed', [allow({}), deny({})], 'deny'],
    ['a denial of something else', [allow({}), deny({ Action: 'ecr:PutImage' })], 'allow'],
    ['a denial that may hold', [allow({}), deny(UNKNOWN)], 'undecided'],
    ['a denial that may hold of what is not allowed', [deny(UNKNOWN)], 'none'],
    ['a denial of all but others', [allow({}), deny({ Action: undefined, NotAction: 's3:*', Resource: '*' })], 'deny'],
  ])('%s', (_, all, expected) => {
    expect(decisionOf(decideByIdentity(statements(...all), requestBy(ROLE)))).toBe(expected);
  });

  test.each([['*', 'allow'], ['arn:aws:ecr:*:*:repository/*', 'none'], ['<Fn::If>', 'undecided']])('the login is on %s: %s', (Resource, expected) => {
    expect(decisionOf(decideByIdentity(statements(allow({ Resource })), requestBy(ROLE, { resource: '*' })))).toBe(expected);
  });
});

describe('the policy of a repository', () => {
  const decided = (Principal: unknown, caller: Caller, as: LetInAs, more: object = {}) => (
    decisionOf(decideByResource(statements({ Effect: 'Allow', Principal, Action: ACTION, ...more }), requestBy(caller), as)));

  test.each<[string, unknown, Decision, Decision, Decision]>([
    ['everybody', '*', 'allow', 'allow', 'allow'],
    ['every principal', { AWS: '*' }, 'allow', 'allow', 'allow'],
    ['the account', { AWS: '222222222222' }, 'allow', 'none', 'none'],
    ['the account as root', { AWS: 'arn:aws:iam::222222222222:root' }, 'allow', 'none', 'none'],
    ['the account in a partition of the deployment', { AWS: 'arn:<AWS::Partition>:iam::222222222222:root' }, 'allow', 'none', 'none'],
    ['another account', { AWS: ['333333333333', 'arn:aws:iam::444444444444:root'] }, 'none', 'none', 'none'],
    ['an account of the deployment', { AWS: 'arn:aws:iam::<Stack/Account>:root' }, 'undecided', 'none', 'none'],
    ['somebody of the deployment', { AWS: '<Fn::If>' }, 'undecided', 'undecided', 'undecided'],
    ['the role', { AWS: ROLE.name }, 'allow', 'allow', 'none'],
    ['the role in a partition of the deployment', { AWS: 'arn:<AWS::Partition>:iam::222222222222:role/ci/app' }, 'allow', 'allow', 'none'],
    ['the role without its path', { AWS: 'arn:aws:iam::222222222222:role/app' }, 'none', 'none', 'none'],
    ['a role of the deployment', { AWS: 'arn:aws:iam::222222222222:role/<Stack/Role>' }, 'undecided', 'undecided', 'none'],
    ['a pattern, which is none', { AWS: 'arn:aws:iam::222222222222:role/*' }, 'none', 'none', 'none'],
    ['a session of the role', { AWS: 'arn:aws:sts::222222222222:assumed-role/app/session' }, 'undecided', 'undecided', 'none'],
    ['a session of another role', { AWS: 'arn:aws:sts::222222222222:assumed-role/api/session' }, 'none', 'none', 'none'],
    ['a session in another account', { AWS: 'arn:aws:sts::333333333333:assumed-role/app/session' }, 'none', 'none', 'none'],
    ['a service', { Service: 'lambda.amazonaws.com' }, 'none', 'none', 'none'],
    ['a federation', { Federated: '*' }, 'none', 'none', 'none'],
  ])('for %s', (_, principal, anything, itself, anybody) => {
    expect((['anything', 'itself', 'anybody'] as const).map((as) => decided(principal, ROLE, as))).toEqual([anything, itself, anybody]);
  });

  test('for an account of the deployment, which is that of the role', () => {
    const caller: Caller = { type: 'role', name: 'arn:aws:iam::<AWS::AccountId>:role/app', account: '<AWS::AccountId>' };
    expect((['anything', 'itself'] as const).map((as) => decided({ AWS: '<AWS::AccountId>' }, caller, as))).toEqual(['allow', 'none']);
  });

  test('for a role of which nothing is known but its name', () => {
    const caller: Caller = { type: 'role', name: '<Stack/Role.Arn>', account: '222222222222' };
    expect((['anything', 'itself'] as const).map((as) => decided({ AWS: '<Stack/Role.Arn>' }, caller, as))).toEqual(['allow', 'allow']);
    expect(decided({ AWS: 'arn:aws:sts::222222222222:assumed-role/app/session' }, caller, 'anything')).toBe('undecided');
  });

  test.each<[string, unknown, Decision]>([
    ['itself', { Service: 'lambda.amazonaws.com' }, 'allow'],
    ['another', { Service: ['ecs.amazonaws.com', 'codebuild.amazonaws.com'] }, 'none'],
    ['one of the deployment', { Service: '<Stack/Service>' }, 'undecided'],
    ['everybody', '*', 'allow'],
    ['the account', { AWS: '222222222222' }, 'none'],
    ['a federation', { Federated: '*' }, 'none'],
  ])('for a service: %s', (_, principal, expected) => {
    expect(decided(principal, LAMBDA, 'anything')).toBe(expected);
  });

  test.each<[string, object, Decision]>([
    ['all but others', { NotPrincipal: { AWS: '333333333333' } }, 'allow'],
    ['all but the role', { NotPrincipal: { AWS: ROLE.name } }, 'none'],
    ['the repository by its ARN', { Principal: '*', Resource: ARN }, 'allow'],
    ['another repository', { Principal: '*', Resource: 'arn:aws:ecr:*:*:repository/api' }, 'none'],
    ['all repositories but this', { Principal: '*', NotResource: ARN }, 'none'],
    ['the account, denied', { Effect: 'Deny', Principal: { AWS: '222222222222' } }, 'deny'],
    ['under a condition', { Principal: '*', ...UNKNOWN }, 'undecided'],
  ])('for %s, asked for the role itself', (_, more, expected) => {
    expect(decided(undefined, ROLE, 'itself', more)).toBe(expected);
  });
});

test.each<[string, unknown, Caller, Opinion['denied']]>([
  ['others', { AWS: '333333333333' }, ROLE, 'yes'],
  ['services', { Service: 'lambda.amazonaws.com' }, ROLE, 'yes'],
  ['its account', { AWS: '222222222222' }, ROLE, 'maybe'],
  ['itself', { AWS: ROLE.name }, ROLE, 'maybe'],
  ['both, but no session', { AWS: ['222222222222', ROLE.name] }, ROLE, 'maybe'],
  ['both, and some session', { AWS: ['222222222222', ROLE.name, 'arn:aws:sts::222222222222:assumed-role/app/session'] }, ROLE, 'maybe'],
  ['everybody', { AWS: '*' }, ROLE, 'no'],
  ['the service', { Service: 'lambda.amazonaws.com' }, LAMBDA, 'no'],
  ['another service', { Service: 'codebuild.amazonaws.com' }, LAMBDA, 'yes'],
])('a denial for all but %s', (_, NotPrincipal, caller, denied) => {
  const policy = statements({ Effect: 'Deny', NotPrincipal, Action: ACTION });
  expect(decideByResource(policy, requestBy(caller), 'anything')).toEqual({ allowed: 'no', denied });
});

describe('two opinions', () => {
  const OPINIONS: Record<string, Opinion> = {
    allow: { allowed: 'yes', denied: 'no' },
    none: { allowed: 'no', denied: 'no' },
    deny: { allowed: 'yes', denied: 'yes' },
    maybe: { allowed: 'maybe', denied: 'no' },
    maybeDenied: { allowed: 'no', denied: 'maybe' },
  };

  test.each<[string, string, Decision, Decision]>([
    ['allow', 'allow', 'allow', 'allow'],
    ['allow', 'none', 'none', 'allow'],
    ['allow', 'deny', 'deny', 'deny'],
    ['allow', 'maybe', 'undecided', 'allow'],
    ['allow', 'maybeDenied', 'none', 'undecided'],
    ['none', 'none', 'none', 'none'],
    ['none', 'deny', 'deny', 'deny'],
    ['none', 'maybe', 'none', 'undecided'],
    ['none', 'maybeDenied', 'none', 'none'],
    ['deny', 'maybe', 'deny', 'deny'],
    ['maybe', 'maybe', 'undecided', 'undecided'],
    ['maybe', 'maybeDenied', 'none', 'undecided'],
  ])('%s and %s: %s if both must allow, %s if one is enough', (a, b, ofBoth, ofEither) => {
    for (const [one, other] of [[a, b], [b, a]]) {
      expect(decisionOf(both(OPINIONS[one], OPINIONS[other]))).toBe(ofBoth);
      expect(decisionOf(either(OPINIONS[one], OPINIONS[other]))).toBe(ofEither);
    }
  });
});
