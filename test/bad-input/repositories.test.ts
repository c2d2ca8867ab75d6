import { Duration, PhysicalName, RemovalPolicy } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { ACCOUNT, BAD, Case, expectNotSynthesized, expectRefused, REGION, shown, World } from './support';
import { CrossAccountPullRole, EcrGrantee, PullRuntime, ReplicationDestination, SharedEcrRepository, SharedEcrRepositoryProps } from '../../src';
import { CONTRACT, fileOf } from '../access/contract/support';
import { CONSUMER, OTHER, PULL } from '../support';

/** Repositories and the roles that pull from them: what is malformed is refused. Each line: what is called, the value that the message shows, the remedy. */

const NAME = 'a repository name has 2 to 256 characters: lower-case letters and digits';
const ARN = 'the ARN of a repository is written arn:PARTITION:ecr:REGION:ACCOUNT:repository/NAME';
const URI = 'the URI of a repository is written ACCOUNT.dkr.ecr.REGION.SUFFIX/NAME';
const FILTERS = 'filters go with IMMUTABLE_WITH_EXCLUSION or MUTABLE_WITH_EXCLUSION';
const LAMBDA_ONLY_PULLS = 'grant push to the role or the account that does it';

const { IMMUTABLE, IMMUTABLE_WITH_EXCLUSION } = ecr.TagMutability;
const { ANY, TAGGED, UNTAGGED } = ecr.TagStatus;
const functions = EcrGrantee.lambdaFunctions(CONSUMER.account);
const filters = (count: number) => Array.from({ length: count }, (_, index) => ecr.ImageTagMutabilityExclusionFilter.wildcard(`v${index}*`));
const keyIn = ({ consumer }: World) => kms.Key.fromKeyArn(consumer, 'Key', `arn:aws:kms:eu-central-1:${CONSUMER.account}:key/1234`);
const toEurope = ReplicationDestination.region('eu-central-1');

const made = (words: string, props: object | ((world: World) => object), got: string, remedy: string): Case => [`new: ${words}`, (world) => (
  new SharedEcrRepository(world.owner, BAD, { repositoryName: 'web-api', ...(typeof props === 'function' ? props(world) : props) } as SharedEcrRepositoryProps)), got, remedy];
const rule = (words: string, lifecycleRule: ecr.LifecycleRule, got: string, remedy: string): Case[] => [
  made(`lifecycleRules, ${words}`, { lifecycleRules: [{ tagStatus: UNTAGGED, maxImageCount: 1 }, lifecycleRule] }, got, remedy),
  [`addLifecycleRule, ${words}`, ({ repository }) => repository.addLifecycleRule(lifecycleRule), got, remedy],
];
const names = ['W', 'a', 'Web-App', 'web app', '/web', 'web/', 'web//app', '-web', 'web-app:v1', 'x'.repeat(257), 'arn:aws:ecr:us-east-1:111122223333:repository/web'];

