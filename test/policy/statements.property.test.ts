import * as fc from 'fast-check';
import { allows, deployed, Parameters, rendered, Request } from './reference-evaluator';
import {
  APP_RUNNER_PULL_ACTIONS, CACHE_CREATE_ACTIONS, CACHE_PULL_ACTIONS, CREATION_ACTIONS, LAMBDA_ACTIONS, PULL_ACTIONS, PULL_THROUGH_ACTIONS,
  PUSH_ACTIONS, READ_ACTIONS, REPLICATION_ACTIONS, REPLICATION_INTO_EXISTING_ACTIONS,
} from '../../src/policy/actions';
import { isCovered } from '../../src/policy/coverage';
import { Conditions, Grant, Registry, Statement, Who } from '../../src/policy/grant';
import { statementsFor } from '../../src/policy/statements';
import { Value } from '../../src/policy/value';

/** Small pools, with favourites: grants must meet each other, and requests must meet grants. */
const ACCOUNTS = ['111111111111', '222222222222', '333333333333', '999999999999'];
const FAVOURITES = ['111111111111', '111111111111', '111111111111', '999999999999'];
const ORGANIZATIONS = ['o-aaaaaaaaaa', 'o-bbbbbbbbbb'];
const OUS = ['ou-root-11111111/', 'ou-root-11111111/ou-root-22222222/', 'ou-root-1111111133/', 'ou-root-33333333/'];
const PATTERNS = [
  'role/app', 'role/app-execution', 'role/teams/web/app', 'role/teams/*', 'role/*', 'role/**', 'role/app*', 'role/*app', 'role/a*p*', 'role/ap*pp',
  'user/ci', 'user/*', 'user/app',
];
const NAMES = [
  'role/app', 'role/app', 'role/app', 'role/app-execution', 'role/app-execution', 'role/teams/web/app', 'role/app/web', 'role/ap',
  'user/ci', 'user/app', 'user/teams/app',
];
const FUNCTION_PATTERNS = ['*', '**', 'orders', 'orders-*', 'o*', '*s', 'o*s'];
const FUNCTIONS = ['orders', 'orders-api', 'os', 'payments'];
const TAGS = ['Stack_role', 'Stack_other'];
const TEAMS = ['web', 'data'];
const ACTIONS = [...new Set([...PULL_ACTIONS, ...PUSH_ACTIONS, ...READ_ACTIONS, ...CACHE_PULL_ACTIONS, ...CREATION_ACTIONS, 'ecr:BatchDeleteImage'])];
const REPOSITORY_PATTERNS = [
  '*', '*', '*', '**', 'team-a/*', 'team-a/*', 'team-a/**', 'team-*', 'team-*', 'team-ab/*', 'team-a/web*', '*/web-app', 'team-*/web-app',
  'team-a/web-app', 'web-app', 'web-app*',
];
const REPOSITORIES = [
  'team-a/web-app', 'team-a/web-app', 'team-a/web/app', 'team-a/api', 'team-ab/web-app', 'team-b/api', 'team-a', 'web-app', 'web-app-2',
];

const KINDS = ['account', 'accountList', 'arn', 'conditioned', 'identity', 'lambda', 'lambdaOrganization', 'lambdaOrganizationalUnit', 'organization',
  'organizationalUnit', 'tagged'];

const ref = (name: string): Value => ({ Ref: name });
const join = (...parts: Value[]): Value => ({ 'Fn::Join': ['', parts] });

const literalAccount = fc.constantFrom(...ACCOUNTS, ...FAVOURITES);
const literalOrganization = fc.constantFrom(...ORGANIZATIONS);
const literalPath = fc.tuple(literalOrganization, fc.constantFrom(...OUS)).map(([organization, ou]) => `${organization}/r-root/${ou}`);

const mostly = <T>(arbitrary: fc.Arbitrary<T>, ...rest: T[]): fc.Arbitrary<T> =>
  fc.oneof({ arbitrary, weight: 9 }, { arbitrary: fc.constantFrom(...rest), weight: 1 });
