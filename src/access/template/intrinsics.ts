import { Fields, fieldsOf, isFields, listOf, textOf } from './template';
import { isDivisible, isKnown, splitText, unknownValue } from './text-patterns';
import { Truth } from './truth';

/** What the names in a template stand for. */
export interface Scope {
  /** The value of `Ref`. */
  reference(name: string): unknown;
  /** The value of `Fn::GetAtt`. */
  attribute(logicalId: string, attribute: string): unknown;
  /** The value of `Fn::ImportValue`. */
  imported(exportName: string): unknown;
  /** The value of `Fn::GetStackOutput`. */
  outputOf(output: StackOutput): unknown;
  /** The value of `Fn::FindInMap`; undefined if there is none. */
  mapped(map: string, topKey: string, secondKey: string): unknown;
  /** Whether an unknown value is a name that the deployment makes up. */
  isMadeUpName(unknown: string): boolean;
  /** Whether a condition of the template holds. */
  holds(condition: string): Truth;
}

/** An output of a stack, found by the stack's name. */
export interface StackOutput {
  readonly stack: string;
  readonly output: string;
  /** Where it is, if not where it is asked for. */
  readonly region?: string;
  /** The role that may look it up, if it is in another account. */
  readonly role?: string;
}

/** The characters that a text has at most: templates have no more, and texts made of texts made of texts would fill the memory. */
const LONGEST = 1_000_000;

/**
 * A value of a template as the deployment will see it. What cannot be computed becomes an `unknownValue`, also as part of a text; what is removed
 * by `AWS::NoValue` is not there.
 */
export function resolveValue(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => resolveValue(item, scope)).filter((item) => item !== undefined);
  }
  if (!isFields(value)) {
    return typeof value === 'string' ? withoutDynamicReferences(value) : value;
  }
  const entries = Object.entries(value);
  const [name, argument] = entries[0] ?? [];
  if (entries.length === 1 && name === 'Ref') {
    return argument === 'AWS::NoValue' ? undefined : scope.reference(textOf(argument));
  }
  if (entries.length === 1 && name === 'Fn::If') {
    return choice(listOf(argument), scope);
  }
  if (entries.length === 1 && name.startsWith('Fn::')) {
    return FUNCTIONS[name]?.(argument, scope) ?? unknownValue(name);
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, resolveValue(item, scope)]).filter(([, item]) => item !== undefined));
}

/** One of two values, of which one may be `AWS::NoValue`. */
function choice([condition, ifSo, ifNot]: readonly unknown[], scope: Scope): unknown {
  switch (scope.holds(textOf(condition))) {
    case 'yes': return resolveValue(ifSo, scope);
    case 'no': return resolveValue(ifNot, scope);
    default: return unknownValue('Fn::If');
  }
}

const FUNCTIONS: Readonly<Record<string, (argument: unknown, scope: Scope) => unknown>> = {
  'Fn::GetAtt': (argument, scope) => {
    const [, logicalId, attribute] = /^([^.]*)\.(.*)$/.exec(listOf(argument).map((part) => textOf(resolveValue(part, scope))).join('.')) ?? [];
    return logicalId === undefined ? undefined : scope.attribute(logicalId, attribute);
  },

  'Fn::Join': (argument, scope) => {
    const [delimiter, list] = listOf(argument);
    const items = resolveValue(list, scope);
    return Array.isArray(items) ? joined(items.map(textOf), textOf(delimiter)) : undefined;
  },

  'Fn::Sub': (argument, scope) => {
    const [template, variables] = listOf(argument);
    // What is between the braces stands at every third place.
    const parts = textOf(template).split(/\$\{(!?)([^{}]*)\}/);
    return joined(parts.map((part, index) => {
      switch (index % 3) {
        case 0: return part;
        case 1: return '';
        default: return parts[index - 1] === '!' ? `\${${part}}` : textOf(substitute(part.trim(), fieldsOf(variables), scope));
      }
    }), '');
  },

  'Fn::Select': (argument, scope) => {
    const [index, list] = listOf(resolveValue(argument, scope));
    return Array.isArray(list) && /^\d+$/.test(textOf(index)) ? list[Number(textOf(index))] : undefined;
  },

  'Fn::Split': (argument, scope) => {
    const [delimiter, text] = listOf(resolveValue(argument, scope)).map(textOf);
    return text !== undefined && isDivisible(text, delimiter, (unknown) => scope.isMadeUpName(unknown)) ? splitText(text, delimiter) : undefined;
  },

  'Fn::ImportValue': (argument, scope) => scope.imported(textOf(resolveValue(argument, scope))),

  'Fn::GetStackOutput': (argument, scope) => {
    const { StackName: stack, OutputName: output, Region: region, RoleArn: role } = fieldsOf(resolveValue(argument, scope));
    const elsewhere = { ...(region !== undefined && { region: textOf(region) }), ...(role !== undefined && { role: textOf(role) }) };
    return scope.outputOf({ stack: textOf(stack), output: textOf(output), ...elsewhere });
  },

  'Fn::FindInMap': (argument, scope) => {
    const [map, topKey, secondKey, options] = listOf(argument);
    const keys = [map, topKey, secondKey].map((key) => textOf(resolveValue(key, scope)));
    return keys.every(isKnown) ? scope.mapped(keys[0], keys[1], keys[2]) ?? resolveValue(fieldsOf(options).DefaultValue, scope) : undefined;
  },

  'Fn::ToJsonString': (argument, scope) => joined([textOf(JSON.stringify(resolveValue(argument, scope)))], ''),

  'Fn::Length': (argument, scope) => {
    const list = resolveValue(argument, scope);
    return Array.isArray(list) ? list.length : undefined;
  },
};

function joined(parts: readonly string[], delimiter: string): string | undefined {
  const length = parts.reduce((sum, part) => sum + part.length + delimiter.length, 0);
  return length > LONGEST ? undefined : withoutDynamicReferences(parts.join(delimiter));
}

/** What CloudFormation looks up when it deploys, `{{resolve:ssm:/images/web}}`, is not known before. */
function withoutDynamicReferences(text: string): string {
  return text.includes('{{resolve:') ? text.replace(/\{\{resolve:[^{}]*\}\}/g, (reference) => unknownValue(reference.replace(/[<>]/g, ''))) : text;
}

function substitute(name: string, variables: Fields, scope: Scope): unknown {
  if (Object.hasOwn(variables, name)) {
    return resolveValue(variables[name], scope);
  }
  return name.includes('.') ? FUNCTIONS['Fn::GetAtt'](name, scope) : scope.reference(name);
}
