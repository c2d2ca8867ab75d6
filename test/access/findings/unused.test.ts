import { CONSUMER, OWNER, PULL, allow, creationTemplate, hostOf, inShort, lambdaFunction, modelIn, registryPolicy, replication, repository, task } from './support';
import { unusedGrantFindings } from '../../../src/access/findings/unused';
import { Organization } from '../../../src/access/judgement/organizations';

const IMAGE = `${hostOf()}/web-app:v1`;
const ARN = `arn:aws:ecr:us-east-1:${OWNER}:repository/web-app`;
const ROLE = `arn:aws:iam::${CONSUMER}:role/app`;
const OTHER = { Q: { Type: 'AWS::SQS::Queue' } };
const LAMBDA = { Service: 'lambda.amazonaws.com' };
const forFunctions = { Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:lambda:us-east-1:${CONSUMER}:function:*` } } };
const forRole = (name: string) => allow({ AWS: CONSUMER }, { Condition: { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${CONSUMER}:role/${name}` } } });
const role = (Resource: string) => (
  { Type: 'AWS::IAM::Role', Properties: { RoleName: 'instance', Policies: [{ PolicyDocument: { Statement: { Effect: 'Allow', Action: PULL, Resource } } }] } });

type Resources = Record<string, any>;
const findings = (owner: Resources, consumer: Resources = OTHER, more: Record<string, Resources> = {}, organizations: Organization[] = []) => (
  unusedGrantFindings(modelIn({ [OWNER]: owner, [CONSUMER]: consumer, ...more }), organizations));
const isFound = (statement: object, consumer?: Resources) => findings({ WebApp: repository('web-app', statement) }, consumer).length > 0;

test('a grant that nobody in sight uses, by account', () => {
  const statements = [allow({ AWS: [CONSUMER, '333333333333'] }), allow(LAMBDA, { ...forFunctions, Sid: undefined })];
  expect(findings({ WebApp: repository('web-app', ...statements) })).toEqual([{
    rule: 'unused-grant',
    severity: 'info',
    place: { path: `${OWNER}/WebApp`, account: OWNER, region: 'us-east-1', stack: OWNER, file: `${OWNER}.template.json`, logicalId: 'WebApp' },
    repository: ARN,
    message: `the policy of web-app lets account ${CONSUMER} pull by statement Pull, statement 2, but nothing in sight there does so`,
    remedy: 'if nothing out of sight pulls by it either, take it away',
    statements: [],
  }]);
});

describe('is used by', () => {
  test.each<[string, object, Resources, boolean]>([
    ['a role of the account', allow({ AWS: CONSUMER }), { T: task(IMAGE, ROLE) }, true],
    ['a role of another account', allow({ AWS: CONSUMER }), { T: task(IMAGE, 'arn:aws:iam::333333333333:role/app') }, false],
    ['a pull of something else', allow({ AWS: CONSUMER }), { T: task(`${hostOf()}/api`, ROLE) }, false],
    ['a pull in another Region', allow({ AWS: CONSUMER }), { T: task(`${hostOf(OWNER, 'eu-central-1')}/web-app`, ROLE) }, false],
    ['a pull of whatever the deployment will say', allow({ AWS: CONSUMER }), { T: task(`${OWNER}.dkr.ecr.us-east-1.amazonaws.com/<Stack/Name>`, ROLE) }, true],
    ['the role', forRole('app'), { T: task(IMAGE, ROLE) }, true],
    ['another role', forRole('other'), { T: task(IMAGE, ROLE) }, false],
    ['nobody knows whom', forRole('other'), { T: { Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions: [{ Image: IMAGE }] } } }, true],
    ['functions', allow(LAMBDA, forFunctions), { F: lambdaFunction(IMAGE) }, true],
    ['whoever deploys functions', allow({ AWS: CONSUMER }), { F: lambdaFunction(IMAGE) }, true],
    ['no function', allow(LAMBDA, forFunctions), { T: task(IMAGE, ROLE) }, false],
    ['a role that no resource in sight runs with', allow({ AWS: CONSUMER }), { R: role(ARN) }, true],
    ['a role that may pull all that begins so', allow({ AWS: CONSUMER }), { R: role(`${ARN.slice(0, -3)}*`) }, true],
    ['a role that may read a bucket', allow({ AWS: CONSUMER }), { R: role('arn:aws:s3:::web-app') }, false],
    ['a role that may pull something else', allow({ AWS: CONSUMER }), { R: role(`${ARN}-2`) }, false],
    ['a role that may pull anything', allow({ AWS: CONSUMER }), { R: role('*') }, false],
  ])('%s', (_, statement, consumer, isUsed) => {
    expect(isFound(statement, consumer)).toBe(!isUsed);
  });
});

