import { Duration } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { ACCOUNT, BAD, Case, expectNotSynthesized, expectRefused, REGION, shown, World } from './support';
import {
  EcrGrantee, PullAccessValidator, PullThroughCache, RegistryPullGrant, RegistryReplication, RegistryReplicationGrant, ReplicationDestination,
} from '../../src';
import { CONSUMER, OTHER, OWNER } from '../support';

/** Registries, caches and the validation: what is malformed is refused. Each line: what is called, the value that the message shows, the remedy. */

const PREFIX = 'a prefix is how the names of repositories begin, without "*"';
const CACHE_PREFIX = 'the prefix of a pull-through cache has 2 to 30 characters';

const functions = EcrGrantee.lambdaFunctions(CONSUMER.account);
const account = EcrGrantee.account(CONSUMER.account);
const toEurope = ReplicationDestination.region('eu-central-1');
const withoutResources = new iam.PolicyStatement({ actions: ['ecr:ReplicateImage'], principals: [new iam.AccountPrincipal(CONSUMER.account)] });

const grant = (words: string, props: object, got: string, remedy: string): Case => (
  [`RegistryPullGrant: ${words}`, ({ owner }) => new RegistryPullGrant(owner, BAD, { pullers: [account], ...props }), got, remedy]);
const replicationGrant = (words: string, props: object, got: string, remedy: string): Case => (
  [`RegistryReplicationGrant: ${words}`, ({ owner }) => new RegistryReplicationGrant(owner, BAD, { sourceAccounts: [OTHER.account], ...props }), got, remedy]);
const replication = (words: string, props: object, got: string, remedy: string): Case => (
  [`RegistryReplication: ${words}`, ({ owner }) => new RegistryReplication(owner, BAD, { destinations: [toEurope], ...props }), got, remedy]);
const cache = (words: string, props: object | ((world: World) => object), got: string, remedy: string): Case => [`PullThroughCache: ${words}`, (world) => (
  new PullThroughCache(world.owner, BAD, {
    upstreamAccount: OTHER.account, upstreamRegion: 'us-east-1', repositoryPrefix: 'shared', ...(typeof props === 'function' ? props(world) : props),
  })), got, remedy];
const organizations = (words: string, declared: unknown, got: string, remedy: string): Case => (
  [`PullAccessValidator: ${words}`, () => new PullAccessValidator({ organizations: declared as any }), got, remedy]);

const settings = (make: (words: string, props: object, got: string, remedy: string) => Case, within: (props: object) => object): Case[] => ([
  ['filters without exclusion', { imageTagMutabilityExclusionFilters: [ecr.ImageTagMutabilityExclusionFilter.wildcard('v*')] }, 'MUTABLE', 'change one of the two'],
  ['51 tags', { tags: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, 'v'])) }, 'tags has 51 tags', 'at most 50'],
  ['a tag of AWS', { tags: { 'aws:team': 'a' } }, '"aws:team"', 'does not begin with "aws:"'],
  ['a tag without a key', { tags: { '': 'a' } }, '"": "a"', 'a key has 1 to 128 characters'],
  ['a lifecycle rule without a limit', { lifecycleRules: [{}] }, '{}', 'exactly one of maxImageAge and maxImageCount'],
  ['a lifecycle rule of no day', { lifecycleRules: [{ maxImageAge: Duration.days(0) }] }, 'maxImageAge in days 0', 'a whole number of at least 1'],
] as Array<[string, object, string, string]>).map(([words, props, got, remedy]) => make(words, within(props), got, remedy));

