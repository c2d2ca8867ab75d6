import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, CloudFormationValidatePlugin, Validations } from 'aws-cdk-lib';
import { build } from './build';
import { DeclaredApp } from './declarations';
import { Document } from './simulator';
import { arnOf, Registry } from './world';
import { AccessModel, modelsOf } from '../../src/access/model/model';
import { Condition, Statement } from '../../src/access/model/policy-document';
import { Role } from '../../src/access/model/roles';
import { readAssembly } from '../../src/access/template/assembly';
import { Fields, listOf } from '../../src/access/template/template';

/** Synthesizes an app and reads its templates, with literal policies. */
export function resolved(declared: DeclaredApp): AccessModel {
  const outdir = mkdtempSync(join(tmpdir(), 'conformance-'));
  try {
    synthesize(outdir, (app) => build(app, declared));
    return onlyModelOf(outdir);
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** What the library finds wrong by itself is no matter here, nor is what CDK's own rules say, which take seconds. */
export function synthesize(outdir: string, declare: (app: App) => void): void {
  const app = new App({ outdir, analyticsReporting: false, treeMetadata: false, context: { 'cdk-shared-ecr:pullAccess': 'off' } });
  Validations.of(app).addPlugins(withoutRules());
  declare(app);
  app.synth();
}

export function onlyModelOf(outdir: string): AccessModel {
  const models = modelsOf(readAssembly(outdir));
  if (models.length !== 1) {
    throw new Error(`the templates in ${outdir} have ${models.length} models, but nothing in them hangs on conditions`);
  }
  return models[0];
}

function withoutRules(): CloudFormationValidatePlugin {
  return Object.assign(Object.create(CloudFormationValidatePlugin.prototype), { validate: () => ({ success: true, violations: [] }) });
}

/** What the owner says of a repository, or of one that Amazon ECR would make: its policy and that of its registry, as they are deployed. */
export function ownerPolicy({ repositories, registries }: AccessModel, registry: Registry, name: string): Document {
  const here = ({ account, region }: Registry) => account === registry.account && region === registry.region;
  const declared = registries.filter(here);
  const [template] = declared.flatMap(({ templates }) => templates).filter(({ namespace }) => name.startsWith(namespace))
    .sort((a, b) => b.namespace.length - a.namespace.length);
  const own = repositories.find((repository) => here(repository) && repository.name === name) ?? template;
  return documentOf([own?.policy.document, ...declared.map(({ policy }) => policy.document)].flatMap(statementsIn));
}

function statementsIn(document: Fields | undefined): object[] {
  return listOf(document?.Statement) as object[];
}

export function documentOf(statements: readonly object[]): Document {
  return { Version: '2012-10-17', Statement: statements };
}

/** The other half, open wide: of whoever calls, and of an owner. */
export const OPEN = documentOf([{ Effect: 'Allow', Action: '*', Resource: '*' }]);
export const LETS_IN = (account: string) => documentOf([{ Effect: 'Allow', Principal: { AWS: [account] }, Action: '*', Resource: '*' }]);

/** What whoever was told to pull writes. */
export function ownPullPolicy(registry: Registry, name: string): Document {
  return documentOf([
    { Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
    { Effect: 'Allow', Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], Resource: arnOf(registry, name) },
  ]);
}

/** The role of a construct. */
export function roleAt(path: string, { roles }: AccessModel): Role {
  const found = roles.find((one) => one.path === path);
  if (!found) {
    throw new Error(`the templates have no role ${path}, but ${roles.map((one) => one.path).join(', ')}`);
  }
  return found;
}

/** The policies of a role, which the model has as lists, as a document again. Of AWS's own policies it knows what they say of Amazon ECR only, which may be nothing. */
export function written(statements: readonly Statement[]): Document {
  return documentOf(statements.filter((statement) => !(statement.sid.includes(':aws:policy/') && statement.actions.length === 0)).map((statement) => {
    if (statement.effect === 'unknown' || statement.notPrincipals.length > 0) {
      throw new Error(`the library writes no such statements: ${JSON.stringify(statement)}`);
    }
    return {
      Effect: statement.effect,
      ...filled('Action', statement.actions),
      ...filled('NotAction', statement.notActions),
      ...filled('Resource', statement.resources),
      ...filled('NotResource', statement.notResources),
      ...statement.principals.length > 0 && { Principal: principalsOf(statement) },
      ...statement.conditions.length > 0 && { Condition: conditionsOf(statement.conditions) },
    };
  }));
}

function filled(key: string, values: readonly string[]): object {
  return values.length > 0 ? { [key]: values } : {};
}

function principalsOf({ principals }: Statement): object {
  const types = [...new Set(principals.map(({ type }) => type))];
  return Object.fromEntries(types.map((type) => [type, principals.filter((one) => one.type === type).map(({ value }) => value)]));
}

function conditionsOf(conditions: readonly Condition[]): object {
  const operators = [...new Set(conditions.map(({ operator }) => operator))];
  return Object.fromEntries(operators.map((wanted) => [
    wanted, Object.fromEntries(conditions.filter(({ operator }) => operator === wanted).map(({ key, values }) => [key, values])),
  ]));
}
