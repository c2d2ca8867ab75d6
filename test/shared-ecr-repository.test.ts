import { App, Aspects, CfnOutput, CfnParameter, NestedStack, PhysicalName, RemovalPolicy, Stack, Stage, Tags } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EcrGrantee, SharedEcrRepository, SharedEcrRepositoryProps } from '../src';
import {
  accountsStatement, AGNOSTIC, CONSUMER, errorOf, newApp, newRepository, newRole, newStack, noticesIn, OWNER, policyOf, PULL, PUSH, READ,
  repositoryPolicyOf, resourceOf, resourcesOf, rolesStatement, templateOf,
} from './support';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const propertiesWith = (props: Partial<SharedEcrRepositoryProps>) => resourceOf(newRepository(newApp(), props)).Properties;

describe('defaults', () => {
  test('tags are immutable, images are scanned, the repository is retained, nobody is let in', () => {
    expect(resourceOf(newRepository(newApp()))).toEqual({
      Type: 'AWS::ECR::Repository',
      Properties: { RepositoryName: 'web-app', ImageTagMutability: 'IMMUTABLE', ImageScanningConfiguration: { ScanOnPush: true } },
      UpdateReplacePolicy: 'Retain',
      DeletionPolicy: 'Retain',
    });
  });
});

describe('repositoryName', () => {
  test.each(['ab', 'web-app', 'a--b', 'a__b', 'a.b_c-d', 'team-a/web-app', '0/1', 'x'.repeat(256)])('%s is one', (repositoryName) => {
    expect(propertiesWith({ repositoryName }).RepositoryName).toBe(repositoryName);
  });

  test.each(['a', 'Web', 'a b', '-a', 'a-', 'a/', '/a', 'a//b', 'a..b', 'a___b', 'a._b', 'a:b', 'x'.repeat(257), 'web-app\n', 'arn:aws:ecr:us-east-1:999999999999:repository/a'])(
    '%j is not', (repositoryName) => {
      expect(errorOf(() => newRepository(newApp(), { repositoryName }))).toBe(`repositoryName is ${JSON.stringify(repositoryName)}, but a repository name has 2 to 256 characters: `
        + 'lower-case letters and digits, with ".", "_", "__" or hyphens between them, in parts separated by "/", for example "team-a/web-app"');
    });

  test.each([['""', ''], ['undefined', undefined], ['PhysicalName.GENERATE_IF_NEEDED', PhysicalName.GENERATE_IF_NEEDED]])('%s is none that others can know', (got, repositoryName) => {
    expect(errorOf(() => newRepository(newApp(), { repositoryName }))).toContain(`repositoryName is ${got}, but a shared repository needs a name that other accounts can know`);
  });

  test('a token passes', () => {
    const stack = newStack(newApp(), 'Owner', OWNER);
    const repository = new SharedEcrRepository(stack, 'Repository', { repositoryName: new CfnParameter(stack, 'Name').valueAsString });

    expect(resourceOf(repository).Properties.RepositoryName).toEqual({ Ref: 'Name' });
  });
});

describe('tags', () => {
  const filters = (...patterns: string[]) => patterns.map((pattern) => ecr.ImageTagMutabilityExclusionFilter.wildcard(pattern));
  const { MUTABLE, IMMUTABLE, MUTABLE_WITH_EXCLUSION, IMMUTABLE_WITH_EXCLUSION } = ecr.TagMutability;

  test.each([MUTABLE, IMMUTABLE])('can be %s', (imageTagMutability) => {
    expect(propertiesWith({ imageTagMutability }).ImageTagMutability).toBe(imageTagMutability);
  });

  test.each([MUTABLE_WITH_EXCLUSION, IMMUTABLE_WITH_EXCLUSION])('can be %s', (imageTagMutability) => {
    expect(propertiesWith({ imageTagMutability, imageTagMutabilityExclusionFilters: filters('latest', 'dev-*') })).toMatchObject({
      ImageTagMutability: imageTagMutability,
      ImageTagMutabilityExclusionFilters: [
        { ImageTagMutabilityExclusionFilterType: 'WILDCARD', ImageTagMutabilityExclusionFilterValue: 'latest' },
        { ImageTagMutabilityExclusionFilterType: 'WILDCARD', ImageTagMutabilityExclusionFilterValue: 'dev-*' },
      ],
    });
  });

  test.each<[string, Partial<SharedEcrRepositoryProps>, string]>([
    ['an exclusion without filters', { imageTagMutability: IMMUTABLE_WITH_EXCLUSION }, 'imageTagMutability is IMMUTABLE_WITH_EXCLUSION and imageTagMutabilityExclusionFilters is not'],
    ['the other exclusion without filters', { imageTagMutability: MUTABLE_WITH_EXCLUSION }, 'imageTagMutability is MUTABLE_WITH_EXCLUSION and'],
    ['filters with MUTABLE', { imageTagMutability: MUTABLE, imageTagMutabilityExclusionFilters: filters('a') }, 'imageTagMutability is MUTABLE and imageTagMutabilityExclusionFilters is given'],
    ['filters with the default', { imageTagMutabilityExclusionFilters: filters('a') }, 'imageTagMutability is IMMUTABLE and imageTagMutabilityExclusionFilters is given'],
    ['no filter at all', { imageTagMutability: MUTABLE_WITH_EXCLUSION, imageTagMutabilityExclusionFilters: [] }, 'has 0 filters, but must have 1 to 5'],
    ['six filters', { imageTagMutability: MUTABLE_WITH_EXCLUSION, imageTagMutabilityExclusionFilters: filters('a', 'b', 'c', 'd', 'e', 'f') }, 'has 6 filters, but must have 1 to 5'],
  ])('%s is an error', (_, props, message) => {
    expect(errorOf(() => newRepository(newApp(), props))).toContain(message);
  });
});

