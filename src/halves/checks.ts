import { Token } from 'aws-cdk-lib';
import { Format, requireFormat } from '../policy/formats';

/** Throws unless the text is of the format. A token passes: what only the deployment knows cannot be checked. */
export function requireText(format: Format, what: string, text: string): void {
  if (!Token.isUnresolved(text)) {
    requireFormat(format, what, text);
  }
}
