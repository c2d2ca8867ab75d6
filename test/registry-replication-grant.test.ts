import { App, CfnParameter, Duration, Stack, Stage } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { EcrGrantee, RegistryReplicationGrant, RegistryReplicationGrantProps, ReplicaProps } from '../src';
import {
  accountsStatement, AGNOSTIC, errorOf, LAMBDA, lambdaStatements, newApp, newStack, noticesIn, policyOf, PULL, READ, resourcesOf, rolesStatement,
  templateOf,
} from './support';

/** Where the replicas are. */
const DESTINATION = { account: '444455556666', region: 'eu-central-1' };
const SOURCES = { sourceAccounts: ['111122223333'] };
const REPLICATE = ['ecr:CreateRepository', 'ecr:ReplicateImage'];
const REPLICATE_TAGGED = ['ecr:CreateRepository', 'ecr:ReplicateImage', 'ecr:TagResource'];
const arnOf = (names: string) => `arn:aws:ecr:eu-central-1:444455556666:repository/${names}`;
const newDestination = () => newStack(newApp(), 'Destination', DESTINATION);

function policyWith(props: Partial<RegistryReplicationGrantProps>, stack = newDestination()): any {
  new RegistryReplicationGrant(stack, 'Grant', { ...SOURCES, ...props });
  const policies = resourcesOf(stack, 'AWS::ECR::RegistryPolicy');
  expect(policies).toHaveLength(1);
  return policies[0].Properties.PolicyText;
}

/** The creation templates in a stack with one grant. */
function templatesWith(replicas: ReplicaProps, props: Partial<RegistryReplicationGrantProps> = {}, stack = newDestination()): any[] {
  new RegistryReplicationGrant(stack, 'Grant', { ...SOURCES, ...props, replicas });
  return resourcesOf(stack, 'AWS::ECR::RepositoryCreationTemplate').map(({ Properties }) => Properties);
}

describe('the registry policy', () => {
  test.each<[string, Partial<RegistryReplicationGrantProps>, object]>([
    ['an account', {}, accountsStatement('Replicate', REPLICATE, ['111122223333'])],
    ['accounts, sorted', { sourceAccounts: ['222233334444', '111122223333'] }, accountsStatement('Replicate', REPLICATE, ['111122223333', '222233334444'])],
    ['the own account, for its other Regions', { sourceAccounts: ['444455556666'] }, accountsStatement('Replicate', REPLICATE, ['444455556666'])],
    ['into repositories that are there', { createRepositories: false }, accountsStatement('ReplicateIntoExisting', ['ecr:ReplicateImage'], ['111122223333'])],
    ['with tags', { replicas: { tags: { team: 'a' } } }, accountsStatement('ReplicateTagged', REPLICATE_TAGGED, ['111122223333'])],
    ['with no tags', { replicas: { tags: {} } }, accountsStatement('Replicate', REPLICATE, ['111122223333'])],
  ])('lets in %s', (_, props, statement) => {
    expect(policyWith(props)).toEqual(policyOf({ ...statement, Resource: [arnOf('*')] }));
  });

  test.each<[string, string[], string[], string]>([
    ['a namespace', ['team-a/'], ['team-a/*'], 'InTeamA$'],
    ['namespaces', ['web/', 'team-a/'], ['team-a/*', 'web/*'], 'In[0-9a-f]{8}$'],
    ['what goes on in any way', ['team-a'], ['team-a*'], 'In[0-9a-f]{8}$'],
  ])('for repositories whose names begin so: %s', (_, repositoryPrefixes, names, sid) => {
    expect(policyWith({ repositoryPrefixes })).toEqual(policyOf({
      ...accountsStatement('Replicate', REPLICATE, ['111122223333']),
      Sid: expect.stringMatching(new RegExp(`^ReplicateAccounts${sid}`)),
      Resource: names.map(arnOf),
    }));
  });

  test('takes accounts that only the deployment knows: single ones, and a list alone', () => {
    const stack = newDestination();
    const account = new CfnParameter(stack, 'Account').valueAsString;
    const list = new CfnParameter(stack, 'Accounts', { type: 'CommaDelimitedList' }).valueAsList;
    new RegistryReplicationGrant(stack, 'List', { sourceAccounts: list, createRepositories: false });

    expect(policyWith({ sourceAccounts: [account, '111122223333'], createRepositories: false }, stack)).toEqual(policyOf(
      { ...accountsStatement('ReplicateIntoExisting', ['ecr:ReplicateImage'], ['111122223333', { Ref: 'Account' }]), Resource: [arnOf('*')] },
      {
        Sid: expect.stringMatching(/^ReplicateIntoExistingAccountList[0-9a-f]{8}$/),
        Effect: 'Allow',
        Principal: { AWS: { Ref: 'Accounts' } },
        Action: ['ecr:ReplicateImage'],
        Resource: [arnOf('*')],
      },
    ));
  });

  test('is that of the deployment in an environment-agnostic stack', () => {
    expect(policyWith({}, newStack(newApp(), 'Destination', AGNOSTIC))).toEqual(policyOf({
      ...accountsStatement('Replicate', REPLICATE, ['111122223333']),
      Resource: [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ecr:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':repository/*']] }],
    }));
  });

  test('has the statements of the user after ours, as they are', () => {
    const mine = new iam.PolicyStatement({ sid: 'Mine', actions: PULL, principals: [new iam.ArnPrincipal('arn:aws:iam::111122223333:role/app')], resources: ['*'] });

    expect(policyWith({ additionalStatements: [mine] })).toEqual(policyOf(
      { ...accountsStatement('Replicate', REPLICATE, ['111122223333']), Resource: [arnOf('*')] },
      { Sid: 'Mine', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:role/app' }, Action: PULL, Resource: '*' },
    ));
  });
});

