/**
 * Lets tools that others wrote judge what the library emits. Installs by itself what it needs.
 *
 *     npm run conformance                          everything, as many checks at once as there are cores
 *     npm run conformance -- simulator             one check
 *     npm run conformance -- simulator mix 17      the part of it whose names hold the text
 *
 * Exits with 1 if a check fails, with 2 if nothing is called so.
 */
import { execFileSync, fork } from 'child_process';
import { availableParallelism } from 'os';
import { join } from 'path';
import { CHECKS } from './checks';
import { installNpmPackages } from './install';
import { linesOf, Outcome } from './summary';

const ROOT = join(__dirname, '..');

async function main([name, ...words]: readonly string[]): Promise<number> {
  const names = Object.keys(CHECKS);
  if (name !== undefined && !names.includes(name)) {
    process.stderr.write(`no check is called ${JSON.stringify(name)}; there are ${names.join(', ')}\n`);
    return 2;
  }
  const part = words.join(' ');
  installNpmPackages();
  checkSources();

  const all = await outcomesOf(name === undefined ? names : [name], part);
  // What nothing was asked of has proven nothing, unless only a part was wanted.
  const outcomes = part === '' ? all.map(orMissing) : all.filter(({ cases }) => cases > 0);
  if (outcomes.length === 0) {
    process.stderr.write(`nothing is called ${JSON.stringify(part)}\n`);
    return 2;
  }
  linesOf(outcomes).forEach((line) => process.stdout.write(`${line}\n`));
  return outcomes.every(({ failed }) => failed === 0) ? 0 : 1;
}

function orMissing(outcome: Outcome): Outcome {
  return outcome.cases > 0 ? outcome : { ...outcome, failed: 1, failures: ['it has no cases'] };
}

/** Types and style. `npm test` cannot: without the packages of this folder nothing here compiles. */
function checkSources(): void {
  const run = (command: string, ...words: readonly string[]) => execFileSync(join(ROOT, 'node_modules/.bin', command), words, {
    cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ESLINT_USE_FLAT_CONFIG: 'false', NODE_NO_WARNINGS: '1' },
  });
  run('tsc', '--project', 'conformance');
  run('eslint', '--ext', '.ts', 'conformance');
}

async function outcomesOf(names: readonly string[], part: string): Promise<Outcome[]> {
  const outcomes = new Map<string, readonly Outcome[]>();
  const waiting = [...names];
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      process.stderr.write(`${name} ...\n`);
      outcomes.set(name, await outcomesInProcess(name, part));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return names.flatMap((name) => outcomes.get(name)!);
}

/** A check that cannot run has failed; the others run all the same. */
function outcomesInProcess(name: string, part: string): Promise<readonly Outcome[]> {
  const child = fork(join(__dirname, 'worker.ts'), [name, part]);
  return new Promise((resolve) => {
    child.once('message', (outcomes) => resolve(outcomes as Outcome[]));
    child.once('exit', (code) => resolve([{ check: name, cases: 1, failed: 1, failures: [`it could not run, and ended with ${code}; see above`] }]));
  });
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
