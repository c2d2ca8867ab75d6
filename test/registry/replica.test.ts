import { NestedStack, Stack, Stage } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { EcrGrantee, RegistryPullGrant, RegistryReplication, RegistryReplicationGrant, ReplicationDestination, SharedEcrRepository } from '../../src';
import { PULL_ACTIONS, REPLICATION_ACTIONS, REPLICATION_INTO_EXISTING_ACTIONS } from '../../src/policy/actions';
import { Grant } from '../../src/policy/grant';
import { GrantsInSight } from '../../src/registry/made-by-ecr';
import { deployFirst, grantedOnReplica, replicaOf, requireInEnvironment, sameNameProblems } from '../../src/registry/replica';
import { AGNOSTIC, CONSUMER, errorOf, newApp, newRepository, newStack, noticesIn, OTHER, OWNER } from '../support';

const PRODUCTION = { account: CONSUMER.account, region: 'eu-central-1' };
const ADDRESS = { ...PRODUCTION, repositoryName: 'web-app' };

describe('grantedOnReplica: what the app says of its policy', () => {
  const replication = (account = OWNER.account): Grant => ({ who: { kind: 'account', account }, actions: REPLICATION_ACTIONS, repositories: '*' });
  const pull = (account: string, repositories?: string): Grant => ({ who: { kind: 'account', account }, actions: PULL_ACTIONS, ...(repositories && { repositories }) });
  const replicas = { pullers: [EcrGrantee.account(OTHER.account)] };
  const sourceAccounts = [OWNER.account];

  const all = (...grants: Grant[]): GrantsInSight => ({ grants, isAll: true });
  const some = (...grants: Grant[]): GrantsInSight => ({ grants, isAll: false });
  const intoExisting = { ...replication(), actions: REPLICATION_INTO_EXISTING_ACTIONS };

  test.each<[string, (stack: Stack) => unknown, GrantsInSight]>([
    ['nothing is declared there', () => {}, some()],
    ['only pulls are', (stack) => new RegistryPullGrant(stack, 'Pulls', replicas), some(pull(OTHER.account, '*'))],
    ['no template makes it', (stack) => new RegistryReplicationGrant(stack, 'Grant', { sourceAccounts }), all(replication())],
    ['it is not to be made', (stack) => new RegistryReplicationGrant(stack, 'Grant', { sourceAccounts, createRepositories: false }), some(intoExisting)],
    ['another account replicates', (stack) => new RegistryReplicationGrant(stack, 'Grant', { sourceAccounts: [OTHER.account] }), some(replication(OTHER.account))],
    ['other repositories are replicated', (stack) => new RegistryReplicationGrant(stack, 'Grant', { sourceAccounts, repositoryPrefixes: ['team-a/'] }),
      some({ ...replication(), repositories: 'team-a/*' })],
    ['a template makes it', (stack) => new RegistryReplicationGrant(stack, 'Grant', { sourceAccounts, replicas }), all(pull(OTHER.account), replication())],
    ['a template makes others', (stack) => new RegistryReplicationGrant(stack, 'Grant', { sourceAccounts, replicas, repositoryPrefixes: ['team-a/'] }),
      some({ ...replication(), repositories: 'team-a/*' })],
    ['the registry has more', (stack) => {
      new RegistryReplicationGrant(stack, 'Grant', { sourceAccounts, replicas: {} });
      new RegistryPullGrant(stack, 'Pulls', replicas);
    }, all(replication(), pull(OTHER.account, '*'))],
    ['a template makes it, whoever replicates', (stack) => new RegistryReplicationGrant(stack, 'Grant', { sourceAccounts: [OTHER.account], replicas }),
      all(pull(OTHER.account), replication(OTHER.account))],
  ])('%s', (_, declare, expected) => {
    const app = newApp();
    declare(newStack(app, 'Destination', PRODUCTION));

    expect(grantedOnReplica(newRepository(app), ADDRESS)).toEqual(expected);
  });

  test('of the source or of another Region it is not asked', () => {
    const app = newApp();
    const repository = newRepository(app);
    new RegistryReplicationGrant(repository.stack, 'Grant', { sourceAccounts, replicas });
    new RegistryReplicationGrant(newStack(app, 'West', { ...PRODUCTION, region: 'eu-west-1' }), 'Grant', { sourceAccounts, replicas });

    expect(grantedOnReplica(repository, ADDRESS)).toEqual(some());
  });

  test('a replication to another account is not enough: that must let it in', () => {
    const app = newApp();
    const repository = newRepository(app);
    new RegistryReplication(repository.stack, 'Replication', { destinations: [ReplicationDestination.account(PRODUCTION.account, PRODUCTION.region)] });

    expect(grantedOnReplica(repository, ADDRESS)).toEqual(some());
  });

  describe('within one account', () => {
    const EUROPE = { ...OWNER, region: 'eu-central-1' };
    const replicate = (stack: Stack, region: string, ...repositoryPrefixes: string[]) => new RegistryReplication(stack, 'Replication', {
      destinations: [ReplicationDestination.region(region)], repositoryPrefixes: repositoryPrefixes.length > 0 ? repositoryPrefixes : undefined,
    });

    test.each<[string, (source: Stack, destination: Stack) => unknown, GrantsInSight]>([
      ['nothing is declared', () => {}, some()],
      ['this app replicates it', (source) => replicate(source, EUROPE.region), all()],
      ['this app replicates its prefix', (source) => replicate(source, EUROPE.region, 'web'), all()],
      ['another stack of the source replicates it', (source) => replicate(newStack(source.node.root as Stage, 'Beside', OWNER), EUROPE.region), all()],
      ['this app replicates others', (source) => replicate(source, EUROPE.region, 'team-a/'), some()],
      ['this app replicates it elsewhere', (source) => replicate(source, 'eu-west-1'), some()],
      ['the account may replicate, but this app does not', (_, destination) => new RegistryReplicationGrant(destination, 'Grant', { sourceAccounts }), some(replication())],
      ['a template makes it', (_, destination) => new RegistryReplicationGrant(destination, 'Grant', { sourceAccounts, replicas }), all(pull(OTHER.account), replication())],
      ['the registry lets somebody in', (source, destination) => {
        replicate(source, EUROPE.region);
        new RegistryPullGrant(destination, 'Pulls', replicas);
      }, all(pull(OTHER.account, '*'))],
    ])('%s', (_, declare, expected) => {
      const app = newApp();
      const repository = newRepository(app);
      declare(repository.stack, newStack(app, 'Destination', EUROPE));

      expect(grantedOnReplica(repository, { ...EUROPE, repositoryName: 'web-app' })).toEqual(expected);
    });
  });
});

