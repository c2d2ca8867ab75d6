/** What came of a check. */
export interface Outcome {
  readonly check: string;
  readonly cases: number;
  readonly failed: number;
  /** The first of them, in full. */
  readonly failures: readonly string[];
  /** Undefined if the time is in that of the line before. */
  readonly seconds?: number;
  readonly remarks?: readonly string[];
}

const SHOWN = 10;

export function outcomeOf(check: string, cases: number, failures: readonly string[], more: Pick<Outcome, 'seconds' | 'remarks'> = {}): Outcome {
  return { check, cases, failed: failures.length, failures: failures.slice(0, SHOWN), ...more };
}

/** All checks as one table, after what failed in full and what is to be said of those that passed. */
export function linesOf(outcomes: readonly Outcome[]): string[] {
  const rows = [
    ['check', 'cases', 'result', 'seconds'],
    ...outcomes.map(({ check, cases, failed, seconds }) => [
      check, String(cases), failed === 0 ? 'passed' : `${failed} FAILED`, seconds === undefined ? '' : seconds.toFixed(1),
    ]),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const inColumn = (cell: string, column: number) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]));
  return [
    ...outcomes.filter(({ failed }) => failed > 0).flatMap(({ check, failed, failures }) => [
      `${check}: ${failed} failed, the first ${failures.length}:`, ...failures.map((one) => `  ${one}`), '',
    ]),
    ...outcomes.flatMap(({ check, remarks = [] }) => remarks.map((remark) => `${check}: ${remark}`)),
    '',
    ...rows.map((row) => row.map(inColumn).join('  ').trimEnd()),
  ];
}
