import { explain } from '../../../src/access/judgement/explain';
import { modelOf } from '../../../src/access/model/model';
import { explanationInWords } from '../../../src/access/report/explanation';
import { PLAIN } from '../../../src/access/report/style';
import { stackOf } from '../support';

const OWNER = '111111111111';
const CONSUMER = '222222222222';
const ROLE = `arn:aws:iam::${CONSUMER}:role/runs-web`;
const ECR = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const IMAGE = { account: OWNER, region: 'us-east-1', repository: 'web' };
const allow = (Sid: string, more: object) => ({ Sid, Effect: 'Allow', Action: ECR, ...more });
const repository = (...Statement: object[]) => (
  { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'web', ...(Statement.length > 0 && { RepositoryPolicyText: { Statement } }) } });
const role = (Statement: object[], more: object = {}) => ({ Type: 'AWS::IAM::Role', Properties: { RoleName: 'runs-web', Policies: [{ PolicyDocument: { Statement } }], ...more } });

function told(ofOwner: object, ofConsumer: object, arn = ROLE): string[] {
  const model = modelOf([stackOf({ Resources: ofOwner }, { path: 'Owner' }), stackOf({ Resources: ofConsumer }, { path: 'Web', account: CONSUMER })]);
  return explanationInWords(explain(model, [], { type: 'role', arn }, IMAGE), undefined, PLAIN, 150);
}

/** The lines of a chapter. */
function chapter(number: number, lines: readonly string[]): string[] {
  const from = lines.findIndex((line) => line.startsWith(`${number}. `)) + 1;
  return lines.slice(from, lines.indexOf('', from)).map((line) => line.slice(3));
}

test('what nearly lets somebody in is told, with why it does not, the nearest first', () => {
  const lines = told({
    Repository: repository(
      allow('Far', { Principal: { AWS: '333333333333' }, Condition: { StringEquals: { 'aws:SourceAccount': ['1', '2', '3', '4', '5', '6'] } } }),
      allow('Near', { Principal: { AWS: CONSUMER }, Condition: { ArnLike: { 'aws:PrincipalArn': `${ROLE}-2` } } }),
      allow('Push', { Principal: { AWS: CONSUMER }, Action: 'ecr:PutImage' }),
      allow('Other', { Principal: { AWS: '333333333333' }, Action: 'ecr:PutImage' }),
      allow('Everybody', { NotPrincipal: { AWS: CONSUMER } }),
    ),
  }, {});
  expect(chapter(3, lines)).toEqual([
    'ecr:BatchGetImage, ecr:GetDownloadUrlForLayer:',
    '  the policy of the repository: not allowed',
    '    "Near" does not:',
    `      condition: aws:PrincipalArn ArnLike ${ROLE}-2, but it is ${ROLE}`,
    '    "Push" does not:',
    '      action: it is about ecr:PutImage',
    '    "Everybody" does not:',
    `      principal: all but ${CONSUMER}, but the caller is ${ROLE}`,
    '    "Far" does not:',
    `      principal: 333333333333, but the caller is ${ROLE}`,
    '      condition: aws:SourceAccount StringEquals 1 or 2 or 3 or 4 or 2 more, but the request has no such key',
    '    1 other statement is about something else',
  ]);
});

test('who denies is told, and that nothing else mends it', () => {
  const lines = told({ Repository: repository(allow('All', { Principal: '*' }), { Sid: 'Never', Effect: 'Deny', Principal: '*', Action: 'ecr:*' }) }, {});
  expect(lines[2]).toMatch(/^ {3}No: the policy of the repository denies ecr:BatchGetImage, ecr:GetDownloadUrlForLayer/);
  expect(chapter(3, lines)).toEqual(['ecr:BatchGetImage, ecr:GetDownloadUrlForLayer:', '  the policy of the repository: denied', '    "All" allows it', '    "Never" denies it']);
  expect(chapter(5, lines)[0]).toBe('narrow the statement that denies it: no other statement can allow what one denies');
});

