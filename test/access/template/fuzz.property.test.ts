import { rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import * as fc from 'fast-check';
import { judgeWorlds } from '../../../src/access/judgement/worlds';
import { modelsOf } from '../../../src/access/model/model';
import { readAssembly } from '../../../src/access/template/assembly';
import { assemblyOf, manifestOf, stackArtifact } from '../support';

/*
 * Whatever stands in an assembly, reading it works, or says which file is wrong. Valid assemblies are broken in random places.
 */

const POLICY = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${Account}:root' } }, Action: ['ecr:*'] }] };
const ROLE_POLICY = { Statement: [{ Effect: 'Allow', Action: ['ecr:*'], Resource: { 'Fn::GetAtt': ['Repository', 'Arn'] }, Condition: { StringLike: { 'aws:PrincipalArn': '*' } } }] };
const ROLE = { 'Fn::GetAtt': ['Role', 'Arn'] };
const IMAGE = { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Repository', 'RepositoryUri'] }, ':', { 'Fn::If': ['IsProd', 'v1', { Ref: 'AWS::NoValue' }] }]] };
const resource = (Type: string, Properties: object, more: object = {}) => ({ Type, Properties, ...more });

const FILES = {
  'manifest.json': manifestOf({
    'A': stackArtifact('A', {
      displayName: 'Prod/A',
      dependencies: ['B'],
      properties: { templateFile: 'A.template.json', stackName: 'a', cloudFormationExecutionRoleArn: 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/deploy' },
      metadata: { '/A/Role/Resource': [{ type: 'aws:cdk:logicalId', data: 'Role' }] },
    }),
    'A.assets': { type: 'cdk:asset-manifest', properties: { file: 'A.assets.json' } },
    'B': stackArtifact('B', { environment: 'aws://unknown-account/unknown-region' }),
    'assembly-Prod': { type: 'cdk:cloud-assembly', properties: { directoryName: 'Prod' } },
  }),
  'A.assets.json': { files: { a: { source: { path: 'Nested.json' }, destinations: { here: { objectKey: 'abc.json' } } } } },
  'Prod/manifest.json': manifestOf({}),
  'A.template.json': {
    Parameters: { Account: { Type: 'String', Default: '222222222222' }, Stage: { Type: 'String' }, Listed: { Type: 'CommaDelimitedList', Default: 'a,b' } },
    Mappings: { Names: { 'us-east-1': { Web: 'web-app' } } },
    Conditions: {
      IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
      IsOther: { 'Fn::And': [{ 'Fn::Not': [{ Condition: 'IsProd' }] }, { 'Fn::Or': [{ 'Fn::Equals': [{ Ref: 'Stage' }, 'dev'] }, { Condition: 'IsProd' }] }] },
    },
    Resources: {
      Repository: resource('AWS::ECR::Repository', { RepositoryName: { 'Fn::FindInMap': ['Names', { Ref: 'AWS::Region' }, 'Web'] }, RepositoryPolicyText: POLICY }),
      Registry: resource('AWS::ECR::RegistryPolicy', { PolicyText: JSON.stringify(POLICY) }, { Condition: 'IsOther' }),
      Replication: resource('AWS::ECR::ReplicationConfiguration', {
        ReplicationConfiguration: { Rules: [{ Destinations: [{ Region: 'eu-west-1', RegistryId: '222222222222' }], RepositoryFilters: [{ Filter: 'web' }] }] },
      }),
      Template: resource('AWS::ECR::RepositoryCreationTemplate', { Prefix: 'web', AppliedFor: ['REPLICATION'], RepositoryPolicy: POLICY }),
      Cache: resource('AWS::ECR::PullThroughCacheRule', { EcrRepositoryPrefix: 'up', UpstreamRegistryUrl: '222222222222.dkr.ecr.us-east-1.amazonaws.com', CustomRoleArn: ROLE }),
      Role: resource('AWS::IAM::Role', {
        RoleName: { 'Fn::Select': [0, { 'Fn::Split': ['-', 'app-role'] }] },
        AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }] },
        Policies: [{ PolicyName: 'p', PolicyDocument: ROLE_POLICY }],
        ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly', { Ref: 'Managed' }],
        Tags: [{ Key: 'a', Value: 'b' }],
      }),
      Policy: resource('AWS::IAM::Policy', { PolicyDocument: ROLE_POLICY, Roles: [{ Ref: 'Role' }] }),
      Managed: resource('AWS::IAM::ManagedPolicy', { PolicyDocument: ROLE_POLICY }, { Condition: 'IsProd' }),
      Task: resource('AWS::ECS::TaskDefinition', { ExecutionRoleArn: ROLE, ContainerDefinitions: [{ Image: IMAGE }] }),
      Function: resource('AWS::Lambda::Function', { Code: { ImageUri: IMAGE }, FunctionName: { Ref: 'Listed' } }),
      Service: resource('AWS::AppRunner::Service', {
        SourceConfiguration: { ImageRepository: { ImageRepositoryType: 'ECR', ImageIdentifier: IMAGE }, AuthenticationConfiguration: { AccessRoleArn: ROLE } },
      }),
      Project: resource('AWS::CodeBuild::Project', { ServiceRole: ROLE, Environment: { Image: IMAGE, ImagePullCredentialsType: 'SERVICE_ROLE' } }),
      Job: resource('AWS::Batch::JobDefinition', { ContainerProperties: { Image: IMAGE, ExecutionRoleArn: ROLE } }),
      Model: resource('AWS::SageMaker::Model', { ExecutionRoleArn: ROLE, PrimaryContainer: { Image: IMAGE } }),
      Pipeline: resource('AWS::CodePipeline::Pipeline', {
        RoleArn: ROLE, Stages: [{ Actions: [{ ActionTypeId: { Category: 'Source', Provider: 'ECR' }, Configuration: { RepositoryName: 'web-app' } }] }],
      }),
      Nodes: resource('AWS::EKS::Nodegroup', { ClusterName: 'cluster', NodeRole: ROLE }),
      Manifest: resource('Custom::AWSCDK-EKS-KubernetesResource', { ClusterName: 'cluster', Manifest: '[{"spec":{"image":"111111111111.dkr.ecr.us-east-1.amazonaws.com/x"}}]' }),
      Nested: resource('AWS::CloudFormation::Stack', { TemplateURL: { 'Fn::Sub': 'https://bucket/abc.json' }, Parameters: { Name: { Ref: 'Role' } } }),
    },
    Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Repository', 'Arn'] }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}:Arn' } }, Condition: 'IsProd' } },
  },
  'B.template.json': {
    Resources: {
      Role: resource('AWS::IAM::Role', { RoleName: { 'Fn::ImportValue': 'a:Arn' }, Path: { 'Fn::GetStackOutput': { StackName: 'a', OutputName: 'Arn', Region: 'us-east-1' } } }),
    },
  },
  'Nested.json': {
    Parameters: { Name: { Type: 'String' } },
    Resources: { Role: resource('AWS::IAM::Role', { RoleName: { 'Fn::Sub': ['${A}-${Name}', { A: 'x' }] } }) },
    Outputs: { Name: { Value: { Ref: 'Name' } } },
  },
};

