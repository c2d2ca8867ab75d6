import { Duration, CfnParameter, Stack, Stage } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as eks from 'aws-cdk-lib/aws-eks-v2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import {
  AGNOSTIC, APP_RUNNER_PULL, CONSUMER, errorOf, identityStatementsOf, LOGIN, newApp, newRepository, newStack, noticesIn, OTHER, OWNER, policyOf, PULL,
  repositoryPolicyOf, resourceOf, resourcesOf, rolesStatement, templateOf, WEB_APP_ARN,
} from './support';
import {
  CrossAccountPullRole, CrossAccountPullRoleProps, EcrGrantee, PullRuntime, PullThroughCache, PullThroughCacheProps, RegistryPullGrant,
  SharedEcrRepository,
} from '../src';

const ROLE_ARN = 'arn:aws:iam::111122223333:role/app';
const ELSEWHERE = 'arn:aws:ecr:eu-west-1:888888888888:repository/tools';
const SIDECAR = 'arn:aws:ecr:us-east-1:777777777777:repository/sidecar';

const login = { Sid: 'Login', ...LOGIN };
const pullImages = (resource: unknown = WEB_APP_ARN, actions = PULL) => ({ Sid: 'PullImages', Effect: 'Allow', Action: actions, Resource: resource });
const pullAddOns = (resource: unknown) => ({ Sid: 'PullEksAddOns', Effect: 'Allow', Action: PULL, Resource: resource });
const trust = (principal: object,
  condition?: object) => policyOf({ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: principal, ...(condition && { Condition: condition }) });

interface Scenario {
  readonly repository: SharedEcrRepository;
  readonly consumer: Stack;
  readonly role: CrossAccountPullRole;
}

/** The owner's `web-app`, and a role `app` in a consumer's stack that pulls from it. */
function newScenario(props: Partial<CrossAccountPullRoleProps> = {}, env: object = CONSUMER): Scenario {
  const app = newApp();
  const repository = newRepository(app);
  const consumer = newStack(app, 'Consumer', env);
  return { repository, consumer, role: newPullRole(consumer, { repositories: [repository], ...props }) };
}

type PullRoleProps = Partial<CrossAccountPullRoleProps> & Pick<CrossAccountPullRoleProps, 'repositories'>;

function newPullRole(scope: Construct, props: PullRoleProps): CrossAccountPullRole {
  return new CrossAccountPullRole(scope, 'Role', { runtime: PullRuntime.ECS_TASK, roleName: 'app', ...props });
}

/** A role in a consumer's stack that pulls only from what the function makes in that stack. */
function newImporter(repositoriesIn: (scope: Construct) => ecr.IRepository[], props: Partial<CrossAccountPullRoleProps> = {},
  env: object = CONSUMER) {
  const consumer = newStack(newApp(), 'Consumer', env);
  return { consumer, role: newPullRole(consumer, { repositories: repositoriesIn(consumer), ...props }) };
}

describe('each runtime: trust, identity policy, managed policies, owner half', () => {
  const node = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/AmazonEKSWorkerNodePolicy']] };
  const addOns = pullAddOns('arn:aws:ecr:us-east-1:602401143452:repository/*');

  test.each<[string, PullRuntime, object, object[], unknown[] | undefined]>([
    ['ECS_TASK', PullRuntime.ECS_TASK, trust({ Service: 'ecs-tasks.amazonaws.com' }), [], undefined],
    ['EKS_NODE', PullRuntime.EKS_NODE, trust({ Service: 'ec2.amazonaws.com' }), [addOns], [node]],
    ['EKS_FARGATE_POD', PullRuntime.EKS_FARGATE_POD,
      trust({ Service: 'eks-fargate-pods.amazonaws.com' }, { ArnLike: { 'aws:SourceArn': 'arn:aws:eks:us-east-1:111122223333:fargateprofile/*' } }),
      [addOns], undefined],
    ['EC2_INSTANCE', PullRuntime.EC2_INSTANCE, trust({ Service: 'ec2.amazonaws.com' }), [], undefined],
    ['CODE_BUILD', PullRuntime.CODE_BUILD, trust({ Service: 'codebuild.amazonaws.com' }, { StringEquals: { 'aws:SourceAccount': '111122223333' } }),
      [], undefined],
    ['BATCH_JOB', PullRuntime.BATCH_JOB, trust({ Service: 'ecs-tasks.amazonaws.com' }), [], undefined],
    ['SAGEMAKER', PullRuntime.SAGEMAKER,
      trust({ Service: 'sagemaker.amazonaws.com' }, { ArnLike: { 'aws:SourceArn': 'arn:aws:sagemaker:us-east-1:111122223333:*' } }), [], undefined],
  ])('%s', (_, runtime, trusted, besides, managedPolicies) => {
    const { repository, consumer, role } = newScenario({ runtime });
    const { AssumeRolePolicyDocument, ManagedPolicyArns } = resourceOf(role).Properties;

    expect(AssumeRolePolicyDocument).toEqual(trusted);
    expect(identityStatementsOf(consumer)).toEqual([login, pullImages(), ...besides]);
    expect(ManagedPolicyArns).toEqual(managedPolicies);
    expect(repositoryPolicyOf(repository)).toEqual(policyOf(rolesStatement('Pull', PULL, ['111122223333'], [ROLE_ARN])));
  });

  test('APP_RUNNER describes images too, on both halves', () => {
    const { repository, consumer, role } = newScenario({ runtime: PullRuntime.APP_RUNNER });

    expect(resourceOf(role).Properties.AssumeRolePolicyDocument).toEqual(trust({ Service: 'build.apprunner.amazonaws.com' }));
    expect(identityStatementsOf(consumer)).toEqual([login, pullImages(WEB_APP_ARN, APP_RUNNER_PULL)]);
    expect(repositoryPolicyOf(repository)).toEqual(policyOf(rolesStatement('AppRunnerPull', APP_RUNNER_PULL, ['111122223333'], [ROLE_ARN])));
  });

  test('the whole role', () => {
    const { consumer } = newScenario();

    expect(Object.values<any>(templateOf(consumer).Resources).map(({ Type, Properties }) => [Type, Properties])).toEqual([
      ['AWS::IAM::Role', {
        AssumeRolePolicyDocument: trust({ Service: 'ecs-tasks.amazonaws.com' }),
        Description: 'Pulls images from 1 repository (ECS_TASK)',
        RoleName: 'app',
      }],
      ['AWS::IAM::Policy', {
        PolicyDocument: policyOf(login, pullImages()),
        PolicyName: expect.stringMatching(/^RoleDefaultPolicy/),
        Roles: [{ Ref: expect.stringMatching(/^Role/) }],
      }],
    ]);
    expect(noticesIn(consumer.node.root)).toEqual([]);
  });
});

