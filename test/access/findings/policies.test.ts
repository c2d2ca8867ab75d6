import { CONSUMER, OWNER, allow, creationTemplate, document, hostOf, inShort, lambdaFunction, modelIn, registryPolicy, repository } from './support';
import { policyFindings } from '../../../src/access/findings/policies';

const ARN = `arn:aws:ecr:us-east-1:${OWNER}:repository/web-app`;
const PLACE = { path: `${OWNER}/WebApp`, account: OWNER, region: 'us-east-1', stack: OWNER, file: `${OWNER}.template.json`, logicalId: 'WebApp' };
const LAMBDA = { Service: 'lambda.amazonaws.com' };
const ids = (count: number) => Array.from({ length: count }, (_, index) => String(100000000000 + index));

const findings = (resources: Record<string, any>, more: Record<string, Record<string, any>> = {}) => (
  policyFindings(modelIn({ [OWNER]: resources, ...more })));

describe('a policy over the limit', () => {
  const long = [allow({ AWS: ids(400) }), allow({ AWS: ids(300) }, { Sid: 'PullMore' }), allow({ AWS: ids(2) }, { Sid: undefined }), allow({ AWS: ids(1) }, { Sid: 'One' })];
  const size = JSON.stringify(document(...long)).length;
  const biggest = [0, 1, 2].map((index) => JSON.stringify(long[index]).length);
  const message = (words: string) => `${words} has ${size} characters, but Amazon ECR allows 10240; `
    + `the biggest statements are Pull with ${biggest[0]}, PullMore with ${biggest[1]}, statement 3 with ${biggest[2]}`;

  test('of a repository', () => {
    expect(findings({ WebApp: repository('web-app', ...long) })).toEqual([{
      rule: 'policy-too-long',
      severity: 'error',
      place: PLACE,
      repository: ARN,
      message: message('the policy of web-app'),
      remedy: 'grant to an organization or an OU in place of single accounts, or let the policy of the registry carry what many repositories share',
      statements: [],
    }]);
  });

  test.each([
    ['registry', registryPolicy(...long), `the policy of the registry of account ${OWNER}, us-east-1`, 'or for a prefix in place of single repositories'],
    ['creation template', creationTemplate('team-a', [], ...long), 'the policy of the creation template for team-a/*', 'or let the policy of the registry carry the grants'],
  ])('of a %s', (_, resource, words, remedy) => {
    const [found, ...others] = findings({ It: resource });
    expect(others).toEqual([]);
    expect(found).toMatchObject({ rule: 'policy-too-long', place: { logicalId: 'It' }, message: message(words) });
    expect(found.remedy).toBe(`grant to an organization or an OU in place of single accounts, ${remedy}`);
    expect(found.repository).toBeUndefined();
  });

  test('a policy that just fits is none, nor one that may fit when it is deployed', () => {
    const empty = JSON.stringify(document(allow({ AWS: ids(600) }, { Sid: '' }))).length;
    const sid = (length: number) => findings({ WebApp: repository('web-app', allow({ AWS: ids(600) }, { Sid: 'x'.repeat(length - empty) })) });
    expect(inShort(sid(10_240))).toEqual([]);
    expect(inShort(sid(10_241))).toEqual([`error policy-too-long ${OWNER}/WebApp`]);
    expect(inShort(findings({ WebApp: repository('web-app', allow({ AWS: Array.from({ length: 1000 }, () => ({ Ref: 'Parameter' })) })) }))).toEqual([]);
  });
});