test('what cannot be told is told with what is not known', () => {
  const lines = told({
    Repository: repository(
      allow('Organization', { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }),
      { Effect: 'Deny', Principal: '*', Action: ECR, Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } },
    ),
  }, { Role: role([allow('Own', { Resource: '*' })], { PermissionsBoundary: 'arn:aws:iam::222222222222:policy/b', ManagedPolicyArns: ['arn:aws:iam::222222222222:policy/p'] }) });
  expect(lines[2]).toMatch(/^ {3}That cannot be told: /);
  expect(chapter(3, lines)).toEqual([
    'ecr:BatchGetImage, ecr:GetDownloadUrlForLayer:',
    '  the policy of the repository: cannot be told',
    '    "Organization" may allow it:',
    '      condition: aws:PrincipalOrgID StringEquals o-a1b2c3d4e5, but what the request has is known only when it is made',
    '    statement 2 may deny it:',
    '      condition: aws:SourceVpc StringEquals vpc-1, but what the request has is known only when it is made',
  ]);
  expect(chapter(4, lines).slice(0, 2)).toEqual([
    'attached, but what it says is not in sight: arn:aws:iam::222222222222:policy/p',
    'a permissions boundary is set, but what it says is not in sight',
  ]);
  expect(chapter(5, lines)).toEqual(['declare what is missing, such as the accounts of an organization (--organization) or the environment of a stack, or see that it is so']);
});

test('what is not in sight is said, and what to do about it', () => {
  const lines = told({}, {});
  expect(lines[2]).toBe('   That cannot be told: owner not in sight; role not in sight.');
  expect(chapter(1, lines)[1]).toMatch(/^not in sight: no template here makes this role/);
  expect(chapter(2, lines)[1]).toMatch(/^not in sight: no template here makes this repository/);
  expect(chapter(3, lines)).toEqual(['the policy of the repository is not in sight']);
  expect(chapter(4, lines)).toEqual(['the policies of the role are not in sight']);
  expect(chapter(5, lines)).toEqual(['give the assembly of the owner too, or its contract (--contract)', `give the assembly too that makes ${ROLE}`]);
});

test('at home one half is enough, and an account as principal leaves it to the role', () => {
  const own = `arn:aws:iam::${OWNER}:role/runs-web`;
  const lines = told({ Repository: repository(allow('Account', { Principal: { AWS: OWNER } })), Role: role([]) }, {}, own);
  expect(chapter(2, lines)[2]).toBe('in the account of the puller: one half is enough, the policies of the role or a repository policy that names it');
  expect(chapter(3, lines)).toEqual([
    'it need not allow anything: in its own account the policies of the role are enough',
    'ecr:BatchGetImage, ecr:GetDownloadUrlForLayer:',
    '  the policy of the repository: not allowed',
    '    "Account" does not:',
    `      principal: ${OWNER}, but the caller is ${own}; in its own account, an account as principal leaves the`,
    '        decision to the policies of the role',
  ]);
  expect(chapter(4, lines)).toContain('    it has no statements');
});

test('what can never work no statement mends', () => {
  const functionArn = `arn:aws:lambda:us-east-1:${CONSUMER}:function:orders`;
  const code = { Code: { ImageUri: `${OWNER}.dkr.ecr.eu-central-1.amazonaws.com/web` }, FunctionName: 'orders' };
  const model = modelOf([stackOf({ Resources: { Function: { Type: 'AWS::Lambda::Function', Properties: code } } }, { path: 'Web', account: CONSUMER })]);
  const puller = { type: 'service' as const, service: 'lambda.amazonaws.com', sourceArn: functionArn };
  const lines = explanationInWords(explain(model, [], puller, { ...IMAGE, region: 'eu-central-1' }), undefined, PLAIN, 150);
  expect(chapter(1, lines)[1]).toBe('pulls for Web/Function (Lambda function)');
  expect(chapter(5, lines)[0]).toMatch(/^no statement mends that: use an image that AWS Lambda can pull/);
});