describe('scan on push', () => {
  test('can be turned off', () => {
    expect(propertiesWith({ imageScanOnPush: false }).ImageScanningConfiguration).toEqual({ ScanOnPush: false });
  });
});

describe('encryption', () => {
  const { AES_256, KMS, KMS_DSSE } = ecr.RepositoryEncryption;

  function encryptionWith(props: (key: kms.IKey) => Partial<SharedEcrRepositoryProps>) {
    const stack = newStack(newApp(), 'Owner', OWNER);
    const repository = new SharedEcrRepository(stack, 'Repository', { repositoryName: 'web-app', ...props(new kms.Key(stack, 'Key')) });
    return resourceOf(repository).Properties.EncryptionConfiguration;
  }
  const kmsKey = { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] };

  test.each<[string, (key: kms.IKey) => Partial<SharedEcrRepositoryProps>, unknown]>([
    ['AES', () => ({ encryption: AES_256 }), undefined],
    ['KMS with the key of AWS', () => ({ encryption: KMS }), { EncryptionType: 'KMS' }],
    ['KMS with a key', (encryptionKey) => ({ encryption: KMS, encryptionKey }), { EncryptionType: 'KMS', KmsKey: kmsKey }],
    ['a key alone', (encryptionKey) => ({ encryptionKey }), { EncryptionType: 'KMS', KmsKey: kmsKey }],
    ['DSSE with the key of AWS', () => ({ encryption: KMS_DSSE }), { EncryptionType: 'KMS_DSSE' }],
    ['DSSE with a key', (encryptionKey) => ({ encryption: KMS_DSSE, encryptionKey }), { EncryptionType: 'KMS_DSSE', KmsKey: kmsKey }],
  ])('%s', (_, props, expected) => {
    expect(encryptionWith(props)).toEqual(expected);
  });

  test('AES with a key is an error', () => {
    expect(errorOf(() => encryptionWith((encryptionKey) => ({ encryption: AES_256, encryptionKey })))).toBe('encryptionKey is given, but encryption is AES256, which has no key; '
      + 'leave encryption out, or use RepositoryEncryption.KMS or KMS_DSSE');
  });

  test('sharing does not touch the key: ECR decrypts by grants of its own', () => {
    const app = newApp();
    const owner = newStack(app, 'Owner', OWNER);
    const encryptionKey = new kms.Key(owner, 'Key');
    const before = JSON.stringify(owner.resolve((encryptionKey.node.defaultChild as kms.CfnKey).keyPolicy));
    new SharedEcrRepository(owner, 'Repository', { repositoryName: 'web-app', encryptionKey }).grantPull(newRole(newStack(app, 'Consumer', CONSUMER)));

    expect(JSON.stringify(resourcesOf(owner, 'AWS::KMS::Key')[0].Properties.KeyPolicy)).toBe(before);
  });
});

describe('removal', () => {
  test('DESTROY and emptyOnDelete', () => {
    expect(resourceOf(newRepository(newApp(), { removalPolicy: RemovalPolicy.DESTROY, emptyOnDelete: true }))).toMatchObject({
      DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete', Properties: { EmptyOnDelete: true },
    });
  });

  test.each([[undefined, 'retain, the default'], [RemovalPolicy.RETAIN, 'retain']])('emptyOnDelete with the removal policy %s is an error', (removalPolicy, shown) => {
    expect(errorOf(() => newRepository(newApp(), { removalPolicy, emptyOnDelete: true }))).toBe(`emptyOnDelete is true, but removalPolicy is ${shown}, so the repository is never deleted; `
      + 'add removalPolicy: RemovalPolicy.DESTROY, or leave emptyOnDelete out');
  });
});

