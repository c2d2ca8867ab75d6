import { Stack, Stage } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { EcrGrantee, RegistryPullGrant, RegistryPullGrantProps, SharedEcrRepository } from '../src';
import {
  accountsStatement, AGNOSTIC, CONSUMER, errorOf, newApp, newRole, newStack, noticesIn, OTHER, OWNER, policyOf, PULL, resourcesOf, rolesStatement,
  templateOf,
} from './support';

const ORGANIZATION = 'o-a1b2c3d4e5';
const OU = 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111';
const PULL_THROUGH = ['ecr:BatchGetImage', 'ecr:BatchImportUpstreamImage', 'ecr:GetDownloadUrlForLayer', 'ecr:GetImageCopyStatus'];
const ACCOUNT = EcrGrantee.account('111122223333');
const arnOf = (names: string) => `arn:aws:ecr:us-east-1:999999999999:repository/${names}`;
const ALL = { Resource: [arnOf('*')] };

/** The whole policy of the owner's registry, with one grant in it. */
function policyWith(props: RegistryPullGrantProps, use: (grant: RegistryPullGrant) => void = () => {}): any {
  const stack = newStack(newApp(), 'Owner', OWNER);
  use(new RegistryPullGrant(stack, 'Grant', props));
  const policies = resourcesOf(stack, 'AWS::ECR::RegistryPolicy');
  expect(policies).toHaveLength(1);
  return policies[0].Properties.PolicyText;
}

function fails(props: RegistryPullGrantProps): string {
  return errorOf(() => new RegistryPullGrant(newStack(newApp(), 'Owner', OWNER), 'Grant', props));
}

function problemsOf(use: (grant: RegistryPullGrant) => void, props: RegistryPullGrantProps): string[] {
  const app = newApp();
  use(new RegistryPullGrant(newStack(app, 'Owner', OWNER), 'Grant', props));
  return errorOf(() => app.synth()).split('\n').slice(1).map((line) => line.trim());
}