describe('the owner half', () => {
  test('neither stack waits for the other, and nothing is exported', () => {
    const { repository, consumer } = newScenario({ roleName: undefined });
    const text = JSON.stringify([templateOf(repository.stack), templateOf(consumer)]);

    expect([repository.stack.dependencies, consumer.dependencies]).toEqual([[], []]);
    expect(text).not.toMatch(/Fn::ImportValue|Fn::GetStackOutput|"Outputs"/);
  });

  test.each(['owner', 'consumer'])('in two Stages, the %s\'s first; the generated name is the same in both halves', (first) => {
    const app = newApp();
    const stages = new Map((first === 'owner' ? ['owner', 'consumer'] : ['consumer', 'owner']).map((id) => [id, new Stage(app, id)]));
    const repository = newRepository(stages.get('owner')!);
    const consumer = newStack(stages.get('consumer')!, 'Consumer', CONSUMER);
    const role = newPullRole(consumer, { repositories: [repository], roleName: undefined, path: '/teams/' });

    const { RoleName } = resourceOf(role).Properties;
    expect(RoleName).toMatch(/^consumer/);
    expect(repositoryPolicyOf(repository)).toEqual(policyOf(rolesStatement('Pull', PULL, ['111122223333'],
      [`arn:aws:iam::111122223333:role/teams/${RoleName}`])));
    expect(identityStatementsOf(consumer)).toEqual([login, pullImages()]);
  });

  test('has the path of the role', () => {
    const { repository, role } = newScenario({ path: '/teams/web/' });

    expect(resourceOf(role).Properties).toMatchObject({ Path: '/teams/web/', RoleName: 'app' });
    expect(repositoryPolicyOf(repository)).toEqual(policyOf(rolesStatement('Pull', PULL, ['111122223333'],
      ['arn:aws:iam::111122223333:role/teams/web/app'])));
  });

  test('says no more than a grant to the same role', () => {
    const { repository, role } = newScenario();
    repository.grantPull(role);
    repository.allowPullFrom(EcrGrantee.role('111122223333', 'app'));

    expect(repositoryPolicyOf(repository)).toEqual(policyOf(rolesStatement('Pull', PULL, ['111122223333'], [ROLE_ARN])));
  });

  test('is on every repository, and the role names them in one statement', () => {
    const app = newApp();
    const webApp = newRepository(app);
    const tools = new SharedEcrRepository(newStack(app, 'Other', { ...OTHER, region: 'eu-central-1' }), 'Repository',
      { repositoryName: 'team/tools' });
    const consumer = newStack(app, 'Consumer', CONSUMER);
    const role = newPullRole(consumer, { repositories: [webApp, tools, webApp] });

    const expected = policyOf(rolesStatement('Pull', PULL, ['111122223333'], [ROLE_ARN]));
    expect([repositoryPolicyOf(webApp), repositoryPolicyOf(tools)]).toEqual([expected, expected]);
    expect(identityStatementsOf(consumer)).toEqual([login, pullImages([WEB_APP_ARN, 'arn:aws:ecr:eu-central-1:444455556666:repository/team/tools'])]);
    expect(resourceOf(role).Properties.Description).toBe('Pulls images from 2 repositories (ECS_TASK)');
  });

  test('is not needed in the same account', () => {
    const app = newApp();
    const repository = newRepository(app);
    const consumer = newStack(app, 'Home', OWNER);
    newPullRole(consumer, { repositories: [repository] });

    expect(repositoryPolicyOf(repository)).toBeUndefined();
    const [, { Resource }] = identityStatementsOf(consumer);
    expect(Resource).toEqual({ 'Fn::ImportValue': expect.stringMatching(/^Owner:ExportsOutputFnGetAttRepository/) });
  });

  test('is not needed in the same stack', () => {
    const repository = newRepository(newApp());
    newPullRole(repository.stack, { repositories: [repository] });

    expect(repositoryPolicyOf(repository)).toBeUndefined();
    expect(identityStatementsOf(repository.stack)).toEqual([login, pullImages({ 'Fn::GetAtt': [expect.stringMatching(/^Repository/), 'Arn'] })]);
  });

  test('is not needed between environment-agnostic stacks, which are one account', () => {
    const app = newApp();
    const repository = newRepository(app, {}, AGNOSTIC as any);
    newPullRole(newStack(app, 'Consumer', AGNOSTIC), { repositories: [repository] });

    expect(repositoryPolicyOf(repository)).toBeUndefined();
  });

  test('cannot be made if only one of the two environments is known', () => {
    expect(errorOf(() => newScenario({}, AGNOSTIC))).toContain('give the stack of \'Consumer/Role\' an explicit environment');

    const app = newApp();
    const repository = newRepository(app, {}, AGNOSTIC as any);
    expect(errorOf(() => newPullRole(newStack(app, 'Consumer', CONSUMER), { repositories: [repository] })))
      .toContain('give the stack of \'Owner/Repository\' an explicit environment');
  });

  test('cannot be made after the owner\'s Stage was written', () => {
    const app = newApp();
    const stage = new Stage(app, 'OwnerStage');
    const repository = newRepository(stage);
    stage.synth();

    const message = errorOf(() => newPullRole(newStack(app, 'Consumer', CONSUMER), { repositories: [repository] }));
    expect(message).toContain('the policy of \'OwnerStage/Owner/Repository\' was already written with Stage \'OwnerStage\'');
    expect(message).toContain('\'Consumer/Role\'');
  });
});

