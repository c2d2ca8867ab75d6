import { CONSUMER, CONSUMER_APP, OWNER, OWNER_APP, ran, ROLE, WRONG_OWNER_APP } from './support';
import { OUT_OF_SIGHT } from '../../src/access/findings/finding';

test('the table tells who pulls what, and ends with what is out of sight', () => {
  const { code, out, err } = ran('report', OWNER_APP, CONSUMER_APP);
  expect([code, err]).toEqual([0, []]);
  expect(out.slice(-9)).toEqual([
    'Pulls: whether each works, by all that the templates say',
    '',
    '  what      is a      image of  account       Region     works',
    '  Web/Task  ECS task  web       111111111111  us-east-1  yes',
    '',
    'Out of sight, and able to forbid what all this allows: service control policies and resource control policies of AWS',
    '  Organizations; policies of VPC endpoints; session policies; what was changed by hand, or is deployed by apps that are',
    '  not among these.',
    '',
  ]);
});

test('JSON has a version and everything that a machine may ask for', () => {
  const { code, out } = ran('report', WRONG_OWNER_APP, CONSUMER_APP, '--format', 'json');
  const arn = `arn:aws:ecr:us-east-1:${OWNER}:repository/web`;
  expect(code).toBe(0);
  expect(JSON.parse(out.join('\n'))).toMatchObject({
    version: 1,
    repositories: [{ path: 'Owner/Repository', stack: 'Owner', account: OWNER, region: 'us-east-1', name: 'web', arn }],
    registries: [],
    pulls: [{
      site: 'Web/Task',
      runtime: 'ECS task',
      stack: 'Web',
      account: CONSUMER,
      region: 'us-east-1',
      image: { repository: 'web' },
      repository: arn,
      puller: { type: 'role', arn: ROLE },
      verdict: 'ownerHalfMissing',
      owner: { state: 'missing' },
      consumer: { state: 'granted' },
    }],
    findings: [{ rule: 'owner-half-missing', site: 'Web/Task' }],
    outOfSight: OUT_OF_SIGHT,
  });
});

test('Markdown has a picture, and finding something is no failure of a report', () => {
  const { code, out } = ran('report', WRONG_OWNER_APP, CONSUMER_APP, '--format', 'markdown');
  expect(code).toBe(0);
  expect(out.slice(0, 4)).toEqual(['## Who pulls what from whom', '', '```mermaid', 'flowchart LR']);
  expect(out).toContain('  n1 -.->|"owner half fails"| n2');
});

test('what is no format is refused', () => {
  expect(ran('report', OWNER_APP, '--format', 'tabel')).toEqual({
    code: 2, out: [], err: ['cdk-shared-ecr: report: --format is "tabel", but can be table, json, markdown; did you mean table?'],
  });
});
