import * as fc from 'fast-check';
import { both, Caller, decideByIdentity, decideByResource, Decision, decisionOf, either, Request } from '../../../src/access/judgement/evaluate';
import { statementsOf } from '../../../src/access/model/policy-document';
import { LAMBDA_ACTIONS, LOGIN_ACTION, PULL_ACTIONS, PUSH_ACTIONS, READ_ACTIONS } from '../../../src/policy/actions';
import { Conditions, Grant, Who } from '../../../src/policy/grant';
import { statementsFor } from '../../../src/policy/statements';
import { allows, Request as ReferenceRequest } from '../../policy/reference-evaluator';

/*
 * What the judge decides, a second opinion decides, too: that of the tests of the policy core, which shares no code with it. Everything is known, so
 * nothing may be undecided.
 */

const ACCOUNTS = ['111111111111', '111111111111', '222222222222', '333333333333'];
const ORGANIZATIONS = ['o-aaaaaaaaaa', 'o-bbbbbbbbbb'];
const OUS = ['ou-root-11111111/', 'ou-root-11111111/ou-root-22222222/', 'ou-root-1111111133/'];
const ROLES = ['role/app', 'role/app', 'role/app-execution', 'role/teams/web/app'];
const REPOSITORIES = ['web-app', 'team-a/web-app', 'team-ab/api'];
const TEAMS = ['web', 'data'];
const FUNCTIONS = ['orders', 'orders-api', 'payments'];

const account = fc.constantFrom(...ACCOUNTS);
const organization = fc.constantFrom(...ORGANIZATIONS);
const path = fc.tuple(organization, fc.constantFrom(...OUS)).map(([id, ou]) => `${id}/r-root/${ou}`);

const conditioned = (type: 'AWS' | 'Service', principal: string, conditions: fc.Arbitrary<Conditions>): fc.Arbitrary<Who> => (
  conditions.map((all) => ({ kind: 'conditioned', type, principal, conditions: all })));