const REPOSITORIES: Case[] = [
  ...[...names, 5, null, undefined, ''].map((repositoryName) => made(`repositoryName ${shown(repositoryName)}`, { repositoryName }, `repositoryName is ${shown(repositoryName)}`, NAME)),
  made('a name to be generated', { repositoryName: PhysicalName.GENERATE_IF_NEEDED }, 'PhysicalName.GENERATE_IF_NEEDED', NAME),
  made('filters without exclusion', { imageTagMutability: IMMUTABLE, imageTagMutabilityExclusionFilters: filters(1) }, 'imageTagMutability is IMMUTABLE', FILTERS),
  made('exclusion without filters', { imageTagMutability: IMMUTABLE_WITH_EXCLUSION }, 'IMMUTABLE_WITH_EXCLUSION', FILTERS),
  made('no filter', { imageTagMutability: IMMUTABLE_WITH_EXCLUSION, imageTagMutabilityExclusionFilters: [] }, 'has 0 filters', 'must have 1 to 5'),
  made('six filters', { imageTagMutability: IMMUTABLE_WITH_EXCLUSION, imageTagMutabilityExclusionFilters: filters(6) }, 'has 6 filters', 'must have 1 to 5'),
  made('a key for AES', (world) => ({ encryption: ecr.RepositoryEncryption.AES_256, encryptionKey: keyIn(world) }), 'AES256', 'leave encryption out, or use RepositoryEncryption.KMS'),
  made('a key of another Region', (world) => ({ encryptionKey: keyIn(world) }), 'eu-central-1', 'give a key there'),
  made('emptyOnDelete of what is retained', { emptyOnDelete: true, removalPolicy: RemovalPolicy.RETAIN }, 'removalPolicy is retain', 'add removalPolicy: RemovalPolicy.DESTROY'),
  made('emptyOnDelete by default', { emptyOnDelete: true }, 'retain, the default', 'or leave emptyOnDelete out'),
  made('lifecycleRegistryId', { lifecycleRegistryId: '1' }, 'lifecycleRegistryId is "1"', ACCOUNT),
  made('Lambda functions that push', { pullers: [EcrGrantee.account(CONSUMER.account)], pushers: [functions] }, `Lambda functions * of account ${CONSUMER.account} cannot push`, LAMBDA_ONLY_PULLS),
  made('Lambda functions that read', { readers: [functions] }, 'cannot read', 'grant read to the role'),
  ...rule('two lists', { tagPrefixList: ['v'], tagPatternList: ['v*'], maxImageCount: 1 }, '"tagPrefixList":["v"]', 'may have only one of them'),
  ...rule('tagged without a list', { tagStatus: TAGGED, maxImageCount: 1 }, '"tagStatus":"tagged"', 'give it a tagPrefixList or a tagPatternList'),
  ...rule('a list that is empty', { tagPrefixList: [], maxImageCount: 1 }, '"tagPrefixList":[]', 'give it a tagPrefixList or a tagPatternList'),
  ...rule('a list for what is untagged', { tagStatus: UNTAGGED, tagPrefixList: ['v'], maxImageCount: 1 }, '"untagged"', 'use TagStatus.TAGGED, or leave out the list'),
  ...rule('five stars', { tagPatternList: ['*a*b*c*d*'], maxImageCount: 1 }, '"*a*b*c*d*"', 'at most four "*"'),
  ...rule('neither age nor count', { tagStatus: ANY }, '"tagStatus":"any"', 'exactly one of maxImageAge and maxImageCount'),
  ...rule('age and count', { maxImageAge: Duration.days(1), maxImageCount: 1 }, '"maxImageCount":1', 'exactly one of maxImageAge and maxImageCount'),
  ...rule('no image', { maxImageCount: 0 }, 'maxImageCount 0', 'a whole number of at least 1'),
  ...rule('half an image', { maxImageCount: 1.5 }, 'maxImageCount 1.5', 'a whole number of at least 1'),
  ...rule('no day', { maxImageAge: Duration.days(0) }, 'maxImageAge in days 0', 'a whole number of at least 1'),
  ...rule('half a day', { maxImageAge: Duration.hours(12) }, 'maxImageAge in days 0.5', 'a whole number of at least 1'),
  ...rule('no priority', { maxImageCount: 1, rulePriority: 0 }, 'rulePriority 0', 'a whole number of at least 1'),
  made('two rules for any image', { lifecycleRules: [{ maxImageCount: 1 }, { maxImageCount: 2 }] }, '"maxImageCount":2', 'there may be only one'),
];

