import { policyOf } from '../../../src/access/model/policy-document';
import { granteesOf } from '../../../src/access/report/grantees';
import { LAMBDA_ACTIONS, PULL_ACTIONS } from '../../../src/policy/actions';

function grantees(...statements: object[]) {
  return granteesOf({ account: '999999999999', region: 'us-east-1', policy: policyOf({ Statement: statements }) });
}

function whos(Principal: unknown, Condition?: object): string[] {
  return grantees({ Effect: 'Allow', Principal, Action: PULL_ACTIONS, Condition }).map(({ who }) => who);
}

const NOT_OWNER = { StringNotEquals: { 'aws:PrincipalAccount': '999999999999' } };
const LAMBDA = { Service: 'lambda.amazonaws.com' };
const ROLE = 'arn:aws:iam::111122223333:role/app-execution';

test('each grantee has the statement that lets it in, and what it may do', () => {
  expect(grantees(
    { Sid: 'PullAccounts', Effect: 'Allow', Principal: { AWS: ['111122223333', '444455556666'] }, Action: PULL_ACTIONS },
    { Sid: 'LambdaFunctions', Effect: 'Allow', Principal: LAMBDA, Action: LAMBDA_ACTIONS, Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:lambda:us-east-1:111122223333:function:*' } } },
    { Effect: 'Deny', Principal: '*', Action: 'ecr:*' },
    { Effect: 'Allow', Principal: '*', NotAction: ['ecr:PutImage', 'ecr:DeleteRepository'] },
    { Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'ecr:GetAuthorizationToken' },
  )).toEqual([
    { who: 'account 111122223333', may: 'pull', repositories: '', sid: 'PullAccounts' },
    { who: 'account 444455556666', may: 'pull', repositories: '', sid: 'PullAccounts' },
    { who: 'Lambda functions of account 111122223333', may: 'pull', repositories: '', sid: 'LambdaFunctions' },
    { who: 'everybody', may: 'not: everything', repositories: '', sid: '(statement 3)' },
    { who: 'everybody', may: 'everything but ecr:PutImage, ecr:DeleteRepository', repositories: '', sid: '(statement 4)' },
    { who: 'account 111122223333', may: 'nothing in Amazon ECR', repositories: '', sid: '(statement 5)' },
  ]);
});

describe('in the policy of a registry, repositories are named', () => {
  const repositoriesOf = (resources: object) => grantees({ Effect: 'Allow', Principal: '*', Action: PULL_ACTIONS, ...resources }).map(({ repositories }) => repositories);
  const OWN = 'arn:aws:ecr:us-east-1:999999999999:repository/';

  test.each<[object, string]>([
    [{ Resource: '*' }, 'every repository'],
    [{ Resource: `${OWN}*` }, 'every repository'],
    [{ Resource: [`${OWN}team-a/*`, `${OWN}web-app`] }, 'team-a/*, web-app'],
    [{ Resource: 'arn:aws:ecr:*:*:repository/team-a/*' }, 'team-a/*'],
    [{ Resource: 'arn:aws:ecr:eu-central-1:999999999999:repository/team-a/*' }, 'arn:aws:ecr:eu-central-1:999999999999:repository/team-a/*'],
    [{ Resource: 'arn:aws:ecr:us-east-1:111122223333:repository/*' }, 'arn:aws:ecr:us-east-1:111122223333:repository/*'],
    [{ Resource: '<Stack/Parameter>' }, '<Stack/Parameter>'],
    [{ NotResource: [`${OWN}secret`, `${OWN}secret/*`] }, 'all but secret, secret/*'],
  ])('%j', (resources, expected) => {
    expect(repositoriesOf(resources)).toEqual([expected]);
  });
});

describe('principals', () => {
  test.each<[unknown, string]>([
    ['*', 'everybody'],
    [{ AWS: '111122223333' }, 'account 111122223333'],
    [{ AWS: 'arn:aws:iam::111122223333:root' }, 'account 111122223333'],
    [{ AWS: ROLE }, 'role app-execution of account 111122223333'],
    [{ AWS: 'arn:aws:iam::111122223333:user/teams/anna' }, 'user teams/anna of account 111122223333'],
    [{ AWS: 'arn:<AWS::Partition>:iam::<AWS::AccountId>:role/<Stack/Role>' }, 'role <Stack/Role> of account <AWS::AccountId>'],
    [{ Service: 'scanner.amazonaws.com' }, 'service scanner.amazonaws.com'],
    [{ Federated: 'cognito-identity.amazonaws.com' }, 'Federated cognito-identity.amazonaws.com'],
  ])('%j', (principal, who) => {
    expect(whos(principal)).toEqual([who]);
  });

  test('by exclusion', () => {
    expect(grantees({ Effect: 'Deny', NotPrincipal: { AWS: ['111122223333', ROLE] }, Action: 'ecr:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }))
      .toEqual([{
        who: 'everybody but account 111122223333, role app-execution of account 111122223333, if aws:SecureTransport Bool false',
        may: 'not: everything',
        repositories: '',
        sid: '(statement 1)',
      }]);
  });
});

describe('roles by condition', () => {
  const arnLike = (...arns: string[]) => ({ ArnLike: { 'aws:PrincipalArn': arns } });

  test('are in the accounts of the principals', () => {
    expect(whos({ AWS: ['111122223333', '444455556666'] }, arnLike(ROLE, 'arn:aws:iam::444455556666:role/ci/push')))
      .toEqual(['role app-execution of account 111122223333', 'role ci/push of account 444455556666']);
  });

  test('of the same name are one in each account', () => {
    expect(whos({ AWS: ['111122223333', '444455556666'] }, arnLike('arn:aws:iam::*:role/app-execution')))
      .toEqual(['role app-execution of account 111122223333', 'role app-execution of account 444455556666']);
  });

  test('of an open principal are where their ARNs say', () => {
    expect(whos('*', arnLike(ROLE, 'arn:aws:iam::*:role/app-execution')))
      .toEqual(['role app-execution of account 111122223333', 'role app-execution of every account']);
  });

  test('of a principal that is a role already are told both', () => {
    expect(whos({ AWS: ROLE }, arnLike('arn:aws:iam::111122223333:role/x'))).toEqual(['role app-execution of account 111122223333, if it is arn:aws:iam::111122223333:role/x']);
  });

  test('by a pattern for all are all', () => {
    expect([...whos('*', arnLike('*')), ...whos({ AWS: '111122223333' }, arnLike('*'))]).toEqual(['every account', 'account 111122223333']);
  });

  test('of another account than the principal are nobody', () => {
    expect(whos({ AWS: '444455556666' }, arnLike(ROLE))).toEqual([]);
  });
});

describe('organizations', () => {
  test('with their own exclusion of the owner', () => {
    expect(whos({ AWS: '*' }, { StringEquals: { 'aws:PrincipalOrgID': ['o-a1b2c3d4e5', 'o-f6a7b8c9d0'] }, ...NOT_OWNER }))
      .toEqual(['every account of organization o-a1b2c3d4e5 but the owner\'s', 'every account of organization o-f6a7b8c9d0 but the owner\'s']);
  });

  test('without it', () => {
    expect(whos({ AWS: '*' }, { StringEquals: { 'aws:PrincipalOrgId': 'o-a1b2c3d4e5' } })).toEqual(['every account of organization o-a1b2c3d4e5']);
  });

  test('and organizational units', () => {
    expect(whos({ AWS: '*' }, { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': ['o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*'] }, ...NOT_OWNER }))
      .toEqual(['every account of organizational unit o-a1b2c3d4e5/r-ab12/ou-ab12-11111111 but the owner\'s']);
  });

  test('of one account', () => {
    expect(whos({ AWS: '111122223333' }, { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } })).toEqual(['account 111122223333 in organization o-a1b2c3d4e5']);
  });
});

describe('Lambda functions', () => {
  test.each<[string, object, string]>([
    ['by name', { ArnLike: { 'aws:SourceArn': 'arn:aws:lambda:us-east-1:111122223333:function:orders-*' } }, 'Lambda functions orders-* of account 111122223333'],
    ['by another ARN', { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::bucket' } }, 'Lambda functions for arn:aws:s3:::bucket'],
    ['by no ARN', { StringLike: { 'aws:SourceArn': '*' } }, 'Lambda functions for *'],
    ['by account', { StringEquals: { 'aws:SourceAccount': '111122223333' } }, 'Lambda functions of account 111122223333'],
    ['by organization', { StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' } }, 'Lambda functions in every account of organization o-a1b2c3d4e5'],
    ['by organizational unit', { 'ForAnyValue:StringLike': { 'aws:SourceOrgPaths': 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/' } },
      'Lambda functions in every account of organizational unit o-a1b2c3d4e5/r-ab12/ou-ab12-11111111'],
  ])('%s', (_, condition, who) => {
    expect(whos(LAMBDA, condition)).toEqual([who]);
  });

  test('are not other services', () => {
    expect(whos({ Service: 'scanner.amazonaws.com' }, { ArnLike: { 'aws:SourceArn': 'arn:aws:lambda:us-east-1:111122223333:function:*' } }))
      .toEqual(['service scanner.amazonaws.com for arn:aws:lambda:us-east-1:111122223333:function:*']);
  });
});

test('a condition that names nobody is told as it is', () => {
  expect(whos({ AWS: '111122223333' }, { StringEquals: { 'aws:PrincipalTag/aws-cdk:id': ['Stack_1'] }, IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '192.168.0.0/16'] } }))
    .toEqual(['account 111122223333, if aws:PrincipalTag/aws-cdk:id StringEquals Stack_1, if aws:SourceIp IpAddress 10.0.0.0/8 or 192.168.0.0/16']);
});

test('a negated or conditional operator names nobody', () => {
  expect(whos('*', { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } })).toEqual(['everybody, if aws:PrincipalOrgID StringEqualsIfExists o-a1b2c3d4e5']);
  expect(whos('*', { StringNotEquals: { 'aws:PrincipalAccount': '111122223333' } })).toEqual(['everybody, if aws:PrincipalAccount StringNotEquals 111122223333']);
});
