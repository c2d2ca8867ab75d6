import { accessSync, constants, mkdirSync, mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App } from 'aws-cdk-lib';
import { buildDemo } from './app';
import { AccessModel, DeployedStack, modelOf } from '../../src/access/model/model';
import { reportOf } from '../../src/access/report/report';
import { COLOURED, PLAIN, ReportStyle } from '../../src/access/report/style';
import { readAssembly } from '../../src/access/template/assembly';

const USAGE = 'usage: npm run demo -- [--out DIR] [--shared-account ID]';

interface Options {
  /** Where the templates are written to, and stay; else to a temporary directory. */
  out?: string;
  sharedAccount?: string;
}

/**
 * Synthesizes the demo, and says who may pull what: read from the templates that were written, not from the constructs.
 *
 * @returns the lines of the report
 * @throws if the arguments are wrong, or the app cannot be synthesized
 */
export function demo(args: readonly string[], style: ReportStyle = PLAIN): string[] {
  const options = optionsOf(args);
  const outdir = options.out ?? mkdtempSync(join(tmpdir(), 'cdk-shared-ecr-demo-'));
  try {
    requireWritable(outdir);
    const app = new App({ outdir, context: options.sharedAccount === undefined ? {} : { sharedAccount: options.sharedAccount } });
    buildDemo(app);
    app.synth();
    const model = modelOf(readAssembly(outdir));
    return [...introduction(model, style), ...reportOf(model, style), ...deployment(model, options, style)];
  } finally {
    if (options.out === undefined) {
      rmSync(outdir, { recursive: true });
    }
  }
}

function optionsOf(args: readonly string[]): Options {
  const options: Options = {};
  for (let index = 0; index < args.length; index += 2) {
    const [name, value] = args.slice(index);
    if (name !== '--out' && name !== '--shared-account') {
      throw new Error(`unknown option ${JSON.stringify(name)}; ${USAGE}`);
    }
    if (!value || value.startsWith('--')) {
      throw new Error(`${name} needs a value; ${USAGE}`);
    }
    options[name === '--out' ? 'out' : 'sharedAccount'] = value;
  }
  return options;
}

function requireWritable(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.W_OK);
  } catch (error) {
    throw new Error(`cannot write to ${JSON.stringify(directory)}: ${(error as Error).message}`);
  }
}

function introduction({ stacks, repositories }: AccessModel, style: ReportStyle): string[] {
  const accounts = new Set(stacks.map(({ account }) => account));
  const regions = new Set(stacks.map(({ region }) => region));
  return [
    style.title(`Who may pull what: ${repositories.length} repositories, ${stacks.length} stacks, ${accounts.size} accounts, ${regions.size} Regions`),
    '',
    'To pull an image from another account takes two documents that agree: the policy of the repository must let the role in,',
    'and the policies of the role must let it pull. The demo declares each share once, in examples/demo/app.ts. What follows',
    'is not read from there, but from the templates that came out.',
    '',
  ];
}

function deployment(model: AccessModel, { out, sharedAccount }: Options, style: ReportStyle): string[] {
  const stacks = inOrder(model.stacks);
  const app = out === undefined ? '' : ` --app ${quoted(out)}`;
  const context = out === undefined && sharedAccount !== undefined ? ` --context sharedAccount=${sharedAccount}` : '';
  const commands = stacks.map(({ path }) => `npx cdk deploy ${path}${app}${context}`);
  const width = Math.max(...commands.map(({ length }) => length));
  return [
    style.title('Deploy it'),
    '',
    'No stack waits for one of another account, so there is no order of accounts to keep. Within an account the CDK keeps the',
    'order: replicas are made before images are copied to them, and a cache before anything is pulled through it. Only images',
    'must be there before something runs them: the first time, deploy the repositories and registries, push the images, wait',
    'some minutes until they are copied, then deploy the rest. Each stack takes credentials of its account.',
    '',
    ...(out === undefined ? ['  cd examples/demo'] : []),
    ...stacks.map(({ account, region, after }, index) => {
      const order = after.length === 0 ? '' : `, after ${after.join(', ')}`;
      return `  ${commands[index].padEnd(width)}  ${style.aside(`# account ${account}, ${region}${order}`)}`;
    }),
  ];
}

/** As they are declared, but those that others wait for first. */
function inOrder(stacks: readonly DeployedStack[]): DeployedStack[] {
  const withOthers = (stack: DeployedStack): DeployedStack[] => {
    const others = stacks.filter(({ path }) => stack.after.includes(path));
    return [...others.flatMap(withOthers), stack];
  };
  return [...new Set(stacks.flatMap(withOthers))];
}

/** As a shell reads it. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replace(/'/g, '\'\\\'\'')}'`;
}

if (require.main === module) {
  try {
    const coloured = process.stdout.isTTY && !process.env.NO_COLOR;
    console.log(demo(process.argv.slice(2), coloured ? COLOURED : PLAIN).join('\n'));
  } catch (error) {
    console.error(`demo: ${(error as Error).message.split(/\s*\n\s*/).join(' ')}`);
    process.exitCode = 2;
  }
}
