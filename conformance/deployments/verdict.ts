import { isDeepStrictEqual } from 'util';

/** What is wrong with one thing, in full; undefined if nothing is. */
export type Verdict = string | undefined;

export function equal(what: string, got: unknown, expected: unknown): Verdict {
  return isDeepStrictEqual(got, expected) ? undefined : `${what}\n    expected ${JSON.stringify(expected)}\n    got      ${JSON.stringify(got)}`;
}