type FileName = keyof typeof FILES;
type Path = ReadonlyArray<string | number>;

const NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'Role', 'Repository', 'Nested', 'IsProd', 'IsOther', 'AWS::Region', 'AWS::NoValue', 'A', 'B', '.', '..', 'Prod',
  'A.template.json', 'Role.Arn', 'Nested.Outputs.Name', 'a:Arn', '', '*', '<', '<>', '<Fn::If>', '${', '${Role}${Role}', '{{resolve:ssm:x}}', '0', 'arn:aws:iam::1:role/x', '\0', '%s$&'];
const FUNCTIONS = ['Ref', 'Condition', 'Fn::GetAtt', 'Fn::Join', 'Fn::Sub', 'Fn::Select', 'Fn::Split', 'Fn::If', 'Fn::FindInMap', 'Fn::ImportValue', 'Fn::GetStackOutput', 'Fn::Equals',
  'Fn::And', 'Fn::Or', 'Fn::Not', 'Fn::ToJsonString', 'Fn::Length', 'Fn::Base64', 'Fn::Transform', '__proto__', 'Type', 'Properties', 'Statement', 'image'];

const { value: anything } = fc.letrec<{ value: unknown; leaf: unknown }>((tie) => ({
  leaf: fc.oneof(
    { arbitrary: fc.constantFrom<unknown>(null, true, false, 0, -1, 1e21, 0.5, [], {}), weight: 10 },
    { arbitrary: fc.constantFrom(...NAMES), weight: 10 },
    { arbitrary: fc.string({ maxLength: 5 }), weight: 5 },
    { arbitrary: fc.constant('x'.repeat(10_000)), weight: 1 },
  ),
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { arbitrary: tie('leaf'), weight: 3 },
    { arbitrary: fc.array(tie('value'), { maxLength: 4 }), weight: 2 },
    { arbitrary: fc.tuple(fc.constantFrom(...FUNCTIONS), tie('value')).map((entry) => Object.fromEntries([entry])), weight: 3 },
    { arbitrary: fc.array(fc.tuple(fc.constantFrom(...NAMES, ...FUNCTIONS), tie('value')), { maxLength: 3 }).map((entries) => Object.fromEntries(entries)), weight: 1 },
  ),
}));