describe('statements that others add to the role', () => {
  type StatementFor = (repositoryArn: string) => iam.PolicyStatementProps;

  const added = (statementFor: StatementFor) => {
    const { repository, consumer, role } = newScenario();
    const { statementAdded, policyDependable } = role.addToPrincipalPolicy(new iam.PolicyStatement(statementFor(repository.repositoryArn)));
    expect(statementAdded).toBe(true);
    expect(policyDependable).toBeDefined();
    return identityStatementsOf(consumer).slice(2);
  };

  test.each<[string, StatementFor]>([
    ['the login', () => ({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] })],
    ['the pull', (arn) => ({ actions: PULL, resources: [arn] })],
    ['a part of the pull', (arn) => ({ actions: ['ecr:BatchGetImage'], resources: [arn] })],
  ])('%s, which the role has, is not said again', (_, statementFor) => {
    expect(added(statementFor)).toEqual([]);
  });

  test.each<[string, StatementFor]>([
    ['a Deny', (arn) => ({ effect: iam.Effect.DENY, actions: PULL, resources: [arn] })],
    ['a condition', (arn) => ({ actions: PULL, resources: [arn], conditions: { Bool: { 'aws:SecureTransport': 'true' } } })],
    ['another action', (arn) => ({ actions: ['ecr:BatchGetImage', 'ecr:PutImage'], resources: [arn] })],
    ['another repository', (arn) => ({ actions: PULL, resources: [arn, ELSEWHERE] })],
    ['a wider resource', () => ({ actions: PULL, resources: ['*'] })],
    ['all but an action', (arn) => ({ notActions: PULL, resources: [arn] })],
    ['all but a repository', (arn) => ({ actions: PULL, notResources: [arn] })],
    ['a Sid', (arn) => ({ sid: 'Mine', actions: PULL, resources: [arn] })],
  ])('%s is added', (_, statementFor) => {
    expect(added(statementFor)).toEqual([new iam.PolicyStatement(statementFor(WEB_APP_ARN)).toStatementJson()]);
  });
});

describe('a plain ecr.Repository of the app', () => {
  test.each<[string, PullRuntime, string[]]>([
    ['ECS_TASK', PullRuntime.ECS_TASK, PULL],
    ['APP_RUNNER', PullRuntime.APP_RUNNER, APP_RUNNER_PULL],
  ])('in another account gets its half as CDK makes it, for %s', (_, runtime, actions) => {
    const app = newApp();
    const plain = new ecr.Repository(newStack(app, 'Owner', OWNER), 'Plain', { repositoryName: 'plain' });
    const consumer = newStack(app, 'Consumer', CONSUMER);
    const role = newPullRole(consumer, { repositories: [plain], runtime });

    const tag = resourceOf(role).Properties.Tags.find(({ Key }: any) => Key === 'aws-cdk:id').Value;
    expect(repositoryPolicyOf(plain)).toEqual(policyOf({
      Action: actions,
      Effect: 'Allow',
      Principal: { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::111122223333:root']] } },
      Condition: { StringEquals: { 'aws:PrincipalTag/aws-cdk:id': tag } },
    }));
    expect(identityStatementsOf(consumer)).toEqual([
      login,
      {
        Effect: 'Allow',
        Action: actions,
        Resource: {
          'Fn::Join': ['',
            ['arn:', { Ref: 'AWS::Partition' }, ':ecr:us-east-1:999999999999:repository/plain']],
        },
      },
    ]);
    expect(noticesIn(app)).toEqual([]);
    expect([plain.stack.dependencies, consumer.dependencies]).toEqual([[], []]);
  });

  test('of the same account needs no half', () => {
    const stack = newStack(newApp(), 'Home', OWNER);
    const plain = new ecr.Repository(stack, 'Plain');
    newPullRole(stack, { repositories: [plain] });

    expect(resourceOf(plain)).not.toHaveProperty('Properties');
    expect(identityStatementsOf(stack)).toEqual([login,
      { Effect: 'Allow', Action: PULL, Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Plain/), 'Arn'] } }]);
  });
});

