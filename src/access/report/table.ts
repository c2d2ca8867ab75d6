import { ReportStyle } from './style';

/** Aligned columns. If they are too wide together, the widest is wrapped. */
export function table(head: readonly string[], rows: readonly string[][], style: ReportStyle, width: number): string[] {
  const cells = [head, ...rows].map((row) => row.map((cell) => [cell]));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column][0].length)));
  const room = width - widths.reduce((sum, columnWidth) => sum + columnWidth + GAP, 0);
  const widest = widths.indexOf(Math.max(...widths));
  if (room < 0) {
    widths[widest] = Math.max(widths[widest] + room, MINIMUM);
    cells.forEach((row) => row[widest] = wrap(row[widest][0], widths[widest]));
    widths[widest] = Math.max(...cells.flatMap((row) => row[widest].map(({ length }) => length)));
  }
  return cells.flatMap((row, index) => lines(row, widths).map((line) => (index === 0 ? style.aside(line) : line)));
}

const GAP = 2;
const MINIMUM = 30;

function lines(row: readonly string[][], widths: readonly number[]): string[] {
  return Array.from({ length: Math.max(...row.map((cell) => cell.length)) }, (_, line) => (
    row.map((cell, column) => ' '.repeat(GAP) + (cell[line] ?? '').padEnd(widths[column])).join('').trimEnd()
  ));
}

/** Breaks a text between its words; a word that is too long stands as it is. */
export function wrap(text: string, width: number): string[] {
  const wrapped = [''];
  for (const word of text.split(' ')) {
    const last = wrapped[wrapped.length - 1];
    if (last !== '' && `${last} ${word}`.length > width) {
      wrapped.push(`  ${word}`);
    } else {
      wrapped[wrapped.length - 1] = last === '' ? word : `${last} ${word}`;
    }
  }
  return wrapped;
}
