import { Aws, CfnParameter, Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SharedEcrRepository } from '../../src';
import { ImportedRepository } from '../../src/halves/imported-repository';
import {
  accountsStatement, AGNOSTIC, CONSUMER, errorOf, identityStatementsOf, lambdaStatements, LOGIN, newApp, newRole, newStack, noticesIn, OTHER, printed,
  PULL, PULL_WEB_APP, PUSH, READ, resourcesOf, rolesStatement, WEB_APP_ARN,
} from '../support';

const HOST = '999999999999.dkr.ecr.us-east-1.amazonaws.com';

/** A consumer's stack with the owner's repository imported into it. */
function importing(make: (stack: Stack) => ecr.IRepository = (stack) => SharedEcrRepository.fromRepositoryArn(stack, 'Imported', WEB_APP_ARN), env: object = CONSUMER) {
  const app = newApp();
  const consumer = newStack(app, 'Consumer', env);
  return { app, consumer, repository: make(consumer) };
}

const ownerMustHave = (...statements: object[]) => "'Consumer/Imported' is imported, so the policy of 'web-app' cannot be changed from here; "
  + `its owner, account 999999999999, must have in it:\n${printed(...statements)}`;
const notInSight = (grantee: string, ...statements: object[]) => ({
  path: 'Consumer/Imported',
  level: 'info',
  text: `${grantee} has its half of the grant; the other half is not in sight: ${ownerMustHave(...statements)} [ack: cdk-shared-ecr:ownerHalfNotInSight]`,
});
const missing = (grantee: string, ...statements: object[]) => ({
  path: 'Consumer/Imported',
  level: 'warning',
  text: `the grant to ${grantee} has no effect without the owner's half: ${ownerMustHave(...statements)} [ack: cdk-shared-ecr:ownerHalfMissing]`,
});

