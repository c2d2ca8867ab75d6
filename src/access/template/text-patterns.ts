/** What stands for a value that only the deployment knows. `<` and `>` are in no ARN, no name and no account id. */
export function unknownValue(what: string): string {
  return `<${what}>`;
}

/** Whether all of a text is known. */
export function isKnown(text: string): boolean {
  return !/<[^<>]*>/.test(text);
}

/** Splits a text, but no unknown value in it. */
export function splitText(text: string, delimiter: string): string[] {
  const unknowns: string[] = [];
  const hidden = text.replace(/<[^<>]*>/g, (unknown) => {
    unknowns.push(unknown);
    return '\0';
  });
  return hidden.split(delimiter).map((part) => part.replace(/\0/g, () => unknowns.shift()!));
}

/** Whether a text is of a pattern, in which `*` stands for any text and `?` for one character. */
export function matches(pattern: string, text: string): boolean {
  const source = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, '.*').replace(/\?/g, '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

export interface Arn {
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** Type and name: `repository/web-app`. */
  readonly resource: string;
}

export function parseArn(text: string): Arn | undefined {
  const [arn, partition, service, region, account, ...resource] = splitText(text, ':');
  return arn === 'arn' && partition !== undefined && resource.length > 0 ? { service, region, account, resource: resource.join(':') } : undefined;
}
