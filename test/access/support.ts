import { mkdirSync, mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { Exports, StackScope } from '../../src/access/template/stack-scope';
import { fieldsOf, StackTemplate } from '../../src/access/template/template';

export const ACCOUNT = '111111111111';
export const REGION = 'us-east-1';

/** Writes the files of a cloud assembly: texts as they are, everything else as JSON. */
export function assemblyOf(files: Record<string, unknown>): string {
  const directory = mkdtempSync(join(tmpdir(), 'assembly-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return directory;
}

/** The manifest of an assembly with the given artifacts. */
export function manifestOf(artifacts: Record<string, object>): object {
  return { version: '54.0.0', artifacts };
}

export function stackArtifact(name: string, more: object = {}): object {
  return {
    type: 'aws:cloudformation:stack',
    environment: `aws://${ACCOUNT}/${REGION}`,
    properties: { templateFile: `${name}.template.json` },
    ...more,
  };
}

/** A stack as `readAssembly` returns it. */
export function stackOf(template: Record<string, any>, more: Partial<StackTemplate> = {}): StackTemplate {
  const path = more.path ?? 'Stack';
  return {
    path,
    root: path,
    name: path,
    account: ACCOUNT,
    region: REGION,
    file: `${path}.template.json`,
    deployerRole: undefined,
    after: [],
    resources: new Map(Object.entries<any>(template.Resources ?? {})
      .map(([id, { Type, Properties, Condition }]) => (
        [id, { logicalId: id, type: Type, properties: fieldsOf(Properties), path: `${path}/${id}`, condition: Condition }]))),
    parameters: template.Parameters ?? {},
    mappings: template.Mappings ?? {},
    conditions: template.Conditions ?? {},
    outputs: template.Outputs ?? {},
    nested: new Map(),
    ...more,
  };
}

export function scopeOf(template: Record<string, any>, more: Partial<StackTemplate> = {}): StackScope {
  const exports = new Exports();
  const scope = new StackScope(stackOf(template, more), exports);
  exports.add(scope);
  return scope;
}