describe('replicas', () => {
  test('get a policy as text, with whoever may pull and read, Lambda functions being in the Region of the replicas', () => {
    const [template] = templatesWith({
      pullers: [EcrGrantee.role('222233334444', 'app'), EcrGrantee.organization('o-a1b2c3d4e5'), EcrGrantee.lambdaFunctions('222233334444')],
      readers: [EcrGrantee.account('222233334444')],
    }, { repositoryPrefixes: ['team-a/'] });
    const [deployers, functions] = lambdaStatements(['222233334444'], ['222233334444'], 'eu-central-1');

    expect(template).toEqual({
      AppliedFor: ['REPLICATION'],
      Prefix: 'team-a',
      ImageTagMutability: 'MUTABLE',
      RepositoryPolicy: expect.any(String),
    });
    expect(JSON.parse(template.RepositoryPolicy)).toEqual(policyOf(
      rolesStatement('Pull', PULL, ['222233334444'], ['arn:aws:iam::222233334444:role/app']),
      {
        Sid: 'PullOrganizations',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: PULL,
        // In the account of the replicas, IAM decides.
        Condition: { StringEquals: { 'aws:PrincipalOrgID': ['o-a1b2c3d4e5'] }, StringNotEquals: { 'aws:PrincipalAccount': '444455556666' } },
      },
      deployers,
      functions,
      accountsStatement('Read', READ, ['222233334444']),
    ));
    expect(functions).toMatchObject({ Action: LAMBDA, Condition: { ArnLike: { 'aws:SourceArn': ['arn:aws:lambda:eu-central-1:222233334444:function:*'] } } });
  });

  test.each<[string, string[] | undefined, string[]]>([
    ['all repositories', undefined, ['ROOT']], ['a namespace', ['team-a/'], ['team-a']], ['namespaces', ['team-a/web/', 'b/'], ['team-a/web', 'b']],
  ])('have a template for each prefix: %s', (_, repositoryPrefixes, prefixes) => {
    const pullers = [EcrGrantee.account('222233334444')];
    const RepositoryPolicy = JSON.stringify(policyOf(accountsStatement('Pull', PULL, ['222233334444'])));

    expect(templatesWith({ pullers }, { repositoryPrefixes }))
      .toEqual(prefixes.map((Prefix) => ({ AppliedFor: ['REPLICATION'], Prefix, ImageTagMutability: 'MUTABLE', RepositoryPolicy })));
  });

  test('get tags, a key, a lifecycle and tag mutability, and for that a role without a path', () => {
    const stack = newDestination();
    const encryptionKey = kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-central-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab');
    new RegistryReplicationGrant(stack, 'Grant', {
      ...SOURCES,
      repositoryPrefixes: ['team-a/'],
      replicas: {
        encryptionKey,
        tags: { team: 'a' },
        lifecycleRules: [{ maxImageAge: Duration.days(30) }],
        imageTagMutability: ecr.TagMutability.MUTABLE_WITH_EXCLUSION,
        imageTagMutabilityExclusionFilters: [ecr.ImageTagMutabilityExclusionFilter.wildcard('v*')],
      },
    });
    const [role, policy, template] = ['GrantTemplateteamaRoleF722D5A2', 'GrantTemplateteamaRoleDefaultPolicy4A1A4FB1', 'GrantTemplateteama2E35039F'];

    expect(templateOf(stack).Resources).toEqual({
      CdkSharedEcrRegistryPolicy655CEB4D: {
        Type: 'AWS::ECR::RegistryPolicy',
        Properties: { PolicyText: policyOf({ ...accountsStatement('ReplicateTagged', REPLICATE_TAGGED, ['111122223333']), Sid: 'ReplicateTaggedAccountsInTeamA', Resource: [arnOf('team-a/*')] }) },
        DependsOn: [template, policy, role],
      },
      [role]: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: policyOf({ Effect: 'Allow', Principal: { Service: 'ecr.amazonaws.com' }, Action: 'sts:AssumeRole' }),
          Description: 'Lets Amazon ECR make repositories below team-a/ for REPLICATION',
        },
      },
      [policy]: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          PolicyName: policy,
          Roles: [{ Ref: role }],
          PolicyDocument: policyOf(
            { Sid: 'MakeRepositories', Effect: 'Allow', Action: REPLICATE_TAGGED, Resource: arnOf('team-a/*') },
            { Sid: 'EncryptRepositories', Effect: 'Allow', Action: ['kms:CreateGrant', 'kms:DescribeKey', 'kms:RetireGrant'], Resource: encryptionKey.keyArn },
          ),
        },
      },
      [template]: {
        Type: 'AWS::ECR::RepositoryCreationTemplate',
        Properties: {
          AppliedFor: ['REPLICATION'],
          Prefix: 'team-a',
          CustomRoleArn: { 'Fn::GetAtt': [role, 'Arn'] },
          EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: encryptionKey.keyArn },
          ImageTagMutability: 'MUTABLE_WITH_EXCLUSION',
          ImageTagMutabilityExclusionFilters: [{ ImageTagMutabilityExclusionFilterType: 'WILDCARD', ImageTagMutabilityExclusionFilterValue: 'v*' }],
          LifecyclePolicy: '{"rules":[{"rulePriority":1,"selection":{"tagStatus":"any","countType":"sinceImagePushed","countNumber":30,"countUnit":"days"},"action":{"type":"expire"}}]}',
          ResourceTags: [{ Key: 'team', Value: 'a' }],
        },
        DependsOn: [policy],
      },
    });
  });

  test('of namespaces whose names differ only in how their parts are separated have templates of their own', () => {
    const stack = newDestination();
    const grant = new RegistryReplicationGrant(stack, 'Grant', { ...SOURCES, repositoryPrefixes: ['a/b/', 'a--b/'], replicas: {} });

    expect(resourcesOf(stack, 'AWS::ECR::RepositoryCreationTemplate').map(({ Properties }) => Properties.Prefix)).toEqual(['a/b', 'a--b']);
    expect(grant.node.children.map(({ node }) => node.id)).toEqual(['Template-a:b', 'Template-a--b']);
  });

  test('have nothing to say of the registry policy\'s own account but what IAM says', () => {
    const role = new iam.Role(newDestination(), 'Role', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
    const [{ RepositoryPolicy }] = templatesWith({ pullers: [EcrGrantee.principal(role)] }, {}, role.stack as Stack);
    const arn = { 'Fn::GetAtt': [role.stack.getLogicalId(role.node.defaultChild as iam.CfnRole), 'Arn'] };

    expect(RepositoryPolicy).toEqual({
      'Fn::Join': ['', ['{"Version":"2012-10-17","Statement":[{"Sid":"PullPrincipals","Effect":"Allow","Principal":{"AWS":["', arn, `"]},"Action":${JSON.stringify(PULL)}}]}`]],
    });
  });
});

