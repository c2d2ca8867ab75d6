/** Small changes of texts, wherever they stand in a value: values of templates are full of functions. */

/** Another value: the first match of a pattern in any text of it is replaced; undefined if there is none. */
export function replaced(value: unknown, pattern: RegExp, by: (match: string) => string): unknown {
  const text = JSON.stringify(value);
  const after = text.replace(pattern, by);
  return after === text ? undefined : JSON.parse(after);
}

/** Another account, that nobody has: the last digit but one is one higher. */
export function otherAccount(account: string): string {
  return `${account.slice(0, 10)}${(Number(account[10]) + 1) % 10}${account[11]}`;
}

/** Another Region, in which the apps have nothing. */
export const OTHER_REGION = 'sa-east-1';

export const ACCOUNT = /\d{12}/;
export const REGION = /(us|eu|ap)-[a-z]+-\d/;
