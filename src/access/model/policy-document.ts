import { PolicySize, sizeOfPolicy } from '../../policy/size';
import { Fields, fieldsOf, isFields, listOf, textOf, textsOf } from '../template/template';
import { isKnown } from '../template/text-patterns';

/** A policy that says who may do what with repositories. */
export interface Policy {
  readonly statements: readonly Statement[];
  /** The characters that Amazon ECR counts; 0 if there is no policy. */
  readonly size: number;
  /** The policy as it is deployed; undefined if there is none. */
  readonly document?: Fields;
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
    size: document ? sizeOfDocument(document).characters : 0,
    ...(document && { document }),
  };
}

/** What Amazon ECR counts of a policy; of unknown values the least that they can be, since they are not as long as what they are called here. */
export function sizeOfDocument(document: Fields): PolicySize {
  const measurable = { ...document, Statement: listOf(document.Statement).filter(isFields) };
  return sizeOfPolicy(JSON.parse(JSON.stringify(measurable), (_, inner) => (typeof inner !== 'string' || isKnown(inner) ? inner : {
    'Fn::Join': ['', inner.split(/<([^<>]*)>/).map((part, index) => (index % 2 === 0 ? part : { Ref: part }))],
  })));
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

/** A statement as a reader may be told it: `statement Pull`, or by its place, `statement 1`. */
export function statementInWords({ sid }: Pick<Statement, 'sid'>): string {
  return /^\(statement \d+\)$/.test(sid) ? sid.slice(1, -1) : `statement ${sid}`;
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
