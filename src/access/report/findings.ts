import { ReportStyle } from './style';
import { wrap } from './table';
import { groupBy } from '../../policy/value';
import { Finding, OUT_OF_SIGHT } from '../findings/finding';
import { RuleId, RULES, SEVERITIES, Severity } from '../findings/rules';
import { Place } from '../model/places';

/** How findings are called together. */
const WORDS: Readonly<Record<Severity, { readonly one: string; readonly many: string; readonly title: string }>> = {
  error: { one: 'error', many: 'errors', title: 'Errors: this fails' },
  warning: { one: 'warning', many: 'warnings', title: 'Warnings: this may fail, or lets too many in' },
  info: { one: 'note', many: 'notes', title: 'Good to know' },
};

/** Findings of one severity. */
export interface FindingGroup {
  readonly severity: Severity;
  readonly title: string;
  readonly findings: readonly Finding[];
}

/** Findings by severity, the worst first; no group without findings. */
export function groupsOf(findings: readonly Finding[]): FindingGroup[] {
  return SEVERITIES
    .map((severity) => ({ severity, title: WORDS[severity].title, findings: findings.filter((finding) => finding.severity === severity) }))
    .filter((group) => group.findings.length > 0);
}

/** `2 errors, 1 warning, 3 notes`, or that there is nothing. */
export function countsInWords(findings: readonly Finding[]): string {
  const counts = groupsOf(findings).map(({ severity, findings: { length } }) => numberOf(length, WORDS[severity].one, WORDS[severity].many));
  return counts.join(', ') || 'no findings';
}

export function numberOf(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

/** What is out of sight, in a sentence. */
export function outOfSightInWords(): string {
  return `Out of sight, and able to forbid what all this allows: ${OUT_OF_SIGHT.join('; ')}.`;
}

/** The findings in full, but of what is only good to know the numbers, unless `isVerbose`. */
export function findingsInWords(findings: readonly Finding[], isVerbose: boolean, style: ReportStyle, width: number): string[] {
  return groupsOf(findings).flatMap((group) => [
    style.title(`${group.title} (${group.findings.length})`),
    '',
    ...(group.severity === 'info' && !isVerbose
      ? [...[...groupBy(group.findings, ({ rule }) => rule)].map(([rule, { length }]) => `  ${rule}: ${length} × ${RULES[rule as RuleId].title}`), '  --verbose tells them one by one', '']
      : group.findings.flatMap((finding) => [...findingInWords(finding, style, width), ''])),
  ]);
}

function findingInWords(finding: Finding, style: ReportStyle, width: number): string[] {
  const { rule, severity, place, runtime, half, message, remedy, statements } = finding;
  return [
    `${style.name(rule)}  ${RULES[rule].title}`,
    style.aside(`  ${placeInWords(place)}${runtime === undefined ? '' : ` (${runtime})`}`),
    ...(half ? [`  ${severity === 'error' ? 'fails' : 'in question'}: the ${half} half`] : []),
    ...indented(message, width),
    ...indented(`To do: ${remedy}${statements.length > 0 ? ':' : ''}`, width),
    ...statements.flatMap(({ document, statements: missing }) => [
      ...(statements.length > 1 ? indented(`in ${document}:`, width) : []),
      ...missing.map((statement) => `    ${JSON.stringify(statement)}`),
    ]),
  ];
}

/** Where something is: `Web/Task in stack Web, account 111111111111, us-east-1`. */
export function placeInWords({ path, stack, account, region }: Place): string {
  // What a contract tells of is in no stack in sight: its path is that of the file.
  return stack === '' ? `the contract ${path}, account ${account}, ${region}` : `${path} in stack ${stack}, account ${account}, ${region}`;
}

function indented(text: string, width: number): string[] {
  return wrap(text, width - 2).map((line) => `  ${line}`);
}