describe('replicaOf', () => {
  test('is an imported repository below its source, in the environment of the replica', () => {
    const repository = newRepository(newApp());
    const replica = replicaOf(repository, 'Replica', ADDRESS);

    expect([replica.node.path, replica.env, replica.repositoryArn]).toEqual(['Owner/Repository/Replica', PRODUCTION, 'arn:aws:ecr:eu-central-1:111122223333:repository/web-app']);
  });

  test('is in the way of a repository of the app at that place', () => {
    const app = newApp();
    replicaOf(newRepository(app), 'Replica', ADDRESS);
    const make = (repositoryName: string) => new SharedEcrRepository(newStack(app, repositoryName, PRODUCTION), 'Made', { repositoryName });

    expect(() => make('web-app-internal')).not.toThrow();
    expect(errorOf(() => make('web-app'))).toBe("replicaIn of 'Owner/Repository' was asked for its replica in account 111122223333, Region eu-central-1, before 'web-app/Made' was made, "
      + 'which is that replica, so what was granted would be missing from its policy; call replicaIn after it is made');
  });
});

describe('deployFirst', () => {
  const repositoryIn = (stack: Stack) => new SharedEcrRepository(stack, 'Repository', { repositoryName: 'web-app' });
  const tooLate = (source: string, replica: string, first: string, then: string) => ({
    path: source,
    level: 'warning',
    text: `'${replica}' must be deployed before images are replicated to it, or Amazon ECR makes it first, without a policy, and the deployment finds it there; `
      + `the CDK cannot be told so, since the two are in different Stages or '${first}' waits for '${then}' already; deploy '${first}' first, once [ack: cdk-shared-ecr:replicaTooLate]`,
  });

  test('lets the stack of the source wait for that of the replica', () => {
    const app = newApp();
    const [source, replica, other] = ['Source', 'Replica', 'Other'].map((id) => newStack(app, id, OWNER));
    const [ofSource, ofReplica, ofOther, nested] = [source, replica, other, new NestedStack(source, 'Nested')].map(repositoryIn);
    deployFirst(ofReplica, ofSource);
    deployFirst(ofReplica, ofSource);
    deployFirst(ofOther, nested);

    expect([source, replica, other].map(({ dependencies }) => dependencies)).toEqual([[replica, other], [], []]);
    expect(noticesIn(app)).toEqual([]);
  });

  test('says so where that would be a circle', () => {
    const app = newApp();
    const [source, replica] = ['Source', 'Replica'].map((id) => newStack(app, id, OWNER));
    replica.addStackDependency(source);
    deployFirst(repositoryIn(replica), repositoryIn(new NestedStack(source, 'Nested')));

    expect(source.dependencies).toEqual([]);
    expect(noticesIn(app)).toEqual([tooLate('Source/Nested/Repository', 'Replica/Repository', 'Replica', 'Source')]);
  });

  test('says so across Stages', () => {
    const app = newApp();
    const [source, replica] = [newStack(app, 'Source', OWNER), newStack(new Stage(app, 'Stage'), 'Replica', OWNER)];
    deployFirst(repositoryIn(replica), repositoryIn(source));

    expect(source.dependencies).toEqual([]);
    expect(noticesIn(app)).toEqual([tooLate('Source/Repository', 'Stage/Replica/Repository', 'Stage/Replica', 'Source')]);
  });

  test('has nothing to say of two that are deployed together', () => {
    const app = newApp();
    const stack = newStack(app, 'Stack', OWNER);
    deployFirst(repositoryIn(new NestedStack(stack, 'Nested')), repositoryIn(stack));

    expect(stack.dependencies).toEqual([]);
    expect(noticesIn(app)).toEqual([]);
  });
});

