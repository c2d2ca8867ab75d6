import { Fields, fieldsOf, isFields, listOf, textOf } from './template';
import { isKnown, splitText, unknownValue } from './text-patterns';

/** What the names in a template stand for. */
export interface Scope {
  /** The value of `Ref`. */
  reference(name: string): unknown;
  /** The value of `Fn::GetAtt`. */
  attribute(logicalId: string, attribute: string): unknown;
  /** The value of `Fn::ImportValue`. */
  imported(exportName: string): unknown;
}

/**
 * A value of a template as the deployment will see it. What cannot be computed becomes an `unknownValue`, also as part of a text; what is removed
 * by `AWS::NoValue` is not there.
 */
export function resolveValue(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => resolveValue(item, scope)).filter((item) => item !== undefined);
  }
  if (!isFields(value)) {
    return value;
  }
  const entries = Object.entries(value);
  const [name, argument] = entries[0] ?? [];
  if (entries.length === 1 && name === 'Ref') {
    return argument === 'AWS::NoValue' ? undefined : scope.reference(textOf(argument));
  }
  if (entries.length === 1 && name.startsWith('Fn::')) {
    return FUNCTIONS[name]?.(argument, scope) ?? unknownValue(name);
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, resolveValue(item, scope)]).filter(([, item]) => item !== undefined));
}

const FUNCTIONS: Readonly<Record<string, (argument: unknown, scope: Scope) => unknown>> = {
  'Fn::GetAtt': (argument, scope) => {
    const [, logicalId, attribute] = /^([^.]*)\.(.*)$/.exec(listOf(argument).map((part) => textOf(resolveValue(part, scope))).join('.')) ?? [];
    return logicalId === undefined ? undefined : scope.attribute(logicalId, attribute);
  },

  'Fn::Join': (argument, scope) => {
    const [delimiter, list] = listOf(argument);
    const items = resolveValue(list, scope);
    return Array.isArray(items) ? items.map(textOf).join(textOf(delimiter)) : undefined;
  },

  'Fn::Sub': (argument, scope) => {
    const [template, variables] = listOf(argument);
    return textOf(template).replace(/\$\{(!?)([^}]*)\}/g, (_, literal, name) => (
      literal ? `\${${name}}` : textOf(substitute(name.trim(), fieldsOf(variables), scope))));
  },

  'Fn::Select': (argument, scope) => {
    const [index, list] = listOf(resolveValue(argument, scope));
    return Array.isArray(list) ? list[Number(index)] : undefined;
  },

  'Fn::Split': (argument, scope) => {
    const [delimiter, text] = listOf(resolveValue(argument, scope)).map(textOf);
    // Pseudo parameters hold none of the characters by which names and ARNs are split; of other unknown values nobody knows.
    return text !== undefined && isKnown(text.replace(/<AWS::\w+>/g, '')) ? splitText(text, delimiter) : undefined;
  },

  'Fn::ImportValue': (argument, scope) => scope.imported(textOf(resolveValue(argument, scope))),
};

function substitute(name: string, variables: Fields, scope: Scope): unknown {
  if (Object.hasOwn(variables, name)) {
    return resolveValue(variables[name], scope);
  }
  return name.includes('.') ? FUNCTIONS['Fn::GetAtt'](name, scope) : scope.reference(name);
}
