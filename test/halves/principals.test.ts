import { CfnParameter, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { arnOf, holdsPolicy, identityOf, isAnyLambda, isImported, isImportedFromElsewhere, namedParts, nameOf, trustsAppRunner, whosOf } from '../../src/halves/principals';
import { AGNOSTIC, CONSUMER, errorOf, newApp, newRole, newStack, OWNER } from '../support';

const ARN = 'arn:aws:iam::111122223333:role/teams/app';

function stacks() {
  const app = newApp();
  return { consumer: newStack(app, 'Consumer', CONSUMER), viewer: newStack(app, 'Owner', OWNER) };
}

test('roles and users have an ARN by which a condition can name them; nothing else has', () => {
  const { consumer } = stacks();
  const [role, user] = [newRole(consumer), new iam.User(consumer, 'User')];

  expect([identityOf(role), identityOf(user)]).toEqual([role, user]);
  expect([arnOf(role), arnOf(user)]).toEqual([role.roleArn, user.userArn]);
  for (const other of [new iam.AccountPrincipal('111122223333'), new iam.ArnPrincipal(ARN), new iam.Group(consumer, 'Group'), new iam.ManagedPolicy(consumer, 'Policy').grantPrincipal]) {
    expect(identityOf(other)).toBeUndefined();
  }
});

test.each([
  [ARN, { account: '111122223333', name: 'role/teams/app' }],
  ['arn:aws:iam::111122223333:user/ci', { account: '111122223333', name: 'user/ci' }],
  ['arn:aws:iam::111122223333:role', undefined],
  ['arn:aws:iam::111122223333:role/', undefined],
  ['arn:aws:iam::111122223333:root', undefined],
  ['arn:aws:iam::111122223333:group/devs', undefined],
  ['', undefined],
])('the name in %j', (arn, parts) => {
  expect(namedParts(arn)).toEqual(parts);
});

describe('the name of an identity, as another stack can know it', () => {
  const nameFor = (make: (stack: Stack) => any) => {
    const { consumer, viewer } = stacks();
    return nameOf(make(consumer), viewer);
  };

  test('is that of its ARN', () => {
    expect(nameFor((stack) => newRole(stack, { roleName: 'app', path: '/teams/' }))).toEqual({ account: '111122223333', name: 'role/teams/app' });
    expect(nameFor((stack) => new iam.User(stack, 'User', { userName: 'ci' }))).toEqual({ account: '111122223333', name: 'user/ci' });
    expect(nameFor((stack) => iam.Role.fromRoleArn(stack, 'Imported', ARN))).toEqual({ account: '111122223333', name: 'role/teams/app' });
  });

  test('or, in its own stack, that of its resource', () => {
    const { viewer } = stacks();

    expect(nameOf(newRole(viewer, { roleName: 'app', path: '/teams/' }), viewer)).toEqual({ account: '999999999999', name: 'role/teams/app' });
    expect(nameOf(new iam.User(viewer, 'User', { userName: 'ci' }), viewer)).toEqual({ account: '999999999999', name: 'user/ci' });
  });

  test('is not known if there is none, or a part of it only at deployment', () => {
    const parameter = (stack: Stack) => new CfnParameter(stack, 'Part').valueAsString;

    expect(nameFor((stack) => newRole(stack))).toBeUndefined();
    expect(nameFor((stack) => newRole(stack, { roleName: parameter(stack) }))).toBeUndefined();
    expect(nameFor((stack) => newRole(stack, { roleName: 'app', path: `/${parameter(stack)}/` }))).toBeUndefined();
    expect(nameFor((stack) => iam.Role.fromRoleArn(stack, 'Imported', `arn:aws:iam::111122223333:role/app-${parameter(stack)}`))).toBeUndefined();
  });
});

test.each<[string, (stack: Stack) => iam.IRole, object, boolean, boolean]>([
  ['made here', (stack) => newRole(stack), CONSUMER, false, false],
  ['made here, seen as immutable', (stack) => newRole(stack).withoutPolicyUpdates(), CONSUMER, false, false],
  ['imported from the stack\'s account', (stack) => iam.Role.fromRoleArn(stack, 'Imported', ARN), CONSUMER, true, false],
  ['imported by name', (stack) => iam.Role.fromRoleName(stack, 'Imported', 'app'), CONSUMER, true, false],
  ['imported by name into an agnostic stack', (stack) => iam.Role.fromRoleName(stack, 'Imported', 'app'), AGNOSTIC, true, false],
  ['imported from another account', (stack) => iam.Role.fromRoleArn(stack, 'Imported', ARN), OWNER, true, true],
  ['imported from an account into an agnostic stack', (stack) => iam.Role.fromRoleArn(stack, 'Imported', ARN), AGNOSTIC, true, true],
  ['imported from an account that only the deployment knows', (stack) => iam.Role.fromRoleArn(stack, 'Imported', new CfnParameter(stack, 'Arn').valueAsString), CONSUMER, true, true],
])('a role %s', (_, make, env, imported, fromElsewhere) => {
  const role = identityOf(make(newStack(newApp(), 'Stack', env)))!;

  expect([isImported(role), isImportedFromElsewhere(role)]).toEqual([imported, fromElsewhere]);
});

test('a role holds a policy if one is in the app, not if it only says so', () => {
  const { consumer } = stacks();
  const role = newRole(consumer);
  const immutable = identityOf(role.withoutPolicyUpdates())!;
  const statement = new iam.PolicyStatement({ actions: ['ecr:PutImage'], resources: ['*'] });

  expect(holdsPolicy(role)).toBe(false);
  expect(immutable.addToPrincipalPolicy(statement).statementAdded).toBe(true);
  expect(holdsPolicy(immutable)).toBe(false);
  role.addToPolicy(statement);
  expect(holdsPolicy(role)).toBe(true);
});

describe('any other principal', () => {
  const everybodyWith = (conditions: iam.Conditions) => () => whosOf(new iam.AnyPrincipal().withConditions(conditions));
  const token = Token.asString({ Ref: 'P' });

  test('is taken as it is', () => {
    expect(whosOf(new iam.ArnPrincipal(ARN))).toEqual([{ kind: 'arn', arn: ARN }]);
    expect(whosOf(new iam.OrganizationPrincipal('o-a1b2c3d4e5'))).toEqual([{ kind: 'organization', organization: 'o-a1b2c3d4e5' }]);
  });

  test.each<[string, iam.Conditions]>([
    ['a whole value', { StringEquals: { 'aws:PrincipalOrgID': token } }],
    ['a list', { StringEquals: { 'aws:PrincipalAccount': Token.asList({ Ref: 'P' }) } }],
    ['a value among others', { StringEquals: { 'aws:PrincipalAccount': ['111122223333', token] } }],
    ['the account in an ARN', { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${token}:role/app` } }],
  ])('may be closed by what only the deployment knows: %s', (_, conditions) => {
    expect(everybodyWith(conditions)).not.toThrow();
  });

  test.each<[string, iam.Conditions]>([
    ['the name in an ARN whose account varies', { StringLike: { 'aws:PrincipalArn': `arn:aws:iam::*:role/${token}` } }],
    ['the value of a key that closes nothing', { StringEquals: { 'aws:SourceVpce': token } }],
  ])('is not closed by %s', (_, conditions) => {
    expect(everybodyWith(conditions)).toThrow('would let in every AWS account');
  });

  test('a service is named in messages as people write it', () => {
    expect(errorOf(() => whosOf(new iam.ServicePrincipal('codebuild.amazonaws.com')))).toMatch(/^the principal \{"Service":"codebuild\.amazonaws\.com"\} with no conditions/);
  });

  test('a group cannot be one', () => {
    expect(errorOf(() => whosOf(new iam.Group(stacks().consumer, 'Group')))).toContain('\'Consumer/Group\' is a group, which no policy can name as principal');
  });
});

test.each<[iam.IPrincipal, boolean]>([
  [new iam.ServicePrincipal('lambda.amazonaws.com'), true],
  [new iam.ServicePrincipal('lambda.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': '111122223333' } } }), false],
  [new iam.ServicePrincipal('codebuild.amazonaws.com'), false],
  [new iam.AccountPrincipal('111122223333'), false],
])('%s stands for any Lambda function: %s', (principal, expected) => {
  expect(isAnyLambda(principal)).toBe(expected);
});

test('App Runner is known by whom the role trusts', () => {
  const { consumer } = stacks();
  const trusting = (service: string) => newRole(consumer, { assumedBy: new iam.ServicePrincipal(service) }, service);

  expect(trustsAppRunner(trusting('build.apprunner.amazonaws.com'))).toBe(true);
  expect(trustsAppRunner(trusting('tasks.apprunner.amazonaws.com'))).toBe(false);
  expect(trustsAppRunner(new iam.AccountPrincipal('111122223333'))).toBe(false);
});
