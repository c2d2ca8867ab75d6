import { App, CfnResource, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { Construct } from 'constructs';
import { EcrGrantee, PullThroughCache, RegistryPullGrant, RegistryReplication, RegistryReplicationGrant, ReplicationDestination } from '../../src';
import { AGNOSTIC, errorOf, newApp, newStack, noticesIn, OTHER, OWNER, resourcesOf } from '../support';

/** Constructs that claim something of the registry of a stack. */
const grant = (scope: Construct, id = 'Grant') => new RegistryPullGrant(scope, id, { pullers: [EcrGrantee.account('111122223333')] });
const replication = (scope: Construct) => new RegistryReplication(scope, 'Replication', { destinations: [ReplicationDestination.region('eu-west-1')] });
const replicas = (scope: Construct, prefix?: string, id = 'Replicas') =>
  new RegistryReplicationGrant(scope, id, { sourceAccounts: ['111122223333'], repositoryPrefixes: prefix ? [prefix] : undefined, replicas: {} });
const cache = (scope: Construct, repositoryPrefix: string, id = 'Cache') =>
  new PullThroughCache(scope, id, { upstreamAccount: '111122223333', upstreamRegion: 'us-east-1', repositoryPrefix });
const plainPolicy = (scope: Construct) => new ecr.CfnRegistryPolicy(scope, 'Plain', { policyText: {} });
const plainReplication = (scope: Construct) => new ecr.CfnReplicationConfiguration(scope, 'Plain', { replicationConfiguration: { rules: [] } });
const plainTemplate = (scope: Construct, prefix: string) => new ecr.CfnRepositoryCreationTemplate(scope, 'Plain', { prefix, appliedFor: ['REPLICATION'] });
const plainCache = (scope: Construct, ecrRepositoryPrefix?: string, id = 'Plain') => new ecr.CfnPullThroughCacheRule(scope, id, { ecrRepositoryPrefix });

/** What is said of a registry that has something once, and is asked for it by several. */
function said(where: string, what: string, paths: string[], place?: string): string {
  const inOneStack = `declare all of it in one stack, for example '${place}': there,`;
  const remedies: { [what: string]: string } = {
    'policy': `${inOneStack} RegistryPullGrant, RegistryReplicationGrant, PullThroughCache and the scopes of replicateTo share one resource, `
      + 'and additionalStatements carries the statements of others',
    'replication configuration': `${inOneStack} RegistryReplication and replicateTo share one resource, `
      + 'and replicateTo of repositories in other stacks puts its rule there with registryScope',
  };
  return `${where} has one ${what}, but ${paths.map((path) => `'${path}'`).join(' and ')} each declare it: `
    + `at deployment the second fails, and to delete one deletes what the other wrote; ${remedies[what] ?? 'give one of them another prefix'}`;
}
const HERE = 'the registry of account 999999999999, Region us-east-1,';

function problemsOf(app: App): string[] {
  return errorOf(() => app.synth()).split('\n').slice(1).map((line) => line.trim());
}

/** The same from each of the stacks. */
const from = (paths: string[], ...texts: string[]) => paths.flatMap((path) => texts.map((text) => `[${path}/CdkSharedEcrRegistry] ${text}`));

describe('two stacks of one environment', () => {
  test.each<[string, (scope: Construct) => void, string[]]>([
    ['policy', grant, [said(HERE, 'policy', ['One/CdkSharedEcrRegistry/Policy', 'Two/CdkSharedEcrRegistry/Policy'], 'One')]],
    ['replication configuration', replication, [said(HERE, 'replication configuration', ['One/CdkSharedEcrRegistry/Replication', 'Two/CdkSharedEcrRegistry/Replication'], 'One')]],
    ['template of a prefix', (scope) => replicas(scope, 'team-a/'), [
      said(HERE, 'repository creation template for the prefix "team-a"', ['One/Replicas/Template-team-a/Resource', 'Two/Replicas/Template-team-a/Resource']),
      said(HERE, 'policy', ['One/CdkSharedEcrRegistry/Policy', 'Two/CdkSharedEcrRegistry/Policy'], 'One'),
    ]],
    ['template of all repositories', replicas, [
      said(HERE, 'repository creation template for the prefix "ROOT"', ['One/Replicas/Template/Resource', 'Two/Replicas/Template/Resource']),
      said(HERE, 'policy', ['One/CdkSharedEcrRegistry/Policy', 'Two/CdkSharedEcrRegistry/Policy'], 'One'),
    ]],
    ['cache of a prefix', (scope) => cache(scope, 'shared'), [
      said(HERE, 'repository creation template for the prefix "shared"', ['One/Cache/Template/Resource', 'Two/Cache/Template/Resource']),
      said(HERE, 'pull-through cache rule for the prefix "shared"', ['One/Cache/Rule', 'Two/Cache/Rule']),
    ]],
  ])('that declare the same are an error: %s', (_, declare, problems) => {
    const app = newApp();
    ['One', 'Two'].forEach((id) => declare(newStack(app, id, OWNER)));

    expect(problemsOf(app).sort()).toEqual(from(['One', 'Two'], ...problems).sort());
  });

  test('also in two Stages', () => {
    const app = newApp();
    ['First', 'Second'].forEach((id) => grant(newStack(new Stage(app, id), 'Owner', OWNER)));

    expect(problemsOf(app)).toEqual(from(['First/Owner'], said(HERE, 'policy', ['First/Owner/CdkSharedEcrRegistry/Policy', 'Second/Owner/CdkSharedEcrRegistry/Policy'], 'First/Owner')));
  });

  test('three of them are all named', () => {
    const app = newApp();
    ['One', 'Two', 'Three'].forEach((id) => grant(newStack(app, id, OWNER)));

    expect(problemsOf(app)[0]).toBe(from(['One'], said(HERE, 'policy', ['One', 'Three', 'Two'].map((id) => `${id}/CdkSharedEcrRegistry/Policy`), 'One'))[0]);
  });

  test('may each declare something else', () => {
    const app = newApp();
    const [one, two] = ['One', 'Two'].map((id) => newStack(app, id, OWNER));
    replicas(one, 'team-a/');
    cache(one, 'shared');
    replication(two);
    cache(two, 'team-b');
    plainTemplate(two, 'team-c');
    plainCache(two, 'team-d', 'PlainCache');
    app.synth();

    expect(['RegistryPolicy', 'ReplicationConfiguration'].map((type) => [one, two].map((stack) => resourcesOf(stack, `AWS::ECR::${type}`).length))).toEqual([[1, 0], [0, 1]]);
  });
});

describe('what is not of this library is found too', () => {
  test.each<[string, (scope: Construct) => void, (scope: Construct) => void, string]>([
    ['a policy', grant, plainPolicy, said(HERE, 'policy', ['One/CdkSharedEcrRegistry/Policy', 'Two/Plain'], 'One')],
    ['a replication configuration', replication, plainReplication, said(HERE, 'replication configuration', ['One/CdkSharedEcrRegistry/Replication', 'Two/Plain'], 'One')],
    ['a template', (scope) => replicas(scope, 'team-a/'), (scope) => plainTemplate(scope, 'team-a'),
      said(HERE, 'repository creation template for the prefix "team-a"', ['One/Replicas/Template-team-a/Resource', 'Two/Plain'])],
    ['a template, with the slash that Amazon ECR adds', (scope) => replicas(scope, 'team-a/'), (scope) => plainTemplate(scope, 'team-a/'),
      said(HERE, 'repository creation template for the prefix "team-a"', ['One/Replicas/Template-team-a/Resource', 'Two/Plain'])],
    ['a cache rule', (scope) => cache(scope, 'shared'), (scope) => plainCache(scope, 'shared'), said(HERE, 'pull-through cache rule for the prefix "shared"', ['One/Cache/Rule', 'Two/Plain'])],
  ])('%s', (_, declare, declarePlainly, problem) => {
    const app = newApp();
    declare(newStack(app, 'One', OWNER));
    declarePlainly(newStack(app, 'Two', OWNER));

    expect(problemsOf(app)).toEqual(from(['One'], problem));
  });

  test('and in the same stack', () => {
    const app = newApp();
    const stack = newStack(app, 'One', OWNER);
    plainPolicy(stack);
    grant(stack);

    expect(problemsOf(app)).toEqual(from(['One'], said(HERE, 'policy', ['One/CdkSharedEcrRegistry/Policy', 'One/Plain'], 'One')));
  });
});

test('what does not tell its prefix is no claim', () => {
  const app = newApp();
  const stack = newStack(app, 'One', OWNER);
  cache(stack, 'shared');
  ['A', 'B'].forEach((id) => {
    new CfnResource(stack, `Template${id}`, { type: 'AWS::ECR::RepositoryCreationTemplate', properties: { AppliedFor: ['REPLICATION'], Prefix: 'shared' } });
    new CfnResource(stack, `Cache${id}`, { type: 'AWS::ECR::PullThroughCacheRule', properties: { EcrRepositoryPrefix: 'shared' } });
  });

  expect(resourcesOf(stack, 'AWS::ECR::PullThroughCacheRule')).toHaveLength(3);
});

test.each<[string, object]>([['account', OTHER], ['Region', { ...OWNER, region: 'eu-central-1' }], ['environment, known at deployment', AGNOSTIC]])('stacks of another %s are other registries', (_, env) => {
  const app = newApp();
  [newStack(app, 'One', OWNER), newStack(app, 'Two', env)].forEach((stack) => {
    grant(stack);
    replication(stack);
    replicas(stack);
    cache(stack, 'shared');
  });
  app.synth();

  expect(noticesIn(app).map(({ text }) => text)).toEqual(Array(noticesIn(app).length).fill(expect.not.stringContaining('registryClaimedTwice')));
});

describe('environment-agnostic stacks', () => {
  const REGISTRY = 'a registry';

  test('of two, nobody can tell: a warning on each', () => {
    const app = newApp();
    const stacks = ['One', 'Two'].map((id) => newStack(app, id, AGNOSTIC));
    stacks.forEach((stack) => grant(stack));
    app.synth();

    expect(noticesIn(app)).toEqual(['One', 'Two'].map((id) => ({
      path: `${id}/CdkSharedEcrRegistry`,
      level: 'warning',
      text: 'the stacks are environment-agnostic; if they are deployed to the same account and Region, '
        + `${said(REGISTRY, 'policy', ['One/CdkSharedEcrRegistry/Policy', 'Two/CdkSharedEcrRegistry/Policy'], 'One')} [ack: cdk-shared-ecr:registryClaimedTwice]`,
    })));
    expect(stacks.map((stack) => resourcesOf(stack, 'AWS::ECR::RegistryPolicy').length)).toEqual([1, 1]);
  });

  test('the same one twice is an error', () => {
    const app = newApp();
    const stack = newStack(app, 'One', AGNOSTIC);
    grant(stack);
    plainPolicy(stack);

    expect(problemsOf(app)).toEqual(from(['One'], said(REGISTRY, 'policy', ['One/CdkSharedEcrRegistry/Policy', 'One/Plain'], 'One')));
  });

  test('and so is one with its nested stack', () => {
    const app = newApp();
    const stack = newStack(app, 'One', AGNOSTIC);
    grant(stack);
    grant(new NestedStack(stack, 'Nested'));

    expect(problemsOf(app)).toEqual(from(['One', 'One/Nested'], said(REGISTRY, 'policy', ['One/CdkSharedEcrRegistry/Policy', 'One/Nested/CdkSharedEcrRegistry/Policy'], 'One')));
  });

  test.each<[string, object]>([
    ['account', { region: 'us-east-1' }], ['Region', { account: '999999999999' }],
  ])('are those too of which only the %s is left open', (_, env) => {
    const app = newApp();
    ['One', 'Two'].forEach((id) => grant(newStack(app, id, env)));
    app.synth();

    expect(noticesIn(app).map(({ text }) => text)).toEqual(Array(2).fill(expect.stringContaining('registryClaimedTwice')));
  });
});

describe('a registry has at most 50 pull-through cache rules', () => {
  function caches(count: number, env: object): Stack {
    const stack = newStack(newApp(), 'One', env);
    cache(stack, 'shared');
    Array.from({ length: count - 1 }, (_, index) => plainCache(stack, `prefix-${index}`, `Rule${index}`));
    return stack;
  }

  test('50 are no problem', () => {
    expect(resourcesOf(caches(50, OWNER), 'AWS::ECR::PullThroughCacheRule')).toHaveLength(50);
  });

  test('51 are an error', () => {
    expect(problemsOf(caches(51, OWNER).node.root as App)).toEqual(from(['One'],
      `${HERE} has 51 pull-through cache rules, but Amazon ECR allows 50; let caches share a prefix of the upstream registry`));
  });

  test('51 in environment-agnostic stacks may be in several registries', () => {
    expect(resourcesOf(caches(51, AGNOSTIC), 'AWS::ECR::PullThroughCacheRule')).toHaveLength(51);
  });
});