describe('an imported repository', () => {
  const byName = JSON.stringify(rolesStatement('Pull', PULL, ['111122223333'], [ROLE_ARN]));
  const byAccount = JSON.stringify({ Sid: 'PullAccounts', Effect: 'Allow', Principal: { AWS: ['111122223333'] }, Action: PULL });
  const fromAttributes = (scope: Construct, repositoryArn = ELSEWHERE) => ecr.Repository.fromRepositoryAttributes(scope, 'Tools',
    { repositoryArn, repositoryName: 'tools' });

  test.each<[string, (scope: Construct) => ecr.IRepository]>([
    ['SharedEcrRepository.fromRepositoryArn', (scope) => SharedEcrRepository.fromRepositoryArn(scope, 'Tools', ELSEWHERE)],
    ['SharedEcrRepository.fromRepositoryUri',
      (scope) => SharedEcrRepository.fromRepositoryUri(scope, 'Tools', '888888888888.dkr.ecr.eu-west-1.amazonaws.com/tools')],
    ['SharedEcrRepository.fromSharedEcrRepositoryAttributes', (scope) => SharedEcrRepository.fromSharedEcrRepositoryAttributes(scope, 'Tools', {
      account: '888888888888', region: 'eu-west-1', repositoryName: 'tools',
    })],
    ['ecr.Repository.fromRepositoryArn', (scope) => ecr.Repository.fromRepositoryArn(scope, 'Tools', ELSEWHERE)],
    ['ecr.Repository.fromRepositoryAttributes', (scope) => fromAttributes(scope)],
  ])('by %s: its owner\'s half is a note', (_, imported) => {
    const { consumer } = newImporter((scope) => [imported(scope)]);

    expect(identityStatementsOf(consumer)).toEqual([login, pullImages(ELSEWHERE)]);
    const [notice, ...more] = noticesIn(consumer);
    expect(more).toEqual([]);
    expect(notice.level).toBe('info');
    expect(notice.text).toMatch(/^'Consumer\/Role' has its half of the grant; the other half is not in sight: /);
    expect(notice.text).toContain('the policy of \'tools\' cannot be changed from here; its owner, account 888888888888, must have in it:\n');
    expect(notice.text).toContain(`\n${byName} [ack: cdk-shared-ecr:ownerHalfNotInSight]`);
  });

  test('a role without a name is known to its owner only by its account', () => {
    const { consumer } = newImporter((scope) => [fromAttributes(scope)], { roleName: undefined });

    expect(noticesIn(consumer)[0].text).toContain(`\n${byAccount} [ack:`);
  });

  test('App Runner needs more of its owner', () => {
    const { consumer } = newImporter((scope) => [fromAttributes(scope)], { runtime: PullRuntime.APP_RUNNER });

    expect(noticesIn(consumer)[0].text).toContain('"ecr:DescribeImages"');
  });

  test('of the own account needs no half, so nothing is said', () => {
    const { consumer } = newImporter((scope) => [
      ecr.Repository.fromRepositoryName(scope, 'ByName', 'tools'),
      ecr.Repository.fromRepositoryArn(scope, 'ByArn', 'arn:aws:ecr:us-east-1:111122223333:repository/tools'),
      SharedEcrRepository.fromRepositoryArn(scope, 'Ours', 'arn:aws:ecr:us-east-1:111122223333:repository/more-tools'),
    ]);

    expect(noticesIn(consumer)).toEqual([]);
  });

  test('whose owner has granted is not spoken of', () => {
    const { consumer } = newImporter((scope) => [SharedEcrRepository.fromSharedEcrRepositoryAttributes(scope, 'Tools', {
      account: '888888888888', region: 'eu-west-1', repositoryName: 'tools', ownerHasGranted: true,
    })]);

    expect(noticesIn(consumer)).toEqual([]);
    expect(identityStatementsOf(consumer)).toEqual([login, pullImages(ELSEWHERE)]);
  });

  test('by an ARN that only the deployment knows', () => {
    const { consumer } = newImporter((scope) => [fromAttributes(scope, new CfnParameter(scope, 'P').valueAsString)]);

    expect(identityStatementsOf(consumer)).toEqual([login, pullImages({ Ref: 'P' })]);
    expect(noticesIn(consumer)).toMatchObject([{ level: 'info', text: expect.stringContaining('its owner must have in it:\n') }]);
  });

  test('may serve several roles, beside those of the app', () => {
    const app = newApp();
    const repository = newRepository(app);
    const consumer = newStack(app, 'Consumer', CONSUMER);
    const tools = fromAttributes(consumer);
    const [a, b] = ['A',
      'B'].map((id) => new CrossAccountPullRole(consumer, id, { runtime: PullRuntime.ECS_TASK, repositories: [tools, repository], roleName: id }));

    expect(noticesIn(a)).toHaveLength(1);
    expect(noticesIn(b)).toHaveLength(1);
    expect(identityStatementsOf(consumer)).toEqual([login, pullImages([ELSEWHERE, WEB_APP_ARN]), login, pullImages([ELSEWHERE, WEB_APP_ARN])]);
    expect(repositoryPolicyOf(repository)).toEqual(policyOf(
      rolesStatement('Pull', PULL, ['111122223333'], ['arn:aws:iam::111122223333:role/A', 'arn:aws:iam::111122223333:role/B']),
    ));
  });
});

