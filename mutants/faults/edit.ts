import { Resource, StackTemplate } from '../../src/access/template/template';

/** A resource in the templates of an app: the stack's place in the list, then the logical ids of nested stacks. */
export interface Location {
  readonly stack: number;
  readonly nested: readonly string[];
  readonly resource: Resource;
}

/** What becomes of a resource; undefined: it goes. */
export type Change = (resource: Resource) => Resource | undefined;

/** The way to a value in the properties of a resource. */
export type Steps = ReadonlyArray<string | number>;

/** All resources of an app, in the order of the templates. */
export function locationsIn(templates: readonly StackTemplate[]): Location[] {
  return templates.flatMap((template, stack) => locationsBelow(template, stack, []));
}

function locationsBelow(template: StackTemplate, stack: number, nested: readonly string[]): Location[] {
  return [
    ...[...template.resources.values()].map((resource) => ({ stack, nested, resource })),
    ...[...template.nested].flatMap(([logicalId, inner]) => locationsBelow(inner, stack, [...nested, logicalId])),
  ];
}

/** The templates with one resource changed: what is not changed is shared. */
export function changed(templates: readonly StackTemplate[], { stack, nested, resource }: Location, change: Change): StackTemplate[] {
  return templates.map((template, index) => (index === stack ? changedBelow(template, nested, resource.logicalId, change) : template));
}

function changedBelow(template: StackTemplate, [first, ...others]: readonly string[], logicalId: string, change: Change): StackTemplate {
  if (first !== undefined) {
    return { ...template, nested: new Map(template.nested).set(first, changedBelow(template.nested.get(first)!, others, logicalId, change)) };
  }
  const resources = new Map(template.resources);
  const after = change(resources.get(logicalId)!);
  after === undefined ? resources.delete(logicalId) : resources.set(logicalId, after);
  return { ...template, resources };
}

/** The templates with a further resource next to one of theirs. */
export function added(templates: readonly StackTemplate[], { stack, nested }: Location, resource: Resource): StackTemplate[] {
  const add = (template: StackTemplate, [first, ...others]: readonly string[]): StackTemplate => (first === undefined
    ? { ...template, resources: new Map(template.resources).set(resource.logicalId, resource) }
    : { ...template, nested: new Map(template.nested).set(first, add(template.nested.get(first)!, others)) });
  return templates.map((template, index) => (index === stack ? add(template, nested) : template));
}

/** What a value becomes; undefined: it goes. */
export type Edit = (value: any) => unknown;

/** Edits one value somewhere in a value. */
export function edited(value: any, [first, ...others]: Steps, edit: Edit): any {
  if (first === undefined) {
    return edit(value);
  }
  const inner = edited(value?.[first], others, edit);
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => (index !== first ? [item] : inner === undefined ? [] : [inner]));
  }
  const { [first]: _, ...rest } = value ?? {};
  return inner === undefined ? rest : { ...value, [first]: inner };
}

export function editing(steps: Steps, edit: Edit): Change {
  return (resource) => ({ ...resource, properties: edited(resource.properties, steps, edit) });
}

/** The value that steps lead to. */
export function at(value: any, steps: Steps): any {
  return steps.reduce((inner, step) => inner?.[step], value);
}
