import { modelOf } from '../../../src/access/model/model';
import { reportOf } from '../../../src/access/report/report';
import { COLOURED, PLAIN } from '../../../src/access/report/style';
import { stackOf } from '../support';

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
    Private: { Type: 'AWS::Lambda::Function', Properties: { Code: { ImageUri: '222222222222.dkr.ecr.us-east-1.amazonaws.com/a/b:v1' } } },
  },
})]);

test('the report tells of repositories, of roles with business in Amazon ECR, and of pulls', () => {
  expect(reportOf(MODEL)).toEqual([
    'Where images are, and how much of 10,240 characters their policies take',
    '',
    '  repository  account       Region     policy',
    '  alone       111111111111  us-east-1  none',
    '  shared      111111111111  us-east-1  107 (1 %)',
    '',
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
    'Pulls: whether each works, by all that the templates say',
    '',
    '  what           is a             image of  account       Region     works',
    '  Stack/Private  Lambda function  a/b       222222222222  us-east-1  owner not in sight',
    '',
    'Out of sight, and able to forbid what all this allows: service control policies and resource control policies of AWS',
    '  Organizations; policies of VPC endpoints; session policies; what was changed by hand, or is deployed by apps that are',
    '  not among these.',
    '',
  ]);
});

describe('registries', () => {
  const allow = (Action: string[], name: string) => ({
    Statement: [{ Sid: 'S', Effect: 'Allow', Principal: { AWS: '222222222222' }, Action, Resource: `arn:aws:ecr:us-east-1:111111111111:repository/${name}` }],
  });
  const policy = { Type: 'AWS::ECR::RegistryPolicy', Properties: { PolicyText: allow(['ecr:CreateRepository', 'ecr:ReplicateImage'], 'team-a/*') } };
  const replication = {
    Type: 'AWS::ECR::ReplicationConfiguration',
    Properties: {
      ReplicationConfiguration: {
        Rules: [
          { Destinations: [{ Region: 'eu-central-1', RegistryId: '111111111111' }], RepositoryFilters: [{ Filter: 'web-app' }, { Filter: 'team-a/' }] },
          { Destinations: [{ Region: 'eu-central-1', RegistryId: '222222222222' }, { Region: 'eu-west-1', RegistryId: '111111111111' }] },
        ],
      },
    },
  };
  const cache = (EcrRepositoryPrefix: string, UpstreamRegistryUrl: string, more: object = {}) => (
    { Type: 'AWS::ECR::PullThroughCacheRule', Properties: { EcrRepositoryPrefix, UpstreamRegistryUrl, ...more } });
  const template = { Type: 'AWS::ECR::RepositoryCreationTemplate', Properties: { Prefix: 'shared', AppliedFor: 'PULL_THROUGH_CACHE' } };

  test('tell what they copy, what they cache, and whom they let in', () => {
    const role = { 'Fn::GetAtt': ['Role', 'Arn'] };
    const Resources = {
      policy,
      replication,
      a: cache('shared', '333333333333.dkr.ecr.us-west-2.amazonaws.com', { UpstreamRepositoryPrefix: 'team-a', CustomRoleArn: role }),
      b: cache('ROOT', 'registry-1.docker.io', { CustomRoleArn: 'arn:aws:iam::111111111111:role/fetch' }),
      Role: { Type: 'AWS::IAM::Role' },
    };
    expect(reportOf(modelOf([stackOf({ Resources }), stackOf({ Resources: { template } }, { path: 'More' })]), PLAIN, 120, []).slice(6)).toEqual([
      'Repositories: whom the owner lets in',
      '',
      'Repositories shared/*: a cache of account 333333333333, us-west-2',
      '  More/template in account 111111111111, us-east-1',
      '  nobody outside its account',
      '',
      'Repositories *: a cache of registry-1.docker.io',
      '  Stack/b in account 111111111111, us-east-1',
      '  nobody outside its account',
      '',
      'Registries: what they copy and cache, and whom they let in',
      '',
      'Registry of account 111111111111, us-east-1',
      '  declared in Stack, More',
      '  copies            to account    Region',
      '  web-app*          111111111111  eu-central-1',
      '  team-a/*          111111111111  eu-central-1',
      '  every repository  222222222222  eu-central-1',
      '  every repository  111111111111  eu-west-1',
      '',
      '  caches            upstream          account               Region     fetched by',
      '  shared/*          team-a/*          333333333333          us-west-2  role Stack/Role',
      '  every repository  every repository  registry-1.docker.io             role fetch',
      '',
      '  who                   may        repositories  by statement',
      '  account 222222222222  replicate  team-a/*      S',
      '  size 202 of 10,240 characters (2 %)',
      '',
    ]);
  });

  test('are told of by what they have', () => {
    const partsOf = (Resources: object) => reportOf(modelOf([stackOf({ Resources })])).filter((line) => /^ {2}(copies|caches|who|size)/.test(line)).map((line) => line.trim().split(' ')[0]);
    expect([partsOf({ policy }), partsOf({ replication }), partsOf({ cache: cache('a', 'b') }), partsOf({ template })]).toEqual([['who', 'size'], ['copies'], ['caches'], []]);
  });

  test('that have templates only are not told of again', () => {
    expect(reportOf(modelOf([stackOf({ Resources: { template } })])).join('\n')).not.toContain('Registr');
  });
});

test('where images are, with their sizes', () => {
  const place = (RepositoryName: string) => ({ Type: 'AWS::ECR::Repository', Properties: { RepositoryName } });
  const Rules = [{ Destinations: [{ Region: 'eu-central-1', RegistryId: '111111111111' }], RepositoryFilters: [{ Filter: 'web-app' }] }];
  const replication = { Type: 'AWS::ECR::ReplicationConfiguration', Properties: { ReplicationConfiguration: { Rules } } };
  const RepositoryPolicy = JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: '*', Action: 'ecr:*' }] });
  const template = { Type: 'AWS::ECR::RepositoryCreationTemplate', Properties: { Prefix: 'web-app/parts', AppliedFor: ['REPLICATION'], RepositoryPolicy } };
  const model = modelOf([
    stackOf({ Resources: { replication, webApp: place('web-app') } }),
    stackOf({ Resources: { template, webApp: place('web-app') } }, { path: 'Eu', region: 'eu-central-1' }),
  ]);
  expect(reportOf(model).slice(0, 6)).toEqual([
    'Where images are, and how much of 10,240 characters their policies take',
    '',
    '  repository       account       Region        policy',
    '  web-app          111111111111  us-east-1     none',
    '  web-app          111111111111  eu-central-1  none      a replica of that in us-east-1',
    '  web-app/parts/*  111111111111  eu-central-1  67 (1 %)  replicas of those in us-east-1',
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