describe('an address says where the repository is', () => {
  test.each([
    ['us-east-1', 'aws', 'amazonaws.com'],
    ['cn-north-1', 'aws-cn', 'amazonaws.com.cn'],
    ['us-gov-west-1', 'aws-us-gov', 'amazonaws.com'],
    ['eusc-de-east-1', 'aws-eusc', 'amazonaws.eu'],
    ['us-iso-east-1', 'aws-iso', 'c2s.ic.gov'],
    ['us-isob-east-1', 'aws-iso-b', 'sc2s.sgov.gov'],
    ['eu-isoe-west-1', 'aws-iso-e', 'cloud.adc-e.uk'],
    ['us-isof-south-1', 'aws-iso-f', 'csp.hci.ic.gov'],
  ])('in %s, whichever way it is given', (region, partition, suffix) => {
    const arn = `arn:${partition}:ecr:${region}:999999999999:repository/team-a/web-app`;
    const host = `999999999999.dkr.ecr.${region}.${suffix}`;
    const { consumer } = importing();
    const imports = [
      SharedEcrRepository.fromRepositoryArn(consumer, 'Arn', arn),
      SharedEcrRepository.fromRepositoryUri(consumer, 'Uri', `${host}/team-a/web-app`),
      SharedEcrRepository.fromSharedEcrRepositoryAttributes(consumer, 'Attributes', { account: '999999999999', region, repositoryName: 'team-a/web-app' }),
    ];

    for (const repository of imports) {
      expect(repository.env).toEqual({ account: '999999999999', region });
      expect(consumer.resolve({ ...repository.repositoryRef, host: repository.registryUri, uri: repository.repositoryUri, tag: repository.repositoryUriForTag('1') })).toEqual({
        repositoryArn: arn, repositoryName: 'team-a/web-app', host, uri: `${host}/team-a/web-app`, tag: `${host}/team-a/web-app:1`,
      });
    }
  });

  test.each([
    '999999999999.dkr.ecr-fips.us-east-1.amazonaws.com',
    '999999999999.dkr.ecr-fips.us-gov-west-1.amazonaws.com',
    '999999999999.dkr-ecr.us-east-1.on.aws',
    '999999999999.dkr-ecr-fips.us-east-1.on.aws',
    '999999999999.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn',
  ])('and by which host images are pulled: %s', (host) => {
    const { consumer, repository } = importing((stack) => SharedEcrRepository.fromRepositoryUri(stack, 'Imported', `${host}/web-app`));

    expect(repository.registryUri).toBe(host);
    expect(consumer.resolve(repository.repositoryUriForTag('1'))).toBe(`${host}/web-app:1`);
    expect(consumer.resolve(repository.repositoryUriForTagOrDigest(`sha256:${'0'.repeat(64)}`))).toBe(`${host}/web-app@sha256:${'0'.repeat(64)}`);
    expect(errorOf(() => repository.repositoryUriForDigest('latest'))).toContain('digest is "latest"');
    expect(repository.repositoryArn).toMatch(/^arn:aws(-cn|-us-gov)?:ecr:[a-z0-9-]+:999999999999:repository\/web-app$/);
  });

  test.each<[string, string]>([
    ['no ARN', 'web-app'],
    ['that of something else', 'arn:aws:s3:::web-app'],
    ['a wrong account', 'arn:aws:ecr:us-east-1:99:repository/web-app'],
    ['a wrong Region', 'arn:aws:ecr:us east:999999999999:repository/web-app'],
    ['a wrong name', 'arn:aws:ecr:us-east-1:999999999999:repository/Web'],
    ['a partition that is not that of the Region', 'arn:aws:ecr:cn-north-1:999999999999:repository/web-app'],
  ])('a wrong ARN is an error: %s', (_, arn) => {
    expect(errorOf(() => importing((stack) => SharedEcrRepository.fromRepositoryArn(stack, 'Imported', arn)))).toContain(`repositoryArn ${arn === 'web-app' ? 'is ' : ''}`);
  });

  test.each<[string, string, string]>([
    ['no URI', 'web-app', 'the URI of a repository is written ACCOUNT.dkr.ecr.REGION.SUFFIX/NAME'],
    ['a scheme', `https://${HOST}/web-app`, 'without "https://"'],
    ['a tag', `${HOST}/web-app:1`, 'leave out its tag or digest, and give it to repositoryUriForTag or repositoryUriForDigest'],
    ['a digest', `${HOST}/web-app@sha256:0`, 'leave out its tag or digest'],
    ['a suffix that is not that of the Region', '999999999999.dkr.ecr.cn-north-1.amazonaws.com/web-app', 'hosts of this form in Region cn-north-1 end in "amazonaws.com.cn"'],
  ])('a wrong URI is an error: %s', (_, uri, message) => {
    expect(errorOf(() => importing((stack) => SharedEcrRepository.fromRepositoryUri(stack, 'Imported', uri)))).toContain(message);
  });

  test.each([
    [{ account: '99', region: 'us-east-1', repositoryName: 'web-app' }, 'account is "99", but an account id is 12 digits'],
    [{ account: '999999999999', region: 'Frankfurt', repositoryName: 'web-app' }, 'region is "Frankfurt", but a Region is written like "eu-central-1"'],
    [{ account: '999999999999', region: 'us-east-1', repositoryName: 'Web' }, 'repositoryName is "Web", but a repository name has 2 to 256 characters'],
  ])('a wrong attribute is an error: %j', (attributes, message) => {
    expect(errorOf(() => importing((stack) => SharedEcrRepository.fromSharedEcrRepositoryAttributes(stack, 'Imported', attributes)))).toContain(message);
  });
});

