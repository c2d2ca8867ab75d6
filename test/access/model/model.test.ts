import { NestedStack, Stack, Stage } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { modelOf, modelsOf } from '../../../src/access/model/model';
import { policyOf } from '../../../src/access/model/policy-document';
import { reportOf } from '../../../src/access/report/report';
import { readAssembly } from '../../../src/access/template/assembly';
import { StackTemplate } from '../../../src/access/template/template';
import { newApp } from '../../support';
import { stackOf } from '../support';

const PULL = { Sid: 'Pull', Effect: 'Allow', Principal: { AWS: ['222222222222'] }, Action: ['ecr:BatchGetImage'] };
const POLICY = { Version: '2012-10-17', Statement: [PULL] };
const sids = (...statements: ReadonlyArray<{ readonly sid: string }>) => statements.map(({ sid }) => sid);
const statement = (Sid: string) => ({ PolicyName: Sid, PolicyDocument: { Statement: [{ Sid, Effect: 'Allow', Action: '*', Resource: '*' }] } });

function rolesOf(Resources: Record<string, any>, more: StackTemplate[] = []) {
  return modelOf([stackOf({ Resources }), ...more]).roles;
}

test('stacks stand in the order of the assembly, without those that are nested in others', () => {
  const nested = new Map([['Nested', stackOf({}, { path: 'B/Nested' })]]);
  const { stacks } = modelOf([stackOf({ Resources: { Nested: {} } }, { path: 'B', nested, after: ['A'] }), stackOf({}, { path: 'A', account: '222222222222' })]);
  expect(stacks).toEqual([
    { path: 'B', account: '111111111111', region: 'us-east-1', after: ['A'] },
    { path: 'A', account: '222222222222', region: 'us-east-1', after: [] },
  ]);
});