const account = mostly<Value>(literalAccount, ref('Consumer'));
const organization = mostly<Value>(literalOrganization, ref('Organization'));
const path = mostly<Value>(literalPath, join(ref('Organization'), '/r-root/ou-root-11111111/'));
const arn: fc.Arbitrary<Value> = fc.tuple(literalAccount, fc.constantFrom(
  (id: string): Value => id,
  (id: string): Value => `arn:aws:iam::${id}:root`,
  (id: string): Value => `arn:aws:iam::${id}:role/app`,
  (id: string): Value => `arn:aws:iam::${id}:role/app-execution`,
  (id: string): Value => `arn:aws:iam::${id}:role/teams/web/app`,
  (id: string): Value => `arn:aws:iam::${id}:user/ci`,
  (id: string): Value => `arn:aws:sts::${id}:assumed-role/app/session`,
  (id: string): Value => join('arn:', ref('AWS::Partition'), `:iam::${id}:root`),
  (id: string): Value => join('arn:', ref('AWS::Partition'), `:iam::${id}:role/app`),
  (id: string): Value => join(`arn:aws:iam::${id}:role/app`, ref('Suffix')),
  (): Value => join('arn:aws:iam::', ref('Consumer'), ':role/app'),
)).map(([id, make]) => make(id));