const METHODS: Case[] = [
  ['allowPushFrom, functions after an account', ({ repository }) => repository.allowPushFrom(EcrGrantee.account(CONSUMER.account), functions), 'Lambda functions *', LAMBDA_ONLY_PULLS],
  ['allowReadFrom, functions', ({ repository }) => repository.allowReadFrom(EcrGrantee.role(CONSUMER.account, 'scan'), functions), 'Lambda functions *', 'grant read to the role'],
  ['allowPullThroughFrom, functions', ({ repository }) => repository.allowPullThroughFrom(EcrGrantee.account(CONSUMER.account), functions), 'Lambda functions *', 'replicate the images to the Region of the functions'],
  ['grant, no action', ({ repository, role }) => repository.grant(role), 'actions is empty', 'at least one is needed; grantPull, grantPush and grantRead'],
  ...['', 'BatchGetImage', 's3:GetObject', 'ecr:', 'ecr:Batch GetImage'].flatMap((action): Case[] => [
    [`grant, action ${shown(action)}`, ({ repository, role }) => repository.grant(role, 'ecr:ListImages', action), shown(action), 'is written with the prefix of Amazon ECR, "ecr:"'],
    [`grant of an imported repository, action ${shown(action)}`, ({ imported, role }) => imported.grant(role, 'ecr:ListImages', action), shown(action), 'with the prefix of Amazon ECR, "ecr:"'],
  ]),
  ['grantPull, everybody', ({ repository }) => repository.grantPull(new iam.AnyPrincipal()), '{"AWS":"*"}', 'add a condition'],
  ['grantPull, a wildcard', ({ repository }) => repository.grantPull(new iam.ArnPrincipal('arn:aws:iam::111122223333:role/a*')), 'role/a*', 'use EcrGrantee.role(accountId, roleName)'],
  ['grantPull, a wildcard after an account', ({ repository }) => repository.grantPull(
    new iam.CompositePrincipal(new iam.AccountPrincipal(CONSUMER.account), new iam.ArnPrincipal('arn:aws:iam::111122223333:role/a*'))),
  'role/a*', 'use EcrGrantee.role(accountId, roleName)'],
  ['grantPush, AWS Lambda', ({ repository }) => repository.grantPush(new iam.ServicePrincipal('lambda.amazonaws.com')), 'lambda.amazonaws.com', 'add a condition'],
  ['addToResourcePolicy, with resources', ({ repository }) => repository.addToResourcePolicy(new iam.PolicyStatement({
    actions: PULL, principals: [new iam.AccountPrincipal(CONSUMER.account)], resources: ['*'],
  })), '["*"]', 'leave out'],
  ...[':v1', 'a b', '-v1', 'x'.repeat(129), 'v1@sha256:1'].map((tag): Case => [`repositoryUriForTag(${shown(tag)})`, ({ repository }) => repository.repositoryUriForTag(tag), shown(tag), 'a tag has 1 to 128 letters']),
  ...['sha256:1', 'sha1:1', 'v1'].map((digest): Case => [`repositoryUriForDigest(${shown(digest)})`, ({ repository }) => repository.repositoryUriForDigest(digest), shown(digest), '"sha256:" and 64 hexadecimal digits']),
  ['replicaIn, no Region', ({ repository }) => repository.replicaIn('Frankfurt'), '"Frankfurt"', REGION],
  ['replicaIn, no account', ({ repository }) => repository.replicaIn('eu-central-1', '1'), '"1"', ACCOUNT],
  ['replicaIn, its own Region', ({ repository }) => repository.replicaIn('us-east-1'), 'us-east-1', 'use the repository, or give another Region or account'],
  ['replicateTo, its own Region', ({ repository }) => repository.replicateTo(ReplicationDestination.region('us-east-1')), 'us-east-1', 'give another Region or another account'],
  ['replicateTo, its own Region, with a scope', ({ repository, owner }) => repository.replicateTo(ReplicationDestination.region('us-east-1'), { scope: owner }), 'us-east-1', 'leave scope out if images are to be copied to it'],
  ['replicateTo, another partition', ({ repository }) => repository.replicateTo(ReplicationDestination.region('cn-north-1')), 'cn-north-1', 'push the images to a repository in the other partition'],
  ['replicateTo, another partition, with a scope', ({ repository, china }) => repository.replicateTo(ReplicationDestination.account(CONSUMER.account, 'cn-north-1'), { scope: china }), 'cn-north-1', 'in the other partition'],
  ['replicateTo, a scope elsewhere', ({ repository, consumer }) => repository.replicateTo(toEurope, { scope: consumer }), 'us-east-1', 'give a scope in a stack of that environment, or none'],
  ['replicateTo, a registryScope elsewhere', ({ repository, europe }) => repository.replicateTo(toEurope, { registryScope: europe }), 'eu-central-1', 'give a scope in a stack of that environment'],
  ['replicateTo, encryption without a scope', ({ repository }) => repository.replicateTo(toEurope, { encryption: ecr.RepositoryEncryption.KMS }), 'encryption is given', 'give scope, or leave it out'],
  ['replicateTo, a key of another Region', (world) => world.repository.replicateTo(toEurope, { scope: world.europe, encryptionKey: keyIn(world) }), CONSUMER.account, 'give a key there'],
  ['replicateTo, a key for AES', ({ repository, europe }) => repository.replicateTo(toEurope, {
    scope: europe, encryption: ecr.RepositoryEncryption.AES_256, encryptionKey: kms.Key.fromKeyArn(europe, 'Key', 'arn:aws:kms:eu-central-1:999999999999:key/1234'),
  }), 'AES256', 'leave encryption out'],
];