const who: fc.Arbitrary<Who> = fc.oneof(
  fc.record({ kind: fc.constant('account' as const), account }),
  fc.record({
    kind: fc.constant('identity' as const), account, name: fc.constantFrom('role/app', 'role/*', 'role/teams/*', 'role/app*', 'role/*app', 'user/*'),
  }),
  fc.record({ kind: fc.constant('tagged' as const), account, tag: fc.constantFrom('Stack_role', 'Stack_other') }),
  fc.record({ kind: fc.constant('organization' as const), organization }),
  fc.record({ kind: fc.constant('organizationalUnit' as const), path }),
  fc.record({
    kind: fc.constant('arn' as const),
    arn: fc.tuple(account, fc.constantFrom('root', ...ROLES)).map(([id, name]) => `arn:aws:iam::${id}:${name}`),
  }),
  fc.record({ kind: fc.constant('lambda' as const), account, functionName: fc.constantFrom('*', 'orders', 'orders-*', '*s') }),
  fc.record({ kind: fc.constant('lambdaOrganization' as const), organization }),
  fc.record({ kind: fc.constant('lambdaOrganizationalUnit' as const), path }),
  conditioned('AWS', '*', fc.oneof(
    fc.tuple(organization, fc.constantFrom(...TEAMS)).map(([id, team]): Conditions => (
      { StringNotEquals: { 'aws:PrincipalTag/team': team }, StringEquals: { 'aws:principalorgid': id } })),
    account.map((id): Conditions => ({ StringEquals: { 'aws:PrincipalAccount': id } })),
    account.map((id): Conditions => ({ ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${id}:role/app*` } })),
  )),
  conditioned('Service', 'codebuild.amazonaws.com', account.map((id): Conditions => ({ StringEquals: { 'aws:SourceAccount': id } }))),
);

const actions = fc.constantFrom(PULL_ACTIONS, PULL_ACTIONS, LAMBDA_ACTIONS, PUSH_ACTIONS, READ_ACTIONS);
const ofRepository: fc.Arbitrary<Grant[]> = fc.array(fc.record({ who, actions }), { maxLength: 7, size: 'max' });
const ofRegistry: fc.Arbitrary<Grant[]> = fc.array(
  fc.record({ who, actions, repositories: fc.constantFrom('*', 'team-a/*', 'team-*', 'web-app', '*/web-app') }), { maxLength: 7, size: 'max' });

const membership = fc.option(fc.tuple(organization, fc.constantFrom('', ...OUS)), { nil: undefined, freq: 3 })
  .map((member) => (member ? { organization: member[0], organizationPath: `${member[0]}/r-root/${member[1]}` } : {}));
type Unaddressed = ReferenceRequest extends infer R ? (R extends ReferenceRequest ? Omit<R, 'resource'> : never) : never;
const action = fc.constantFrom(...LAMBDA_ACTIONS, ...LAMBDA_ACTIONS, 'ecr:PutImage', 'ecr:DescribeImages', 'ecr:BatchDeleteImage');
const request: fc.Arbitrary<[Unaddressed, string]> = fc.tuple(fc.oneof(
  {
    arbitrary: fc.tuple(fc.record({
      type: fc.constant('AWS' as const),
      action,
      account,
      name: fc.constantFrom(...ROLES),
      tags: fc.record({ 'aws-cdk:id': fc.constantFrom('Stack_role', 'Stack_other'), 'team': fc.constantFrom(...TEAMS) }, { requiredKeys: [] }),
      identityPolicy: fc.boolean(),
    }), membership).map(([caller, member]): Unaddressed => ({ ...caller, ...member })),
    weight: 3,
  },
  fc.tuple(action, fc.constantFrom('lambda', 'lambda', 'codebuild'), account, fc.constantFrom(...FUNCTIONS), membership)
    .map(([verb, service, sourceAccount, name, member]): Unaddressed => ({
      type: 'Service',
      action: verb,
      service: `${service}.amazonaws.com`,
      sourceAccount,
      sourceArn: `arn:aws:lambda:us-east-1:${sourceAccount}:function:${name}`,
      ...member,
    })),
), fc.constantFrom(...REPOSITORIES));

function asked(one: ReferenceRequest): Request {
  const { organization: id, organizationPath } = one;
  const side = one.type === 'AWS' ? 'principal' : 'source';
  const caller: Caller = one.type === 'AWS'
    ? { type: 'role', name: `arn:aws:iam::${one.account}:${one.name}`, account: one.account }
    : { type: 'service', name: one.service, account: one.sourceAccount };
  const values = new Map<string, readonly string[]>([
    ...(id === undefined ? [] : [[`aws:${side}orgid`, [id]] as const, [`aws:${side}orgpaths`, [organizationPath!]] as const]),
    ...(one.type === 'AWS'
      ? [
        ['aws:principalarn', [caller.name]] as const,
        ['aws:principalaccount', [caller.account]] as const,
        ...Object.entries(one.tags).map(([key, value]) => [`aws:principaltag/${key}`, [value]] as const),
      ]
      : [['aws:sourcearn', [one.sourceArn]] as const, ['aws:sourceaccount', [one.sourceAccount]] as const]),
  ]);
  return { caller, action: one.action, resource: one.resource, context: (key) => values.get(key) };
}

const EVERYTHING = statementsOf({ Statement: { Effect: 'Allow', Action: '*', Resource: '*' } });
const LOGIN_ONLY = statementsOf({ Statement: { Effect: 'Allow', Action: LOGIN_ACTION, Resource: '*' } });

/** As the judge puts the two halves together. */
function decided(document: object, one: ReferenceRequest, owner: string): Decision {
  const statements = statementsOf(document);
  const question = asked(one);
  if (one.type === 'Service') {
    return decisionOf(decideByResource(statements, question, 'anything'));
  }
  const byIdentity = decideByIdentity(one.identityPolicy ? EVERYTHING : LOGIN_ONLY, question);
  return decisionOf(one.account === owner
    ? either(decideByResource(statements, question, 'itself'), byIdentity)
    : both(decideByResource(statements, question, 'anything'), byIdentity));
}

test.each([['a repository', ofRepository], ['a registry', ofRegistry]])('the policy of %s lets in whom a second opinion lets in', (_, someGrants) => {
  const seen = new Map<string, number>();
  const twenty = fc.array(request, { minLength: 20, maxLength: 20 });
  fc.assert(fc.property(someGrants, account, twenty, (given, owner, requests) => {
    const statements = statementsFor(given, { account: owner, partition: 'aws', region: 'us-east-1' });
    const document = JSON.parse(JSON.stringify({ Statement: statements }, (__, value) => joined(value)));
    for (const [unaddressed, repository] of requests) {
      const one: ReferenceRequest = { ...unaddressed, resource: `arn:aws:ecr:us-east-1:${owner}:repository/${repository}` };
      const isHome = one.type === 'AWS' && one.account === owner;
      // In its own account a role needs no other policy than its own, whereof the second opinion knows nothing.
      const expected = (isHome && one.identityPolicy) || allows(document.Statement, one, owner) ? 'allow' : 'none';
      const actual = decided(document, one, owner);
      const kind = `${one.type}, ${isHome ? 'home' : 'elsewhere'}, ${actual}`;
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
      if (actual !== expected) {
        throw new Error(`${JSON.stringify(one)}: ${actual}, but ${expected} by the second opinion`);
      }
    }
  }), { numRuns: 2_600 });
  expect([...seen.values()].reduce((sum, count) => sum + count)).toBeGreaterThanOrEqual(50_000);
  expect([...seen.keys()].sort()).toEqual([
    'AWS, elsewhere, allow', 'AWS, elsewhere, none', 'AWS, home, allow', 'AWS, home, none', 'Service, elsewhere, allow', 'Service, elsewhere, none',
  ]);
  expect(Math.min(...seen.values())).toBeGreaterThan(150);
});

/** All values are known, so a text that is put together is one. */
function joined(value: any): unknown {
  return Array.isArray(value?.['Fn::Join']) ? value['Fn::Join'][1].map(joined).join(value['Fn::Join'][0]) : value;
}
