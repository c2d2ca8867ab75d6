import { Judgement } from '../../../src/access/judgement/judge';
import { Registry } from '../../../src/access/model/registries';
import { mermaidOf } from '../../../src/access/report/mermaid';

const OWNER = '111111111111';
const pull = (number: number, repository: string, verdict: Judgement['verdict'], account = '222222222222', path = `Web/Task${number}`) => ({
  site: { path, runtime: 'ECS task', account, file: 'Web.template.json', logicalId: `Task${number}`, image: { account: OWNER, region: 'us-east-1', repository } },
  repository: `arn:aws:ecr:us-east-1:${OWNER}:repository/${repository}`,
  verdict,
}) as Judgement;
const drawn = (judgements: readonly Judgement[], registries: readonly Partial<Registry>[] = []) => mermaidOf({ registries } as any, judgements);

test('pull sites point to repositories, by how it goes', () => {
  expect(drawn([pull(1, 'web', 'allowed'), pull(1, 'tools', 'ownerHalfMissing'), pull(2, 'web', 'undecided'), pull(3, 'web', 'notInSight', '333333333333')])).toEqual([
    'flowchart LR',
    '  subgraph a1["account 222222222222"]',
    '    n1["Web/Task1<br/>ECS task"]',
    '    n4["Web/Task2<br/>ECS task"]',
    '  end',
    '  subgraph a2["account 111111111111"]',
    '    n2[("web<br/>us-east-1")]',
    '    n3[("tools<br/>us-east-1")]',
    '  end',
    '  subgraph a3["account 333333333333"]',
    '    n5["Web/Task3<br/>ECS task"]',
    '  end',
    '  n1 --> n2',
    '  n1 -.->|"owner half fails"| n3',
    '  n4 -->|"undecided"| n2',
    '  n5 -->|"not in sight"| n2',
    '  linkStyle 1 stroke:#d1242f,color:#d1242f',
    '  linkStyle 2,3 stroke:#818b98,stroke-dasharray:8 5',
  ]);
});

test('registries copy and cache', () => {
  const registry = {
    account: OWNER,
    region: 'us-east-1',
    rules: [{ prefixes: ['', 'team/'], destinations: [{ account: OWNER, region: 'eu-central-1' }] }],
    caches: [
      { namespace: 'shared/', upstream: '444444444444.dkr.ecr.us-east-1.amazonaws.com' },
      { namespace: '', upstream: 'public.ecr.aws' },
    ] as any,
  };
  expect(drawn([], [registry])).toEqual([
    'flowchart LR',
    '  subgraph a1["account 111111111111"]',
    '    n1{{"registry<br/>us-east-1"}}',
    '    n2{{"registry<br/>eu-central-1"}}',
    '  end',
    '  subgraph a2["account 444444444444"]',
    '    n3{{"registry<br/>us-east-1"}}',
    '  end',
    '  n1 ==>|"copies everything, team/"| n2',
    '  n1 ==>|"caches as shared/"| n3',
  ]);
});

test.each([
  ['a"b]c', 'a#34;b#93;c'],
  ['x#quot;', 'x#35;quot#59;'],
  ['`code`', '#96;code#96;'],
  ['%%{init}%%', '#37;#37;#123;init#125;#37;#37;'],
  ['<AWS::AccountId>', '#60;AWS::AccountId#62;'],
  ['*bold* _it_', '#42;bold#42; #95;it#95;'],
  ['two\nlines', 'two lines'],
  ['ünïcode', 'ünïcode'],
])('in a label, %j is only text', (path, label) => {
  expect(drawn([pull(1, 'web', 'allowed', OWNER, path)])[2]).toBe(`    n1["${label}<br/>ECS task"]`);
});

test('many pulls are drawn by accounts', () => {
  const lines = drawn(Array.from({ length: 61 }, (_, index) => pull(index, 'web', index === 0 ? 'impossible' : 'allowed')));
  expect(lines).toEqual([
    'flowchart LR',
    '  subgraph a1["account 222222222222"]',
    '    n1(["what pulls<br/>in 222222222222"])',
    '  end',
    '  subgraph a2["account 111111111111"]',
    '    n2[("web<br/>us-east-1")]',
    '  end',
    '  n1 -.->|"never works"| n2',
    '  n1 -->|"60 pulls"| n2',
    '  linkStyle 0 stroke:#d1242f,color:#d1242f',
  ]);
});

test('what GitHub would not draw is not all drawn: that of many repositories by accounts, and of many accounts the worst', () => {
  const manyRepositories = drawn(Array.from({ length: 1000 }, (_, index) => pull(index, `r${index}`, 'allowed')));
  expect(manyRepositories).toContain('  n1 -->|"1000 pulls"| n2');
  const manyAccounts = drawn(Array.from({ length: 1000 }, (_, index) => pull(index, `r${index}`, index === 999 ? 'ownerHalfMissing' : 'allowed', String(100000000000 + index))));
  expect(manyAccounts.filter((line) => line.includes('->'))).toHaveLength(300);
  expect(manyAccounts).toContain('  n1 -.->|"owner half fails"| n2');
  expect(manyAccounts.at(-1)).toBe('  more["and 700 more, which the table has"]');
  expect(manyAccounts.join('\n').length).toBeLessThan(50_000);
});