describe('additionalRepositories', () => {
  const sidecar = (scope: Construct) => ecr.Repository.fromRepositoryArn(scope, 'Sidecar', SIDECAR);

  test('are in the role\'s half, and nothing is said of the other', () => {
    const app = newApp();
    const repository = newRepository(app);
    const consumer = newStack(app, 'Consumer', CONSUMER);
    const imported = SharedEcrRepository.fromRepositoryArn(consumer, 'Imported', ELSEWHERE);
    const aside = sidecar(consumer);
    newPullRole(consumer, { repositories: [repository], additionalRepositories: [aside, imported, aside, repository] });

    expect(identityStatementsOf(consumer)).toEqual([login, pullImages([WEB_APP_ARN, SIDECAR, ELSEWHERE])]);
    expect(noticesIn(app)).toEqual([]);
  });

  test('of the app get no half either', () => {
    const app = newApp();
    const repository = newRepository(app);
    const quiet = new SharedEcrRepository(repository.stack, 'Quiet', { repositoryName: 'quiet' });
    newPullRole(newStack(app, 'Consumer', CONSUMER), { repositories: [repository], additionalRepositories: [quiet] });

    expect(repositoryPolicyOf(quiet)).toBeUndefined();
  });

  test('stand beside a plain repository of the app', () => {
    const app = newApp();
    const plain = new ecr.Repository(newStack(app, 'Owner', OWNER), 'Plain', { repositoryName: 'plain' });
    const consumer = newStack(app, 'Consumer', CONSUMER);
    newPullRole(consumer, { repositories: [plain], additionalRepositories: [sidecar(consumer)] });

    expect(identityStatementsOf(consumer)).toEqual([login, pullImages(SIDECAR), expect.objectContaining({ Action: PULL })]);
  });
});

describe('cached repositories', () => {
  const SHARED = 'arn:aws:ecr:us-east-1:111122223333:repository/shared/';
  const FIRST_PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:BatchImportUpstreamImage', 'ecr:CreateRepository', 'ecr:GetDownloadUrlForLayer'];
  const pullCached = (sid: string, resource: unknown, actions = FIRST_PULL) => ({ Sid: sid, Effect: 'Allow', Action: actions, Resource: resource });

  /** A cache of the owner's registry, whose owner has granted. */
  function newCache(props: Partial<PullThroughCacheProps> = {}, app = newApp()) {
    new RegistryPullGrant(newStack(app, 'Upstream', OWNER), 'Grant', {}).allowPullThroughFrom(EcrGrantee.account(CONSUMER.account));
    const stack = newStack(app, 'Cache', CONSUMER);
    return {
      app,
      stack,
      cache: new PullThroughCache(stack, 'Cache', { upstreamAccount: OWNER.account, upstreamRegion: OWNER.region, repositoryPrefix: 'shared', ...props }),
    };
  }

  test('have a statement with what a first pull takes', () => {
    const { app, cache } = newCache();
    const repository = newRepository(app);
    const consumer = newStack(app, 'Consumer', CONSUMER);
    const [web, tools] = [cache.repository('web'), cache.repository('team-a/tools')];
    const role = newPullRole(consumer, { repositories: [web, repository, tools] });
    new ecs.FargateTaskDefinition(consumer, 'Task', { executionRole: role }).addContainer('web', { image: ecs.ContainerImage.fromEcrRepository(web, '1') });

    expect(identityStatementsOf(consumer)).toEqual([login, pullImages(), pullCached('PullThroughCache', [`${SHARED}web`, `${SHARED}team-a/tools`])]);
    expect(noticesIn(app)).toEqual([]);
  });

  test('that are made with tags may be tagged, others not', () => {
    const { app, stack, cache } = newCache();
    const tagged = new PullThroughCache(stack, 'Tagged', {
      upstreamAccount: OWNER.account, upstreamRegion: OWNER.region, repositoryPrefix: 'tagged', tags: { team: 'a' },
    });
    const consumer = newStack(app, 'Consumer', CONSUMER);
    newPullRole(consumer, { repositories: [cache.repository('web'), tagged.repository('web')], runtime: PullRuntime.APP_RUNNER });

    const firstPull = [...FIRST_PULL.slice(0, 4), 'ecr:DescribeImages', 'ecr:GetDownloadUrlForLayer'];
    expect(identityStatementsOf(consumer)).toEqual([
      login,
      pullCached('PullThroughCache', `${SHARED}web`, firstPull),
      pullCached('PullThroughCache2', 'arn:aws:ecr:us-east-1:111122223333:repository/tagged/web', [...firstPull, 'ecr:TagResource']),
    ]);
  });

  test('of a third account must have the role among their pullers', () => {
    const pulledBy = (...pullers: EcrGrantee[]) => {
      const { app, cache } = newCache({ pullers });
      const consumer = newStack(app, 'Consumer', OTHER);
      newPullRole(consumer, { repositories: [cache.repository('web')] });
      return { app, consumer };
    };
    const { app, consumer } = pulledBy(EcrGrantee.role(OTHER.account, 'app'));
    app.synth();

    expect(identityStatementsOf(consumer)).toEqual([login, pullCached('PullThroughCache', `${SHARED}web`)]);
    expect(noticesIn(app)).toEqual([]);
    expect(errorOf(() => pulledBy().app.synth())).toContain("[Cache/Cache/Repository-web] 'Consumer/Role' is granted access to 'shared/web', which Amazon ECR makes with a policy that lacks it");
  });

  test('as additionalRepositories have the statement, and nothing is asked of the cache', () => {
    const { app, cache } = newCache();
    const consumer = newStack(app, 'Consumer', OTHER);
    newPullRole(consumer, { repositories: [newRepository(app)], additionalRepositories: [cache.repository('web')] });
    app.synth();

    expect(identityStatementsOf(consumer)).toEqual([login, pullImages(), pullCached('PullThroughCache', `${SHARED}web`)]);
    expect(noticesIn(app)).toEqual([]);
  });
});