const IMPORTS: Case[] = [
  ...['', 'web-app', 'arn:aws:s3:::bucket', 'arn:aws:ecr:us-east-1:111122223333:web-app', '111122223333.dkr.ecr.us-east-1.amazonaws.com/web-app'].map((arn): Case => (
    [`fromRepositoryArn(${shown(arn)})`, ({ consumer }) => SharedEcrRepository.fromRepositoryArn(consumer, BAD, arn), shown(arn), ARN])),
  ...([['arn:aws:ecr:Frankfurt:111122223333:repository/web-app', REGION], ['arn:aws:ecr:us-east-1:1:repository/web-app', ACCOUNT],
    ['arn:aws:ecr:us-east-1:111122223333:repository/Web', NAME], ['arn:aws:ecr:us-east-1:111122223333:repository/web-app:v1', NAME],
    ['arn:aws:ecr:cn-north-1:111122223333:repository/web-app', 'correct the Region or the partition']]).map(([arn, remedy]): Case => (
    [`fromRepositoryArn(${shown(arn)})`, ({ consumer }) => SharedEcrRepository.fromRepositoryArn(consumer, BAD, arn), shown(arn), remedy])),
  ...([['', URI], ['web-app', URI], ['https://111122223333.dkr.ecr.us-east-1.amazonaws.com/web-app', URI], ['public.ecr.aws/nginx/nginx', URI],
    ['111122223333.dkr.ecr.us-east-1.amazonaws.com', URI], ['111122223333.dkr.ecr.us-east-1.amazonaws.com/web-app:v1', 'leave out its tag or digest'],
    ['111122223333.dkr.ecr.us-east-1.amazonaws.com/web-app@sha256:1', 'leave out its tag or digest'], ['111122223333.dkr.ecr.us-east-1.amazonaws.com/Web', NAME],
    ['111122223333.dkr.ecr.cn-north-1.amazonaws.com/web-app', 'correct the Region or the host'], ['111122223333.dkr.ecr.europe.amazonaws.com/web-app', REGION]]).map(([uri, remedy]): Case => (
    [`fromRepositoryUri(${shown(uri)})`, ({ consumer }) => SharedEcrRepository.fromRepositoryUri(consumer, BAD, uri), shown(uri), remedy])),
  ['fromRepositoryUri(a token)', ({ consumer, repository }) => SharedEcrRepository.fromRepositoryUri(consumer, BAD, repository.repositoryUri), 'repositoryUri is a token', 'use SharedEcrRepository.fromSharedEcrRepositoryAttributes'],
  ...([[{ account: '1' }, '"1"', ACCOUNT], [{ account: undefined }, 'undefined', ACCOUNT], [{ region: 'Frankfurt' }, '"Frankfurt"', REGION], [{ region: undefined }, 'undefined', REGION],
    [{ repositoryName: 'Web' }, '"Web"', NAME], [{ repositoryName: undefined }, 'undefined', NAME]] as Array<[object, string, string]>).map(([part, got, remedy]): Case => (
    [`fromSharedEcrRepositoryAttributes(${shown(part)}), ${Object.keys(part)[0]}`, ({ consumer }) => (
      SharedEcrRepository.fromSharedEcrRepositoryAttributes(consumer, BAD, { ...OTHER, repositoryName: 'web-app', ...part })), got, remedy])),
  ['fromContract, no file', ({ consumer }) => SharedEcrRepository.fromContract(consumer, BAD, 'nowhere.json', 'web-app'), 'nowhere.json', 'its owner writes it by "npx cdk-shared-ecr contract cdk.out"'],
  ['fromContract, no JSON', ({ consumer }) => SharedEcrRepository.fromContract(consumer, BAD, fileOf('{'), 'web-app'), 'shared-ecr.json', 'is not JSON'],
  ['fromContract, no contract', ({ consumer }) => SharedEcrRepository.fromContract(consumer, BAD, fileOf({ kind: 'other' }), 'web-app'), '"other"', 'a contract is an object whose kind is "cdk-shared-ecr/contract"'],
  ['fromContract, a newer one', ({ consumer }) => SharedEcrRepository.fromContract(consumer, BAD, fileOf({ ...CONTRACT, version: 9 }), 'web-app'), 'its version is 9', 'update cdk-shared-ecr here'],
  ['fromContract, a name that is not there', ({ consumer }) => SharedEcrRepository.fromContract(consumer, BAD, fileOf(CONTRACT), 'web-ap'), '"web-ap"', 'it has web-app, team-a/web-app'],
  ['fromContract, no name', ({ consumer }) => SharedEcrRepository.fromContract(consumer, BAD, fileOf(CONTRACT), ''), 'repositoryName is ""', 'it has web-app'],
  ['fromContract, a token', ({ consumer, repository }) => SharedEcrRepository.fromContract(consumer, BAD, fileOf(CONTRACT), repository.repositoryName), 'repositoryName is a token', 'give its name'],
  ['fromContract, two of the name', ({ consumer }) => SharedEcrRepository.fromContract(consumer, BAD, fileOf({
    ...CONTRACT, repositories: ['444444444444', '555555555555'].map((account) => ({ name: 'web-app', account, region: 'us-east-1' })),
  }), 'web-app'), 'has 2 of that name', 'use SharedEcrRepository.fromRepositoryArn'],
];