describe('who may pull from all repositories', () => {
  test.each<[string, EcrGrantee, object]>([
    ['an account', ACCOUNT, { ...accountsStatement('Pull', PULL, ['111122223333']), ...ALL }],
    ['accounts', EcrGrantee.accounts('444455556666', '111122223333'), { ...accountsStatement('Pull', PULL, ['111122223333', '444455556666']), ...ALL }],
    ['a role', EcrGrantee.role('111122223333', 'app'), { ...rolesStatement('Pull', PULL, ['111122223333'], ['arn:aws:iam::111122223333:role/app']), ...ALL }],
    ['an organization', EcrGrantee.organization(ORGANIZATION), {
      Sid: 'PullOrganizations',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: PULL,
      ...ALL,
      Condition: { StringEquals: { 'aws:PrincipalOrgID': [ORGANIZATION] }, StringNotEquals: { 'aws:PrincipalAccount': '999999999999' } },
    }],
    ['an OU', EcrGrantee.organizationalUnit(OU), {
      Sid: 'PullOrganizationalUnits',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: PULL,
      ...ALL,
      Condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': [`${OU}/*`] }, 'StringNotEquals': { 'aws:PrincipalAccount': '999999999999' } },
    }],
    ['a principal', EcrGrantee.principal(new iam.ArnPrincipal('arn:aws:iam::111122223333:role/app')),
      { Sid: 'PullPrincipals', Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::111122223333:role/app'] }, Action: PULL, ...ALL }],
    ['a closed service', EcrGrantee.principal(new iam.ServicePrincipal('codebuild.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': '111122223333' } } })), {
      Sid: expect.stringMatching(/^PullConditioned[0-9a-f]{8}$/),
      Effect: 'Allow',
      Principal: { Service: ['codebuild.amazonaws.com'] },
      Action: PULL,
      ...ALL,
      Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
    }],
  ])('%s', (_, grantee, statement) => {
    expect(policyWith({ pullers: [grantee] })).toEqual(policyOf(statement));
  });

  test('a role of the app is named by its ARN at home, by its name in another account, by its tag if it has none', () => {
    const app = newApp();
    const owner = newStack(app, 'Owner', OWNER);
    const abroad = newStack(app, 'Consumer', CONSUMER);
    const nameless = newRole(newStack(app, 'Other', OTHER));
    new RegistryPullGrant(owner, 'Grant', {
      pullers: [newRole(owner), newRole(abroad, { roleName: 'app' }), nameless].map((role) => EcrGrantee.principal(role)),
    });

    expect(resourcesOf(owner, 'AWS::ECR::RegistryPolicy')[0].Properties.PolicyText).toEqual(policyOf(
      { ...rolesStatement('Pull', PULL, ['111122223333'], ['arn:aws:iam::111122223333:role/app']), ...ALL },
      {
        Sid: expect.stringMatching(/^PullTaggedRoles[0-9a-f]{8}$/),
        Effect: 'Allow',
        Principal: { AWS: ['444455556666'] },
        Action: PULL,
        ...ALL,
        Condition: { StringEquals: { 'aws:PrincipalTag/aws-cdk:id': [`Other_${nameless.node.addr}`] } },
      },
      { Sid: 'PullPrincipals', Effect: 'Allow', Principal: { AWS: [{ 'Fn::GetAtt': [owner.getLogicalId(owner.node.findChild('Role').node.defaultChild as any), 'Arn'] }] }, Action: PULL, ...ALL },
    ));
    expect(resourcesOf(nameless.stack, 'AWS::IAM::Role')[0].Properties.Tags).toEqual([{ Key: 'aws-cdk:id', Value: `Other_${nameless.node.addr}` }]);
    expect([owner, abroad, nameless.stack].flatMap(({ dependencies }) => dependencies)).toEqual([]);
  });

  test('in an environment-agnostic stack the registry is that of the deployment', () => {
    const stack = newStack(newApp(), 'Owner', AGNOSTIC);
    new RegistryPullGrant(stack, 'Grant', { pullers: [ACCOUNT], repositoryPrefixes: ['team-a/'] });

    expect(resourcesOf(stack, 'AWS::ECR::RegistryPolicy')[0].Properties.PolicyText).toEqual(policyOf({
      ...accountsStatement('Pull', PULL, ['111122223333']),
      Sid: 'PullAccountsInTeamA',
      Resource: [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ecr:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':repository/team-a/*']] }],
    }));
  });

  test.each<[string, string[], string[], string]>([
    ['a namespace', ['team-a/'], ['team-a/*'], 'PullAccountsInTeamA'],
    ['namespaces', ['team-b/', 'team-a/'], ['team-a/*', 'team-b/*'], 'PullAccountsIn'],
    ['what goes on in any way', ['team-a'], ['team-a*'], 'PullAccountsIn'],
    ['prefixes of which one begins the other', ['team-a', 'team-a/', 'team-ab/'], ['team-a*'], 'PullAccountsIn'],
  ])('only from repositories whose names begin so: %s', (_, repositoryPrefixes, names, sid) => {
    expect(policyWith({ pullers: [ACCOUNT], repositoryPrefixes })).toEqual(policyOf({
      ...accountsStatement('Pull', PULL, ['111122223333']),
      Sid: expect.stringMatching(sid === 'PullAccountsIn' ? /^PullAccountsIn[0-9a-f]{8}$/ : new RegExp(`^${sid}$`)),
      Resource: names.map(arnOf),
    }));
  });
});

