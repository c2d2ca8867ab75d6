import { realpathSync } from 'fs';
import { readAssembly } from './assembly';
import { Resource, StackTemplate } from './template';
import { isKnown, unknownValue } from './text-patterns';

/** A template, and the assembly that it was found in. */
interface Found {
  readonly template: StackTemplate;
  readonly assembly: string;
}

/**
 * Reads several cloud assemblies, as a rule of apps that know nothing of each other. What is called the same in two of them stays two things: there
 * the construct paths begin with the directory of the assembly. A Stage that is given besides its app counts once.
 *
 * @throws if one of them is no cloud assembly, a file cannot be read, or two of them hold the same stack
 */
export function readAssemblies(paths: readonly string[]): StackTemplate[] {
  const found = withoutRepeated(paths.flatMap((assembly) => readAssembly(assembly).map((template) => ({ template, assembly }))));
  requireDistinct(found);
  const assemblies = [...new Set(found.map(({ assembly }) => assembly))];
  const ambiguous = ambiguousOf(found);
  return found.map(({ template, assembly }) => (
    inPlaceOf(ambiguous.has(assembly) ? withPrefix(template, `${assembly}: `) : template, assemblies.indexOf(assembly))));
}

/** The assemblies that have a construct path in common with another. */
function ambiguousOf(found: readonly Found[]): ReadonlySet<string> {
  const byPath = new Map<string, Set<string>>();
  found.forEach(({ template: { path }, assembly }) => byPath.set(path, (byPath.get(path) ?? new Set()).add(assembly)));
  return new Set([...byPath.values()].filter(({ size }) => size > 1).flatMap((assemblies) => [...assemblies]));
}

function withoutRepeated(found: readonly Found[]): Found[] {
  const byFile = new Map<string, Found>();
  for (const one of found) {
    const file = realpathSync(one.template.file);
    byFile.set(file, byFile.get(file) ?? one);
  }
  return [...byFile.values()];
}

/** Two assemblies that hold the same stack are two versions of one app, of which only one can be deployed. */
function requireDistinct(found: readonly Found[]): void {
  const seen = new Map<string, Found>();
  for (const one of found) {
    const { name, account, region, path } = one.template;
    const key = `${account} ${region} ${name}`;
    const other = isKnown(account) && isKnown(region) ? seen.get(key) : undefined;
    if (other && other.assembly !== one.assembly) {
      throw new Error(`the stack ${JSON.stringify(path)} of account ${account}, ${region}, is in ${JSON.stringify(other.assembly)} and in `
        + `${JSON.stringify(one.assembly)}: give each stack once, in the version that is deployed`);
    }
    seen.set(key, one);
  }
}

function withPrefix(template: StackTemplate, prefix: string): StackTemplate {
  const renamed = ([id, resource]: [string, Resource]): [string, Resource] => [id, { ...resource, path: prefix + resource.path }];
  return {
    ...template,
    path: prefix + template.path,
    root: prefix + template.root,
    after: template.after.map((path) => prefix + path),
    resources: new Map([...template.resources].map(renamed)),
    nested: new Map([...template.nested].map(([id, nested]) => [id, withPrefix(nested, prefix)])),
  };
}

/** Stacks of one app whose account is not known share it. Those of another app may be deployed elsewhere. */
function inPlaceOf(template: StackTemplate, index: number): StackTemplate {
  const own = (value: string) => (isKnown(value) || index === 0 ? value : unknownValue(`${value.slice(1, -1)}${index + 1}`));
  const account = own(template.account);
  const region = own(template.region);
  return {
    ...template,
    account,
    region,
    deployerRole: template.deployerRole?.replaceAll(template.account, account).replaceAll(template.region, region),
    nested: new Map([...template.nested].map(([id, nested]) => [id, inPlaceOf(nested, index)])),
  };
}