describe('who is let in', () => {
  test('pullers, pushers and readers, as properties and as calls', () => {
    const [puller, pusher, reader] = [EcrGrantee.account('111122223333'), EcrGrantee.role('444455556666', 'ci'), EcrGrantee.account('777788889999')];
    const asProperties = newRepository(newApp(), { pullers: [puller], pushers: [pusher], readers: [reader] });
    const asCalls = newRepository(newApp());
    asCalls.allowReadFrom(reader);
    asCalls.allowPushFrom(pusher);
    asCalls.allowPullFrom(puller);

    expect(repositoryPolicyOf(asCalls)).toEqual(policyOf(
      accountsStatement('Pull', PULL, ['111122223333']),
      rolesStatement('Push', PUSH, ['444455556666'], ['arn:aws:iam::444455556666:role/ci']),
      accountsStatement('Read', READ, ['777788889999']),
    ));
    expect(repositoryPolicyOf(asProperties)).toEqual(repositoryPolicyOf(asCalls));
  });

  test('one wrong grantee, and nothing of the call is granted', () => {
    const repository = newRepository(newApp());

    expect(errorOf(() => repository.allowReadFrom(EcrGrantee.account('111122223333'), EcrGrantee.lambdaFunctions('111122223333'))))
      .toContain('AWS Lambda only pulls images');
    expect(repositoryPolicyOf(repository)).toBeUndefined();
  });

  test.each([
    ['an organization', EcrGrantee.organization('o-a1b2c3d4e5'), 'organization o-a1b2c3d4e5'],
    ['an OU', EcrGrantee.organizationalUnit('o-a1b2c3d4e5/r-ab12/ou-ab12-11111111'), 'organizational unit o-a1b2c3d4e5/r-ab12/ou-ab12-11111111'],
    ['an organization by its principal', EcrGrantee.principal(new iam.OrganizationPrincipal('o-a1b2c3d4e5')), 'OrganizationPrincipal(o-a1b2c3d4e5)'],
  ])('%s that may push is a warning', (_, grantee, name) => {
    const app = newApp();
    newRepository(app, { pullers: [grantee], readers: [grantee] });
    expect(noticesIn(app)).toEqual([]);

    const other = newApp();
    newRepository(other, { pushers: [grantee, EcrGrantee.account('111122223333')] });
    expect(noticesIn(other)).toEqual([{
      path: 'Owner/Repository',
      level: 'warning',
      text: expect.stringMatching(/every identity of every account in it can replace what others run; .* \[ack: cdk-shared-ecr:organizationPush\]$/),
    }]);
    expect(noticesIn(other)[0].text).toContain(`${name} may push: `);
  });

  test.each<[string, (repository: SharedEcrRepository, to: iam.IGrantable) => unknown, number]>([
    ['grantPush', (repository, to) => repository.grantPush(to), 1],
    ['grantPullPush', (repository, to) => repository.grantPullPush(to), 1],
    ['grantPull', (repository, to) => repository.grantPull(to), 0],
  ])('by %s too', (_, grantTo, warnings) => {
    const app = newApp();
    const repository = newRepository(app);
    grantTo(repository, new iam.OrganizationPrincipal('o-a1b2c3d4e5'));
    grantTo(repository, new iam.AccountPrincipal('111122223333'));

    expect(noticesIn(app).map(({ text }) => text).filter((text) => text.endsWith('[ack: cdk-shared-ecr:organizationPush]'))).toHaveLength(warnings);
  });

  test('nobody, no policy', () => {
    expect(resourceOf(newRepository(newApp(), { pullers: [], pushers: [], readers: [] })).Properties).not.toHaveProperty('RepositoryPolicyText');
  });
});

