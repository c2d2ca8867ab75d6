import { App, Aspects, Stack, Stage } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { EcrGrantee, PullThroughCache, RegistryPullGrant, RegistryReplication, RegistryReplicationGrant, ReplicationDestination } from '../../src';
import { Grant } from '../../src/policy/grant';
import { CreationTemplate, Reason } from '../../src/registry/creation-template';
import { RegistryDeclarations } from '../../src/registry/registry-declarations';
import { accountsStatement, AGNOSTIC, CONSUMER, errorOf, newApp, newStack, noticesIn, OWNER, policyOf, PULL, resourcesOf, templateOf } from '../support';

const ACCOUNT = EcrGrantee.account('111122223333');
const REPLICATE = ['ecr:CreateRepository', 'ecr:ReplicateImage'];
const UPSTREAM = { upstreamAccount: '111122223333', upstreamRegion: 'us-east-1' };
const arnOf = (names: string) => `arn:aws:ecr:us-east-1:999999999999:repository/${names}`;
const accountIds = (count: number) => Array.from({ length: count }, (_, index) => `${100_000_000_000 + index}`);
const statement = (sid: string) =>
  new iam.PolicyStatement({ sid, actions: ['ecr:ReplicateImage'], principals: [new iam.ArnPrincipal('arn:aws:iam::111122223333:role/app')], resources: ['*'] });
const registryResources = (stack: Stack) => Object.entries<any>(templateOf(stack).Resources ?? {}).filter(([, { Type }]) => /Registry|Replication/.test(Type));
const newOwner = (scope: Construct = newApp(), id = 'Owner') => newStack(scope, id, OWNER);

function problemsOf(stack: Stack): string[] {
  return errorOf(() => (stack.node.root as App).synth()).split('\n').slice(1).map((line) => line.trim());
}

