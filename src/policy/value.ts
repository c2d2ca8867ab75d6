/** The CloudFormation intrinsic that becomes a string, or a list, at deployment. */
export interface Intrinsic {
  readonly [fn: string]: unknown;
}

/** A string, or what becomes one at deployment. Tokens are resolved before they come here. */
export type Value = string | Intrinsic;

/** What a value is compared, sorted and told apart by: the text that stands in the template. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function sameValue(a: Value, b: Value): boolean {
  return a === b || textOf(a) === textOf(b);
}

/** The values once each, in the order of their text. */
export function sortedSet<T extends Value>(values: Iterable<T>): T[] {
  const byText = new Map<string, T>();
  for (const value of values) {
    byText.set(textOf(value), value);
  }
  return [...byText.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}

/** Concatenates values: to a string if all of them are strings, else to the `Fn::Join` that CloudFormation will do. */
export function concat(...values: Value[]): Value {
  const parts: Value[] = [];
  for (const part of values.flatMap(partsOf)) {
    const last = parts[parts.length - 1];
    if (typeof part === 'string' && typeof last === 'string') {
      parts[parts.length - 1] = last + part;
    } else if (part !== '') {
      parts.push(part);
    }
  }
  if (parts.length === 0) {
    return '';
  }
  return parts.length === 1 ? parts[0] : { 'Fn::Join': ['', parts] };
}

function partsOf(value: Value): Value[] {
  const join = typeof value === 'string' ? undefined : value['Fn::Join'];
  return Array.isArray(join) && join[0] === '' && Array.isArray(join[1]) ? join[1] : [value];
}

export function isIntrinsic(value: unknown): value is Intrinsic {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return false;
  }
  const keys = Object.keys(value);
  return keys.length === 1 && (keys[0] === 'Ref' || keys[0].startsWith('Fn::'));
}

export function groupBy<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) {
      group.push(item);
    } else {
      groups.set(key, [item]);
    }
  }
  return groups;
}
