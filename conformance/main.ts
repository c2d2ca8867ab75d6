/**
 * Lets tools that others wrote judge what the library emits. Installs by itself what it needs.
 *
 *     npm run conformance                everything
 *     npm run conformance -- 'mix 17'    only the apps of the simulator whose names hold the text
 *
 * Exits with 1 if a check fails, with 2 if it cannot run.
 */
import { execFileSync } from 'child_process';
import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { linesOf } from './summary';

const SIMULATOR = '@cloud-copilot/iam-simulate';

/** Whether this package's dependencies are there, in the versions that it pins. */
function isInstalled(): boolean {
  const { dependencies } = JSON.parse(readFileSync(join(__dirname, 'package.json'), 'utf8'));
  const installed = join(__dirname, 'node_modules', SIMULATOR, 'package.json');
  return existsSync(installed) && JSON.parse(readFileSync(installed, 'utf8')).version === dependencies[SIMULATOR];
}

async function main([part = '']: readonly string[]): Promise<boolean> {
  if (!isInstalled()) {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: __dirname, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  // Not before the simulator is there.
  const { checkBySimulator } = await import('./simulator/check.js');
  const outcomes = (await checkBySimulator(part)).filter(({ cases }) => cases > 0);
  if (outcomes.length === 0) {
    throw new Error(`no app is called ${JSON.stringify(part)}`);
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