describe('allowPullFrom and allowPullThroughFrom', () => {
  test('add to the same policy, for the same repositories', () => {
    expect(policyWith({ repositoryPrefixes: ['team-a/'] }, (grant) => {
      grant.allowPullThroughFrom(EcrGrantee.account('444455556666'), ACCOUNT);
      grant.allowPullFrom(EcrGrantee.account('444455556666'));
      grant.allowPullFrom(ACCOUNT);
    })).toEqual(policyOf(
      { ...accountsStatement('Pull', PULL, ['111122223333', '444455556666']), Sid: 'PullAccountsInTeamA', Resource: [arnOf('team-a/*')] },
      { ...accountsStatement('PullThrough', PULL_THROUGH, ['111122223333', '444455556666']), Sid: 'PullThroughAccountsInTeamA', Resource: [arnOf('team-a/*')] },
    ));
  });

  test('are enough: there may be no properties', () => {
    const stack = newStack(newApp(), 'Owner', OWNER);
    new RegistryPullGrant(stack, 'Grant').allowPullFrom(ACCOUNT);

    expect(resourcesOf(stack, 'AWS::ECR::RegistryPolicy')[0].Properties.PolicyText).toEqual(policyOf({ ...accountsStatement('Pull', PULL, ['111122223333']), ...ALL }));
  });

  test('a pull-through alone is a grant', () => {
    expect(policyWith({}, (grant) => grant.allowPullThroughFrom(ACCOUNT)))
      .toEqual(policyOf({ ...accountsStatement('PullThrough', PULL_THROUGH, ['111122223333']), ...ALL }));
  });
});

describe('additionalStatements', () => {
  const statement = (props: iam.PolicyStatementProps) => new iam.PolicyStatement({
    actions: ['ecr:ReplicateImage'], principals: [new iam.AccountPrincipal('444455556666')], resources: [arnOf('*')], ...props,
  });
  const root = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::444455556666:root']] };

  test('go out as they are, after ours, in their order, never merged, Deny included', () => {
    const denied = statement({ sid: 'NoDeleting', effect: iam.Effect.DENY, actions: ['ecr:DeleteRepository'], principals: [new iam.AnyPrincipal()], resources: ['*'] });

    expect(policyWith({ additionalStatements: [statement({ sid: 'Second' }), denied, statement({}), statement({})], pullers: [ACCOUNT] })).toEqual(policyOf(
      { ...accountsStatement('Pull', PULL, ['111122223333']), ...ALL },
      { Sid: 'Second', Effect: 'Allow', Principal: { AWS: root }, Action: 'ecr:ReplicateImage', Resource: arnOf('*') },
      { Sid: 'NoDeleting', Effect: 'Deny', Principal: { AWS: '*' }, Action: 'ecr:DeleteRepository', Resource: '*' },
      { Effect: 'Allow', Principal: { AWS: root }, Action: 'ecr:ReplicateImage', Resource: arnOf('*') },
      { Effect: 'Allow', Principal: { AWS: root }, Action: 'ecr:ReplicateImage', Resource: arnOf('*') },
    ));
  });

  test('alone are enough, and may be about all but', () => {
    const but = new iam.PolicyStatement({ sid: 'Mine', actions: PULL, principals: [new iam.AccountPrincipal('444455556666')], notResources: [arnOf('secret/*')] });

    expect(policyWith({ additionalStatements: [but] }))
      .toEqual(policyOf({ Sid: 'Mine', Effect: 'Allow', Principal: { AWS: root }, Action: PULL, NotResource: arnOf('secret/*') }));
  });

  test('one without resources is an error', () => {
    expect(fails({ additionalStatements: [statement({ resources: [] })] })).toBe("a statement for the registry policy in 'Owner' has no resources, "
      + 'but must say which repositories it is about; give it resources, for example arn:aws:ecr:us-east-1:111122223333:repository/team-a/*');
  });

  test.each<[string, iam.PolicyStatementProps, string]>([
    ['a principal', { resources: ['*'], actions: PULL }, 'a statement of the registry policy says nothing of whom it is about; give it principals'],
    ['an action', { resources: ['*'], principals: [new iam.AccountPrincipal('444455556666')] }, 'A PolicyStatement must specify at least one \'action\' or \'notAction\'.'],
  ])('one without %s is an error at synth', (_, props, message) => {
    expect(problemsOf(() => {}, { additionalStatements: [new iam.PolicyStatement(props)] })).toEqual([`[Owner/CdkSharedEcrRegistry] ${message}`]);
  });

  test('one that lets strangers in is a warning', () => {
    const app = newApp();
    const stack = newStack(app, 'Owner', OWNER);
    new RegistryPullGrant(stack, 'Grant', { additionalStatements: [statement({ principals: [new iam.AnyPrincipal()], resources: ['*'] })] });

    expect(resourcesOf(stack, 'AWS::ECR::RegistryPolicy')).toHaveLength(1);
    expect(noticesIn(app)).toEqual([{
      path: 'Owner/CdkSharedEcrRegistry',
      level: 'warning',
      text: 'the statement {"Action":"ecr:ReplicateImage","Effect":"Allow","Principal":{"AWS":"*"},"Resource":"*"} goes out as it is, '
        + 'but the principal {"AWS":"*"} with no conditions would let in every AWS account; add a condition such as StringEquals or ArnLike on '
        + 'aws:PrincipalOrgID, aws:PrincipalOrgPaths, aws:PrincipalAccount, aws:PrincipalArn whose value fixes the account or the organization '
        + '[ack: cdk-shared-ecr:openStatement]',
    }]);
  });
});

