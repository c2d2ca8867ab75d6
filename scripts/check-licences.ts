/** Fails if a package of the lock file, development included, has a licence that is not permissive. */
import { readFileSync } from 'fs';
import { join } from 'path';

const PERMISSIVE = new Set([
  '0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'CC-BY-3.0', 'CC-BY-4.0', 'CC0-1.0', 'ISC', 'MIT', 'MIT-0',
  'Python-2.0', 'Unlicense',
]);
const ROOT = join(__dirname, '..');

interface Package {
  readonly version?: string;
  readonly license?: string;
}

const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as { packages: Record<string, Package> };
const installed = Object.entries(packages).filter(([path]) => path !== '');
const refused = installed.filter(([path, { license }]) => !isPermissive(license ?? licenceInFolder(path)));

refused.forEach(([path, { version, license }]) => process.stdout.write(`${path} ${version}: ${license ?? licenceInFolder(path)}\n`));
process.stdout.write(`${installed.length - refused.length} of ${installed.length} packages have a permissive licence\n`);
process.exitCode = refused.length === 0 ? 0 : 1;

/** `MIT`, `(MIT OR GPL-2.0)`: one permissive choice is enough; `MIT AND ISC`: all must be. */
function isPermissive(expression: string): boolean {
  const choices = expression.replace(/[()]/g, '').split(/ OR /);
  return choices.some((choice) => choice.split(/ AND /).every((licence) => PERMISSIVE.has(licence.trim())));
}

/** Old packages have the licence in another form than lock files take over. */
function licenceInFolder(path: string): string {
  try {
    const { license, licenses } = JSON.parse(readFileSync(join(ROOT, path, 'package.json'), 'utf8'));
    const one = (licence: string | { type: string }) => (typeof licence === 'string' ? licence : licence.type);
    return license ? one(license) : licenses.map(one).join(' OR ');
  } catch {
    return 'unknown';
  }
}
