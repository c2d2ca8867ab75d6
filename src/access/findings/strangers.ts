import { closedBy } from '../../policy/closed';
import { Condition, Principal, Statement } from '../model/policy-document';
import { isKnown, matches } from '../template/text-patterns';

/** Whom a statement lets in without anybody having named them. */
export interface Strangers {
  /** Whether everybody with an AWS account is let in. */
  readonly anybody: boolean;
  /** The services that are let in on behalf of any account. */
  readonly services: readonly string[];
}

/** Whom an `Allow` lets in that no `Deny` shuts out again; `arn` is what it is about if it does not say so itself. */
export function strangersOf(statement: Statement, arn: string, denies: readonly Statement[]): Strangers {
  const { principals, notPrincipals, conditions } = statement;
  const isOpen = (type: 'AWS' | 'Service', principal: Principal) => (
    !isClosed(type, conditions) && !denies.some((deny) => shutsOut(deny, type, principal) && isAsWide(deny, statement, arn)));
  const open = (type: 'AWS' | 'Service') => principals.filter((principal) => principal.type === type && isOpen(type, principal)).map(({ value }) => value);
  return {
    anybody: notPrincipals.length > 0 ? isOpen('AWS', ANYBODY) : open('AWS').includes('*'),
    services: open('Service').filter(isKnown),
  };
}

const ANYBODY: Principal = { type: 'AWS', value: '*' };

/** All actions of Amazon ECR, as policies write it. */
const EVERYTHING = 'ecr:*';

/** Whether a statement is about what can be done in Amazon ECR. */
export function isOfEcr({ actions, notActions }: Statement): boolean {
  return notActions.length > 0
    ? !notActions.some((action) => ['*', EVERYTHING].includes(action.toLowerCase()))
    : actions.some((action) => matches(action.split(':')[0].toLowerCase(), 'ecr') || !isKnown(action));
}

/** A condition of which only the deployment knows what it says may close anything. */
function isClosed(type: 'AWS' | 'Service', conditions: readonly Condition[]): boolean {
  return conditions.some((condition) => !isReadable(condition) || closes(type, condition));
}

function isReadable({ operator, key }: Condition): boolean {
  return operator !== '' && isKnown(operator) && isKnown(key);
}

/** What only the deployment knows is an object to the rule. */
function closes(type: 'AWS' | 'Service', { operator, key, values }: Condition): boolean {
  return closedBy(type, { [operator]: { [key]: values.map((value) => (isKnown(value) ? value : { Ref: value })) } }).length > 0;
}

/** Whether a `Deny` shuts out all that have not been named: those without a property that would close a principal, or all but some. */
function shutsOut({ principals, notPrincipals, conditions }: Statement, type: 'AWS' | 'Service', whom: Principal): boolean {
  if (notPrincipals.length > 0) {
    return conditions.length === 0 && !notPrincipals.some(({ value }) => value === '*' || value === whom.value);
  }
  const isDenied = principals.some((principal) => principal.value === '*' || (principal.type === whom.type && principal.value === whom.value));
  const unless = conditions.filter((condition) => !isAboutServices(condition) || type === 'Service');
  return isDenied && unless.every((condition) => isReadable(condition) && closes(type, unlessOf(condition)));
}

/** That services of AWS are spared says nothing of anybody else. */
function isAboutServices({ operator, key, values }: Condition): boolean {
  return /^bool(ifexists)?$/i.test(operator) && key.toLowerCase() === 'aws:principalisawsservice' && values.join().toLowerCase() === 'false';
}

/** What must be so of whoever is not denied: `StringNotEquals` denies all but those for whom `StringEquals` holds. */
function unlessOf({ operator, ...condition }: Condition): Condition {
  const [, set = '', before, after] = /^(ForAllValues:)?(String|Arn)Not(Equals|Like|EqualsIgnoreCase)(?:IfExists)?$/.exec(operator) ?? [];
  return { ...condition, operator: before === undefined ? `not ${operator}` : `${set && 'ForAnyValue:'}${before}${after}` };
}

/** Whether all that one statement is about the other is about too. */
function isAsWide(deny: Statement, statement: Statement, arn: string): boolean {
  const covers = (patterns: readonly string[], texts: readonly string[]) => (
    texts.every((text) => patterns.some((pattern) => matches(pattern.toLowerCase(), text.toLowerCase()))));
  const actions = (statement.notActions.length > 0 ? ['*'] : statement.actions).map((action) => (action === '*' ? EVERYTHING : action));
  const resources = statement.resources.length > 0 ? statement.resources : [arn];
  return deny.notActions.length + deny.notResources.length + statement.notResources.length === 0
    && covers(deny.actions, actions)
    && (deny.resources.length === 0 || covers(deny.resources, resources));
}
