import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join, relative } from 'path';
import { App, aws_ecr, aws_ecs, aws_iam, aws_lambda, Stack, Validations } from 'aws-cdk-lib';
import { transpile } from 'typescript';
import * as sharedEcr from '../src';
import { RULE_IDS, RULES } from '../src/access/findings/rules';

/** The pages under `docs`: that they are there, agree with the rules, and lead where they say. */

const ROOT = join(__dirname, '..');
const RULE_PAGES = 'docs/rules';

const pages = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.md'))
  .map((path) => join('docs', path))
  .sort();

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** A text without what stands in fences. */
function proseOf(markdown: string): string {
  return markdown.replace(/^```[^]*?^```$/gm, '');
}

function headingsOf(markdown: string): string[] {
  return [...proseOf(markdown).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading);
}

/** The anchor that GitHub gives to a heading. */
function anchorOf(heading: string): string {
  return heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/ /g, '-');
}

function fencesOf(markdown: string, language: string): string[] {
  return [...markdown.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map(([, code]) => code);
}

interface Link {
  readonly target: string;
  readonly file: string;
  readonly anchor?: string;
}

/** The links of a page to files of the repository. */
function linksOf(path: string): Link[] {
  return [...proseOf(read(path)).replace(/`[^`\n]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [file, anchor] = target.split('#');
      return { target, file: file === '' ? path : relative(ROOT, join(ROOT, dirname(path), file)), anchor };
    });
}

test('each rule has a page, and each page a rule', () => {
  expect(pages.filter((path) => dirname(path) === RULE_PAGES)).toEqual(['README', ...RULE_IDS].map((id) => `${RULE_PAGES}/${id}.md`).sort());
});

describe.each(RULE_IDS)('the page of %s', (id) => {
  const page = read(`${RULE_PAGES}/${id}.md`);

  test('begins as the rule is', () => {
    expect(page.split('\n').slice(0, 4)).toEqual([`# ${id}`, '', `**Severity:** ${RULES[id].severity}. ${RULES[id].title}.`, '']);
  });

  test('has all parts', () => {
    expect(headingsOf(page).slice(1)).toEqual(['What is wrong', 'Why', 'Example', 'How to mend it', 'When to acknowledge it', 'What is not known']);
  });

  test('says on what it rests', () => {
    expect(page).toMatch(/\(https:\/\/docs\.aws\.amazon\.com\/[^)]+\)/);
  });

  test('has an example, and statements that are JSON', () => {
    expect(fencesOf(page, 'ts').length).toBeGreaterThan(0);
    expect(fencesOf(page, 'json').length).toBeGreaterThan(0);
    fencesOf(page, 'json').forEach((json) => expect(() => JSON.parse(json)).not.toThrow());
  });

  test('acknowledges what `cdk synth` shows, and by its own id', () => {
    const acknowledged = [...page.matchAll(/acknowledge\(\{ id: '([^']+)', reason: '[^']+' \}\)/g)].map(([, name]) => name);
    expect(acknowledged).toEqual(RULES[id].severity === 'info' ? [] : [`PullAccessValidator::${id}`]);
  });
});

/** What pages assume to be imported. */
const IMPORTED = { ecr: aws_ecr, ecs: aws_ecs, iam: aws_iam, lambda: aws_lambda, Stack, Validations, ...sharedEcr };

const CONTRACT = {
  kind: 'cdk-shared-ecr/contract',
  version: 1,
  repositories: [{ name: 'web-app', account: '111111111111', region: 'us-east-1' }],
  registries: [],
};

