import { CfnParameter, Stack, Stage } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import {
  accountsStatement, AGNOSTIC, CONSUMER, errorOf, identityStatementsOf, LOGIN, newApp, newRepository, newRole, newStack, noticesIn, OTHER, OWNER,
  policyOf, printed, PUSH, repositoryPolicyOf, resourcesOf, rolesStatement, templateOf,
} from './support';
import { EcrGrantee, PullThroughCache, PullThroughCacheProps, RegistryPullGrant, SharedEcrRepository } from '../src';

const CACHE_PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:BatchImportUpstreamImage', 'ecr:GetDownloadUrlForLayer'];
const FIRST_PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:BatchImportUpstreamImage', 'ecr:CreateRepository', 'ecr:GetDownloadUrlForLayer'];
const CACHE_CREATE = ['ecr:BatchImportUpstreamImage', 'ecr:CreateRepository'];
const FILL = [
  'ecr:BatchGetImage', 'ecr:BatchImportUpstreamImage', 'ecr:CompleteLayerUpload', 'ecr:GetDownloadUrlForLayer', 'ecr:GetImageCopyStatus', 'ecr:InitiateLayerUpload',
  'ecr:PutImage', 'ecr:UploadLayerPart',
];
const PULL_THROUGH = ['ecr:BatchGetImage', 'ecr:BatchImportUpstreamImage', 'ecr:GetDownloadUrlForLayer', 'ecr:GetImageCopyStatus'];

const UPSTREAM = { upstreamAccount: OWNER.account, upstreamRegion: OWNER.region };
const CACHED_ARN = 'arn:aws:ecr:us-east-1:111122223333:repository/shared/web-app';

/** A cache `shared` in an account of its own, of the owner's registry. */
function newCache(props: Partial<PullThroughCacheProps> = {}, env: object = CONSUMER, scope: Stage = newApp()) {
  const stack = newStack(scope, 'Cache', env);
  return { app: stack.node.root as Stage, stack, cache: new PullThroughCache(stack, 'Cache', { ...UPSTREAM, repositoryPrefix: 'shared', ...props }) };
}

/** A cache in an app that does not have the upstream, and whose owner has granted. */
function newQuietCache(props: Partial<PullThroughCacheProps> = {}) {
  const made = newCache(props);
  new RegistryPullGrant(newStack(made.app, 'Upstream', OWNER), 'Grant', {}).allowPullThroughFrom(EcrGrantee.account(CONSUMER.account));
  return made;
}

const functionIn = (stack: Stack, repository: ecr.IRepository) =>
  new lambda.DockerImageFunction(stack, 'Function', { code: lambda.DockerImageCode.fromEcr(repository, { tagOrDigest: '1' }) });
const only = (stack: Stack, type: string) => {
  const [resource, ...more] = resourcesOf(stack, type);
  expect(more).toEqual([]);
  return resource;
};
const att = (id: string) => ({ 'Fn::GetAtt': [expect.stringMatching(new RegExp(`^${id}[0-9A-F]{8}$`)), 'Arn'] });
const id = (name: string) => expect.stringMatching(new RegExp(`^${name}[0-9A-F]{8}$`));
const trust = (service: string) => policyOf({ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: service } });
const login = { Sid: 'Login', ...LOGIN };
const fill = (...resources: unknown[]) => ({ Sid: 'FetchAndKeepImages', Effect: 'Allow', Action: FILL, Resource: resources });
const notInSight = (where: string, ...statements: object[]) => ({
  path: 'Cache/Cache',
  level: 'info',
  text: `the upstream registry, ${where}, must let this account fetch images, and that is not in sight; it must have in its registry policy, `
    + `or without "Resource" in the policies of the repositories:\n${printed(...statements)} [ack: cdk-shared-ecr:ownerHalfNotInSight]`,
});
const pullThrough = (sid: string, ...resources: string[]) => ({ ...accountsStatement('PullThrough', PULL_THROUGH, [CONSUMER.account]), Sid: sid, Resource: resources });