describe('repositories', () => {
  const repositoryOf = (RepositoryPolicyText: unknown) => modelOf([stackOf({
    Resources: { WebApp: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'web-app', RepositoryPolicyText } } },
  })]).repositories[0];

  test('have a place, a name, and a policy with a size', () => {
    expect(repositoryOf(POLICY)).toEqual({
      path: 'Stack/WebApp',
      stack: 'Stack',
      file: 'Stack.template.json',
      logicalId: 'WebApp',
      account: '111111111111',
      region: 'us-east-1',
      arn: 'arn:aws:ecr:us-east-1:111111111111:repository/web-app',
      name: 'web-app',
      policy: policyOf(POLICY),
      tags: new Map(),
    });
  });

  test('may have no policy', () => {
    expect(repositoryOf(undefined).policy).toEqual({ statements: [], isOpaque: false, size: 0 });
  });

  test('have policies whose references are resolved', () => {
    const [principal] = repositoryOf({ Statement: [{ Principal: { AWS: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' } } }] }).policy.statements[0].principals;
    expect(principal.value).toBe('arn:aws:iam::111111111111:root');
  });

  test('of nested stacks are found', () => {
    const nested = stackOf({ Resources: { WebApp: { Type: 'AWS::ECR::Repository' } } }, { path: 'Stack/Nested' });
    const { repositories } = modelOf([stackOf({ Resources: { Nested: {} } }, { nested: new Map([['Nested', nested]]) })]);
    expect(repositories.map(({ path }) => path)).toEqual(['Stack/Nested/WebApp']);
  });
});

test('registries are found, also in nested stacks', () => {
  const nested = stackOf({ Resources: { Policy: { Type: 'AWS::ECR::RegistryPolicy', Properties: { PolicyText: POLICY } } } }, { path: 'Stack/Nested' });
  expect(modelOf([stackOf({ Resources: { Nested: {} } }, { nested: new Map([['Nested', nested]]) })]).registries).toEqual([
    {
      account: '111111111111',
      region: 'us-east-1',
      stacks: ['Stack/Nested'],
      policy: policyOf(POLICY),
      policyPlaces: [expect.objectContaining({ path: 'Stack/Nested/Policy' })],
      rules: [],
      rulePlaces: [],
      templates: [],
      caches: [],
    },
  ]);
});

describe('roles', () => {
  test('have a place, a name with its path, and their trust', () => {
    expect(rolesOf({
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: 'publish-images', Path: '/ci/', AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Principal: { Service: 'codebuild.amazonaws.com' } }] },
        },
      },
    })).toEqual([{
      path: 'Stack/Role',
      stack: 'Stack',
      file: 'Stack.template.json',
      logicalId: 'Role',
      account: '111111111111',
      region: 'us-east-1',
      arn: 'arn:aws:iam::111111111111:role/ci/publish-images',
      name: 'ci/publish-images',
      trusts: [expect.objectContaining({ principals: [{ type: 'Service', value: 'codebuild.amazonaws.com' }] })],
      trustPolicy: 'inSight',
      statements: [],
      opaquePolicies: [],
      tags: new Map(),
    }]);
  });

  test('have the statements of every kind of policy', () => {
    const [role] = rolesOf({
      Role: { Type: 'AWS::IAM::Role', Properties: { Policies: [statement('Inline')], ManagedPolicyArns: ['arn:aws:iam::aws:policy/AWS', { Ref: 'FromRole' }] } },
      Policy: { Type: 'AWS::IAM::Policy', Properties: { ...statement('Policy'), Roles: [{ Ref: 'Role' }] } },
      RolePolicy: { Type: 'AWS::IAM::RolePolicy', Properties: { ...statement('RolePolicy'), RoleName: { Ref: 'Role' } } },
      FromPolicy: { Type: 'AWS::IAM::ManagedPolicy', Properties: { ...statement('FromPolicy'), Roles: [{ Ref: 'Role' }] } },
      FromRole: { Type: 'AWS::IAM::ManagedPolicy', Properties: statement('FromRole') },
      OfAnother: { Type: 'AWS::IAM::Policy', Properties: { ...statement('OfAnother'), Roles: ['another'] } },
    });
    expect(sids(...role.statements)).toEqual(['Inline', 'Policy', 'RolePolicy', 'FromPolicy', 'FromRole']);
  });

  test('get policies by their names from other stacks of their account, and from no other account', () => {
    const policyFor = (account: string) => stackOf(
      { Resources: { Policy: { Type: 'AWS::IAM::Policy', Properties: { ...statement(`From${account}`), Roles: ['app'] } } } }, { path: `Of${account}`, account });
    const [role] = rolesOf({ Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'app' } } }, [policyFor('111111111111'), policyFor('222222222222')]);
    expect(sids(...role.statements)).toEqual(['From111111111111']);
  });

  test('without names are not confused with those of other stacks', () => {
    const stack = (path: string) => stackOf({
      Resources: { Role: { Type: 'AWS::IAM::Role' }, Policy: { Type: 'AWS::IAM::Policy', Properties: { ...statement(path), Roles: [{ Ref: 'Role' }] } } },
    }, { path });
    expect(modelOf([stack('A'), stack('B')]).roles.map(({ statements }) => sids(...statements))).toEqual([['A'], ['B']]);
  });
});

test('what pulls images is found in all stacks', () => {
  const { sites } = modelOf([stackOf({
    Resources: {
      Image: { Type: 'AWS::Lambda::Function', Properties: { Code: { ImageUri: { 'Fn::Sub': '${Repository.RepositoryUri}:v1' } } } },
      Zip: { Type: 'AWS::Lambda::Function', Properties: { Code: { ZipFile: 'code' } } },
      Repository: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'web-app' } },
    },
  })]);
  expect([...new Set(sites.map(({ path, image }) => `${path} ${image.repository}`))]).toEqual(['Stack/Image web-app']);
});

