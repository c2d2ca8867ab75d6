/**
 * Lets tools that others wrote judge what the library emits. Installs by itself what it needs.
 *
 *     npm run conformance                          everything
 *     npm run conformance -- simulator             one check
 *     npm run conformance -- simulator mix 17      the part of it whose names hold the text
 *
 * Exits with 1 if a check fails, with 2 if it cannot run.
 */
import { execFileSync } from 'child_process';
import { join } from 'path';
import { installNpmPackages } from './install';
import { linesOf, Outcome } from './summary';

/** Imported not before their packages are installed. */
const CHECKS: Readonly<Record<string, (part: string) => Promise<Outcome[]>>> = {
  simulator: async (part) => (await import('./simulator/check.js')).checkBySimulator(part),
};

async function main([name, ...words]: readonly string[]): Promise<boolean> {
  if (name !== undefined && !Object.keys(CHECKS).includes(name)) {
    throw new Error(`no check is called ${JSON.stringify(name)}; there are ${Object.keys(CHECKS).join(', ')}`);
  }
  const part = words.join(' ');
  installNpmPackages();
  execFileSync(join(__dirname, '../node_modules/.bin/tsc'), ['--project', __dirname], { stdio: ['ignore', 'inherit', 'inherit'] });

  const outcomes: Outcome[] = [];
  for (const check of name === undefined ? Object.keys(CHECKS) : [name]) {
    process.stderr.write(`${check} ...\n`);
    outcomes.push(...(await CHECKS[check](part)).filter(({ cases }) => cases > 0));
  }
  if (outcomes.length === 0) {
    throw new Error(`nothing is called ${JSON.stringify(part)}`);
  }
  linesOf(outcomes).forEach((line) => process.stdout.write(`${line}\n`));
  return outcomes.every(({ failed }) => failed === 0);
}

main(process.argv.slice(2)).then((isWell) => {
  process.exitCode = isWell ? 0 : 1;
}, (error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 2;
});
