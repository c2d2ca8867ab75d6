import { Aws, CfnParameter, NestedStack, PhysicalName, Stack, Stage } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { EcrGrantee, SharedEcrRepository } from '../../src';
import {
  accountsStatement, AGNOSTIC, CONSUMER, errorOf, identityStatementsOf, LOGIN, newApp, newRepository, newRole, newStack, noticesIn, OWNER, policyOf,
  printed, PULL, PULL_WEB_APP, PUSH, READ, repositoryPolicyOf, resourceOf, resourcesOf, rolesStatement, templateOf, WEB_APP_ARN,
} from '../support';

const pullByRole = (arn: string) => policyOf(rolesStatement('Pull', PULL, ['111122223333'], [arn]));
const named = (scope: Construct) => newRole(scope, { roleName: 'app' });
const unnamed = (scope: Construct) => newRole(scope);

interface Scenario {
  readonly owner?: { account?: string; region?: string };
  readonly consumer?: { account?: string; region?: string };
  readonly stages?: 'owner first' | 'consumer first';
}

/** A repository in the owner's stack, and a grant to something that is made in the consumer's. */
function share(grantee: (consumer: Stack, owner: Stack) => iam.IGrantable, { owner = OWNER, consumer = CONSUMER, stages }: Scenario = {}) {
  const app = newApp();
  const scopes = stages ? [new Stage(app, 'First'), new Stage(app, 'Second')] : [app, app];
  const [ownerScope, consumerScope] = stages === 'consumer first' ? scopes.reverse() : scopes;
  const repository = newRepository(ownerScope, {}, owner);
  const consumerStack = newStack(consumerScope, 'Consumer', consumer);
  const to = grantee(consumerStack, repository.stack);
  const grant = repository.grantPull(to);
  return { app, repository, owner: repository.stack, consumer: consumerStack, grant };
}