describe('worlds', () => {
  const Parameters = { Environment: { Type: 'String' }, Known: { Type: 'String', Default: 'prod' } };
  const equal = (name: string, value: string) => ({ 'Fn::Equals': [{ Ref: name }, value] });
  const Conditions = {
    IsProd: equal('Environment', 'prod'),
    IsDev: equal('Environment', 'dev'),
    IsNotProd: { 'Fn::Not': [{ Condition: 'IsProd' }] },
    AlsoIsProd: equal('Environment', 'prod'),
    IsKnown: equal('Known', 'prod'),
    IsNotKnown: { 'Fn::Not': [{ Condition: 'IsKnown' }] },
    CDKMetadataAvailable: equal('AWS::Region', 'eu-west-1'),
  };
  const repository = (RepositoryName: unknown, Condition?: string) => ({ Type: 'AWS::ECR::Repository', Properties: { RepositoryName }, Condition });
  const template = (Resources: object, more: object = {}) => ({ Parameters, Conditions, Resources, ...more });
  const worldsOf = (Resources: object, more: Partial<StackTemplate> = {}) => modelsOf([stackOf(template(Resources), more)])
    .map(({ repositories, assumptions }) => [...repositories.map(({ name }) => name), ...assumptions.map(({ condition, holds }) => `${condition}: ${holds}`)]);
  const [isProd, isNotProd] = ['condition IsProd of stack Stack: true', 'condition IsProd of stack Stack: false'];

  test('there is one as a rule', () => {
    expect(worldsOf({ A: repository('a') })).toEqual([['a']]);
  });

  test('known values decide conditions', () => {
    expect(worldsOf({ A: repository('a', 'IsKnown'), B: repository('b', 'IsNotKnown'), C: repository({ 'Fn::If': ['IsKnown', 'c', 'd'] }) })).toEqual([['a', 'c']]);
  });

  test('a condition of a resource that is not read makes no more worlds', () => {
    const place = { region: '<AWS::Region>' };
    expect(worldsOf({ CDKMetadata: { Type: 'AWS::CDK::Metadata', Condition: 'CDKMetadataAvailable' }, A: repository('a') }, place)).toEqual([['a']]);
  });

  test('a resource is there or not', () => {
    expect(worldsOf({ A: repository('a', 'IsProd'), B: repository('b', 'IsNotProd'), C: repository('c', 'AlsoIsProd') }))
      .toEqual([['a', 'c', isProd], ['b', isNotProd]]);
  });

  test('a value is one or the other', () => {
    expect(worldsOf({ A: repository({ 'Fn::If': ['IsProd', 'a', 'b'] }) })).toEqual([['a', isProd], ['b', isNotProd]]);
  });

  test('a parameter has one value', () => {
    expect(worldsOf({ A: repository('a', 'IsProd'), B: repository('b', 'IsDev') }).map((world) => world.filter((text) => text.length === 1))).toEqual([['a'], ['b'], []]);
  });

  test('nested stacks are there or not, and have conditions over what they are given', () => {
    const inner = stackOf({
      Parameters: { Given: { Type: 'String' } },
      Conditions: { IsInner: equal('Given', 'prod') },
      Resources: { A: repository('a', 'IsInner') },
    }, { path: 'Stack/Nested', root: 'Stack' });
    const nested = new Map([['Nested', inner]]);
    const Nested = { Properties: { Parameters: { Given: { Ref: 'Environment' } } } };
    expect(worldsOf({ Nested, B: repository('b', 'IsProd') }, { nested })).toEqual([
      ['b', 'a', isProd],
      [isNotProd],
    ]);
    expect(worldsOf({ Nested: { ...Nested, Condition: 'IsNotKnown' }, B: repository('b') }, { nested })).toEqual([['b']]);
  });

  test('an output is there or not for whoever imports it', () => {
    const owner = stackOf(template({}, { Outputs: { Name: { Value: 'a', Condition: 'IsProd', Export: { Name: 'name' } } } }), { path: 'Owner' });
    const worlds = modelsOf([owner, stackOf({ Resources: { A: repository({ 'Fn::ImportValue': 'name' }) } }, { path: 'Consumer' })]);
    expect(worlds.map(({ repositories }) => repositories.map(({ name }) => name))).toEqual([['a'], ['<Consumer/import name>']]);
    expect(modelsOf([owner]).length).toBe(1);
  });

  test('there are 64 at most; what is left over counts as there, and its values as unknown', () => {
    const ids = Array.from({ length: 40 }, (_, index) => `C${index}`);
    const many = {
      Parameters: Object.fromEntries(ids.map((id) => [`P${id}`, { Type: 'String' }])),
      Conditions: Object.fromEntries(ids.map((id) => [id, equal(`P${id}`, 'yes')])),
      Resources: { ...Object.fromEntries(ids.map((id) => [id, repository(id.toLowerCase(), id)])), Last: repository({ 'Fn::If': ['C39', 'a', 'b'] }) },
    };
    const worlds = modelsOf([stackOf(many)]);
    expect(worlds.length).toBe(64);
    expect(worlds.map(({ repositories }) => repositories.length).sort((a, b) => a - b)).toEqual(worlds.map((_, index) => (
      35 + [...index.toString(2)].filter((bit) => bit === '1').length)).sort((a, b) => a - b));
    expect(new Set(worlds.map(({ repositories }) => repositories.at(-1)!.name))).toEqual(new Set(['<Fn::If>']));
  });

  test('without a world everything counts as there that may be', () => {
    expect(modelOf([stackOf(template({ A: repository('a', 'IsProd'), B: repository('b', 'IsNotProd'), C: repository('c', 'IsNotKnown') }))]).repositories.map(({ name }) => name))
      .toEqual(['a', 'b']);
  });
});

