import { execFileSync } from 'child_process';
import { createHash } from 'crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';

/** What the checks need is installed here, and nowhere else on the machine. */
export const TOOLS = join(__dirname, '.tools');

/** The packages of this folder's lock file. */
export function installNpmPackages(): void {
  once(join(__dirname, 'node_modules'), join(__dirname, 'package-lock.json'), () => {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: __dirname, stdio: ['ignore', 'ignore', 'inherit'] });
  });
}

/**
 * The packages of a requirements file, in a virtual environment of their own.
 *
 * @returns the folder that its commands are in
 */
export function installPythonPackages(name: string, requirements: string): string {
  const folder = join(TOOLS, name);
  once(folder, requirements, () => {
    execFileSync('python3', ['-m', 'venv', folder], { stdio: ['ignore', 'ignore', 'inherit'] });
    execFileSync(join(folder, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', '--requirement', requirements],
      { stdio: ['ignore', 'ignore', 'inherit'] });
  });
  return join(folder, 'bin');
}

/**
 * The Debian packages of a list, one a line, unpacked. This takes no root, and what the machine knows of packages stays as it is.
 *
 * @returns the folder that they are in, as if it were the root of a machine
 */
export function installDebianPackages(name: string, list: string): string {
  const folder = join(TOOLS, name);
  once(folder, list, () => {
    const apt = join(folder, 'apt');
    const run = (command: string, args: readonly string[]) => execFileSync(command, args, { cwd: apt, stdio: ['ignore', 'ignore', 'inherit'], timeout: 300_000 });
    ['lists/partial', 'cache/archives/partial'].forEach((part) => mkdirSync(join(apt, part), { recursive: true }));
    const options = [`Dir::State=${apt}`, 'Dir::State::status=/var/lib/dpkg/status', `Dir::Cache=${join(apt, 'cache')}`, 'APT::Sandbox::User=root']
      .flatMap((option) => ['-o', option]);
    run('apt-get', [...options, '-qq', 'update']);
    run('apt-get', [...options, '-qq', 'download', ...readFileSync(list, 'utf8').trim().split('\n')]);
    readdirSync(apt).filter((file) => file.endsWith('.deb')).forEach((file) => run('dpkg', ['--extract', file, folder]));
    rmSync(apt, { recursive: true });
  });
  return folder;
}

/** Installs into an empty folder, unless that was done before, there, from the same file. */
function once(folder: string, file: string, install: () => void): void {
  const mark = join(folder, '.installed');
  const wanted = createHash('sha256').update(folder).update(readFileSync(file)).digest('hex');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) {
    return;
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  install();
  writeFileSync(mark, wanted);
}