describe('addresses', () => {
  /** What a stack sees of the repository. */
  function seenFrom(repository: ecr.IRepository, stack: Stack) {
    const { repositoryName, repositoryArn, repositoryUri, registryUri } = repository;
    return stack.resolve({
      repositoryName,
      repositoryArn,
      repositoryUri,
      registryUri,
      tag: repository.repositoryUriForTag('1.0'),
      none: repository.repositoryUriForTag(),
      digest: repository.repositoryUriForDigest(DIGEST),
      either: [repository.repositoryUriForTagOrDigest('1.0'), repository.repositoryUriForTagOrDigest(DIGEST)],
    });
  }
  const literal = (host: string, arn: string) => ({
    repositoryName: 'web-app',
    repositoryArn: arn,
    registryUri: host,
    repositoryUri: `${host}/web-app`,
    none: `${host}/web-app`,
    tag: `${host}/web-app:1.0`,
    digest: `${host}/web-app@${DIGEST}`,
    either: [`${host}/web-app:1.0`, `${host}/web-app@${DIGEST}`],
  });

  test('in the same stack are references', () => {
    const repository = newRepository(newApp());
    const id = expect.stringMatching(/^Repository/);
    const uri = (suffix: string[]) => ({ 'Fn::Join': ['', ['999999999999.dkr.ecr.us-east-1.amazonaws.com/', { Ref: id }, ...suffix]] });

    expect(seenFrom(repository, repository.stack)).toEqual({
      repositoryName: { Ref: id },
      repositoryArn: { 'Fn::GetAtt': [id, 'Arn'] },
      registryUri: '999999999999.dkr.ecr.us-east-1.amazonaws.com',
      repositoryUri: uri([]),
      none: uri([]),
      tag: uri([':1.0']),
      digest: uri([`@${DIGEST}`]),
      either: [uri([':1.0']), uri([`@${DIGEST}`])],
    });
  });

  test.each([
    ['another account', OWNER, CONSUMER, '999999999999.dkr.ecr.us-east-1.amazonaws.com', 'arn:aws:ecr:us-east-1:999999999999:repository/web-app'],
    ['another Region', OWNER, { ...OWNER, region: 'eu-west-1' }, '999999999999.dkr.ecr.us-east-1.amazonaws.com', 'arn:aws:ecr:us-east-1:999999999999:repository/web-app'],
    ['China', { ...OWNER, region: 'cn-north-1' }, CONSUMER, '999999999999.dkr.ecr.cn-north-1.amazonaws.com.cn', 'arn:aws-cn:ecr:cn-north-1:999999999999:repository/web-app'],
    ['GovCloud', { ...OWNER, region: 'us-gov-west-1' }, CONSUMER, '999999999999.dkr.ecr.us-gov-west-1.amazonaws.com', 'arn:aws-us-gov:ecr:us-gov-west-1:999999999999:repository/web-app'],
  ])('elsewhere are literal, of the repository\'s own partition: %s', (_, owner, consumer, host, arn) => {
    const app = newApp();
    const repository = newRepository(app, {}, owner);

    expect(seenFrom(repository, newStack(app, 'Consumer', consumer))).toEqual(literal(host, arn));
  });

  test('in another Stage are literal, the same environment or not', () => {
    const app = newApp();
    const repository = newRepository(app);
    const consumer = newStack(new Stage(app, 'Later'), 'Consumer', OWNER);

    expect(seenFrom(repository, consumer)).toEqual(literal('999999999999.dkr.ecr.us-east-1.amazonaws.com', 'arn:aws:ecr:us-east-1:999999999999:repository/web-app'));
  });

  test('of an agnostic repository are made of pseudo parameters, in its own stack', () => {
    const repository = newRepository(newApp(), {}, AGNOSTIC);

    expect(repository.stack.resolve(repository.registryUri)).toEqual({
      'Fn::Join': ['', [{ Ref: 'AWS::AccountId' }, '.dkr.ecr.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }]],
    });
  });

  test('of an agnostic repository cannot be computed elsewhere: an error that names the way out', () => {
    const app = newApp();
    const repository = newRepository(app, {}, AGNOSTIC);
    const consumer = newStack(app, 'Consumer', CONSUMER);

    for (const address of [repository.repositoryArn, repository.repositoryName, repository.registryUri, repository.repositoryUriForTag('1')]) {
      expect(errorOf(() => consumer.resolve(address))).toContain("'Owner/Repository' is in an environment-agnostic stack and is used by 'Consumer' in another environment "
        + "(account 111122223333, Region us-east-1), so its address cannot be computed; give the stack of 'Owner/Repository' an explicit environment: env: { account, region }");
    }
  });

  test('an output in another account\'s template is literal', () => {
    const app = newApp();
    const repository = newRepository(app);
    const consumer = newStack(app, 'Consumer', CONSUMER);
    new CfnOutput(consumer, 'Image', { value: repository.repositoryUriForTag('1.0') });

    expect(templateOf(consumer).Outputs.Image.Value).toBe('999999999999.dkr.ecr.us-east-1.amazonaws.com/web-app:1.0');
    expect(consumer.dependencies).toEqual([]);
  });

  test('of a repository in a nested stack', () => {
    const app = newApp();
    const repository = new SharedEcrRepository(new NestedStack(newStack(app, 'Owner', OWNER), 'Nested'), 'Repository', { repositoryName: 'web-app' });

    expect(newStack(app, 'Consumer', CONSUMER).resolve(repository.repositoryUriForTag('1'))).toBe('999999999999.dkr.ecr.us-east-1.amazonaws.com/web-app:1');
  });

  test.each(['sha256:abc', 'sha256:' + 'G'.repeat(64), 'latest', `sha512:${'0'.repeat(64)}`])('%s is no digest', (digest) => {
    expect(errorOf(() => newRepository(newApp()).repositoryUriForDigest(digest)))
      .toBe(`digest is ${JSON.stringify(digest)}, but an image digest is "sha256:" and 64 hexadecimal digits`);
  });

  test('a digest may be a token, or none', () => {
    const repository = newRepository(newApp());
    const digest = new CfnParameter(repository.stack, 'Digest').valueAsString;

    expect(JSON.stringify(repository.stack.resolve(repository.repositoryUriForDigest(digest)))).toContain('"@",{"Ref":"Digest"}');
    expect(repository.repositoryUriForDigest()).toBe(repository.repositoryUri);
  });
});

describe('it is a repository like any other', () => {
  test('events', () => {
    const repository = newRepository(newApp());
    const topic = new sns.Topic(repository.stack, 'Topic');
    const target = { bind: () => ({ arn: topic.topicArn }) };
    repository.onCloudTrailEvent('Trail', { target });
    repository.onCloudTrailImagePushed('Pushed', { target, imageTag: '1.0' });
    repository.onImageScanCompleted('Scanned', { target, imageTags: ['1.0'] });
    repository.onEvent('Any', { target });
    const name = [{ Ref: expect.stringMatching(/^Repository/) }];

    expect(resourcesOf(repository.stack, 'AWS::Events::Rule').map(({ Properties }) => Properties.EventPattern.detail)).toEqual([
      { requestParameters: { repositoryName: name } },
      { requestParameters: { repositoryName: name, imageTag: ['1.0'] }, eventName: ['PutImage'] },
      { 'repository-name': name, 'scan-status': ['COMPLETE'], 'image-tags': ['1.0'] },
      { 'repository-name': name },
    ]);
  });

  test('tags, and what CDK calls a repository\'s reference', () => {
    const repository = newRepository(newApp());
    Tags.of(repository).add('team', 'web');

    expect(repository.repositoryRef).toEqual({ repositoryName: repository.repositoryName, repositoryArn: repository.repositoryArn });
    expect(resourceOf(repository).Properties.Tags).toEqual([{ Key: 'team', Value: 'web' }]);
    expect(repository.env).toEqual(OWNER);
  });
});

describe('the repository policy is the same whatever feature flags the app has', () => {
  const flags = [
    '@aws-cdk/aws-iam:minimizePolicies', '@aws-cdk/core:enablePartitionLiterals', '@aws-cdk/core:aspectStabilization', '@aws-cdk/core:annotationsInValidationReport',
  ];

  function policyWith(value: boolean) {
    const app: App = newApp({ context: Object.fromEntries(flags.map((flag) => [flag, value])) });
    const repository = newRepository(app, { pullers: [EcrGrantee.organization('o-a1b2c3d4e5')], pushers: [EcrGrantee.account('444455556666')] });
    const consumer = newStack(app, 'Consumer', CONSUMER);
    repository.grantPull(newRole(consumer, { roleName: 'app', path: '/teams/' }));
    repository.grantPull(newRole(consumer, {}, 'Unnamed'));
    repository.grantRead(new iam.AccountPrincipal('111122223333'));
    repository.addToResourcePolicy(new iam.PolicyStatement({ actions: ['ecr:PutImage'], principals: [new iam.AccountPrincipal('444455556666')] }));
    Aspects.of(app).add({ visit: () => undefined });
    return repositoryPolicyOf(repository);
  }

  test('all on, all off', () => {
    const { Statement: statements } = policyWith(true);

    expect(statements.map(({ Sid }: any) => Sid)).toEqual(['PullRoles', expect.stringMatching(/^PullTaggedRoles/), 'PullOrganizations', 'PushAccounts', 'ReadAccounts', undefined]);
    expect(statements[0].Condition).toEqual({ ArnLike: { 'aws:PrincipalArn': ['arn:aws:iam::111122223333:role/teams/app'] } });
    expect(statements.slice(0, -1)).toEqual(policyWith(false).Statement.slice(0, -1));
  });
});
