import { isFields } from './template';

/** Deeper than this no template is, and functions that follow what is nested would come to the end of their stack. */
const LEVELS = 500;

/**
 * Reads JSON that anybody may have written.
 *
 * @throws if it is none, or is nested absurdly deep
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (isDeeper(value, LEVELS)) {
    throw new Error(`${deepPlaceIn(value)} is nested deeper than ${LEVELS} levels`);
  }
  return value;
}

/** A value of a template that may be the text of another one, which is read then; undefined if that is no JSON. */
export function jsonIn(value: unknown): unknown {
  try {
    return typeof value === 'string' ? parseJson(value) : value;
  } catch {
    return undefined;
  }
}

/** Level by level, not by recursion: how deep it is nobody knows yet. */
export function isDeeper(value: unknown, levels: number): boolean {
  let level = insideOf(value);
  for (let depth = 1; depth < levels && level.length > 0; depth++) {
    level = level.flatMap(insideOf);
  }
  return level.length > 0;
}

function insideOf(value: unknown): unknown[] {
  return (Array.isArray(value) ? value : Object.values(isFields(value) ? value : {})).filter((inner) => typeof inner === 'object' && inner !== null);
}

/** Where to look for it: `Resources/Role/Properties`. */
function deepPlaceIn(value: unknown): string {
  const keys: string[] = [];
  for (let inner = value; keys.length < 3;) {
    const [key, next] = Object.entries(inner as object).find(([, one]) => isDeeper(one, LEVELS - keys.length - 1))!;
    keys.push(key);
    inner = next;
  }
  return keys.join('/');
}
