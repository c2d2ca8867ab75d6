/** A stack's template with what the assembly says about it. */
export interface StackTemplate {
  /** The construct path, `Prod/Owner`; of a nested stack the path of the stack around it and the logical id: `Prod/Owner/Nested`. */
  readonly path: string;
  /** The path of the outermost stack: of a stack that is not nested, its own. */
  readonly root: string;
  readonly name: string;
  /** 12 digits, or `<AWS::AccountId>`. */
  readonly account: string;
  /** The Region, or `<AWS::Region>`. */
  readonly region: string;
  readonly file: string;
  /** The ARN of the role that CloudFormation deploys this stack with, if the assembly names one: as a rule that of the CDK's bootstrap. */
  readonly deployerRole: string | undefined;
  /** The paths of the stacks that the CDK deploys before this one. */
  readonly after: readonly string[];
  readonly resources: ReadonlyMap<string, Resource>;
  readonly parameters: Fields;
  readonly mappings: Fields;
  readonly conditions: Fields;
  readonly outputs: Fields;
  /** Nested stacks by the logical ids that they have in this one. */
  readonly nested: ReadonlyMap<string, StackTemplate>;
}

export interface Resource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Fields;
  /** Where it is in the app, or in its stack if the assembly does not say: `Prod/Owner/WebApp`. */
  readonly path: string;
  /** The name of the condition under which it is deployed, if there is one. */
  readonly condition: string | undefined;
}

export type Fields = Readonly<Record<string, unknown>>;

/*
 * What stands in a template may be of any shape. These read it without ever failing: what is not of the shape that was asked for counts as
 * not there.
 */

export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field that is called as a template says: it may say `constructor`. */
export function fieldIn(value: unknown, name: string): unknown {
  return isFields(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Policies and templates write a list of one without its brackets. */
export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) {
    return value;
  }
  return value === undefined || value === null ? [] : [value];
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value) ?? '';
}

export function textsOf(value: unknown): string[] {
  return listOf(value).map(textOf);
}
