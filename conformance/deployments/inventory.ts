import { join } from 'path';
import { Environment } from './cli';
import { installMoto } from './moto';
import { Fields } from '../../src/access/template/template';
import { run, Variables } from '../processes';

/** What moto says is there, as `inventory.py` prints it: without what the CDK's bootstrap made. */
export interface Inventory {
  readonly environments: ReadonlyArray<Environment & { readonly stacks: readonly MadeStack[]; readonly repositories: readonly MadeRepository[] }>;
  readonly accounts: ReadonlyArray<{ readonly account: string; readonly roles: readonly MadeRole[] }>;
}

export interface MadeStack {
  readonly name: string;
  readonly status: string;
  /** Types and physical names by logical ids. */
  readonly resources: Readonly<Record<string, { readonly type: string; readonly name: string }>>;
}

interface MadeRole {
  /** Of no two roles the same, even if they are called the same. */
  readonly id: string;
  readonly arn: string;
  readonly trust: unknown;
  readonly inline: Readonly<Record<string, unknown>>;
  readonly managed: readonly string[];
}

/** As `DescribeRepositories` has it. */
interface MadeRepository {
  readonly repositoryName: string;
  readonly createdAt: string;
  readonly imageTagMutability: string;
  readonly imageScanningConfiguration: Fields;
  readonly encryptionConfiguration: Fields;
  /** The code of the error if there is none. */
  readonly policy: unknown;
}

export async function inventoryOf(environments: readonly Environment[], variables: Variables): Promise<Inventory> {
  const words = environments.map(({ account, region }) => `${account}/${region}`);
  const { code, output, errors } = await run(join(installMoto(), 'python'), [join(__dirname, 'inventory.py'), ...words], variables, 120);
  if (code !== 0) {
    throw new Error(`moto does not say what is there: ${errors}`);
  }
  return JSON.parse(output) as Inventory;
}
