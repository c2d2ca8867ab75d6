import { Mutant, Score } from './score';

/** The least number of mutants that says anything. */
export const LEAST = 500;

/** What came of it, in words and tables. `isWhole`: all apps are in it, and so enough mutants must be. */
export function linesOf(scores: readonly Score[], isWhole: boolean): { readonly lines: string[]; readonly isPerfect: boolean } {
  const mutants = scores.flatMap((score) => score.mutants);
  const alarms = scores.flatMap(({ app, falseAlarms }) => falseAlarms.map((alarm) => `${app}: ${alarm}`));
  const survivors = scores.flatMap(({ app, mutants: all }) => all.filter(isSurvivor).map((mutant) => ({ app, ...mutant })));
  const { broken, killed } = countsOf(mutants);
  const score = mutants.length === 0 ? 0 : (mutants.length - survivors.length) / mutants.length;
  const isPerfect = survivors.length === 0 && alarms.length === 0 && (!isWhole || mutants.length >= LEAST);
  return {
    isPerfect,
    lines: [
      'Mutants by app', '', ...table(['', 'mutants', 'break', 'reported', 'break nothing', 'not reported'], rowsBy(scores)), '',
      'Mutants by fault', '', ...table(['', 'mutants', 'break', 'reported', 'break nothing', 'not reported'], rowsByKind(mutants)), '',
      'Faults that break nothing, and why', '', ...argumentLines(mutants), '',
      ...section('False alarms on the apps as they are', alarms),
      ...section('Mutants that survived', survivors.flatMap(({ app, fault, complaints }) => [
        `${app}: ${fault.kind}: ${fault.what}`, ...complaints.map((complaint) => `  ${complaint}`),
      ])),
      `${mutants.length} mutants of ${scores.length} apps, at least ${LEAST}`,
      `${broken} break something: ${killed} are reported, on the right side, and what is to be pasted mends them`,
      `${mutants.length - broken} break nothing: each is argued above, and ${mutants.length - broken - (survivors.length - (broken - killed))} are not reported`,
      `${alarms.length} false alarms on the apps as they are`,
      `Score: ${(Math.floor(score * 10_000) / 100).toFixed(2)} %`,
    ],
  };
}

function isSurvivor({ complaints }: Mutant): boolean {
  return complaints.length > 0;
}

function countsOf(mutants: readonly Mutant[]) {
  const broken = mutants.filter(({ argument }) => argument === undefined);
  const others = mutants.filter(({ argument }) => argument !== undefined);
  const well = (some: readonly Mutant[]) => some.filter((mutant) => !isSurvivor(mutant)).length;
  return { broken: broken.length, killed: well(broken), equivalent: others.length, silent: well(others) };
}

function rowOf(name: string, mutants: readonly Mutant[]): string[] {
  const { broken, killed, equivalent, silent } = countsOf(mutants);
  return [name, ...[mutants.length, broken, killed, equivalent, silent].map(String)];
}

function rowsBy(scores: readonly Score[]): string[][] {
  return scores.map(({ app, mutants }) => rowOf(app, mutants));
}

function rowsByKind(mutants: readonly Mutant[]): string[][] {
  return [...grouped(mutants, ({ fault }) => fault.kind)].sort(byName).map(([kind, all]) => rowOf(kind, all));
}

function argumentLines(mutants: readonly Mutant[]): string[] {
  return [...grouped(mutants, ({ argument }) => argument)].flatMap(([argument, all]) => (argument === undefined ? [] : [
    `  ${all.length}: ${argument}`,
    ...[...grouped(all, ({ fault }) => fault.kind)].sort(byName).map(([kind, some]) => `    ${String(some.length).padStart(4)} ${kind}`),
  ]));
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function grouped<T, K>(all: readonly T[], keyOf: (one: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  all.forEach((one) => groups.set(keyOf(one), [...groups.get(keyOf(one)) ?? [], one]));
  return groups;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, '', ...lines.map((line) => `  ${line}`), ''];
}

function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string[] {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column].length)));
  return [head, ...rows].map((row) => (
    `  ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join('  ')}`.trimEnd()));
}
