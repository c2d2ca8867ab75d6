import { PolicySize, sizeOfPolicy } from '../../policy/size';
import { jsonIn } from '../template/json';
import { Fields, isFields, listOf, textOf, textsOf } from '../template/template';
import { isKnown, unknownsIn } from '../template/text-patterns';

/** A policy that says who may do what with repositories. */
export interface Policy {
  readonly statements: readonly Statement[];
  /** Whether there is more in it, of which only the deployment knows what it says. */
  readonly isOpaque: boolean;
  /** The characters that Amazon ECR counts; 0 if there is no policy. */
  readonly size: number;
  /** The policy as it is deployed; undefined if there is none. */
  readonly document?: Fields;
}

/** A statement of a policy, whichever way it was written: lists are lists, and what is left out is an empty list. */
export interface Statement {
  readonly sid: string;
  /** One whose effect is unknown has a condition that cannot be read. */
  readonly effect: 'Allow' | 'Deny' | 'unknown';
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
    isOpaque: unknownIn(value).length > 0,
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
  const document = jsonIn(value);
  return isFields(document) ? document : undefined;
}

/** The values of a policy of which only the deployment knows what they say: the whole document, all of its statements, or single ones. */
export function unknownIn(policy: unknown): string[] {
  const document = documentOf(policy);
  const values = document ? listOf(document.Statement) : [policy];
  return values.flatMap((value) => (typeof value === 'string' ? unknownsIn(value).slice(0, 1) : []));
}

/** The statements of a policy, given as an object or as its text. Those without a Sid are called by their place. */
export function statementsOf(policy: unknown): Statement[] {
  return listOf(documentOf(policy)?.Statement).filter(isFields).map((statement, index) => ({
    sid: textOf(statement.Sid ?? `(statement ${index + 1})`),
    ...effectOf(statement),
    principals: principalsOf(statement.Principal),
    notPrincipals: principalsOf(statement.NotPrincipal),
    actions: textsOf(statement.Action),
    notActions: textsOf(statement.NotAction),
    resources: textsOf(statement.Resource),
    notResources: textsOf(statement.NotResource),
  }));
}

function effectOf({ Effect: effect, Condition: condition }: Fields): Pick<Statement, 'effect' | 'conditions'> {
  const conditions = conditionsOf(condition);
  return typeof effect === 'string' && !isKnown(effect)
    ? { effect: 'unknown', conditions: [...conditions, ...conditionsOf(effect)] }
    : { effect: effect === 'Deny' ? 'Deny' : 'Allow', conditions };
}

/** A statement as a reader may be told it: `statement Pull`, or by its place, `statement 1`. */
export function statementInWords({ sid }: Pick<Statement, 'sid'>): string {
  return /^\(statement \d+\)$/.test(sid) ? sid.slice(1, -1) : `statement ${sid}`;
}

function principalsOf(value: unknown): Principal[] {
  if (typeof value === 'string' && !isKnown(value)) {
    // It may turn out to be of any type.
    return ['AWS', 'Service'].map((type) => ({ type, value }));
  }
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
