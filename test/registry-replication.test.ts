import { App, Aws, CfnParameter, Stack, Stage } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { RegistryReplication, RegistryReplicationGrant, RegistryReplicationProps, ReplicationDestination } from '../src';
import { accountsStatement, AGNOSTIC, errorOf, newApp, newStack, noticesIn, OWNER, printed, resourcesOf, templateOf } from './support';

const { account, region } = ReplicationDestination;
const IRELAND = region('eu-west-1');
const PARTNER = account('444455556666', 'eu-central-1');
const OTHER_PARTNER = account('222233334444', 'eu-central-1');
const REPLICATE = ['ecr:CreateRepository', 'ecr:ReplicateImage'];
const newSource = (scope: Construct = newApp(), env: object = OWNER) => newStack(scope, 'Source', env);

/** A rule as it stands in the template: destinations as `[account, Region]`. */
function rule(destinations: Array<[unknown, string]>, prefixes: unknown[] = []): object {
  return {
    Destinations: destinations.map(([RegistryId, Region]) => ({ Region, RegistryId })),
    ...(prefixes.length > 0 && { RepositoryFilters: prefixes.map((Filter) => ({ Filter, FilterType: 'PREFIX_MATCH' })) }),
  };
}

/** The rules of a stack in which these replications are declared. */
function rulesWith(replications: RegistryReplicationProps[], stack = newSource()): object[] {
  replications.forEach((props, index) => new RegistryReplication(stack, `Replication${index}`, props));
  const configurations = resourcesOf(stack, 'AWS::ECR::ReplicationConfiguration');
  expect(configurations).toEqual([
    { Type: 'AWS::ECR::ReplicationConfiguration', Properties: { ReplicationConfiguration: { Rules: expect.any(Array) } } },
  ]);
  return configurations[0].Properties.ReplicationConfiguration.Rules;
}

function problemsOf(stack: Stack): string[] {
  return errorOf(() => (stack.node.root as App).synth()).split('\n').slice(1).map((line) => line.trim());
}

describe('a destination', () => {
  test('in words', () => {
    expect([IRELAND, PARTNER].map(String)).toEqual(['Region eu-west-1', 'account 444455556666, Region eu-central-1']);
  });

  test.each<[string, () => unknown, string]>([
    ['a Region that is none', () => region('Ireland'), 'region is "Ireland", but a Region is written like "eu-central-1"'],
    ['a Region of an account that is none', () => account('444455556666', 'eu'), 'region is "eu", but a Region is written like "eu-central-1"'],
    ['an account that is none', () => account('4444', 'eu-west-1'), 'accountId is "4444", but an account id is 12 digits, as a string, for example "111122223333"'],
  ])('%s', (_, make, message) => {
    expect(errorOf(make)).toBe(message);
  });
});

describe('the rules', () => {
  test.each<[string, RegistryReplicationProps[], object[]]>([
    ['another Region is of the own account', [{ destinations: [IRELAND] }], [rule([['999999999999', 'eu-west-1']])]],
    ['another account, also in the own Region', [{ destinations: [account('444455556666', 'us-east-1')] }], [rule([['444455556666', 'us-east-1']])]],
    ['prefixes', [{ destinations: [IRELAND], repositoryPrefixes: ['web', 'team-a/'] }], [rule([['999999999999', 'eu-west-1']], ['team-a/', 'web'])]],
    ['destinations with the same prefixes share a rule', [
      { destinations: [IRELAND], repositoryPrefixes: ['a/', 'b/'] },
      { destinations: [PARTNER], repositoryPrefixes: ['b/'] },
      { destinations: [PARTNER], repositoryPrefixes: ['a/'] },
    ], [rule([['444455556666', 'eu-central-1'], ['999999999999', 'eu-west-1']], ['a/', 'b/'])]],
    ['others do not', [{ destinations: [IRELAND, PARTNER], repositoryPrefixes: ['a/'] }, { destinations: [IRELAND], repositoryPrefixes: ['b/'] }],
      [rule([['999999999999', 'eu-west-1']], ['a/', 'b/']), rule([['444455556666', 'eu-central-1']], ['a/'])]],
    ['all repositories include some', [{ destinations: [IRELAND], repositoryPrefixes: ['a/'] }, { destinations: [IRELAND] }], [rule([['999999999999', 'eu-west-1']])]],
    ['the same, declared twice', [{ destinations: [IRELAND], repositoryPrefixes: ['a/'] }, { destinations: [IRELAND], repositoryPrefixes: ['a/'] }],
      [rule([['999999999999', 'eu-west-1']], ['a/'])]],
    ['the own account may be named', [{ destinations: [account('999999999999', 'eu-west-1')] }, { destinations: [IRELAND] }], [rule([['999999999999', 'eu-west-1']])]],
  ])('%s', (_, replications, rules) => {
    expect(rulesWith(replications)).toEqual(rules);
    expect(rulesWith([...replications].reverse())).toEqual(rules);
  });

  test('in an environment-agnostic stack the own account is that of the deployment', () => {
    expect(rulesWith([{ destinations: [IRELAND, PARTNER] }], newSource(newApp(), AGNOSTIC)))
      .toEqual([rule([['444455556666', 'eu-central-1'], [{ Ref: 'AWS::AccountId' }, 'eu-west-1']])]);
  });

  test('may have what only the deployment knows', () => {
    const stack = newSource();
    const [id, place, prefix] = ['Account', 'Region', 'Prefix'].map((name) => new CfnParameter(stack, name).valueAsString);

    expect(rulesWith([{ destinations: [account(id, place)], repositoryPrefixes: [prefix] }], stack))
      .toEqual([{ ...rule([[{ Ref: 'Account' }, '']], [{ Ref: 'Prefix' }]), Destinations: [{ Region: { Ref: 'Region' }, RegistryId: { Ref: 'Account' } }] }]);
  });
});

