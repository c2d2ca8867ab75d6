import { CONTRACT, partOf } from './support';
import { grantedBy, hasStatement, ownerInContract } from '../../../src/access/contract/granted';
import { LAMBDA_ACTIONS, PULL_ACTIONS, PUSH_ACTIONS, READ_ACTIONS } from '../../../src/policy/actions';
import { Grant, Who } from '../../../src/policy/grant';
import { statementsFor } from '../../../src/policy/statements';

const OWNER = '111111111111';
const REGISTRY = { account: OWNER, region: 'us-east-1', partition: 'aws' };
const UNKNOWN = { Ref: 'Unknown' };

const ownerWith = (statements: object[] | undefined, ofRegistry: object[] = []) => {
  const repository = { name: 'web-app', account: OWNER, region: 'us-east-1', ...(statements && { policy: { Statement: statements } }) };
  const registry = { ...CONTRACT.registries[0], policy: { Statement: ofRegistry } };
  const elsewhere = { ...registry, region: 'eu-west-1', policy: { Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] } };
  const part = partOf({ ...CONTRACT, repositories: [{ ...repository, region: 'eu-west-1' }, repository], registries: [elsewhere, registry] });
  return ownerInContract(part, part.contract.repositories[1]);
};
const granted = (who: Who, statements: object[] | undefined, actions: readonly string[] = PULL_ACTIONS) => (
  grantedBy(ownerWith(statements), { who, actions }, REGISTRY));
const statementsOf = (...grants: Grant[]) => statementsFor(grants, REGISTRY) as object[];
const pull = (who: Who): Grant => ({ who, actions: PULL_ACTIONS });
const deny = (AWS: string) => ({ Effect: 'Deny', Principal: { AWS }, Action: 'ecr:*' });

