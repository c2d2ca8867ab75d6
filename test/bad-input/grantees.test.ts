import { Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ACCOUNT, BAD, Case, expectRefused, REGION, shown } from './support';
import { EcrGrantee, PullRuntime, ReplicationDestination } from '../../src';

/** Who may do something: every factory refuses what is malformed. Each line: what is called, the value that the message shows, the remedy. */

const ROLE = 'a role is given by its name, with its path if it has one and "*" for any text';
const ORGANIZATION = 'an organization id is "o-" and 10 to 32 lower-case letters or digits';
const PATH = 'a path runs from the organization over its root to at least one OU';
const FUNCTION = 'a function name has at most 140 letters, digits, "-" and "_", with "*" for any text';
const OPEN = 'add a condition such as StringEquals or ArnLike on aws:PrincipalOrgID';

const texts = (words: string, make: (text: any) => unknown, remedy: string, values: unknown[]): Case[] => values.map((value) => (
  [`${words}(${shown(value)})`, () => make(value), shown(value), remedy]));

const NO_ACCOUNTS = ['', '1', '1111222233334', '1111-2222-3333', 'arn:aws:iam::111122223333:root', '*', 111122223333, undefined, null];
const NO_ORGANIZATIONS = ['', 'o-short', 'O-A1B2C3D4E5', 'o-a1b2c3d4e5/', 'r-ab12', 'arn:aws:organizations::111122223333:organization/o-a1b2c3d4e5', undefined];
const NO_PATHS = ['', 'o-a1b2c3d4e5', 'o-a1b2c3d4e5/r-ab12', 'ou-ab12-11111111', 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*', undefined];

const anyone = new iam.AnyPrincipal();
const principal = (words: string, make: () => iam.IPrincipal, got: string, remedy: string): Case => (
  [`principal(${words})`, () => EcrGrantee.principal(make()), got, remedy]);

const CASES: Case[] = [
  ...texts('account', EcrGrantee.account, ACCOUNT, NO_ACCOUNTS),
  ...texts('accounts', (one) => EcrGrantee.accounts('111122223333', one), ACCOUNT, ['', '1', undefined]),
  ['accounts()', () => EcrGrantee.accounts(), 'accountIds is empty', 'at least one is needed'],
  ['accounts, one twice', () => EcrGrantee.accounts('111122223333', '111122223333'), '"111122223333" twice', 'remove the second, or correct it'],
  ['accounts, a list of the deployment among others', () => EcrGrantee.accounts('111122223333', ...Token.asList({ Ref: 'Ids' })),
    'accountIds has in it a list', 'give such a list alone to EcrGrantee.accounts(...list)'],
  ...texts('role of account', (account) => EcrGrantee.role(account, 'app'), ACCOUNT, ['', '1', undefined]),
  ...texts('role', (name) => EcrGrantee.role('111122223333', name), ROLE, ['', 'a b', '/app', 'app/', 'arn:aws:iam::111122223333:role/app', 'x'.repeat(65), 'a?', undefined, null]),
  ...texts('organization', EcrGrantee.organization, ORGANIZATION, NO_ORGANIZATIONS),
  ...texts('organizationalUnit', EcrGrantee.organizationalUnit, PATH, NO_PATHS),
  ...texts('lambdaFunctions', (account) => EcrGrantee.lambdaFunctions(account), ACCOUNT, ['', '1', undefined]),
  ...texts('lambdaFunctions, functionNamePattern', (functionNamePattern) => EcrGrantee.lambdaFunctions('111122223333', { functionNamePattern }), FUNCTION,
    ['', 'a b', 'orders:1', 'x'.repeat(141), 'arn:aws:lambda:us-east-1:111122223333:function:orders']),
  ...texts('lambdaFunctions, deployerRoleNames', (name) => EcrGrantee.lambdaFunctions('111122223333', { deployerRoleNames: [name] }), ROLE, ['', '/app', undefined]),
  ['lambdaFunctions, no deployerRoleNames', () => EcrGrantee.lambdaFunctions('111122223333', { deployerRoleNames: [] }), 'deployerRoleNames is empty', 'at least one is needed'],
  ['lambdaFunctions, a deployer twice', () => EcrGrantee.lambdaFunctions('111122223333', { deployerRoleNames: ['ci', 'ci'] }), '"ci" twice', 'remove the second, or correct it'],
  ...texts('lambdaFunctionsInOrganization', EcrGrantee.lambdaFunctionsInOrganization, ORGANIZATION, ['', 'o-short', undefined]),
  ...texts('lambdaFunctionsInOrganizationalUnit', EcrGrantee.lambdaFunctionsInOrganizationalUnit, PATH, ['', 'o-a1b2c3d4e5', undefined]),
  principal('everybody', () => anyone, '{"AWS":"*"}', OPEN),
  principal('everybody from an address', () => anyone.withConditions({ IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } }), '192.0.2.0/24', OPEN),
  principal('everybody but an organization', () => anyone.withConditions({ StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }), 'StringNotEquals', OPEN),
  principal('everybody of organizations', () => anyone.withConditions({ StringLike: { 'aws:PrincipalOrgID': 'o-*' } }), '"o-*"', OPEN),
  principal('everybody, if there is a condition', () => anyone.withConditions({ StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }), 'IfExists', OPEN),
  principal('a service', () => new iam.ServicePrincipal('codebuild.amazonaws.com'), 'codebuild.amazonaws.com', 'aws:SourceArn, aws:SourceAccount'),
  principal('AWS Lambda', () => new iam.ServicePrincipal('lambda.amazonaws.com'), 'lambda.amazonaws.com', 'for AWS Lambda use EcrGrantee.lambdaFunctions(accountId)'),
  principal('a federated user', () => new iam.FederatedPrincipal('cognito-identity.amazonaws.com', {}), 'cognito-identity.amazonaws.com', 'name the role that the federated user assumes'),
  principal('a canonical user', () => new iam.CanonicalUserPrincipal('79a59df900b949e5'), '79a59df900b949e5', 'name the role'),
  principal('a wildcard in an ARN', () => new iam.ArnPrincipal('arn:aws:iam::111122223333:role/app-*'), 'role/app-*', 'use EcrGrantee.role(accountId, roleName)'),
  principal('a group', () => new iam.ArnPrincipal('arn:aws:iam::111122223333:group/developers'), 'group/developers', "name its users' account or roles"),
  principal('no ARN', () => new iam.ArnPrincipal('app-execution'), '"app-execution"', 'give a whole ARN'),
  ['principal(a group of the app)', ({ consumer }) => EcrGrantee.principal(iam.Group.fromGroupName(consumer, BAD, 'developers') as any), 'Consumer/Bad', 'grant to its users, or to the roles that they assume'],
  ...texts('ReplicationDestination.region', ReplicationDestination.region, REGION, ['', 'Frankfurt', 'eu-central-1a', 'EU-CENTRAL-1', undefined]),
  ...texts('ReplicationDestination.account', (account) => ReplicationDestination.account(account, 'eu-central-1'), ACCOUNT, ['', '1', undefined]),
  ...texts('ReplicationDestination.account, Region', (region) => ReplicationDestination.account('111122223333', region), REGION, ['', 'Frankfurt', undefined]),
  ['PullRuntime.assumedBy(everybody)', () => PullRuntime.assumedBy(anyone), '{"AWS":"*"}', OPEN],
  ['PullRuntime.assumedBy(everybody with an external id)', () => PullRuntime.assumedBy(anyone.withConditions({ StringEquals: { 'sts:ExternalId': 'web' } })), '"sts:ExternalId":"web"', OPEN],
];

test.each(CASES)('%s', (_, call, got, remedy) => {
  expectRefused(call, got, remedy);
});