describe('EKS add-ons', () => {
  const addOnsOf = (props: Partial<CrossAccountPullRoleProps>, region = 'us-east-1') => {
    const tools = `arn:${region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'}:ecr:${region}:444455556666:repository/tools`;
    const { consumer } = newImporter((scope) => [ecr.Repository.fromRepositoryArn(scope, 'Tools', tools)],
      { runtime: PullRuntime.EKS_NODE, ...props }, { ...CONSUMER, region });
    return identityStatementsOf(consumer).find(({ Sid }) => Sid === 'PullEksAddOns');
  };

  test.each([
    ['us-east-1', 'arn:aws:ecr:us-east-1:602401143452:repository/*'],
    ['eu-central-1', 'arn:aws:ecr:eu-central-1:602401143452:repository/*'],
    ['eu-central-2', 'arn:aws:ecr:eu-central-2:900612956339:repository/*'],
    ['af-south-1', 'arn:aws:ecr:af-south-1:877085696533:repository/*'],
    ['il-central-1', 'arn:aws:ecr:il-central-1:066635153087:repository/*'],
    ['cn-north-1', 'arn:aws-cn:ecr:cn-north-1:918309763551:repository/*'],
    ['cn-northwest-1', 'arn:aws-cn:ecr:cn-northwest-1:961992271922:repository/*'],
    ['us-gov-west-1', 'arn:aws-us-gov:ecr:us-gov-west-1:013241004608:repository/*'],
    ['us-gov-east-1', 'arn:aws-us-gov:ecr:us-gov-east-1:151742754352:repository/*'],
  ])('of %s come from the account of AWS there', (region, arn) => {
    expect(addOnsOf({}, region)).toEqual(pullAddOns(arn));
    expect(addOnsOf({ runtime: PullRuntime.EKS_FARGATE_POD }, region)).toEqual(pullAddOns(arn));
  });

  test('are replaced', () => {
    const own = ['arn:aws:ecr:us-east-1:111122223333:repository/eks/*', 'arn:aws:ecr:us-east-1:111122223333:repository/pause'];
    expect(addOnsOf({ eksAddOnRepositoryArns: own })).toEqual(pullAddOns(own));
    expect(addOnsOf({ eksAddOnRepositoryArns: own }, 'mx-central-1')).toEqual(pullAddOns(own));
  });

  test('are dropped', () => {
    expect(addOnsOf({ eksAddOnRepositoryArns: [] })).toBeUndefined();
    expect(addOnsOf({ eksAddOnRepositoryArns: [] }, 'mx-central-1')).toBeUndefined();
  });

  const remedy = 'so the registry of the EKS add-ons there is not known; '
    + 'give eksAddOnRepositoryArns (see https://docs.aws.amazon.com/eks/latest/userguide/add-ons-images.html), [] for none';

  test('of a Region that is not in the list must be given', () => {
    expect(errorOf(() => newScenario({ runtime: PullRuntime.EKS_NODE },
      { ...CONSUMER, region: 'mx-central-1' }))).toBe(`the Region is "mx-central-1", ${remedy}`);
  });

  test('of a Region that only the deployment knows must be given', () => {
    expect(errorOf(() => newScenario({ runtime: PullRuntime.EKS_FARGATE_POD }, { account: CONSUMER.account })))
      .toBe(`the Region is known only at deployment, ${remedy}, or give the stack an explicit environment: env: { account, region }`);

    const { consumer } = newScenario({ runtime: PullRuntime.EKS_FARGATE_POD, eksAddOnRepositoryArns: [] }, { account: CONSUMER.account });
    expect(identityStatementsOf(consumer)).toEqual([login, pullImages()]);
  });

  test.each<[PullRuntime, string]>([
    [PullRuntime.ECS_TASK, 'ECS_TASK'],
    [PullRuntime.assumedBy(new iam.AccountPrincipal('111122223333')), 'assumed by AccountPrincipal(111122223333)'],
  ])('are not for %s', (runtime, name) => {
    for (const eksAddOnRepositoryArns of [[], ['arn:aws:ecr:us-east-1:111122223333:repository/*']]) {
      expect(errorOf(() => newScenario({ runtime, eksAddOnRepositoryArns })))
        .toBe(`eksAddOnRepositoryArns is given, but the runtime is ${name}, which runs no EKS add-ons; leave it out, or use additionalRepositories`);
    }
  });
});

