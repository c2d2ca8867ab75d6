import { readFileSync } from 'fs';
import { join } from 'path';
import { CfnParameter, Duration, Fn, NestedStack, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import {
  accountsStatement, AGNOSTIC, errorOf, identityStatementsOf, lambdaStatements, LOGIN, newApp, newRepository, newRole, newStack, noticesIn,
  OTHER, OWNER, policyOf, printed, PULL, READ, repositoryPolicyOf, resourceOf, resourcesOf, rolesStatement, templateOf,
} from './support';
import {
  CrossAccountPullRole, EcrGrantee, PullRuntime, RegistryPullGrant, RegistryReplication, RegistryReplicationGrant, ReplicateToOptions,
  ReplicationDestination, SharedEcrRepository, SharedEcrRepositoryProps,
} from '../src';

/** Another account in another Region, and another Region of the owner's account. */
const PRODUCTION = { account: '111122223333', region: 'eu-central-1' };
const EUROPE = { account: OWNER.account, region: 'eu-central-1' };
const toProduction = ReplicationDestination.account(PRODUCTION.account, PRODUCTION.region);
const toEurope = ReplicationDestination.region(EUROPE.region);

const REPLICA_ARN = 'arn:aws:ecr:eu-central-1:111122223333:repository/web-app';
const PULL_REPLICA = { Effect: 'Allow', Action: PULL, Resource: REPLICA_ARN };
const MADE_BY_ECR = 'Owner/Repository/Replica-111122223333-eu-central-1';

/** `web-app`, with its replica in a stack of production, or of wherever `env` is. */
function replicated(props: Partial<SharedEcrRepositoryProps> = {}, options: ReplicateToOptions = {}, env = PRODUCTION) {
  const app = newApp();
  const repository = newRepository(app, props);
  const destination = newStack(app, 'Destination', env);
  repository.replicateTo(ReplicationDestination.account(env.account, env.region), { scope: destination, ...options });
  return { app, repository, source: repository.stack, destination, replica: repository.replicaIn(env.region, env.account) };
}

const rule = (destinations: Array<typeof PRODUCTION>, ...prefixes: string[]) => ({
  Destinations: destinations.map(({ account, region }) => ({ RegistryId: account, Region: region })),
  RepositoryFilters: prefixes.map((prefix) => ({ Filter: prefix, FilterType: 'PREFIX_MATCH' })),
});
const rulesOf = (stack: Stack) => resourcesOf(stack, 'AWS::ECR::ReplicationConfiguration').flatMap(({ Properties }) => Properties.ReplicationConfiguration.Rules);
const registryPolicyOf = (stack: Stack) => resourcesOf(stack, 'AWS::ECR::RegistryPolicy').map(({ Properties }) => Properties.PolicyText);
const resourceTypesOf = (stack: Stack) => Object.values<any>(templateOf(stack).Resources).map(({ Type }) => Type);
const functionIn = (stack: Stack, repository: ecr.IRepository) =>
  new lambda.DockerImageFunction(stack, 'Function', { code: lambda.DockerImageCode.fromEcr(repository, { tagOrDigest: '1' }) });
const taskIn = (stack: Stack, repository: ecr.IRepository) =>
  new ecs.FargateTaskDefinition(stack, 'Task').addContainer('web', { image: ecs.ContainerImage.fromEcrRepository(repository, '1') });

/** What the destination's registry must have for exactly this repository. */
const replicateInto = (...arns: string[]) => ({
  Sid: expect.stringMatching(/^ReplicateIntoExistingAccountsIn[0-9a-f]{8}$/),
  Effect: 'Allow',
  Principal: { AWS: [OWNER.account] },
  Action: ['ecr:ReplicateImage'],
  Resource: arns,
});

describe('replicateTo, with a scope in the destination', () => {
  test('in another account: the rule at the source; the replica and the registry policy at the destination; nothing else', () => {
    const { app, source, destination } = replicated({ pullers: [EcrGrantee.account(OTHER.account)] });
    const settings = { ImageTagMutability: 'IMMUTABLE', ImageScanningConfiguration: { ScanOnPush: true } };
    const repository = {
      Type: 'AWS::ECR::Repository',
      Properties: { RepositoryName: 'web-app', ...settings, RepositoryPolicyText: policyOf(accountsStatement('Pull', PULL, [OTHER.account])) },
      UpdateReplacePolicy: 'Retain',
      DeletionPolicy: 'Retain',
    };

    expect(Object.values(templateOf(source).Resources)).toEqual([
      repository,
      { Type: 'AWS::ECR::ReplicationConfiguration', Properties: { ReplicationConfiguration: { Rules: [rule([PRODUCTION], 'web-app')] } } },
    ]);
    expect(Object.values(templateOf(destination).Resources)).toEqual([
      repository,
      { Type: 'AWS::ECR::RegistryPolicy', Properties: { PolicyText: policyOf(replicateInto(REPLICA_ARN)) } },
    ]);
    expect([source.dependencies, destination.dependencies]).toEqual([[], []]);
    expect(JSON.stringify([templateOf(source), templateOf(destination)])).not.toMatch(/Fn::ImportValue|Fn::GetStackOutput|"Outputs"/);
    expect(noticesIn(app)).toEqual([]);
  });

  test('in another Region of the account: no registry policy, and the replica is there before images are', () => {
    const { app, source, destination } = replicated({}, {}, EUROPE);

    expect(rulesOf(source)).toEqual([rule([EUROPE], 'web-app')]);
    expect(resourceTypesOf(destination)).toEqual(['AWS::ECR::Repository']);
    expect([source.dependencies, destination.dependencies]).toEqual([[destination], []]);
    expect(noticesIn(app)).toEqual([]);
  });

  test('many repositories to many destinations: one rule, one registry policy each', () => {
    const app = newApp();
    const source = newStack(app, 'Owner', OWNER);
    const [production, europe] = [newStack(app, 'Production', PRODUCTION), newStack(app, 'Europe', EUROPE)];
    for (const repositoryName of ['web-app', 'team-a/orders', 'base']) {
      const repository = new SharedEcrRepository(source, repositoryName, { repositoryName });
      repository.replicateTo(toProduction, { scope: production });
      repository.replicateTo(toEurope, { scope: europe });
    }

    expect(rulesOf(source)).toEqual([rule([PRODUCTION, EUROPE], 'base', 'team-a/orders', 'web-app')]);
    expect(registryPolicyOf(production)).toEqual([
      policyOf(replicateInto(...['base', 'team-a/orders', 'web-app'].map((name) => `arn:aws:ecr:eu-central-1:111122223333:repository/${name}`))),
    ]);
    expect(registryPolicyOf(europe)).toEqual([]);
    expect(resourcesOf(production, 'AWS::ECR::Repository')).toEqual(resourcesOf(europe, 'AWS::ECR::Repository'));
  });

  test('names that differ only in how their parts are separated have replicas of their own', () => {
    const app = newApp();
    const [source, destination] = [newStack(app, 'Owner', OWNER), newStack(app, 'Destination', PRODUCTION)];
    for (const [index, repositoryName] of ['a/b', 'a--b'].entries()) {
      new SharedEcrRepository(source, `Repository${index}`, { repositoryName }).replicateTo(toProduction, { scope: destination });
    }

    expect(resourcesOf(destination, 'AWS::ECR::Repository').map(({ Properties }) => Properties.RepositoryName)).toEqual(['a/b', 'a--b']);
    expect(destination.node.children.map(({ node }) => node.id).filter((id) => id.startsWith('Replica'))).toEqual(['Replica-a:b', 'Replica-a--b']);
  });

  describe('with a registryScope', () => {
    const inTwoStacks = (options: (registry: Stack) => Array<ReplicateToOptions>) => {
      const app = newApp();
      const registry = newStack(app, 'Registry', OWNER);
      const repositories = options(registry).map((option, index) => {
        const repository = new SharedEcrRepository(newStack(app, `Owner${index}`, OWNER), 'Repository', { repositoryName: `web-${index}` });
        repository.replicateTo(toEurope, option);
        return repository;
      });
      return { app, registry, repositories };
    };

    test('the rules of several stacks come out in that one', () => {
      const { app, registry, repositories } = inTwoStacks((registryScope) => [{ registryScope }, { registryScope }]);

      expect(rulesOf(registry)).toEqual([rule([EUROPE], 'web-0', 'web-1')]);
      expect(repositories.map(({ stack }) => resourceTypesOf(stack))).toEqual([['AWS::ECR::Repository'], ['AWS::ECR::Repository']]);
      expect(noticesIn(app)).toEqual([]);
    });

    test('it may be that of another repository', () => {
      const app = newApp();
      const [first, second] = ['First', 'Second'].map((id) => new SharedEcrRepository(newStack(app, id, OWNER), 'Repository', { repositoryName: id.toLowerCase() }));
      first.replicateTo(toEurope);
      second.replicateTo(toEurope, { registryScope: first });

      expect(rulesOf(first.stack)).toEqual([rule([EUROPE], 'first', 'second')]);
    });

    test('the replica and its registry policy are where they are without', () => {
      const app = newApp();
      const repository = newRepository(app);
      const [registry, destination] = [newStack(app, 'Registry', OWNER), newStack(app, 'Destination', PRODUCTION)];
      repository.replicateTo(toProduction, { scope: destination, registryScope: registry });

      expect([repository.stack, registry, destination].map(resourceTypesOf)).toEqual([
        ['AWS::ECR::Repository'], ['AWS::ECR::ReplicationConfiguration'], ['AWS::ECR::Repository', 'AWS::ECR::RegistryPolicy'],
      ]);
      expect(noticesIn(app)).toEqual([]);
    });

    test('without it, two stacks are an error', () => {
      const { app } = inTwoStacks(() => [{}, {}]);

      expect(errorOf(() => app.synth()).split('\n').slice(1)).toEqual(['Owner0', 'Owner1'].map((id) => `  [${id}/CdkSharedEcrRegistry] the registry of account 999999999999, Region us-east-1, `
        + "has one replication configuration, but 'Owner0/CdkSharedEcrRegistry/Replication' and 'Owner1/CdkSharedEcrRegistry/Replication' each declare it: "
        + "at deployment the second fails, and to delete one deletes what the other wrote; declare all of it in one stack, for example 'Owner0': there, "
        + 'RegistryReplication and replicateTo share one resource, and replicateTo of repositories in other stacks puts its rule there with registryScope'));
    });
  });

  describe('another repository of the app has the name of the replica', () => {
    const problemsWith = (make: (destination: Stack, replicate: () => void) => void) => {
      const app = newApp();
      const repository = newRepository(app);
      const destination = newStack(app, 'Destination', PRODUCTION);
      make(destination, () => repository.replicateTo(toProduction, { scope: destination }));
      return errorOf(() => app.synth()).split('\n').slice(1);
    };
    const plain = (stack: Stack) => new ecr.Repository(stack, 'Plain', { repositoryName: 'web-app' });
    const said = (path: string) => [`  [Destination/Replica-web-app] '${path}' is the repository "web-app" of account 111122223333, Region eu-central-1, too, and a registry has one of a name; `
      + 'remove one of the two, or give replicateTo no scope'];

    test.each<[string, (destination: Stack, replicate: () => void) => void, string]>([
      ['a plain one, before', (destination, replicate) => { plain(destination); replicate(); }, 'Destination/Plain'],
      ['a plain one, after', (destination, replicate) => { replicate(); plain(destination); }, 'Destination/Plain'],
      ['one of this library, after', (destination, replicate) => {
        replicate();
        new SharedEcrRepository(newStack(destination.node.root as Stage, 'Other', PRODUCTION), 'Mine', { repositoryName: 'web-app' });
      }, 'Other/Mine'],
    ])('is an error at synth: %s', (_, make, path) => {
      expect(problemsWith(make)).toEqual(said(path));
    });
  });

  test('in Stages of which only the deployment knows the account, each has its own replica', () => {
    const app = newApp();
    const stages = ['Dev', 'Prod'].map((id) => {
      const stage = new Stage(app, id);
      const repository = newRepository(stage, {}, { region: 'us-east-1' } as any);
      const destination = newStack(stage, 'Destination', { region: 'eu-central-1' });
      repository.replicateTo(toEurope, { scope: destination });
      return { repository, destination };
    });
    app.synth();

    expect(stages.map(({ repository }) => repository.replicaIn('eu-central-1').node.path)).toEqual(['Dev/Destination/Replica-web-app', 'Prod/Destination/Replica-web-app']);
    expect(stages.map(({ repository }) => repository.stack.dependencies)).toEqual(stages.map(({ destination }) => [destination]));
    // The two registries may be one, if the Stages go to one account.
    expect(noticesIn(app).map(({ path, text }) => [path, text.replace(/^.*\[ack: (.*)\]$/, '$1')]))
      .toEqual(['Dev', 'Prod'].map((id) => [`${id}/Owner/CdkSharedEcrRegistry`, 'cdk-shared-ecr:registryClaimedTwice']));
  });

  describe('the replica has the settings of the repository', () => {
    const any = { maxImageCount: 5 };
    const tagged: ecr.LifecycleRule = { description: 'old', tagPrefixList: ['dev-'], maxImageAge: Duration.days(3), rulePriority: 7 };

    test.each<[string, Partial<SharedEcrRepositoryProps>]>([
      ['none', {}],
      ['mutable tags', { imageTagMutability: ecr.TagMutability.MUTABLE }],
      ['exceptions', {
        imageTagMutability: ecr.TagMutability.IMMUTABLE_WITH_EXCLUSION,
        imageTagMutabilityExclusionFilters: [ecr.ImageTagMutabilityExclusionFilter.wildcard('dev-*')],
      }],
      ['no scan', { imageScanOnPush: false }],
      ['lifecycle', { lifecycleRules: [any, tagged] }],
      ['removal', { removalPolicy: RemovalPolicy.DESTROY, emptyOnDelete: true }],
      ['KMS', { encryption: ecr.RepositoryEncryption.KMS }],
      ['DSSE', { encryption: ecr.RepositoryEncryption.KMS_DSSE }],
      ['AES', { encryption: ecr.RepositoryEncryption.AES_256 }],
    ])('%s', (_, props) => {
      const { repository, replica } = replicated(props);

      expect(resourceOf(replica)).toEqual(resourceOf(repository));
    });

    test('lifecycle rules that are added later too', () => {
      const { repository, replica } = replicated({ lifecycleRules: [any] });
      repository.addLifecycleRule(tagged);

      expect(JSON.parse(resourceOf(replica).Properties.LifecyclePolicy.LifecyclePolicyText).rules).toHaveLength(2);
      expect(resourceOf(replica)).toEqual(resourceOf(repository));
    });

    test('but not the account that goes with a lifecycle policy', () => {
      const { replica } = replicated({ lifecycleRules: [any], lifecycleRegistryId: OWNER.account });

      expect(resourceOf(replica).Properties.LifecyclePolicy).toEqual({ LifecyclePolicyText: expect.any(String) });
    });
  });

  describe('encryption with a key', () => {
    const { AES_256, KMS, KMS_DSSE } = ecr.RepositoryEncryption;
    const HERE = 'arn:aws:kms:us-east-1:999999999999:key/here';
    const THERE = 'arn:aws:kms:eu-central-1:111122223333:key/there';
    const key = (arn: string) => kms.Key.fromKeyArn(new Stack(), 'Key', arn);
    const there = key(THERE);

    test.each<[string, Partial<SharedEcrRepositoryProps>, ReplicateToOptions, object | undefined]>([
      ['a key there', { encryptionKey: key(HERE) }, { encryptionKey: there }, { EncryptionType: 'KMS', KmsKey: THERE }],
      ['the key of AWS there', { encryptionKey: key(HERE) }, { encryption: KMS }, { EncryptionType: 'KMS' }],
      ['none there', { encryptionKey: key(HERE) }, { encryption: AES_256 }, undefined],
      ['only there', {}, { encryptionKey: there }, { EncryptionType: 'KMS', KmsKey: THERE }],
      ['only there, AES here', { encryption: AES_256 }, { encryptionKey: there }, { EncryptionType: 'KMS', KmsKey: THERE }],
      ['DSSE, a key there', { encryption: KMS_DSSE, encryptionKey: key(HERE) }, { encryptionKey: there }, { EncryptionType: 'KMS_DSSE', KmsKey: THERE }],
      ['DSSE there', { encryption: KMS }, { encryption: KMS_DSSE, encryptionKey: there }, { EncryptionType: 'KMS_DSSE', KmsKey: THERE }],
    ])('%s', (_, props, options, expected) => {
      expect(resourceOf(replicated(props, options).replica).Properties.EncryptionConfiguration).toEqual(expected);
    });
  });

  describe('the policy of the replica', () => {
    test('has the pullers and readers, those to come included; not the pushers, nor whom only the repository is granted to', () => {
      const { app, repository, replica } = replicated({
        pullers: [EcrGrantee.account('444455556666')], readers: [EcrGrantee.account('777788889999')], pushers: [EcrGrantee.account('222233334444')],
      });
      repository.allowPullFrom(EcrGrantee.role('555566667777', 'app'));
      repository.allowReadFrom(EcrGrantee.account('444455556666'));
      repository.allowPushFrom(EcrGrantee.account('333344445555'));
      repository.allowPullThroughFrom(EcrGrantee.account('888899990000'));
      repository.addToResourcePolicy(new iam.PolicyStatement({ actions: PULL, principals: [new iam.AccountPrincipal('666677778888')] }));
      repository.grantPull(newRole(newStack(app, 'Third', OTHER), { roleName: 'granted' }));

      expect(repositoryPolicyOf(replica)).toEqual(policyOf(
        accountsStatement('Pull', PULL, ['444455556666']),
        rolesStatement('Pull', PULL, ['555566667777'], ['arn:aws:iam::555566667777:role/app']),
        accountsStatement('Read', READ, ['444455556666', '777788889999']),
      ));
    });

    test('lets in the functions of its own Region, and of an organization all but its own account', () => {
      const { replica } = replicated({ pullers: [EcrGrantee.lambdaFunctions(OTHER.account), EcrGrantee.organization('o-a1b2c3d4e5')] });

      expect(repositoryPolicyOf(replica)).toEqual(policyOf(
        {
          Sid: 'PullOrganizations',
          Effect: 'Allow',
          Principal: { AWS: '*' },
          Action: PULL,
          Condition: { StringEquals: { 'aws:PrincipalOrgID': ['o-a1b2c3d4e5'] }, StringNotEquals: { 'aws:PrincipalAccount': PRODUCTION.account } },
        },
        ...lambdaStatements([OTHER.account], [OTHER.account], 'eu-central-1'),
      ));
    });

    test('names a role of the app as the replica\'s account sees it', () => {
      const app = newApp();
      const repository = newRepository(app);
      const [home, abroad] = [newRole(repository.stack, { roleName: 'home' }), newRole(newStack(app, 'Third', OTHER), { roleName: 'app' })];
      repository.replicateTo(toProduction, { scope: newStack(app, 'Destination', PRODUCTION) });
      repository.allowPullFrom(EcrGrantee.principal(home), EcrGrantee.principal(abroad));

      expect(repositoryPolicyOf(repository.replicaIn('eu-central-1', PRODUCTION.account))).toEqual(policyOf(
        rolesStatement('Pull', PULL, ['444455556666', '999999999999'], ['arn:aws:iam::444455556666:role/app', 'arn:aws:iam::999999999999:role/home']),
      ));
    });
  });

  describe('the source waits for a destination in its account', () => {
    const dependenciesOf = (arrange: (source: Stack, destination: Stack, third: Stack) => void, scopes = (app: Stage) => [app, app]) => {
      const [first, second] = scopes(newApp());
      const repository = newRepository(first);
      const [destination, third] = [newStack(second, 'Destination', EUROPE), newStack(second, 'Third', EUROPE)];
      arrange(repository.stack, destination, third);
      repository.replicateTo(toEurope, { scope: destination });
      templateOf(repository.stack);
      return [repository.stack.dependencies.map(({ node }) => node.path), noticesIn(repository).map(({ level, text }) => [level, text])];
    };

    test('in one Stage', () => {
      expect(dependenciesOf(() => {})).toEqual([['Destination'], []]);
      expect(dependenciesOf(() => {}, (app) => { const stage = new Stage(app, 'S'); return [stage, stage]; })).toEqual([['S/Destination'], []]);
    });

    const tooLate = (destination: string, source: string) => [['warning', `'${destination}/Replica-web-app' must be deployed before images are replicated to it, or Amazon ECR makes it first, `
      + 'without a policy, and the deployment finds it there; the CDK cannot be told so, since the two are in different Stages or '
      + `'${destination}' waits for '${source}' already; deploy '${destination}' first, once [ack: cdk-shared-ecr:replicaTooLate]`]];

    test('not where that would be a circle, which is a warning', () => {
      expect(dependenciesOf((source, destination) => destination.addStackDependency(source))).toEqual([[], tooLate('Destination', 'Owner')]);
      expect(dependenciesOf((source, destination, third) => {
        destination.addStackDependency(third);
        third.addStackDependency(source);
      })).toEqual([[], tooLate('Destination', 'Owner')]);
    });

    test('from a nested stack to a nested stack', () => {
      const nested = (isCircle: boolean) => {
        const app = newApp();
        const [source, destination] = [newStack(app, 'Owner', OWNER), newStack(app, 'Destination', EUROPE)];
        if (isCircle) {
          destination.addStackDependency(source);
        }
        new SharedEcrRepository(new NestedStack(source, 'Nested'), 'Repository', { repositoryName: 'web-app' })
          .replicateTo(toEurope, { scope: new NestedStack(destination, 'Nested') });
        return source.dependencies.map(({ node }) => node.path);
      };

      expect([nested(false), nested(true)]).toEqual([['Destination'], []]);
    });

    test('not across Stages, which is a warning', () => {
      expect(dependenciesOf(() => {}, (app) => [new Stage(app, 'Second'), new Stage(app, 'First')])).toEqual([[], tooLate('First/Destination', 'Second/Owner')]);
    });
  });

  test('among environment-agnostic stacks, by Region', () => {
    const app = newApp();
    const repository = newRepository(app, { pullers: [EcrGrantee.account(OTHER.account)] }, AGNOSTIC as any);
    const destination = newStack(app, 'Destination', { region: 'eu-central-1' });
    repository.replicateTo(toEurope, { scope: destination });

    expect(rulesOf(repository.stack)).toEqual([rule([{ account: { Ref: 'AWS::AccountId' } as any, region: 'eu-central-1' }], 'web-app')]);
    expect(resourceOf(repository.replicaIn('eu-central-1'))).toEqual(resourceOf(repository));
    expect(repository.stack.dependencies).toEqual([destination]);
  });
});

describe('replicateTo, without a scope', () => {
  const mustLetIn = (statement: object) => ({
    path: 'Owner/Repository',
    level: 'info',
    text: 'nothing is replicated to account 111122223333, Region eu-central-1, before its registry policy lets this account in, and that is not in sight; '
      + `it must have, by RegistryReplicationGrant or as it stands here:\n${printed(statement)} [ack: cdk-shared-ecr:destinationNotInSight]`,
  });
  const needsPolicy = (where: string, ...statements: object[]) => ({
    path: 'Owner/Repository',
    level: 'info',
    text: `its replica in ${where}, gets no policy by replication, and who else gives it one is not in sight; `
      + 'to let in the same grantees, make the repository "web-app" there, before images arrive, with this in its policy:\n'
      + `${printed(...statements)} [ack: cdk-shared-ecr:destinationNotInSight]`,
  });
  const replicate = {
    Sid: 'ReplicateAccountsIn89ee288d',
    Effect: 'Allow',
    Principal: { AWS: [OWNER.account] },
    Action: ['ecr:CreateRepository', 'ecr:ReplicateImage'],
    Resource: [REPLICA_ARN],
  };
  const pull = accountsStatement('Pull', PULL, [OTHER.account]);

  /** `web-app`, replicated to wherever, in an app in which something may be declared of the destination. */
  function undeclared(destination = toProduction, grantees = [EcrGrantee.account(OTHER.account)], declare: (stack: Stack) => void = () => {}) {
    const app = newApp();
    const repository = newRepository(app);
    declare(newStack(app, 'Destination', PRODUCTION));
    repository.replicateTo(destination);
    repository.allowPullFrom(...grantees);
    app.synth();
    return { notices: noticesIn(app), rules: rulesOf(repository.stack) };
  }

  test('to another account: the rule, and a note of both policies', () => {
    expect(undeclared()).toEqual({
      rules: [rule([PRODUCTION], 'web-app')],
      notices: [needsPolicy('account 111122223333, Region eu-central-1', pull), mustLetIn(replicate)],
    });
  });

  test('to another Region: the rule, and a note of the replica\'s policy', () => {
    const readers = accountsStatement('Read', READ, [OTHER.account]);
    const app = newApp();
    const repository = newRepository(app, { readers: [EcrGrantee.account(OTHER.account)], pullers: [EcrGrantee.lambdaFunctions(OTHER.account)] });
    repository.replicateTo(toEurope);

    expect(rulesOf(repository.stack)).toEqual([rule([EUROPE], 'web-app')]);
    expect(noticesIn(app)).toEqual([
      needsPolicy('account 999999999999, Region eu-central-1', ...lambdaStatements([OTHER.account], [OTHER.account], 'eu-central-1'), readers),
    ]);
  });

  test('of several grantees only those whom the destination does not let in', () => {
    expect(undeclared(toProduction, [EcrGrantee.account(OTHER.account), EcrGrantee.account('777788889999')], (stack) => {
      new RegistryReplicationGrant(stack, 'Grant', { sourceAccounts: [OWNER.account], replicas: { pullers: [EcrGrantee.account(OTHER.account)] } });
    }).notices).toEqual([needsPolicy('account 111122223333, Region eu-central-1', accountsStatement('Pull', PULL, ['777788889999']))]);
  });

  test.each<[string, EcrGrantee[]]>([['nobody', []], ['somebody else', [EcrGrantee.account('777788889999')]]])('replicas that are made there for %s are no policy for the grantees', (_, pullers) => {
    expect(undeclared(toProduction, undefined, (stack) => new RegistryReplicationGrant(stack, 'Grant', { sourceAccounts: [OWNER.account], replicas: { pullers } })).notices)
      .toEqual([needsPolicy('account 111122223333, Region eu-central-1', pull)]);
  });

  test('a registry that lets them pull is enough', () => {
    expect(undeclared(toProduction, undefined, (stack) => new RegistryPullGrant(stack, 'Pulls', { pullers: [EcrGrantee.account(OTHER.account)] })).notices).toEqual([mustLetIn(replicate)]);
  });

  test('nobody is let in: a replica needs no policy', () => {
    expect(undeclared(toProduction, []).notices).toEqual([mustLetIn(replicate)]);
    expect(undeclared(toEurope, []).notices).toEqual([]);
  });

  test.each<[string, (stack: Stack) => void]>([
    ['RegistryReplicationGrant, with replicas', (stack) => {
      new RegistryReplicationGrant(stack, 'Grant', { sourceAccounts: [OWNER.account], replicas: { pullers: [EcrGrantee.account(OTHER.account)] } });
    }],
    ['RegistryReplicationGrant and RegistryPullGrant', (stack) => {
      new RegistryReplicationGrant(stack, 'Grant', { sourceAccounts: [OWNER.account], replicas: {} });
      new RegistryPullGrant(stack, 'Pulls', { pullers: [EcrGrantee.account(OTHER.account)] });
    }],
    ['a repository and RegistryReplicationGrant', (stack) => {
      new SharedEcrRepository(stack, 'Repository', { repositoryName: 'web-app' });
      new RegistryReplicationGrant(stack, 'Grant', { sourceAccounts: [OWNER.account], createRepositories: false });
    }],
  ])('silent where the app declares the destination by %s', (_, declare) => {
    expect(undeclared(toProduction, undefined, declare).notices).toEqual([]);
  });

  test('where the app declares one of the two, the other is a note', () => {
    expect(undeclared(toProduction, undefined, (stack) => new SharedEcrRepository(stack, 'Repository', { repositoryName: 'web-app' })).notices).toEqual([mustLetIn(replicate)]);
    expect(undeclared(toProduction, undefined, (stack) => new RegistryReplicationGrant(stack, 'Grant', { sourceAccounts: [OWNER.account], createRepositories: false })).notices)
      .toEqual([needsPolicy('account 111122223333, Region eu-central-1', pull)]);
  });
});

describe('replicateTo refuses', () => {
  type Call = (repository: SharedEcrRepository, destination: Stack) => void;
  const inOneApp = (call: Call, props: Partial<SharedEcrRepositoryProps> = {}, env: object = OWNER) => () => {
    const app = newApp();
    call(newRepository(app, props, env as any), newStack(app, 'Destination', PRODUCTION));
  };
  const key = kms.Key.fromKeyArn(new Stack(), 'Key', 'arn:aws:kms:us-east-1:999999999999:key/here');

  test.each<[string, () => void, string]>([
    ['the same destination again', inOneApp((repository) => { repository.replicateTo(toProduction); repository.replicateTo(toProduction); }),
      "'Owner/Repository' is replicated to account 111122223333, Region eu-central-1, already; remove the second replicateTo, or correct it if another destination was meant"],
    ['the same destination, said otherwise', inOneApp((repository) => {
      repository.replicateTo(toEurope);
      repository.replicateTo(ReplicationDestination.account(OWNER.account, 'eu-central-1'));
    }), "'Owner/Repository' is replicated to account 999999999999, Region eu-central-1, already; remove the second replicateTo, or correct it if another destination was meant"],
    ['a scope where a repository of the name is already', inOneApp((repository, scope) => {
      new SharedEcrRepository(scope, 'There', { repositoryName: 'web-app' });
      repository.replicateTo(toProduction, { scope });
    }), "'Destination/There' is the repository \"web-app\" of account 111122223333, Region eu-central-1, already, and a registry has one of a name; "
      + 'leave scope out if images are to be copied to it, or give one of the two sources another name'],
    ['a name that only the deployment knows, with a scope', () => {
      const app = newApp();
      const source = newStack(app, 'Owner', OWNER);
      const repository = new SharedEcrRepository(source, 'Repository', { repositoryName: new CfnParameter(source, 'Name').valueAsString });
      repository.replicateTo(toProduction, { scope: newStack(app, 'Destination', PRODUCTION) });
    }, "the name of 'Owner/Repository' is known only at deployment, so the stack of its replica in account 111122223333, Region eu-central-1, cannot have it; "
      + 'give a name as text, or leave scope out'],
    ['its own registry', inOneApp((repository) => repository.replicateTo(ReplicationDestination.region('us-east-1'))),
      "'Owner/Repository' replicates to account 999999999999, Region us-east-1, from where it replicates; give another Region or another account"],
    ['another partition', inOneApp((repository) => repository.replicateTo(ReplicationDestination.account('111122223333', 'cn-north-1'))),
      "'Owner/Repository' is in Region us-east-1 and its destination in Region cn-north-1, which are in different partitions of AWS, and Amazon ECR does not replicate from one to the other; "
      + 'push the images to a repository in the other partition'],
    ['a scope that is elsewhere', inOneApp((repository, scope) => repository.replicateTo(toEurope, { scope })),
      "scope 'Destination' is in account 111122223333, Region eu-central-1, but the destination is account 999999999999, Region eu-central-1; give a scope in a stack of that environment, or none"],
    ['a scope that may be elsewhere', inOneApp((repository, scope) => repository.replicateTo(toProduction, { scope: newStack(scope, 'Agnostic') })),
      "scope 'Destination/Agnostic' is in account agnostic, Region agnostic, but the destination is account 111122223333, Region eu-central-1; give a scope in a stack of that environment, or none"],
    ['a registryScope that is elsewhere', inOneApp((repository, scope) => repository.replicateTo(toProduction, { registryScope: scope })),
      "registryScope 'Destination' is in account 111122223333, Region eu-central-1, but the repository is account 999999999999, Region us-east-1; give a scope in a stack of that environment, or none"],
    ['a registryScope that may be elsewhere', inOneApp((repository, scope) => repository.replicateTo(toProduction, { registryScope: newStack(scope, 'Agnostic') })),
      "registryScope 'Destination/Agnostic' is in account agnostic, Region agnostic, but the repository is account 999999999999, Region us-east-1; give a scope in a stack of that environment, or none"],
    ['a registryScope that was written', () => {
      const app = newApp();
      const stage = new Stage(app, 'Written');
      const registryScope = newStack(stage, 'Registry', OWNER);
      stage.synth();
      newRepository(app).replicateTo(toProduction, { registryScope });
    }, "'Written/Registry' was already written with its Stage 'Written', so what is added to it would be lost; add it before that is synthesized"],
    ['encryption for nothing', inOneApp((repository) => repository.replicateTo(toProduction, { encryption: ecr.RepositoryEncryption.KMS })),
      'encryption is given for the replica in account 111122223333, Region eu-central-1, but no scope in which it would be made; give scope, or leave it out'],
    ['a key for nothing', inOneApp((repository) => repository.replicateTo(toProduction, { encryptionKey: key })),
      'encryptionKey is given for the replica in account 111122223333, Region eu-central-1, but no scope in which it would be made; give scope, or leave it out'],
    ['a key of its own that is not there', inOneApp((repository, scope) => repository.replicateTo(toProduction, { scope }), { encryptionKey: key }),
      "'Owner/Repository' is encrypted with a key of your own, which is in one Region only; for the replica in account 111122223333, Region eu-central-1, give encryptionKey, a key there, "
      + 'or encryption: RepositoryEncryption.KMS for the key that AWS manages'],
    ['a key that is elsewhere', inOneApp((repository, scope) => repository.replicateTo(toProduction, { scope, encryptionKey: key })),
      "encryptionKey 'Default/Key' is in account 999999999999, Region us-east-1, and the repositories are in account 111122223333, Region eu-central-1, "
      + 'but Amazon ECR takes only keys of its own account and Region; give a key there'],
    ['a key with AES', inOneApp((repository, scope) => repository.replicateTo(toProduction, {
      scope,
      encryptionKey: new kms.Key(scope, 'Key'),
      encryption: ecr.RepositoryEncryption.AES_256,
    })),
    'encryptionKey is given, but encryption is AES256, which has no key; leave encryption out, or use RepositoryEncryption.KMS or KMS_DSSE'],
    ['an account that cannot be told the destination', inOneApp((repository, scope) => repository.replicateTo(toProduction, { scope }), {}, AGNOSTIC),
      "'Owner/Repository' is in an environment-agnostic stack and is used by 'Destination/Replica-web-app' in another environment (account 111122223333, Region eu-central-1), "
      + "so its address cannot be computed; give the stack of 'Owner/Repository' an explicit environment: env: { account, region }"],
    ['a source that was written', () => {
      const stage = new Stage(newApp(), 'Written');
      const repository = newRepository(stage);
      stage.synth();
      repository.replicateTo(toProduction);
    }, "'Written/Owner' was already written with its Stage 'Written', so what is added to it would be lost; add it before that is synthesized"],
    ...[PRODUCTION, EUROPE].map(({ account, region }): [string, () => void, string] => [`a destination that was written, in ${account}`, () => {
      const app = newApp();
      const stage = new Stage(app, 'Written');
      const scope = newStack(stage, 'Destination', { account, region });
      stage.synth();
      newRepository(app).replicateTo(ReplicationDestination.account(account, region), { scope });
    }, "'Written/Destination' was already written with its Stage 'Written', so what is added to it would be lost; add it before that is synthesized"]),
  ])('%s', (_, action, message) => {
    expect(errorOf(action)).toBe(message);
  });

  test('and nothing is left of it', () => {
    const { repository, source, destination } = replicated();
    expect(() => repository.replicateTo(toEurope, { scope: destination })).toThrow('is in account 111122223333');

    expect(rulesOf(source)).toEqual([rule([PRODUCTION], 'web-app')]);
    expect(resourceTypesOf(destination)).toEqual(['AWS::ECR::Repository', 'AWS::ECR::RegistryPolicy']);
  });

  test('a grantee whom only the replica cannot name: an agnostic role', () => {
    const { repository, app } = replicated();

    expect(errorOf(() => repository.allowPullFrom(EcrGrantee.principal(newRole(newStack(app, 'Agnostic')))))).toContain("give the stack of 'Agnostic/Role' an explicit environment");
  });
});

describe('replicaIn, of a replica in the app', () => {
  const ROLE = ['arn:aws:iam::444455556666:role/app'];

  test('is that repository', () => {
    const { app, repository, destination } = replicated();

    expect(repository.replicaIn('eu-central-1', PRODUCTION.account)).toBe(destination.node.findChild('Replica-web-app'));
    app.synth();
    expect(noticesIn(app)).toEqual([]);
  });

  test('is one that was made otherwise, and nothing is said if another app replicates to it', () => {
    const app = newApp();
    const made = new SharedEcrRepository(newStack(app, 'Destination', PRODUCTION), 'Repository', { repositoryName: 'web-app' });

    expect(newRepository(app).replicaIn('eu-central-1', PRODUCTION.account)).toBe(made);
  });

  test('grants both halves to an ECS task', () => {
    const { app, repository, replica } = replicated();
    const consumer = newStack(app, 'Consumer', OTHER);
    taskIn(consumer, replica);

    const [{ RoleName }] = resourcesOf(consumer, 'AWS::IAM::Role').map(({ Properties }) => Properties).filter((properties) => properties.RoleName);
    expect(identityStatementsOf(consumer)).toEqual([PULL_REPLICA, LOGIN]);
    expect(resourcesOf(consumer, 'AWS::ECS::TaskDefinition')[0].Properties.ContainerDefinitions[0].Image).toBe('111122223333.dkr.ecr.eu-central-1.amazonaws.com/web-app:1');
    expect(repositoryPolicyOf(replica)).toEqual(policyOf(rolesStatement('Pull', PULL, [OTHER.account], [`arn:aws:iam::444455556666:role/${RoleName}`])));
    expect(repositoryPolicyOf(repository)).toBeUndefined();
    expect(noticesIn(app)).toEqual([]);
  });

  test('grants both halves to a CrossAccountPullRole', () => {
    const { app, replica } = replicated();
    const consumer = newStack(app, 'Consumer', OTHER);
    new CrossAccountPullRole(consumer, 'Role', { runtime: PullRuntime.ECS_TASK, roleName: 'app', repositories: [replica] });

    expect(identityStatementsOf(consumer)).toEqual([{ Sid: 'Login', ...LOGIN }, { Sid: 'PullImages', ...PULL_REPLICA }]);
    expect(repositoryPolicyOf(replica)).toEqual(policyOf(rolesStatement('Pull', PULL, [OTHER.account], ROLE)));
    expect(noticesIn(app)).toEqual([]);
  });

  test('serves Lambda functions in its Region, and no other', () => {
    const { app, replica } = replicated();
    functionIn(newStack(app, 'Consumer', { ...OTHER, region: 'eu-central-1' }), replica);
    expect(repositoryPolicyOf(replica)).toEqual(policyOf(...lambdaStatements([OTHER.account], [OTHER.account], 'eu-central-1')));

    const elsewhere = replicated();
    functionIn(newStack(elsewhere.app, 'Consumer', OTHER), elsewhere.replica);
    expect(errorOf(() => elsewhere.app.synth())).toBe('Validation failed with the following errors:\n  [Destination/Replica-web-app] the function \'Consumer/Function/Resource\' is in Region us-east-1, '
      + 'but its image is in Region eu-central-1, and AWS Lambda takes images only from its own Region; replicate the repository to us-east-1 and use the replica there, or move the function');
  });

  test.each<[string, (repository: SharedEcrRepository, destination: Stack) => void, string]>([
    ['by replicateTo', (repository, scope) => repository.replicateTo(toProduction, { scope }), 'Destination/Replica-web-app'],
    ['by hand', (_, scope) => new SharedEcrRepository(scope, 'Repository', { repositoryName: 'web-app' }), 'Destination/Repository'],
  ])('must not be asked for before it is made: %s', (_, make, path) => {
    const app = newApp();
    const repository = newRepository(app);
    repository.replicaIn('eu-central-1', PRODUCTION.account);

    expect(errorOf(() => make(repository, newStack(app, 'Destination', PRODUCTION)))).toBe("replicaIn of 'Owner/Repository' was asked for its replica in account 111122223333, "
      + `Region eu-central-1, before '${path}' was made, which is that replica, so what was granted would be missing from its policy; call replicaIn after it is made`);
  });
});

describe('replicaIn, of a replica that Amazon ECR makes', () => {
  /** `web-app`, replicated to production, where the app declares what is given. */
  function madeByEcr(declare: (stack: Stack) => void) {
    const app = newApp();
    const repository = newRepository(app);
    repository.replicateTo(toProduction);
    declare(newStack(app, 'Destination', PRODUCTION));
    return { app, repository, replica: repository.replicaIn('eu-central-1', PRODUCTION.account), consumer: newStack(app, 'Consumer', OTHER) };
  }
  const withReplicas = (...pullers: EcrGrantee[]) => (stack: Stack) => {
    new RegistryReplicationGrant(stack, 'Grant', { sourceAccounts: [OWNER.account], replicas: { pullers, readers: [EcrGrantee.account(OTHER.account)] } });
  };
  const account = EcrGrantee.account(OTHER.account);
  const role = (stack: Stack) => newRole(stack, { roleName: 'app' });
  const grantRole = (replica: ecr.IRepository, stack: Stack) => replica.grantPull(role(stack));
  const lacks = (grantee: string, ...statements: object[]) => `Validation failed with the following errors:\n  [${MADE_BY_ECR}] ${grantee} is granted access to 'web-app', `
    + 'which Amazon ECR makes with a policy that lacks it; add it to the pullers or readers in the replicas of the RegistryReplicationGrant there, '
    + `or use replicateTo with a scope there, which keeps the policy of the replica current; it would be:\n${printed(...statements)}`;

  test('has the address of the replica, and is one construct however often it is asked for', () => {
    const { repository, replica } = madeByEcr(() => {});

    expect(replica.env).toEqual(PRODUCTION);
    expect(repository.stack.resolve({ ...replica.repositoryRef, uri: replica.repositoryUriForTag('1') })).toEqual({
      repositoryArn: REPLICA_ARN, repositoryName: 'web-app', uri: '111122223333.dkr.ecr.eu-central-1.amazonaws.com/web-app:1',
    });
    expect(repository.replicaIn('eu-central-1', PRODUCTION.account)).toBe(replica);
    expect(repository.replicaIn('eu-central-1').env).toEqual(EUROPE);
  });

  test.each<[string, EcrGrantee[]]>([
    ['the account', [account]],
    ['the role', [EcrGrantee.role(OTHER.account, 'app')]],
    ['roles of such names', [EcrGrantee.role(OTHER.account, '*')]],
    ['an organization, in which it may be', [EcrGrantee.organization('o-a1b2c3d4e5')]],
    ['an OU, in which it may be', [EcrGrantee.organizationalUnit('o-a1b2c3d4e5/r-ab12/ou-ab12-11111111')]],
    ['an account that only the deployment knows', [EcrGrantee.account(Fn.importValue('P'))]],
    ['accounts that only the deployment knows', [EcrGrantee.accounts(...Fn.split(',', Fn.importValue('P')))]],
  ])('a role is silent if its template lets in %s, and has its own half', (_, pullers) => {
    const { app, replica, consumer } = madeByEcr(withReplicas(...pullers));
    grantRole(replica, consumer);
    app.synth();

    expect(identityStatementsOf(consumer)).toEqual([PULL_REPLICA, LOGIN]);
    expect(noticesIn(app)).toEqual([]);
  });

  test('a role is silent if the registry lets it in', () => {
    const { app, replica, consumer } = madeByEcr((stack) => {
      new RegistryReplicationGrant(stack, 'Grant', { sourceAccounts: [OWNER.account], replicas: {} });
      new RegistryPullGrant(stack, 'Pulls', { pullers: [account] });
    });
    grantRole(replica, consumer);
    app.synth();

    expect(noticesIn(app)).toEqual([]);
  });

  test('App Runner is silent if it may pull and read', () => {
    const { app, replica, consumer } = madeByEcr(withReplicas(account));
    new CrossAccountPullRole(consumer, 'Role', { runtime: PullRuntime.APP_RUNNER, roleName: 'app', repositories: [replica] });
    app.synth();

    expect(noticesIn(app)).toEqual([]);
  });

  const pullRole = rolesStatement('Pull', PULL, [OTHER.account], ['arn:aws:iam::444455556666:role/app']);
  test.each<[string, EcrGrantee[]]>([
    ['nobody', []],
    ['another account', [EcrGrantee.account('777788889999')]],
    ['another role', [EcrGrantee.role(OTHER.account, 'web')]],
    ['only functions', [EcrGrantee.lambdaFunctions(OTHER.account, { deployerRoleNames: ['ci'] }), EcrGrantee.lambdaFunctionsInOrganization('o-a1b2c3d4e5')]],
  ])('a role is an error if its template lets in %s', (_, pullers) => {
    const { app, replica, consumer } = madeByEcr(withReplicas(...pullers));
    grantRole(replica, consumer);

    expect(errorOf(() => app.synth())).toBe(lacks("'Consumer/Role'", pullRole));
  });

  test('a role is an error if no template makes the replica: it arrives without any policy', () => {
    const { app, replica, consumer } = madeByEcr((stack) => new RegistryReplicationGrant(stack, 'Grant', { sourceAccounts: [OWNER.account] }));
    grantRole(replica, consumer);

    expect(errorOf(() => app.synth())).toBe(lacks("'Consumer/Role'", pullRole));
  });

  test.each<[string, EcrGrantee]>([
    ['those of the account', EcrGrantee.lambdaFunctions(OTHER.account)],
    ['those of an organization', EcrGrantee.lambdaFunctionsInOrganization('o-a1b2c3d4e5')],
    ['those of an OU', EcrGrantee.lambdaFunctionsInOrganizationalUnit('o-a1b2c3d4e5/r-ab12/ou-ab12-11111111')],
  ])('functions are silent if its template lets in %s', (_, puller) => {
    const { app, replica } = madeByEcr(withReplicas(puller));
    functionIn(newStack(app, 'Functions', { ...OTHER, region: 'eu-central-1' }), replica);
    app.synth();

    expect(noticesIn(app)).toEqual([]);
  });

  test('functions are an error if its template lets in only the account, or if they are in another Region', () => {
    const { app, replica } = madeByEcr(withReplicas(account));
    functionIn(newStack(app, 'Functions', { ...OTHER, region: 'eu-central-1' }), replica);
    expect(errorOf(() => app.synth())).toBe(lacks('the Lambda service', ...lambdaStatements([], [OTHER.account], 'eu-central-1')));

    const elsewhere = madeByEcr(withReplicas(EcrGrantee.lambdaFunctions(OTHER.account)));
    functionIn(newStack(elsewhere.app, 'Functions', OTHER), elsewhere.replica);
    expect(errorOf(() => elsewhere.app.synth())).toBe(`Validation failed with the following errors:\n  [${MADE_BY_ECR}] the function 'Functions/Function/Resource' is in Region us-east-1, `
      + 'but its image is in Region eu-central-1, and AWS Lambda takes images only from its own Region; replicate the repository to us-east-1 and use the replica there, or move the function');
  });

  describe('in a registry that the app does not declare', () => {
    const ownerMustHave = (...statements: object[]) => `'${MADE_BY_ECR}' is imported, so the policy of 'web-app' cannot be changed from here; its owner, account 111122223333, `
      + `must have in it:\n${printed(...statements)}`;

    test('a role is a note, an account a warning', () => {
      const { app, repository, replica, consumer } = madeByEcr(() => {});
      grantRole(replica, consumer);
      replica.grantPull(new iam.AccountPrincipal(OTHER.account));
      app.synth();

      expect(identityStatementsOf(consumer)).toEqual([PULL_REPLICA, LOGIN]);
      expect(noticesIn(repository).filter(({ path }) => path === MADE_BY_ECR)).toEqual([
        {
          path: MADE_BY_ECR,
          level: 'info',
          text: `'Consumer/Role' has its half of the grant; the other half is not in sight: ${ownerMustHave(pullRole)} [ack: cdk-shared-ecr:ownerHalfNotInSight]`,
        },
        {
          path: MADE_BY_ECR,
          level: 'warning',
          text: `the grant to AccountPrincipal(444455556666) has no effect without the owner's half: ${ownerMustHave(accountsStatement('Pull', PULL, [OTHER.account]))} `
            + '[ack: cdk-shared-ecr:ownerHalfMissing]',
        },
      ]);
    });

    test('a role of the replica\'s own account needs no other half', () => {
      const { app, replica } = madeByEcr(() => {});
      grantRole(replica, newStack(app, 'Production', PRODUCTION));
      app.synth();

      expect(noticesIn(replica)).toEqual([]);
    });
  });

  describe('within one account, where this app replicates', () => {
    /** `web-app`, replicated to Europe, where the app declares what is given. */
    const inEurope = (declare: (stack: Stack) => void = () => {}) => {
      const app = newApp();
      const repository = newRepository(app);
      repository.replicateTo(toEurope);
      declare(newStack(app, 'Destination', EUROPE));
      const consumer = newStack(app, 'Consumer', OTHER);
      repository.replicaIn('eu-central-1').grantPull(role(consumer));
      return { app, consumer };
    };

    test('a role of another account is an error: the replica arrives without any policy', () => {
      expect(errorOf(() => inEurope().app.synth())).toBe(lacks("'Consumer/Role'", pullRole).replace(MADE_BY_ECR, 'Owner/Repository/Replica-999999999999-eu-central-1'));
    });

    test.each<[string, (stack: Stack) => void]>([
      ['a RegistryPullGrant', (stack) => new RegistryPullGrant(stack, 'Pulls', { pullers: [account], repositoryPrefixes: ['web'] })],
      ['a template', withReplicas(account)],
    ])('it is silent where %s there covers it', (_, declare) => {
      const { app, consumer } = inEurope(declare);
      app.synth();

      expect(identityStatementsOf(consumer)[0].Resource).toBe('arn:aws:ecr:eu-central-1:999999999999:repository/web-app');
      expect(noticesIn(app)).toEqual([]);
    });

    test('it is an error where a RegistryPullGrant there covers others', () => {
      expect(errorOf(() => inEurope((stack) => new RegistryPullGrant(stack, 'Pulls', { pullers: [account], repositoryPrefixes: ['team-a/'] })).app.synth()))
        .toBe(lacks("'Consumer/Role'", pullRole).replace(MADE_BY_ECR, 'Owner/Repository/Replica-999999999999-eu-central-1'));
    });
  });

  describe('after the Stage of the source was written', () => {
    const written = (before: (repository: SharedEcrRepository) => void) => {
      const app = newApp();
      const stage = new Stage(app, 'Written');
      const repository = newRepository(stage);
      before(repository);
      stage.synth();
      return { app, repository };
    };

    test('it is an error', () => {
      const { repository } = written(() => {});

      expect(errorOf(() => repository.replicaIn('eu-central-1')))
        .toBe("'Written/Owner' was already written with its Stage 'Written', so what is added to it would be lost; add it before that is synthesized");
    });

    test('not of one that was asked for before, nor of one in the app', () => {
      const { app, repository } = written((one) => one.replicaIn('eu-central-1'));
      const made = new SharedEcrRepository(newStack(app, 'Destination', PRODUCTION), 'Repository', { repositoryName: 'web-app' });

      expect(repository.replicaIn('eu-central-1').node.path).toBe('Written/Owner/Repository/Replica-999999999999-eu-central-1');
      expect(repository.replicaIn('eu-central-1', PRODUCTION.account)).toBe(made);
    });
  });

  describe('replicationNotInSight', () => {
    const warning = {
      path: 'Owner/Repository',
      level: 'warning',
      text: "a replica of 'Owner/Repository' in account 111122223333, Region eu-central-1, is used, but nothing in this app replicates the repository to there; "
        + 'call replicateTo, or acknowledge this if another app replicates it [ack: cdk-shared-ecr:replicationNotInSight]',
    };
    const noticesWith = (replicate: (repository: SharedEcrRepository) => void) => {
      const app = newApp();
      const repository = newRepository(app);
      repository.replicaIn('eu-central-1', PRODUCTION.account);
      replicate(repository);
      app.synth();
      return noticesIn(app).filter(({ level }) => level === 'warning');
    };
    const byRegistry = (destination: ReplicationDestination, ...repositoryPrefixes: string[]) => ({ stack }: SharedEcrRepository) => {
      new RegistryReplication(stack, 'Replication', { destinations: [destination], repositoryPrefixes: repositoryPrefixes.length > 0 ? repositoryPrefixes : undefined });
    };

    test.each<[string, (repository: SharedEcrRepository) => void]>([
      ['nothing replicates', () => {}],
      ['it goes to another Region', byRegistry(ReplicationDestination.account(PRODUCTION.account, 'eu-west-1'))],
      ['it goes to another account', byRegistry(toEurope)],
      ['others go there', byRegistry(toProduction, 'web-app-internal', 'team-a/')],
    ])('where %s', (_, replicate) => {
      expect(noticesWith(replicate)).toEqual([warning]);
    });

    test.each<[string, (repository: SharedEcrRepository) => void]>([
      ['replicateTo', (repository) => repository.replicateTo(toProduction)],
      ['a registry that replicates all', byRegistry(toProduction)],
      ['a prefix of its name', byRegistry(toProduction, 'web')],
    ])('not with %s', (_, replicate) => {
      expect(noticesWith(replicate)).toEqual([]);
    });
  });

  test.each<[string, string, string | undefined, string]>([
    ['its own environment', 'us-east-1', undefined,
      "there is no replica in Region us-east-1 of the same account: that is where 'Owner/Repository' itself is; use the repository, or give another Region or account"],
    ['its own environment, in full', 'us-east-1', OWNER.account,
      "there is no replica in Region us-east-1 of the same account: that is where 'Owner/Repository' itself is; use the repository, or give another Region or account"],
    ['no Region', 'Frankfurt', undefined, 'region is "Frankfurt", but a Region is written like "eu-central-1"'],
    ['no account', 'eu-central-1', '1111', 'accountId is "1111", but an account id is 12 digits, as a string, for example "111122223333"'],
  ])('is refused for %s', (_, region, accountId, message) => {
    expect(errorOf(() => newRepository(newApp()).replicaIn(region, accountId))).toBe(message);
  });
});

describe('allowPullThroughFrom', () => {
  const PULL_THROUGH = ['ecr:BatchGetImage', 'ecr:BatchImportUpstreamImage', 'ecr:GetDownloadUrlForLayer', 'ecr:GetImageCopyStatus'];

  test('emits what the documentation shows', () => {
    const source = readFileSync(join(__dirname, '../src/shared-ecr-repository.ts'), 'utf8');
    const [, json] = /```json\n([^`]*)```[^`]*`?[^]*?public allowPullThroughFrom\(/.exec(source)!;
    const repository = newRepository(newApp());
    repository.allowPullThroughFrom(EcrGrantee.account('222222222222'));

    expect(repositoryPolicyOf(repository).Statement).toEqual([JSON.parse(json.replace(/^ *\*/gm, ''))]);
  });

  test('lets the caches of other accounts fetch', () => {
    const repository = newRepository(newApp(), { pullers: [EcrGrantee.account(OTHER.account)] });
    repository.allowPullThroughFrom(EcrGrantee.account('222222222222'), EcrGrantee.account('111111111111'));
    repository.allowPullThroughFrom(EcrGrantee.role('222222222222', 'cache'));

    expect(repositoryPolicyOf(repository)).toEqual(policyOf(
      accountsStatement('Pull', PULL, [OTHER.account]),
      accountsStatement('PullThrough', PULL_THROUGH, ['111111111111', '222222222222']),
    ));
  });

  test('refuses Lambda functions, and nothing is left of it', () => {
    const repository = newRepository(newApp());

    expect(errorOf(() => repository.allowPullThroughFrom(EcrGrantee.account(OTHER.account), EcrGrantee.lambdaFunctions(OTHER.account)))).toBe('Lambda functions * of account 444455556666 '
      + 'cannot pull through a cache, which AWS Lambda does not support; replicate the images to the Region of the functions, for example with SharedEcrRepository.replicateTo');
    expect(repositoryPolicyOf(repository)).toBeUndefined();
  });

  test('cannot be called after the Stage was written', () => {
    const stage = new Stage(newApp(), 'Written');
    const repository = newRepository(stage);
    stage.synth();

    expect(errorOf(() => repository.allowPullThroughFrom(EcrGrantee.account(OTHER.account)))).toBe("the policy of 'Written/Owner/Repository' was already written with Stage 'Written', "
      + 'so the grant to account 444455556666 would be lost; make it before that Stage is synthesized: where the repository is defined, for example with '
      + 'allowPullFrom(EcrGrantee.role(accountId, roleName)), not in an aspect of a later Stage or in a pipeline that contains the Stage');
  });
});
