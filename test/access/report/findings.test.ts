import { finding } from '../../../src/access/findings/finding';
import { countsInWords, findingsInWords, groupsOf, numberOf, outOfSightInWords, placeInWords } from '../../../src/access/report/findings';
import { COLOURED, PLAIN } from '../../../src/access/report/style';

const place = { path: 'Web/Task', stack: 'Web', account: '222222222222', region: 'us-east-1', file: 'Web.template.json', logicalId: 'Task' };
const MISSING = finding('owner-half-missing', {
  place,
  runtime: 'ECS task',
  half: 'owner',
  message: 'it is not let in',
  remedy: 'add to the policy',
  statements: [{ half: 'owner', document: 'the policy of web', statements: [{ Effect: 'Allow' }, { Effect: 'Deny' }] }],
});
const UNSEEN = finding('owner-not-in-sight', { place, half: 'owner', message: 'it is not in sight', remedy: 'show it' });
const UNUSED = finding('unused-grant', { place, message: 'nobody uses it', remedy: 'take it away' });
const OTHER_UNUSED = { ...UNUSED, message: 'nobody uses that either' };
const SHORT = [
  'Errors: this fails (1)',
  '',
  'owner-half-missing  The policy of the repository does not let the puller in',
  '  Web/Task in stack Web, account 222222222222, us-east-1 (ECS task)',
  '  fails: the owner half',
  '  it is not let in',
  '  To do: add to the policy:',
  '    {"Effect":"Allow"}',
  '    {"Effect":"Deny"}',
  '',
  'Warnings: this may fail, or lets too many in (1)',
  '',
  'owner-not-in-sight  The policy of the repository is not in sight',
  '  Web/Task in stack Web, account 222222222222, us-east-1',
  '  in question: the owner half',
  '  it is not in sight',
  '  To do: show it',
  '',
  'Good to know (2)',
  '',
];

test('the worst is told first, and what is only good to know is counted', () => {
  expect(findingsInWords([UNUSED, UNSEEN, MISSING, OTHER_UNUSED], false, PLAIN, 80)).toEqual([
    ...SHORT, '  unused-grant: 2 × Nobody in sight uses this grant', '  --verbose tells them one by one', '',
  ]);
});

test('or told one by one', () => {
  expect(findingsInWords([UNUSED, UNSEEN, MISSING, OTHER_UNUSED], true, PLAIN, 80)).toEqual([
    ...SHORT,
    ...['nobody uses it', 'nobody uses that either'].flatMap((message) => [
      'unused-grant  Nobody in sight uses this grant', '  Web/Task in stack Web, account 222222222222, us-east-1', `  ${message}`, '  To do: take it away', '',
    ]),
  ]);
});

test('of several documents each is named', () => {
  const both = { ...MISSING, statements: [...MISSING.statements, { half: 'consumer' as const, document: 'the policies of the role', statements: [{ Effect: 'Allow' }] }] };
  expect(findingsInWords([both], false, PLAIN, 80).slice(6, 12)).toEqual([
    '  To do: add to the policy:', '  in the policy of web:', '    {"Effect":"Allow"}', '    {"Effect":"Deny"}', '  in the policies of the role:', '    {"Effect":"Allow"}',
  ]);
});

test('long sentences are wrapped, what is pasted is not', () => {
  const long = { ...MISSING, message: 'word '.repeat(30).trim(), statements: [{ ...MISSING.statements[0], statements: [{ Sid: 'x'.repeat(100) }] }] };
  const lines = findingsInWords([long], false, PLAIN, 60);
  expect(lines.filter((line) => line.length > 62)).toEqual([
    'owner-half-missing  The policy of the repository does not let the puller in',
    '  Web/Task in stack Web, account 222222222222, us-east-1 (ECS task)',
    `    {"Sid":"${'x'.repeat(100)}"}`,
  ]);
});

test('on a terminal the rule stands out', () => {
  expect(findingsInWords([UNSEEN], false, COLOURED, 80)[2]).toBe('\u001b[1mowner-not-in-sight\u001b[0m  The policy of the repository is not in sight');
});

test('findings are counted by severity', () => {
  expect(countsInWords([UNUSED, UNSEEN, MISSING, UNUSED])).toBe('1 error, 1 warning, 2 notes');
  expect(countsInWords([])).toBe('no findings');
  expect(numberOf(1234, 'pull', 'pulls')).toBe('1,234 pulls');
  expect(groupsOf([UNUSED, MISSING]).map(({ severity }) => severity)).toEqual(['error', 'info']);
});

test('what a contract tells of is in no stack', () => {
  expect(placeInWords({ ...place, path: 'owner.json', stack: '' })).toBe('the contract owner.json, account 222222222222, us-east-1');
});

test('what is out of sight is a sentence', () => {
  expect(outOfSightInWords()).toMatch(/^Out of sight, and able to forbid what all this allows: service control policies .*; policies of VPC endpoints; .*\.$/);
});