/** Runs a piece of code of a page in an app as `docs/rules/README.md` describes it, and finds what is wrong there. */
function findingsIn(code: string): sharedEcr.PullAccessFinding[] {
  const app = new App();
  const stackIn = (name: string, account: string, region: string) => new Stack(app, name, { env: { account, region } });
  const owner = stackIn('Owner', '111111111111', 'us-east-1');
  const contract = join(mkdtempSync(join(tmpdir(), 'docs-')), 'shared-ecr.json');
  writeFileSync(contract, JSON.stringify(CONTRACT));
  const isTakenAsGiven = (name: string) => new RegExp(`\\b${name}\\b`).test(code) && !code.includes(`const ${name} =`);
  const fixture = {
    ...IMPORTED,
    app,
    owner,
    consumer: stackIn('Consumer', '222222222222', 'us-east-1'),
    ...(isTakenAsGiven('frankfurt') && { frankfurt: stackIn('Frankfurt', '222222222222', 'eu-central-1') }),
    ...(isTakenAsGiven('webApp') && { webApp: new sharedEcr.SharedEcrRepository(owner, 'WebApp', { repositoryName: 'web-app' }) }),
  };
  const script = transpile(`{ ${code.replace(/'shared-ecr\.json'/g, JSON.stringify(contract))} }`);
  new Function(...Object.keys(fixture), script)(...Object.values(fixture));
  return sharedEcr.PullAccessValidator.findings(app);
}

describe.each(RULE_IDS)('the code on the page of %s', (id) => {
  const page = read(`${RULE_PAGES}/${id}.md`);
  const [example, ...others] = fencesOf(page, 'ts').filter((code) => !code.startsWith('Validations.of(app).acknowledge('));

  test('shows what the rule finds, and what to add', () => {
    const found = findingsIn(example).filter(({ rule }) => rule === id);
    expect(found).not.toEqual([]);

    const statements = found.flatMap(({ remedies }) => remedies.flatMap((remedy) => remedy.statements)).map((json) => JSON.parse(json));
    expect(fencesOf(page, 'json').flatMap((json) => JSON.parse(json))).toEqual(expect.arrayContaining(statements));
  });

  test('mends it', () => {
    expect(others.flatMap(findingsIn).filter(({ rule }) => rule === id)).toEqual([]);
  });
});

test('the table of rules lists all, as they are', () => {
  const rows = read(`${RULE_PAGES}/README.md`).split('\n').filter((line) => line.startsWith('| ['));
  expect(rows).toEqual(RULE_IDS.map((id) => `| [${id}](${id}.md) | ${RULES[id].severity} | ${RULES[id].title} |`));
});

test('each rule is met in troubleshooting, unless nothing fails by it', () => {
  const linked = linksOf('docs/troubleshooting.md').map(({ file }) => file);
  const silent = ['pull-undecided', 'open-principal', 'service-without-source', 'unused-grant'];
  expect(RULE_IDS.filter((id) => !linked.includes(`${RULE_PAGES}/${id}.md`)).sort()).toEqual(silent.sort());
});

test('troubleshooting lists its parts, and says of each message where it was seen', () => {
  const [, ...parts] = read('docs/troubleshooting.md').split(/^## /m).map((part) => ({ title: part.split('\n')[0], messages: part.split(/^### /m).slice(1) }));
  const listed = [...read('docs/troubleshooting.md').matchAll(/^- \[(.+)\]\(#(.+)\)$/gm)].map(([, title, anchor]) => ({ title, anchor }));
  expect(listed).toEqual(parts.map(({ title }) => ({ title, anchor: anchorOf(title) })));

  const unseen = parts.flatMap(({ messages }) => messages).filter((message) => !/^Seen in: .*\]\(https:/m.test(message)).map((message) => message.split('\n')[0]);
  expect(unseen).toEqual(['Validation failed: PullAccessValidator']);
});

test.each(['README.md', ...pages])('the links of %s lead to something', (path) => {
  const broken = linksOf(path).filter(({ file, anchor }) => !existsSync(join(ROOT, file))
    || (anchor !== undefined && !headingsOf(read(file)).map(anchorOf).includes(anchor)));
  expect(broken.map(({ target }) => target)).toEqual([]);
});