function pathsIn(value: unknown): Path[] {
  return typeof value !== 'object' || value === null ? [[]] : [[], ...Object.entries(value).flatMap(([key, inner]) => pathsIn(inner).map((path) => [key, ...path]))];
}

const PLACES = (Object.keys(FILES) as FileName[]).flatMap((file) => pathsIn(JSON.parse(JSON.stringify(FILES[file]))).map((path) => ({ file, path })));

function withAt(value: any, [key, ...path]: Path, put: unknown): unknown {
  if (key === undefined) {
    return put;
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Array.isArray(value)
    ? value.map((item, index) => (index === Number(key) ? withAt(item, path, put) : item))
    : Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, name === key ? withAt(inner, path, put) : inner]));
}

const TEXTS = new Map(Object.entries(FILES).map(([name, content]) => [name, JSON.stringify(content)]));
let directory: string;
beforeAll(() => { directory = assemblyOf(Object.fromEntries(TEXTS)); });
afterAll(() => rmSync(directory, { recursive: true }));

/** Whether it worked with some files broken; that it throws something else than a clear error is a failure. */
function works(broken: ReadonlyMap<string, string>): boolean {
  // To write all files anew each time would take longer than to read them.
  const write = (files: ReadonlyMap<string, string>) => broken.forEach((_, name) => {
    // A new file is written at once, one that is overwritten goes to the disk first.
    rmSync(join(directory, name));
    writeFileSync(join(directory, name), files.get(name)!);
  });
  try {
    write(broken);
    const worlds = modelsOf(readAssembly(directory));
    judgeWorlds(worlds);
    return worlds.length >= 1 && worlds.length <= 64;
  } catch (error) {
    const { constructor, message } = error as Error;
    if (constructor !== Error || !/"\/[^"]+"/.test(message)) {
      throw error;
    }
    return false;
  } finally {
    write(TEXTS);
  }
}

test('it works as long as nothing is broken', () => {
  expect(works(new Map())).toBe(true);
  expect(PLACES.length).toBeGreaterThan(250);
});

test('any value in any place works, or is an error that names the file', () => {
  let worked = 0;
  const faults = fc.array(fc.tuple(fc.constantFrom(...PLACES), anything), { minLength: 1, maxLength: 4 });
  fc.assert(fc.property(faults, (all) => {
    const broken = new Map<string, unknown>();
    all.forEach(([{ file, path }, put]) => broken.set(file, withAt(broken.has(file) ? broken.get(file) : FILES[file], path, put)));
    worked += Number(works(new Map([...broken].map(([file, content]) => [file, JSON.stringify(content)]))));
  }), { numRuns: 2_000 });
  // Most templates are read, however odd: an error is for what is no assembly at all.
  expect(worked).toBeGreaterThan(1_000);
});

test('any text in place of a file works, or is an error that names the file', () => {
  const text = fc.oneof(
    fc.string(), fc.json(), fc.constantFrom('', '{', 'null', '[]', '"x"', '{"Resources":[]}', '\uFEFF{}', '{"artifacts":{"A":null}}'), fc.constantFrom('[', '{"a":').map((open) => open.repeat(10_000)),
  );
  fc.assert(fc.property(fc.constantFrom(...Object.keys(FILES)), text, (file, content) => {
    works(new Map([[file, content]]));
  }), { numRuns: 300 });
});

test.each([
  ['lists', '['.repeat(10_000), ']'.repeat(10_000)],
  ['objects', '{"a":'.repeat(10_000) + '1', '}'.repeat(10_000)],
  ['functions', '{"Fn::Join":["",['.repeat(10_000), ']]}'.repeat(10_000)],
])('%s that are nested absurdly deep are an error in any file', (_, open, close) => {
  for (const [file, whole] of TEXTS) {
    expect(works(new Map([[file, whole.replace(/^\{/, `{"Deep":${open}${close}${whole === '{}' ? '' : ','}`)]]))).toBe(false);
  }
});