describe('all constructs of a stack share one policy and one replication configuration', () => {
  test('whatever they add, statements merged, and for whatever repositories', () => {
    const stack = newOwner();
    const inner = new Construct(stack, 'Inner');
    new RegistryPullGrant(stack, 'One', { pullers: [ACCOUNT] });
    new RegistryPullGrant(inner, 'Two', { pullers: [EcrGrantee.account('444455556666')], additionalStatements: [statement('First')] });
    new RegistryPullGrant(inner, 'Three', { pullers: [ACCOUNT], repositoryPrefixes: ['team-a/'], additionalStatements: [statement('Second')] });
    new RegistryReplicationGrant(stack, 'Four', { sourceAccounts: ['444455556666'], additionalStatements: [statement('Third')] });
    new RegistryReplicationGrant(inner, 'Five', { sourceAccounts: ['222233334444', '111122223333'], repositoryPrefixes: ['team-b/'] });
    new RegistryReplicationGrant(inner, 'Six', { sourceAccounts: ['111122223333', '222233334444'], repositoryPrefixes: ['team-a/'] });
    new RegistryReplication(stack, 'Seven', { destinations: [ReplicationDestination.region('eu-west-1')], repositoryPrefixes: ['team-b/'] });
    new RegistryReplication(inner, 'Eight', { destinations: [ReplicationDestination.region('eu-west-1')], repositoryPrefixes: ['team-a/'] });
    const own = (sid: string) => ({ Sid: sid, Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:role/app' }, Action: 'ecr:ReplicateImage', Resource: '*' });

    expect(registryResources(stack)).toEqual([
      ['CdkSharedEcrRegistryPolicy655CEB4D', {
        Type: 'AWS::ECR::RegistryPolicy',
        Properties: {
          PolicyText: policyOf(
            { ...accountsStatement('Pull', PULL, ['111122223333', '444455556666']), Resource: [arnOf('*')] },
            { ...accountsStatement('Replicate', REPLICATE, ['444455556666']), Resource: [arnOf('*')] },
            {
              ...accountsStatement('Replicate', REPLICATE, ['111122223333', '222233334444']),
              Sid: expect.stringMatching(/^ReplicateAccountsIn[0-9a-f]{8}$/),
              Resource: [arnOf('team-a/*'), arnOf('team-b/*')],
            },
            own('First'), own('Second'), own('Third'),
          ),
        },
      }],
      ['CdkSharedEcrRegistryReplication4136510C', {
        Type: 'AWS::ECR::ReplicationConfiguration',
        Properties: {
          ReplicationConfiguration: {
            Rules: [{
              Destinations: [{ Region: 'eu-west-1', RegistryId: '999999999999' }],
              RepositoryFilters: [{ Filter: 'team-a/', FilterType: 'PREFIX_MATCH' }, { Filter: 'team-b/', FilterType: 'PREFIX_MATCH' }],
            }],
          },
        },
      }],
    ]);
  });

  test('and each stack has its own', () => {
    const app = newApp();
    const [one, two] = [newOwner(app, 'One'), newStack(app, 'Two', CONSUMER)];

    expect(RegistryDeclarations.of(one)).toBe(RegistryDeclarations.of(new Construct(one, 'Inner')));
    expect(RegistryDeclarations.of(two)).not.toBe(RegistryDeclarations.of(one));
  });

  test('where nothing is added there is no resource', () => {
    const stack = newOwner();
    RegistryDeclarations.of(stack).addStatements([]);
    RegistryDeclarations.of(stack).addStatements();

    expect(templateOf(stack).Resources).toBeUndefined();
  });

  test('synthesizing twice gives the same', () => {
    const app = newApp();
    const stack = newOwner(app);
    new RegistryPullGrant(stack, 'Pull', { pullers: [ACCOUNT] });
    new RegistryReplication(stack, 'Replication', { destinations: [ReplicationDestination.region('eu-west-1')] });
    const first = JSON.stringify(templateOf(stack));

    expect(JSON.stringify(app.synth({ force: true }).getStackByName('Owner').template)).toBe(first);
    expect(stack.dependencies).toEqual([]);
  });
});

describe('nobody is let in before the templates are there', () => {
  const idsOf = (stack: Stack, type: string) =>
    Object.entries<any>(templateOf(stack).Resources).filter(([, { Type }]) => Type === type).map(([id]) => id);
  const replicas = (stack: Stack) => new RegistryReplicationGrant(stack, 'Replicas', { sourceAccounts: ['111122223333'], repositoryPrefixes: ['a/', 'b/'], replicas: {} });
  const cache = (stack: Stack) => new PullThroughCache(stack, 'Cache', { ...UPSTREAM, repositoryPrefix: 'shared' });
  const pull = (stack: Stack) => new RegistryPullGrant(stack, 'Pull', { pullers: [ACCOUNT] });

  test.each<[string, Array<(stack: Stack) => void>, number]>([
    ['templates first', [replicas, cache, pull], 3],
    ['grants first', [pull, cache, replicas], 3],
    ['a template that comes with its grant', [replicas], 2],
    ['no templates', [pull], 0],
  ])('%s', (_, uses, count) => {
    const stack = newOwner();
    uses.forEach((use) => use(stack));
    const templates = idsOf(stack, 'AWS::ECR::RepositoryCreationTemplate');
    const [{ DependsOn = [] }] = resourcesOf(stack, 'AWS::ECR::RegistryPolicy');

    expect(templates).toHaveLength(count);
    expect(DependsOn).toEqual(templates.sort());
  });

  test('nor before the roles of these', () => {
    const stack = newOwner();
    new RegistryReplicationGrant(stack, 'Replicas', { sourceAccounts: ['111122223333'], replicas: { tags: { team: 'a' } } });

    expect(resourcesOf(stack, 'AWS::ECR::RegistryPolicy')[0].DependsOn.sort())
      .toEqual(['AWS::ECR::RepositoryCreationTemplate', 'AWS::IAM::Policy', 'AWS::IAM::Role'].flatMap((type) => idsOf(stack, type)).sort());
  });
});

describe('the policy has 10,240 characters', () => {
  const lengthOf = (value: object) => JSON.stringify(value).length;
  const pulls = (count: number) => ({ ...accountsStatement('Pull', PULL, accountIds(count)), Resource: [arnOf('*')] });

  test('more are an error, with the biggest statements and the way out', () => {
    const stack = newOwner();
    const { Sid, ...replicates } = { ...accountsStatement('Replicate', REPLICATE, accountIds(200)), Resource: [arnOf('team-a/*')] } as any;
    new RegistryPullGrant(stack, 'Pull', { pullers: [EcrGrantee.accounts(...accountIds(500))] });
    new RegistryReplicationGrant(stack, 'Replicas', { sourceAccounts: accountIds(200), repositoryPrefixes: ['team-a/'] });
    const replicating = { Sid: `${Sid}InTeamA`, ...replicates };

    expect(problemsOf(stack)).toEqual([`[Owner/CdkSharedEcrRegistry] the registry policy has ${lengthOf(policyOf(pulls(500), replicating))} characters, but Amazon ECR allows 10240; `
      + `the biggest statements are PullAccounts with ${lengthOf(pulls(500))}, ReplicateAccountsInTeamA with ${lengthOf(replicating)}; `
      + 'grant to an organization or an OU in place of single accounts, or grant on single repositories']);
  });

  test('what fits only as it is written is a warning', () => {
    const app = newApp();
    const stack = newOwner(app);
    const characters = lengthOf(policyOf(pulls(600)));
    new RegistryPullGrant(stack, 'Pull', { pullers: [EcrGrantee.accounts(...accountIds(600))] });

    expect(resourcesOf(stack, 'AWS::ECR::RegistryPolicy')[0].Properties.PolicyText).toEqual(policyOf(pulls(600)));
    expect(noticesIn(app)).toEqual([{
      path: 'Owner/CdkSharedEcrRegistry',
      level: 'warning',
      text: `the registry policy has ${characters} characters as written, of 10240 allowed; should Amazon ECR count account ids as ARNs, which is not documented, `
        + `it would have ${characters + 600 * 'arn:aws:iam:::root'.length}, and the deployment would fail; grant to an organization or an OU to be safe [ack: cdk-shared-ecr:policyNearLimit]`,
    }]);
  });
});

test.each<[string, string[]]>([['ours', ['PullAccounts']], ['another one', ['Mine', 'Mine']]])('a statement of the user must not have the Sid of %s', (_, sids) => {
  const stack = newOwner();
  sids.forEach((sid, index) => new RegistryPullGrant(stack, `Pull${index}`, { pullers: [ACCOUNT], additionalStatements: [statement(sid)] }));

  expect(problemsOf(stack)).toEqual([`[Owner/CdkSharedEcrRegistry] two statements of the registry policy have the Sid "${sids[0]}", `
    + 'but a Sid stands once in a policy; give the statement that you add another sid']);
});

describe('after its Stage was written', () => {
  const grants: Grant[] = [{ who: { kind: 'account', account: '111122223333' }, actions: PULL, repositories: '*' }];
  const lost = (what: string) => `the policy of 'First/Owner/CdkSharedEcrRegistry' was already written with Stage 'First', so ${what} would be lost; make it before that Stage is synthesized: `
    + 'where its stack is defined, not in an aspect of a later Stage or in a pipeline that contains the Stage';

  /** The error of what an aspect of a later Stage does with a stack of an earlier one. */
  function errorInLaterStage(use: (stack: Stack) => void, declared: boolean): string {
    const app = newApp();
    const stack = newOwner(new Stage(app, 'First'));
    if (declared) {
      RegistryDeclarations.of(stack);
    }
    const later = newStack(new Stage(app, 'Second'), 'Later', OWNER);
    Aspects.of(later).add({ visit: (construct) => construct === later && use(stack) });
    return errorOf(() => app.synth());
  }

  test.each<[string, (stack: Stack) => void, string]>([
    ['a grant', (stack) => RegistryDeclarations.of(stack).allow(grants, 'account 111122223333'), 'the grant to account 111122223333'],
    ['a statement', (stack) => RegistryDeclarations.of(stack).addStatements([statement('Mine')]), 'the statement'],
    ['a replication', (stack) => RegistryDeclarations.of(stack).replicate([
      { destination: { ...OWNER, region: 'eu-west-1' }, prefix: '', repositories: '*', declaredBy: stack },
    ]), "the replication by 'First/Owner'"],
  ])('%s is an error', (_, use, what) => {
    expect(errorInLaterStage(use, true)).toBe(lost(what));
    expect(errorInLaterStage(use, false)).toBe("'First/Owner' was already written with its Stage 'First', so what is added to it would be lost; add it before that is synthesized");
  });
});

describe('what the app declares of a registry', () => {
  const find = (scope: Construct, env: object) => RegistryDeclarations.find(scope, { ...OWNER, ...env });
  const template = (scope: Construct, reason: Reason, namespace: string) => {
    const made = new CreationTemplate(scope, `${reason}-${namespace}`, { reason, namespace, settings: {} });
    RegistryDeclarations.of(scope).addTemplate(made);
    return made;
  };

  test('is found in whatever stacks and Stages it is declared, and nothing of another registry', () => {
    const app = newApp();
    const [one, two, three] = [newOwner(app, 'One'), newOwner(new Stage(app, 'Stage'), 'Two'), newStack(app, 'Three', CONSUMER)];
    new PullThroughCache(one, 'Cache', { ...UPSTREAM, repositoryPrefix: 'shared' });
    new RegistryReplication(one, 'Replication', { destinations: [ReplicationDestination.region('eu-west-1')], repositoryPrefixes: ['a/'] });
    new RegistryPullGrant(two, 'Pull', { pullers: [ACCOUNT] });
    const replicas = template(two, 'REPLICATION', '');
    new RegistryPullGrant(three, 'Pull', { pullers: [EcrGrantee.account('444455556666')] });
    const found = find(three, OWNER)!;

    expect(found.policy.grants).toEqual([{ who: { kind: 'account', account: '111122223333' }, actions: PULL, repositories: '*' }]);
    expect(found.replications.map(({ prefix }) => prefix)).toEqual(['a/']);
    expect(found.templateFor('shared/web', 'REPLICATION')).toBe(replicas);
    expect(found.templateFor('shared/web', 'PULL_THROUGH_CACHE')?.namespace).toBe('shared');
    expect(RegistryDeclarations.allIn(one).map(({ node }) => node.path)).toEqual([one, two, three].map(({ node }) => `${node.path}/CdkSharedEcrRegistry`));
  });

  test.each<[string, object]>([['account', { account: '111122223333' }], ['Region', { region: 'eu-west-1' }]])('is nothing in another %s', (_, env) => {
    const stack = newOwner();
    new RegistryPullGrant(stack, 'Pull', { pullers: [ACCOUNT] });

    expect(find(stack, env)).toBeUndefined();
    expect(find(stack, {})).toBeDefined();
  });

  test('is not that of an environment which only the deployment knows', () => {
    const app = newApp();
    RegistryDeclarations.of(newStack(app, 'Agnostic', AGNOSTIC));

    expect(find(app, {})).toBeUndefined();
  });

  test('of a registry that only the deployment places, is that of its Stage', () => {
    const app = newApp();
    const [dev, prod, none] = ['Dev', 'Prod', 'None'].map((id) => new Stage(app, id));
    const stacks = [dev, prod].map((stage) => newStack(stage, 'Owner', { region: 'us-east-1' }));
    stacks.forEach((stack, index) => new RegistryReplication(stack, 'Replication', {
      destinations: [ReplicationDestination.region('eu-west-1')], repositoryPrefixes: [`${'ab'[index]}/`],
    }));
    const foundBy = (scope: Construct) => find(scope, { account: stacks[0].account })?.replications.map(({ prefix }) => prefix);

    expect([...stacks, newStack(none, 'Other'), newStack(app, 'Other')].map(foundBy)).toEqual([['a/'], ['b/'], undefined, undefined]);
  });

  test.each<[string, string]>([
    ['web', ''], ['team-a', ''], ['team-ab/web', ''], ['team-a/web', 'team-a'], ['team-a/web/app', 'team-a/web'], ['team-a/webs/app', 'team-a'],
  ])('%s is made by the template with the longest prefix: %j', (name, namespace) => {
    const stack = newOwner();
    ['team-a', '', 'team-a/web'].forEach((each) => template(stack, 'REPLICATION', each));
    template(stack, 'PULL_THROUGH_CACHE', 'team-a/web/app');

    expect(find(stack, {})!.templateFor(name, 'REPLICATION')?.namespace).toBe(namespace);
    expect(find(stack, {})!.templateFor(name, 'PULL_THROUGH_CACHE')).toBeUndefined();
  });
});
