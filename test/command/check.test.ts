import { writeFileSync } from 'fs';
import { join } from 'path';
import { appOf, CONSUMER, consumer, CONSUMER_APP, letsIn, OWNER, OWNER_APP, ran, repository, ROLE, WRONG_OWNER_APP } from './support';
import { OUT_OF_SIGHT } from '../../src/access/findings/finding';
import { assemblyOf } from '../access/support';

const OTHER = '333333333333';
const rulesIn = (...args: string[]) => JSON.parse(ran('check', ...args, '--format', 'json').out.join('\n')).findings.map(({ rule }: { rule: string }) => rule);
const OUT_OF_SIGHT_LINES = [
  'Out of sight, and able to forbid what all this allows: service control policies and resource control policies of AWS',
  '  Organizations; policies of VPC endpoints; session policies; what was changed by hand, or is deployed by apps that are',
  '  not among these.',
];

test('the apps of owner and consumer are judged together', () => {
  expect(ran('check', OWNER_APP, CONSUMER_APP)).toEqual({ code: 0, out: ['no findings; judged 1 pull in 2 stacks.', ...OUT_OF_SIGHT_LINES], err: [] });
});

test('a finding tells what fails, where, and what to paste', () => {
  const { code, out, err } = ran('check', WRONG_OWNER_APP, CONSUMER_APP);
  expect([code, err]).toEqual([1, []]);
  const statement = out.find((line) => line.startsWith('    {'))!;
  expect(out.slice(0, 6)).toEqual([
    'Errors: this fails (1)',
    '',
    'owner-half-missing  The policy of the repository does not let the puller in',
    `  Web/Task in stack Web, account ${CONSUMER}, us-east-1 (ECS task)`,
    '  fails: the owner half',
    `  ${ROLE} cannot pull web of account ${OWNER}, us-east-1: the policy of`,
  ]);
  expect(out.slice(-4)).toEqual(['1 error; judged 1 pull in 2 stacks.', ...OUT_OF_SIGHT_LINES]);
  const mended = appOf({ Repository: repository(JSON.parse(statement)) }, OWNER, 'Owner');
  expect(ran('check', mended, CONSUMER_APP).code).toBe(0);
});

test('warnings fail only if it is to be strict', () => {
  expect(rulesIn(CONSUMER_APP)).toEqual(['owner-not-in-sight']);
  expect(ran('check', CONSUMER_APP).code).toBe(0);
  expect(ran('check', CONSUMER_APP, '--strict').code).toBe(1);
});

describe('what is only good to know', () => {
  const app = appOf({ Repository: repository(letsIn(ROLE), letsIn(`arn:aws:iam::${OTHER}:role/nobody`, { Sid: 'Nobody', Principal: { AWS: OTHER } })) }, OWNER, 'Owner');
  const idle = appOf({ Queue: { Type: 'AWS::SQS::Queue' } }, OTHER, 'Idle');

  test('is counted', () => {
    const { code, out } = ran('check', app, CONSUMER_APP, idle);
    expect(code).toBe(0);
    expect(out.slice(0, 6)).toEqual([
      'Good to know (1)', '', '  unused-grant: 1 × Nobody in sight uses this grant', '  --verbose tells them one by one', '', '1 note; judged 1 pull in 3 stacks.',
    ]);
  });

  test('or told, if that is asked for', () => {
    expect(ran('check', app, CONSUMER_APP, idle, '--verbose').out.slice(0, 4)).toEqual([
      'Good to know (1)', '', 'unused-grant  Nobody in sight uses this grant', `  Owner/Repository in stack Owner, account ${OWNER}, us-east-1`,
    ]);
  });

  test('and never fails', () => {
    expect(ran('check', app, CONSUMER_APP, idle, '--strict').code).toBe(0);
  });
});