describe('properties', () => {
  test('a role that pulls from nothing is refused, and nothing is left of it', () => {
    const stack = newStack(newApp(), 'Consumer', CONSUMER);

    expect(errorOf(() => newPullRole(stack, { repositories: [] })))
      .toBe('repositories is empty, but the role must pull from at least one repository; create it where there is something to pull');
    expect(stack.node.children).toEqual([]);
  });

  test('pass through to the role', () => {
    const boundary = 'arn:aws:iam::111122223333:policy/boundary';
    const app = newApp();
    const repository = newRepository(app);
    const consumer = newStack(app, 'Consumer', CONSUMER);
    const role = newPullRole(consumer, {
      repositories: [repository],
      runtime: PullRuntime.EKS_NODE,
      roleName: 'nodes',
      path: '/eks/',
      description: 'What nodes are',
      permissionsBoundary: iam.ManagedPolicy.fromManagedPolicyArn(consumer, 'Boundary', boundary),
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonEKS_CNI_Policy')],
      maxSessionDuration: Duration.hours(2),
    });
    const awsManaged = (name: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::aws:policy/${name}`]] });

    expect(resourceOf(role).Properties).toEqual({
      AssumeRolePolicyDocument: trust({ Service: 'ec2.amazonaws.com' }),
      RoleName: 'nodes',
      Path: '/eks/',
      Description: 'What nodes are',
      PermissionsBoundary: boundary,
      ManagedPolicyArns: [awsManaged('AmazonEKSWorkerNodePolicy'), awsManaged('AmazonEKS_CNI_Policy')],
      MaxSessionDuration: 7200,
    });
  });

  test('without a name and with nobody who must know it, CloudFormation generates one', () => {
    const repository = newRepository(newApp());
    const role = newPullRole(repository.stack, { repositories: [repository], roleName: undefined });

    expect(resourceOf(role).Properties).not.toHaveProperty('RoleName');
  });
});

describe('PullRuntime.assumedBy: a role in the owner\'s account that consumers assume', () => {
  const account = (id: string) => ({ AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${id}:root`]] } });
  const externalId = (value: string) => ({ StringEquals: { 'sts:ExternalId': value } });
  const inOrganization = { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5', 'sts:ExternalId': 'web' } };

  test.each<[string, iam.IPrincipal, object]>([
    ['with an external id', new iam.AccountPrincipal('111122223333').withConditions(externalId('web')),
      trust(account('111122223333'), externalId('web'))],
    ['by an organization', new iam.OrganizationPrincipal('o-a1b2c3d4e5'),
      trust({ AWS: '*' }, { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } })],
    ['by an organization, with an external id', new iam.AnyPrincipal().withConditions(inOrganization), trust({ AWS: '*' }, inOrganization)],
    ['by accounts with an external id each', new iam.CompositePrincipal(
      new iam.AccountPrincipal('111122223333').withConditions(externalId('a')),
      new iam.AccountPrincipal('444455556666').withConditions(externalId('b')),
    ), policyOf(
      ...[['111122223333', 'a'], ['444455556666', 'b']].map(([id, value]) => ({
        Action: 'sts:AssumeRole', Effect: 'Allow', Principal: account(id), Condition: externalId(value),
      })),
    )],
  ])('%s', (_, principal, trusted) => {
    const repository = newRepository(newApp());
    const role = newPullRole(repository.stack, { repositories: [repository], runtime: PullRuntime.assumedBy(principal) });

    expect(resourceOf(role).Properties.AssumeRolePolicyDocument).toEqual(trusted);
    expect(identityStatementsOf(repository.stack)).toEqual([login, pullImages({ 'Fn::GetAtt': [expect.stringMatching(/^Repository/), 'Arn'] })]);
    expect(repositoryPolicyOf(repository)).toBeUndefined();
  });

  test('everybody with only an external id is refused', () => {
    expect(() => PullRuntime.assumedBy(new iam.AnyPrincipal().withConditions(externalId('web')))).toThrow('would let in every AWS account');
  });

  test('elsewhere it is any other puller, with both halves', () => {
    const { repository, consumer, role } = newScenario({ runtime: PullRuntime.assumedBy(new iam.ServicePrincipal('ssm.amazonaws.com')) });

    expect(resourceOf(role).Properties).toMatchObject({
      AssumeRolePolicyDocument: trust({ Service: 'ssm.amazonaws.com' }),
      Description: 'Pulls images from 1 repository (assumed by ServicePrincipal(ssm.amazonaws.com))',
    });
    expect(identityStatementsOf(consumer)).toEqual([login, pullImages()]);
    expect(repositoryPolicyOf(repository)).toEqual(policyOf(rolesStatement('Pull', PULL, ['111122223333'], [ROLE_ARN])));
  });

  test('the description of a role for very many principals is cut', () => {
    const principals = Array.from({ length: 50 }, (_, index) => new iam.AccountPrincipal(`${111122220000 + index}`));
    const { role } = newScenario({ runtime: PullRuntime.assumedBy(new iam.CompositePrincipal(...principals)) });

    expect(resourceOf(role).Properties.Description).toHaveLength(1000);
  });
});

