import { CfnParameter, CfnResource, Stack, Stage } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { GrantedPolicy, PolicyKind } from '../../src/halves/granted-policy';
import { Grant, Who } from '../../src/policy/grant';
import { accountsStatement, AGNOSTIC, errorOf, newApp, newStack, noticesIn, OWNER, policyOf, PULL, PUSH, resourcesOf, templateOf } from '../support';

const KIND: PolicyKind = {
  name: 'policy of a thing',
  resourceProblem: (owner, { resources }) => (resources.includes('wrong') ? `a statement for '${owner.node.path}' is about the wrong thing` : undefined),
  shorten: 'let in fewer',
  inTime: 'where the thing is defined',
};

/** Something that has such a policy. */
class Thing extends Construct {
  public readonly policy: GrantedPolicy;

  constructor(scope: Construct, id = 'Thing') {
    super(scope, id);
    this.policy = new GrantedPolicy(this, KIND);
    new CfnResource(this, 'Resource', { type: 'Some::Thing', properties: { Policy: this.policy.text } });
  }
}

const newThing = (scope: Construct = newApp(), env = OWNER) => new Thing(newStack(scope, 'Owner', env));
const policyIn = (thing: Thing) => resourcesOf(Stack.of(thing), 'Some::Thing')[0].Properties?.Policy;
const account = (id: string): Who => ({ kind: 'account', account: id });
const pull = (...whos: Who[]): Grant[] => whos.map((who) => ({ who, actions: PULL }));
const accountIds = (count: number) => Array.from({ length: count }, (_, index) => `${100_000_000_000 + index}`);
const lengthOf = (value: object) => JSON.stringify(value).length;
const statement = (props: iam.PolicyStatementProps = {}) =>
  new iam.PolicyStatement({ actions: PULL, principals: [new iam.OrganizationPrincipal('o-a1b2c3d4e5')], ...props });
const IN_ORGANIZATION = { Principal: { AWS: '*' }, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } };

function problemsOf(thing: Thing): string[] {
  return errorOf(() => templateOf(Stack.of(thing))).split('\n').slice(1).map((line) => line.trim());
}

describe('the text', () => {
  test('is none without a statement', () => {
    expect(policyIn(newThing())).toBeUndefined();
  });

  test('has the grants first, compacted, and then the statements of the user as they are', () => {
    const thing = newThing();
    thing.policy.addStatement(statement({ sid: 'Second', resources: ['*'] }));
    thing.policy.addStatement(statement());
    thing.policy.add(pull(account('444455556666')), 'one');
    thing.policy.add(pull(account('111122223333'), account('444455556666')), 'others');

    expect(thing.policy.grants).toEqual(pull(account('444455556666'), account('111122223333'), account('444455556666')));
    expect(policyIn(thing)).toEqual(policyOf(
      accountsStatement('Pull', PULL, ['111122223333', '444455556666']),
      { Sid: 'Second', Effect: 'Allow', Action: PULL, Resource: '*', ...IN_ORGANIZATION },
      { Effect: 'Allow', Action: PULL, ...IN_ORGANIZATION },
    ));
  });

  test('says which repositories a grant is about, if that says it', () => {
    const thing = newThing();
    thing.policy.add(pull(account('111122223333')).map((grant) => ({ ...grant, repositories: 'team-a/*' })), 'one');

    expect(policyIn(thing)).toEqual(policyOf({
      ...accountsStatement('Pull', PULL, ['111122223333']), Sid: 'PullAccountsInTeamA', Resource: ['arn:aws:ecr:us-east-1:999999999999:repository/team-a/*'],
    }));
  });

  test('counts grants that come after it was asked for', () => {
    const thing = newThing();
    const stack = Stack.of(thing);
    thing.policy.add(pull(account('111122223333')), 'one');
    expect(stack.resolve(thing.policy.text)).toEqual(policyOf(accountsStatement('Pull', PULL, ['111122223333'])));
    thing.policy.add(pull(account('444455556666')), 'other');

    expect(policyIn(thing)).toEqual(policyOf(accountsStatement('Pull', PULL, ['111122223333', '444455556666'])));
  });

  test.each<[string, (stack: Stack) => string, unknown]>([
    ['a token', (stack) => new CfnParameter(stack, 'Account').valueAsString, { Ref: 'Account' }],
    ['the account of an environment-agnostic stack', (stack) => stack.account, { Ref: 'AWS::AccountId' }],
  ])('has tokens resolved: %s', (_, id, rendered) => {
    const thing = newThing(newApp(), AGNOSTIC as typeof OWNER);
    thing.policy.add(pull(account(id(Stack.of(thing))), account('111122223333')), 'both');

    expect(policyIn(thing)).toEqual(policyOf(accountsStatement('Pull', PULL, ['111122223333', rendered])));
  });
});