describe('nothing is said', () => {
  test.each<[string, object]>([
    ['of an organization', allow('*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-aaaaaaaaaa' } } })],
    ['of everybody', allow('*')],
    ['of the owner\'s account', allow({ AWS: OWNER })],
    ['of an account of which nothing is in sight', allow({ AWS: '333333333333' })],
    ['of who pushes', allow({ AWS: CONSUMER }, { Action: ['ecr:BatchGetImage', 'ecr:PutImage'] })],
    ['of a cache', allow({ AWS: CONSUMER }, { Action: [...PULL, 'ecr:BatchImportUpstreamImage', 'ecr:GetImageCopyStatus'] })],
    ['of what is denied', allow({ AWS: CONSUMER }, { Effect: 'Deny' })],
  ])('%s', (_, statement) => {
    expect(isFound(statement)).toBe(false);
  });

  test('of templates', () => {
    expect(findings({ T: creationTemplate('ROOT', ['REPLICATION'], allow({ AWS: CONSUMER })) })).toEqual([]);
  });
});

describe('a registry', () => {
  const policy = (name: string) => ({ Policy: registryPolicy(allow({ AWS: CONSUMER }, { Resource: `arn:aws:ecr:us-east-1:${OWNER}:repository/${name}` })) });

  test('may let in who pulls one of its repositories', () => {
    expect(findings(policy('*'), { T: task(IMAGE, ROLE) })).toEqual([]);
    expect(findings(policy('web-*'), { T: task(IMAGE, ROLE) })).toEqual([]);
  });

  test('is about its own repositories, whatever else a statement says', () => {
    const everything = { Policy: registryPolicy(allow({ AWS: CONSUMER }, { Resource: '*' })) };
    expect(findings(everything, { T: task(IMAGE, ROLE) })).toEqual([]);
    expect(inShort(findings(everything, { T: task(`${hostOf('333333333333')}/web-app`, ROLE), R: role('arn:aws:s3:::bucket') }))).toEqual([`info unused-grant ${OWNER}/Policy`]);
  });

  test('or who pulls none of them', () => {
    const [found, ...others] = findings(policy('team-a/*'), { T: task(IMAGE, ROLE) });
    expect(others).toEqual([]);
    expect([found.repository, found.message]).toEqual([
      undefined, `the policy of the registry of account ${OWNER}, us-east-1 lets account ${CONSUMER} pull by statement Pull, but nothing in sight there does so`,
    ]);
  });
});

test('replicas let in the grantees of their originals, wherever these pull', () => {
  const WebApp = repository('web-app', allow({ AWS: CONSUMER }));
  const eu = { [`${OWNER} eu-central-1`]: { WebApp } };
  expect(findings({ WebApp, R: replication([OWNER, 'eu-central-1', 'web-app']) }, { T: task(IMAGE, ROLE) }, eu)).toEqual([]);
  expect(inShort(findings({ WebApp }, { T: task(IMAGE, ROLE) }, eu))).toEqual([`info unused-grant ${OWNER} eu-central-1/WebApp`]);
});

test('declared organizations decide who is let in', () => {
  const statement = allow({ AWS: CONSUMER }, { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-aaaaaaaaaa' } } });
  const found = (organizationId: string) => findings({ WebApp: repository('web-app', statement) }, { T: task(IMAGE, ROLE) }, {}, [{ organizationId, accounts: [CONSUMER] }]);
  expect(found('o-aaaaaaaaaa')).toEqual([]);
  expect(inShort(found('o-bbbbbbbbbb'))).toEqual([`info unused-grant ${OWNER}/WebApp`]);
});
