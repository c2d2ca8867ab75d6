import { matching, matchingArns, same } from './matching';
import { Condition } from '../model/policy-document';
import { isKnown, unknownValue } from '../template/text-patterns';
import { allOf, anyOf, not, Truth, truthOf } from '../template/truth';

/** The values that a key has in a request: none at all, or such that nothing in sight tells them. */
export type ContextValue = readonly string[] | 'unknown' | undefined;

/** The condition keys of a request; names in lower case. */
export type Context = (key: string) => ContextValue;

/** Keys that may have many values: an operator for one value does not see them. */
const WITH_MANY_VALUES = [
  'aws:principalorgpaths', 'aws:sourceorgpaths', 'aws:resourceorgpaths', 'aws:tagkeys', 'aws:calledvia', 'aws:principalservicenameslist',
];

/** Whether all conditions of a statement hold. */
export function conditionsHold(conditions: readonly Condition[], context: Context): Truth {
  return allOf(conditions.map((condition) => holds(condition, context)));
}

/** Whether one condition holds. */
export function holds({ operator, key, values }: Condition, context: Context): Truth {
  const [, set = '', name, ifExists] = /^(foranyvalue:|forallvalues:)?(.*?)(ifexists)?$/s.exec(operator.toLowerCase())!;
  if (name === '' || !isKnown(key)) {
    // Nobody knows what the condition is.
    return 'maybe';
  }
  const actual = context(key.toLowerCase());
  if (name === 'null') {
    return actual === 'unknown' ? 'maybe' : anyOf(values.map((value) => same(value.toLowerCase(), String(actual === undefined))));
  }
  const negated = name.includes('not');
  const compare = COMPARISONS.get(name.replace('not', ''));
  if (actual === undefined) {
    return truthOf(ifExists !== undefined || set === 'forallvalues:' || (negated && set === ''));
  }
  if (actual === 'unknown' || compare === undefined) {
    return 'maybe';
  }
  const wanted = values.map((value) => withVariables(value, context));
  const matches = (one: string) => {
    const equal = anyOf(wanted.map((value) => compare(value, one)));
    return negated ? not(equal) : equal;
  };
  switch (set) {
    case 'foranyvalue:': return anyOf(actual.map(matches));
    case 'forallvalues:': return allOf(actual.map(matches));
    default: return WITH_MANY_VALUES.includes(key.toLowerCase()) ? truthOf(negated) : matches(actual[0]);
  }
}

type Comparison = (wanted: string, actual: string) => Truth;

const ignoringCase: Comparison = (wanted, actual) => same(wanted.toLowerCase(), actual.toLowerCase());

/** How a value of the policy is compared with one of the request; operators that are not here decide by what only a request tells. */
const COMPARISONS: ReadonlyMap<string, Comparison> = new Map([
  ['stringequals', same],
  ['stringequalsignorecase', ignoringCase],
  ['stringlike', matching],
  ['arnequals', matchingArns],
  ['arnlike', matchingArns],
  ['bool', ignoringCase],
]);

/** What a variable stands for that has no value in a request: no text is like it. */
const NOTHING = '\0';

/** A text of a policy with its variables, `${aws:PrincipalAccount}`, replaced by what they are in a request. */
export function withVariables(text: string, context: Context): string {
  return !text.includes('${') ? text : text.replace(/\$\{([^},]+)(?:,\s*'([^']*)')?[^}]*\}/g, (_, name, otherwise) => {
    const key = name.trim().toLowerCase();
    const value = ['*', '?', '$'].includes(key) ? 'unknown' : context(key);
    if (value === undefined) {
      return otherwise ?? NOTHING;
    }
    return value !== 'unknown' && value.length === 1 ? value[0] : unknownValue(key);
  });
}
