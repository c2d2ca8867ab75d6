import { findingsOf } from '../../../src/access/findings/findings';
import { judge } from '../../../src/access/judgement/judge';
import { modelOf } from '../../../src/access/model/model';
import { checkAsJson, reportAsJson, textOfJson } from '../../../src/access/report/json';
import { stackOf } from '../support';

const place = (logicalId: string) => (
  { path: `Stack/${logicalId}`, stack: 'Stack', account: '111111111111', region: 'us-east-1', file: 'Stack.template.json', logicalId });
const MODEL = modelOf([stackOf({
  Resources: {
    Web: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'web' } },
    Template: { Type: 'AWS::ECR::RepositoryCreationTemplate', Properties: { Prefix: 'shared', AppliedFor: ['REPLICATION'] } },
    Cache: { Type: 'AWS::ECR::PullThroughCacheRule', Properties: { EcrRepositoryPrefix: 'hub', UpstreamRegistryUrl: 'registry-1.docker.io' } },
    Replication: {
      Type: 'AWS::ECR::ReplicationConfiguration',
      Properties: { ReplicationConfiguration: { Rules: [{ Destinations: [{ RegistryId: '111111111111', Region: 'eu-central-1' }] }] } },
    },
    Task: { Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions: [{ Image: '111111111111.dkr.ecr.us-east-1.amazonaws.com/web' }] } },
  },
})]);
const FINDINGS = findingsOf([MODEL]);

test('a report has all that there is, each with its place', () => {
  const { findings, outOfSight, ...report } = JSON.parse(textOfJson(reportAsJson(MODEL, judge(MODEL), FINDINGS)).join('\n'));
  const why = ['the task has no execution role, so the role of the instance pulls'];
  expect(report).toEqual({
    version: 1,
    repositories: [{ ...place('Web'), name: 'web', arn: 'arn:aws:ecr:us-east-1:111111111111:repository/web', policySize: 0, grantees: [] }],
    registries: [{
      account: '111111111111',
      region: 'us-east-1',
      stacks: ['Stack'],
      policySize: 0,
      grantees: [],
      replicationRules: [{ prefixes: [''], destinations: [{ account: '111111111111', region: 'eu-central-1' }] }],
      templates: [{ ...place('Template'), namespace: 'shared/', appliedFor: ['REPLICATION'], policySize: 0, grantees: [] }],
      caches: [{ ...place('Cache'), namespace: 'hub/', upstream: 'registry-1.docker.io', upstreamNamespace: '', role: '' }],
    }],
    pulls: [{
      site: 'Stack/Task',
      runtime: 'ECS task',
      stack: 'Stack',
      account: '111111111111',
      region: 'us-east-1',
      file: 'Stack.template.json',
      logicalId: 'Task',
      image: { host: '111111111111.dkr.ecr.us-east-1.amazonaws.com', account: '111111111111', region: 'us-east-1', repository: 'web' },
      repository: 'arn:aws:ecr:us-east-1:111111111111:repository/web',
      puller: { type: 'unknown', why: why[0] },
      verdict: 'undecided',
      owner: { state: 'undecided', actions: [], why },
      consumer: { state: 'undecided', actions: [], why },
      trust: { state: 'notNeeded', actions: [], why: [] },
    }],
  });
  expect(findings.map(({ rule, site }: { rule: string; site: string }) => [rule, site])).toContainEqual(['pull-undecided', 'Stack/Task']);
  expect(outOfSight.length).toBeGreaterThan(0);
});

test('a check has its findings, and their numbers', () => {
  const { version, summary, findings } = checkAsJson(FINDINGS) as any;
  expect(version).toBe(1);
  expect(summary.errors + summary.warnings + summary.infos).toBe(findings.length);
  expect(findings).toHaveLength(FINDINGS.length);
  const [found] = findings.filter(({ rule }: { rule: string }) => rule === 'pull-undecided');
  expect(found).toMatchObject({ site: 'Stack/Task', runtime: 'ECS task', stack: 'Stack', file: 'Stack.template.json', logicalId: 'Task', statements: [] });
});