test.each([5, 'text', null, [], [null], { Ref: 'Repository' }, { 'Fn::GetAtt': {} }, { 'Fn::Sub': {} }, { 'Fn::Join': 5 }])('properties that are %j break nothing', (odd) => {
  const Properties = Object.fromEntries(
    ['RepositoryName', 'RepositoryPolicyText', 'RoleName', 'Path', 'Policies', 'ManagedPolicyArns', 'AssumeRolePolicyDocument', 'Roles', 'PolicyDocument', 'Code',
      'PolicyText', 'ReplicationConfiguration', 'Prefix', 'AppliedFor', 'RepositoryPolicy', 'EcrRepositoryPrefix', 'UpstreamRegistryUrl', 'UpstreamRegistry',
      'UpstreamRepositoryPrefix', 'CustomRoleArn']
      .map((name) => [name, odd]));
  const types = ['AWS::ECR::Repository', 'AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::Lambda::Function', 'constructor',
    'AWS::ECR::RegistryPolicy', 'AWS::ECR::ReplicationConfiguration', 'AWS::ECR::RepositoryCreationTemplate', 'AWS::ECR::PullThroughCacheRule'];
  const Resources = Object.fromEntries(types.map((Type) => [Type.split('::').pop()!, { Type, Properties }]));
  const Outputs = { Output: odd, Other: { Value: odd, Export: { Name: odd } } };
  const model = modelOf([stackOf({ Resources, Outputs, Parameters: { Parameter: odd } })]);
  const { repositories, roles, registries: [{ templates, caches }] } = model;
  expect([repositories, roles, templates, caches].map(({ length }) => length)).toEqual([1, 1, 1, 1]);
  expect(reportOf(model)).not.toEqual([]);
});

describe('as the CDK writes it', () => {
  const app = newApp();
  const stage = new Stage(app, 'Prod', { env: { account: '111111111111', region: 'us-east-1' } });
  const owner = new Stack(stage, 'Owner');
  const consumer = new Stack(stage, 'Consumer');
  const repository = new ecr.Repository(new NestedStack(owner, 'Nested'), 'Repository', { repositoryName: 'web-app' });
  const granted = (scope: Construct) => repository.grantPull(new iam.Role(scope, 'Role', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') }));
  [owner, consumer, new NestedStack(consumer, 'Nested')].forEach(granted);

  test('a reference to a repository in a nested stack is resolved in every other stack, nested ones included', () => {
    const model = modelOf(readAssembly(app.synth().directory));
    const arn = 'arn:aws:ecr:us-east-1:111111111111:repository/web-app';
    expect(model.repositories.map((found) => found.arn)).toEqual([arn]);
    expect(model.roles.map(({ path, statements }) => [path.replace(/[0-9A-F]{8}/g, ''), statements.flatMap(({ resources }) => resources)])).toEqual([
      ['Prod/Owner/Role', [arn, '*']],
      ['Prod/Consumer/Role', [arn, '*']],
      ['Prod/Consumer/NestedNestedStackNestedNestedStackResource/Role', [arn, '*']],
    ]);
  });
});
