import { RuleId, RULES, Severity } from './rules';
import { Remedy } from '../judgement/remedies';
import { Place } from '../model/places';
import { Runtime } from '../model/pull-sites';

/** One thing that is wrong, or good to know. */
export interface Finding {
  readonly rule: RuleId;
  readonly severity: Severity;
  /** The resource that it is about: the pull site, or what declares what is wrong. */
  readonly place: Place;
  /** What pulls, if it is about a pull. */
  readonly runtime?: Runtime;
  /** The ARN of the repository that it is about, if it is about one. */
  readonly repository?: string;
  /** The half of the grant that fails. */
  readonly half?: 'owner' | 'consumer';
  /** What is wrong, in a sentence. */
  readonly message: string;
  /** What to do, in a sentence. */
  readonly remedy: string;
  /** What to paste, and where. */
  readonly statements: readonly Remedy[];
}

/** A finding as a rule has it, with what all findings of the rule share. */
export function finding(rule: RuleId, details: Omit<Finding, 'rule' | 'severity' | 'statements'> & Partial<Pick<Finding, 'severity' | 'statements'>>): Finding {
  return { rule, severity: RULES[rule].severity, statements: [], ...details };
}

/** What a template does not hold, and what may still forbid what all templates allow. */
export const OUT_OF_SIGHT: readonly string[] = [
  'service control policies and resource control policies of AWS Organizations',
  'policies of VPC endpoints',
  'session policies',
  'what was changed by hand, or is deployed by apps that are not among these',
];
