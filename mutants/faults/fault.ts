import { StackTemplate } from '../../src/access/template/template';

/** One thing that somebody got wrong. */
export interface Fault {
  /** What was done, the same words for all faults alike. */
  readonly kind: string;
  /** Where, and to what: no two faults of an app have the same. */
  readonly what: string;
  readonly apply: (templates: readonly StackTemplate[]) => StackTemplate[];
  /** If it is in a statement: the same app without the statement, and with one that denies what it allows. */
  readonly statement?: { readonly without: Fault['apply']; readonly denied: Fault['apply'] };
}
