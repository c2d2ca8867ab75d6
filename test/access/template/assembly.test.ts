import { join } from 'path';
import { readAssembly } from '../../../src/access/template/assembly';
import { errorOf } from '../../support';
import { assemblyOf, manifestOf, stackArtifact } from '../support';

const EMPTY = { Resources: {} };

describe('stacks', () => {
  test('are read with their place, their name and their resources', () => {
    const directory = assemblyOf({
      'manifest.json': manifestOf({
        Prod1234: stackArtifact('Prod', {
          displayName: 'Prod/Owner',
          properties: {
            templateFile: 'Prod.template.json',
            stackName: 'prod-owner',
            cloudFormationExecutionRoleArn: 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/cfn-exec-role-${AWS::Region}',
          },
          metadata: {
            '/Prod/Owner/WebApp/Resource': [{ type: 'aws:cdk:logicalId', data: 'WebApp6EA7032A' }],
            '/Prod/Owner/WebApp': [{ type: 'aws:cdk:warning', data: 'WebApp6EA7032A' }],
            '/Prod/Owner/Nothing': 'not a list',
          },
        }),
        Tree: { type: 'cdk:tree', properties: { file: 'tree.json' } },
      }),
      'Prod.template.json': {
        Resources: {
          WebApp6EA7032A: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'web-app' } },
          Plain: { Type: 'AWS::ECR::Repository', Condition: 'IsProd' },
          Marked: { Type: 'AWS::ECR::Repository', Metadata: { 'aws:cdk:path': 'Prod/Owner/Marked/Resource' } },
          Broken: 'not a resource',
        },
        Parameters: { P: { Type: 'String' } },
        Mappings: { M: { a: { b: 'c' } } },
        Conditions: { IsProd: { 'Fn::Equals': ['a', 'b'] } },
        Outputs: { O: { Value: 'x' } },
      },
    });

    expect(readAssembly(directory)).toEqual([{
      path: 'Prod/Owner',
      root: 'Prod/Owner',
      name: 'prod-owner',
      account: '111111111111',
      region: 'us-east-1',
      file: join(directory, 'Prod.template.json'),
      deployerRole: 'arn:aws:iam::111111111111:role/cfn-exec-role-us-east-1',
      after: [],
      resources: new Map([
        ['WebApp6EA7032A', { logicalId: 'WebApp6EA7032A', type: 'AWS::ECR::Repository', properties: { RepositoryName: 'web-app' }, path: 'Prod/Owner/WebApp' }],
        ['Plain', { logicalId: 'Plain', type: 'AWS::ECR::Repository', properties: {}, path: 'Prod/Owner/Plain', condition: 'IsProd' }],
        ['Marked', { logicalId: 'Marked', type: 'AWS::ECR::Repository', properties: {}, path: 'Prod/Owner/Marked' }],
        ['Broken', { logicalId: 'Broken', type: '', properties: {}, path: 'Prod/Owner/Broken' }],
      ]),
      parameters: { P: { Type: 'String' } },
      mappings: { M: { a: { b: 'c' } } },
      conditions: { IsProd: { 'Fn::Equals': ['a', 'b'] } },
      outputs: { O: { Value: 'x' } },
      nested: new Map(),
    }]);
  });

  test('give their tags to roles and repositories, those in nested stacks included', () => {
    const Type = 'AWS::IAM::Role';
    const own = [{ Key: 'team', Value: 'own' }];
    const [stack] = readAssembly(assemblyOf({
      'manifest.json': manifestOf({ A: stackArtifact('A', { properties: { templateFile: 'A.template.json', tags: { team: 'shop' } } }) }),
      'A.template.json': {
        Resources: {
          Role: { Type },
          Own: { Type, Properties: { Tags: own } },
          Chosen: { Type, Properties: { Tags: { 'Fn::If': [] } } },
          Repository: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'web-app' } },
          Task: { Type: 'AWS::ECS::TaskDefinition' },
          Nested: { Type: 'AWS::CloudFormation::Stack', Metadata: { 'aws:asset:path': 'nested.template.json' } },
        },
      },
      'nested.template.json': { Resources: { Role: { Type } } },
    }));
    const team = { Key: 'team', Value: 'shop' };
    const properties = (id: string) => stack.resources.get(id)!.properties;
    expect(['Role', 'Own', 'Chosen', 'Repository', 'Task'].map(properties)).toEqual([
      { Tags: [team] }, { Tags: [team, ...own] }, { Tags: { 'Fn::If': [] } }, { RepositoryName: 'web-app', Tags: [team] }, {},
    ]);
    expect(stack.nested.get('Nested')!.resources.get('Role')!.properties).toEqual({ Tags: [team] });
  });

  test('have construct paths from a file of their own, too; a logical id that stands there twice tells nothing', () => {
    const [stack] = readAssembly(assemblyOf({
      'manifest.json': manifestOf({ A: stackArtifact('A', { additionalMetadataFile: 'A.metadata.json' }) }),
      'A.metadata.json': {
        '/A/Role/Resource': [{ type: 'aws:cdk:logicalId', data: 'Once' }],
        '/A/Other/Resource': [{ type: 'aws:cdk:logicalId', data: 'Twice' }],
        '/A/Nested/Other/Resource': [{ type: 'aws:cdk:logicalId', data: 'Twice' }],
      },
      'A.template.json': { Resources: { Once: {}, Twice: {} } },
    }));
    expect([...stack.resources.values()].map(({ path }) => path)).toEqual(['A/Role', 'A/Twice']);
  });

  test.each(['aws://unknown-account/unknown-region', 'nonsense', undefined])('of environment %j have no known place', (environment) => {
    const [{ account, region }] = readAssembly(assemblyOf({ 'manifest.json': manifestOf({ A: stackArtifact('A', { environment }) }), 'A.template.json': EMPTY }));
    expect([account, region]).toEqual(['<AWS::AccountId>', '<AWS::Region>']);
  });

  test.each([
    ['aws://111111111111/cn-north-1', 'arn:aws-cn:iam::111111111111:role/x'],
    ['aws://unknown-account/unknown-region', 'arn:<AWS::Partition>:iam::<AWS::AccountId>:role/x'],
  ])('of environment %j are deployed by %j', (environment, expected) => {
    const properties = { templateFile: 'A.template.json', cloudFormationExecutionRoleArn: 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/x' };
    const [{ deployerRole }] = readAssembly(assemblyOf({ 'manifest.json': manifestOf({ A: stackArtifact('A', { environment, properties }) }), 'A.template.json': EMPTY }));
    expect(deployerRole).toBe(expected);
  });

  test('of which the manifest does not say it are deployed by somebody who is not known', () => {
    expect(readAssembly(assemblyOf({ 'manifest.json': manifestOf({ A: stackArtifact('A') }), 'A.template.json': EMPTY }))[0].deployerRole).toBeUndefined();
  });

  test('know the stacks that are deployed before them, by their paths, and no other artifacts', () => {
    const stacks = readAssembly(assemblyOf({
      'manifest.json': manifestOf({
        'A': stackArtifact('A', { dependencies: ['B12345678', 'A.assets', 'Nowhere', 5] }),
        'A.assets': { type: 'cdk:asset-manifest', properties: { file: 'A.assets.json' } },
        'B12345678': stackArtifact('B', { displayName: 'Prod/B', dependencies: 'C' }),
        'C': stackArtifact('C', { dependencies: {} }),
      }),
      'A.assets.json': {},
      'A.template.json': EMPTY,
      'B.template.json': EMPTY,
      'C.template.json': EMPTY,
    }));
    expect(stacks.map(({ path, after }) => [path, after])).toEqual([['A', ['Prod/B']], ['Prod/B', ['C']], ['C', []]]);
  });

  test('of Stages are read too', () => {
    const stacks = readAssembly(assemblyOf({
      'manifest.json': manifestOf({ 'A': stackArtifact('A'), 'assembly-Prod': { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-Prod' } } }),
      'A.template.json': EMPTY,
      'assembly-Prod/manifest.json': manifestOf({ B: stackArtifact('B', { displayName: 'Prod/B' }) }),
      'assembly-Prod/B.template.json': EMPTY,
    }));
    expect(stacks.map(({ path }) => path)).toEqual(['A', 'Prod/B']);
  });
});

describe('nested stacks', () => {
  const upload = (key: string, path: string) => ({ [key]: { source: { path, packaging: 'file' }, destinations: { here: { objectKey: `${key}.json` } } } });
  const nested = (properties: object, metadata: object = {}) => ({ Resources: { Nested: { Type: 'AWS::CloudFormation::Stack', Properties: properties, Metadata: metadata } } });

  test('are found by the address that their templates are uploaded to', () => {
    const directory = assemblyOf({
      'manifest.json': manifestOf({
        'A': stackArtifact('A', { displayName: 'Prod/A' }),
        'A.assets': { type: 'cdk:asset-manifest', properties: { file: 'A.assets.json' } },
      }),
      'A.assets.json': { files: { ...upload('aaaa', 'A.template.json'), ...upload('bbbb', 'B.nested.template.json'), ...upload('cccc', 'C.nested.template.json') } },
      'A.template.json': nested({ TemplateURL: { 'Fn::Join': ['', ['https://s3.', { Ref: 'AWS::URLSuffix' }, '/bucket/bbbb.json']] } }),
      'B.nested.template.json': nested({ TemplateURL: 'https://bucket/cccc.json' }),
      'C.nested.template.json': { Resources: { Role: { Type: 'AWS::IAM::Role' } } },
    });

    const outer = readAssembly(directory)[0].nested.get('Nested')!;
    expect(outer).toMatchObject({ path: 'Prod/A/Nested', name: '<Nested>', account: '111111111111', region: 'us-east-1' });
    const inner = outer.nested.get('Nested')!;
    expect(inner).toMatchObject({ path: 'Prod/A/Nested/Nested', root: 'Prod/A', file: join(directory, 'C.nested.template.json') });
    expect(inner.resources.get('Role')).toEqual({ logicalId: 'Role', type: 'AWS::IAM::Role', properties: {}, path: 'Prod/A/Nested/Nested/Role' });
  });

  test('are found by their files', () => {
    const [stack] = readAssembly(assemblyOf({
      'manifest.json': manifestOf({ A: stackArtifact('A') }),
      'A.template.json': nested({}, { 'aws:asset:path': 'B.json' }),
      'B.json': EMPTY,
    }));
    expect([...stack.nested.keys()]).toEqual(['Nested']);
  });

  test('are not found by an upload that has no address', () => {
    const [stack] = readAssembly(assemblyOf({
      'manifest.json': manifestOf({ 'A': stackArtifact('A'), 'A.assets': { type: 'cdk:asset-manifest', properties: { file: 'A.assets.json' } } }),
      'A.assets.json': { files: { a: { source: { path: 'B.json' }, destinations: { here: {}, there: { objectKey: '' } } } } },
      'A.template.json': nested({ TemplateURL: 'https://elsewhere' }),
    }));
    expect(stack.nested.size).toBe(0);
  });

  test('that are not in the assembly are left out', () => {
    const [stack] = readAssembly(assemblyOf({ 'manifest.json': manifestOf({ A: stackArtifact('A') }), 'A.template.json': nested({ TemplateURL: 'https://elsewhere' }) }));
    expect(stack.nested.size).toBe(0);
  });

  test('that nest each other end', () => {
    const [stack] = readAssembly(assemblyOf({
      'manifest.json': manifestOf({ A: stackArtifact('A') }),
      'A.template.json': nested({}, { 'aws:asset:path': 'B.json' }),
      'B.json': nested({}, { 'aws:asset:path': 'A.template.json' }),
    }));
    expect(stack.nested.get('Nested')!.nested.size).toBe(0);
  });
});

test('few templates that nest each other many times are an error, not a memory that is full', () => {
  const twice = (file: string) => ({ Resources: Object.fromEntries(['A', 'B'].map((id) => [id, { Type: 'AWS::CloudFormation::Stack', Metadata: { 'aws:asset:path': file } }])) });
  const directory = assemblyOf({
    'manifest.json': manifestOf({ A: stackArtifact('A') }),
    'A.template.json': twice('0.json'),
    ...Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`${index}.json`, twice(`${index + 1}.json`)])),
    '20.json': EMPTY,
  });
  expect(errorOf(() => readAssembly(directory))).toMatch(`"${directory}/manifest.json" leads to more than 5000 nested stacks, such as "A/A/A/`);
});

