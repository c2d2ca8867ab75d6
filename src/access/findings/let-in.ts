import { partsByResource } from '../judgement/evaluate';
import { Condition, Statement } from '../model/policy-document';
import { isKnown, parseArn } from '../template/text-patterns';
import { allOf, Truth } from '../template/truth';

/** Whether a statement is about all of the actions on a repository, whoever asks. */
export function isAbout(statement: Statement, actions: readonly string[], resource: string): Truth {
  const what = { ...statement, principals: [], notPrincipals: [], conditions: [] };
  return allOf(actions.map((action) => {
    const parts = partsByResource(what, { caller: NOBODY, action, resource, context: () => 'unknown' }, 'anything');
    return allOf([parts.action, parts.resource]);
  }));
}

const NOBODY = { type: 'role', name: '', account: '' } as const;

/** An account that a statement lets in, or lets a service in on behalf of. */
export interface LetIn {
  readonly type: 'AWS' | 'Service';
  /** 12 digits; an unknown value; or `*` for accounts that are not named, such as those of an organization. */
  readonly account: string;
}

/** Whom a statement lets in, by account. */
export function accountsLetIn({ principals, notPrincipals, conditions }: Statement): LetIn[] {
  if (notPrincipals.length > 0) {
    return [{ type: 'AWS', account: '*' }];
  }
  return principals.flatMap((principal) => {
    const type = principal.type === 'Service' ? 'Service' : 'AWS';
    const named = conditions.flatMap((condition) => (fixes(condition, KEYS[type]) ? [condition.values.map(accountOf)] : []));
    return [[type === 'AWS' ? accountOf(principal.value) : '*'], ...named].reduce(common).map((account) => ({ type, account } as const));
  });
}

const KEYS = {
  AWS: ['aws:principalaccount', 'aws:principalarn'],
  Service: ['aws:sourceaccount', 'aws:sourcearn'],
} as const;

function fixes({ operator, key }: Condition, keys: readonly string[]): boolean {
  return /^(String(Equals|EqualsIgnoreCase|Like)|Arn(Equals|Like))$/.test(operator) && keys.includes(key.toLowerCase());
}

/** The account of an ARN, or the account itself. */
function accountOf(text: string): string {
  const account = parseArn(text)?.account ?? text;
  return /^\d{12}$/.test(account) || !isKnown(account) ? account : '*';
}

/** What is of both; `*` is whatever the other is. */
function common(one: string[], other: string[]): string[] {
  if (one.includes('*')) {
    return other;
  }
  return other.includes('*') ? one : one.filter((account) => other.includes(account) || !isKnown(account));
}
