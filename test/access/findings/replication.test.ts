import { CONSUMER, OWNER, allow, creationTemplate, hostOf, inShort, modelIn, registryPolicy, replication, repository, task } from './support';
import { replicationFindings } from '../../../src/access/findings/replication';

const DESTINATION = '444444444444';
const THERE = `${DESTINATION} eu-central-1`;
const ARN = `arn:aws:ecr:eu-central-1:${DESTINATION}:repository`;
const REPLICATE = 'ecr:ReplicateImage';
const CREATE = 'ecr:CreateRepository';
const to = (...prefixes: string[]) => replication([DESTINATION, 'eu-central-1', ...prefixes]);
const lets = (Resource: unknown = `${ARN}/*`, more: object = {}) => (
  { Sid: 'Replicate', Effect: 'Allow', Principal: { AWS: OWNER }, Action: [REPLICATE, CREATE], Resource, ...more });

type Resources = Record<string, any>;
const findings = (here: Resources, there?: Resources, more: Record<string, Resources> = {}) => (
  replicationFindings(modelIn({ [OWNER]: here, ...(there && { [THERE]: there }), ...more })));
const allowed = (here: Resources, there?: Resources) => (
  findings(here, there).filter(({ rule }) => rule !== 'replica-unreadable').map(({ rule, severity }) => `${severity} ${rule}`));