describe('what is wrong', () => {
  const china = "'Source/Replication' is in Region us-east-1 and its destination in Region cn-north-1, which are in different partitions of AWS, "
    + 'and Amazon ECR does not replicate from one to the other; push the images to a repository in the other partition';
  const itself = "'Source/Replication' replicates to account 999999999999, Region us-east-1, from where it replicates; give another Region or another account";
  const twice = (what: string, which: string) => `${what} has ${JSON.stringify(which)} twice, but each may stand there once; remove the second, or correct it if another was meant`;
  const empty = (what: string, ifNone: string) => `${what} is empty, but at least one is needed; ${ifNone}`;

  test.each<[string, RegistryReplicationProps, string]>([
    ['no destination', { destinations: [] }, empty('destinations', 'leave the replication out if there is none')],
    ['the registry itself, by its Region', { destinations: [IRELAND, region('us-east-1')] }, itself],
    ['the registry itself, by its account', { destinations: [account('999999999999', 'us-east-1')] }, itself],
    ['another partition', { destinations: [region('cn-north-1')] }, china],
    ['another partition and account', { destinations: [account('444455556666', 'cn-north-1')] }, china],
    ['a Region twice', { destinations: [IRELAND, PARTNER, region('eu-west-1')] }, twice('destinations', 'Region eu-west-1')],
    ['an account twice', { destinations: [PARTNER, account('444455556666', 'eu-central-1')] }, twice('destinations', 'account 444455556666, Region eu-central-1')],
    ['a Region, and the same of the own account', { destinations: [IRELAND, account('999999999999', 'eu-west-1')] }, twice('destinations', 'account 999999999999, Region eu-west-1')],
    ['no prefix', { destinations: [IRELAND], repositoryPrefixes: [] }, empty('repositoryPrefixes', 'leave it out for all repositories')],
    ['a prefix twice', { destinations: [IRELAND], repositoryPrefixes: ['a/', 'a/'] }, twice('repositoryPrefixes', 'a/')],
    ['a prefix that is none', { destinations: [IRELAND], repositoryPrefixes: ['a/*'] },
      'repositoryPrefixes is "a/*", but a prefix is how the names of repositories begin, without "*": 2 to 256 lower-case letters, digits and ._-/, for example "team-a/"; '
      + 'without the "/" at the end it means "team-ab" too'],
  ])('%s', (_, props, message) => {
    expect(errorOf(() => new RegistryReplication(newSource(), 'Replication', props))).toBe(message);
  });

  test('the registry itself, in a stack whose account only the deployment knows', () => {
    const stack = newSource(newApp(), { region: 'us-east-1' });

    expect(errorOf(() => new RegistryReplication(stack, 'Replication', { destinations: [region('us-east-1')] })))
      .toBe("'Source/Replication' replicates to Region us-east-1, from where it replicates; give another Region or another account");
    expect(() => new RegistryReplication(stack, 'Other', { destinations: [account('444455556666', 'us-east-1')] })).not.toThrow();
  });

  test('a stack that was written already', () => {
    const app = newApp();
    const [fresh, used] = ['Fresh', 'Used'].map((id) => newStack(new Stage(app, `${id}Stage`), id, OWNER));
    new RegistryReplication(used, 'Replication', { destinations: [IRELAND] });
    app.synth();

    expect(errorOf(() => new RegistryReplication(fresh, 'Late', { destinations: [IRELAND] })))
      .toBe("'FreshStage/Fresh' was already written with its Stage 'FreshStage', so what is added to it would be lost; add it before that is synthesized");
    expect(errorOf(() => new RegistryReplication(used, 'Late', { destinations: [IRELAND] })))
      .toBe("the policy of 'UsedStage/Used/CdkSharedEcrRegistry' was already written with Stage 'UsedStage', so the replication by 'UsedStage/Used/Late' would be lost; "
        + 'make it before that Stage is synthesized: where its stack is defined, not in an aspect of a later Stage or in a pipeline that contains the Stage');
  });
});

