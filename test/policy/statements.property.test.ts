import * as fc from 'fast-check';
import { allows, deployed, Parameters, rendered, Request } from './reference-evaluator';
import { APP_RUNNER_PULL_ACTIONS, LAMBDA_ACTIONS, PULL_ACTIONS, PUSH_ACTIONS, READ_ACTIONS } from '../../src/policy/actions';
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
const ACTIONS = [...new Set([...PULL_ACTIONS, ...PUSH_ACTIONS, ...READ_ACTIONS, 'ecr:BatchDeleteImage'])];

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
  fc.record({ kind: fc.constant('lambdaOrganizationalUnit' as const), path }),
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
const grants: fc.Arbitrary<Grant[]> = fc.array(fc.record({ who, actions }), { maxLength: 10, size: 'max' });

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
}).map(({ account: id, partition, region, deploymentAccount, ...rest }) => {
  const owner = typeof id === 'string' ? id : deploymentAccount;
  const registry: Registry = { account: id, partition, region };
  const parameters: Parameters = { ...rest, 'AWS::AccountId': owner, 'AWS::Partition': 'aws', 'AWS::Region': 'us-east-1' };
  return { owner, registry, parameters };
});

const action = fc.constantFrom(...ACTIONS, ...Array<string>(9).fill('ecr:BatchGetImage'));
const membership = fc.option(fc.tuple(literalOrganization, fc.constantFrom('', ...OUS)), { nil: undefined, freq: 3 })
  .map((member) => (member ? { organization: member[0], organizationPath: `${member[0]}/r-root/${member[1]}` } : {}));
const tags = fc.record({ 'aws-cdk:id': fc.constantFrom(...TAGS), 'team': fc.constantFrom(...TEAMS) }, { requiredKeys: [] });
const request: fc.Arbitrary<Request> = fc.oneof(
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
    ).map(([caller, member]): Request => ({ ...caller, ...member })),
    weight: 3,
  },
  fc.tuple(
    action,
    fc.constantFrom('lambda', 'lambda', 'codebuild'),
    fc.constantFrom('us-east-1', 'us-east-1', 'eu-central-1'),
    literalAccount,
    fc.constantFrom(...FUNCTIONS),
    membership,
  ).map(([verb, service, region, sourceAccount, name, member]): Request => ({
    type: 'Service',
    action: verb,
    service: `${service}.amazonaws.com`,
    sourceAccount,
    sourceArn: `arn:aws:lambda:${region}:${sourceAccount}:function:${name}`,
    ...member,
  })),
);

const text = (statements: readonly Statement[]) => JSON.stringify(statements, null, 2);
const lines = (statements: readonly Statement[]) => text(statements).split('\n').map((line) => line.replace(/,$/, ''));
const principalsOf = ({ Principal }: Statement, type: 'AWS' | 'Service') => [(Principal as Record<string, Value>)[type] ?? []].flat();

describe('merging', () => {
  test('never widens and never narrows access', () => {
    const letIn = new Map<string, number>();
    const twenty = fc.array(request, { minLength: 20, maxLength: 20 });
    fc.assert(fc.property(grants, setting, twenty, (given, { owner, registry, parameters }, requests) => {
      const merged = deployed(statementsFor(given, registry), parameters) as Statement[];
      const unmerged = deployed(given.map((grant) => rendered(grant, registry)), parameters) as Statement[];
      for (const one of requests) {
        const by = given.filter((_, index) => allows([unmerged[index]], one, owner));
        by.forEach(({ who: { kind } }) => letIn.set(kind, (letIn.get(kind) ?? 0) + 1));
        if (allows(merged, one, owner) !== by.length > 0) {
          throw new Error(`${JSON.stringify(one)} is ${by.length > 0 ? 'granted, but shut out' : 'let in, but not granted'}`);
        }
      }
    }), { numRuns: 3000 });
    // Requests that nobody grants would prove nothing: every kind of grantee has let callers in.
    expect([...letIn.keys()].sort()).toEqual(KINDS);
    expect(Math.min(...letIn.values())).toBeGreaterThan(50);
  });

  test('never takes more statements than there are grants', () => {
    fc.assert(fc.property(grants, setting, (given, { registry }) => {
      expect(statementsFor(given, registry).length).toBeLessThanOrEqual(given.length);
    }), { numRuns: 500 });
  });
});

describe('the same grants give the same text', () => {
  test('in whatever order they are made', () => {
    const shuffled = grants.chain((given) => fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length })));
    fc.assert(fc.property(shuffled, setting, ([given, again], { registry }) => {
      expect(text(statementsFor(again, registry))).toBe(text(statementsFor(given, registry)));
    }), { numRuns: 1000 });
  });

  test('when they are made twice, and when their actions are listed in another order or twice', () => {
    fc.assert(fc.property(grants, setting, (given, { registry }) => {
      const once = text(statementsFor(given, registry));
      expect(text(statementsFor([...given, ...given], registry))).toBe(once);
      const reordered = given.map((grant) => ({ ...grant, actions: [...grant.actions, ...grant.actions].reverse() }));
      expect(text(statementsFor(reordered, registry))).toBe(once);
    }), { numRuns: 1000 });
  });
});

describe('a new account', () => {
  const NEW = '444444444444';
  const grantOf = (id: string): Grant => ({ who: { kind: 'account', account: id }, actions: PULL_ACTIONS });
  const withNew = (given: readonly Grant[], registry: Registry) => ({
    before: lines(statementsFor(given, registry)),
    after: lines(statementsFor([...given, grantOf(NEW)], registry)),
  });

  test('is one new line where accounts may already pull', () => {
    const pullers = fc.tuple(grants, fc.constant(grantOf('555555555555'))).map(([given, grant]) => [...given, grant]);
    fc.assert(fc.property(pullers, setting, (given, { registry }) => {
      const { before, after } = withNew(given, registry);
      const at = after.indexOf(`        "${NEW}"`);
      expect(after.filter((_, index) => index !== at)).toEqual(before);
    }), { numRuns: 500 });
  });

  test('is one new statement where none may pull yet', () => {
    const noPullers = grants.map((given) => given.map((grant) => (
      ['account', 'arn'].includes(grant.who.kind) ? { ...grant, actions: READ_ACTIONS } : grant)));
    fc.assert(fc.property(noPullers, setting, (given, { registry }) => {
      const before = statementsFor(given, registry);
      const after = statementsFor([...given, grantOf(NEW)], registry);
      expect(after.filter(({ Sid }) => Sid !== 'PullAccounts')).toEqual(before);
      expect(after).toHaveLength(before.length + 1);
    }), { numRuns: 500 });
  });
});

describe('every statement', () => {
  test('lacks a Resource, and has a Sid of its own, of letters and digits', () => {
    fc.assert(fc.property(grants, setting, (given, { registry }) => {
      const statements = statementsFor(given, registry);
      const sids = statements.map(({ Sid }) => Sid);
      expect(new Set(sids).size).toBe(sids.length);
      for (const statement of statements) {
        expect(statement.Sid).toMatch(/^[A-Za-z0-9]+$/);
        expect(statement).not.toHaveProperty('Resource');
        expect(statement.Effect).toBe('Allow');
      }
    }), { numRuns: 1000 });
  });

  test('for a service or for everybody has a condition, and one for everybody leaves out the owner or names accounts', () => {
    fc.assert(fc.property(grants, setting, (given, { registry }) => {
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
