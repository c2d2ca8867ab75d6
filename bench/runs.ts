import { execFile } from 'child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { Variant } from './sharing';
import { Measurement } from './synthesize';

const ROOT = join(__dirname, '..');
/** Within the project, so that its dependencies are found from there; git does not see it. */
const BUILT = join(ROOT, 'node_modules', '.cache', `bench-${process.pid}`);
const PATIENCE_MS = 180_000;

/** The medians of several runs, or why there are none. */
export type Result = Measurement | { readonly notRun: string };

/**
 * Synthesizes with every variant, each run in a process of its own. The variants take turns, so that a machine that is busy for a
 * while is busy for all of them.
 */
export async function measureAll(variants: readonly Variant[], repositories: number, accounts: number, runs: number): Promise<Map<Variant, Result>> {
  const measured = new Map<Variant, Measurement[]>(variants.map((variant) => [variant, []]));
  const failed = new Map<Variant, string>();
  for (let run = 0; run < runs; run++) {
    for (const variant of variants.filter((one) => !failed.has(one))) {
      const result = await measureOnce(variant, repositories, accounts);
      if ('notRun' in result) {
        failed.set(variant, result.notRun);
      } else {
        measured.get(variant)!.push(result);
      }
    }
  }
  return new Map(variants.map((variant) =>
    [variant, failed.has(variant) ? { notRun: failed.get(variant)! } : medians(measured.get(variant)!)]));
}

/** Makes plain JavaScript of the library and of what runs in a process of its own, as a user would have it. */
export async function withBuilt<T>(work: () => Promise<T>): Promise<T> {
  try {
    const filesIn = (folder: string) => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file));
    const files = ['src', 'bench'].flatMap(filesIn);
    for (const file of files.filter((name) => name.endsWith('.ts'))) {
      const target = join(BUILT, file.replace(/\.ts$/, '.js'));
      const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022, esModuleInterop: true };
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, transpileModule(readFileSync(join(ROOT, file), 'utf8'), { compilerOptions }).outputText);
    }
    return await work();
  } finally {
    rmSync(BUILT, { recursive: true, force: true });
  }
}

async function measureOnce(variant: Variant, repositories: number, accounts: number): Promise<Result> {
  const script = join(BUILT, 'bench', 'synthesize.js');
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [script, variant.name, `${repositories}`, `${accounts}`], { timeout: PATIENCE_MS }, (error, stdout, stderr) => {
      if (!error) {
        resolve(JSON.parse(stdout) as Measurement);
      } else if (error.killed) {
        resolve({ notRun: `not run: over ${PATIENCE_MS / 1000} s` });
      } else {
        reject(new Error(`${variant.name} failed:\n${stderr.slice(-2000)}`));
      }
    });
  });
}

function medians(measurements: readonly Measurement[]): Measurement {
  const median = (key: keyof Measurement) => measurements.map((one) => one[key]).sort((a, b) => a - b)[Math.floor(measurements.length / 2)];
  return {
    load: median('load'),
    loadLibrary: median('loadLibrary'),
    validation: median('validation'),
    synthesis: median('synthesis'),
    bytes: median('bytes'),
    bytesWithoutIndentation: median('bytesWithoutIndentation'),
  };
}

export function isMeasured(result: Result): result is Measurement {
  return !('notRun' in result);
}