describe('with the constructs of CDK: the same owner half, and one role', () => {
  const ownerHalf = policyOf(rolesStatement('Pull', PULL, ['111122223333'], [ROLE_ARN]));

  test('as the execution role of an ECS task', () => {
    const { repository, consumer, role } = newScenario();
    const task = new ecs.FargateTaskDefinition(consumer, 'Task', { executionRole: role });
    task.addContainer('web', { image: ecs.ContainerImage.fromEcrRepository(repository, '1.0') });

    const [{ Properties }] = resourcesOf(consumer, 'AWS::ECS::TaskDefinition');
    expect(Properties.ExecutionRoleArn).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Role/), 'Arn'] });
    expect(Properties.ContainerDefinitions[0].Image).toBe('999999999999.dkr.ecr.us-east-1.amazonaws.com/web-app:1.0');
    expect(repositoryPolicyOf(repository)).toEqual(ownerHalf);
    expect(identityStatementsOf(consumer)).toEqual([login, pullImages()]);
  });

  test('as the role of a CodeBuild project', () => {
    const { repository, consumer, role } = newScenario({ runtime: PullRuntime.CODE_BUILD });
    new codebuild.Project(consumer, 'Project', {
      role,
      buildSpec: codebuild.BuildSpec.fromObject({ version: '0.2' }),
      environment: { buildImage: codebuild.LinuxBuildImage.fromEcrRepository(repository) },
    });

    const [{ Properties }] = resourcesOf(consumer, 'AWS::CodeBuild::Project');
    expect(Properties.ServiceRole).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Role/), 'Arn'] });
    expect(Properties.Environment).toMatchObject({
      Image: '999999999999.dkr.ecr.us-east-1.amazonaws.com/web-app:latest',
      ImagePullCredentialsType: 'SERVICE_ROLE',
    });
    expect(repositoryPolicyOf(repository)).toEqual(ownerHalf);
  });

  test('as the role of EKS nodes', () => {
    const { repository, consumer, role } = newScenario({ runtime: PullRuntime.EKS_NODE });
    const vpc = ec2.Vpc.fromVpcAttributes(consumer, 'Vpc', {
      vpcId: 'vpc-12345678', availabilityZones: ['us-east-1a', 'us-east-1b'], privateSubnetIds: ['subnet-12345678', 'subnet-23456789'],
    });
    const cluster = new eks.Cluster(consumer, 'Cluster', {
      version: eks.KubernetesVersion.V1_33,
      vpc,
      vpcSubnets: [{ subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }],
      defaultCapacityType: eks.DefaultCapacityType.NODEGROUP,
      defaultCapacity: 0,
    });
    cluster.addNodegroupCapacity('Nodes', { nodeRole: role });

    const [{ Properties }] = resourcesOf(consumer, 'AWS::EKS::Nodegroup');
    expect(Properties.NodeRole).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Role/), 'Arn'] });
    expect(repositoryPolicyOf(repository)).toEqual(ownerHalf);
  });
});

describe('a role that is created by somebody else', () => {
  test('has a warning with its statements', () => {
    const app = newApp();
    const repository = newRepository(app);
    const consumer = newStack(app, 'Consumer', CONSUMER);
    iam.Role.customizeRoles(consumer, { usePrecreatedRoles: { 'Consumer/Role': 'created' }, preventSynthesis: false });
    newPullRole(consumer, { repositories: [repository] });

    expect(noticesIn(consumer).map(({ level, text }) => `${level}: ${text}`)).toEqual([
      'warning: the identity policy of \'Consumer/Role\' cannot be changed from here, and without these statements in it the role has no effect:\n'
      + `${JSON.stringify({ Effect: 'Allow', Action: ['ecr:GetAuthorizationToken'], Resource: ['*'] })},\n`
      + `${JSON.stringify({ Effect: 'Allow', Action: PULL, Resource: [WEB_APP_ARN] })} [ack: cdk-shared-ecr:consumerHalfMissing]`,
    ]);
  });
});

describe('very many repositories', () => {
  test('are in statements of which each fits into a managed policy', () => {
    const consumer = newStack(newApp(), 'Consumer', CONSUMER);
    const names = Array.from({ length: 200 }, (_, index) => `team-${index}/a-repository`);
    newPullRole(consumer, {
      repositories: names.map((name) => SharedEcrRepository.fromRepositoryArn(consumer, name.replace('/', '-'), `arn:aws:ecr:us-east-1:999999999999:repository/${name}`)),
    });

    const statements = identityStatementsOf(consumer);
    expect(statements.map(({ Sid }) => Sid).sort()).toEqual(['Login', 'PullImages', 'PullImages2', 'PullImages3']);
    expect(statements.filter((statement) => JSON.stringify(statement).length > 6_000)).toEqual([]);
    expect(statements.flatMap(({ Sid, Resource }) => (Sid === 'Login' ? [] : Resource)).length).toBe(200);
  });
});
