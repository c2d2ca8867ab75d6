import { Finding } from '../../src/access/findings/finding';
import { RuleId } from '../../src/access/findings/rules';

/** What is wrong, as both opinions are compared. */
export interface Problem {
  readonly rule: RuleId;
  /** The construct path of the resource that it is about. */
  readonly path: string;
  readonly repository?: string;
  readonly half?: Finding['half'];
}

export function keyOf({ rule, path, repository, half }: Problem): string {
  return [rule, `at ${path}`, ...repository === undefined ? [] : [`on ${repository}`], ...half === undefined ? [] : [`(${half})`]].join(' ');
}