describe('limits', () => {
  const HERE = 'the registry of account 999999999999, Region us-east-1,';
  const many = (count: number) => Array.from({ length: count }, (_, index) => index);
  /** As many rules as this, each with a destination of its own. */
  const withRules = (count: number) => many(count).map((index) => ({ destinations: [account(`${100_000_000_000 + index}`, 'us-east-1')], repositoryPrefixes: [`team-${index}/`] }));
  const REMEDY = 'replicate a prefix that several repositories share to the same destinations, with RegistryReplication';
  const warnings = (stack: Stack) => noticesIn(stack).filter(({ level }) => level === 'warning');

  test.each([10, 11, 25])('%i rules', (count) => {
    const stack = newSource();

    expect(rulesWith(withRules(count), stack)).toHaveLength(count);
    expect(warnings(stack)).toEqual(count === 10 ? [] : [{
      path: 'Source/CdkSharedEcrRegistry',
      level: 'warning',
      text: `${HERE} has ${count} replication rules; AWS documents a limit of 25, but its table of quotas says 10 for every Region but ca-central-1, where the deployment would fail; `
        + `${REMEDY} [ack: cdk-shared-ecr:replicationRulesNearLimit]`,
    }]);
  });

  test('26 rules for 25 destinations are an error', () => {
    const stack = newSource();
    [...withRules(25), { destinations: withRules(1)[0].destinations, repositoryPrefixes: many(101).map((index) => `x-${index}/`) }]
      .forEach((props, index) => new RegistryReplication(stack, `Replication${index}`, props));

    expect(problemsOf(stack)).toEqual([`[Source/CdkSharedEcrRegistry] ${HERE} has 26 replication rules, but Amazon ECR allows 25; ${REMEDY}`]);
    expect(warnings(stack)).toEqual([]);
  });

  test('26 destinations of one rule are an error', () => {
    const stack = newSource();
    new RegistryReplication(stack, 'Replication', { destinations: withRules(26).flatMap(({ destinations }) => destinations) });

    expect(problemsOf(stack)).toEqual([`[Source/CdkSharedEcrRegistry] ${HERE} replicates to 26 destinations, but Amazon ECR allows 25; let the others pull from a replica near them, or through a cache`]);
  });

  test('both are said', () => {
    const stack = newSource();
    withRules(26).forEach((props, index) => new RegistryReplication(stack, `Replication${index}`, props));

    expect(problemsOf(stack).map((problem) => / (has 26 replication rules|replicates to 26 destinations)/.exec(problem)?.[1])).toEqual(['has 26 replication rules', 'replicates to 26 destinations']);
  });
});

