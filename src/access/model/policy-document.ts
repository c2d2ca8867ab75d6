import { sizeOfPolicy } from '../../policy/size';
import { Fields, fieldsOf, isFields, listOf, textOf, textsOf } from '../template/template';

/** A policy that says who may do what with repositories. */
export interface Policy {
  readonly statements: readonly Statement[];
  /** The characters that Amazon ECR counts; 0 if there is no policy. */
  readonly size: number;
}

/** A statement of a policy, whichever way it was written: lists are lists, and what is left out is an empty list. */
export interface Statement {
  readonly sid: string;
  readonly effect: 'Allow' | 'Deny';
  readonly principals: readonly Principal[];
  readonly notPrincipals: readonly Principal[];
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  readonly conditions: readonly Condition[];
}

export interface Principal {
  /** `AWS`, `Service`, `Federated`, `CanonicalUser`. */
  readonly type: string;
  readonly value: string;
}

export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** A policy as a template has it: as an object, or as its text. */
export function policyOf(value: unknown): Policy {
  const document = documentOf(value);
  return {
    statements: statementsOf(document),
    size: document ? sizeOfPolicy({ ...document, Statement: listOf(document.Statement).filter(isFields) }).characters : 0,
  };
}

function documentOf(value: unknown): Fields | undefined {
  if (typeof value !== 'string') {
    return isFields(value) ? value : undefined;
  }
  try {
    return documentOf(JSON.parse(value));
  } catch {
    return undefined;
  }
}

/** The statements of a policy document. Those without a Sid are called by their place. */
export function statementsOf(document: unknown): Statement[] {
  return listOf(fieldsOf(document).Statement).filter(isFields).map((statement, index) => ({
    sid: textOf(statement.Sid ?? `(statement ${index + 1})`),
    effect: statement.Effect === 'Deny' ? 'Deny' : 'Allow',
    principals: principalsOf(statement.Principal),
    notPrincipals: principalsOf(statement.NotPrincipal),
    actions: textsOf(statement.Action),
    notActions: textsOf(statement.NotAction),
    resources: textsOf(statement.Resource),
    notResources: textsOf(statement.NotResource),
    conditions: conditionsOf(statement.Condition),
  }));
}

function principalsOf(value: unknown): Principal[] {
  return Object.entries(isFields(value) ? value : { AWS: value })
    .flatMap(([type, values]) => textsOf(values).map((principal) => ({ type, value: principal })));
}

/** A condition that cannot be read is still one: it must not look as if there were none. */
function conditionsOf(conditions: unknown): Condition[] {
  if (!isFields(conditions)) {
    return textsOf(conditions).map((key) => ({ operator: '', key, values: [] }));
  }
  return Object.entries(conditions).flatMap(([operator, keys]) => (isFields(keys)
    ? Object.entries(keys).map(([key, values]) => ({ operator, key, values: textsOf(values) }))
    : textsOf(keys).map((key) => ({ operator, key, values: [] }))));
}

/** A condition as a reader may be told it. */
export function conditionInWords({ operator, key, values }: Condition): string {
  return ['if', key, operator, values.join(' or ')].filter(Boolean).join(' ');
}
