import { Exports, StackScope } from '../../../src/access/template/stack-scope';
import { scopeOf, stackOf } from '../support';

const RESOURCES = {
  Named: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'web-app' } },
  Unnamed: { Type: 'AWS::ECR::Repository' },
  Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: { 'Fn::Sub': 'role-of-${AWS::Region}' } } },
  RoleWithPath: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'app', Path: '/ci/' } },
  Function: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'orders' } },
  Cluster: { Type: 'AWS::ECS::Cluster', Properties: { RoleName: 'not its name' } },
  Circle: { Type: 'AWS::IAM::Role', Properties: { RoleName: { Ref: 'Circle' } } },
};

const PARAMETERS = {
  Given: { Type: 'String', Default: 'by default' },
  Asked: { Type: 'String' },
  Listed: { Type: 'CommaDelimitedList', Default: 'a,b' },
  Stored: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/name/of/the/parameter' },
};

test.each([
  ['AWS::AccountId', '111111111111'],
  ['AWS::Region', 'us-east-1'],
  ['AWS::Partition', 'aws'],
  ['AWS::URLSuffix', 'amazonaws.com'],
  ['AWS::StackName', 'Stack'],
  ['AWS::StackId', '<Stack/AWS::StackId>'],
  ['Named', 'web-app'],
  ['Unnamed', '<Stack/Unnamed>'],
  ['Role', 'role-of-us-east-1'],
  ['Cluster', '<Stack/Cluster>'],
  ['Circle', '<Stack/Circle>'],
  ['Given', 'by default'],
  ['Asked', '<Stack/Asked>'],
  ['Listed', ['a', 'b']],
  ['Stored', '<Stack/Stored>'],
  ['Nowhere', '<Stack/Nowhere>'],
])('Ref to %s is %s', (name, expected) => {
  expect(scopeOf({ Resources: RESOURCES, Parameters: PARAMETERS }).resolve({ Ref: name })).toEqual(expected);
});

test.each([
  ['Named.Arn', 'arn:aws:ecr:us-east-1:111111111111:repository/web-app'],
  ['Named.RepositoryUri', '111111111111.dkr.ecr.us-east-1.amazonaws.com/web-app'],
  ['Unnamed.Arn', 'arn:aws:ecr:us-east-1:111111111111:repository/<Stack/Unnamed>'],
  ['Role.Arn', 'arn:aws:iam::111111111111:role/role-of-us-east-1'],
  ['RoleWithPath.Arn', 'arn:aws:iam::111111111111:role/ci/app'],
  ['Function.Arn', 'arn:aws:lambda:us-east-1:111111111111:function:orders'],
  ['Role.RoleId', '<Stack/Role.RoleId>'],
  ['Cluster.Arn', '<Stack/Cluster.Arn>'],
  ['Cluster.Outputs.X', '<Stack/Cluster.Outputs.X>'],
  ['Nowhere.Arn', '<Stack/Nowhere.Arn>'],
])('Fn::GetAtt %s is %s', (attribute, expected) => {
  expect(scopeOf({ Resources: RESOURCES }).resolve({ 'Fn::GetAtt': attribute })).toBe(expected);
});

test('the partition follows from the Region', () => {
  const scope = scopeOf({ Resources: RESOURCES }, { region: 'cn-north-1' });
  expect(scope.arnOf('Role')).toBe('arn:aws-cn:iam::111111111111:role/role-of-cn-north-1');
  expect(scope.resolve({ 'Fn::GetAtt': ['Named', 'RepositoryUri'] })).toBe('111111111111.dkr.ecr.cn-north-1.amazonaws.com.cn/web-app');
});

test('where the environment is not known, what depends on it is not', () => {
  const scope = scopeOf({ Resources: RESOURCES }, { account: '<AWS::AccountId>', region: '<AWS::Region>' });
  expect(scope.arnOf('Named')).toBe('arn:<AWS::Partition>:ecr:<AWS::Region>:<AWS::AccountId>:repository/web-app');
  expect(scope.resolve({ Ref: 'AWS::URLSuffix' })).toBe('<AWS::URLSuffix>');
});

describe('nested stacks', () => {
  const nested = stackOf({
    Resources: { Repository: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: { Ref: 'Name' } } } },
    Parameters: { Name: { Type: 'String', Default: 'unused' }, Other: { Type: 'String', Default: 'other' } },
    Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Repository', 'Arn'] } }, Other: { Value: { Ref: 'Other' } } },
  }, { path: 'Stack/Nested' });
  const scope = scopeOf({
    Resources: {
      Nested: { Type: 'AWS::CloudFormation::Stack', Properties: { Parameters: { Name: { Ref: 'Role' } } } },
      Elsewhere: { Type: 'AWS::CloudFormation::Stack' },
      Role: RESOURCES.Role,
    },
  }, { nested: new Map([['Nested', nested]]) });

  test('get parameters from the stack around them, and have outputs for it', () => {
    expect(scope.resolve({ 'Fn::GetAtt': ['Nested', 'Outputs.Arn'] })).toBe('arn:aws:ecr:us-east-1:111111111111:repository/role-of-us-east-1');
  });

  test('keep defaults that the stack around them does not replace', () => {
    expect(scope.resolve({ 'Fn::GetAtt': ['Nested', 'Outputs.Other'] })).toBe('other');
  });

  test('whose template is not in the assembly have outputs that are not known', () => {
    expect(scope.resolve({ 'Fn::GetAtt': ['Elsewhere', 'Outputs.Arn'] })).toBe('<Stack/Elsewhere.Outputs.Arn>');
    expect(scope.nestedScope('Elsewhere')).toBeUndefined();
  });
});

describe('exports', () => {
  const exports = new Exports();
  const add = (...args: Parameters<typeof stackOf>) => {
    const scope = new StackScope(stackOf(...args), exports);
    exports.add(scope);
    return scope;
  };
  add({
    Resources: RESOURCES,
    Outputs: {
      Exported: { Value: { 'Fn::GetAtt': ['Named', 'Arn'] }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}:Arn' } } },
      NotExported: { Value: 'x' },
      Broken: 'not an output',
    },
  }, { path: 'Owner' });
  add({ Outputs: { Out: { Value: { 'Fn::ImportValue': 'Circle' }, Export: { Name: 'Circle' } } } }, { path: 'Circle' });
  const consumer = add({}, { path: 'Consumer' });

  test('are found by their names', () => {
    expect(consumer.resolve({ 'Fn::ImportValue': 'Owner:Arn' })).toBe('arn:aws:ecr:us-east-1:111111111111:repository/web-app');
  });

  test('that are not there, or go in circles, are not known', () => {
    expect(consumer.resolve({ 'Fn::ImportValue': 'Nowhere' })).toBe('<Consumer/import Nowhere>');
    expect(consumer.resolve({ 'Fn::ImportValue': 'Circle' })).toBe('<Circle/import Circle>');
  });

  test('are not found from another Region', () => {
    expect(add({}, { path: 'Far', region: 'eu-central-1' }).resolve({ 'Fn::ImportValue': 'Owner:Arn' })).toBe('<Far/import Owner:Arn>');
  });
});
