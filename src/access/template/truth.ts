/** What can be said of a statement when not everything is known: unknown values of a template make it a `maybe`. */
export type Truth = 'yes' | 'maybe' | 'no';

export function truthOf(value: boolean): Truth {
  return value ? 'yes' : 'no';
}

/** Yes if all are. */
export function allOf(truths: Iterable<Truth>): Truth {
  let all: Truth = 'yes';
  for (const truth of truths) {
    if (truth === 'no') {
      return 'no';
    }
    all = truth === 'maybe' ? 'maybe' : all;
  }
  return all;
}

/** Yes if one is. */
export function anyOf(truths: Iterable<Truth>): Truth {
  let any: Truth = 'no';
  for (const truth of truths) {
    if (truth === 'yes') {
      return 'yes';
    }
    any = truth === 'maybe' ? 'maybe' : any;
  }
  return any;
}

/** Yes if something is so of one; those after it are not looked at. */
export function anyIs<T>(all: readonly T[], is: (one: T) => Truth): Truth {
  let any: Truth = 'no';
  for (let index = 0; index < all.length && any !== 'yes'; index++) {
    any = anyOf([any, is(all[index])]);
  }
  return any;
}

export function not(truth: Truth): Truth {
  return truth === 'maybe' ? 'maybe' : truthOf(truth === 'no');
}
