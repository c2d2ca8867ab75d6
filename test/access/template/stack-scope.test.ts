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
  Listed: { Type: 'CommaDelimitedList', Default: 'a, b' },
  Numbered: { Type: 'List<Number>', Default: '1,2' },
  StoredList: { Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: '/name' },
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
  ['Numbered', ['1', '2']],
  ['Stored', '<Stack/Stored>'],
  ['StoredList', '<Stack/StoredList>'],
  ['constructor', '<Stack/constructor>'],
  ['__proto__', '<Stack/__proto__>'],
  ['Nowhere', '<Stack/Nowhere>'],
])('Ref to %s is %s', (name, expected) => {
  expect(scopeOf({ Resources: RESOURCES, Parameters: PARAMETERS }).resolve({ Ref: name })).toEqual(expected);
});

test('names that the deployment makes up can be split off, of whichever stack they are', () => {
  const exports = new Exports();
  const owner = new StackScope(stackOf({ Resources: RESOURCES, Outputs: { Arn: { Value: { 'Fn::GetAtt': 'Unnamed.Arn' }, Export: { Name: 'arn' } } } }, { path: 'Owner' }), exports);
  const scope = new StackScope(stackOf({ Parameters: PARAMETERS }), exports);
  exports.add(owner);
  const partOf = (index: number, delimiter: string, text: unknown) => scope.resolve({ 'Fn::Select': [index, { 'Fn::Split': [delimiter, text] }] });

  expect(partOf(4, ':', { 'Fn::ImportValue': 'arn' })).toBe('111111111111');
  expect(partOf(1, '/', { 'Fn::ImportValue': 'arn' })).toBe('<Owner/Unnamed>');
  expect(partOf(0, '/', { Ref: 'Asked' })).toBe('<Fn::Select>');
  // What Ref of such a resource is, nobody knows: it may be an ARN.
  expect(partOf(0, '/', '<Owner/Cluster>')).toBe('<Fn::Select>');
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

test.each([
  [['Names', 'us-east-1', 'Web'], 'web-app'],
  [['Names', { Ref: 'AWS::Region' }, 'All'], ['web-app', 'api']],
  [['Names', 'us-east-1', 'toString'], '<Fn::FindInMap>'],
  [['constructor', 'name', 'length'], '<Fn::FindInMap>'],
  [['Names', 'eu-west-1', 'Web', { DefaultValue: { Ref: 'AWS::Region' } }], 'us-east-1'],
])('Fn::FindInMap %j is %j', (keys, expected) => {
  const scope = scopeOf({ Mappings: { Names: { 'us-east-1': { Web: 'web-app', All: ['web-app', 'api'] } } } });
  expect(scope.resolve({ 'Fn::FindInMap': keys })).toEqual(expected);
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

  test('get lists as texts, and no values that stand for others', () => {
    const inner = stackOf({
      Parameters: { Listed: { Type: 'CommaDelimitedList' }, Unknown: { Type: 'CommaDelimitedList' }, Stored: { Type: 'AWS::SSM::Parameter::Value<String>' } },
      Outputs: Object.fromEntries(['Listed', 'Unknown', 'Stored'].map((name) => [name, { Value: { 'Fn::Join': ['|', { Ref: name }] } }])),
    }, { path: 'Stack/Nested' });
    const outer = scopeOf({
      Resources: { Nested: { Properties: { Parameters: { Listed: 'a,b', Unknown: { 'Fn::Sub': 'a,${Asked}' }, Stored: '/name' } } } },
    }, { nested: new Map([['Nested', inner]]) });
    expect(['Listed', 'Unknown', 'Stored'].map((name) => outer.resolve({ 'Fn::GetAtt': ['Nested', `Outputs.${name}`] }))).toEqual(['a|b', '<Fn::Join>', '<Fn::Join>']);
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

  test('of two stacks by the same name are not known, unless only one of them is deployed', () => {
    const exported = (Value: string, Condition?: string) => ({
      Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } }, Outputs: { Out: { Value, Condition, Export: { Name: 'Twice' } } },
    });
    const valueOf = (...stacks: object[]) => {
      const shared = new Exports();
      stacks.forEach((stack, index) => shared.add(new StackScope(stackOf(stack, { path: `S${index}` }), shared)));
      return new StackScope(stackOf({}, { path: 'Consumer' }), shared).resolve({ 'Fn::ImportValue': 'Twice' });
    };
    expect(valueOf(exported('a'), exported('b'))).toBe('<Consumer/import Twice>');
    expect(valueOf(exported('a', 'Never'), exported('b'))).toBe('b');
  });

  test('are not found from another Region', () => {
    expect(add({}, { path: 'Far', region: 'eu-central-1' }).resolve({ 'Fn::ImportValue': 'Owner:Arn' })).toBe('<Far/import Owner:Arn>');
  });
});

describe('outputs of other stacks', () => {
  const exports = new Exports();
  const add = (...args: Parameters<typeof stackOf>) => {
    const scope = new StackScope(stackOf(...args), exports);
    exports.add(scope);
    return scope;
  };
  const owner = { Resources: RESOURCES, Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Named', 'Arn'] } }, Never: { Value: 'x', Condition: 'Never' } }, Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } } };
  add(owner, { path: 'Prod/Owner', name: 'prod-owner' });
  add(owner, { path: 'Far', name: 'far', account: '222222222222', region: 'eu-west-1' });
  add(owner, { path: 'One', name: 'twice' });
  add(owner, { path: 'Other', name: 'twice' });
  const consumer = add({}, { path: 'Consumer' });

  test.each([
    [{ StackName: 'prod-owner', OutputName: 'Arn' }, 'arn:aws:ecr:us-east-1:111111111111:repository/web-app'],
    [{ StackName: 'far', OutputName: 'Arn', Region: 'eu-west-1', RoleArn: 'arn:aws:iam::222222222222:role/reader' }, 'arn:aws:ecr:eu-west-1:222222222222:repository/web-app'],
    [{ StackName: 'far', OutputName: 'Arn', Region: 'eu-west-1' }, '<Consumer/output Arn of far in 111111111111 eu-west-1>'],
    [{ StackName: 'far', OutputName: 'Arn', RoleArn: 'reader' }, '<Consumer/output Arn of far in undefined us-east-1>'],
    [{ StackName: 'Prod/Owner', OutputName: 'Arn' }, '<Consumer/output Arn of Prod/Owner in 111111111111 us-east-1>'],
    [{ StackName: 'prod-owner', OutputName: 'constructor' }, '<Consumer/output constructor of prod-owner in 111111111111 us-east-1>'],
    [{ StackName: 'prod-owner', OutputName: 'Never' }, '<Consumer/output Never of prod-owner in 111111111111 us-east-1>'],
    [{ StackName: 'twice', OutputName: 'Arn' }, '<Consumer/output Arn of twice in 111111111111 us-east-1>'],
    ['prod-owner', '<Consumer/output  of  in 111111111111 us-east-1>'],
  ])('%j is %s', (argument, expected) => {
    expect(consumer.resolve({ 'Fn::GetStackOutput': argument })).toBe(expected);
  });
});

describe('conditions', () => {
  const template = {
    Parameters: { Asked: { Type: 'String' } },
    Conditions: { Always: { 'Fn::Equals': ['a', 'a'] }, Never: { 'Fn::Not': [{ Condition: 'Always' }] }, Maybe: { 'Fn::Equals': [{ Ref: 'Asked' }, 'a'] } },
  };

  test.each([['Always', true], ['Never', false], ['Maybe', true], ['Nowhere', true], [undefined, true], [{ Ref: 'Never' }, true]])('what is under %j is there: %j', (condition, expected) => {
    expect(scopeOf(template).has({ condition })).toBe(expected);
  });

  test('a world decides what nobody else can', () => {
    const exports = new Exports({ answered: () => 'no', ask: () => 'no' });
    expect(new StackScope(stackOf(template), exports).resolve({ 'Fn::If': ['Maybe', 'a', 'b'] })).toBe('b');
  });
});

describe('what is absurd', () => {
  const chain = (length: number, next: (name: string) => string) => Object.fromEntries(Array.from({ length }, (_, index) => (
    [`R${index}`, { Type: 'AWS::IAM::Role', Properties: { RoleName: { 'Fn::Sub': next(`R${index + 1}`) } } }])));

  test('names that double with every reference end as an unknown value', () => {
    expect(scopeOf({ Resources: chain(100, (name) => `\${${name}}\${${name}}`) }).resolve({ Ref: 'R0' })).toMatch(/^(<Fn::Sub>)+$/);
  });

  test('a reference to something that is no text is an unknown value', () => {
    expect(scopeOf({ Parameters: { P: { Default: { a: 1 } }, Q: { Default: [[]] } } }).resolve([{ Ref: 'P' }, { Ref: 'Q' }])).toEqual(['<Stack/P>', '<Stack/Q>']);
  });

  test('what nobody can follow is an error with the name of the file', () => {
    expect(() => scopeOf({ Resources: chain(20_000, (name) => `\${${name}}`) }).resolve({ Ref: 'R0' }))
      .toThrow(new Error('"Stack.template.json" cannot be followed: too much in it refers to each other'));
  });
});
