/** What stands for a value that only the deployment knows. `<` and `>` are in no ARN, no name and no account id. */
export function unknownValue(what: string): string {
  return `<${what}>`;
}

/** Whether all of a text is known. */
export function isKnown(text: string): boolean {
  return !text.includes('<') || !/<[^<>]*>/.test(text);
}

/** The unknown values in a text. */
export function unknownsIn(text: string): string[] {
  return text.match(/<[^<>]*>/g) ?? [];
}

/**
 * Whether a list can be made of a text: pseudo parameters, and names that the deployment makes up, hold letters, digits and hyphens only; of other
 * unknown values nobody knows.
 */
export function isDivisible(text: string, delimiter: string, isMadeUpName: (unknown: string) => boolean): boolean {
  const unknowns = unknownsIn(text);
  return unknowns.length === 0 || (!/^[\w-]*$/.test(delimiter) && unknowns.every((unknown) => /^<AWS::\w+>$/.test(unknown) || isMadeUpName(unknown)));
}

/** Splits a text, but no unknown value in it. */
export function splitText(text: string, delimiter: string): string[] {
  if (!text.includes('<')) {
    return text.split(delimiter);
  }
  const unknowns: string[] = [];
  const hidden = text.replace(/<[^<>]*>/g, (unknown) => {
    unknowns.push(unknown);
    return '\0';
  });
  return hidden.split(delimiter).map((part) => part.replace(/\0/g, () => unknowns.shift()!));
}

/** Whether a text is of a pattern, in which `*` stands for any text and `?` for one character. */
export function matches(pattern: string, text: string): boolean {
  if (!pattern.includes('*') && !pattern.includes('?')) {
    return pattern === text;
  }
  let [inPattern, inText] = [0, 0];
  // Only the last `*` ever needs to take more: a regular expression would try all of them, for years.
  let [star, taken] = [-1, 0];
  while (inText < text.length) {
    if (pattern[inPattern] === '*') {
      [star, taken] = [inPattern, inText];
      inPattern++;
    } else if (pattern[inPattern] === '?' || pattern[inPattern] === text[inText]) {
      inPattern++;
      inText++;
    } else if (star >= 0) {
      taken++;
      [inPattern, inText] = [star + 1, taken];
    } else {
      return false;
    }
  }
  while (pattern[inPattern] === '*') {
    inPattern++;
  }
  return inPattern === pattern.length;
}

export interface Arn {
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** Type and name: `repository/web-app`. */
  readonly resource: string;
}

export function parseArn(text: string): Arn | undefined {
  if (!text.startsWith('arn:')) {
    return undefined;
  }
  const [, partition, service, region, account, ...resource] = splitText(text, ':');
  return partition !== undefined && resource.length > 0 ? { service, region, account, resource: resource.join(':') } : undefined;
}