const pullRole = (words: string, props: (world: World) => object, got: string, remedy: string): Case => [`CrossAccountPullRole: ${words}`, (world) => (
  new CrossAccountPullRole(world.consumer, BAD, { runtime: PullRuntime.ECS_TASK, repositories: [world.imported], ...props(world) })), got, remedy];

const ROLES: Case[] = [
  pullRole('no repository', () => ({ repositories: [] }), 'repositories is empty', 'at least one repository'),
  pullRole('repositories not given', () => ({ repositories: undefined }), 'repositories is empty', 'at least one repository'),
  pullRole('add-ons for what has none', () => ({ eksAddOnRepositoryArns: [] }), 'ECS_TASK', 'leave it out, or use additionalRepositories'),
  pullRole('no runtime', () => ({ runtime: undefined }), 'runtime is undefined', 'PullRuntime.ECS_TASK'),
  pullRole('a name with a space', () => ({ roleName: 'my role' }), '"my role"', 'a role name has 1 to 64 letters, digits and +=,.@_-'),
  pullRole('a name that is too long', () => ({ roleName: 'x'.repeat(65) }), 'x'.repeat(65), 'a role name has 1 to 64'),
  pullRole('a path without slashes', () => ({ path: 'teams' }), '"teams"', 'begins and ends with "/"'),
  ['CrossAccountPullRole: another partition', ({ china, repository, imported }) => new CrossAccountPullRole(china, BAD, { runtime: PullRuntime.ECS_TASK, repositories: [imported, repository] }),
    'cn-north-1', 'copy the images to a repository in the other partition'],
  ['CrossAccountPullRole: an agnostic stack', ({ agnostic, repository }) => new CrossAccountPullRole(agnostic, BAD, { runtime: PullRuntime.ECS_TASK, repositories: [repository] }),
    'Agnostic/Bad', 'an explicit environment: env: { account, region }'],
  ['CrossAccountPullRole: EKS where the add-ons are not known', ({ agnostic, imported }) => new CrossAccountPullRole(agnostic, BAD, { runtime: PullRuntime.EKS_NODE, repositories: [imported] }),
    'known only at deployment', 'give eksAddOnRepositoryArns'],
];

describe.each([['repositories', REPOSITORIES], ['methods', METHODS], ['imports', IMPORTS], ['roles', ROLES]])('%s', (_, cases) => {
  test.each(cases)('%s', (__, call, got, remedy) => {
    expectRefused(call, got, remedy);
  });
});

/** What comes to light only when all is there. */
test.each<Case>([
  ['two rules with one priority', ({ repository }) => [1, 2].forEach((maxImageCount) => repository.addLifecycleRule({ tagPrefixList: [`v${maxImageCount}`], maxImageCount, rulePriority: 7 })),
    'the rulePriority 7', 'change one, or leave both out'],
  ['a catch-all that is not the last', ({ repository }) => [{ maxImageCount: 1, rulePriority: 1 }, { tagPrefixList: ['v'], maxImageCount: 1, rulePriority: 2 }].forEach((one) => repository.addLifecycleRule(one)),
    'rulePriority 1', 'leave its rulePriority out'],
  ['a policy that is too long', ({ repository }) => repository.allowPullFrom(...Array.from({ length: 900 }, (_, index) => EcrGrantee.account(`${100000000000 + index}`))),
    'but Amazon ECR allows 10240', 'grant to an organization or an OU'],
  ['one Sid twice', ({ repository }) => [1, 2].forEach(() => repository.addToResourcePolicy(new iam.PolicyStatement({
    sid: 'Mine', actions: PULL, principals: [new iam.AccountPrincipal(CONSUMER.account)],
  }))), '"Mine"', 'give the statement that you add another sid'],
  ['a statement about nobody', ({ repository }) => repository.addToResourcePolicy(new iam.PolicyStatement({ actions: PULL })), 'a statement of the repository policy', 'give it principals'],
  ['AWS Lambda without functions', ({ repository }) => repository.grantPull(new iam.ServicePrincipal('lambda.amazonaws.com')), 'lambda.amazonaws.com was granted to pull', 'use allowPullFrom(EcrGrantee.lambdaFunctions(accountId))'],
])('at synthesis: %s', (_, call, got, remedy) => {
  expectNotSynthesized(call, got, remedy);
});
