import { isKnown, matches, splitText } from '../template/text-patterns';
import { allOf, Truth, truthOf } from '../template/truth';

/**
 * Whether a text is of a pattern, where either may hold values that only the deployment knows. An unknown value is itself and whatever `*` stands
 * for; beyond that it may be any text.
 */
export function matching(pattern: string, text: string): Truth {
  if (pattern === '*') {
    return 'yes';
  }
  return isKnown(pattern) && isKnown(text) ? truthOf(matches(pattern, text)) : meeting(pattern, text, true);
}

/** Whether two texts are the same. */
export function same(a: string, b: string): Truth {
  return isKnown(a) && isKnown(b) ? truthOf(a === b) : meeting(a, b, false);
}

/** The same for ARNs in conditions, of which `*` matches within one of the six parts only. */
export function matchingArns(pattern: string, arn: string): Truth {
  if (pattern === '*') {
    return 'yes';
  }
  const [patterns, texts] = inOnePartition(pattern, arn).map(sixParts);
  if (!patterns || !texts) {
    // An ARN that is unknown as a whole cannot be taken apart.
    return isKnown(pattern) && isKnown(arn) ? 'no' : matching(pattern, arn);
  }
  return allOf(patterns.map((part, index) => matching(part, texts[index])));
}

/**
 * The same for the resources of a policy: there `*` matches beyond a part, and what is left out at the end is any text.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function matchingResources(pattern: string, resource: string): Truth {
  const [wanted, actual] = inOnePartition(pattern, resource);
  const isIncomplete = wanted.startsWith('arn:') && !wanted.endsWith('*') && isKnown(wanted) && !sixParts(wanted);
  return matching(isIncomplete ? `${wanted}:*` : wanted, actual);
}

/** Whether two ARNs are the same. */
export function sameArns(a: string, b: string): Truth {
  const [one, other] = inOnePartition(a, b);
  return same(one, other);
}

/** An account, a Region or a name is in one partition: where that of one ARN is unknown, it is that of the other. */
function inOnePartition(a: string, b: string): [string, string] {
  if (isKnown(a) && isKnown(b)) {
    return [a, b];
  }
  const [one, other] = [a, b].map((arn) => /^arn:(<[^<>]*>|[^:<>]+):/.exec(arn)?.[1]);
  const moved = (arn: string, partition: string | undefined, to: string | undefined) => (
    partition === undefined || to === undefined || isKnown(partition) ? arn : arn.replace(partition, () => to));
  return [moved(a, one, other), moved(b, other, one !== undefined && isKnown(one) ? one : undefined)];
}

function sixParts(arn: string): string[] | undefined {
  const parts = splitText(arn, ':');
  return parts.length < 6 ? undefined : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

/** No ARN and no name has more characters. */
const LONGEST = 2048;

function meeting(a: string, b: string, hasWildcards: boolean): Truth {
  if (a.length > LONGEST || b.length > LONGEST) {
    // It would take minutes to compare what nobody can deploy.
    return 'maybe';
  }
  const canBe = (unknown: (value: string) => Part) => canMeet(partsOf(a, hasWildcards, unknown), partsOf(b, false, unknown));
  // As a rule they are not the same, whatever is unknown.
  if (!canBe(anyText)) {
    return 'no';
  }
  return canBe(itself) ? 'yes' : 'maybe';
}

/** A character or an unknown value; any character; any text; or what is like nothing else. */
type Part = string | symbol;
const ONE = Symbol('any character');
const ANY = Symbol('any text');

/** An unknown value is the same wherever it has the same name, but the name of a function says nothing about its value. */
function itself(unknown: string): Part {
  return /^<fn::/i.test(unknown) ? Symbol(unknown) : unknown;
}

function anyText(): Part {
  return ANY;
}

function partsOf(text: string, hasWildcards: boolean, unknown: (value: string) => Part): Part[] {
  return (text.match(/<[^<>]*>|[^]/g) ?? []).map((part) => {
    if (part.length > 1) {
      return unknown(part);
    }
    if (hasWildcards && part === '*') {
      return ANY;
    }
    return hasWildcards && part === '?' ? ONE : part;
  });
}

/** Whether there is a text that both stand for. */
function canMeet(a: readonly Part[], b: readonly Part[]): boolean {
  let [start, endOfA, endOfB] = [0, a.length, b.length];
  const isLeft = () => start < endOfA && start < endOfB;
  // Up to the first `ANY` from either end, each part has to meet the one at its place.
  for (; isLeft() && a[start] !== ANY && b[start] !== ANY; start++) {
    if (!isSamePart(a[start], b[start])) {
      return false;
    }
  }
  for (; isLeft() && a[endOfA - 1] !== ANY && b[endOfB - 1] !== ANY; endOfA--, endOfB--) {
    if (!isSamePart(a[endOfA - 1], b[endOfB - 1])) {
      return false;
    }
  }
  const [one, other] = [a.slice(start, endOfA), b.slice(start, endOfB)];
  if (one.length === 0 || other.length === 0) {
    return [...one, ...other].every((part) => part === ANY);
  }
  // An `ANY` of each can take all that the other has beside its own; where one has none, the other begins and ends with one.
  const [mine, others] = [one, other].map((parts) => parts.includes(ANY));
  return mine && others || (mine ? isWithin(one, other, isSamePart) : isWithin(other, one, (wanted, actual) => isSamePart(actual, wanted)));
}

function isSamePart(a: Part, b: Part): boolean {
  return a === b || (a === ONE && typeof b === 'string' && b.length === 1);
}

/** Whether what stands between the `ANY`s of a pattern, which begins and ends with one, is in the text in that order. */
function isWithin(pattern: readonly Part[], text: readonly Part[], isSame: (wanted: Part, actual: Part) => boolean): boolean {
  let [star, inPattern, taken, inText] = [0, 0, 0, 0];
  while (inPattern < pattern.length) {
    if (pattern[inPattern] === ANY) {
      [star, taken] = [inPattern, inText];
      inPattern++;
    } else if (inText < text.length && isSame(pattern[inPattern], text[inText])) {
      inPattern++;
      inText++;
    } else if (inText < text.length) {
      taken++;
      [inPattern, inText] = [star + 1, taken];
    } else {
      return false;
    }
  }
  return true;
}
