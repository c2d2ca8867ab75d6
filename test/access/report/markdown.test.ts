import { finding } from '../../../src/access/findings/finding';
import { judge } from '../../../src/access/judgement/judge';
import { modelOf } from '../../../src/access/model/model';
import { checkAsMarkdown, reportAsMarkdown } from '../../../src/access/report/markdown';
import { stackOf } from '../support';

const place = { path: 'Web/`odd` task', stack: 'Web', account: '222222222222', region: 'us-east-1', file: 'Web.template.json', logicalId: 'Task' };
const MISSING = finding('owner-half-missing', {
  place,
  runtime: 'ECS task',
  half: 'owner',
  message: 'role <Web/Role> may not: *, [a](b) & @everybody',
  remedy: 'add to it',
  statements: [{ half: 'owner', document: 'the policy', statements: [{ Effect: 'Allow' }] }],
});
const UNUSED = finding('unused-grant', { place: { ...place, path: 'contract.json', stack: '' }, message: 'nobody uses it', remedy: 'take it away' });

test('findings are a list with what to paste, in which names mean nothing to Markdown', () => {
  expect(checkAsMarkdown([MISSING, UNUSED]).slice(0, -1)).toEqual([
    '## Can every image be pulled? 1 error, 1 note',
    '',
    '#### Errors: this fails',
    '',
    '- **owner-half-missing** `` Web/`odd` task `` (stack `Web`, account `222222222222`, `us-east-1`, ECS task): The policy of the repository does not let the puller in',
    '',
    '  The owner half fails: role &lt;Web/Role> may not: \\*, \\[a\\](b) &amp; @\u200beverybody',
    '',
    '  **To do:** add to it',
    '',
    '  ```json',
    '  {',
    '    "Effect": "Allow"',
    '  }',
    '  ```',
    '',
    '<details>',
    '<summary>Good to know: 1 note</summary>',
    '',
    '- **unused-grant** `contract.json` (account `222222222222`, `us-east-1`): Nobody in sight uses this grant',
    '',
    '  nobody uses it',
    '',
    '  **To do:** take it away',
    '',
    '</details>',
    '',
  ]);
});

test('of several documents each is named', () => {
  const both = { ...MISSING, statements: [...MISSING.statements, { half: 'consumer' as const, document: 'the role\'s', statements: [{ Effect: 'Deny' }] }] };
  expect(checkAsMarkdown([both]).filter((line) => line.startsWith('  In '))).toEqual(['  In the policy:', '  In the role\'s:']);
});

const MODEL = modelOf([stackOf({
  Resources: {
    Shared: {
      Type: 'AWS::ECR::Repository',
      Properties: { RepositoryName: 'shared', RepositoryPolicyText: { Statement: [{ Effect: 'Allow', Principal: { AWS: '222222222222' }, Action: 'ecr:*' }] } },
    },
    Alone: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'alone' } },
    Task: { Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions: [{ Image: '111111111111.dkr.ecr.us-east-1.amazonaws.com/shared' }] } },
  },
})]);

test('a report has a picture, and tables', () => {
  expect(reportAsMarkdown(MODEL, judge(MODEL), []).slice(0, -1)).toEqual([
    '## Who pulls what from whom',
    '',
    '```mermaid',
    'flowchart LR',
    '  subgraph a1["account 111111111111"]',
    '    n1["Stack/Task<br/>ECS task"]',
    '    n2[("shared<br/>us-east-1")]',
    '  end',
    '  n1 -->|"undecided"| n2',
    '  linkStyle 0 stroke:#818b98,stroke-dasharray:8 5',
    '```',
    '',
    '### Pulls',
    '',
    '| what | is a | in account | image of | account | Region | works |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    '| `Stack/Task` | ECS task | `111111111111` | `shared` | `111111111111` | `us-east-1` | cannot be told: the task has no execution role, so the role of the instance pulls |',
    '',
    '### Repositories: whom the owner lets in',
    '',
    '| repository | account | Region | who | may |',
    '| --- | --- | --- | --- | --- |',
    '| `shared` | `111111111111` | `us-east-1` | account 222222222222 | everything |',
    '| `alone` | `111111111111` | `us-east-1` | nobody outside its account |  |',
    '',
  ]);
});

test('findings stand in it too, and of nothing there is nothing but what is out of sight', () => {
  expect(reportAsMarkdown(MODEL, judge(MODEL), [MISSING])).toContain('### Findings: 1 error');
  expect(reportAsMarkdown(modelOf([]), [], [])).toEqual(['## Who pulls what from whom', '', expect.stringMatching(/^Out of sight, /)]);
});