const CASES: Case[] = [
  ...['T', 'a', 'Team-A/', 'team-a/*', '*', '/team-a', '', 'arn:aws:ecr:us-east-1:111122223333:repository/team-a'].flatMap((prefix) => [
    grant(`repositoryPrefixes ${shown(prefix)}`, { repositoryPrefixes: [prefix] }, shown(prefix), PREFIX),
    replication(`repositoryPrefixes ${shown(prefix)}`, { repositoryPrefixes: [prefix] }, shown(prefix), PREFIX),
    replicationGrant(`repositoryPrefixes ${shown(prefix)}`, { repositoryPrefixes: [prefix] }, shown(prefix), PREFIX),
  ]),
  grant('no prefix', { repositoryPrefixes: [] }, 'repositoryPrefixes is empty', 'leave it out for all repositories'),
  grant('a prefix twice', { repositoryPrefixes: ['team-a/', 'team-a/'] }, '"team-a/" twice', 'remove the second, or correct it'),
  grant('Lambda functions', { pullers: [account, functions] }, 'Lambda functions *', 'use allowPullFrom on every repository'),
  grant('a statement without resources, after pullers', { additionalStatements: [withoutResources] }, "'Owner'", 'give it resources'),

  replicationGrant('no account', { sourceAccounts: [] }, 'sourceAccounts is empty', 'at least one is needed'),
  ...['1', '', undefined].map((one) => replicationGrant(`account ${shown(one)}`, { sourceAccounts: [OTHER.account, one] }, `sourceAccounts is ${shown(one)}`, ACCOUNT)),
  replicationGrant('an account twice', { sourceAccounts: [OTHER.account, OTHER.account] }, `"${OTHER.account}" twice`, 'remove the second'),
  replicationGrant('replicas that are not made', { createRepositories: false, replicas: {} }, 'createRepositories is false', 'leave out one of the two'),
  replicationGrant('replicas below no namespace', { repositoryPrefixes: ['team-a'], replicas: {} }, '"team-a"', 'end the prefix with "/"'),
  replicationGrant('Lambda functions that read replicas', { replicas: { pullers: [account], readers: [functions] } }, 'Lambda functions *', 'grant read to the role'),
  replicationGrant('a statement without resources, after all else', { replicas: { pullers: [account] }, additionalStatements: [withoutResources] }, "'Owner'", 'give it resources'),
  ...settings(replicationGrant, (replicas) => ({ replicas })),

  replication('no destination', { destinations: [] }, 'destinations is empty', 'leave the replication out if there is none'),
  replication('a destination twice', { destinations: [toEurope, toEurope] }, '"Region eu-central-1" twice', 'remove the second, or correct it'),
  replication('a destination twice, in other words', { destinations: [toEurope, ReplicationDestination.account(OWNER.account, 'eu-central-1')] }, `account ${OWNER.account}, Region eu-central-1`, 'remove the second'),
  replication('its own registry, after another', { destinations: [toEurope, ReplicationDestination.region('us-east-1')] }, 'Region us-east-1', 'give another Region or another account'),
  replication('another partition, after another', { destinations: [toEurope, ReplicationDestination.region('cn-north-1')] }, 'cn-north-1', 'in the other partition'),

  ...['1', ''].map((upstreamAccount) => cache(`upstreamAccount ${shown(upstreamAccount)}`, { upstreamAccount }, shown(upstreamAccount), ACCOUNT)),
  ...['', 'Frankfurt', undefined].map((upstreamRegion) => cache(`upstreamRegion ${shown(upstreamRegion)}`, { upstreamRegion }, shown(upstreamRegion), REGION)),
  ...['', 'a', 'Shared', 'shared/', 'x'.repeat(31), undefined].map((repositoryPrefix) => cache(`repositoryPrefix ${shown(repositoryPrefix)}`, { repositoryPrefix }, shown(repositoryPrefix), CACHE_PREFIX)),
  ...['', 'Team', 'team-a/'].map((upstreamRepositoryPrefix) => cache(`upstreamRepositoryPrefix ${shown(upstreamRepositoryPrefix)}`, { upstreamRepositoryPrefix }, shown(upstreamRepositoryPrefix), CACHE_PREFIX)),
  cache('an upstream prefix for the root', { repositoryPrefix: 'ROOT', upstreamRepositoryPrefix: 'team-a' }, '"team-a"', 'leave upstreamRepositoryPrefix out, or give repositoryPrefix a name'),
  cache('its own registry', { upstreamAccount: OWNER.account }, OWNER.account, 'give another Region or another account'),
  cache('a Region without caches', { upstreamRegion: 'cn-north-1' }, 'cn-north-1', 'replicate the images with RegistryReplication'),
  cache('Lambda functions', { pullers: [account, functions] }, 'Lambda functions *', 'replicate the images to the Region of the functions'),
  cache('a key of another Region', ({ owner }) => ({ encryptionKey: kms.Key.fromKeyArn(owner, 'Key', 'arn:aws:kms:eu-central-1:999999999999:key/1234') }), 'eu-central-1', 'give a key there'),
  ...settings(cache, (props) => props),

  organizations('a text', 'o-a1b2c3d4e5', '"o-a1b2c3d4e5"', 'an organization is declared as {'),
  organizations('an unknown field', [{ organizationId: 'o-a1b2c3d4e5', accounts: [OWNER.account], ous: [] }], '"ous"', 'declared with organizationId, accounts, organizationPaths'),
  organizations('no organization id', [{ organizationId: 'o-short', accounts: [OWNER.account] }], '"o-short"', 'an organization id is "o-"'),
  organizations('no accounts', [{ organizationId: 'o-a1b2c3d4e5', accounts: [] }], 'accounts is []', 'a list of account ids, and at least one'),
  organizations('what is no account', [{ organizationId: 'o-a1b2c3d4e5', accounts: ['1'] }], 'accounts[0] is "1"', ACCOUNT),
  organizations('an account twice', [{ organizationId: 'o-a1b2c3d4e5', accounts: [OWNER.account, OWNER.account] }], OWNER.account, 'an account is in one organization, once'),
  organizations('a path of no account', [{ organizationId: 'o-a1b2c3d4e5', accounts: [OWNER.account], organizationPaths: { [OTHER.account]: 'o-a1b2c3d4e5/r-ab12' } }], OTHER.account, 'which is not in organizations[0].accounts'),
  organizations('a path that is none', [{ organizationId: 'o-a1b2c3d4e5', accounts: [OWNER.account], organizationPaths: { [OWNER.account]: 'ou-ab12-11111111' } }], '"ou-ab12-11111111"', 'runs from the organization over its root'),
  organizations('a path elsewhere', [{ organizationId: 'o-a1b2c3d4e5', accounts: [OWNER.account], organizationPaths: { [OWNER.account]: 'o-zzzzzzzzzz/r-ab12' } }], '"o-zzzzzzzzzz/r-ab12"', 'not in the organization o-a1b2c3d4e5'),
];

test.each(CASES)('%s', (_, call, got, remedy) => {
  expectRefused(call, got, remedy);
});

/** What comes to light only when all is there. */
test.each<Case>([
  ['a grant to nobody', ({ owner }) => new RegistryPullGrant(owner, BAD), 'Owner/Bad', 'give it pullers or additionalStatements'],
  ['two stacks for one registry', ({ app, owner }) => {
    new RegistryPullGrant(owner, BAD, { pullers: [account] });
    new ecr.CfnRegistryPolicy(owner, 'Other', { policyText: {} });
    return app;
  }, "'Owner/Other'", 'declare all of it in one stack'],
  ['two templates for one namespace', ({ owner }) => ['A', 'B'].forEach((id) => new RegistryReplicationGrant(owner, id, { sourceAccounts: [OTHER.account], replicas: {} })),
    'Template', 'give one of them another prefix'],
])('at synthesis: %s', (_, call, got, remedy) => {
  expectNotSynthesized(call, got, remedy);
});