describe('an open principal', () => {
  const remedy = 'name the accounts or roles that may as its principals, or add a condition such as StringEquals or ArnLike on '
    + 'aws:PrincipalOrgID, aws:PrincipalOrgPaths, aws:PrincipalAccount, aws:PrincipalArn whose value fixes the account or the organization';

  test('in the policy of a repository', () => {
    expect(findings({ WebApp: repository('web-app', allow({ AWS: CONSUMER }), allow('*', { Sid: undefined })) })).toEqual([{
      rule: 'open-principal',
      severity: 'warning',
      place: PLACE,
      repository: ARN,
      message: 'statement 2 of the policy of web-app lets in every AWS account',
      remedy,
      statements: [],
    }]);
  });

  test('in a registry or a template', () => {
    expect(findings({ A: registryPolicy(allow('*', { Resource: '*' })), B: creationTemplate('ROOT', [], allow('*')) }).map(({ message }) => message)).toEqual([
      'statement Pull of the policy of the creation template for * lets in every AWS account',
      `statement Pull of the policy of the registry of account ${OWNER}, us-east-1 lets in every AWS account`,
    ]);
  });

  test.each<[string, object[]]>([
    ['a statement that denies', [allow('*', { Effect: 'Deny' })]],
    ['a statement about something else', [allow('*', { Action: 's3:GetObject' })]],
    ['an organization', [allow('*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-aaaaaaaaaa' } } })]],
    ['a Deny besides', [allow('*'), allow('*', { Effect: 'Deny', Action: 'ecr:*', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-aaaaaaaaaa' } } })]],
  ])('%s is none', (_, statements) => {
    expect(findings({ WebApp: repository('web-app', ...statements) })).toEqual([]);
  });

  test('the policy of the registry may shut strangers out of all its repositories, but of no other\'s', () => {
    const deny = registryPolicy(allow('*', { Effect: 'Deny', Action: 'ecr:*', Resource: '*', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-aaaaaaaaaa' } } }));
    const open = repository('web-app', allow('*'));
    expect(findings({ WebApp: open, Policy: deny })).toEqual([]);
    expect(inShort(findings({ WebApp: open }, { [`${OWNER} eu-central-1`]: { Policy: deny } }))).toEqual([`warning open-principal ${OWNER}/WebApp`]);
  });
});

describe('a service without a source', () => {
  const CDK = 'DockerImageCode.fromEcr of the CDK adds such a statement to a repository of its own; to one of this library it does not';
  const image = `${hostOf()}/web-app:v1`;

  test('for functions in sight: the same statement for their accounts', () => {
    const statement = allow(LAMBDA, { Condition: { ArnLike: { 'aws:sourceArn': 'arn:aws:lambda:*:*:function:*' }, Bool: { 'aws:SecureTransport': 'true' } } });
    const stacks = { [CONSUMER]: { F: lambdaFunction(image), G: lambdaFunction(image) }, 333333333333: { F: lambdaFunction(`${hostOf()}/api`) } };
    expect(findings({ WebApp: repository('web-app', statement), F: lambdaFunction(image) }, stacks)).toEqual([{
      rule: 'service-without-source',
      severity: 'warning',
      place: PLACE,
      repository: ARN,
      message: 'statement Pull of the policy of web-app lets in lambda.amazonaws.com on behalf of every AWS account',
      remedy: `put the statement into the policy of web-app, in place of its statement Pull; ${CDK}`,
      statements: [{
        half: 'owner',
        document: 'the policy of web-app, in place of its statement Pull',
        statements: [{
          ...statement,
          Condition: {
            Bool: { 'aws:SecureTransport': 'true' },
            ArnLike: { 'aws:SourceArn': [OWNER, CONSUMER].map((account) => `arn:aws:lambda:us-east-1:${account}:function:*`) },
          },
        }],
      }],
    }]);
  });

  test('the suggested statement has none', () => {
    const [{ statements: [{ statements }] }] = findings({ WebApp: repository('web-app', allow(LAMBDA)), F: lambdaFunction(image) });
    expect(findings({ WebApp: repository('web-app', ...statements), F: lambdaFunction(image) })).toEqual([]);
  });

  test('for projects of AWS CodeBuild in sight', () => {
    const Project = { Type: 'AWS::CodeBuild::Project', Properties: { Environment: { Image: image, ImagePullCredentialsType: 'CODEBUILD' } } };
    const [{ statements, remedy }] = findings({ WebApp: repository('web-app', allow({ Service: 'codebuild.amazonaws.com' })), Project });
    expect(remedy).toBe('put the statement into the policy of web-app, in place of its statement Pull');
    expect(statements[0].statements).toEqual([allow({ Service: 'codebuild.amazonaws.com' }, { Condition: { StringEquals: { 'aws:SourceAccount': [OWNER] } } })]);
  });

  test.each([
    ['lambda.amazonaws.com', 'add the condition ArnLike aws:SourceArn, with arn:PARTITION:lambda:REGION:ACCOUNT:function:* for each account whose functions may, '
      + `REGION being that of the repository; ${CDK}`],
    ['codebuild.amazonaws.com', 'add the condition StringEquals aws:SourceAccount with the accounts whose projects may'],
    ['scanner.amazonaws.com', 'add a condition such as StringEquals or ArnLike on one of aws:SourceArn, aws:SourceAccount, aws:SourceOrgID, aws:SourceOrgPaths '
      + 'that the documentation of the service names'],
  ])('%s: what to do if nobody in sight uses it', (Service, remedy) => {
    const [found, ...others] = findings({ WebApp: repository('web-app', allow({ Service })) });
    expect(others).toEqual([]);
    expect([found.remedy, found.statements]).toEqual([remedy, []]);
  });

  test('in a registry: for the functions of its repositories that the statement is about', () => {
    const named = (name: string) => allow(LAMBDA, { Resource: `arn:aws:ecr:us-east-1:${OWNER}:repository/${name}` });
    const statementsFor = (name: string) => findings({ Policy: registryPolicy(named(name)), F: lambdaFunction(image) })[0].statements;
    expect(statementsFor('web-*')).toEqual([{
      half: 'owner',
      document: `the policy of the registry of account ${OWNER}, us-east-1, in place of its statement Pull`,
      statements: [{ ...named('web-*'), Condition: { ArnLike: { 'aws:SourceArn': [`arn:aws:lambda:us-east-1:${OWNER}:function:*`] } } }],
    }]);
    expect(statementsFor('team-a/*')).toEqual([]);
  });

  test('nothing is suggested that nobody could paste, or that says something of others', () => {
    const agnostic = { F: lambdaFunction('<AWS::AccountId>.dkr.ecr.<AWS::Region>.amazonaws.com/web-app'), WebApp: repository('web-app', allow(LAMBDA)) };
    expect(policyFindings(modelIn({ '<AWS::AccountId> <AWS::Region>': agnostic })).map(({ statements }) => statements)).toEqual([[]]);
    expect(findings({ WebApp: repository('web-app', allow({ ...LAMBDA, AWS: CONSUMER })), F: lambdaFunction(image) }).map(({ statements }) => statements)).toEqual([[]]);
  });

  test('a source closes it', () => {
    expect(findings({ WebApp: repository('web-app', allow(LAMBDA, { Condition: { StringEquals: { 'aws:SourceAccount': CONSUMER } } })) })).toEqual([]);
  });
});
