import { Token } from 'aws-cdk-lib';
import { Format, requireFormat } from '../policy/formats';

/** Throws unless the text is of the format. A token passes: what only the deployment knows cannot be checked. */
export function requireText(format: Format, what: string, text: string): void {
  if (!Token.isUnresolved(text)) {
    requireFormat(format, what, text);
  }
}

/** Throws unless there is at least one text, and each stands there once. `ifNone` is what to do where there is none. */
export function requireSome(what: string, texts: readonly string[], ifNone = 'leave the grant out if there is nobody to grant to'): void {
  if (texts.length === 0) {
    throw new Error(`${what} is empty, but at least one is needed; ${ifNone}`);
  }
  if (texts.some((text) => Token.isUnresolved([text]))) {
    throw new Error(`${what} has in it a list that only the deployment knows, which cannot be taken apart here; `
      + 'give such a list alone to EcrGrantee.accounts(...list), or take single texts out of it with Fn.select(index, list)');
  }
  const seen = new Set<string>();
  const twice = texts.find((text) => seen.size === seen.add(text).size);
  if (twice !== undefined) {
    throw new Error(`${what} has ${JSON.stringify(twice)} twice, but each may stand there once; remove the second, or correct it if another was meant`);
  }
}