const closedAws: fc.Arbitrary<Conditions> = fc.oneof(
  literalOrganization.map((id): Conditions => ({ StringEquals: { 'aws:PrincipalOrgID': id } })),
  fc.subarray(ORGANIZATIONS, { minLength: 1 }).map((ids): Conditions => ({ StringEquals: { 'aws:PrincipalOrgID': ids } })),
  fc.tuple(literalPath, fc.constantFrom(...TEAMS)).map(([below, team]): Conditions => ({
    'StringEquals': { 'aws:PrincipalTag/team': team },
    'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': [`${below}*`] },
  })),
  fc.tuple(literalOrganization, fc.constantFrom(...TEAMS)).map(([id, team]): Conditions => ({
    StringNotEquals: { 'aws:PrincipalTag/team': team },
    StringEquals: { 'aws:principalorgid': id },
  })),
  fc.tuple(literalOrganization, literalAccount).map(([id, not]): Conditions => ({
    StringEquals: { 'aws:PrincipalOrgID': id },
    StringNotEquals: { 'aws:PrincipalAccount': not },
  })),
  literalAccount.map((id): Conditions => ({ StringEquals: { 'aws:PrincipalAccount': id } })),
  literalAccount.map((id): Conditions => ({ ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${id}:role/app*` } })),
);
const closedService: fc.Arbitrary<Conditions> = fc.oneof(
  literalAccount.map((id): Conditions => ({ StringEquals: { 'aws:SourceAccount': id } })),
  literalAccount.map((id): Conditions => ({ ArnLike: { 'aws:SourceArn': `arn:aws:lambda:us-east-1:${id}:function:orders` } })),
  literalOrganization.map((id): Conditions => ({ StringEquals: { 'aws:SourceOrgID': [id] } })),
);
const team: fc.Arbitrary<Conditions> = fc.constantFrom(...TEAMS).map((name) => ({ StringEquals: { 'aws:PrincipalTag/team': name } }));

const who: fc.Arbitrary<Who> = fc.oneof(
  { arbitrary: fc.record({ kind: fc.constant('account' as const), account }), weight: 2 },
  fc.constant<Who>({ kind: 'accountList', accounts: { Ref: 'Accounts' } }),
  { arbitrary: fc.record({ kind: fc.constant('identity' as const), account, name: fc.constantFrom(...PATTERNS) }), weight: 4 },
  { arbitrary: fc.record({ kind: fc.constant('tagged' as const), account, tag: fc.constantFrom(...TAGS) }), weight: 2 },
  fc.record({ kind: fc.constant('organization' as const), organization }),
  { arbitrary: fc.record({ kind: fc.constant('organizationalUnit' as const), path }), weight: 3 },
  { arbitrary: fc.record({ kind: fc.constant('arn' as const), arn }), weight: 4 },
  { arbitrary: fc.record({ kind: fc.constant('lambda' as const), account, functionName: fc.constantFrom(...FUNCTION_PATTERNS) }), weight: 2 },
  fc.record({ kind: fc.constant('lambdaOrganization' as const), organization }),
  { arbitrary: fc.record({ kind: fc.constant('lambdaOrganizationalUnit' as const), path }), weight: 3 },
  fc.record({ kind: fc.constant('conditioned' as const), type: fc.constant('AWS' as const), principal: fc.constant('*'), conditions: closedAws }),
  fc.record({ kind: fc.constant('conditioned' as const), type: fc.constant('AWS' as const), principal: arn, conditions: team }),
  fc.record({
    kind: fc.constant('conditioned' as const),
    type: fc.constant('Service' as const),
    principal: fc.constantFrom('lambda.amazonaws.com', 'codebuild.amazonaws.com'),
    conditions: closedService,
  }),
);

const actions = fc.oneof(
  { arbitrary: fc.constantFrom(PULL_ACTIONS, PULL_ACTIONS, LAMBDA_ACTIONS, PUSH_ACTIONS, READ_ACTIONS, APP_RUNNER_PULL_ACTIONS), weight: 3 },
  fc.subarray(ACTIONS, { minLength: 1 }),
);
const repositories = mostly<Value>(fc.constantFrom(...REPOSITORY_PATTERNS), ref('Name'), join('team-', ref('Team'), '/*'));

const grants: fc.Arbitrary<Grant[]> = fc.array(fc.record({ who, actions }), { maxLength: 10, size: 'max' });
const pullsAndReplications = fc.constantFrom(
  PULL_ACTIONS, PULL_ACTIONS, PULL_ACTIONS, PULL_ACTIONS, CACHE_PULL_ACTIONS, CACHE_CREATE_ACTIONS, PULL_THROUGH_ACTIONS, REPLICATION_ACTIONS,
  CREATION_ACTIONS, REPLICATION_INTO_EXISTING_ACTIONS,
);
/** For a registry policy: the same grantee often has more than one pattern, so that patterns meet each other. */
const registryGrants: fc.Arbitrary<Grant[]> = fc.array(
  fc.tuple(who, mostly(pullsAndReplications, LAMBDA_ACTIONS, READ_ACTIONS), fc.array(repositories, { minLength: 1, maxLength: 3 })),
  { maxLength: 7, size: 'max' },
).map((all) => all.flatMap(([grantee, verbs, patterns]): Grant[] =>
  patterns.map((pattern) => ({ who: grantee, actions: verbs, repositories: pattern }))));

type Where = Pick<Grant, 'repositories'>;

/** What the policy is of, its grants, and all repositories as its grants say it. */
const POLICIES: Array<[string, fc.Arbitrary<Grant[]>, Where]> = [
  ['a repository', grants, {}],
  ['a registry', registryGrants, { repositories: '*' }],
];

/** A policy, and what its deployment will know. */
const setting = fc.record({
  account: mostly<Value>(literalAccount, ref('AWS::AccountId')),
  partition: mostly<Value>(fc.constant('aws'), ref('AWS::Partition')),
  region: mostly<Value>(fc.constant('us-east-1'), ref('AWS::Region')),
  deploymentAccount: literalAccount,
  Consumer: literalAccount,
  Organization: literalOrganization,
  Suffix: fc.constantFrom('', '-execution'),
  Accounts: fc.subarray(ACCOUNTS, { minLength: 1 }),
  Name: fc.constantFrom('web-app', 'team-a/web-app'),
  Team: fc.constantFrom('a', 'ab'),
}).map(({ account: id, partition, region, deploymentAccount, ...rest }) => {
  const owner = typeof id === 'string' ? id : deploymentAccount;
  const registry: Registry = { account: id, partition, region };
  const parameters: Parameters = { ...rest, 'AWS::AccountId': owner, 'AWS::Partition': 'aws', 'AWS::Region': 'us-east-1' };
  return { owner, registry, parameters };
});

const action = fc.constantFrom(...ACTIONS, ...Array<string>(14).fill('ecr:BatchGetImage'));
const membership = fc.option(fc.tuple(literalOrganization, fc.constantFrom('', ...OUS)), { nil: undefined, freq: 3 })
  .map((member) => (member ? { organization: member[0], organizationPath: `${member[0]}/r-root/${member[1]}` } : {}));
/** A request that lacks the repository; the registry that it goes to is the setting's. */
type Unaddressed = Request extends infer R ? (R extends Request ? Omit<R, 'resource'> : never) : never;
const tags = fc.record({ 'aws-cdk:id': fc.constantFrom(...TAGS), 'team': fc.constantFrom(...TEAMS) }, { requiredKeys: [] });
const requestOfNothing: fc.Arbitrary<Unaddressed> = fc.oneof(
  {
    arbitrary: fc.tuple(
      fc.record({
        type: fc.constant('AWS' as const),
        action,
        account: literalAccount,
        name: fc.constantFrom(...NAMES),
        tags,
        identityPolicy: fc.boolean(),
      }),
      membership,
    ).map(([caller, member]): Unaddressed => ({ ...caller, ...member })),
    weight: 3,
  },
  fc.tuple(
    action,
    fc.constantFrom('lambda', 'lambda', 'codebuild'),
    fc.constantFrom('us-east-1', 'us-east-1', 'eu-central-1'),
    literalAccount,
    fc.constantFrom(...FUNCTIONS),
    membership,
  ).map(([verb, service, region, sourceAccount, name, member]): Unaddressed => ({
    type: 'Service',
    action: verb,
    service: `${service}.amazonaws.com`,
    sourceAccount,
    sourceArn: `arn:aws:lambda:${region}:${sourceAccount}:function:${name}`,
    ...member,
  })),
);

const request = fc.tuple(requestOfNothing, fc.constantFrom(...REPOSITORIES));
const addressed = ([unaddressed, repository]: [Unaddressed, string], owner: string): Request =>
  ({ ...unaddressed, resource: `arn:aws:ecr:us-east-1:${owner}:repository/${repository}` });

const text = (statements: readonly Statement[]) => JSON.stringify(statements, null, 2);
const lines = (statements: readonly Statement[]) => text(statements).split('\n').map((line) => line.replace(/,$/, ''));
const principalsOf = ({ Principal }: Statement, type: 'AWS' | 'Service') => [(Principal as Record<string, Value>)[type] ?? []].flat();

describe.each(POLICIES)('merging grants for %s', (policy, someGrants) => {
  test('never widens and never narrows access', () => {
    const letIn = new Map<string, number>();
    let shutOutByName = 0;
    const twenty = fc.array(request, { minLength: 20, maxLength: 20 });
    fc.assert(fc.property(someGrants, setting, twenty, (given, { owner, registry, parameters }, requests) => {
      const merged = deployed(statementsFor(given, registry), parameters) as Statement[];
      const unmerged = deployed(given.map((grant) => rendered(grant, registry)), parameters) as Statement[];
      for (const one of requests.map((unaddressed) => addressed(unaddressed, owner))) {
        const by = given.filter((_, index) => allows([unmerged[index]], one, owner));
        if (policy === 'a registry' && by.length === 0) {
          shutOutByName += Number(allows(unmerged.map(({ Resource, ...rest }) => rest), one, owner));
        }
        by.forEach(({ who: { kind } }) => letIn.set(kind, (letIn.get(kind) ?? 0) + 1));
        if (allows(merged, one, owner) !== by.length > 0) {
          throw new Error(`${JSON.stringify(one)} is ${by.length > 0 ? 'granted, but shut out' : 'let in, but not granted'}`);
        }
      }
    }), { numRuns: 3000 });
    // Requests that nobody grants would prove nothing: every kind of grantee has let callers in.
    expect([...letIn.keys()].sort()).toEqual(KINDS);
    expect(Math.min(...letIn.values())).toBeGreaterThan(50);
    expect(shutOutByName > 500).toBe(policy === 'a registry');
  });

  test('never takes more statements than there are grants', () => {
    fc.assert(fc.property(someGrants, setting, (given, { registry }) => {
      expect(statementsFor(given, registry).length).toBeLessThanOrEqual(given.length);
    }), { numRuns: 500 });
  });
});

describe.each(POLICIES)('the same grants for %s give the same text', (_, someGrants) => {
  test('in whatever order they are made', () => {
    const shuffled = someGrants.chain((given) => fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length })));
    fc.assert(fc.property(shuffled, setting, ([given, again], { registry }) => {
      expect(text(statementsFor(again, registry))).toBe(text(statementsFor(given, registry)));
    }), { numRuns: 1000 });
  });

  test('when they are made twice, and when their actions are listed in another order or twice', () => {
    fc.assert(fc.property(someGrants, setting, (given, { registry }) => {
      const once = text(statementsFor(given, registry));
      expect(text(statementsFor([...given, ...given], registry))).toBe(once);
      const reordered = given.map((grant) => ({ ...grant, actions: [...grant.actions, ...grant.actions].reverse() }));
      expect(text(statementsFor(reordered, registry))).toBe(once);
    }), { numRuns: 1000 });
  });
});

describe.each(POLICIES)('a new account in the policy of %s', (policy, someGrants, everywhere) => {
  const NEW = '444444444444';
  const grantOf = (id: string, where: Where): Grant => ({ who: { kind: 'account', account: id }, actions: PULL_ACTIONS, ...where });

  test('is one new line where accounts may already pull the same', () => {
    const two: Where[] = [{ repositories: 'team-a/*' }, { repositories: 'web-app' }];
    const wheres = fc.constantFrom([everywhere], policy === 'a registry' ? two : [everywhere]);
    fc.assert(fc.property(someGrants, wheres, setting, (given, where, { registry }) => {
      const grantsOf = (id: string) => where.map((one) => grantOf(id, one));
      const before = lines(statementsFor([...given, ...grantsOf('555555555555')], registry));
      const after = lines(statementsFor([...given, ...grantsOf('555555555555'), ...grantsOf(NEW)], registry));
      const at = after.indexOf(`        "${NEW}"`);
      expect(after.filter((_, index) => index !== at)).toEqual(before);
    }), { numRuns: 500 });
  });

  test('is one new statement where none may pull yet', () => {
    const noPullers = someGrants.map((given) => given.map((grant) => (
      ['account', 'arn'].includes(grant.who.kind) ? { ...grant, actions: READ_ACTIONS } : grant)));
    fc.assert(fc.property(noPullers, setting, (given, { registry }) => {
      const before = statementsFor(given, registry);
      const after = statementsFor([...given, grantOf(NEW, everywhere)], registry);
      expect(after.filter(({ Sid }) => Sid !== 'PullAccounts')).toEqual(before);
      expect(after).toHaveLength(before.length + 1);
    }), { numRuns: 500 });
  });
});

test.each(POLICIES)('what grants for %s cover is exactly what changes nothing when it is granted besides', (policy, someGrants) => {
  const narrower = (grant: Grant): Grant =>
    ({ ...grant, actions: grant.actions.slice(0, 1), ...(policy === 'a registry' && { repositories: 'team-a/web-app' }) });
  const seen = [0, 0];
  fc.assert(fc.property(someGrants, someGrants, setting, (given, others, { registry }) => {
    const before = text(statementsFor(given, registry));
    // Of conditions, those that leave out the owner are not told from those that are made to.
    for (const other of [...others, ...given.map(narrower)].filter((grant) => grant.who.kind !== 'conditioned')) {
      const covered = isCovered(other, given, registry);
      seen[Number(covered)]++;
      expect(text(statementsFor([...given, other], registry)) === before).toBe(covered);
    }
  }), { numRuns: 300 });
  expect(Math.min(...seen)).toBeGreaterThan(100);
});

const expectSidsOfTheirOwn = (statements: readonly Statement[]) => {
  const sids = statements.map(({ Sid }) => Sid);
  expect(sids.filter((sid, index) => sids.indexOf(sid) !== index)).toEqual([]);
  expect(sids.filter((sid) => !/^[A-Za-z0-9]+$/.test(sid))).toEqual([]);
};

test('Sids are told apart even where roles and repositories have names that read like parts of Sids', () => {
  const crowd = Array.from({ length: 6 }, (_, index) => `10000000000${index}`);
  const names = ['app', 'app-in', 'app-in-team-a', 'in-team-a', 'app-in-in-team-a', 'in-organizations'];
  const prefixes = [
    '*', '*', 'team-a/*', 'in-team-a/*', 'organizations/*', 'organizational-units/*', 'organizations-in-team-a/*', 'organizations', 'in/*',
  ];
  const lambdas: Who[] = [
    { kind: 'lambda', account: ACCOUNTS[0], functionName: '*' },
    { kind: 'lambdaOrganization', organization: ORGANIZATIONS[0] },
    { kind: 'lambdaOrganizationalUnit', path: `${ORGANIZATIONS[1]}/r-root/${OUS[0]}` },
  ];
  const whos = fc.oneof(
    {
      arbitrary: fc.constantFrom(...names).map((name) => crowd.map((id): Who => ({ kind: 'identity', account: id, name: `role/${name}` }))),
      weight: 3,
    },
    { arbitrary: fc.constantFrom(...lambdas).map((one) => [one]), weight: 2 },
  );
  const confusing = fc.array(fc.tuple(whos, fc.constantFrom(...prefixes)), { maxLength: 8, size: 'max' }).map((all) =>
    all.flatMap(([alike, prefix]) => alike.map((one): Grant => ({ who: one, actions: PULL_ACTIONS, repositories: prefix }))));
  fc.assert(fc.property(confusing, setting, (given, { registry }) => expectSidsOfTheirOwn(statementsFor(given, registry))), { numRuns: 2000 });
});

test('a grant that does not say for which repositories it is, among others that do, is for all', () => {
  fc.assert(fc.property(registryGrants, setting, (given, { registry }) => {
    const mixed = given.map(({ repositories: names, ...grant }): Grant => (names === '*' ? grant : { ...grant, repositories: names }));
    fc.pre(mixed.some((grant) => grant.repositories !== undefined));
    expect(text(statementsFor(mixed, registry))).toBe(text(statementsFor(given, registry)));
  }), { numRuns: 500 });
});

describe.each(POLICIES)('every statement of the policy of %s', (policy, someGrants) => {
  test('has a Sid of its own, of letters and digits, and says for which repositories it is only if a registry\'s', () => {
    fc.assert(fc.property(someGrants, setting, (given, { registry }) => {
      const statements = statementsFor(given, registry);
      expectSidsOfTheirOwn(statements);
      for (const { Effect, Resource } of statements) {
        expect(Effect).toBe('Allow');
        if (policy === 'a registry') {
          const names = Resource!.map((name) => JSON.stringify(name));
          expect(names.length).toBeGreaterThan(0);
          expect(new Set(names).size).toBe(names.length);
        } else {
          expect(Resource).toBeUndefined();
        }
      }
    }), { numRuns: 1000 });
  });

  test('for a service or for everybody has a condition, and one for everybody leaves out the owner or names accounts', () => {
    fc.assert(fc.property(someGrants, setting, (given, { registry }) => {
      for (const statement of statementsFor(given, registry)) {
        if (principalsOf(statement, 'Service').length > 0) {
          expect(JSON.stringify(statement.Condition)).toMatch(/"aws:Source(Arn|Account|OrgID|OrgPaths)":/);
        }
        if (principalsOf(statement, 'AWS').includes('*')) {
          expect(JSON.stringify(statement.Condition)).toMatch(/"aws:Principal(Account|Arn)":/);
        }
      }
    }), { numRuns: 1000 });
  });
});

test('a principal named by its ARN stays where its account may be the owner\'s', () => {
  const named = fc.record({
    who: fc.record({ kind: fc.constant('arn' as const), arn: literalAccount.map((id) => `arn:aws:iam::${id}:role/app`) }),
    actions: fc.constant(PULL_ACTIONS),
  });
  fc.assert(fc.property(grants, named, setting, (given, grant, { registry }) => {
    const namedArn = grant.who.arn;
    fc.pre(typeof registry.account !== 'string' || namedArn.includes(registry.account));
    const kept = statementsFor([...given, grant], registry)
      .filter((statement) => principalsOf(statement, 'AWS').includes(namedArn) && statement.Condition === undefined)
      .filter((statement) => PULL_ACTIONS.every((one) => statement.Action.includes(one)));
    expect(kept).toHaveLength(1);
  }), { numRuns: 500 });
});
