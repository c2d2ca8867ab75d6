import { symlinkSync } from 'fs';
import { join } from 'path';
import { readAssemblies } from '../../../src/access/template/assemblies';
import { assemblyOf, manifestOf, stackArtifact } from '../support';

const template = { Resources: { Role: { Type: 'AWS::IAM::Role', Metadata: { 'aws:cdk:path': 'Web/Role/Resource' } } } };
const appOf = (environment: string, name = 'Web') => assemblyOf({ 'manifest.json': manifestOf({ [name]: stackArtifact(name, { environment }) }), [`${name}.template.json`]: template });
const pathsIn = (...assemblies: string[]) => readAssemblies(assemblies).map(({ path, root, resources }) => [path, root, resources.get('Role')!.path]);

test('apps that share no name are read as they are', () => {
  expect(pathsIn(appOf('aws://111111111111/us-east-1'), appOf('aws://222222222222/us-east-1', 'Other'))).toEqual([['Web', 'Web', 'Web/Role'], ['Other', 'Other', 'Web/Role']]);
});

test('what is called the same in two apps is told apart by their directories', () => {
  const [a, b] = [appOf('aws://111111111111/us-east-1'), appOf('aws://222222222222/us-east-1')];
  expect(pathsIn(a, b)).toEqual([a, b].map((app) => [`${app}: Web`, `${app}: Web`, `${app}: Web/Role`]));
});

test('nested stacks, and what is deployed before, are told apart too', () => {
  const app = (account: string) => assemblyOf({
    'manifest.json': manifestOf({
      First: stackArtifact('First', { environment: `aws://${account}/us-east-1` }),
      Web: stackArtifact('Web', { environment: `aws://${account}/us-east-1`, dependencies: ['First'] }),
    }),
    'First.template.json': template,
    'Web.template.json': { Resources: { Nested: { Type: 'AWS::CloudFormation::Stack', Metadata: { 'aws:asset:path': 'nested.template.json' } } } },
    'nested.template.json': template,
  });
  const [a, b] = [app('111111111111'), app('222222222222')];
  const [, web] = readAssemblies([a, b]);
  expect(web.after).toEqual([`${a}: First`]);
  expect(web.nested.get('Nested')).toMatchObject({ path: `${a}: Web/Nested`, root: `${a}: Web`, account: '111111111111' });
});

test('an app that is given twice, or under another name, or besides one of its Stages, counts once', () => {
  const stage = { 'manifest.json': manifestOf({ Web: stackArtifact('Web') }), 'Web.template.json': template };
  const app = assemblyOf({
    'manifest.json': manifestOf({ Prod: { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-Prod' } } }),
    ...Object.fromEntries(Object.entries(stage).map(([file, content]) => [`assembly-Prod/${file}`, content])),
  });
  const link = join(assemblyOf({}), 'link');
  symlinkSync(app, link);
  expect(pathsIn(app, app, link, join(app, 'assembly-Prod'))).toEqual([['Web', 'Web', 'Web/Role']]);
});

test('where accounts are not known, those of two apps may be two', () => {
  const [a, b] = readAssemblies([appOf('aws://unknown-account/unknown-region'), appOf('aws://unknown-account/unknown-region')]);
  expect([a.account, a.region]).toEqual(['<AWS::AccountId>', '<AWS::Region>']);
  expect([b.account, b.region]).toEqual(['<AWS::AccountId2>', '<AWS::Region2>']);
});

test('two versions of one stack are refused', () => {
  const [a, b] = [appOf('aws://111111111111/us-east-1'), appOf('aws://111111111111/us-east-1')];
  expect(() => readAssemblies([a, b])).toThrow(new Error(
    `the stack "Web" of account 111111111111, us-east-1, is in "${a}" and in "${b}": give each stack once, in the version that is deployed`));
});
