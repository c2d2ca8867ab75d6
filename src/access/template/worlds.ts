import { Truth, truthOf } from './truth';

/** A comparison of a template's conditions that nobody can decide before the deployment. */
export interface Comparison {
  /** Comparisons of the same values are the same. */
  readonly key: string;
  /** If it is whether an unknown value is a certain text: the unknown value. It is one text only. */
  readonly unknown?: string;
  /** The condition that it stands in, in words: `condition IsProd of stack Prod/Owner`. */
  readonly condition: string;
}

/** One thing that a world takes for granted. */
export interface Assumption extends Comparison {
  readonly holds: boolean;
}

/** How it may turn out at the deployment: one way to decide all that nobody can decide before. */
export interface World {
  /** What this world says of a comparison, if it has decided it. */
  answered(comparison: Comparison): Truth;
  /** What this world says of a comparison; it decides it if it has not yet. */
  ask(comparison: Comparison): Truth;
}

/** A world in which nothing is decided. */
export const UNDECIDED: World = { answered: () => 'maybe', ask: () => 'maybe' };

/** More comparisons than these are not decided in a world: 2 to the power of it is how many worlds there are at most. */
const COMPARISONS = 6;

/**
 * Builds something once for each way that the comparisons can turn out which it asks for: as a rule that is none, and it is built once. A comparison
 * that is one too many stays a `maybe`.
 */
export function inEveryWorld<T>(build: (world: World, assumptions: readonly Assumption[]) => T): T[] {
  const built: T[] = [];
  // Worlds are the leaves of a tree that branches where something is asked. This is the way to one of them.
  let way: Assumption[] = [];
  do {
    built.push(build(worldOn(way), way));
    way = nextAfter(way);
  } while (way.length > 0);
  return built;
}

/** The next way has the last answer that can still be changed; what comes after it is asked anew. */
function nextAfter(way: readonly Assumption[]): Assumption[] {
  const last = way.map(({ holds }) => holds).lastIndexOf(true);
  return last < 0 ? [] : [...way.slice(0, last), { ...way[last], holds: false }];
}

function worldOn(way: Assumption[]): World {
  const answered = ({ key, unknown }: Comparison): Truth => {
    const same = way.find((one) => one.key === key);
    if (same) {
      return truthOf(same.holds);
    }
    return unknown !== undefined && way.some((one) => one.unknown === unknown && one.holds) ? 'no' : 'maybe';
  };
  return {
    answered,
    ask(comparison) {
      const answer = answered(comparison);
      if (answer !== 'maybe' || way.length >= COMPARISONS) {
        return answer;
      }
      way.push({ ...comparison, holds: true });
      return 'yes';
    },
  };
}