describe('a prefix that is the name of a repository, and begins those of others', () => {
  const repository = (scope: Stack, repositoryName: string) => new SharedEcrRepository(scope, repositoryName, { repositoryName });
  const warningsWith = (repositoryPrefixes: string[] | undefined, names: string[], env: object = OWNER) => {
    const app = newApp();
    const owner = newStack(app, 'Owner', OWNER);
    const other = newStack(app, 'Other', env);
    names.forEach((name) => repository(other, name));
    new RegistryPullGrant(owner, 'Grant', { pullers: [ACCOUNT], repositoryPrefixes });
    templateOf(owner);
    return noticesIn(app);
  };
  const warning = (prefix: string, caught: string) => ({
    path: 'Owner/Grant',
    level: 'warning',
    text: `the grant on "${prefix}" is one on ${caught} too, since the name begins so; end the prefix with "/" to stay in a namespace, grant on the repository itself, or acknowledge this `
      + '[ack: cdk-shared-ecr:prefixCatchesMore]',
  });

  test('is a warning', () => {
    expect(warningsWith(['web-app'], ['web-app', 'web-app-internal', 'web-app/x', 'my-web-app'])).toEqual([warning('web-app', '"web-app-internal" (\'Other/web-app-internal\')')]);
    expect(warningsWith(['web', 'team-a'], ['web/a', 'webs', 'web2', 'team-a', 'team-ab'])).toEqual([
      warning('web', '"webs" (\'Other/webs\'), "web2" (\'Other/web2\')'), warning('team-a', '"team-ab" (\'Other/team-ab\')'),
    ]);
  });

  test.each<[string, string[] | undefined, string[], object]>([
    ['for all repositories', undefined, ['web-app', 'web-app-internal'], OWNER],
    ['a namespace', ['web-app/'], ['web-app', 'web-app-internal', 'web-app/x'], OWNER],
    ['no repository of the name', ['web'], ['web-app', 'web-app-internal'], OWNER],
    ['both are meant', ['web-app', 'web-app-internal'], ['web-app', 'web-app-internal'], OWNER],
    ['repositories of another registry', ['web-app'], ['web-app', 'web-app-internal'], CONSUMER],
  ])('not: %s', (_, prefixes, names, env) => {
    expect(warningsWith(prefixes, names, env)).toEqual([]);
  });
});

