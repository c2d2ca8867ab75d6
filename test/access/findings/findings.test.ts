import { mkdtempSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Stack, aws_ecr as ecr, aws_ecs as ecs, aws_iam as iam, aws_lambda as lambda } from 'aws-cdk-lib';
import { CONSUMER, OWNER, allow, document, hostOf, inShort, modelIn, registryPolicy, replication, repository, task } from './support';
import { buildConsumer } from '../../../examples/consumer-app/app';
import { buildDemo } from '../../../examples/demo/app';
import { buildOwner } from '../../../examples/owner-app/app';
import { findingsOf } from '../../../src/access/findings/findings';
import { AccessModel, modelsOf } from '../../../src/access/model/model';
import { readAssembly } from '../../../src/access/template/assembly';
import { stackOf } from '../support';

const ROLE = `arn:aws:iam::${CONSUMER}:role/app`;
const OPEN = repository('web-app', allow('*', { Action: 'ecr:PutImage' }));
const policy = registryPolicy(allow({ AWS: CONSUMER }, { Resource: '*' }));

test('the worst first, and of what is as bad the pulls', () => {
  const model = modelIn({
    [OWNER]: { WebApp: OPEN, Api: repository('api', allow({ AWS: CONSUMER })), A: policy, B: policy, R: replication(['444444444444', 'eu-central-1']) },
    [CONSUMER]: { Other: task(`${hostOf('444444444444')}/other`, ROLE), WebApp: task(`${hostOf()}/web-app`, 'arn:aws:iam::333333333333:role/app') },
  });
  expect(inShort(findingsOf([model]))).toEqual([
    `error owner-half-missing ${CONSUMER}/WebApp`,
    `error registry-claimed-twice ${OWNER}/B`,
    `warning owner-not-in-sight ${CONSUMER}/Other`,
    `warning consumer-not-in-sight ${CONSUMER}/Other`,
    `warning consumer-not-in-sight ${CONSUMER}/WebApp`,
    `warning replication-destination-not-in-sight ${OWNER}/R`,
    `warning open-principal ${OWNER}/WebApp`,
    `info unused-grant ${OWNER}/Api`,
    `info unused-grant ${OWNER}/A`,
  ]);
});

describe('an image of a cluster that some of the nodes cannot pull', () => {
  const node = (name: string) => ({
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: name,
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly'],
      AssumeRolePolicyDocument: document({ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }),
    },
  });
  const group = (name: string, ClusterName = 'prod') => ({ Type: 'AWS::EKS::Nodegroup', Properties: { ClusterName, NodeRole: arnOf(name) } });
  const arnOf = (name: string) => `arn:aws:iam::${CONSUMER}:role/${name}`;
  const manifest = (image: string, ClusterName = 'prod') => (
    { Type: 'Custom::AWSCDK-EKS-KubernetesResource', Properties: { ClusterName, Manifest: JSON.stringify({ kind: 'Pod', spec: { containers: [{ image }] } }) } });
  const found = (names: string[], more: object = {}) => findingsOf([modelIn({
    [OWNER]: { WebApp: repository('web-app', allow({ AWS: arnOf('gpu') })), Api: repository('api', allow({ AWS: arnOf('cpu') })) },
    [CONSUMER]: {
      ...Object.fromEntries(names.flatMap((name) => [[`Role${name}`, node(name)], [`Nodes${name}`, group(name)]])),
      Manifest: manifest(`${hostOf()}/web-app`),
      ...more,
    },
  })]).filter(({ severity }) => severity !== 'info');
  const SOFTENED = ['warning owner-half-missing 222222222222/Nodescpu'];
  const CERTAIN = ['error owner-half-missing 222222222222/Nodescpu'];

  test('is not certain to fail where other nodes may', () => {
    const findings = found(['cpu', 'gpu']);
    expect(inShort(findings)).toEqual(SOFTENED);
    expect(findings[0].message).toMatch(/; the cluster has other nodes that may, if it is to run on those only$/);
  });

  test('is not where others join that are not in sight', () => {
    expect(inShort(found(['cpu'], { Entry: { Type: 'AWS::EKS::AccessEntry', Properties: { ClusterName: 'prod', Type: 'EC2_LINUX', PrincipalArn: 'other' } } })))
      .toEqual(SOFTENED);
  });

  test('is certain to where no node may', () => {
    expect(inShort(found(['cpu']))).toEqual(CERTAIN);
    expect(inShort(found(['cpu', 'arm']))).toEqual([...CERTAIN, 'error owner-half-missing 222222222222/Nodesarm']);
  });

  test('is so whatever nodes of other clusters may pull, and whatever else its nodes may', () => {
    const elsewhere = { Gpu: node('gpu'), Elsewhere: group('gpu', 'other'), Arm: node('arm'), More: group('arm', 'other'), There: manifest(`${hostOf()}/web-app`, 'other') };
    expect(inShort(found(['cpu', 'x'], elsewhere))).toEqual([
      ...CERTAIN, 'error owner-half-missing 222222222222/Nodesx', 'warning owner-half-missing 222222222222/More',
    ]);
    expect(inShort(found(['cpu', 'x'], { Second: manifest(`${hostOf()}/api`) }))).toEqual([
      ...CERTAIN, 'error owner-half-missing 222222222222/Nodesx', 'warning owner-half-missing 222222222222/Nodesx',
    ]);
  });
});

test('nothing is found where nothing is', () => {
  expect(findingsOf([modelIn({})])).toEqual([]);
});

