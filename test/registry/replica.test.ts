import { NestedStack, Stage } from 'aws-cdk-lib';
import { EcrGrantee, RegistryPullGrant, RegistryReplicationGrant, SharedEcrRepository } from '../../src';
import { PULL_ACTIONS, REPLICATION_ACTIONS } from '../../src/policy/actions';
import { Grant } from '../../src/policy/grant';
import { deployFirst, grantedOnReplica, replicaOf, requireInDestination } from '../../src/registry/replica';
import { AGNOSTIC, CONSUMER, errorOf, newApp, newRepository, newStack, OTHER, OWNER } from '../support';

const PRODUCTION = { account: CONSUMER.account, region: 'eu-central-1' };
const ADDRESS = { ...PRODUCTION, repositoryName: 'web-app' };

describe('grantedOnReplica: what the app says of its policy', () => {
  const replication = (account = OWNER.account): Grant => ({ who: { kind: 'account', account }, actions: REPLICATION_ACTIONS, repositories: '*' });
  const pull = (account: string, repositories?: string): Grant => ({ who: { kind: 'account', account }, actions: PULL_ACTIONS, ...(repositories && { repositories }) });
  const replicas = { pullers: [EcrGrantee.account(OTHER.account)] };
  const sourceAccounts = [OWNER.account];

  test.each<[string, (stack: ReturnType<typeof newStack>) => unknown, Grant[] | undefined]>([
    ['nothing is declared there', () => {}, undefined],
    ['only pulls are', (stack) => new RegistryPullGrant(stack, 'Pulls', replicas), undefined],
    ['no template makes it', (stack) => new RegistryReplicationGrant(stack, 'Grant', { sourceAccounts }), [replication()]],
    ['it is not to be made', (stack) => new RegistryReplicationGrant(stack, 'Grant', { sourceAccounts, createRepositories: false }), undefined],
    ['another account replicates', (stack) => new RegistryReplicationGrant(stack, 'Grant', { sourceAccounts: [OTHER.account] }), undefined],
    ['other repositories are replicated', (stack) => new RegistryReplicationGrant(stack, 'Grant', { sourceAccounts, repositoryPrefixes: ['team-a/'] }), undefined],
    ['a template makes it', (stack) => new RegistryReplicationGrant(stack, 'Grant', { sourceAccounts, replicas }), [pull(OTHER.account), replication()]],
    ['a template makes others', (stack) => new RegistryReplicationGrant(stack, 'Grant', { sourceAccounts, replicas, repositoryPrefixes: ['team-a/'] }), undefined],
    ['the registry has more', (stack) => {
      new RegistryReplicationGrant(stack, 'Grant', { sourceAccounts, replicas: {} });
      new RegistryPullGrant(stack, 'Pulls', replicas);
    }, [replication(), pull(OTHER.account, '*')]],
    ['a template makes it, whoever replicates', (stack) => new RegistryReplicationGrant(stack, 'Grant', { sourceAccounts: [OTHER.account], replicas }),
      [pull(OTHER.account), replication(OTHER.account)]],
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

    expect(grantedOnReplica(repository, ADDRESS)).toBeUndefined();
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
  test('lets one stack wait for the other, if nothing speaks against it', () => {
    const app = newApp();
    const [source, replica, other] = ['Source', 'Replica', 'Other'].map((id) => newStack(app, id, OWNER));
    deployFirst(replica, source);
    deployFirst(replica, source);
    deployFirst(source, replica);
    deployFirst(other, new NestedStack(source, 'Nested'));
    deployFirst(newStack(new Stage(app, 'Stage'), 'Replica', OWNER), source);

    expect([source, replica, other].map(({ dependencies }) => dependencies)).toEqual([[replica, other], [], []]);
  });
});

describe('requireInDestination', () => {
  test.each<[string, object, string]>([
    ['another account', { account: OTHER.account, region: PRODUCTION.region }, 'account 444455556666, Region eu-central-1'],
    ['another Region', CONSUMER, 'account 111122223333, Region us-east-1'],
    ['an unknown Region', { account: CONSUMER.account }, 'account 111122223333, Region agnostic'],
    ['an unknown account', { region: PRODUCTION.region }, 'account agnostic, Region eu-central-1'],
  ])('refuses %s', (_, env, where) => {
    expect(errorOf(() => requireInDestination(newStack(newApp(), 'Scope', env), PRODUCTION))).toBe(`scope 'Scope' is in ${where}, but the destination is account 111122223333, Region eu-central-1; `
      + 'give a scope in a stack of that environment, or none');
  });

  test('takes its own, known or not', () => {
    const [known, unknown] = [PRODUCTION, AGNOSTIC].map((env) => newStack(newApp(), 'Scope', env));

    expect(() => requireInDestination(known, PRODUCTION)).not.toThrow();
    expect(() => requireInDestination(unknown, { account: unknown.account, region: unknown.region })).not.toThrow();
  });

  test('refuses one that was written', () => {
    const stage = new Stage(newApp(), 'Written');
    const scope = newStack(stage, 'Scope', PRODUCTION);
    stage.synth();

    expect(errorOf(() => requireInDestination(scope, PRODUCTION)))
      .toBe("'Written/Scope' was already written with its Stage 'Written', so what is added to it would be lost; add it before that Stage is synthesized");
  });
});