describe('what is wrong', () => {
  const prefix = (got: string) => `repositoryPrefixes is ${got}, but a prefix is how the names of repositories begin, without "*": `
    + '2 to 256 lower-case letters, digits and ._-/, for example "team-a/"; without the "/" at the end it means "team-ab" too';
  const lambda = (who: string) => `Lambda functions ${who} cannot be let in by a registry policy: for AWS Lambda, AWS documents only the policy of the repository; `
    + 'use allowPullFrom on every repository, or for replicas the pullers of their template';

  test.each<[string, RegistryPullGrantProps, string]>([
    ['a prefix that is none', { pullers: [ACCOUNT], repositoryPrefixes: ['team-a/*'] }, prefix('"team-a/*"')],
    ['an empty prefix', { pullers: [ACCOUNT], repositoryPrefixes: [''] }, prefix('""')],
    ['no prefix at all', { pullers: [ACCOUNT], repositoryPrefixes: [] },
      'repositoryPrefixes is empty, but at least one is needed; leave it out for all repositories'],
    ['a prefix twice', { pullers: [ACCOUNT], repositoryPrefixes: ['team-a/', 'team-b/', 'team-a/'] },
      'repositoryPrefixes has "team-a/" twice, but each may stand there once; remove the second, or correct it if another was meant'],
    ['Lambda functions of an account', { pullers: [ACCOUNT, EcrGrantee.lambdaFunctions('111122223333')] }, lambda('* of account 111122223333')],
    ['Lambda functions of an organization', { pullers: [EcrGrantee.lambdaFunctionsInOrganization(ORGANIZATION)] }, lambda(`in organization ${ORGANIZATION}`)],
    ['the Lambda service, under conditions', {
      pullers: [EcrGrantee.principal(new iam.ServicePrincipal('lambda.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': '111122223333' } } }))],
    }, 'ServicePrincipal(lambda.amazonaws.com) cannot be let in by a registry policy: for AWS Lambda, AWS documents only the policy of the repository; '
      + 'use allowPullFrom on every repository, or for replicas the pullers of their template'],
    ['Lambda functions of an OU', { pullers: [EcrGrantee.lambdaFunctionsInOrganizationalUnit(OU)] }, lambda(`in organizational unit ${OU}`)],
  ])('%s', (_, props, message) => {
    expect(fails(props)).toBe(message);
  });

  test('Lambda functions refused change nothing, and neither may they pull through a cache', () => {
    const functions = EcrGrantee.lambdaFunctions('111122223333');

    expect(policyWith({ pullers: [EcrGrantee.account('444455556666')] }, (grant) => {
      expect(errorOf(() => grant.allowPullFrom(ACCOUNT, functions))).toBe(lambda('* of account 111122223333'));
      expect(errorOf(() => grant.allowPullThroughFrom(ACCOUNT, functions))).toBe('Lambda functions * of account 111122223333 cannot pull through a cache, '
        + 'which AWS Lambda does not support; replicate the images to the Region of the functions, for example with SharedEcrRepository.replicateTo');
    })).toEqual(policyOf({ ...accountsStatement('Pull', PULL, ['444455556666']), ...ALL }));
  });

  test.each<[string, RegistryPullGrantProps, (grant: RegistryPullGrant) => void]>([
    ['nothing given', {}, () => {}],
    ['empty lists', { pullers: [], additionalStatements: [], repositoryPrefixes: ['team-a/'] }, () => {}],
    ['calls with nobody', {}, (grant) => { grant.allowPullFrom(); grant.allowPullThroughFrom(); }],
  ])('a grant to nobody is an error at synth: %s', (_, props, use) => {
    expect(problemsOf(use, props)).toEqual(['[Owner/Grant] nobody is granted anything; '
      + 'give it pullers or additionalStatements, call allowPullFrom or allowPullThroughFrom, or leave it out']);
  });

  test('a grant to a role of an environment-agnostic stack', () => {
    const app = newApp();
    const role = newRole(newStack(app, 'Consumer', AGNOSTIC), { roleName: 'app' });

    expect(errorOf(() => new RegistryPullGrant(newStack(app, 'Owner', OWNER), 'Grant', { pullers: [EcrGrantee.principal(role)] })))
      .toBe("'Consumer/Role' is in an environment-agnostic stack and is granted access to 'Owner/CdkSharedEcrRegistry' (account 999999999999, Region us-east-1), "
        + "so the repository policy cannot name its account; give the stack of 'Consumer/Role' an explicit environment: env: { account, region }");
  });

  test('a grant in a stack that was written already', () => {
    const app = newApp();
    const owner = newStack(new Stage(app, 'First'), 'Owner', OWNER);
    const grant = new RegistryPullGrant(owner, 'Grant', { pullers: [ACCOUNT] });
    templateOf(owner);

    expect(errorOf(() => grant.allowPullFrom(EcrGrantee.account('444455556666')))).toBe("the policy of 'First/Owner/CdkSharedEcrRegistry' was already written with Stage 'First', "
      + 'so the grant to account 444455556666 would be lost; make it before that Stage is synthesized: where its stack is defined, '
      + 'not in an aspect of a later Stage or in a pipeline that contains the Stage');
  });
});