describe('what is wrong is said in the words of the kind', () => {
  test('resources, at once', () => {
    const thing = newThing();

    expect(errorOf(() => thing.policy.addStatement(statement({ resources: ['wrong'] })))).toBe("a statement for 'Owner/Thing' is about the wrong thing");
    expect(policyIn(thing)).toBeUndefined();
  });

  test('resources that come later, principals, actions: at synth', () => {
    const thing = newThing();
    const [first, second, third] = [statement(), statement({ principals: [] }), statement({ actions: [] })];
    [first, second, third].forEach((added) => thing.policy.addStatement(added));
    first.addResources('wrong');

    expect(problemsOf(thing)).toEqual([
      "[Owner/Thing] a statement for 'Owner/Thing' is about the wrong thing",
      '[Owner/Thing] a statement of the policy of a thing says nothing of whom it is about; give it principals',
      "[Owner/Thing] A PolicyStatement must specify at least one 'action' or 'notAction'.",
    ]);
  });

  test('the size', () => {
    const thing = newThing();
    const [pulls, pushes] = [accountsStatement('Pull', PULL, accountIds(700)), accountsStatement('Push', PUSH, ['111122223333'])];
    thing.policy.add([...pull(...accountIds(700).map(account)), { who: account('111122223333'), actions: PUSH }], 'many');

    expect(problemsOf(thing)).toEqual([`[Owner/Thing] the policy of a thing has ${lengthOf(policyOf(pulls, pushes))} characters, but Amazon ECR allows 10240; `
      + `the biggest statements are PullAccounts with ${lengthOf(pulls)}, PushAccounts with ${lengthOf(pushes)}; let in fewer`]);
    expect(noticesIn(thing)).toEqual([]);
  });

  test('10,240 characters fit', () => {
    const sid = (length: number) => statement({ sid: 'S'.repeat(length) });
    const length = 10_240 - lengthOf(policyOf(sid(0).toStatementJson()));
    const [fits, tooLong] = [length, length + 1].map((each) => {
      const thing = newThing();
      thing.policy.addStatement(sid(each));
      return thing;
    });

    expect(lengthOf(policyIn(fits))).toBe(10_240);
    expect(problemsOf(tooLong)).toEqual([expect.stringMatching(/^\[Owner\/Thing\] the policy of a thing has 10241 characters, but Amazon ECR allows 10240; /)]);
  });

  test('the size that fits only as it is written: a warning, said once', () => {
    const thing = newThing();
    const characters = lengthOf(policyOf(accountsStatement('Pull', PULL, accountIds(600))));
    thing.policy.add(pull(...accountIds(600).map(account)), 'many');
    templateOf(Stack.of(thing));

    expect(noticesIn(thing)).toEqual([{
      path: 'Owner/Thing',
      level: 'warning',
      text: `the policy of a thing has ${characters} characters as written, of 10240 allowed; should Amazon ECR count account ids as ARNs, which is not documented, `
        + `it would have ${characters + 600 * 'arn:aws:iam:::root'.length}, and the deployment would fail; grant to an organization or an OU to be safe [ack: cdk-shared-ecr:policyNearLimit]`,
    }]);
  });

  test('a Sid that stands twice', () => {
    const thing = newThing();
    thing.policy.add(pull(account('111122223333')), 'one');
    ['PullAccounts', 'Mine', 'Mine', 'Mine'].forEach((sid) => thing.policy.addStatement(statement({ sid })));
    const twice = (sid: string) => `[Owner/Thing] two statements of the policy of a thing have the Sid "${sid}", but a Sid stands once in a policy; give the statement that you add another sid`;

    expect(problemsOf(thing)).toEqual([twice('PullAccounts'), twice('Mine')]);
  });
});