describe('what cannot be read is said, with the file', () => {
  const hint = 'a cloud assembly is the directory that "cdk synth" wrote, by default cdk.out';

  test.each<[string, Record<string, unknown>, (directory: string) => string]>([
    ['no manifest', {}, (d) => `"${d}/manifest.json" cannot be read: there is no such file; ${hint}`],
    ['a manifest that holds no object', { 'manifest.json': [] }, (d) => `"${d}/manifest.json" holds no object, but []; ${hint}`],
    ['something else called manifest', { 'manifest.json': { name: 'app' } }, (d) => `"${d}/manifest.json" is not the manifest of a cloud assembly: it has no artifacts; a cloud assembly is the directory that "cdk synth" wrote, by default cdk.out`],
    ['no template', { 'manifest.json': manifestOf({ A: stackArtifact('A') }) }, (d) => `"${d}/A.template.json" cannot be read: there is no such file`],
    ['a template that is null', { 'manifest.json': manifestOf({ A: stackArtifact('A') }), 'A.template.json': 'null' }, (d) => `"${d}/A.template.json" holds no object, but null`],
    ['a stack without a template', { 'manifest.json': manifestOf({ A: { type: 'aws:cloudformation:stack' } }) }, (d) => `"${d}/manifest.json" is damaged: artifact "A" has no templateFile; run "cdk synth" again`],
    ['a Stage without a directory', { 'manifest.json': manifestOf({ B: { type: 'cdk:cloud-assembly' } }) }, (d) => `"${d}/manifest.json" is damaged: artifact "B" has no directoryName; run "cdk synth" again`],
    ['an assembly in itself', { 'manifest.json': manifestOf({ B: { type: 'cdk:cloud-assembly', properties: { directoryName: '.' } } }) }, (d) => `the cloud assembly in "${d}" contains itself; run "cdk synth" again`],
  ])('%s', (_, files, message) => {
    const directory = assemblyOf(files);
    expect(errorOf(() => readAssembly(directory))).toBe(message(directory));
  });

  test('broken JSON', () => {
    const directory = assemblyOf({ 'manifest.json': manifestOf({ A: stackArtifact('A') }), 'A.template.json': '{ "Resources": ' });
    expect(errorOf(() => readAssembly(directory))).toMatch(`"${directory}/A.template.json" is not JSON: Unexpected end of JSON input`);
  });

  test('a template that is absurdly deep', () => {
    const deep = `{ "Resources": { "Role": { "Properties": ${'['.repeat(10_000)}${']'.repeat(10_000)} } } }`;
    const directory = assemblyOf({ 'manifest.json': manifestOf({ A: stackArtifact('A') }), 'A.template.json': deep });
    expect(errorOf(() => readAssembly(directory))).toBe(`"${directory}/A.template.json" is not JSON: Resources/Role/Properties is nested deeper than 500 levels`);
  });

  test('a broken manifest', () => {
    const directory = assemblyOf({ 'manifest.json': 'artifacts:' });
    expect(errorOf(() => readAssembly(directory))).toMatch(new RegExp(`^"${directory}/manifest.json" is not JSON: .*; ${hint}$`));
  });

  test('a directory where a file should be', () => {
    const directory = assemblyOf({ 'manifest.json': manifestOf({ A: stackArtifact('A') }), 'A.template.json/x': '' });
    expect(errorOf(() => readAssembly(directory))).toMatch(`"${directory}/A.template.json" cannot be read: EISDIR`);
  });
});
