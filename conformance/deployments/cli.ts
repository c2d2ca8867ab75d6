import { mkdirSync, writeFileSync } from 'fs';
import { join } from 'path';
import { Ended, run, Variables } from '../processes';

/** The account of whoever deploys: moto takes a key for one of this account if it did not issue it. All environments are bootstrapped to trust it. */
const OPERATOR = '123456789012';

const CDK = join(__dirname, '../../node_modules/aws-cdk/bin/cdk');

/** Far more than any command takes. */
const SECONDS = 180;

export interface Environment {
  readonly account: string;
  readonly region: string;
}

/** What a program needs to work with an endpoint, and with no other: the operator's credentials, and a profile of each account. */
export function credentialsFor(environments: readonly Environment[], endpoint: string, home: string): Variables {
  mkdirSync(join(home, '.aws'), { recursive: true });
  writeFileSync(join(home, '.aws', 'config'), [
    '[profile operator]', 'aws_access_key_id = AKIAIOSFODNN7EXAMPLE', 'aws_secret_access_key = none',
    ...accountsOf(environments).flatMap((account) => [
      `[profile ${account}]`, `role_arn = arn:aws:iam::${account}:role/Administrator`, 'source_profile = operator',
    ]),
  ].join('\n'));
  return {
    HOME: home,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    CDK_DISABLE_VERSION_CHECK: 'true',
    NO_COLOR: '1',
  };
}

function accountsOf(environments: readonly Environment[]): string[] {
  return [...new Set(environments.map(({ account }) => account))];
}

/** An administrator of each account prepares it. */
export async function bootstrap(environments: readonly Environment[], variables: Variables): Promise<void> {
  const calls = accountsOf(environments).map((account) => [
    'bootstrap', ...environments.filter((one) => one.account === account).map(({ region }) => `aws://${account}/${region}`),
    '--trust', OPERATOR, '--cloudformation-execution-policies', 'arn:aws:iam::aws:policy/AdministratorAccess', '--profile', account,
  ]);
  const ended = await Promise.all(calls.map((words) => cdk(words, variables)));
  calls.forEach((words, index) => requireSuccess(words, ended[index]));
}

/**
 * How the CLI deploys: by default with change sets. To update, moto needs another way: it does not say as CloudFormation does that the change set of
 * the deployment before is gone, and it forgets parameters. When it gives all parameters, the CLI updates stacks without changes, too.
 */
export type Method = readonly string[];
export const TO_CREATE: Method = [];
export const TO_UPDATE: Method = ['--method', 'direct', '--no-previous-parameters'];

/**
 * The operator deploys stacks, with the roles that the bootstrap made in their accounts.
 *
 * @returns the stacks that the CLI says it has deployed: those too that these wait for
 */
export async function deploy(assembly: string, stacks: readonly string[], method: Method, variables: Variables): Promise<string[]> {
  const options = ['--app', assembly, ...method, '--require-approval', 'never', '--progress', 'events', '--profile', 'operator'];
  const words = ['deploy', ...stacks, ...options];
  const ended = await cdk(words, variables);
  requireSuccess(words, ended);
  return [...(ended.output + ended.errors).matchAll(/^ *✅ +(\S+)(?: \(no changes\))?$/gm)].map(([, stack]) => stack);
}

/** What the CLI says of the difference to what is deployed. */
export interface Difference {
  /** The stacks that differ. */
  readonly stacks: readonly string[];
  /** Whether anything is replaced or goes, by the CLI's list of CloudFormation's resources and their properties. */
  readonly isDestructive: boolean;
  readonly said: string;
}

export async function difference(assembly: string, variables: Variables): Promise<Difference> {
  const words = ['diff', '--app', assembly, '--method', 'template', '--fail-on', 'destructive', '--profile', 'operator'];
  const ended = await cdk(words, variables);
  const said = ended.output + ended.errors;
  // The CLI ends with 1 too if it fails, but then it does not come to the number.
  const [, number] = /Number of stacks with differences: (\d+)/.exec(said) ?? [];
  if (number === undefined) {
    throw new Error(inFull(words, ended));
  }
  const stacks = [...said.matchAll(/^Stack (\S+) .*\n(?!There were no differences)/gm)].map(([, stack]) => stack);
  if (stacks.length !== Number(number)) {
    throw new Error(`of the ${number} stacks with differences only these were found: ${stacks.join(' ')}\n${said}`);
  }
  return { stacks, isDestructive: ended.code !== 0, said };
}

async function cdk(words: readonly string[], variables: Variables): Promise<Ended> {
  return run(process.execPath, [CDK, ...words, '--no-notices'], variables, SECONDS);
}

function requireSuccess(words: readonly string[], ended: Ended): void {
  if (ended.code !== 0) {
    throw new Error(inFull(words, ended));
  }
}

function inFull(words: readonly string[], { code, output, errors }: Ended): string {
  return `cdk ${words.join(' ')}\n    ${code === undefined ? `was stopped after ${SECONDS} seconds` : `ended with ${code}`}:\n${output}\n${errors}`;
}
