import { mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

/** What is measured in a process of its own, which runs this file and prints it as JSON. */
export interface Measurement {
  /**
   * Milliseconds until everything is loaded. The CDK loads most of itself when it is first used, above all the rules by which it
   * validates templates, so this includes an app with one repository that is shared with one account.
   */
  readonly load: number;
  /** What loading this library, the CDK being loaded, has in that. */
  readonly loadLibrary: number;
  /** Milliseconds to build the app and to synthesize it. */
  readonly synthesis: number;
  /** What the CDK's own validation of the templates has in that: it takes longer the bigger the template is. */
  readonly validation: number;
  /** Bytes of the template as the CDK writes it. */
  readonly bytes: number;
  /** Bytes of the template without indentation, as the CDK writes it with `@aws-cdk/core:suppressTemplateIndentation`. */
  readonly bytesWithoutIndentation: number;
}

async function measure(variantName: string, repositories: number, accounts: number): Promise<Measurement> {
  const outdir = mkdtempSync(join(tmpdir(), 'bench-'));
  process.env.CDK_OUTDIR = outdir;
  try {
    const loadCdk = await timed(() => Promise.all([import('aws-cdk-lib'), import('aws-cdk-lib/aws-ecr'), import('aws-cdk-lib/aws-iam')]));
    const loadLibrary = await timed(() => import('../src/index.js'));
    const { VARIANTS, accountIds, appSharing } = await import('./sharing.js');
    const variant = VARIANTS.find(({ name }) => name === variantName)!;
    const first = await timed(() => appSharing(variant, variant.accounts, 1, accountIds(1)).synth());

    const validation = await timeValidation();
    const synthesis = await timed(() => appSharing(variant, variant.accounts, repositories, accountIds(accounts)).synth());
    const template = readFileSync(join(outdir, 'Owner.template.json'), 'utf8');
    return {
      load: loadCdk + loadLibrary + first,
      loadLibrary,
      synthesis,
      validation: validation(),
      bytes: Buffer.byteLength(template),
      bytesWithoutIndentation: Buffer.byteLength(JSON.stringify(JSON.parse(template))),
    };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** Takes the time of all validations from now on. */
async function timeValidation(): Promise<() => number> {
  const { CloudFormationValidatePlugin } = await import('aws-cdk-lib');
  const { validate } = CloudFormationValidatePlugin.prototype;
  let sum = 0;
  CloudFormationValidatePlugin.prototype.validate = function (...args) {
    const start = performance.now();
    try {
      return validate.apply(this, args);
    } finally {
      sum += performance.now() - start;
    }
  };
  return () => sum;
}

async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const [variantName, repositories, accounts] = process.argv.slice(2);
void measure(variantName, Number(repositories), Number(accounts)).then((measurement) => process.stdout.write(JSON.stringify(measurement)));