test('as JSON and as Markdown it says the same, with the same exit code', () => {
  const json = ran('check', WRONG_OWNER_APP, CONSUMER_APP, '--format', 'json');
  expect(json.code).toBe(1);
  expect(JSON.parse(json.out.join('\n'))).toMatchObject({
    version: 1, summary: { errors: 1, warnings: 0, infos: 0 }, findings: [{ rule: 'owner-half-missing', half: 'owner', site: 'Web/Task' }], outOfSight: OUT_OF_SIGHT,
  });
  const markdown = ran('check', WRONG_OWNER_APP, CONSUMER_APP, '--format', 'markdown');
  expect(markdown.code).toBe(1);
  expect(markdown.out.slice(0, 5)).toEqual([
    '## Can every image be pulled? 1 error', '', '#### Errors: this fails', '',
    '- **owner-half-missing** `Web/Task` (stack `Web`, account `222222222222`, `us-east-1`, ECS task): The policy of the repository does not let the puller in',
  ]);
});

test('a contract stands for the assembly of its owner', () => {
  const file = join(assemblyOf({ 'contract.json': ran('contract', OWNER_APP).out.join('\n') }), 'contract.json');
  expect(rulesIn(CONSUMER_APP, '--contract', file)).toEqual([]);
});

describe('organizations', () => {
  const inOrganization = { Sid: 'PullOrganization', Effect: 'Allow', Principal: '*', Action: 'ecr:*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' }, StringNotEquals: { 'aws:PrincipalAccount': OWNER } } };
  const app = appOf({ Repository: repository(inOrganization) }, OWNER, 'Owner');
  const directory = assemblyOf({});
  const file = (content: string) => {
    const path = join(directory, `organization-${Math.random()}.json`);
    writeFileSync(path, content);
    return path;
  };

  test('that nobody declared leave it open, those declared decide it', () => {
    const declared = file(JSON.stringify({ organizationId: 'o-a1b2c3d4e5', accounts: [CONSUMER] }));
    expect(rulesIn(app, CONSUMER_APP)).toContain('pull-undecided');
    expect(rulesIn(app, CONSUMER_APP, '--organization', declared)).not.toContain('pull-undecided');
    expect(rulesIn(app, CONSUMER_APP, '--organization', file(JSON.stringify([{ organizationId: 'o-z9y8x7w6v5', accounts: [CONSUMER] }])))).toContain('owner-half-missing');
  });

  test.each([
    ['{', / is not JSON: /],
    ['{"organizationId":"o-1","accounts":[]}', /\.organizationId is "o-1", but an organization id is /],
    ['[{"organizationId":"o-a1b2c3d4e5","accounts":["1"]}]', /"\[0\]\.accounts\[0\] is "1", but an account id is 12 digits/],
  ])('that are malformed are refused: %j', (content, message) => {
    const path = file(content);
    const { code, out, err } = ran('check', CONSUMER_APP, '--organization', path);
    expect([code, out]).toEqual([2, []]);
    expect(err[0]).toMatch(message);
    expect(err[0]).toContain(path);
  });

  test('in files that are not there, or contradict each other, are refused', () => {
    expect(ran('check', CONSUMER_APP, '--organization', 'nowhere.json').err)
      .toEqual(['cdk-shared-ecr: check: the organization file "nowhere.json" cannot be read: there is no such file']);
    const [a, b] = ['o-a1b2c3d4e5', 'o-z9y8x7w6v5'].map((organizationId) => file(JSON.stringify({ organizationId, accounts: [CONSUMER] })));
    expect(ran('check', CONSUMER_APP, '--organization', a, '--organization', b).err)
      .toEqual([`cdk-shared-ecr: check: account ${CONSUMER} is in several of the files "${a}", "${b}", but an account is in one organization, once`]);
  });
});

test('a pull that another role does is not taken for it, whatever the apps call their stacks', () => {
  const [right, wrong] = [consumer(), consumer({ Effect: 'Deny', Action: '*', Resource: '*' })];
  const owner = appOf({ Repository: repository(letsIn(ROLE), letsIn(`arn:aws:iam::${OTHER}:role/app/runs-web`, { Principal: { AWS: OTHER } })) }, OWNER, 'Owner');
  const [a, b] = [appOf(right, CONSUMER, 'Web'), appOf(wrong, OTHER, 'Web')];
  const { findings } = JSON.parse(ran('check', owner, a, b, '--format', 'json').out.join('\n'));
  expect(findings.map(({ rule, account, site }: any) => [rule, account, site])).toEqual([['consumer-half-denied', OTHER, `${b}: Web/Task`]]);
});
