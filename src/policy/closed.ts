import { Conditions, Who } from './grant';

/** Operators that a request passes only by having one of the values. No `Not…`, no `…IfExists`, no `ForAllValues:`, no `Null`. */
const EXACT = ['StringEquals', 'StringEqualsIgnoreCase'];
const PATTERN = ['StringLike', 'ArnEquals', 'ArnLike'];

const ORGANIZATION_ID = /^o-[a-z0-9]{10,32}$/;
const ORGANIZATION_PATH = /^o-[a-z0-9]{10,32}\//;
const ACCOUNT_ID = /^\d{12}$/;
/** With a string operator `*` crosses colons, so nothing before the account may vary; with an ARN operator it does not. */
const ACCOUNT_ARN_AS_STRING = /^arn:[^:*?]+:[^:*?]+:[^:*?]*:\d{12}:/;
const ACCOUNT_ARN = /^arn:[^:]*:[^:]*:[^:]*:\d{12}:/;

/** A condition key that can close an open principal, and the values that do. */
interface ClosingKey {
  readonly value: RegExp;
  readonly valueAsString?: RegExp;
  readonly manyValues?: boolean;
}

const ofPrincipals: Record<string, ClosingKey> = {
  'aws:principalorgid': { value: ORGANIZATION_ID },
  'aws:principalorgpaths': { value: ORGANIZATION_PATH, manyValues: true },
  'aws:principalaccount': { value: ACCOUNT_ID },
  'aws:principalarn': { value: ACCOUNT_ARN, valueAsString: ACCOUNT_ARN_AS_STRING },
};
const ofServices: Record<string, ClosingKey> = {
  'aws:sourceorgid': { value: ORGANIZATION_ID },
  'aws:sourceorgpaths': { value: ORGANIZATION_PATH, manyValues: true },
  'aws:sourceaccount': { value: ACCOUNT_ID },
  'aws:sourcearn': { value: ACCOUNT_ARN, valueAsString: ACCOUNT_ARN_AS_STRING },
};

/** The keys that close an open principal of that type. */
export function closingKeys(type: 'AWS' | 'Service'): string[] {
  return type === 'AWS'
    ? ['aws:PrincipalOrgID', 'aws:PrincipalOrgPaths', 'aws:PrincipalAccount', 'aws:PrincipalArn']
    : ['aws:SourceArn', 'aws:SourceAccount', 'aws:SourceOrgID', 'aws:SourceOrgPaths'];
}

/**
 * The condition keys (lower case) by which the conditions fix the account, the organization or the path of whoever
 * calls. None: anybody may be behind a principal of `*`, and any account behind a service.
 *
 * A value that is an object is one that only the deployment knows: it cannot be checked, so it passes. An undefined one does
 * not: it would vanish from the template, and the condition with it.
 */
export function closedBy(type: 'AWS' | 'Service', conditions: Conditions): string[] {
  const keys = type === 'AWS' ? ofPrincipals : ofServices;
  return Object.entries(conditions).flatMap(([operator, byKey]) => Object.entries(byKey)
    .filter(([key, values]) => {
      const closing = keys[key.toLowerCase()];
      return closing !== undefined && closes(closing, operator, Array.isArray(values) ? values : [values]);
    })
    .map(([key]) => key.toLowerCase()));
}

function closes(key: ClosingKey, operator: string, values: unknown[]): boolean {
  const [, forAnyValue, name] = /^(ForAnyValue:)?(.+)$/.exec(operator)!;
  // A key with many values is undefined under an operator for one.
  if ((key.manyValues && !forAnyValue) || ![...EXACT, ...PATTERN].includes(name) || values.length === 0) {
    return false;
  }
  const pattern = name.startsWith('String') ? key.valueAsString ?? key.value : key.value;
  return values.every((value) => (typeof value === 'string' ? pattern.test(value) : typeof value === 'object' && value !== null));
}

/** Whether anybody of an organization or of an OU is let in: nothing narrower closes the grantee. */
export function isOrganization(who: Who): boolean {
  if (who.kind !== 'conditioned') {
    return who.kind === 'organization' || who.kind === 'organizationalUnit';
  }
  return who.type === 'AWS' && who.principal === '*' && !closedByAccount(who.conditions);
}

/** Whether the conditions fix the account of a principal, and not only its organization. */
export function closedByAccount(conditions: Conditions): boolean {
  return closedBy('AWS', conditions).some((key) => key === 'aws:principalaccount' || key === 'aws:principalarn');
}