describe('a destination in another account', () => {
  const REFUSED = ['error replication-not-allowed'];
  const UNMADE = ['warning replication-not-allowed'];

  test('that does not let the source in', () => {
    expect(findings({ Replication: to('team-a/', 'web-app') }, { Policy: registryPolicy(lets(`${ARN}/team-b/*`)) })).toEqual([{
      rule: 'replication-not-allowed',
      severity: 'error',
      place: { path: `${OWNER}/Replication`, account: OWNER, region: 'us-east-1', stack: OWNER, file: `${OWNER}.template.json`, logicalId: 'Replication' },
      message: `team-a/*, web-app* of account ${OWNER}, us-east-1, is not copied to account ${DESTINATION}, eu-central-1: `
        + `the policy of the registry there does not allow account ${OWNER} ecr:ReplicateImage`,
      remedy: `add to the policy of the registry of account ${DESTINATION}, eu-central-1`,
      statements: [{
        half: 'owner',
        document: `the policy of the registry of account ${DESTINATION}, eu-central-1`,
        statements: [expect.objectContaining({
          Effect: 'Allow', Principal: { AWS: [OWNER] }, Action: [CREATE, REPLICATE], Resource: [`${ARN}/team-a/*`, `${ARN}/web-app*`],
        })],
      }],
    }]);
  });

  test.each<[string, Resources, Resources, string[]]>([
    ['lets it copy everything', { R: to('') }, { P: registryPolicy(lets()) }, []],
    ['lets everybody', { R: to('') }, { P: registryPolicy(lets('*', { Principal: '*' })) }, []],
    ['lets its root', { R: to('') }, { P: registryPolicy(lets('*', { Principal: { AWS: `arn:aws:iam::${OWNER}:root` } })) }, []],
    ['lets an organization, which is not documented to work', { R: to('') },
      { P: registryPolicy(lets('*', { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-aaaaaaaaaa' } } })) }, []],
    ['lets its account by a condition', { R: to('') },
      { P: registryPolicy(lets('*', { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalAccount': OWNER } } })) }, []],
    ['lets another account by a condition', { R: to('') },
      { P: registryPolicy(lets('*', { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalAccount': CONSUMER } } })) }, REFUSED],
    ['lets another account', { R: to('') }, { P: registryPolicy(lets('*', { Principal: { AWS: CONSUMER } })) }, REFUSED],
    ['lets a role of the account', { R: to('') }, { P: registryPolicy(lets('*', { Principal: { AWS: `arn:aws:iam::${OWNER}:role/replication` } })) }, REFUSED],
    ['lets it do something else', { R: to('') }, { P: registryPolicy(lets('*', { Action: CREATE })) }, REFUSED],
    ['has no policy, but templates', { R: to('') }, { T: creationTemplate('ROOT') }, REFUSED],
    ['lets it copy what may be meant', { R: to('team-a/') }, { P: registryPolicy(lets(`${ARN}/team-a/web`)) }, []],
    ['lets it copy the one repository that is meant', { R: to('web'), W: repository('web'), A: repository('web-app') }, { P: registryPolicy(lets(`${ARN}/web`)) }, []],
    ['has a policy that only the deployment knows', { R: to('') }, { P: { Type: 'AWS::ECR::RegistryPolicy', Properties: { PolicyText: { 'Fn::ImportValue': 'Policy' } } } }, []],
    ['lets it copy one of two', { R: to('team-a/'), W: repository('team-a/web'), A: repository('team-a/api') },
      { P: registryPolicy(lets(`${ARN}/team-a/web`)) }, REFUSED],
    ['lets it copy one rule of two', { R: replication([DESTINATION, 'eu-central-1', 'a/'], [DESTINATION, 'eu-central-1', 'b/']) },
      { P: registryPolicy(lets(`${ARN}/a/*`)) }, REFUSED],
    ['lets it not make repositories: they may be there', { R: to('team-a/') }, { P: registryPolicy(lets('*', { Action: REPLICATE })) }, []],
    ['lets it not make those that a template is for', { R: to('team-a/') }, { P: registryPolicy(lets('*', { Action: REPLICATE })), T: creationTemplate('team-a') }, UNMADE],
    ['lets it not make a repository that is in sight here only', { R: to('web'), W: repository('web') }, { P: registryPolicy(lets('*', { Action: REPLICATE })) }, UNMADE],
    ['lets it not make one that is there', { R: to('web'), W: repository('web') }, { P: registryPolicy(lets('*', { Action: REPLICATE })), W: repository('web') }, []],
    ['denies it', { R: to('') }, { P: registryPolicy(lets(), lets('*', { Effect: 'Deny' })) }, REFUSED],
  ])('that %s', (_, here, there, expected) => {
    expect(allowed(here, there)).toEqual(expected);
  });

  test('that denies it: no statement mends that', () => {
    const [found] = findings({ R: to('web') }, { P: registryPolicy(lets(), lets('*', { Effect: 'Deny' })) });
    expect([found.message, found.remedy, found.statements]).toEqual([
      `web* of account ${OWNER}, us-east-1, is not copied to account ${DESTINATION}, eu-central-1: the policy of the registry there denies account ${OWNER} ecr:ReplicateImage`,
      'narrow the statement that denies it: no other statement can allow what one denies',
      [],
    ]);
  });

  test('into repositories only that are there', () => {
    const [found] = findings({ R: to('web'), W: repository('web') }, { P: registryPolicy(lets('*', { Action: REPLICATE })) });
    expect(found.message).toBe(`web of account ${OWNER}, us-east-1, is copied only into existing repositories of account ${DESTINATION}, eu-central-1: `
      + `the policy of the registry there does not allow account ${OWNER} ecr:CreateRepository`);
  });

  test.each<[string, Resources, Resources]>([
    ['a prefix', { R: to('team-a/') }, { P: registryPolicy(lets(`${ARN}/x`)) }],
    ['a repository', { R: to('web'), W: repository('web') }, { P: registryPolicy(lets(`${ARN}/x`)) }],
    ['a repository that is there', { R: to('web'), W: repository('web') }, { P: registryPolicy(lets(`${ARN}/x`)), W: repository('web') }],
    ['repositories to be made', { R: to('team-a/') }, { P: registryPolicy(lets('*', { Action: REPLICATE })), T: creationTemplate('team-a') }],
  ])('for %s, the suggested statement mends it', (_, here, there) => {
    const [{ statements: [{ statements }] }] = findings(here, there);
    expect(allowed(here, { ...there, P: registryPolicy(...statements) })).toEqual([]);
  });

  test('for a repository that is there, the suggested statement makes none', () => {
    const [{ statements: [{ statements }] }] = findings({ R: to('web'), W: repository('web') }, { T: creationTemplate('x'), W: repository('web') });
    expect(statements).toEqual([expect.objectContaining({ Action: [REPLICATE], Resource: [`${ARN}/web`] })]);
  });

  test('of which nothing in sight says who is let in', () => {
    const expected = [expect.objectContaining({
      rule: 'replication-destination-not-in-sight',
      severity: 'warning',
      message: `whether web* may be copied from account ${OWNER}, us-east-1, to account ${DESTINATION}, eu-central-1, is not in sight: `
        + 'the policy of the registry there is in none of the templates',
      remedy: 'check it together with the templates of the destination, or see that the policy of its registry has this',
      statements: [expect.objectContaining({ statements: [expect.objectContaining({ Action: [CREATE, REPLICATE], Resource: [`${ARN}/web*`] })] })],
    })];
    expect(findings({ R: to('web') })).toEqual(expected);
    // What runs there says nothing of the registry.
    expect(findings({ R: to('web') }, { T: task('nginx', 'x') })).toEqual(expected);
  });
});

describe('nobody has to let in', () => {
  test.each<[string, Record<string, Resources>]>([
    ['a registry of the same account', { [OWNER]: { R: replication([OWNER, 'eu-central-1']) } }],
    ['a registry of the same account, by its reference', { [OWNER]: { R: replication([{ Ref: 'AWS::AccountId' }, 'eu-central-1']) } }],
    ['a registry of another partition: nothing is copied to there', { [OWNER]: { R: replication([DESTINATION, 'cn-north-1']) } }],
    ['a registry whose account is not known', { [OWNER]: { R: replication([{ Ref: 'Parameter' }, 'eu-central-1']) } }],
    ['a source whose account is not known', { '<AWS::AccountId>': { R: to('') } }],
  ])('%s', (_, stacks) => {
    expect(replicationFindings(modelIn(stacks))).toEqual([]);
  });
});

describe('a replica that nobody outside its account may pull', () => {
  const EU = `${OWNER} eu-central-1`;
  const ORIGINAL = repository('web-app', allow({ AWS: CONSUMER }));
  const toEu = (...prefixes: string[]) => replication([OWNER, 'eu-central-1', ...prefixes]);
  const REPLICA = `arn:aws:ecr:eu-central-1:${OWNER}:repository/web-app`;
  const message = `web-app of account ${OWNER}, us-east-1, may be pulled from other accounts, but the replica in account ${OWNER}, eu-central-1, may not: `
    + 'Amazon ECR copies no policies';

  test('which Amazon ECR makes without a policy', () => {
    expect(findings({ R: toEu('web-app'), WebApp: ORIGINAL })).toEqual([{
      rule: 'replica-unreadable',
      severity: 'warning',
      place: { path: `${OWNER}/R`, account: OWNER, region: 'us-east-1', stack: OWNER, file: `${OWNER}.template.json`, logicalId: 'R' },
      repository: REPLICA,
      message,
      remedy: 'let in who is meant to pull there, by the policy of the replica, of a creation template for REPLICATION, or of the registry; '
        + 'with replicateTo or replicas of this library, the grantees of the original are let in',
      statements: [],
    }]);
  });

  test('of which the template is in sight', () => {
    expect(findings({ R: toEu('web-app'), WebApp: ORIGINAL }, undefined, { [EU]: { Replica: repository('web-app') } }))
      .toEqual([expect.objectContaining({ place: expect.objectContaining({ path: `${EU}/Replica` }), repository: REPLICA, message })]);
  });

  test('of many, in one finding', () => {
    const [found, ...others] = findings({ R: toEu(''), WebApp: ORIGINAL, Api: repository('api', allow('*')), Own: repository('own') });
    expect(others).toEqual([]);
    expect([found.repository, found.message]).toEqual([undefined, `web-app, api of account ${OWNER}, us-east-1, may be pulled from other accounts, `
      + `but the replicas in account ${OWNER}, eu-central-1, may not: Amazon ECR copies no policies`]);
  });

  const replicaOfOther = allow({ AWS: OWNER });
  test.each<[string, object, Resources, boolean]>([
    ['a replica with the same policy', ORIGINAL, { Replica: ORIGINAL }, false],
    ['a replica with a policy for its own account', ORIGINAL, { Replica: repository('web-app', replicaOfOther) }, true],
    ['a replica with a policy for pushing', ORIGINAL, { Replica: repository('web-app', allow({ AWS: CONSUMER }, { Action: 'ecr:PutImage' })) }, true],
    ['a replica for somebody who is known at deployment', ORIGINAL, { Replica: repository('web-app', allow({ AWS: { Ref: 'Parameter' } })) }, false],
    ['a template that lets somebody in', ORIGINAL, { T: creationTemplate('ROOT', ['REPLICATION'], allow({ AWS: CONSUMER })) }, false],
    ['a template for something else', ORIGINAL, { T: creationTemplate('ROOT', ['PULL_THROUGH_CACHE'], allow({ AWS: CONSUMER })) }, true],
    ['a template that does not count, since the replica is there', ORIGINAL,
      { Replica: repository('web-app'), T: creationTemplate('ROOT', ['REPLICATION'], allow({ AWS: CONSUMER })) }, true],
    ['a registry that lets somebody in', ORIGINAL, { P: registryPolicy(allow({ AWS: CONSUMER }, { Resource: '*' })) }, false],
    ['a registry that lets somebody in elsewhere', ORIGINAL, { P: registryPolicy(allow({ AWS: CONSUMER }, { Resource: `arn:aws:ecr:eu-central-1:${OWNER}:repository/api` })) }, true],
    ['somebody in the account who pulls it', ORIGINAL, { T: task(`${hostOf(OWNER, 'eu-central-1')}/web-app`, `arn:aws:iam::${OWNER}:role/app`) }, false],
    ['somebody in the account who pulls the original', ORIGINAL, { T: task(`${hostOf()}/web-app`, `arn:aws:iam::${OWNER}:role/app`) }, true],
    ['an original for its own account', repository('web-app', replicaOfOther), {}, false],
    ['an original for the functions of its account, as the CDK writes it', repository('web-app', allow({ Service: 'lambda.amazonaws.com' })), {}, false],
    ['an original for the functions of an account',
      repository('web-app', allow({ Service: 'lambda.amazonaws.com' }, { Condition: { StringEquals: { 'aws:SourceAccount': CONSUMER } } })), {}, true],
    ['an original that others push to', repository('web-app', allow({ AWS: CONSUMER }, { Action: 'ecr:PutImage' })), {}, false],
    ['an original for somebody who is known at deployment', repository('web-app', allow({ AWS: { Ref: 'Parameter' } })), {}, false],
  ])('%s', (_, original, inEurope, isFound) => {
    const found = findings({ R: toEu('web-app'), WebApp: original }, undefined, { [EU]: inEurope });
    expect(inShort(found).map((one) => one.split(' ')[1])).toEqual(isFound ? ['replica-unreadable'] : []);
  });

  test('what arrived as a replica is not copied again', () => {
    expect(findings({ R: toEu('web-app'), WebApp: ORIGINAL }, undefined, { [EU]: { Replica: ORIGINAL, R: replication([OWNER, 'eu-west-1']) } })).toEqual([]);
  });

  test('in another account, whose own workloads may be all that is meant, is information', () => {
    const policy = { P: registryPolicy(lets()) };
    expect(inShort(findings({ R: to('web-app'), WebApp: ORIGINAL }, policy))).toEqual([`info replica-unreadable ${OWNER}/R`]);
    expect(inShort(findings({ R: to('web-app'), WebApp: ORIGINAL }, { Replica: repository('web-app') })))
      .toEqual([`warning replication-destination-not-in-sight ${OWNER}/R`, `info replica-unreadable ${THERE}/Replica`]);
    expect(inShort(findings({ R: to('web-app'), WebApp: ORIGINAL }))).toEqual([`warning replication-destination-not-in-sight ${OWNER}/R`]);
  });
});