test('what a contract says its owner has to mend, but a pull by it is ours', () => {
  const model = modelIn({ [OWNER]: { WebApp: OPEN }, [CONSUMER]: { Task: task(`${hostOf()}/web-app`, ROLE) } });
  const contract = { ...model, repositories: model.repositories.map((one) => ({ ...one, path: 'contract.json', file: 'contract.json', stack: '', logicalId: '' })) };
  const ofPull = [`error owner-half-missing ${CONSUMER}/Task`, `warning consumer-not-in-sight ${CONSUMER}/Task`];
  expect(inShort(findingsOf([contract]))).toEqual(ofPull);
  expect(inShort(findingsOf([model]))).toEqual([...ofPull, `warning open-principal ${OWNER}/WebApp`]);
});

describe('where conditions are open', () => {
  const worlds = (Resources: Record<string, any>) => modelsOf([stackOf({
    Parameters: { Stage: { Type: 'String' }, Size: { Type: 'String' } },
    Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] }, IsBig: { 'Fn::Equals': [{ Ref: 'Size' }, 'big'] } },
    Resources,
  })]);
  const found = (models: AccessModel[]) => findingsOf(models).map(({ severity, rule, message }) => [severity, rule, message]);
  const CLAIM = 'Stack/A and Stack/B both declare the policy of the registry of account 111111111111, us-east-1, which it has only once';
  const OPENED = 'statement Pull of the policy of web-app lets in every AWS account';

  test('an error that depends on them is a warning', () => {
    const models = worlds({ A: policy, B: { ...policy, Condition: 'IsProd' } });
    expect(models.length).toBe(2);
    expect(found(models)).toEqual([['warning', 'registry-claimed-twice', `${CLAIM}; it depends on condition IsProd of stack Stack`]]);
  });

  test('a warning stays one', () => {
    expect(found(worlds({ WebApp: { ...OPEN, Condition: 'IsProd' } }))).toEqual([['warning', 'open-principal', `${OPENED}; it depends on condition IsProd of stack Stack`]]);
  });

  test('what is so in any case is told once', () => {
    const models = worlds({ A: policy, B: policy, WebApp: OPEN, C: { ...repository('c'), Condition: 'IsProd' }, D: { ...repository('d'), Condition: 'IsBig' } });
    expect(models.length).toBe(4);
    expect(found(models)).toEqual([['error', 'registry-claimed-twice', CLAIM], ['warning', 'open-principal', OPENED]]);
  });

  test('only the conditions that it depends on are named', () => {
    const models = worlds({ WebApp: { ...OPEN, Condition: 'IsProd' }, D: { ...repository('d'), Condition: 'IsBig' } });
    expect(models.length).toBe(4);
    expect(found(models)).toEqual([['warning', 'open-principal', `${OPENED}; it depends on condition IsProd of stack Stack`]]);
  });

  test('what excludes each other claims nothing twice', () => {
    expect(found(modelsOf([stackOf({
      Parameters: { Stage: { Type: 'String' } },
      Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] }, IsNot: { 'Fn::Not': [{ Condition: 'IsProd' }] } },
      Resources: { A: { ...policy, Condition: 'IsProd' }, B: { ...policy, Condition: 'IsNot' } },
    })]))).toEqual([]);
  });
});

describe('no false alarm', () => {
  function synthesized(build: (app: App) => void): string[] {
    const outdir = mkdtempSync(join(tmpdir(), 'findings-'));
    const app = new App({ outdir });
    build(app);
    app.synth();
    return inShort(findingsOf(modelsOf(readAssembly(outdir))));
  }
  const owner = { env: { account: OWNER, region: 'us-east-1' } };
  const consumer = { env: { account: CONSUMER, region: 'us-east-1' } };

  test('on the demo, but for the repository of the vendor', () => {
    expect(synthesized(buildDemo)).toEqual(['warning owner-not-in-sight ProductionCluster/NodeRole']);
  });

  test('on the two apps of an owner and a consumer', () => {
    expect(synthesized((app) => { buildOwner(app); buildConsumer(app); })).toEqual([]);
    expect(synthesized(buildOwner)).toEqual([]);
    expect(synthesized(buildConsumer)).toEqual(['warning owner-not-in-sight WebService/Task']);
  });

  test('on an app without this library', () => {
    expect(synthesized((app) => {
      const stack = new Stack(app, 'Owner', owner);
      const webApp = new ecr.Repository(stack, 'WebApp', { repositoryName: 'web-app' });
      webApp.grantPull(new iam.OrganizationPrincipal('o-a1b2c3d4e5'));
      webApp.grantPullPush(new iam.AccountPrincipal('333333333333'));
      new ecs.FargateTaskDefinition(new Stack(app, 'Consumer', consumer), 'Task').addContainer('web', { image: ecs.ContainerImage.fromEcrRepository(webApp) });
      new ecs.FargateTaskDefinition(stack, 'Task').addContainer('web', { image: ecs.ContainerImage.fromEcrRepository(webApp) });
    })).toEqual([]);
  });

  test('the CDK\'s own grant to Lambda is one for every account', () => {
    expect(synthesized((app) => {
      const stack = new Stack(app, 'Owner', owner);
      const api = new ecr.Repository(stack, 'Api', { repositoryName: 'api' });
      new lambda.DockerImageFunction(stack, 'Function', { code: lambda.DockerImageCode.fromEcr(api) });
    })).toEqual(['warning service-without-source Owner/Api']);
  });
});
