/**
 * Breaks correct apps, one fault at a time, and sees whether the library says so: of each fault that breaks a pull, on which side, and how to
 * mend it; of each that breaks none, nothing.
 *
 *     npm run mutants               all apps
 *     npm run mutants -- demo       those whose names hold the text
 *
 * Exits with 1 if the score is not 100 %, with 2 if it cannot run.
 */
import { subjectOf } from './apps/app';
import { APPS } from './apps/apps';
import { linesOf } from './report';
import { Score, scoreOf } from './score';
import { LIBRARY } from './verdict';

function main([part = '']: readonly string[]): boolean {
  const apps = APPS.filter(({ name }) => name.includes(part));
  if (apps.length === 0) {
    throw new Error(`no app is called ${JSON.stringify(part)}; there are ${APPS.map(({ name }) => name).join('; ')}`);
  }
  const scores = apps.map((app): Score => scoreOf(app, subjectOf(app), LIBRARY));
  const { lines, isPerfect } = linesOf(scores, part === '');
  lines.forEach((line) => process.stdout.write(`${line}\n`));
  return isPerfect;
}

try {
  process.exitCode = main(process.argv.slice(2)) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${(error as Error).stack}\n`);
  process.exitCode = 2;
}