describe('sameNameProblems', () => {
  const problemsWith = (declare: (scope: Stage) => unknown, env: object = PRODUCTION, scope: Stage = newApp()) => {
    const replica = new SharedEcrRepository(newStack(scope, 'Destination', env), 'Replica', { repositoryName: 'web-app' });
    declare(scope.node.root as Stage);
    return sameNameProblems(replica, 'web-app');
  };
  const plain = (env: object, repositoryName = 'web-app') => (scope: Stage) => new ecr.Repository(newStack(scope, 'Plain', env), 'Repository', { repositoryName });
  const said = (path: string, where = 'account 111122223333, Region eu-central-1') => `'${path}' is the repository "web-app" of ${where}, too, and a registry has one of a name; `
    + 'remove one of the two, or give replicateTo no scope';

  test.each<[string, (scope: Stage) => unknown, string]>([
    ['one of this library', (scope) => new SharedEcrRepository(newStack(scope, 'Other', PRODUCTION), 'Repository', { repositoryName: 'web-app' }), 'Other/Repository'],
    ['one of CDK', plain(PRODUCTION), 'Plain/Repository'],
    ['one of CloudFormation', (scope) => new ecr.CfnRepository(newStack(scope, 'Other', PRODUCTION), 'Cfn', { repositoryName: 'web-app' }), 'Other/Cfn'],
    ['one of another Stage', (scope) => plain(PRODUCTION)(new Stage(scope, 'Stage')), 'Stage/Plain/Repository'],
  ])('%s has the name too', (_, declare, path) => {
    expect(problemsWith(declare)).toEqual([said(path)]);
  });

  test.each<[string, (scope: Stage) => unknown]>([
    ['the replica itself', () => {}],
    ['another name', plain(PRODUCTION, 'web-app-internal')],
    ['another account', plain({ ...PRODUCTION, account: OTHER.account })],
    ['another Region', plain(CONSUMER)],
    ['an environment that only the deployment knows', plain(AGNOSTIC)],
  ])('not: %s', (_, declare) => {
    expect(problemsWith(declare)).toEqual([]);
  });

  test('of what only the deployment places, only what is in its Stage', () => {
    const env = { region: 'eu-central-1' };
    const stage = () => new Stage(newApp(), 'Dev');

    expect(problemsWith((app) => plain(env)(new Stage(app, 'Prod')), env, stage())).toEqual([]);
    expect(problemsWith((app) => plain(env)(app.node.findChild('Dev') as Stage), env, stage())).toEqual([said('Dev/Plain/Repository', 'account agnostic, Region eu-central-1')]);
  });
});

describe('requireInEnvironment', () => {
  const require = (scope: Stack, wanted = PRODUCTION) => requireInEnvironment('scope', scope, wanted, 'the destination');

  test.each<[string, object, string]>([
    ['another account', { account: OTHER.account, region: PRODUCTION.region }, 'account 444455556666, Region eu-central-1'],
    ['another Region', CONSUMER, 'account 111122223333, Region us-east-1'],
    ['an unknown Region', { account: CONSUMER.account }, 'account 111122223333, Region agnostic'],
    ['an unknown account', { region: PRODUCTION.region }, 'account agnostic, Region eu-central-1'],
  ])('refuses %s', (_, env, where) => {
    expect(errorOf(() => require(newStack(newApp(), 'Scope', env)))).toBe(`scope 'Scope' is in ${where}, but the destination is account 111122223333, Region eu-central-1; `
      + 'give a scope in a stack of that environment, or none');
  });

  test('says which option is wrong, and what it is for', () => {
    expect(errorOf(() => requireInEnvironment('registryScope', newStack(newApp(), 'Scope', CONSUMER), PRODUCTION, 'the repository')))
      .toBe("registryScope 'Scope' is in account 111122223333, Region us-east-1, but the repository is account 111122223333, Region eu-central-1; "
        + 'give a scope in a stack of that environment, or none');
  });

  test('takes its own, known or not', () => {
    const [known, unknown] = [PRODUCTION, AGNOSTIC].map((env) => newStack(newApp(), 'Scope', env));

    expect(() => require(known)).not.toThrow();
    expect(() => require(unknown, { account: unknown.account, region: unknown.region })).not.toThrow();
  });

  test('refuses one that was written', () => {
    const stage = new Stage(newApp(), 'Written');
    const scope = newStack(stage, 'Scope', PRODUCTION);
    stage.synth();

    expect(errorOf(() => require(scope)))
      .toBe("'Written/Scope' was already written with its Stage 'Written', so what is added to it would be lost; add it before that is synthesized");
  });
});