describe('replicas without a policy', () => {
  const WARNING = 'repositories that Amazon ECR makes for replicas here get no policy, so nobody in another account can pull them, and their tags can be moved; '
    + 'give replicas: { pullers: [...] }, or replicas: {} if nobody else is to pull them [ack: cdk-shared-ecr:replicasWithoutPolicy]';

  test.each<[string, Partial<RegistryReplicationGrantProps>, string[]]>([
    ['nothing said of them', {}, [WARNING]],
    ['nothing said of them, but of prefixes', { repositoryPrefixes: ['team-a/'] }, [WARNING]],
    ['nothing is what they are to get', { replicas: {} }, []],
    ['none are made', { createRepositories: false }, []],
  ])('are a warning, unless that is meant: %s', (_, props, texts) => {
    const stack = newDestination();
    new RegistryReplicationGrant(stack, 'Grant', { ...SOURCES, ...props });
    templateOf(stack);

    expect(noticesIn(stack)).toEqual(texts.map((text) => ({ path: 'Destination/Grant', level: 'warning', text })));
  });
});

describe('what is wrong', () => {
  const prefixFormat = 'a prefix is how the names of repositories begin, without "*": 2 to 256 lower-case letters, digits and ._-/, for example "team-a/"; '
    + 'without the "/" at the end it means "team-ab" too';
  const slash = (got: string) => `repositoryPrefixes has ${got}, but with replicas each must be the beginning of names up to a "/": a repository creation template applies to names `
    + 'below "team-a/", not to names that begin with "team-a"; end the prefix with "/", give none for all repositories, '
    + 'or use SharedEcrRepository.replicateTo with a scope for single repositories';

  test.each<[string, Partial<RegistryReplicationGrantProps>, string]>([
    ['no source', { sourceAccounts: [] }, 'sourceAccounts is empty, but at least one is needed; leave the grant out if there is nobody to grant to'],
    ['a source twice', { sourceAccounts: ['111122223333', '222233334444', '111122223333'] },
      'sourceAccounts has "111122223333" twice, but each may stand there once; remove the second, or correct it if another was meant'],
    ['a source that is no account', { sourceAccounts: ['111122223333', 'o-a1b2c3d4e5'] },
      'sourceAccounts is "o-a1b2c3d4e5", but an account id is 12 digits, as a string, for example "111122223333"'],
    ['no prefix', { repositoryPrefixes: [] }, 'repositoryPrefixes is empty, but at least one is needed; leave it out for all repositories'],
    ['a prefix twice', { repositoryPrefixes: ['a/', 'a/'] }, 'repositoryPrefixes has "a/" twice, but each may stand there once; remove the second, or correct it if another was meant'],
    ['a prefix that is none', { repositoryPrefixes: ['Team'] }, `repositoryPrefixes is "Team", but ${prefixFormat}`],
    ['a prefix that no name begins with', { repositoryPrefixes: ['team-/'], replicas: {} }, slash('"team-/"')],
    ['a prefix for which there is no template', { repositoryPrefixes: ['team-a/', 'team-b'], replicas: {} }, slash('"team-b"')],
    ['replicas that are not made', { createRepositories: false, replicas: {} },
      'replicas is given, but createRepositories is false, so Amazon ECR makes no repositories to which it could apply; leave out one of the two'],
    ['replicas that contradict themselves', { replicas: { imageTagMutability: ecr.TagMutability.IMMUTABLE_WITH_EXCLUSION } },
      'imageTagMutability is IMMUTABLE_WITH_EXCLUSION and imageTagMutabilityExclusionFilters is not, but filters go with IMMUTABLE_WITH_EXCLUSION or MUTABLE_WITH_EXCLUSION, '
      + 'and these with filters; change one of the two'],
    ['a lifecycle that contradicts itself', { replicas: { lifecycleRules: [{}] } }, 'the lifecycle rule {} must have exactly one of maxImageAge and maxImageCount'],
    ['a tag that is none', { replicas: { tags: { 'aws:x': 'y' } } },
      'tags has "aws:x": "y", but a key has 1 to 128 characters and does not begin with "aws:", and a value has at most 256'],
    ['functions that read', { replicas: { readers: [EcrGrantee.lambdaFunctions('222233334444')] } },
      'Lambda functions * of account 222233334444 cannot read: AWS Lambda only pulls images; grant read to the role or the account that does it, for example EcrGrantee.role(accountId, roleName)'],
    ['a statement without resources', { additionalStatements: [new iam.PolicyStatement({ actions: PULL, principals: [new iam.AccountPrincipal('222233334444')] })] },
      "a statement for the registry policy in 'Destination' has no resources, but must say which repositories it is about; "
      + 'give it resources, for example arn:aws:ecr:us-east-1:111122223333:repository/team-a/*'],
  ])('%s', (_, props, message) => {
    expect(errorOf(() => new RegistryReplicationGrant(newDestination(), 'Grant', { ...SOURCES, ...props }))).toBe(message);
  });

  test('a prefix that only the deployment knows, with replicas', () => {
    const stack = newDestination();
    const prefix = new CfnParameter(stack, 'Prefix').valueAsString;

    [prefix, `${prefix}/`].forEach((wrong, index) => {
      expect(errorOf(() => new RegistryReplicationGrant(stack, `Wrong${index}`, { ...SOURCES, repositoryPrefixes: [wrong], replicas: {} }))).toBe(slash('a token'));
    });
    expect(policyWith({ repositoryPrefixes: [prefix], createRepositories: false }, stack).Statement[0].Resource)
      .toEqual([{ 'Fn::Join': ['', ['arn:aws:ecr:eu-central-1:444455556666:repository/', { Ref: 'Prefix' }, '*']] }]);
  });

  test('a key of another Region', () => {
    const encryptionKey = kms.Key.fromKeyArn(new Stack(), 'Key', 'arn:aws:kms:us-east-1:444455556666:key/k');

    expect(errorOf(() => new RegistryReplicationGrant(newDestination(), 'Grant', { ...SOURCES, replicas: { encryptionKey } })))
      .toBe("encryptionKey 'Default/Key' is in account 444455556666, Region us-east-1, and the repositories are in account 444455556666, Region eu-central-1, "
        + 'but Amazon ECR takes only keys of its own account and Region; give a key there');
  });

  test('two grants of one stack that have replicas for the same prefix', () => {
    const stack = newDestination();
    ['One', 'Two'].forEach((id) => new RegistryReplicationGrant(stack, id, { ...SOURCES, repositoryPrefixes: ['team-a/'], replicas: {} }));

    expect(errorOf(() => (stack.node.root as App).synth()).split('\n').slice(1)).toEqual(['  [Destination/CdkSharedEcrRegistry] the registry of account 444455556666, Region eu-central-1, '
      + 'has one repository creation template for the prefix "team-a", but \'Destination/One/Template-team-a/Resource\' and \'Destination/Two/Template-team-a/Resource\' each declare it: '
      + 'at deployment the second fails, and to delete one deletes what the other wrote; give one of them another prefix']);
  });

  test('a stack that was written already', () => {
    const app = newApp();
    const [fresh, used] = ['Fresh', 'Used'].map((id) => newStack(new Stage(app, `${id}Stage`), id, DESTINATION));
    new RegistryReplicationGrant(used, 'Grant', { ...SOURCES, createRepositories: false });
    app.synth();

    expect(errorOf(() => new RegistryReplicationGrant(fresh, 'Late', SOURCES)))
      .toBe("'FreshStage/Fresh' was already written with its Stage 'FreshStage', so what is added to it would be lost; add it before that is synthesized");
    for (const props of [{}, { replicas: {} }]) {
      expect(errorOf(() => new RegistryReplicationGrant(used, `Late${Object.keys(props)}`, { sourceAccounts: ['111122223333', '222233334444'], ...props })))
        .toBe("the policy of 'UsedStage/Used/CdkSharedEcrRegistry' was already written with Stage 'UsedStage', "
          + 'so the grant to the replication from 111122223333, 222233334444 would be lost; make it before that Stage is synthesized: where its stack is defined, '
          + 'not in an aspect of a later Stage or in a pipeline that contains the Stage');
    }
  });
});
