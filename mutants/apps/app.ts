import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, CloudFormationValidatePlugin, Validations } from 'aws-cdk-lib';
import { readAssembly } from '../../src/access/template/assembly';
import { StackTemplate } from '../../src/access/template/template';
import { otherAccount } from '../faults/texts';
import { Organization } from '../oracle/iam';
import { Problem } from '../oracle/problem';

export type Build = (app: App) => void;

/** An app whose every pull works: nothing is said of it but what it declares. */
export interface CorrectApp {
  readonly name: string;
  /** One app of the CDK, or several that are checked together. */
  readonly build: readonly Build[];
  /** The apps of owners of which only the contract is at hand. */
  readonly byContract?: readonly Build[];
  readonly organizations?: readonly Organization[];
  /** What is rightly said of the app as it is, and why. */
  readonly known?: ReadonlyArray<Problem & { readonly why: string }>;
}

export const OWNER = { account: '111111111111', region: 'us-east-1' };
export const CONSUMER = { account: '222222222222', region: 'us-east-1' };

/** What is judged: the templates of an app, and those of another one that it knows by its contract only. */
export interface Subject {
  readonly templates: readonly StackTemplate[];
  readonly byContract: readonly StackTemplate[];
  readonly organizations: readonly Organization[];
}

/** An app, as the CDK writes it. */
export function subjectOf({ build, byContract = [], organizations = [] }: CorrectApp): Subject {
  const [templates, others] = [build, byContract].map((some) => some.flatMap(synthesized));
  const accounts = [...new Set([...templates, ...others].map(({ account }) => otherAccount(account)))];
  return { templates, byContract: others, organizations: organizations.length === 0 ? [] : [...organizations, strangersOf(accounts)] };
}

/** Where the accounts are that faults make up: of one that is in no declared organization nobody would know. */
function strangersOf(accounts: readonly string[]): Organization {
  const organizationId = 'o-strangers1';
  return { organizationId, accounts, organizationPaths: Object.fromEntries(accounts.map((account) => [account, `${organizationId}/r-zz99/`])) };
}

function synthesized(build: Build): StackTemplate[] {
  const outdir = mkdtempSync(join(tmpdir(), 'mutants-'));
  try {
    const app = new App({ outdir, analyticsReporting: false, context: { 'cdk-shared-ecr:pullAccess': 'off' } });
    Validations.of(app).addPlugins(withoutRules());
    build(app);
    app.synth();
    return readAssembly(outdir);
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** In the place of the CDK's own validation of templates, which takes seconds and has nothing to do with pulls. */
function withoutRules(): CloudFormationValidatePlugin {
  return Object.assign(Object.create(CloudFormationValidatePlugin.prototype), { validate: () => ({ success: true, violations: [] }) });
}
