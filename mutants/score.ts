import { CorrectApp, Subject } from './apps/app';
import { argumentFor } from './equivalent';
import { Fault } from './faults/fault';
import { faultsOf } from './faults/faults';
import { problemsOf } from './oracle/oracle';
import { keyOf } from './oracle/problem';
import { pasted } from './paste';
import { Judge } from './verdict';
import { Finding } from '../src/access/findings/finding';
import { StackTemplate } from '../src/access/template/template';

/** What became of one mutant. */
export interface Mutant {
  readonly fault: Fault;
  /** Why it breaks nothing; undefined if it does. */
  readonly argument?: string;
  /** What is wrong with what was said of it; none: all is well. */
  readonly complaints: readonly string[];
}

export interface Score {
  readonly app: string;
  /** What is said of the app as it is, though nothing is wrong, or not said though it is. */
  readonly falseAlarms: readonly string[];
  readonly mutants: readonly Mutant[];
}

/** Makes every single fault in an app, and compares what is said of it with a second opinion. */
export function scoreOf({ name, known = [] }: CorrectApp, subject: Subject, judge: Judge): Score {
  const base = allOf(subject);
  const opinions = new Opinions(subject, judge);
  const before = opinions.expected(base);
  return {
    app: name,
    falseAlarms: [
      ...differences(new Set(known.map(keyOf)), opinions.said(base).keys()),
      ...differences(new Set(known.map(keyOf)), before).map((difference) => `by the second opinion: ${difference}`),
    ],
    mutants: faultsOf(base).map((fault) => mutantOf(fault, base, before, opinions)),
  };
}

function allOf({ templates, byContract }: Subject): StackTemplate[] {
  return [...templates, ...byContract];
}

/** The two opinions on the templates of an app, by the keys of what is wrong. */
class Opinions {
  constructor(private readonly subject: Subject, private readonly judge: Judge) {}

  public expected(all: readonly StackTemplate[]): ReadonlySet<string> {
    return new Set(problemsOf(this.split(all)).map(keyOf));
  }

  /** Errors and warnings: what is only good to know is no alarm. */
  public said(all: readonly StackTemplate[]): ReadonlyMap<string, Finding> {
    return new Map(this.judge(this.split(all)).filter(({ severity }) => severity !== 'info').map((finding) => (
      [keyOf({ ...finding, path: finding.place.path }), finding])));
  }

  private split(all: readonly StackTemplate[]): Subject {
    const { templates: { length } } = this.subject;
    return { ...this.subject, templates: all.slice(0, length), byContract: all.slice(length) };
  }
}

function mutantOf(fault: Fault, base: readonly StackTemplate[], before: ReadonlySet<string>, opinions: Opinions): Mutant {
  const after = fault.apply(base);
  const [expected, said] = [opinions.expected(after), opinions.said(after)];
  const complaints = [
    ...differences(expected, said.keys()),
    ...[...said].filter(([key]) => expected.has(key)).flatMap(([key, finding]) => remedyComplaints(key, finding, after, expected, opinions)),
  ];
  if (differences(expected, before).length > 0) {
    return { fault, complaints };
  }
  const isSame = (templates: readonly StackTemplate[]) => differences(before, opinions.expected(templates)).length === 0;
  const argument = argumentFor(fault, base, isSame);
  return { fault, argument: argument ?? 'none', complaints: argument === undefined ? [...complaints, 'nothing breaks, and nobody has argued why'] : complaints };
}

function differences(expected: ReadonlySet<string>, said: Iterable<string>): string[] {
  const all = new Set(said);
  return [
    ...[...expected].filter((key) => !all.has(key)).map((key) => `not said: ${key}`),
    ...[...all].filter((key) => !expected.has(key)).map((key) => `said, but not so: ${key}`),
  ];
}

/** What is missing is said as statements; what they are pasted into has that fault no more, and no new one. */
function remedyComplaints(
  key: string, finding: Finding, templates: readonly StackTemplate[], were: ReadonlySet<string>, opinions: Opinions,
): string[] {
  if (finding.remedy.trim() === '') {
    return [`no remedy: ${key}`];
  }
  if (finding.severity !== 'error' || finding.statements.length === 0) {
    return /-missing$/.test(finding.rule) && finding.statements.length === 0 ? [`nothing to paste: ${key}`] : [];
  }
  const mended = pasted(templates, finding);
  if (!mended) {
    return [`nowhere to paste it: ${key}`];
  }
  const [expected, said] = [opinions.expected(mended), new Set(opinions.said(mended).keys())];
  return [
    ...expected.has(key) ? [`the remedy does not help: ${key}`] : [],
    ...said.has(key) ? [`still said after the remedy: ${key}`] : [],
    ...[...said, ...expected].filter((one) => !were.has(one)).map((one) => `new after the remedy: ${one}`),
  ];
}