describe('tokens', () => {
  const P = { Ref: 'P' };
  const split = (index: number, by: string) => ({ 'Fn::Select': [index, { 'Fn::Split': [by, P] }] });
  const parameter = (stack: Stack) => new CfnParameter(stack, 'P').valueAsString;
  const seen = ({ consumer, repository }: { consumer: Stack; repository: ecr.IRepository }) =>
    consumer.resolve({ env: repository.env, ...repository.repositoryRef, host: repository.registryUri });

  test('the whole ARN', () => {
    expect(seen(importing((stack) => SharedEcrRepository.fromRepositoryArn(stack, 'Imported', parameter(stack))))).toEqual({
      env: { account: split(4, ':'), region: split(3, ':') },
      repositoryArn: P,
      repositoryName: split(1, ':repository/'),
      host: { 'Fn::Join': ['', [split(4, ':'), '.dkr.ecr.', split(3, ':'), '.', { Ref: 'AWS::URLSuffix' }]] },
    });
  });

  test('the account in an ARN', () => {
    expect(seen(importing((stack) => SharedEcrRepository.fromRepositoryArn(stack, 'Imported', `arn:aws:ecr:us-east-1:${parameter(stack)}:repository/web-app`)))).toEqual({
      env: { account: P, region: 'us-east-1' },
      repositoryArn: { 'Fn::Join': ['', ['arn:aws:ecr:us-east-1:', P, ':repository/web-app']] },
      repositoryName: 'web-app',
      host: { 'Fn::Join': ['', [P, '.dkr.ecr.us-east-1.amazonaws.com']] },
    });
  });

  test('the partition in an ARN', () => {
    const { repository } = importing((stack) => SharedEcrRepository.fromRepositoryArn(stack, 'Imported', `arn:${Aws.PARTITION}:ecr:us-east-1:999999999999:repository/web-app`));

    expect(repository.env).toEqual({ account: '999999999999', region: 'us-east-1' });
    expect(repository.registryUri).toBe(HOST);
  });

  test('attributes', () => {
    expect(seen(importing((stack) => SharedEcrRepository.fromSharedEcrRepositoryAttributes(stack, 'Imported', {
      account: '999999999999', region: Aws.REGION, repositoryName: parameter(stack),
    })))).toEqual({
      env: { account: '999999999999', region: { Ref: 'AWS::Region' } },
      repositoryArn: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ecr:', { Ref: 'AWS::Region' }, ':999999999999:repository/', P]] },
      repositoryName: P,
      host: { 'Fn::Join': ['', ['999999999999.dkr.ecr.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }]] },
    });
  });

  test('a URI is an error: it cannot be taken apart', () => {
    expect(errorOf(() => importing((stack) => SharedEcrRepository.fromRepositoryUri(stack, 'Imported', parameter(stack))))).toBe('repositoryUri is a token, whose parts are known '
      + 'only at deployment; use SharedEcrRepository.fromSharedEcrRepositoryAttributes, which takes account, region and repositoryName apart, or SharedEcrRepository.fromRepositoryArn');
  });

  test('do not show in messages', () => {
    const { app, repository } = importing((stack) => SharedEcrRepository.fromRepositoryArn(stack, 'Imported', parameter(stack)));
    repository.grantPull(new iam.AccountPrincipal('111122223333'));

    expect(noticesIn(app)[0].text).toBe("the grant to AccountPrincipal(111122223333) has no effect without the owner's half: 'Consumer/Imported' is imported, "
      + `so its policy cannot be changed from here; its owner must have in it:\n${printed(accountsStatement('Pull', PULL, ['111122223333']))} [ack: cdk-shared-ecr:ownerHalfMissing]`);
  });
});

describe('a role gets its identity half, and a note with the owner\'s', () => {
  const arns = ['arn:aws:iam::111122223333:role/teams/app'];
  const role = (stack: Stack) => newRole(stack, { roleName: 'app', path: '/teams/' });

  test('to pull', () => {
    const { app, consumer, repository } = importing();
    const grant = repository.grantPull(role(consumer));

    expect(identityStatementsOf(consumer)).toEqual([PULL_WEB_APP, LOGIN]);
    expect(noticesIn(app)).toEqual([notInSight("'Consumer/Role'", rolesStatement('Pull', PULL, ['111122223333'], arns))]);
    expect(grant.success).toBe(true);
  });

  test('to push, to read, to pull and push, to do anything', () => {
    const { app, consumer, repository } = importing();
    const to = role(consumer);
    repository.grantPush(to);
    repository.grantRead(to);
    repository.grantPullPush(to);
    repository.grant(to, 'ecr:BatchDeleteImage');
    const [pull, push] = [rolesStatement('Pull', PULL, ['111122223333'], arns), rolesStatement('Push', PUSH, ['111122223333'], arns)];

    expect(noticesIn(app)).toEqual([
      notInSight("'Consumer/Role'", push),
      notInSight("'Consumer/Role'", rolesStatement('Read', READ, ['111122223333'], arns)),
      notInSight("'Consumer/Role'", pull, push),
      notInSight("'Consumer/Role'", rolesStatement('BatchDeleteImage', ['ecr:BatchDeleteImage'], ['111122223333'], arns)),
    ]);
  });

  test('through CDK\'s own constructs, and images come from the host that was given', () => {
    const { app, consumer, repository } = importing((stack) => SharedEcrRepository.fromRepositoryUri(stack, 'Imported', '999999999999.dkr-ecr.us-east-1.on.aws/web-app'));
    new ecs.FargateTaskDefinition(consumer, 'Task').addContainer('web', { image: ecs.ContainerImage.fromEcrRepository(repository, '1') });

    expect(identityStatementsOf(consumer)).toEqual([PULL_WEB_APP, LOGIN]);
    expect(resourcesOf(consumer, 'AWS::ECS::TaskDefinition')[0].Properties.ContainerDefinitions[0].Image).toBe('999999999999.dkr-ecr.us-east-1.on.aws/web-app:1');
    expect(noticesIn(app)).toEqual([expect.objectContaining({ level: 'info', text: expect.stringContaining('[ack: cdk-shared-ecr:ownerHalfNotInSight]') })]);
  });

  test.each<[string, (stack: Stack) => iam.IGrantable, string]>([
    ['a role without a name', (stack) => newRole(stack), "'Consumer/Role'"],
    ['a user without a name', (stack) => new iam.User(stack, 'User'), "'Consumer/User'"],
    ['a managed policy', (stack) => new iam.ManagedPolicy(stack, 'Policy'), 'ManagedPolicy(Consumer/Policy)'],
  ])('%s is known to somebody else\'s owner by its account', (_, grantee, name) => {
    const { app, consumer, repository } = importing();
    repository.grantPull(grantee(consumer));

    expect(identityStatementsOf(consumer)).toEqual([PULL_WEB_APP, LOGIN]);
    expect(resourcesOf(consumer, 'AWS::IAM::Role').filter(({ Properties }) => Properties.Tags)).toEqual([]);
    expect(noticesIn(app)).toEqual([notInSight(name, accountsStatement('Pull', PULL, ['111122223333']))]);
  });

  test('in the owner\'s own account that is all', () => {
    const { app, consumer, repository } = importing((stack) => SharedEcrRepository.fromRepositoryArn(stack, 'Imported', 'arn:aws:ecr:us-east-1:111122223333:repository/web-app'));
    repository.grantPull(role(consumer));

    expect(identityStatementsOf(consumer)).toEqual([{ ...PULL_WEB_APP, Resource: 'arn:aws:ecr:us-east-1:111122223333:repository/web-app' }, LOGIN]);
    expect(noticesIn(app)).toEqual([]);
  });

  test('that takes no policies, both halves are warnings', () => {
    const { app, consumer, repository } = importing();
    repository.grantPull(role(consumer).withoutPolicyUpdates());

    expect(noticesIn(app)).toEqual([
      missing("'Consumer/ImmutableRoleRole'", rolesStatement('Pull', PULL, ['111122223333'], arns)),
      expect.objectContaining({ path: 'Consumer/ImmutableRoleRole', level: 'warning', text: expect.stringContaining('[ack: cdk-shared-ecr:consumerHalfMissing]') }),
    ]);
  });
});

describe('a grant that is nothing without the owner\'s half is a warning with the exact statement', () => {
  const organization = {
    Sid: 'PullOrganizations',
    Effect: 'Allow',
    Principal: { AWS: '*' },
    Action: PULL,
    Condition: { StringEquals: { 'aws:PrincipalOrgID': ['o-a1b2c3d4e5'] }, StringNotEquals: { 'aws:PrincipalAccount': '999999999999' } },
  };

  test.each<[string, () => iam.IGrantable, string, object]>([
    ['an account', () => new iam.AccountPrincipal('111122223333'), 'AccountPrincipal(111122223333)', accountsStatement('Pull', PULL, ['111122223333'])],
    ['an organization', () => new iam.OrganizationPrincipal('o-a1b2c3d4e5'), 'OrganizationPrincipal(o-a1b2c3d4e5)', organization],
    ['an ARN', () => new iam.ArnPrincipal('arn:aws:iam::111122223333:role/app'), 'ArnPrincipal(arn:aws:iam::111122223333:role/app)',
      { Sid: 'PullPrincipals', Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::111122223333:role/app'] }, Action: PULL }],
  ])('%s', (_, grantee, name, statement) => {
    const { app, consumer, repository } = importing();
    repository.grantPull(grantee());

    expect(identityStatementsOf(consumer)).toEqual([]);
    expect(noticesIn(app)).toEqual([missing(name, statement)]);
  });

  test('a service with conditions', () => {
    const { app, repository } = importing();
    repository.grantPull(new iam.ServicePrincipal('codebuild.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': '111122223333' } } }));

    expect(noticesIn(app)).toEqual([expect.objectContaining({ level: 'warning', text: expect.stringContaining('"Principal":{"Service":["codebuild.amazonaws.com"]}') })]);
  });

  test('an open principal is an error here too', () => {
    expect(errorOf(() => importing().repository.grantPull(new iam.AnyPrincipal()))).toContain('would let in every AWS account');
  });

  test('a statement of the user\'s own', () => {
    const { app, repository } = importing();
    const result = repository.addToResourcePolicy(new iam.PolicyStatement({ actions: ['ecr:PutImage'], principals: [new iam.ArnPrincipal('arn:aws:iam::111122223333:role/ci')] }));

    expect(result).toEqual({ statementAdded: false });
    expect(noticesIn(app)).toEqual([{
      path: 'Consumer/Imported',
      level: 'warning',
      text: `${ownerMustHave({ Action: 'ecr:PutImage', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:role/ci' } })} [ack: cdk-shared-ecr:ownerHalfMissing]`,
    }]);
  });
});

describe('Lambda functions', () => {
  const functionIn = (stack: Stack, repository: ecr.IRepository) =>
    new lambda.DockerImageFunction(stack, 'Function', { code: lambda.DockerImageCode.fromEcr(repository, { tagOrDigest: '1' }) });

  test('the two statements are a warning', () => {
    const { app, consumer, repository } = importing();
    functionIn(consumer, repository);
    app.synth();

    expect(noticesIn(app)).toEqual([missing('the Lambda service', ...lambdaStatements(['111122223333'], ['111122223333']))]);
  });

  test('of the accounts whose functions they are, wherever the repository was imported', () => {
    const { app, repository } = importing();
    functionIn(newStack(app, 'Other', OTHER), repository);
    functionIn(newStack(app, 'Third', { account: '777788889999', region: 'us-east-1' }), repository);
    const accounts = ['444455556666', '777788889999'];
    app.synth();

    expect(noticesIn(app)).toEqual([missing('the Lambda service', ...lambdaStatements(accounts, accounts))]);
  });

  test('in the owner\'s own account the service alone', () => {
    const { app, consumer, repository } = importing(undefined, { account: '999999999999', region: 'us-east-1' });
    functionIn(consumer, repository);
    app.synth();

    expect(noticesIn(app)).toEqual([missing('the Lambda service', ...lambdaStatements([], ['999999999999']))]);
  });

  test.each([[CONSUMER, 'us-east-1'], [{ ...CONSUMER, region: 'ap-south-1' }, 'ap-south-1']])('in another Region are an error: %j', (env, region) => {
    const { app, consumer, repository } = importing((stack) => SharedEcrRepository.fromRepositoryArn(stack, 'Imported', 'arn:aws:ecr:eu-west-1:999999999999:repository/web-app'), env);
    functionIn(consumer, repository);

    expect(errorOf(() => app.synth())).toContain(`[Consumer/Imported] the function 'Consumer/Function/Resource' is in Region ${region}, but its image is in Region eu-west-1, `
      + `and AWS Lambda takes images only from its own Region; replicate the repository to ${region} and use the replica there, or move the function`);
  });

  test('in an agnostic stack: what cannot be checked passes', () => {
    const { app, consumer, repository } = importing(undefined, AGNOSTIC);
    functionIn(consumer, repository);
    app.synth();

    expect(noticesIn(app)).toEqual([expect.objectContaining({ text: expect.stringContaining('{"Sid":"LambdaDeployAccounts","Effect":"Allow","Principal":{"AWS":[{"Ref":"AWS::AccountId"}]}') })]);
  });

  test('and a FIPS host are an error', () => {
    const { consumer, repository } = importing((stack) => SharedEcrRepository.fromRepositoryUri(stack, 'Imported', '999999999999.dkr.ecr-fips.us-east-1.amazonaws.com/web-app'));

    expect(errorOf(() => functionIn(consumer, repository)))
      .toBe("'Consumer/Imported' was imported by its FIPS host, which AWS Lambda does not support; import it by the ordinary host or by its ARN");
  });

  test('none, with the service granted to, is an error', () => {
    const { app, repository } = importing();
    repository.grantPull(new iam.ServicePrincipal('lambda.amazonaws.com'));

    expect(errorOf(() => app.synth())).toContain('[Consumer/Imported] lambda.amazonaws.com was granted to pull, but no function of this app runs an image of this repository, and without '
      + 'saying whose functions it would let in those of every AWS account; its owner must say it, for example with allowPullFrom(EcrGrantee.lambdaFunctions(accountId))');
  });
});

describe('a repository that Amazon ECR makes', () => {
  test('brings its own owner\'s half, and has an address as any other', () => {
    const { app, consumer } = importing();
    const asked: string[] = [];
    const repository = new ImportedRepository(consumer, 'Made', { account: '999999999999', region: 'us-east-1', repositoryName: 'web-app' }, {
      ownerHalf: ({ node }) => ({
        grants: [],
        add: (_, grantee) => asked.push(`${node.path}: ${grantee}`),
        addLambdaFunctions: (grantee) => asked.push(`${node.path}: functions, ${grantee}`),
      }),
    });
    repository.grantPull(newRole(consumer));
    repository.grantPull(new iam.ServicePrincipal('lambda.amazonaws.com'));
    app.synth();

    expect(asked).toEqual(["Consumer/Made: 'Consumer/Role'", 'Consumer/Made: functions, ServicePrincipal(lambda.amazonaws.com)']);
    expect(noticesIn(app)).toEqual([]);
    expect([repository.repositoryArn, repository.registryUri]).toEqual([WEB_APP_ARN, HOST]);
  });
});

describe('ownerHasGranted', () => {
  const granted = (stack: Stack) => SharedEcrRepository.fromSharedEcrRepositoryAttributes(stack, 'Imported', {
    account: '999999999999', region: 'us-east-1', repositoryName: 'web-app', ownerHasGranted: true,
  });

  test('silences notes and warnings about the owner\'s half, and the consumer\'s half stands', () => {
    const { app, consumer, repository } = importing(granted);
    repository.grantPull(newRole(consumer));
    repository.grantPull(new iam.AccountPrincipal('111122223333'));
    repository.grantPull(new iam.ServicePrincipal('lambda.amazonaws.com'));
    repository.addToResourcePolicy(new iam.PolicyStatement({ actions: PULL, principals: [new iam.AccountPrincipal('111122223333')] }));
    new lambda.DockerImageFunction(consumer, 'Function', { code: lambda.DockerImageCode.fromEcr(repository, { tagOrDigest: '1' }) });

    expect(identityStatementsOf(consumer)).toEqual([PULL_WEB_APP, LOGIN]);
    expect(noticesIn(app)).toEqual([]);
  });

  test('with the Lambda service alone is no error: the owner knows whose functions they are', () => {
    const { app, repository } = importing(granted);
    repository.grantPull(new iam.ServicePrincipal('lambda.amazonaws.com'));

    expect(() => app.synth()).not.toThrow();
  });

  test('does not silence what the role\'s own account lacks', () => {
    const { app, consumer, repository } = importing(granted);
    repository.grantPull(newRole(consumer).withoutPolicyUpdates());

    expect(noticesIn(app).map(({ text }) => text)).toEqual([expect.stringContaining('[ack: cdk-shared-ecr:consumerHalfMissing]')]);
  });
});
