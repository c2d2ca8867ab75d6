import { Annotations, Aspects, CfnParameter, Stack, Stage, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { EcrGrantee, SharedEcrRepository } from '../../src';
import {
  accountsStatement, CONSUMER, errorOf, newApp, newRepository, newRole, newStack, noticesIn, OWNER, policyOf, PULL, repositoryPolicyOf, templateOf,
} from '../support';

const accountIds = (count: number) => Array.from({ length: count }, (_, index) => `${100_000_000_000 + index}`);
const statement = (props: iam.PolicyStatementProps) => new iam.PolicyStatement(props);
const account = new iam.AccountPrincipal('111122223333');

describe('statements of the user\'s own', () => {
  test('go out as they are, after ours, in their order, never merged, Deny included', () => {
    const repository = newRepository(newApp());
    repository.addToResourcePolicy(statement({ sid: 'Second', actions: PULL, principals: [account] }));
    repository.addToResourcePolicy(statement({
      sid: 'NoDeleting',
      effect: iam.Effect.DENY,
      actions: ['ecr:DeleteRepository', 'ecr:BatchDeleteImage'],
      principals: [new iam.AnyPrincipal()],
      conditions: { StringNotEquals: { 'aws:PrincipalAccount': '999999999999' } },
    }));
    repository.addToResourcePolicy(statement({ actions: PULL, principals: [account] }));
    repository.addToResourcePolicy(statement({ actions: PULL, principals: [account] }));
    repository.allowPullFrom(EcrGrantee.account('111122223333'));
    const root = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::111122223333:root']] };

    expect(repositoryPolicyOf(repository)).toEqual(policyOf(
      accountsStatement('Pull', PULL, ['111122223333']),
      { Sid: 'Second', Effect: 'Allow', Principal: { AWS: root }, Action: PULL },
      {
        Sid: 'NoDeleting',
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: ['ecr:DeleteRepository', 'ecr:BatchDeleteImage'],
        Condition: { StringNotEquals: { 'aws:PrincipalAccount': '999999999999' } },
      },
      { Effect: 'Allow', Principal: { AWS: root }, Action: PULL },
      { Effect: 'Allow', Principal: { AWS: root }, Action: PULL },
    ));
  });

  test('alone make a policy', () => {
    const repository = newRepository(newApp());
    const result = repository.addToResourcePolicy(statement({ actions: PULL, principals: [account], sid: 'Mine' }));

    expect(result.statementAdded).toBe(true);
    expect(repositoryPolicyOf(repository).Statement.map(({ Sid }: any) => Sid)).toEqual(['Mine']);
  });

  test.each<[string, iam.PolicyStatementProps, string]>([
    ['Resource', { resources: ['arn:aws:ecr:us-east-1:999999999999:repository/web-app'] }, '["arn:aws:ecr:us-east-1:999999999999:repository/web-app"]'],
    ['NotResource', { notResources: ['*'] }, '["*"]'],
  ])('%s is an error at once', (_, resources, shown) => {
    const repository = newRepository(newApp());

    expect(errorOf(() => repository.addToResourcePolicy(statement({ actions: PULL, principals: [account], ...resources }))))
      .toBe(`a statement for 'Owner/Repository' has the resources ${shown}, but a repository policy has none: it is about its own repository; leave out "resources"`);
    expect(repositoryPolicyOf(repository)).toBeUndefined();
  });

  test('what is added to a statement later is checked at synth', () => {
    const app = newApp();
    const added = statement({ actions: PULL, principals: [account] });
    newRepository(app).addToResourcePolicy(added);
    added.addAllResources();

    expect(errorOf(() => app.synth())).toContain('[Owner/Repository] a statement for \'Owner/Repository\' has the resources ["*"]');
  });

  test.each<[string, iam.PolicyStatementProps, string]>([
    ['without a principal', { actions: PULL }, 'a statement of the repository policy says nothing of whom it is about; give it principals'],
    ['without an action', { principals: [account] }, 'A PolicyStatement must specify at least one \'action\' or \'notAction\''],
  ])('one %s is an error at synth', (_, props, message) => {
    const app = newApp();
    newRepository(app).addToResourcePolicy(statement(props));

    expect(errorOf(() => app.synth())).toContain(message);
  });

  test.each([['ours and one of theirs', ['PullAccounts']], ['two of theirs', ['Mine', 'Mine']]])('a Sid that stands twice is an error at synth: %s', (_, sids) => {
    const app = newApp();
    const repository = newRepository(app, { pullers: [EcrGrantee.account('111122223333')] });
    sids.forEach((sid) => repository.addToResourcePolicy(statement({ sid, actions: PULL, principals: [account] })));

    expect(errorOf(() => app.synth())).toContain(`[Owner/Repository] two statements of the repository policy have the Sid "${sids[0]}", `
      + 'but a Sid stands once in a policy; give the statement that you add another sid');
  });
});

describe('a statement of the user\'s own that lets strangers in is a warning', () => {
  const orgPaths = { 'aws:PrincipalOrgPaths': ['o-a1b2c3d4e5/*'] };
  const everybody = [new iam.AnyPrincipal()];
  const codebuild = [new iam.ServicePrincipal('codebuild.amazonaws.com')];

  function noticesOf(props: iam.PolicyStatementProps) {
    const app = newApp();
    const repository = newRepository(app);
    repository.addToResourcePolicy(statement({ actions: PULL, ...props }));
    expect(repositoryPolicyOf(repository).Statement).toHaveLength(1);
    return noticesIn(app);
  }

  test.each<[string, iam.PolicyStatementProps]>([
    ['everybody', { principals: everybody }],
    ['everybody, written as a star', { principals: [new iam.StarPrincipal()] }],
    ['everybody among others', { principals: [account, ...everybody] }],
    ['everybody but', { notPrincipals: [account] }],
    ['a service', { principals: codebuild }],
    ['a negative operator', { principals: everybody, conditions: { StringNotEquals: { 'aws:PrincipalAccount': '111122223333' } } }],
    ['an operator for absent keys', { principals: everybody, conditions: { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }],
    ['ForAllValues', { principals: everybody, conditions: { 'ForAllValues:StringLike': orgPaths } }],
    ['Null', { principals: everybody, conditions: { Null: { 'aws:PrincipalOrgID': 'false' } } }],
    ['a value that fixes nothing', { principals: everybody, conditions: { StringLike: { 'aws:PrincipalArn': '*' } } }],
    ['a key that fixes nothing', { principals: everybody, conditions: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } }],
    ['the key of a principal on a service', { principals: codebuild, conditions: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }],
  ])('open: %s', (_, props) => {
    expect(noticesOf(props)).toEqual([{
      path: 'Owner/Repository', level: 'warning', text: expect.stringMatching(/^the statement \{.*\} goes out as it is, but the principal .* would let in .* \[ack: cdk-shared-ecr:openStatement\]$/),
    }]);
  });

  test.each<[string, iam.PolicyStatementProps]>([
    ['an account', { principals: [account] }],
    ['a role', { principals: [new iam.ArnPrincipal('arn:aws:iam::111122223333:role/app')] }],
    ['an organization', { principals: [new iam.OrganizationPrincipal('o-a1b2c3d4e5')] }],
    ['an OU', { principals: everybody, conditions: { 'ForAnyValue:StringLike': orgPaths } }],
    ['a star with an account', { principals: [new iam.StarPrincipal()], conditions: { StringEquals: { 'aws:PrincipalAccount': '111122223333' } } }],
    ['a service with an account', { principals: codebuild, conditions: { StringEquals: { 'aws:SourceAccount': '111122223333' } } }],
    ['a denial', { effect: iam.Effect.DENY, principals: everybody }],
  ])('closed: %s', (_, props) => {
    expect(noticesOf(props)).toEqual([]);
  });
});

describe('the size of a policy', () => {
  test('over the limit is an error that names the size, the limit, the biggest contributors and the way out', () => {
    const app = newApp();
    newRepository(app, {
      pullers: [EcrGrantee.accounts(...accountIds(500)), EcrGrantee.organization('o-a1b2c3d4e5')],
      pushers: [EcrGrantee.accounts(...accountIds(200))],
      readers: [EcrGrantee.account('111122223333')],
    });

    expect(errorOf(() => app.synth())).toMatch(new RegExp('\\[Owner/Repository\\] the repository policy has 11\\d{3} characters, but Amazon ECR allows 10240; '
      + 'the biggest statements are PullAccounts with 7\\d{3}, PushAccounts with 3\\d{3}, PullOrganizations with \\d{3}; '
      + 'grant to an organization or an OU in place of single accounts, or let a registry policy carry grants that many repositories share'));
  });

  test('statements of the user\'s own count too', () => {
    const app = newApp();
    newRepository(app).addToResourcePolicy(statement({ actions: PULL, principals: accountIds(200).map((id) => new iam.ArnPrincipal(`arn:aws:iam::${id}:role/application-execution`)) }));

    expect(errorOf(() => app.synth())).toContain('the biggest statements are statement 1 with 1');
  });

  test('that fits only as it is written is a warning', () => {
    const app = newApp();
    newRepository(app, { pullers: [EcrGrantee.accounts(...accountIds(600))] });
    app.synth();

    expect(noticesIn(app)).toEqual([{
      path: 'Owner/Repository',
      level: 'warning',
      text: expect.stringMatching(new RegExp('^the repository policy has 9\\d{3} characters as written, of 10240 allowed; should Amazon ECR count account ids as ARNs, '
        + 'which is not documented, it would have 19\\d{3}, and the deployment would fail; grant to an organization or an OU to be safe \\[ack: cdk-shared-ecr:policyNearLimit\\]$')),
    }]);
  });

  test('the warning reaches the cloud assembly, and can be acknowledged', () => {
    const messagesOf = (acknowledged: boolean) => {
      const app = newApp();
      const repository = newRepository(app, { pullers: [EcrGrantee.accounts(...accountIds(600))] });
      if (acknowledged) {
        Annotations.of(repository.stack).acknowledgeWarning('cdk-shared-ecr:policyNearLimit');
      }
      return app.synth().getStackByName('Owner').messages.map(({ id, level }) => ({ id, level }));
    };

    expect(messagesOf(false)).toEqual([{ id: '/Owner/Repository', level: 'warning' }]);
    expect(messagesOf(true)).toEqual([]);
  });

  test.each([true, false])('neither limit disturbs aspects, with stabilization: %s', (stabilization) => {
    const app = newApp({ context: { '@aws-cdk/core:aspectStabilization': stabilization } });
    const repository = newRepository(app, { pullers: [EcrGrantee.accounts(...accountIds(600))] });
    let visits = 0;
    Aspects.of(app).add({
      visit: (construct) => {
        if (construct === repository) {
          visits += 1;
          repository.allowReadFrom(EcrGrantee.account('111122223333'));
        }
      },
    });

    expect(repositoryPolicyOf(repository).Statement.map(({ Sid }: any) => Sid)).toEqual(['PullAccounts', 'ReadAccounts']);
    expect(visits).toBe(1);
    expect(noticesIn(app)).toHaveLength(1);
  });

  test('the most accounts that fit even as ARNs give no warning', () => {
    const app = newApp();
    newRepository(app, { pullers: [EcrGrantee.accounts(...accountIds(290))] });
    app.synth();

    expect(noticesIn(app)).toEqual([]);
  });
});

describe('a repository whose Stage was written is sealed: a grant would be lost, so it throws', () => {
  const lost = (stage: string, what: string) => `the policy of 'First/Owner/Repository' was already written with ${stage}, so ${what} would be lost; `
    + 'make it before that Stage is synthesized: where the repository is defined, for example with allowPullFrom(EcrGrantee.role(accountId, roleName)), '
    + 'not in an aspect of a later Stage or in a pipeline that contains the Stage';

  function aspectOfALaterStage(use: (repository: SharedEcrRepository, role: iam.IRole) => void) {
    const app = newApp();
    const repository = newRepository(new Stage(app, 'First'));
    const second = new Stage(app, 'Second');
    const role = newRole(newStack(second, 'Consumer', CONSUMER), { roleName: 'app' });
    Aspects.of(second).add({ visit: (construct) => construct === role && use(repository, role) });
    return errorOf(() => app.synth());
  }

  test.each<[string, (repository: SharedEcrRepository, role: iam.IRole) => void, string]>([
    ['grantPull', (repository, role) => repository.grantPull(role), "the grant to 'Second/Consumer/Role'"],
    ['allowPullFrom', (repository) => repository.allowPullFrom(EcrGrantee.account('111122223333')), 'the grant to account 111122223333'],
    ['the Lambda service', (repository) => repository.grantPull(new iam.ServicePrincipal('lambda.amazonaws.com')), 'the grant to ServicePrincipal(lambda.amazonaws.com)'],
    ['a statement', (repository) => repository.addToResourcePolicy(statement({ actions: PULL, principals: [account] })), 'the statement'],
  ])('%s in an aspect of a later Stage', (_, use, grantee) => {
    expect(aspectOfALaterStage(use)).toBe(lost("Stage 'First'", grantee));
  });

  test('in an aspect of an earlier Stage all is well', () => {
    const app = newApp();
    const first = new Stage(app, 'First');
    const role = newRole(newStack(first, 'Consumer', CONSUMER), { roleName: 'app' });
    const repository = newRepository(new Stage(app, 'Second'));
    Aspects.of(first).add({ visit: (construct) => { construct === role && repository.grantPull(role); } });

    expect(repositoryPolicyOf(repository).Statement.map(({ Sid }: any) => Sid)).toEqual(['PullRoles']);
  });

  test('after the app was synthesized', () => {
    const app = newApp();
    const repository = newRepository(app);
    app.synth();

    expect(errorOf(() => repository.allowPullFrom(EcrGrantee.account('111122223333'))))
      .toContain("the policy of 'Owner/Repository' was already written with its app, so the grant to account 111122223333 would be lost");
  });
});

describe('tokens', () => {
  test('are resolved, sorted by what they render to, and a list stands alone', () => {
    const stack = newStack(newApp(), 'Owner', OWNER);
    const parameter = (id: string) => new CfnParameter(stack, id).valueAsString;
    const list = new CfnParameter(stack, 'Accounts', { type: 'CommaDelimitedList' }).valueAsList;
    const repository = new SharedEcrRepository(stack, 'Repository', {
      repositoryName: 'web-app',
      pullers: [EcrGrantee.accounts(parameter('B'), '111122223333', parameter('A')), EcrGrantee.accounts(...list)],
    });

    expect(Token.isUnresolved(list)).toBe(true);
    expect(repositoryPolicyOf(repository)).toEqual(policyOf(
      accountsStatement('Pull', PULL, ['111122223333', { Ref: 'A' }, { Ref: 'B' }]),
      { Sid: expect.stringMatching(/^PullAccountList[0-9a-f]{8}$/), Effect: 'Allow', Principal: { AWS: { Ref: 'Accounts' } }, Action: PULL },
    ));
  });
});

test('synthesizing twice gives the same policy', () => {
  const app = newApp();
  const repository = newRepository(app, { pullers: [EcrGrantee.account('111122223333')] });
  const first = JSON.stringify(templateOf(repository.stack));

  expect(JSON.stringify(app.synth({ force: true }).getStackByName('Owner').template)).toBe(first);
  expect(Stack.of(repository).dependencies).toEqual([]);
});

describe('a statement of the user\'s own that is opened after it was added', () => {
  test('is a warning all the same', () => {
    const repository = newRepository(newApp());
    const opened = new iam.PolicyStatement({ sid: 'Mine', actions: ['ecr:BatchGetImage'], principals: [new iam.AccountPrincipal('111122223333')] });
    repository.addToResourcePolicy(opened);
    expect(noticesIn(repository)).toEqual([]);
    opened.addAnyPrincipal();
    repositoryPolicyOf(repository);

    expect(noticesIn(repository).map(({ text }) => text)).toEqual([expect.stringContaining('[ack: cdk-shared-ecr:openStatement]')]);
  });
});