const ACCOUNT: Who = { kind: 'account', account: '222222222222' };
const ROLE: Who = { kind: 'identity', account: '222222222222', name: 'role/app' };
const ANYWHERE: Who = { kind: 'organization', organization: 'o-a1b2c3d4e5' };
const LAMBDA: Who = { kind: 'lambda', account: '222222222222', functionName: '*' };
const IN_PLACE: Who = { kind: 'arn', arn: `arn:aws:iam::${OWNER}:role/app` };
const CODE_BUILD: Who = {
  kind: 'conditioned', type: 'Service', principal: 'codebuild.amazonaws.com', conditions: { StringEquals: { 'aws:SourceAccount': '222222222222' } },
};
const NO_PATH: Who = { kind: 'organizationalUnit', path: 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/' };

/** Everybody whom grants may be for. */
const WHOS: Who[] = [
  ACCOUNT, ROLE, ANYWHERE, LAMBDA, IN_PLACE, CODE_BUILD, NO_PATH,
  { kind: 'identity', account: '222222222222', name: 'user/ci' },
  { kind: 'identity', account: '222222222222', name: 'role/app-*' },
  { kind: 'arn', arn: 'arn:aws:iam::222222222222:role/app' },
  { kind: 'arn', arn: '222222222222' },
  { kind: 'arn', arn: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::222222222222:root']] } },
  { kind: 'arn', arn: 'arn:aws:sts::222222222222:assumed-role/app/session' },
  { kind: 'lambda', account: '222222222222', functionName: 'orders' },
  { kind: 'lambdaOrganization', organization: 'o-a1b2c3d4e5' },
  { kind: 'lambdaOrganizationalUnit', path: 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/' },
  { kind: 'conditioned', type: 'AWS', principal: '*', conditions: { StringEquals: { 'aws:PrincipalAccount': '222222222222' } } },
  { kind: 'conditioned', type: 'AWS', principal: '222222222222', conditions: { ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::222222222222:role/app' } } },
];

test.each(WHOS)('what the owner has granted is granted, and what it has not is not: %j', (who) => {
  expect(granted(who, statementsOf(pull(who)))).toBe('granted');
  expect(granted(who, [])).toBe('missing');
  expect(granted(who, undefined)).toBe('missing');
  expect(granted(who, statementsOf(pull(who)), [...PULL_ACTIONS, ...READ_ACTIONS])).toBe('missing');
});

test.each<[string, Who, object[], string]>([
  ['a role, by its account', ROLE, statementsOf(pull(ACCOUNT)), 'granted'],
  ['a role, by a pattern', ROLE, statementsOf(pull({ kind: 'identity', account: '222222222222', name: 'role/a*' })), 'granted'],
  ['a role, by the name of another', ROLE, statementsOf(pull({ kind: 'identity', account: '222222222222', name: 'role/web' })), 'missing'],
  ['a role, by another account', ROLE, statementsOf(pull({ kind: 'account', account: '333333333333' })), 'missing'],
  ['a role, by an organization', ROLE, statementsOf(pull(ANYWHERE)), 'undecided'],
  ['a role, by a tag', ROLE, statementsOf(pull({ kind: 'tagged', account: '222222222222', tag: 'Stack_role' })), 'undecided'],
  ['a role, by a value that the owner does not know', ROLE, [{ Effect: 'Allow', Principal: { AWS: '<Puller>' }, Action: 'ecr:*' }], 'undecided'],
  ['a role without a known name', { kind: 'identity', account: '222222222222', name: UNKNOWN }, statementsOf(pull(ROLE)), 'undecided'],
  ['a role of an unknown account', { kind: 'identity', account: UNKNOWN, name: 'role/app' }, statementsOf(pull(ROLE)), 'undecided'],
  ['a role, by everybody who uses TLS', ROLE, [{ Effect: 'Allow', Principal: '*', Action: 'ecr:*', Condition: { Bool: { 'aws:SecureTransport': 'true' } } }], 'granted'],
  ['a role, denied by its name', ROLE, [...statementsOf(pull(ACCOUNT)), deny('arn:aws:iam::222222222222:role/app')], 'denied'],
  ['an account, of which a role is denied', ACCOUNT, [...statementsOf(pull(ACCOUNT)), deny('arn:aws:iam::222222222222:role/app')], 'undecided'],
  ['an account, of which a role is let in', ACCOUNT, statementsOf(pull(ROLE)), 'undecided'],
  ['a role of the owner, by its account', IN_PLACE, statementsOf(pull({ kind: 'account', account: OWNER })), 'missing'],
  ['an organization, of which an account is let in', ANYWHERE, statementsOf(pull(ACCOUNT)), 'undecided'],
  ['an organization, with something denied', ANYWHERE, [...statementsOf(pull(ANYWHERE)), deny('333333333333')], 'undecided'],
  ['an organization, by a service', ANYWHERE, statementsOf(pull(LAMBDA)), 'missing'],
  ['all functions, by the name of some', LAMBDA, statementsOf(pull({ kind: 'lambda', account: '222222222222', functionName: 'orders-*' })), 'undecided'],
  ['functions, by those of another account', LAMBDA, statementsOf(pull({ kind: 'lambda', account: '333333333333', functionName: '*' })), 'missing'],
  ['functions, by an account', LAMBDA, statementsOf(pull(ACCOUNT)), 'missing'],
  ['another service', CODE_BUILD, statementsOf(pull(LAMBDA)), 'missing'],
])('%s', (_, who, statements, expected) => {
  expect(granted(who, statements)).toBe(expected);
});

test('a pull takes the two actions that AWS documents, and a push all of its own', () => {
  const two = statementsOf({ who: ACCOUNT, actions: LAMBDA_ACTIONS });

  expect(granted(ROLE, two)).toBe('granted');
  expect(granted(ROLE, two, LAMBDA_ACTIONS)).toBe('granted');
  expect(granted(ROLE, statementsOf({ who: ACCOUNT, actions: [LAMBDA_ACTIONS[0]] }))).toBe('missing');
  expect(granted(ROLE, two, [...PULL_ACTIONS, READ_ACTIONS[0]])).toBe('missing');
  expect(granted(ROLE, two, [PULL_ACTIONS[0]])).toBe('missing');
  expect(granted(ROLE, statementsOf({ who: ACCOUNT, actions: PUSH_ACTIONS.slice(1) }), PUSH_ACTIONS)).toBe('missing');
  expect(granted(ROLE, statementsOf({ who: ACCOUNT, actions: PUSH_ACTIONS }), PUSH_ACTIONS)).toBe('granted');
});

test('the policy of the registry counts, for its own repositories', () => {
  const ofRegistry = (name: string) => ownerWith([], [{ Effect: 'Allow', Principal: { AWS: '222222222222' }, Action: 'ecr:*', Resource: `arn:aws:ecr:us-east-1:${OWNER}:repository/${name}` }]);

  expect(grantedBy(ofRegistry('web-*'), pull(ROLE), REGISTRY)).toBe('granted');
  expect(grantedBy(ofRegistry('api'), pull(ROLE), REGISTRY)).toBe('missing');
});

describe('a statement stands there', () => {
  const statement = { Effect: 'Allow', Principal: { AWS: ['222222222222', '333333333333'] }, Action: ['ecr:PutImage', 'ecr:BatchGetImage'] };

  test('under any Sid and in any order', () => {
    const same = { ...statement, Sid: 'Other', Principal: { AWS: [...statement.Principal.AWS].reverse() }, Action: [...statement.Action].reverse() };
    expect(hasStatement(ownerWith([same]), statement)).toBe(true);
  });

  test('as it is, and in no other form', () => {
    expect(hasStatement(ownerWith([{ ...statement, Action: 'ecr:*' }]), statement)).toBe(false);
    expect(hasStatement(ownerWith([{ ...statement, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }]), statement)).toBe(false);
    expect(hasStatement(ownerWith(undefined), statement)).toBe(false);
  });

  test('and nothing is denied', () => {
    expect(hasStatement(ownerWith([statement, deny('444444444444')]), statement)).toBe(false);
  });
});