describe('warnings', () => {
  test.each<[string, Grant[], number]>([
    ['an organization that may push', [{ who: { kind: 'organization', organization: 'o-a1b2c3d4e5' }, actions: PUSH }], 1],
    ['an organization that may do anything', [{ who: { kind: 'organization', organization: 'o-a1b2c3d4e5' }, actions: ['ecr:*'] }], 1],
    ['an organization that pulls', pull({ kind: 'organization', organization: 'o-a1b2c3d4e5' }), 0],
    ['an account that may push', [{ who: account('111122223333'), actions: PUSH }], 0],
  ])('%s', (_, grants, count) => {
    const thing = newThing();
    thing.policy.add(grants, 'they');

    expect(noticesIn(thing)).toEqual(Array(count).fill({
      path: 'Owner/Thing',
      level: 'warning',
      text: 'they may push: every identity of every account in it can replace what others run; name the roles or accounts that publish images [ack: cdk-shared-ecr:organizationPush]',
    }));
  });

  test('a statement that lets strangers in, also if it is opened later; not a denial', () => {
    const thing = newThing();
    const opened = statement({ sid: 'Opened', principals: [new iam.AccountPrincipal('111122223333')] });
    [statement({ sid: 'Open', principals: [new iam.AnyPrincipal()] }), opened, statement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()] })]
      .forEach((added) => thing.policy.addStatement(added));
    expect(noticesIn(thing)).toHaveLength(1);
    opened.addAnyPrincipal();
    templateOf(Stack.of(thing));

    expect(noticesIn(thing).map(({ text }) => text)).toEqual(['Open', 'Opened'].map((sid) => expect.stringMatching(
      new RegExp(`^the statement \\{.*"Sid":"${sid}"\\} goes out as it is, but the principal .* would let in .* \\[ack: cdk-shared-ecr:openStatement\\]$`))));
  });
});

describe('after it was written', () => {
  const lost = (path: string, stage: string, what: string) => `the policy of '${path}' was already written with ${stage}, so ${what} would be lost; `
    + 'make it before that Stage is synthesized: where the thing is defined, not in an aspect of a later Stage or in a pipeline that contains the Stage';

  test.each<[string, (policy: GrantedPolicy) => void, string]>([
    ['a grant', (policy) => policy.add(pull(account('111122223333')), 'somebody'), 'the grant to somebody'],
    ['a statement', (policy) => policy.addStatement(statement()), 'the statement'],
    ['whatever else is added', (policy) => policy.requireUnsealed('the rule'), 'the rule'],
  ])('%s throws', (_, use, what) => {
    const app = newApp();
    const [inApp, inStage] = [newThing(app), newThing(new Stage(app, 'First'))];
    [inApp, inStage].forEach(({ policy }) => expect(() => policy.requireUnsealed('the rule')).not.toThrow());
    app.synth();

    expect(errorOf(() => use(inApp.policy))).toBe(lost('Owner/Thing', 'its app', what));
    expect(errorOf(() => use(inStage.policy))).toBe(lost('First/Owner/Thing', "Stage 'First'", what));
    expect(inApp.policy.grants).toEqual([]);
  });
});