describe('every resource', () => {
  test('of a cache that nobody outside pulls from', () => {
    const { app, stack } = newCache();

    expect(templateOf(stack).Resources).toEqual({
      CacheRoleE089D32A: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: trust('pullthroughcache.ecr.amazonaws.com'),
          Description: 'Lets Amazon ECR fetch images from another registry in us-east-1',
        },
      },
      CacheRoleDefaultPolicy28240F01: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          PolicyDocument: policyOf(login, fill('arn:aws:ecr:us-east-1:999999999999:repository/*', 'arn:aws:ecr:us-east-1:111122223333:repository/shared/*')),
          PolicyName: 'CacheRoleDefaultPolicy28240F01',
          Roles: [{ Ref: 'CacheRoleE089D32A' }],
        },
      },
      CacheTemplate20093315: {
        Type: 'AWS::ECR::RepositoryCreationTemplate',
        Properties: { AppliedFor: ['PULL_THROUGH_CACHE'], Prefix: 'shared', ImageTagMutability: 'MUTABLE' },
      },
      CacheRule25B8A359: {
        Type: 'AWS::ECR::PullThroughCacheRule',
        Properties: {
          EcrRepositoryPrefix: 'shared',
          UpstreamRegistry: 'ecr',
          UpstreamRegistryUrl: '999999999999.dkr.ecr.us-east-1.amazonaws.com',
          CustomRoleArn: { 'Fn::GetAtt': ['CacheRoleE089D32A', 'Arn'] },
        },
        DependsOn: ['CacheRoleDefaultPolicy28240F01', 'CacheTemplate20093315'],
      },
    });
    expect(noticesIn(app)).toEqual([notInSight('account 999999999999, Region us-east-1', pullThrough('PullThroughAccounts', 'arn:aws:ecr:us-east-1:999999999999:repository/*'))]);
  });

  test('for pullers: the template\'s policy, and what a first pull takes in that of the registry', () => {
    const { stack } = newCache({ pullers: [EcrGrantee.account(OTHER.account), EcrGrantee.role('777788889999', 'app'), EcrGrantee.organization('o-a1b2c3d4e5')] });
    const closed = { StringEquals: { 'aws:PrincipalOrgID': ['o-a1b2c3d4e5'] }, StringNotEquals: { 'aws:PrincipalAccount': CONSUMER.account } };
    const organization = (purpose: string, actions: string[]) =>
      ({ Sid: `${purpose}Organizations`, Effect: 'Allow', Principal: { AWS: '*' }, Action: actions, Condition: closed });
    const role = ['777788889999', 'arn:aws:iam::777788889999:role/app'];
    const inShared = (statement: any) => ({ ...statement, Sid: `${statement.Sid}InShared`, Resource: ['arn:aws:ecr:us-east-1:111122223333:repository/shared/*'] });

    expect(JSON.parse(only(stack, 'AWS::ECR::RepositoryCreationTemplate').Properties.RepositoryPolicy)).toEqual(policyOf(
      accountsStatement('CachePull', CACHE_PULL, [OTHER.account]),
      rolesStatement('CachePull', CACHE_PULL, [role[0]], [role[1]]),
      organization('CachePull', CACHE_PULL),
    ));
    expect(only(stack, 'AWS::ECR::RegistryPolicy')).toEqual({
      Type: 'AWS::ECR::RegistryPolicy',
      Properties: {
        PolicyText: policyOf(
          inShared(accountsStatement('CacheCreate', CACHE_CREATE, [OTHER.account])),
          inShared(rolesStatement('CacheCreate', CACHE_CREATE, [role[0]], [role[1]])),
          inShared(organization('CacheCreate', CACHE_CREATE)),
        ),
      },
      DependsOn: [id('CacheTemplate')],
    });
  });

  test('with tags, a key, lifecycle rules and exceptions: the template, and the role for it', () => {
    const KEY = 'arn:aws:kms:us-east-1:111122223333:key/k';
    const { stack } = newCache({
      tags: { team: 'a' },
      encryptionKey: kms.Key.fromKeyArn(new Stack(), 'Key', KEY),
      lifecycleRules: [{ maxImageCount: 9 }],
      imageTagMutability: ecr.TagMutability.MUTABLE_WITH_EXCLUSION,
      imageTagMutabilityExclusionFilters: [ecr.ImageTagMutabilityExclusionFilter.wildcard('v*')],
    });
    const { Properties, DependsOn } = only(stack, 'AWS::ECR::RepositoryCreationTemplate');
    const roles = resourcesOf(stack, 'AWS::IAM::Role').map((role) => role.Properties);
    const policies = resourcesOf(stack, 'AWS::IAM::Policy').map((policy) => policy.Properties.PolicyDocument);

    expect({ ...Properties, LifecyclePolicy: JSON.parse(Properties.LifecyclePolicy).rules.length }).toEqual({
      AppliedFor: ['PULL_THROUGH_CACHE'],
      Prefix: 'shared',
      CustomRoleArn: att('CacheTemplateRole'),
      EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: KEY },
      ImageTagMutability: 'MUTABLE_WITH_EXCLUSION',
      ImageTagMutabilityExclusionFilters: [{ ImageTagMutabilityExclusionFilterType: 'WILDCARD', ImageTagMutabilityExclusionFilterValue: 'v*' }],
      LifecyclePolicy: 1,
      ResourceTags: [{ Key: 'team', Value: 'a' }],
    });
    expect(DependsOn).toEqual([id('CacheTemplateRoleDefaultPolicy')]);
    expect(roles[1]).toEqual({
      AssumeRolePolicyDocument: trust('ecr.amazonaws.com'),
      Description: 'Lets Amazon ECR make repositories below shared/ for PULL_THROUGH_CACHE',
    });
    expect(policies[1]).toEqual(policyOf(
      {
        Sid: 'MakeRepositories',
        Effect: 'Allow',
        Action: ['ecr:CreateRepository', 'ecr:ReplicateImage', 'ecr:TagResource'],
        Resource: 'arn:aws:ecr:us-east-1:111122223333:repository/shared/*',
      },
      { Sid: 'EncryptRepositories', Effect: 'Allow', Action: ['kms:CreateGrant', 'kms:DescribeKey', 'kms:RetireGrant'], Resource: KEY },
    ));
    expect(only(stack, 'AWS::ECR::PullThroughCacheRule').DependsOn)
      .toEqual(['CacheRoleDefaultPolicy', 'CacheTemplate', 'CacheTemplateRoleDefaultPolicy', 'CacheTemplateRole'].map(id));
  });

  test.each<[string, Partial<PullThroughCacheProps>, object, [string, string], string, string, string]>([
    ['no prefix at all', { repositoryPrefix: 'ROOT' }, {}, ['*', '*'], 'ROOT', 'web-app', 'web-app'],
    ['ROOT upstream', { upstreamRepositoryPrefix: 'ROOT' }, {}, ['*', 'shared/*'], 'shared', 'shared/web-app', 'web-app'],
    ['ROOT and ROOT', { repositoryPrefix: 'ROOT', upstreamRepositoryPrefix: 'ROOT' }, {}, ['*', '*'], 'ROOT', 'web-app', 'web-app'],
    ['both prefixes', { upstreamRepositoryPrefix: 'team-a' }, { UpstreamRepositoryPrefix: 'team-a' }, ['team-a/*', 'shared/*'], 'shared', 'shared/web-app', 'team-a/web-app'],
    ['prefixes of parts', { repositoryPrefix: 'a/b', upstreamRepositoryPrefix: 'c/d' }, { UpstreamRepositoryPrefix: 'c/d' }, ['c/d/*', 'a/b/*'], 'a/b', 'a/b/web-app', 'c/d/web-app'],
  ])('with %s', (_, props, ofRule, [upstream, cached], prefix, cachedName, upstreamName) => {
    const { app, stack, cache } = newCache({ ...props, pullers: [EcrGrantee.account(OTHER.account)] });

    expect(cache.repository('web-app').repositoryName).toBe(cachedName);
    expect(only(stack, 'AWS::ECR::PullThroughCacheRule').Properties).toEqual({
      EcrRepositoryPrefix: prefix,
      UpstreamRegistry: 'ecr',
      UpstreamRegistryUrl: '999999999999.dkr.ecr.us-east-1.amazonaws.com',
      CustomRoleArn: att('CacheRole'),
      ...ofRule,
    });
    expect(only(stack, 'AWS::ECR::RepositoryCreationTemplate').Properties.Prefix).toBe(prefix);
    expect(identityStatementsOf(stack)).toEqual([
      login, fill(`arn:aws:ecr:us-east-1:999999999999:repository/${upstream}`, `arn:aws:ecr:us-east-1:111122223333:repository/${cached}`),
    ]);
    expect(only(stack, 'AWS::ECR::RegistryPolicy').Properties.PolicyText.Statement[0].Resource).toEqual([`arn:aws:ecr:us-east-1:111122223333:repository/${cached}`]);
    expect(noticesIn(app).map(({ text }) => text)).toEqual([expect.stringContaining(`"Resource":["arn:aws:ecr:us-east-1:999999999999:repository/${upstreamName}"]`)]);
  });

  test.each<[string, Partial<PullThroughCacheProps>]>([
    ['by default', { upstreamAccount: undefined }],
    ['said so', { upstreamAccount: CONSUMER.account }],
  ])('of another Region of the same account: no note, %s', (_, props) => {
    const { app, stack, cache } = newCache({ ...props, upstreamRegion: 'eu-west-1' });
    cache.repository('web-app');

    expect(only(stack, 'AWS::ECR::PullThroughCacheRule').Properties.UpstreamRegistryUrl).toBe('111122223333.dkr.ecr.eu-west-1.amazonaws.com');
    expect(identityStatementsOf(stack)).toEqual([login, fill('arn:aws:ecr:eu-west-1:111122223333:repository/*', 'arn:aws:ecr:us-east-1:111122223333:repository/shared/*')]);
    expect(noticesIn(app)).toEqual([]);
  });

  test.each([
    ['eusc-de-east-1', 'eusc-de-west-1', 'aws-eusc', 'amazonaws.eu'],
    ['us-iso-east-1', 'us-iso-west-1', 'aws-iso', 'c2s.ic.gov'],
  ])('in %s, of %s', (region, upstreamRegion, partition, suffix) => {
    const { stack } = newCache({ upstreamRegion }, { ...CONSUMER, region });

    expect(only(stack, 'AWS::ECR::PullThroughCacheRule').Properties.UpstreamRegistryUrl).toBe(`999999999999.dkr.ecr.${upstreamRegion}.${suffix}`);
    expect(identityStatementsOf(stack)[1].Resource).toEqual([
      `arn:${partition}:ecr:${upstreamRegion}:999999999999:repository/*`, `arn:${partition}:ecr:${region}:111122223333:repository/shared/*`,
    ]);
  });

  test('in an environment-agnostic stack', () => {
    const { app, stack } = newCache({ upstreamAccount: undefined }, AGNOSTIC);
    const account = { Ref: 'AWS::AccountId' };

    expect(only(stack, 'AWS::ECR::PullThroughCacheRule').Properties.UpstreamRegistryUrl).toEqual({ 'Fn::Join': ['', [account, '.dkr.ecr.us-east-1.amazonaws.com']] });
    expect(identityStatementsOf(stack)[1].Resource).toEqual([
      { 'Fn::Join': ['', ['arn:aws:ecr:us-east-1:', account, ':repository/*']] },
      { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ecr:', { Ref: 'AWS::Region' }, ':', account, ':repository/shared/*']] },
    ]);
    expect(noticesIn(app)).toEqual([]);
  });

  test('the rule stays as it is, whatever else changes: each of its properties would replace it', () => {
    const ruleWith = (props: Partial<PullThroughCacheProps>, use: (cache: PullThroughCache) => void = () => {}) => {
      const { stack, cache } = newCache(props);
      use(cache);
      const [[logicalId, { Properties }]] = Object.entries<any>(templateOf(stack).Resources).filter(([, { Type }]) => Type === 'AWS::ECR::PullThroughCacheRule');
      return [logicalId, Properties];
    };
    const rule = ruleWith({});

    expect(ruleWith({ tags: { a: 'b' }, pullers: [EcrGrantee.account(OTHER.account)], lifecycleRules: [{ maxImageCount: 1 }], upstreamRepositoryPrefix: 'ROOT' },
      (cache) => cache.repository('web-app').grantPull(newRole(Stack.of(cache))))).toEqual(rule);
  });

  test('tags that cannot move are a warning', () => {
    const warning = (tags: string) => ({
      path: 'Cache/Cache',
      level: 'warning',
      text: `tags of cached repositories are ${tags}, so a tag that moves upstream keeps its old image here; leave imageTagMutability out, unless no tag ever moves upstream `
        + '[ack: cdk-shared-ecr:cacheTagsImmutable]',
    });
    const noticesWith = (imageTagMutability: ecr.TagMutability, pattern?: string) => noticesIn(newCache({
      imageTagMutability, imageTagMutabilityExclusionFilters: pattern ? [ecr.ImageTagMutabilityExclusionFilter.wildcard(pattern)] : undefined,
    }).app);

    expect(noticesWith(ecr.TagMutability.IMMUTABLE)).toEqual([warning('IMMUTABLE')]);
    expect(noticesWith(ecr.TagMutability.IMMUTABLE_WITH_EXCLUSION, 'dev-*')).toEqual([warning('IMMUTABLE_WITH_EXCLUSION')]);
    expect(noticesWith(ecr.TagMutability.MUTABLE)).toEqual([]);
    expect(noticesWith(ecr.TagMutability.MUTABLE_WITH_EXCLUSION, 'v*')).toEqual([]);
  });
});

describe('repository(name)', () => {
  const firstPull = (actions = FIRST_PULL) => [{ Effect: 'Allow', Action: actions, Resource: CACHED_ARN }, LOGIN];

  test('has the address of the cached repository, and is one construct however often it is asked for', () => {
    const { stack, cache } = newCache();
    const repository = cache.repository('web-app');

    expect(stack.resolve({ ...repository.repositoryRef, uri: repository.repositoryUriForTag('1'), env: repository.env })).toEqual({
      repositoryArn: CACHED_ARN, repositoryName: 'shared/web-app', uri: '111122223333.dkr.ecr.us-east-1.amazonaws.com/shared/web-app:1', env: CONSUMER,
    });
    expect(cache.repository('web-app')).toBe(repository);
    expect(['a/b', 'a--b', 'a/b'].map((name) => cache.repository(name).repositoryName)).toEqual(['shared/a/b', 'shared/a--b', 'shared/a/b']);
    expect(cache.repository('a/b').node.path).toBe('Cache/Cache/Repository-a:b');
  });

  test('whoever pulls waits for nothing: that is said where it is deployed', () => {
    const { app, stack, cache } = newQuietCache();
    const consumer = newStack(app, 'Consumer', CONSUMER);
    [stack, consumer].forEach((one) => cache.repository('web-app').grantPull(newRole(one)));

    expect(consumer.dependencies).toEqual([]);
    expect(templateOf(stack).Resources[stack.getLogicalId(stack.node.findChild('Role').node.defaultChild as iam.CfnRole)]).not.toHaveProperty('DependsOn');
  });

  test('is no more to be had once the Stage of the cache was written, unless it was asked for before', () => {
    const stage = new Stage(newApp(), 'Written');
    const { cache } = newCache({ pullers: [EcrGrantee.account(OTHER.account)] }, CONSUMER, stage);
    const repository = cache.repository('web-app');
    stage.synth();

    expect(errorOf(() => cache.repository('tools')))
      .toBe("'Written/Cache' was already written with its Stage 'Written', so what is added to it would be lost; add it before that is synthesized");
    expect(cache.repository('web-app')).toBe(repository);
  });

  test('whom it is granted to once the Stage of the cache was written, is checked at once', () => {
    const grantLate = (...pullers: EcrGrantee[]) => {
      const app = newApp();
      const stage = new Stage(app, 'Written');
      const repository = newCache({ pullers }, CONSUMER, stage).cache.repository('web-app');
      stage.synth();
      repository.grantPull(newRole(newStack(app, 'Consumer', OTHER), { roleName: 'app' }));
    };

    expect(() => grantLate(EcrGrantee.account(OTHER.account))).not.toThrow();
    expect(errorOf(() => grantLate())).toBe("'Consumer/Role' is granted access to 'shared/web-app', which Amazon ECR makes with a policy that lacks it; "
      + "add it to the pullers of 'Written/Cache/Cache'; it would be:\n"
      + printed(rolesStatement('CachePull', CACHE_PULL, [OTHER.account], ['arn:aws:iam::444455556666:role/app'])));
  });

  test('a token passes', () => {
    const { stack, cache } = newCache();

    expect(stack.resolve(cache.repository(new CfnParameter(stack, 'Name').valueAsString).repositoryName)).toEqual({ 'Fn::Join': ['', ['shared/', { Ref: 'Name' }]] });
  });

  test.each<[string, Partial<PullThroughCacheProps>, string, string]>([
    ['no name', {}, 'Web', 'the name of the cached repository is "shared/Web"'],
    ['none at all', {}, '', 'the name of the cached repository is "shared/"'],
    ['one that is too long', {}, 'x'.repeat(250), `the name of the cached repository is "shared/${'x'.repeat(250)}"`],
    ['one that is too short upstream', {}, 'x', 'the name of the upstream repository is "x"'],
    ['one that is too long upstream', { repositoryPrefix: 'ab', upstreamRepositoryPrefix: 'abcdef' }, 'x'.repeat(250), `the name of the upstream repository is "abcdef/${'x'.repeat(250)}"`],
    ['one that is too short', { repositoryPrefix: 'ROOT' }, 'x', 'the name of the cached repository is "x"'],
  ])('%s is an error', (_, props, name, got) => {
    expect(errorOf(() => newCache(props).cache.repository(name))).toBe(`${got}, but a repository name has 2 to 256 characters: `
      + 'lower-case letters and digits, with ".", "_", "__" or hyphens between them, in parts separated by "/", for example "team-a/web-app"');
  });

  test('an ECS task of the account gets what a first pull takes, and that is all it needs', () => {
    const { app, stack, cache } = newQuietCache();
    const consumer = newStack(app, 'Consumer', CONSUMER);
    new ecs.FargateTaskDefinition(consumer, 'Task').addContainer('web', { image: ecs.ContainerImage.fromEcrRepository(cache.repository('web-app'), '1') });

    expect(identityStatementsOf(consumer)).toEqual(firstPull());
    expect(resourcesOf(consumer, 'AWS::ECS::TaskDefinition')[0].Properties.ContainerDefinitions[0].Image)
      .toBe('111122223333.dkr.ecr.us-east-1.amazonaws.com/shared/web-app:1');
    expect(only(stack, 'AWS::ECR::RepositoryCreationTemplate').Properties).not.toHaveProperty('RepositoryPolicy');
    expect(resourcesOf(stack, 'AWS::ECR::RegistryPolicy')).toEqual([]);
    expect(noticesIn(app)).toEqual([]);
  });

  test('of a cache with tags, a first pull tags too', () => {
    const { app, cache } = newQuietCache({ tags: { team: 'a' } });
    const consumer = newStack(app, 'Consumer', CONSUMER);
    cache.repository('web-app').grantPull(newRole(consumer));

    expect(identityStatementsOf(consumer)).toEqual(firstPull([...FIRST_PULL, 'ecr:TagResource']));
  });

  test('pulling and pushing has it too; reading and any other grant does not', () => {
    const grantedBy = (grant: (repository: ecr.IRepository, role: iam.IRole) => void) => {
      const { app, cache } = newQuietCache();
      const consumer = newStack(app, 'Consumer', CONSUMER);
      grant(cache.repository('web-app'), newRole(consumer));
      return identityStatementsOf(consumer)[0].Action;
    };

    expect(grantedBy((repository, role) => repository.grantPullPush(role))).toEqual([...new Set([...FIRST_PULL, ...PUSH])].sort());
    expect(grantedBy((repository, role) => repository.grantRead(role))).toEqual(['ecr:DescribeImages', 'ecr:DescribeRepositories', 'ecr:ListImages']);
    expect(grantedBy((repository, role) => repository.grant(role, 'ecr:BatchGetImage'))).toBe('ecr:BatchGetImage');
  });

  describe('a role of a third account', () => {
    const grantOther = (pullers: EcrGrantee[]) => {
      const made = newQuietCache({ pullers });
      const consumer = newStack(made.app, 'Consumer', OTHER);
      made.cache.repository('web-app').grantPull(newRole(consumer, { roleName: 'app' }));
      return { ...made, consumer };
    };

    test.each<[string, EcrGrantee[]]>([
      ['the account', [EcrGrantee.account(OTHER.account)]],
      ['the role', [EcrGrantee.role(OTHER.account, 'app')]],
      ['an organization, in which it may be', [EcrGrantee.organization('o-a1b2c3d4e5')]],
    ])('has its half, and the cache has the other if its pullers have %s', (_, pullers) => {
      const { app, consumer } = grantOther(pullers);
      app.synth();

      expect(identityStatementsOf(consumer)).toEqual(firstPull());
      expect(noticesIn(app)).toEqual([]);
    });

    test.each<[string, EcrGrantee[]]>([
      ['nobody', []],
      ['other roles', [EcrGrantee.role(OTHER.account, 'web')]],
    ])('is an error if the pullers have %s', (_, pullers) => {
      expect(errorOf(() => grantOther(pullers).app.synth())).toBe("Validation failed with the following errors:\n  [Cache/Cache/Repository-web-app] 'Consumer/Role' is granted access "
        + "to 'shared/web-app', which Amazon ECR makes with a policy that lacks it; add it to the pullers of 'Cache/Cache'; it would be:\n"
        + printed(rolesStatement('CachePull', CACHE_PULL, [OTHER.account], ['arn:aws:iam::444455556666:role/app'])));
    });
  });
});

describe('Lambda functions are refused', () => {
  test('to run a cached image', () => {
    const { stack, cache } = newCache();

    expect(errorOf(() => functionIn(stack, cache.repository('web-app')))).toBe("'Cache/Cache/Repository-web-app' is cached, and AWS Lambda cannot pull through a cache; "
      + 'replicate the repository to the Region of the function, for example with SharedEcrRepository.replicateTo');
  });

  const cannot = 'is cached, and AWS Lambda cannot pull through a cache; replicate the repository to the Region of the function, for example with SharedEcrRepository.replicateTo';

  test('to pull as a service, under conditions', () => {
    const principal = new iam.ServicePrincipal('lambda.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': OTHER.account } } });

    expect(errorOf(() => newCache().cache.repository('web-app').grantPull(principal))).toBe(`'Cache/Cache/Repository-web-app' ${cannot}`);
  });

  test('to run a cached image by its address alone: an error at synth', () => {
    const { app, stack, cache } = newQuietCache();
    new lambda.CfnFunction(stack, 'Function', {
      packageType: 'Image', code: { imageUri: cache.repository('web-app').repositoryUriForTag('v1') }, role: 'arn:aws:iam::111122223333:role/app',
    });

    expect(errorOf(() => app.synth())).toBe(`Validation failed with the following errors:\n  [Cache/Cache/Repository-web-app] the image of the function 'Cache/Function' ${cannot}`);
  });

  test.each<[string, EcrGrantee]>([
    ['Lambda functions * of account 444455556666', EcrGrantee.lambdaFunctions(OTHER.account)],
    ['ServicePrincipal(lambda.amazonaws.com)', EcrGrantee.principal(new iam.ServicePrincipal('lambda.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': OTHER.account } },
    }))],
    ['Lambda functions in organization o-a1b2c3d4e5', EcrGrantee.lambdaFunctionsInOrganization('o-a1b2c3d4e5')],
    ['Lambda functions in organizational unit o-a1b2c3d4e5/r-ab12/ou-ab12-11111111', EcrGrantee.lambdaFunctionsInOrganizationalUnit('o-a1b2c3d4e5/r-ab12/ou-ab12-11111111')],
  ])('as pullers: %s', (text, puller) => {
    expect(errorOf(() => newCache({ pullers: [EcrGrantee.account(OTHER.account), puller] }))).toBe(`${text} cannot pull through a cache, which AWS Lambda does not support; `
      + 'replicate the images to the Region of the functions, for example with SharedEcrRepository.replicateTo');
  });
});

describe('the upstream', () => {
  const upstreamStatement = accountsStatement('PullThrough', PULL_THROUGH, [CONSUMER.account]);

  test.each(['before', 'after'])('repository of the app lets the account in: owner defined %s the cache', (when) => {
    const app = newApp();
    const first = when === 'before' ? newRepository(app) : undefined;
    const { stack, cache } = newCache({}, CONSUMER, app);
    cache.repository('web-app');
    const repository = first ?? newRepository(app);

    expect(repositoryPolicyOf(repository)).toEqual(policyOf(upstreamStatement));
    expect(noticesIn(app)).toEqual([]);
    expect([stack.dependencies, repository.stack.dependencies]).toEqual([[], []]);
  });

  test('repository is that below the prefix, and it serves all caches', () => {
    const app = newApp();
    const owner = newStack(app, 'Owner', OWNER);
    const [mine, other] = ['team-a/web-app', 'web-app'].map((repositoryName) => new SharedEcrRepository(owner, repositoryName, { repositoryName }));
    for (const [index, env] of [CONSUMER, OTHER, { ...CONSUMER, region: 'eu-west-1' }].entries()) {
      new PullThroughCache(newStack(app, `Cache${index}`, env), 'Cache', { ...UPSTREAM, repositoryPrefix: 'shared', upstreamRepositoryPrefix: 'team-a' }).repository('web-app');
    }

    expect(repositoryPolicyOf(mine)).toEqual(policyOf(accountsStatement('PullThrough', PULL_THROUGH, [CONSUMER.account, OTHER.account])));
    expect(repositoryPolicyOf(other)).toBeUndefined();
    expect(noticesIn(app)).toEqual([]);
  });

  test('repository in the same account needs to let nobody in', () => {
    const app = newApp();
    const repository = newRepository(app);
    newCache({}, { ...OWNER, region: 'eu-west-1' }, app).cache.repository('web-app');

    expect(repositoryPolicyOf(repository)).toBeUndefined();
    expect(noticesIn(app)).toEqual([]);
  });

  test('repositories that are not in the app are a note, those that are are not', () => {
    const app = newApp();
    newRepository(app);
    const { cache } = newCache({}, CONSUMER, app);
    ['web-app', 'tools', 'base'].forEach((name) => cache.repository(name));
    app.synth();

    const [base, tools] = ['base', 'tools'].map((name) => `arn:aws:ecr:us-east-1:999999999999:repository/${name}`);
    expect(noticesIn(app)).toEqual([notInSight('account 999999999999, Region us-east-1', pullThrough('PullThroughAccountsIndc22e07d', base, tools))]);
  });

  test.each<[string, (grant: RegistryPullGrant) => void, string[] | undefined]>([
    ['the account', (grant) => grant.allowPullThroughFrom(EcrGrantee.account(CONSUMER.account)), undefined],
    ['an organization, in which it may be', (grant) => grant.allowPullThroughFrom(EcrGrantee.organization('o-a1b2c3d4e5')), undefined],
    ['the account, for the prefix', (grant) => grant.allowPullThroughFrom(EcrGrantee.account(CONSUMER.account)), ['team-a/']],
  ])('registry is silent if its policy lets in %s', (_, allow, repositoryPrefixes) => {
    const app = newApp();
    const grant = new RegistryPullGrant(newStack(app, 'Upstream', OWNER), 'Grant', { repositoryPrefixes });
    allow(grant);
    const { cache } = newCache({ upstreamRepositoryPrefix: 'team-a' }, CONSUMER, app);
    cache.repository('web-app');
    app.synth();

    expect(noticesIn(app)).toEqual([]);
  });

  test('registry is a note if its policy lets in somebody else, to pull, or elsewhere', () => {
    const app = newApp();
    const grant = new RegistryPullGrant(newStack(app, 'Upstream', OWNER), 'Grant', { repositoryPrefixes: ['team-b/'], pullers: [EcrGrantee.account(CONSUMER.account)] });
    grant.allowPullThroughFrom(EcrGrantee.account(CONSUMER.account), EcrGrantee.account(OTHER.account));
    newCache({ upstreamRepositoryPrefix: 'team-a' }, CONSUMER, app);
    app.synth();

    expect(noticesIn(app)).toEqual([notInSight('account 999999999999, Region us-east-1',
      pullThrough('PullThroughAccountsInTeamA', 'arn:aws:ecr:us-east-1:999999999999:repository/team-a/*'))]);
  });

  test.each<[string, boolean | undefined, number]>([['known', true, 0], ['not known', false, 1], ['not said', undefined, 1]])('that is %s to have granted: %j', (_, upstreamHasGranted, count) => {
    const { app, cache } = newCache({ upstreamHasGranted });
    cache.repository('web-app');
    app.synth();

    expect(noticesIn(app)).toEqual(Array(count).fill(
      notInSight('account 999999999999, Region us-east-1', pullThrough('PullThroughAccountsIn89ee288d', 'arn:aws:ecr:us-east-1:999999999999:repository/web-app')),
    ));
  });

  test('repository that was written is an error', () => {
    const app = newApp();
    const stage = new Stage(app, 'Written');
    newRepository(stage);
    stage.synth();
    const { cache } = newCache({}, CONSUMER, app);

    expect(errorOf(() => cache.repository('web-app'))).toBe("the policy of 'Written/Owner/Repository' was already written with Stage 'Written', "
      + "so the grant to the pull-through cache 'Cache/Cache' would be lost; make it before that Stage is synthesized: where the repository is defined, for example with "
      + 'allowPullFrom(EcrGrantee.role(accountId, roleName)), not in an aspect of a later Stage or in a pipeline that contains the Stage');
  });

  test.each(['before', 'after'])('repository of the app cannot name an environment-agnostic cache: owner defined %s the cache', (when) => {
    const app = newApp();
    if (when === 'before') {
      newRepository(app);
    }
    const { cache } = newCache({}, AGNOSTIC, app);

    expect(errorOf(() => {
      cache.repository('web-app');
      newRepository(app);
    })).toBe("'Cache/Cache' is in an environment-agnostic stack and is used by 'Owner/Repository' in another environment (account 999999999999, Region us-east-1), "
      + "so its address cannot be computed; give the stack of 'Cache/Cache' an explicit environment: env: { account, region }");
  });

  test('out of the app may be told of an environment-agnostic cache', () => {
    const { app } = newCache({}, AGNOSTIC);
    app.synth();

    expect(noticesIn(app)[0].text).toContain('"Principal":{"AWS":[{"Ref":"AWS::AccountId"}]}');
  });
});

describe('a wrong property', () => {
  const prefix = 'but the prefix of a pull-through cache has 2 to 30 characters, is written like the name of a repository, without "/" at the end, for example "shared", or is "ROOT" for none';
  const noCache = (region: string) => `the stack is in Region ${region}, where Amazon ECR has no pull-through cache; replicate the images with RegistryReplication`;
  const noUpstream = (region: string) => `the upstream registry is in Region ${region}, where Amazon ECR has no pull-through cache; replicate the images with RegistryReplication`;
  const partitions = (region: string, upstream: string) => `'Cache/Cache' is in Region ${region} and upstream in Region ${upstream}, which are in different partitions of AWS, `
    + 'between which Amazon ECR fetches no images; push them to a repository in the other partition';

  test.each<[string, Partial<PullThroughCacheProps>, object, string]>([
    ['no account', { upstreamAccount: '99' }, CONSUMER, 'upstreamAccount is "99", but an account id is 12 digits, as a string, for example "111122223333"'],
    ['no Region', { upstreamRegion: 'Frankfurt' }, CONSUMER, 'upstreamRegion is "Frankfurt", but a Region is written like "eu-central-1"'],
    ...['', 'a', 'x'.repeat(31), 'shared/', '/shared', 'Shared', 'a b', 'a//b', 'shared\n'].flatMap((text): Array<[string, Partial<PullThroughCacheProps>, object, string]> => [
      [`repositoryPrefix ${JSON.stringify(text)}`, { repositoryPrefix: text }, CONSUMER, `repositoryPrefix is ${JSON.stringify(text)}, ${prefix}`],
      [`upstreamRepositoryPrefix ${JSON.stringify(text)}`, { upstreamRepositoryPrefix: text }, CONSUMER, `upstreamRepositoryPrefix is ${JSON.stringify(text)}, ${prefix}`],
    ]),
    ['ROOT with a prefix', { repositoryPrefix: 'ROOT', upstreamRepositoryPrefix: 'team-a' }, CONSUMER,
      'upstreamRepositoryPrefix is "team-a", but repositoryPrefix is "ROOT", with which cached repositories have the names that they have upstream; '
      + 'leave upstreamRepositoryPrefix out, or give repositoryPrefix a name'],
    ['itself', {}, OWNER, 'upstream is account 999999999999, Region us-east-1, which is the registry of the cache itself; give another Region or another account'],
    ['itself, by default', { upstreamAccount: undefined }, OWNER, 'upstream is account 999999999999, Region us-east-1, which is the registry of the cache itself; give another Region or another account'],
    ...['cn-north-1', 'cn-northwest-1', 'us-gov-east-1', 'us-gov-west-1'].map((region): [string, Partial<PullThroughCacheProps>, object, string] =>
      [region, { upstreamRegion: 'us-east-1' }, { ...CONSUMER, region }, noCache(region)]),
    ...['cn-north-1', 'cn-northwest-1', 'us-gov-east-1', 'us-gov-west-1'].flatMap((region) => [CONSUMER, { account: CONSUMER.account }, AGNOSTIC]
      .map((env, index): [string, Partial<PullThroughCacheProps>, object, string] => [`${region} upstream, ${index}`, { upstreamRegion: region }, env, noUpstream(region)])),
    ['China here and upstream', { upstreamRegion: 'cn-north-1' }, { ...CONSUMER, region: 'cn-north-1' }, noCache('cn-north-1')],
    ['a key of another Region', { encryptionKey: kms.Key.fromKeyArn(new Stack(), 'Key', 'arn:aws:kms:eu-central-1:111122223333:key/k') }, CONSUMER,
      "encryptionKey 'Default/Key' is in account 111122223333, Region eu-central-1, and the repositories are in account 111122223333, Region us-east-1, "
      + 'but Amazon ECR takes only keys of its own account and Region; give a key there'],
    ['another partition upstream', { upstreamRegion: 'us-east-1' }, { ...CONSUMER, region: 'eusc-de-east-1' }, partitions('eusc-de-east-1', 'us-east-1')],
    ['tags that contradict each other', { imageTagMutability: ecr.TagMutability.MUTABLE_WITH_EXCLUSION }, CONSUMER,
      'imageTagMutability is MUTABLE_WITH_EXCLUSION and imageTagMutabilityExclusionFilters is not, but filters go with IMMUTABLE_WITH_EXCLUSION or MUTABLE_WITH_EXCLUSION, '
      + 'and these with filters; change one of the two'],
  ])('is an error: %s', (_, props, env, message) => {
    expect(errorOf(() => newCache(props, env))).toBe(message);
  });

  test.each(['ab', 'x'.repeat(30), 'a/b', 'a.b_c-d', 'ROOT'])('and the prefix %s is none', (repositoryPrefix) => {
    expect(() => newCache({ repositoryPrefix })).not.toThrow();
  });

  test('of the upstream may be a token', () => {
    const stack = newStack(newApp(), 'Cache', CONSUMER);
    new PullThroughCache(stack, 'Cache', { upstreamAccount: new CfnParameter(stack, 'Owner').valueAsString, upstreamRegion: 'us-east-1', repositoryPrefix: 'shared' });

    expect(only(stack, 'AWS::ECR::PullThroughCacheRule').Properties.UpstreamRegistryUrl).toEqual({ 'Fn::Join': ['', [{ Ref: 'Owner' }, '.dkr.ecr.us-east-1.amazonaws.com']] });
  });

  test('is to be in a stack that was written', () => {
    const stage = new Stage(newApp(), 'Written');
    const stack = newStack(stage, 'Cache', CONSUMER);
    stage.synth();

    expect(errorOf(() => new PullThroughCache(stack, 'Cache', { ...UPSTREAM, repositoryPrefix: 'shared' })))
      .toBe("'Written/Cache' was already written with its Stage 'Written', so what is added to it would be lost; add it before that is synthesized");
  });
});

test('a repository of the app that lets caches of the account in is enough, if none is asked for by name', () => {
  const { app } = newCache();
  newRepository(app).allowPullThroughFrom(EcrGrantee.account(CONSUMER.account));
  app.synth();

  expect(noticesIn(app)).toEqual([]);
});
