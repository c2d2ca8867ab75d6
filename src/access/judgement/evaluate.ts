import { conditionsHold, Context, withVariables } from './conditions';
import { matching, matchingResources, same, sameArns } from './matching';
import { Principal, Statement } from '../model/policy-document';
import { isKnown, parseArn } from '../template/text-patterns';
import { allOf, anyIs, anyOf, not, Truth } from '../template/truth';

/** Who calls: a role, by its ARN, or a service of AWS, by its name. */
export interface Caller {
  readonly type: 'role' | 'service';
  readonly name: string;
  /** The account of the role, or that on whose behalf a service calls. */
  readonly account: string;
}

/** One action on one resource. */
export interface Request {
  readonly caller: Caller;
  readonly action: string;
  readonly resource: string;
  readonly context: Context;
}

/** What policies say of a request: whether something in them allows it, and whether something denies it. */
export interface Opinion {
  readonly allowed: Truth;
  readonly denied: Truth;
}

/** What comes of it. `none`: nothing allows it, and nothing denies it for certain. */
export type Decision = 'allow' | 'deny' | 'none' | 'undecided';

export function decisionOf({ allowed, denied }: Opinion): Decision {
  if (denied === 'yes') {
    return 'deny';
  }
  if (allowed === 'no') {
    return 'none';
  }
  return allowed === 'yes' && denied === 'no' ? 'allow' : 'undecided';
}

/** Whether each part of a statement is about a request. A statement applies if all are. */
export interface Parts {
  readonly principal: Truth;
  readonly action: Truth;
  readonly resource: Truth;
  readonly conditions: Truth;
}

export function appliesBy({ principal, action, resource, conditions }: Parts): Truth {
  return allOf([principal, action, resource, conditions]);
}

/** What the identity policies of a caller say. */
export function decideByIdentity(statements: readonly Statement[], request: Request): Opinion {
  return opinionOf(statements, request, partsByIdentity);
}

/** An identity policy names no principal: it is about whom it is attached to. */
export function partsByIdentity(statement: Statement, request: Request): Parts {
  return {
    principal: 'yes',
    action: actionOf(statement, request),
    resource: resourceOf(statement, request),
    conditions: conditionsHold(statement.conditions, request.context),
  };
}

/**
 * As what a caller is let in: as anything, its account included; by its own ARN or as anybody; as anybody only. In the account of the resource,
 * an account as principal only hands the decision to the identity policies, and what names a role by its ARN is within its boundary.
 */
export type LetInAs = 'anything' | 'itself' | 'anybody';

/** What the policy of a resource says. Whom it denies, it denies as anything. */
export function decideByResource(statements: readonly Statement[], request: Request, as: LetInAs): Opinion {
  return opinionOf(statements, request, (statement) => partsByResource(statement, request, as));
}

export function partsByResource(statement: Statement, request: Request, as: LetInAs): Parts {
  return {
    principal: principalOf(statement, request.caller, statement.effect === 'Allow' ? as : 'anything'),
    action: actionOf(statement, request),
    // A repository policy has no resource: it is about its own repository.
    resource: statement.resources.length + statement.notResources.length === 0 ? 'yes' : resourceOf(statement, request),
    conditions: conditionsHold(statement.conditions, request.context),
  };
}

/** What policies say of which nobody knows what it is: they may allow what others do not, but are not supposed to deny anything. */
export const OPAQUE: Opinion = { allowed: 'maybe', denied: 'no' };

/** Both together, if both must allow. */
export function both(a: Opinion, b: Opinion): Opinion {
  return { allowed: allOf([a.allowed, b.allowed]), denied: anyOf([a.denied, b.denied]) };
}

/** Both together, if it is enough that one allows; what one denies, the other cannot allow. */
export function either(a: Opinion, b: Opinion): Opinion {
  return { allowed: anyOf([a.allowed, b.allowed]), denied: anyOf([a.denied, b.denied]) };
}

function opinionOf(statements: readonly Statement[], request: Request, partsOf: (statement: Statement, request: Request) => Parts): Opinion {
  // Most are about other actions, and then nothing else of them needs to be looked at.
  const applying = statements.filter((statement) => actionOf(statement, request) !== 'no')
    .map((statement) => ({ effect: statement.effect, applies: appliesBy(partsOf(statement, request)) }));
  const [allowed, denied] = (['Allow', 'Deny'] as const)
    .map((wanted) => anyOf(applying.filter(({ effect }) => effect === wanted || effect === 'unknown').map(({ applies }) => applies)));
  return { allowed, denied };
}

function actionOf({ actions, notActions }: Statement, { action }: Request): Truth {
  const isOneOf = (patterns: readonly string[]) => anyIs(patterns, (pattern) => matching(pattern.toLowerCase(), action.toLowerCase()));
  return notActions.length > 0 ? not(isOneOf(notActions)) : isOneOf(actions);
}

function resourceOf({ resources, notResources }: Statement, { resource, context }: Request): Truth {
  const isOneOf = (patterns: readonly string[]) => anyIs(patterns, (pattern) => matchingResources(withVariables(pattern, context), resource));
  return notResources.length > 0 ? not(isOneOf(notResources)) : isOneOf(resources);
}

function principalOf({ principals, notPrincipals, effect }: Statement, caller: Caller, as: LetInAs): Truth {
  const isOneOf = (all: readonly Principal[], how: LetInAs) => anyOf(all.map((principal) => isPrincipal(principal, caller, how)));
  if (notPrincipals.length === 0) {
    return isOneOf(principals, as);
  }
  const isOther = not(isOneOf(notPrincipals, 'anything'));
  // To exempt a role from a denial, AWS asks for its account, its ARN and that of its session, whose name nobody knows before.
  const mayBeDenied = effect !== 'Allow' && caller.type === 'role' && !notPrincipals.some(({ type, value }) => type === 'AWS' && value === '*');
  return mayBeDenied && isOther === 'no' ? 'maybe' : isOther;
}

function isPrincipal({ type, value }: Principal, caller: Caller, as: LetInAs): Truth {
  if (type === 'AWS' && value === '*') {
    return 'yes';
  }
  if (type !== (caller.type === 'service' ? 'Service' : 'AWS')) {
    return 'no';
  }
  if (caller.type === 'service') {
    return same(value, caller.name);
  }
  const isAccount = isKnown(value) || same(value, caller.account) === 'yes';
  const { account, resource } = parseArn(value) ?? { account: value, resource: isAccount ? 'root' : undefined };
  if (resource === undefined) {
    return as === 'anybody' ? 'maybe' : anyOf([same(value, caller.name), 'maybe']);
  }
  if (resource === 'root') {
    return as === 'anything' ? same(account, caller.account) : 'no';
  }
  if (as === 'anybody') {
    return 'no';
  }
  return resource.startsWith('assumed-role/') ? isSessionOf(account, resource.split('/')[1], caller) : sameArns(value, caller.name);
}

/** A session's name only the service knows that makes it. */
function isSessionOf(account: string, role: string, caller: Caller): Truth {
  const isOfRole = anyOf([`*:role/${role}`, `*:role/*/${role}`].map((pattern) => matching(pattern, caller.name)));
  return allOf([same(account, caller.account), isOfRole, 'maybe']);
}