describe('what the destination must have', () => {
  const statement = (id: string, names: string) => ({ ...accountsStatement('Replicate', REPLICATE, ['999999999999']), Resource: [`arn:aws:ecr:eu-central-1:${id}:repository/${names}`] });
  const noteOf = (id: string, ...statements: object[]) => ({
    path: 'Source/Replication',
    level: 'info',
    text: `nothing is replicated to account ${id}, Region eu-central-1, before its registry policy lets this account in, and that is not in sight; `
      + `it must have, by RegistryReplicationGrant or as it stands here:\n${printed(...statements)} [ack: cdk-shared-ecr:destinationNotInSight]`,
  });
  const PARTNER_ENV = { account: '444455556666', region: 'eu-central-1' };

  test.each<[string, RegistryReplicationProps, object[]]>([
    ['all repositories', { destinations: [PARTNER] }, [noteOf('444455556666', statement('444455556666', '*'))]],
    ['several destinations', { destinations: [PARTNER, OTHER_PARTNER, IRELAND] },
      [noteOf('444455556666', statement('444455556666', '*')), noteOf('222233334444', statement('222233334444', '*'))]],
    ['prefixes', { destinations: [PARTNER], repositoryPrefixes: ['team-a/', 'web/'] }, ['team-a/*', 'web/*'].map((names) => noteOf('444455556666',
      { ...statement('444455556666', names), Sid: `ReplicateAccountsIn${names === 'web/*' ? 'Web' : 'TeamA'}` }))],
    ['nothing in the own account', { destinations: [IRELAND, account('999999999999', 'eu-north-1')] }, []],
  ])('is noted: %s', (_, props, notes) => {
    const stack = newSource();
    new RegistryReplication(stack, 'Replication', props);
    templateOf(stack);

    expect(noticesIn(stack)).toEqual(notes);
  });

  test('is noted of an environment-agnostic stack, with what to do', () => {
    const stack = newSource(newApp(), AGNOSTIC);
    new RegistryReplication(stack, 'Replication', { destinations: [PARTNER] });
    templateOf(stack);
    const written = { ...statement('444455556666', '*'), Principal: { AWS: [{ Ref: 'AWS::AccountId' }] } };

    expect(noticesIn(stack).map(({ text }) => text)).toEqual([noteOf('444455556666', written).text.replace(' [ack', '\nWhat is written as "Ref" or "Fn::..." there '
      + 'is meant in this stack, not where it is pasted: give the stack an explicit environment to have it in full [ack')]);
  });

  type Use = (stack: Stack) => void;
  const grant = (props: object): Use => (stack) => { new RegistryReplicationGrant(stack, 'Grant', { sourceAccounts: ['999999999999'], replicas: {}, ...props }); };

  test.each<[string, boolean, Use]>([
    ['a grant for all repositories', true, grant({})],
    ['one for these', true, grant({ repositoryPrefixes: ['team-a/'] })],
    ['one for more accounts', true, grant({ sourceAccounts: ['111122223333', '999999999999'] })],
    ['one into repositories that are there', true, grant({ createRepositories: false, replicas: undefined })],
    ['one for wider names', true, grant({ repositoryPrefixes: ['team'], replicas: undefined })],
    ['one for narrower names', false, grant({ repositoryPrefixes: ['team-a/web/'] })],
    ['one for other names', false, grant({ repositoryPrefixes: ['team-b/'] })],
    ['one for another account', false, grant({ sourceAccounts: ['111122223333'] })],
    ['no grant', false, () => {}],
  ])('is in sight: %s: %s', (_, inSight, use) => {
    const app = newApp();
    const [source, destination] = [newSource(app), newStack(app, 'Destination', PARTNER_ENV)];
    use(destination);
    new RegistryReplication(source, 'Replication', { destinations: [PARTNER], repositoryPrefixes: ['team-a/'] });
    templateOf(source);

    expect(noticesIn(source)).toEqual(inSight ? [] : [noteOf('444455556666', { ...statement('444455556666', 'team-a/*'), Sid: 'ReplicateAccountsInTeamA' })]);
    expect([source, destination].flatMap(({ dependencies }) => dependencies)).toEqual([]);
  });

  test('is in sight in a second stack of the destination, and in a later Stage', () => {
    const app = newApp();
    const source = newSource(new Stage(app, 'First'));
    const later = new Stage(app, 'Second');
    new RegistryReplication(newStack(later, 'Other', PARTNER_ENV), 'Replication', { destinations: [region('eu-west-3')], repositoryPrefixes: ['team-b/'] });
    grant({})(newStack(later, 'Destination', PARTNER_ENV));
    new RegistryReplication(source, 'Replication', { destinations: [PARTNER], repositoryPrefixes: ['team-a/'] });
    templateOf(source);

    expect(noticesIn(app)).toEqual([]);
  });

  test('is not in sight in another Region of the destination', () => {
    const app = newApp();
    const source = newSource(app);
    grant({})(newStack(app, 'Destination', { ...PARTNER_ENV, region: 'eu-west-1' }));
    new RegistryReplication(source, 'Replication', { destinations: [PARTNER] });
    templateOf(source);

    expect(noticesIn(app)).toEqual([noteOf('444455556666', statement('444455556666', '*'))]);
  });

  test('is unknown of an account that only the deployment knows', () => {
    const stack = newSource();
    new RegistryReplication(stack, 'Replication', { destinations: [account(Aws.ACCOUNT_ID, 'eu-central-1')] });
    templateOf(stack);

    expect(noticesIn(stack).map(({ text }) => text)).toEqual([expect.stringMatching(/^nothing is replicated to account agnostic, Region eu-central-1, before /)]);
  });
});
