import { countsInWords, groupsOf, numberOf, outOfSightInWords } from './findings';
import { granteesOf } from './grantees';
import { mermaidOf } from './mermaid';
import { isWorthTelling, verdictInWords } from './verdicts';
import { Finding } from '../findings/finding';
import { RULES } from '../findings/rules';
import { Judgement } from '../judgement/judge';
import { AccessModel } from '../model/model';
import { ownersIn } from '../model/owners';

/** What `check` finds, as a comment on a pull request. */
export function checkAsMarkdown(findings: readonly Finding[]): string[] {
  return [
    `## Can every image be pulled? ${countsInWords(findings)}`,
    '',
    ...findingsAsMarkdown(findings),
    escaped(outOfSightInWords()),
  ];
}

/** Who pulls what from whom, with a picture. */
export function reportAsMarkdown(model: AccessModel, judgements: readonly Judgement[], findings: readonly Finding[]): string[] {
  const owners = ownersIn(model).flatMap((owner) => {
    const grantees = granteesOf(owner);
    const name = [code(owner.name), code(owner.account), code(owner.region)];
    return grantees.length === 0 ? [[...name, 'nobody outside its account', '']] : grantees.map(({ who, may }) => [...name, escaped(who), escaped(may)]);
  });
  const told = judgements.filter(isWorthTelling);
  const pulls = told.map((judgement) => {
    const { path, runtime, account, image } = judgement.site;
    return [code(path), runtime, code(account), code(image.repository), code(image.account), code(image.region), escaped(verdictInWords(judgement))];
  });
  return [
    '## Who pulls what from whom',
    '',
    ...(told.length === 0 ? [] : [...fenced('mermaid', mermaidOf(model, told)), '']),
    ...section('Pulls', ['what', 'is a', 'in account', 'image of', 'account', 'Region', 'works'], pulls),
    ...section('Repositories: whom the owner lets in', ['repository', 'account', 'Region', 'who', 'may'], owners),
    ...(findings.length === 0 ? [] : [`### Findings: ${countsInWords(findings)}`, '', ...findingsAsMarkdown(findings)]),
    escaped(outOfSightInWords()),
  ];
}

function section(title: string, head: readonly string[], rows: readonly string[][]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return rows.length === 0 ? [] : [`### ${title}`, '', line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}

/** What must be done stands in full; what is only good to know can be folded out. */
function findingsAsMarkdown(findings: readonly Finding[]): string[] {
  return groupsOf(findings).flatMap(({ severity, title, findings: all }) => {
    const told = all.flatMap((finding) => [...findingAsMarkdown(finding), '']);
    return severity === 'info'
      ? ['<details>', `<summary>${title}: ${numberOf(all.length, 'note', 'notes')}</summary>`, '', ...told, '</details>', '']
      : [`#### ${title}`, '', ...told];
  });
}

function findingAsMarkdown(finding: Finding): string[] {
  const { rule, severity, place: { path, stack, account, region }, runtime, half, message, remedy, statements } = finding;
  const where = [...(stack === '' ? [] : [`stack ${code(stack)}`]), `account ${code(account)}`, code(region), ...(runtime === undefined ? [] : [runtime])];
  return [
    `- **${rule}** ${code(path)} (${where.join(', ')}): ${escaped(RULES[rule].title)}`,
    '',
    `  ${half && severity === 'error' ? `The ${half} half fails: ` : ''}${escaped(message)}`,
    '',
    `  **To do:** ${escaped(remedy)}`,
    ...statements.flatMap(({ document, statements: missing }) => [
      '',
      ...(statements.length > 1 ? [`  In ${escaped(document)}:`, ''] : []),
      ...fenced('json', missing.flatMap((statement) => JSON.stringify(statement, undefined, 2).split('\n'))).map((line) => `  ${line}`),
    ]),
  ];
}

function fenced(language: string, lines: readonly string[]): string[] {
  return ['```' + language, ...lines, '```'];
}

/** A name as it is: nothing in it means anything to Markdown, nor does it call anybody by `@`. */
function code(text: string): string {
  const inOneLine = text.replace(/\s+/g, ' ').replace(/\|/g, '\\|');
  const fence = '`'.repeat(1 + Math.max(0, ...(inOneLine.match(/`+/g) ?? []).map(({ length }) => length)));
  const margin = inOneLine.includes('`') ? ' ' : '';
  return inOneLine.trim() === '' ? '' : `${fence}${margin}${inOneLine}${margin}${fence}`;
}

/** A sentence in which names may stand. */
function escaped(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/[\\`*_{}[\]|#~]/g, '\\$&').replace(/@/g, '@\u200b');
}
