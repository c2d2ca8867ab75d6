import { stackOf } from './support';
import { modelOf } from '../../src/access/model';
import { COLOURED, PLAIN, reportOf, table } from '../../src/access/report';

const trust = (principal: object) => ({ Statement: [{ Effect: 'Allow', Principal: principal }, { Effect: 'Deny', Principal: '*' }] });
const POLICY = { Statement: [{ Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' }] };

const MODEL = modelOf([stackOf({
  Resources: {
    Alone: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'alone' } },
    Shared: {
      Type: 'AWS::ECR::Repository',
      Properties: { RepositoryName: 'shared', RepositoryPolicyText: { Statement: [{ Sid: 'PullAccounts', Effect: 'Allow', Principal: { AWS: '222222222222' }, Action: 'ecr:*' }] } },
    },
    Pulls: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'pulls', Policies: [{ PolicyDocument: POLICY }], AssumeRolePolicyDocument: trust({ Service: 'ec2.amazonaws.com' }) } },
    Assumed: { Type: 'AWS::IAM::Role', Properties: { Policies: [{ PolicyDocument: POLICY }], AssumeRolePolicyDocument: trust({ AWS: 'arn:aws:iam::222222222222:root' }) } },
    Untrusted: { Type: 'AWS::IAM::Role', Properties: { Policies: [{ PolicyDocument: POLICY }] } },
    PullsNothing: { Type: 'AWS::IAM::Role' },
    Function: { Type: 'AWS::Lambda::Function', Properties: { Code: { ImageUri: 'uri:v1' } } },
  },
})]);

test('the report tells of repositories, of roles with business in Amazon ECR, and of Lambda functions', () => {
  expect(reportOf(MODEL)).toEqual([
    'Repositories: whom the owner lets in',
    '',
    'Repository alone',
    '  Stack/Alone in account 111111111111, us-east-1',
    '  nobody outside its account',
    '',
    'Repository shared',
    '  Stack/Shared in account 111111111111, us-east-1',
    '  who                   may         by statement',
    '  account 222222222222  everything  PullAccounts',
    '  size 107 of 10,240 characters (1 %)',
    '',
    'Roles: what their own policies let them do',
    '',
    'Role pulls',
    '  Stack/Pulls in account 111111111111, us-east-1, assumed by ec2.amazonaws.com',
    '  may     repository      account  Region',
    '  log in  every registry',
    '',
    'Role without a name',
    '  Stack/Assumed in account 111111111111, us-east-1, assumed by 222222222222',
    '  may     repository      account  Region',
    '  log in  every registry',
    '',
    'Role without a name',
    '  Stack/Untrusted in account 111111111111, us-east-1',
    '  may     repository      account  Region',
    '  log in  every registry',
    '',
    'Lambda functions: the service pulls for them, not a role',
    '',
    '  function        account       Region     image',
    '  Stack/Function  111111111111  us-east-1  uri:v1',
    '',
  ]);
});

test('of nothing there is nothing to tell', () => {
  expect(reportOf(modelOf([]))).toEqual([]);
});

test('colours change nothing but colours', () => {
  const coloured = reportOf(MODEL, COLOURED).join('\n');
  expect(coloured).toContain('\u001b[1mRepository shared\u001b[0m');
  // eslint-disable-next-line no-control-regex
  expect(coloured.replace(/\u001b\[[0-9;]*m/g, '')).toBe(reportOf(MODEL).join('\n'));
});

describe('tables', () => {
  const row = ['every account of organization o-a1b2c3d4e5 but the owner\'s', 'pull'];

  test('are aligned', () => {
    expect(table(['who', 'may'], [['a', 'pull'], ['bcdef', 'push']], PLAIN, 80)).toEqual(['  who    may', '  a      pull', '  bcdef  push']);
  });

  test('that are too wide are wrapped in their widest column', () => {
    expect(table(['who', 'may'], [row], PLAIN, 50)).toEqual([
      '  who                                         may',
      '  every account of organization o-a1b2c3d4e5  pull',
      '    but the owner\'s',
    ]);
  });

  test('do not become too narrow to be read, and no word is cut', () => {
    expect(table(['who', 'may'], [['o-a1b2c3d4e5/r-ab12/ou-ab12-11111111', 'pull'], row], PLAIN, 10)).toEqual([
      '  who                                   may',
      '  o-a1b2c3d4e5/r-ab12/ou-ab12-11111111  pull',
      '  every account of organization         pull',
      '    o-a1b2c3d4e5 but the owner\'s',
    ]);
  });
});