/** Neither stack waits for the other, and no value is carried from one to the other at deployment. */
function expectIndependence(...stacks: Stack[]) {
  for (const stack of stacks) {
    const template = JSON.stringify(templateOf(stack));
    expect(stack.dependencies).toEqual([]);
    expect(template).not.toMatch(/Fn::ImportValue|Fn::GetStackOutput|"Export"|"Outputs":{"Exp/);
  }
}

describe('a role of another account gets both halves: by condition in the repository policy, by literal ARN in its own', () => {
  test.each<[string, Scenario]>([
    ['in the same Stage', {}],
    ['in two Stages, the owner\'s first', { stages: 'owner first' }],
    ['in two Stages, the consumer\'s first', { stages: 'consumer first' }],
    ['in another Region', { consumer: { ...CONSUMER, region: 'eu-west-1' } }],
  ])('%s', (_, scenario) => {
    const { app, repository, owner, consumer, grant } = share(named, scenario);

    expect(repositoryPolicyOf(repository)).toEqual(pullByRole('arn:aws:iam::111122223333:role/app'));
    expect(identityStatementsOf(consumer)).toEqual([PULL_WEB_APP, LOGIN]);
    expectIndependence(owner, consumer);
    expect(grant.success).toBe(true);
    expect(noticesIn(app)).toEqual([]);
  });

  test('in nested stacks', () => {
    const app = newApp();
    const ownerParent = newStack(app, 'OwnerParent', OWNER);
    const consumerParent = newStack(app, 'ConsumerParent', CONSUMER);
    const repository = new SharedEcrRepository(new NestedStack(ownerParent, 'Nested'), 'Repository', { repositoryName: 'web-app' });
    const consumer = new NestedStack(consumerParent, 'Nested');
    repository.grantPull(named(consumer));

    expect(repositoryPolicyOf(repository)).toEqual(pullByRole('arn:aws:iam::111122223333:role/app'));
    expect(identityStatementsOf(consumer)).toEqual([PULL_WEB_APP, LOGIN]);
    expectIndependence(ownerParent, consumerParent);
  });

  test('with its path', () => {
    const { repository } = share((consumer) => newRole(consumer, { roleName: 'app', path: '/teams/web/' }));

    expect(repositoryPolicyOf(repository)).toEqual(pullByRole('arn:aws:iam::111122223333:role/teams/web/app'));
  });

  test.each<[string, Scenario]>([
    ['in the same Stage', {}], ['the owner\'s Stage first', { stages: 'owner first' }], ['the consumer\'s Stage first', { stages: 'consumer first' }],
  ])('with PhysicalName.GENERATE_IF_NEEDED, whose generated name is the one in the policy: %s', (_, scenario) => {
    const { repository, consumer, owner } = share((stack) => newRole(stack, { roleName: PhysicalName.GENERATE_IF_NEEDED }), scenario);
    const [{ Properties: { RoleName } }] = resourcesOf(consumer, 'AWS::IAM::Role');

    expect(RoleName).toMatch(/^[a-z0-9-]+$/);
    expect(repositoryPolicyOf(repository)).toEqual(pullByRole(`arn:aws:iam::111122223333:role/${RoleName}`));
    expectIndependence(owner, consumer);
  });

  test('each set of actions is a statement of its own in the owner\'s half, and login goes with pull and push only', () => {
    const { repository, consumer } = share(named);
    const role = consumer.node.findChild('Role') as iam.Role;
    repository.grantRead(role);
    repository.grantPullPush(role);
    repository.grant(role, 'ecr:BatchDeleteImage');
    const arns = ['arn:aws:iam::111122223333:role/app'];

    expect(repositoryPolicyOf(repository)).toEqual(policyOf(
      rolesStatement('Pull', PULL, ['111122223333'], arns),
      rolesStatement('Push', PUSH, ['111122223333'], arns),
      rolesStatement('Read', READ, ['111122223333'], arns),
      rolesStatement('BatchDeleteImage', ['ecr:BatchDeleteImage'], ['111122223333'], arns),
    ));
    expect(identityStatementsOf(consumer)).toEqual([
      PULL_WEB_APP,
      LOGIN,
      { Effect: 'Allow', Action: READ, Resource: WEB_APP_ARN },
      { Effect: 'Allow', Action: [...new Set([...PULL, ...PUSH])].sort(), Resource: WEB_APP_ARN },
      { Effect: 'Allow', Action: 'ecr:BatchDeleteImage', Resource: WEB_APP_ARN },
    ]);
  });

  test('reading alone does not log in', () => {
    const app = newApp();
    const repository = newRepository(app);
    const consumer = newStack(app, 'Consumer', CONSUMER);
    repository.grantRead(named(consumer));

    expect(identityStatementsOf(consumer)).toEqual([{ Effect: 'Allow', Action: READ, Resource: WEB_APP_ARN }]);
  });

  test('a role that is made on first use', () => {
    const { repository } = share((consumer) => new iam.LazyRole(consumer, 'Lazy', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'), roleName: 'app' }));

    expect(repositoryPolicyOf(repository)).toEqual(pullByRole('arn:aws:iam::111122223333:role/app'));
  });

  test('what depends on the grant waits for the identity policy', () => {
    const { grant, consumer } = share(named);
    const dependent = newRole(consumer, {}, 'Dependent');
    grant.applyBefore(dependent);

    expect(resourceOf(dependent).DependsOn).toEqual([expect.stringMatching(/^RoleDefaultPolicy/)]);
    expect(consumer.dependencies).toEqual([]);
  });
});

describe('users', () => {
  test('are named by condition, path included', () => {
    const { repository, consumer } = share((stack) => new iam.User(stack, 'User', { userName: 'ci', path: '/bots/' }));

    expect(repositoryPolicyOf(repository)).toEqual(policyOf({
      ...rolesStatement('Pull', PULL, ['111122223333'], ['arn:aws:iam::111122223333:user/bots/ci']), Sid: 'PullUsers',
    }));
    expect(identityStatementsOf(consumer)).toEqual([PULL_WEB_APP, LOGIN]);
  });
});

describe('a role that has no name to use is known by the tag that CDK has for this', () => {
  test.each<[string, (scope: Stack) => iam.IGrantable, Scenario]>([
    ['in the same Stage', unnamed, {}],
    ['the owner\'s Stage first', unnamed, { stages: 'owner first' }],
    ['the consumer\'s Stage first', unnamed, { stages: 'consumer first' }],
    ['its name is a parameter', (stack) => newRole(stack, { roleName: new CfnParameter(stack, 'Name').valueAsString }), {}],
    ['its name ends in a token', (stack) => newRole(stack, { roleName: `app-${Aws.STACK_ID}` }), {}],
    ['its path is a parameter', (stack) => newRole(stack, { roleName: 'app', path: `/${new CfnParameter(stack, 'Path').valueAsString}/` }), {}],
    ['behind withoutPolicyUpdates', (stack) => unnamed(stack).withoutPolicyUpdates(), {}],
  ])('%s', (_, role, scenario) => {
    const { repository, owner, consumer } = share(role, scenario);
    const tag = `${consumer.stackName}_${consumer.node.findChild('Role').node.addr}`;

    expect(repositoryPolicyOf(repository)).toEqual(policyOf({
      Sid: expect.stringMatching(/^PullTaggedRoles[0-9a-f]{8}$/),
      Effect: 'Allow',
      Principal: { AWS: ['111122223333'] },
      Action: PULL,
      Condition: { StringEquals: { 'aws:PrincipalTag/aws-cdk:id': [tag] } },
    }));
    expect(resourcesOf(consumer, 'AWS::IAM::Role')[0].Properties.Tags).toEqual([{ Key: 'aws-cdk:id', Value: tag }]);
    expectIndependence(owner, consumer);
  });

  test('users too', () => {
    const { repository, consumer } = share((stack) => new iam.User(stack, 'User'));
    const tag = `Consumer_${consumer.node.findChild('User').node.addr}`;

    expect(repositoryPolicyOf(repository).Statement[0].Condition).toEqual({ StringEquals: { 'aws:PrincipalTag/aws-cdk:id': [tag] } });
    expect(resourcesOf(consumer, 'AWS::IAM::User')[0].Properties.Tags).toEqual([{ Key: 'aws-cdk:id', Value: tag }]);
  });
});

describe('conditions around a role', () => {
  const team = { StringEquals: { 'aws:PrincipalTag/team': 'web' } };

  test('go with its ARN into the owner\'s half; the consumer\'s half is the role\'s', () => {
    const { repository, consumer } = share((stack) => new iam.PrincipalWithConditions(named(stack), team));

    expect(repositoryPolicyOf(repository)).toEqual(policyOf({
      Sid: expect.stringMatching(/^PullConditioned[0-9a-f]{8}$/),
      Effect: 'Allow',
      Principal: { AWS: ['111122223333'] },
      Action: PULL,
      Condition: {
        ArnEquals: { 'aws:PrincipalArn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::111122223333:role/app']] } },
        StringEquals: { 'aws:PrincipalTag/team': 'web' },
      },
    }));
    expect(identityStatementsOf(consumer)).toEqual([PULL_WEB_APP, LOGIN]);
  });

  test('need a role that has a name', () => {
    expect(errorOf(() => share((stack) => new iam.PrincipalWithConditions(unnamed(stack), team))))
      .toContain("'Consumer/Role' in a cross-environment fashion, the resource's physical name must be explicit set or use `PhysicalName.GENERATE_IF_NEEDED`");
  });
});

describe('in the owner\'s own account the identity half is enough', () => {
  test('a reference in the same Stage and environment', () => {
    const { repository, owner, consumer } = share(unnamed, { consumer: OWNER });

    expect(repositoryPolicyOf(repository)).toBeUndefined();
    expect(identityStatementsOf(consumer)).toEqual([{ ...PULL_WEB_APP, Resource: { 'Fn::ImportValue': expect.stringContaining('Owner:') } }, LOGIN]);
    expect(consumer.dependencies).toEqual([owner]);
  });

  test.each<[string, Scenario]>([
    ['another Stage', { consumer: OWNER, stages: 'owner first' }],
    ['another Region', { consumer: { ...OWNER, region: 'eu-west-1' } }],
  ])('the literal ARN in %s', (_, scenario) => {
    const { repository, owner, consumer } = share(unnamed, scenario);

    expect(repositoryPolicyOf(repository)).toBeUndefined();
    expect(identityStatementsOf(consumer)).toEqual([PULL_WEB_APP, LOGIN]);
    expectIndependence(owner, consumer);
  });

  test('a principal without an identity policy is named by its ARN', () => {
    const { repository } = share(() => new iam.ArnPrincipal('arn:aws:iam::999999999999:role/app'));

    expect(repositoryPolicyOf(repository)).toEqual(policyOf({
      Sid: 'PullPrincipals', Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::999999999999:role/app'] }, Action: PULL,
    }));
  });

  test('a managed policy can be granted to', () => {
    const { repository, consumer } = share((stack) => new iam.ManagedPolicy(stack, 'Policy'), { consumer: OWNER, stages: 'owner first' });

    expect(repositoryPolicyOf(repository)).toBeUndefined();
    expect(identityStatementsOf(consumer)).toEqual([PULL_WEB_APP, LOGIN]);
  });
});

describe('environment-agnostic stacks', () => {
  test('two share as in plain CDK', () => {
    const { repository, owner, consumer } = share(unnamed, { owner: AGNOSTIC, consumer: AGNOSTIC });

    expect(repositoryPolicyOf(repository)).toBeUndefined();
    expect(identityStatementsOf(consumer)).toEqual([{ ...PULL_WEB_APP, Resource: { 'Fn::ImportValue': expect.stringContaining('Owner:') } }, LOGIN]);
    expect(consumer.dependencies).toEqual([owner]);
  });

  test('an agnostic owner that is used from another environment is an error that names the way out', () => {
    expect(errorOf(() => share(named, { owner: AGNOSTIC }))).toBe("'Owner/Repository' is in an environment-agnostic stack and is used by 'Consumer/Role' "
      + "in another environment (account 111122223333, Region us-east-1), so its address cannot be computed; give the stack of 'Owner/Repository' an explicit environment: "
      + 'env: { account, region }');
  });

  test('so is one whose Region is not known, when its address is asked for', () => {
    const { app } = share(named, { owner: { account: '999999999999' } });

    expect(errorOf(() => app.synth())).toContain("'Owner/Repository' is in an environment-agnostic stack and is used by 'Consumer/Role/DefaultPolicy/Resource' in another environment");
  });

  test('an agnostic role that is granted to by an explicit owner is an error that names the way out', () => {
    expect(errorOf(() => share(named, { consumer: AGNOSTIC }))).toBe("'Consumer/Role' is in an environment-agnostic stack and is granted access to 'Owner/Repository' "
      + "(account 999999999999, Region us-east-1), so the repository policy cannot name its account; give the stack of 'Consumer/Role' an explicit environment: env: { account, region }");
  });

  test('a role that is imported by name into an agnostic stack is as unknown as one that is made there', () => {
    expect(errorOf(() => share((stack) => iam.Role.fromRoleName(stack, 'Role', 'app'), { consumer: AGNOSTIC }))).toContain("give the stack of 'Consumer/Role' an explicit environment");
  });
});

describe('principals that are neither roles nor users', () => {
  test('an account', () => {
    const { repository, grant } = share(() => new iam.AccountPrincipal('111122223333'));

    expect(repositoryPolicyOf(repository)).toEqual(policyOf(accountsStatement('Pull', PULL, ['111122223333'])));
    expect(grant.success).toBe(true);
  });

  test('an organization, but not the owner\'s own account', () => {
    const { repository } = share(() => new iam.OrganizationPrincipal('o-a1b2c3d4e5'));

    expect(repositoryPolicyOf(repository)).toEqual(policyOf({
      Sid: 'PullOrganizations',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: PULL,
      Condition: { StringEquals: { 'aws:PrincipalOrgID': ['o-a1b2c3d4e5'] }, StringNotEquals: { 'aws:PrincipalAccount': '999999999999' } },
    }));
  });

  test('an ARN stands as it is', () => {
    const { repository } = share(() => new iam.ArnPrincipal('arn:aws:iam::444455556666:role/app'));

    expect(repositoryPolicyOf(repository)).toEqual(policyOf({
      Sid: 'PullPrincipals', Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::444455556666:role/app'] }, Action: PULL,
    }));
  });

  test('several together are granted to one by one, each with its own conditions', () => {
    const { repository, owner, consumer, grant } = share((stack) => new iam.CompositePrincipal(
      named(stack), new iam.AccountPrincipal('444455556666'), new iam.AnyPrincipal().inOrganization('o-a1b2c3d4e5'),
    ));

    expect(repositoryPolicyOf(repository).Statement.map(({ Sid }: any) => Sid)).toEqual(['PullAccounts', 'PullRoles', 'PullOrganizations']);
    expect(identityStatementsOf(consumer)).toEqual([PULL_WEB_APP, LOGIN]);
    expectIndependence(owner, consumer);
    expect(grant.success).toBe(true);
  });

  test('a service with conditions that fix an account', () => {
    const conditions = { StringEquals: { 'aws:SourceAccount': '111122223333' } };
    const { repository } = share(() => new iam.ServicePrincipal('codebuild.amazonaws.com', { conditions }));

    expect(repositoryPolicyOf(repository)).toEqual(policyOf({
      Sid: expect.stringMatching(/^PullConditioned[0-9a-f]{8}$/),
      Effect: 'Allow',
      Principal: { Service: ['codebuild.amazonaws.com'] },
      Action: PULL,
      Condition: conditions,
    }));
  });

  test.each<[string, () => iam.IGrantable, string]>([
    ['everybody', () => new iam.AnyPrincipal(), 'the principal {"AWS":"*"} with no conditions would let in every AWS account'],
    ['everybody, written as a star', () => new iam.StarPrincipal(), 'the principal {"AWS":"*"} with no conditions would let in every AWS account'],
    ['a service without conditions', () => new iam.ServicePrincipal('codebuild.amazonaws.com'),
      'the principal {"Service":"codebuild.amazonaws.com"} with no conditions would let in codebuild.amazonaws.com on behalf of every AWS account'],
    ['a federated principal', () => new iam.FederatedPrincipal('cognito-identity.amazonaws.com'), 'no caller of Amazon ECR is of that type'],
  ])('%s throws, and changes nothing', (_, grantee, message) => {
    const repository = newRepository(newApp());

    expect(errorOf(() => repository.grantPull(grantee()))).toContain(message);
    expect(repositoryPolicyOf(repository)).toBeUndefined();
  });

  test.each<[string, (repository: SharedEcrRepository, to: iam.IGrantable) => unknown]>([
    ['push', (repository, to) => repository.grantPush(to)],
    ['read', (repository, to) => repository.grantRead(to)],
    ['pull and push', (repository, to) => repository.grantPullPush(to)],
    ['delete', (repository, to) => repository.grant(to, 'ecr:BatchDeleteImage')],
  ])('the Lambda service cannot %s: it only pulls', (_, grantTo) => {
    const repository = newRepository(newApp());

    expect(errorOf(() => grantTo(repository, new iam.ServicePrincipal('lambda.amazonaws.com'))))
      .toContain('would let in lambda.amazonaws.com on behalf of every AWS account');
    expect(repositoryPolicyOf(repository)).toBeUndefined();
  });

  test.each<[string, (stack: Stack) => iam.IGrantable, string]>([
    ['a managed policy', (stack) => new iam.ManagedPolicy(stack, 'Grantee'), 'Grant permissions to a Role or User, instead of a ManagedPolicy'],
    ['a policy', (stack) => new iam.Policy(stack, 'Grantee'), 'Grant permissions to a Role or User, instead of a Policy'],
    ['a group', (stack) => new iam.Group(stack, 'Grantee', { groupName: 'devs' }),
      '\'Consumer/Grantee\' is a group, which no policy can name as principal; grant to its users, or to the roles that they assume'],
  ])('%s of another account throws, and changes nothing', (_, grantee, message) => {
    const app = newApp();
    const repository = newRepository(app);
    const consumer = newStack(app, 'Consumer', CONSUMER);

    expect(errorOf(() => repository.grantPull(grantee(consumer)))).toContain(message);
    expect(consumer.node.findAll().filter(({ node }) => node.id === 'DefaultPolicy')).toEqual([]);
  });
});

describe('where the role takes no policies from here, its statements are printed', () => {
  const warning = (path: string, ...statements: object[]) => ({
    path,
    level: 'warning',
    text: `the identity policy of '${path}' cannot be changed from here, and without these statements in it the grant on 'Owner/Repository' has no effect:\n`
      + `${printed(...statements)} [ack: cdk-shared-ecr:consumerHalfMissing]`,
  });
  const pull = { Effect: 'Allow', Action: PULL, Resource: WEB_APP_ARN };
  const arn = 'arn:aws:iam::111122223333:role/teams/app';

  test.each<[string, (consumer: Stack, owner: Stack) => iam.IGrantable, string, string, Scenario]>([
    ['imported into the owner\'s stack', (_c, owner) => iam.Role.fromRoleArn(owner, 'Imported', arn), 'Owner/Imported', arn, {}],
    ['imported into a third account\'s stack', (other) => iam.Role.fromRoleArn(other, 'Imported', arn), 'Consumer/Imported', arn, {
      consumer: { account: '444455556666', region: 'us-east-1' },
    }],
    ['imported into an agnostic stack', (consumer) => iam.Role.fromRoleArn(consumer, 'Imported', arn), 'Consumer/Imported', arn, { consumer: AGNOSTIC }],
    ['imported as immutable', (consumer) => iam.Role.fromRoleArn(consumer, 'Imported', arn, { mutable: false }), 'Consumer/Imported', arn, {}],
    ['withoutPolicyUpdates', (consumer) => named(consumer).withoutPolicyUpdates(), 'Consumer/ImmutableRoleRole', 'arn:aws:iam::111122223333:role/app', {}],
    ['withoutPolicyUpdates that add grants to resources', (consumer) => named(consumer).withoutPolicyUpdates({ addGrantsToResources: true }),
      'Consumer/ImmutableRoleRole', 'arn:aws:iam::111122223333:role/app', {}],
    ['made by somebody else, Role.customizeRoles', (consumer) => {
      iam.Role.customizeRoles(consumer, { usePrecreatedRoles: { 'Consumer/Role': 'precreated' } });
      return named(consumer);
    }, 'Consumer/Role', 'arn:aws:iam::111122223333:role/precreated', {}],
    ['only reported, Role.customizeRoles', (consumer) => {
      iam.Role.customizeRoles(consumer, { preventSynthesis: false });
      return named(consumer);
    }, 'Consumer/Role', 'arn:aws:iam::111122223333:role/app', {}],
  ])('%s: the owner half stands, no identity policy is made', (_, role, path, roleArn, scenario) => {
    const { app, repository, owner, consumer } = share(role, scenario);

    expect(repositoryPolicyOf(repository)).toEqual(pullByRole(roleArn));
    expect([...identityStatementsOf(owner), ...identityStatementsOf(consumer)]).toEqual([]);
    expect(noticesIn(app)).toEqual([warning(path, pull, LOGIN)]);
  });

  test('imported into its own account\'s stack it takes its policy, and nothing is to be said', () => {
    const { app, repository, consumer } = share((stack) => iam.Role.fromRoleArn(stack, 'Imported', arn));

    expect(repositoryPolicyOf(repository)).toEqual(pullByRole(arn));
    expect(identityStatementsOf(consumer)).toEqual([PULL_WEB_APP, LOGIN]);
    expect(noticesIn(app)).toEqual([]);
  });

  test.each<[string, (owner: Stack) => string, unknown, unknown]>([
    ['in part', (owner) => `arn:aws:iam::${new CfnParameter(owner, 'P').valueAsString}:role/app`,
      { Ref: 'P' }, { 'Fn::Join': ['', ['arn:aws:iam::', { Ref: 'P' }, ':role/app']] }],
    ['in its name', (owner) => `arn:aws:iam::111122223333:role/${new CfnParameter(owner, 'P').valueAsString}`,
      '111122223333', { 'Fn::Join': ['', ['arn:aws:iam::111122223333:role/', { Ref: 'P' }]] }],
    ['as a whole', (owner) => new CfnParameter(owner, 'P').valueAsString,
      { 'Fn::Select': [4, { 'Fn::Split': [':', { Ref: 'P' }] }] }, { Ref: 'P' }],
  ])('imported by an ARN that is a token %s: never more than the role is let in', (_, roleArn, account, principalArn) => {
    const { app, repository } = share((_consumer, owner) => iam.Role.fromRoleArn(owner, 'Imported', roleArn(owner)));

    expect(repositoryPolicyOf(repository)).toEqual(policyOf({
      Sid: expect.stringMatching(/^PullConditioned/),
      Effect: 'Allow',
      Principal: { AWS: [account] },
      Action: PULL,
      Condition: { ArnEquals: { 'aws:PrincipalArn': principalArn } },
    }));
    expect(noticesIn(app)).toEqual([warning('Owner/Imported', pull, LOGIN)]);
  });

  test('an agnostic owner can still let in an imported role', () => {
    const { repository, owner } = share((_, stack) => iam.Role.fromRoleArn(stack, 'Imported', arn), { owner: AGNOSTIC });
    const principalArn = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::111122223333:role/teams/app']] };

    expect(repositoryPolicyOf(repository)).toEqual(policyOf(rolesStatement('Pull', PULL, ['111122223333'], [principalArn as any])));
    expect(identityStatementsOf(owner)).toEqual([]);
  });

  test('in the owner\'s own account the grant would be the identity policy, so all of it is printed', () => {
    const { app, repository } = share((stack) => named(stack).withoutPolicyUpdates(), { consumer: OWNER });

    expect(repositoryPolicyOf(repository)).toBeUndefined();
    expect(noticesIn(app)).toEqual([warning('Consumer/ImmutableRoleRole', pull, LOGIN)]);
  });

  test('in the owner\'s own account a role that the repository policy names lacks only the login', () => {
    const { app, repository } = share((stack) => named(stack).withoutPolicyUpdates({ addGrantsToResources: true }), { consumer: OWNER });

    expect(repositoryPolicyOf(repository)).toEqual(policyOf({
      Sid: 'PullPrincipals', Effect: 'Allow', Principal: { AWS: [{ 'Fn::ImportValue': expect.stringContaining('Consumer:') }] }, Action: PULL,
    }));
    expect(noticesIn(app)).toEqual([warning('Consumer/ImmutableRoleRole', LOGIN)]);
  });

  test('the same grant made twice is said once', () => {
    const app = newApp();
    const repository = newRepository(app);
    const role = iam.Role.fromRoleArn(repository.stack, 'Imported', arn);
    repository.grantPull(role);
    repository.grantPull(role);

    expect(noticesIn(app)).toEqual([warning('Owner/Imported', pull, LOGIN)]);
  });
});

describe('a grantee by EcrGrantee.principal gets the owner half only', () => {
  test('a role of another account, by condition', () => {
    const app = newApp();
    const consumer = newStack(app, 'Consumer', CONSUMER);
    const repository = newRepository(app, { pullers: [EcrGrantee.principal(named(consumer))] });

    expect(repositoryPolicyOf(repository)).toEqual(pullByRole('arn:aws:iam::111122223333:role/app'));
    expect(identityStatementsOf(consumer)).toEqual([]);
  });

  test('a role of the owner\'s own account, by its ARN: an account principal would only delegate', () => {
    const app = newApp();
    const repository = newRepository(app);
    repository.allowPullFrom(EcrGrantee.principal(newRole(repository.stack)));

    expect(repositoryPolicyOf(repository)).toEqual(policyOf({
      Sid: 'PullPrincipals', Effect: 'Allow', Principal: { AWS: [{ 'Fn::GetAtt': [expect.stringMatching(/^Role/), 'Arn'] }] }, Action: PULL,
    }));
  });
});

describe('a role that has no name, in a nested stack', () => {
  test.each<[string, (nested: Construct) => iam.Role]>([
    ['generated by CloudFormation', unnamed],
    ['to be generated by the CDK, which cannot do so there', (nested) => newRole(nested, { roleName: PhysicalName.GENERATE_IF_NEEDED })],
  ])('is known by a tag that can be written down: %s', (_, roleIn) => {
    const app = newApp();
    const repository = newRepository(app);
    const consumer = newStack(app, 'Consumer', CONSUMER);
    const role = roleIn(new NestedStack(consumer, 'Nested'));
    repository.grantPull(role);

    const tag = `Consumer_${role.node.addr}`;
    expect(repositoryPolicyOf(repository).Statement).toEqual([{
      Sid: expect.stringMatching(/^PullTaggedRoles[0-9a-f]{8}$/),
      Effect: 'Allow',
      Principal: { AWS: ['111122223333'] },
      Action: PULL,
      Condition: { StringEquals: { 'aws:PrincipalTag/aws-cdk:id': [tag] } },
    }]);
    expect(resourceOf(role).Properties).toMatchObject({ Tags: [{ Key: 'aws-cdk:id', Value: tag }] });
    expect(resourceOf(role).Properties.RoleName).toBeUndefined();
    expect(repository.stack.dependencies).toEqual([]);
  });
});

describe('what was written already', () => {
  test('a role whose Stage was written cannot be given its half, and that is said', () => {
    const app = newApp();
    const stage = new Stage(app, 'Written');
    const consumer = newStack(stage, 'Consumer', CONSUMER);
    const role = named(consumer);
    const repository = newRepository(app);
    stage.synth();

    expect(errorOf(() => repository.grantPull(role))).toBe('\'Written/Consumer/Role\' was already written with its Stage \'Written\', '
      + 'so its half of the grant on \'Owner/Repository\' would be lost; make the grant before that Stage is synthesized');
    expect(repositoryPolicyOf(repository)).toBeUndefined();
  });
});

describe('partitions', () => {
  test('a role of another partition cannot be let in', () => {
    const app = newApp();
    const repository = newRepository(app);
    const role = named(newStack(app, 'China', { account: '111122223333', region: 'cn-north-1' }));

    expect(errorOf(() => repository.grantPull(role))).toBe('\'China/Role\' is in Region cn-north-1 and \'Owner/Repository\' in Region us-east-1, '
      + 'which are in different partitions of AWS, and nothing can be granted from one to the other; copy the images to a repository in the other partition');
  });
});

describe('a role of the owner\'s account that only the repository policy lets in', () => {
  test('is named by its ARN, in full where it is in another Stage', () => {
    const app = newApp();
    const repository = newRepository(new Stage(app, 'First'));
    const role = newRole(newStack(new Stage(app, 'Second'), 'Consumer', OWNER), { roleName: 'app', path: '/teams/web/' });
    repository.allowPullFrom(EcrGrantee.principal(role));

    expect(repositoryPolicyOf(repository)).toEqual(policyOf({
      Sid: 'PullPrincipals',
      Effect: 'Allow',
      Principal: { AWS: ['arn:aws:iam::999999999999:role/teams/web/app'] },
      Action: PULL,
    }));
  });
});

describe('accounts that only the deployment knows', () => {
  test('are not taken for the same account: the owner\'s half of an imported repository is told', () => {
    const stack = newStack(newApp(), 'Consumer', AGNOSTIC);
    const account = new CfnParameter(stack, 'OwnerAccount').valueAsString;
    const imported = SharedEcrRepository.fromSharedEcrRepositoryAttributes(stack, 'Imported', { account, region: 'us-east-1', repositoryName: 'web-app' });
    imported.grantPull(named(stack));

    const [{ level, text }] = noticesIn(stack);
    expect(level).toBe('info');
    expect(text).toContain('[ack: cdk-shared-ecr:ownerHalfNotInSight]');
    expect(text).toContain('What is written as "Ref" or "Fn::..." there is meant in this stack, not where it is pasted: '
      + 'give the stack an explicit environment to have it in full');
  });
});

describe('an organization that may push', () => {
  test.each<[string, (repository: SharedEcrRepository, to: iam.IGrantable) => unknown]>([
    ['grantPush', (repository, to) => repository.grantPush(to)],
    ['grantPullPush', (repository, to) => repository.grantPullPush(to)],
    ['grant with the action', (repository, to) => repository.grant(to, 'ecr:PutImage')],
    ['grant with a pattern', (repository, to) => repository.grant(to, 'ecr:*')],
  ])('is a warning by %s', (_, grantTo) => {
    const repository = newRepository(newApp());
    grantTo(repository, new iam.OrganizationPrincipal('o-a1b2c3d4e5'));
    expect(noticesIn(repository).map(({ text }) => text)).toEqual([expect.stringContaining('[ack: cdk-shared-ecr:organizationPush]')]);
  });

  test('is none where an account closes it, known or not, and for a group at home', () => {
    const repository = newRepository(newApp());
    const account = new CfnParameter(repository.stack, 'Account').valueAsString;
    repository.grantPush(new iam.AnyPrincipal().withConditions({ StringEquals: { 'aws:PrincipalAccount': account } }));
    repository.grantPush(new iam.Group(repository.stack, 'Group'));
    expect(noticesIn(repository)).toEqual([]);
  });
});
