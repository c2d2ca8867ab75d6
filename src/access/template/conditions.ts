import { fieldIn, Fields, fieldsOf, listOf, textOf } from './template';
import { isKnown } from './text-patterns';
import { allOf, not, Truth, truthOf } from './truth';
import { Comparison, World } from './worlds';

/** What the conditions of a template are made of. */
export interface ConditionScope {
  /** The construct path of the stack, and of the outermost one around it. */
  readonly path: string;
  readonly root: string;
  readonly conditions: Fields;
  resolve(value: unknown): unknown;
}

/**
 * Whether a condition of a template holds. What the template does not decide, the world does, but only if the condition hangs on it. What cannot be a
 * condition, or goes in circles, CloudFormation refuses: nobody can say whether it holds.
 */
export function conditionHolds(name: string, scope: ConditionScope, world: World): Truth {
  const decided = holdsByName(name, { scope, decide: (comparison) => world.answered(comparison), seen: new Map() });
  return decided === 'maybe' ? holdsByName(name, { scope, decide: (comparison) => world.ask(comparison), seen: new Map() }) : decided;
}

interface Evaluation {
  readonly scope: ConditionScope;
  readonly decide: (comparison: Comparison) => Truth;
  /** What is known of conditions by their names; those being evaluated are a `maybe`. */
  readonly seen: Map<string, Truth>;
}

function holdsByName(name: string, evaluation: Evaluation): Truth {
  const { seen, scope } = evaluation;
  const known = seen.get(name);
  if (known !== undefined) {
    return known;
  }
  seen.set(name, 'maybe');
  const truth = holds(fieldIn(scope.conditions, name), name, evaluation);
  seen.set(name, truth);
  return truth;
}

function holds(definition: unknown, name: string, evaluation: Evaluation): Truth {
  const [[operator, argument] = [], ...others] = Object.entries(fieldsOf(definition));
  const all = listOf(argument);
  if (others.length > 0 || all.length === 0) {
    return 'maybe';
  }
  switch (operator) {
    case 'Condition': return holdsByName(textOf(argument), evaluation);
    case 'Fn::Not': return not(holds(all[0], name, evaluation));
    case 'Fn::And': return allOf(inTurn(all, (one) => holds(one, name, evaluation)));
    case 'Fn::Or': return not(allOf(inTurn(all, (one) => not(holds(one, name, evaluation)))));
    case 'Fn::Equals': return all.length === 2 ? areEqual(all, name, evaluation) : 'maybe';
    default: return 'maybe';
  }
}

/** One after the other, so that what no longer matters is not asked. */
function* inTurn<T>(items: readonly T[], truth: (item: T) => Truth): Iterable<Truth> {
  for (const item of items) {
    yield truth(item);
  }
}

function areEqual(sides: readonly unknown[], name: string, { scope, decide }: Evaluation): Truth {
  const { path, root } = scope;
  const texts = sides.map((side) => textOf(scope.resolve(side)));
  const [one, other] = texts;
  if (texts.every(isKnown)) {
    return truthOf(one === other);
  }
  const condition = `condition ${name} of stack ${path}`;
  if (texts.some((text) => text.includes('<Fn::'))) {
    // The name of a function says nothing about its value: the same is only what is written in the same way.
    return decide({ key: `${path} ${sides.map((side) => JSON.stringify(side)).sort().join(' ')}`, condition });
  }
  if (one === other) {
    return 'yes';
  }
  // A nested stack is deployed where the one around it is, so what is unknown has the same value in both.
  const key = `${root} ${[...texts].sort().join(' ')}`;
  const unknown = texts.find((text) => /^<[^<>]*>$/.test(text));
  return decide({ key, condition, ...(unknown !== undefined && texts.some(isKnown) && { unknown: `${root} ${unknown}` }) });
}
