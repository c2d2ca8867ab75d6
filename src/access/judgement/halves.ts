import { holds } from './conditions';
import {
  appliesBy, both, decideByIdentity, decideByResource, decisionOf, either, LetInAs, OPAQUE, Opinion, Parts, partsByIdentity, partsByResource, Request,
} from './evaluate';
import { Owner } from './sight';
import { Statement } from '../model/policy-document';
import { Role } from '../model/roles';

/** What one of the documents says of a pull. */
export interface Half {
  readonly state: 'granted' | 'notNeeded' | 'notInSight' | 'undecided' | 'missing' | 'denied';
  /** The actions that are in that state, unless all is well. */
  readonly actions: readonly string[];
  /** Why it cannot be told. */
  readonly why: readonly string[];
}

export type Halves = readonly [owner: Half, consumer: Half];

export const GRANTED: Half = { state: 'granted', actions: [], why: [] };
export const NOT_NEEDED: Half = { state: 'notNeeded', actions: [], why: [] };
export const NOT_IN_SIGHT: Half = { state: 'notInSight', actions: [], why: [] };

export function undecided(why: string): Half {
  return { state: 'undecided', actions: [], why: [why] };
}

export function halfOf(requests: readonly Request[], opinionOn: (request: Request) => Opinion, why: () => string): Half {
  const decisions = requests.map((request) => ({ action: request.action, decision: decisionOf(opinionOn(request)) }));
  for (const [decision, state] of [['deny', 'denied'], ['none', 'missing'], ['undecided', 'undecided']] as const) {
    const actions = decisions.filter((one) => one.decision === decision).map(({ action }) => action);
    if (actions.length > 0) {
      return { state, actions, why: state === 'undecided' ? [why()] : [] };
    }
  }
  return GRANTED;
}

export function ownerHalf(requests: readonly Request[], owner: Owner): Half {
  const why = () => whyOfOwner(owner, requests) ?? 'a condition or a value of the policy of the repository is known only at deployment';
  return unlessOutOfSight(halfOf(requests, (request) => decideByOwner(owner, request, 'anything'), why), owner);
}

function decideByOwner({ statements, opaquePolicies }: Owner, request: Request, as: LetInAs): Opinion {
  return withOpaque(opaquePolicies, decideByResource(statements, request, as));
}

function withOpaque(opaquePolicies: readonly string[], inSight: Opinion): Opinion {
  return opaquePolicies.length > 0 ? either(inSight, OPAQUE) : inSight;
}

function whyOfOwner({ statements, opaquePolicies }: Owner, requests: readonly Request[]): string | undefined {
  return opaquePolicies.length > 0
    ? `what ${opaquePolicies.join(' and ')} says is known only at deployment`
    : whyOf(statements, requests, partsAsAnything);
}

/** What nobody sees may grant what is missing, but not undo what is denied. */
function unlessOutOfSight(half: Half, { isInSight }: Owner): Half {
  return half.state === 'missing' && !isInSight ? { ...half, state: 'notInSight' } : half;
}

export function consumerHalf(requests: readonly Request[], role: Role | undefined): Half {
  return role
    ? halfOf(requests, (request) => withinBoundary(role, request, decideByRole(role, request)), () => whyOfRole(role, requests))
    : NOT_IN_SIGHT;
}

/**
 * In the repository's own account one of the two is enough: the role's policies, or a repository policy that names the role itself or everybody.
 * What else the role must be let do is of its own policies alone.
 */
export function halvesAtHome(requests: readonly Request[], besides: readonly Request[], owner: Owner, role: Role | undefined): Halves {
  const denied = requests.filter((request) => decideByOwner(owner, request, 'anything').denied === 'yes');
  const ofOwner: Half = denied.length > 0 ? { state: 'denied', actions: denied.map(({ action }) => action), why: [] } : NOT_NEEDED;
  if (!role) {
    return [ofOwner, NOT_IN_SIGHT];
  }
  const own = halfOf(requests.filter((request) => !denied.includes(request)), (request) => either(
    decideByOwner(owner, request, 'anybody'),
    withinBoundary(role, request, either(decideByOwner(owner, request, 'itself'), decideByRole(role, request))),
  ), () => whyOfOwner(owner, requests) ?? whyOfRole(role, requests));
  return [ofOwner, worseOf(consumerHalf(besides, role), unlessOutOfSight(own, owner))];
}

/** What is so either way is so. */
export function whicheverItIs(one: Halves, other: Halves, why: string): Halves {
  const [owner, consumer] = other.map((half, index) => (gradeOf(half) === gradeOf(one[index]) ? half : undecided(why)));
  return [owner, consumer];
}

/** What the policies of a role say, those out of sight included. */
function decideByRole({ statements, opaquePolicies }: Role, request: Request): Opinion {
  return withOpaque(opaquePolicies, decideByIdentity(statements, request));
}

/** What a permissions boundary forbids, of what a role asks for; `granted`: what of it the other policies of the role allow. */
export interface BeyondBoundary {
  readonly actions: readonly string[];
  readonly granted: readonly string[];
}

export function beyondBoundary(role: Role | undefined, requests: readonly Request[]): BeyondBoundary | undefined {
  const { boundary } = role ?? {};
  const beyond = Array.isArray(boundary) ? requests.filter((request) => decideByIdentity(boundary, request).allowed === 'no') : [];
  const actionsOf = (some: readonly Request[]) => some.map(({ action }) => action);
  return beyond.length === 0 ? undefined : {
    actions: actionsOf(beyond), granted: actionsOf(beyond.filter((request) => decisionOf(decideByRole(role!, request)) === 'allow')),
  };
}

function withinBoundary({ boundary }: Role, request: Request, opinion: Opinion): Opinion {
  if (boundary === undefined) {
    return opinion;
  }
  return both(opinion, boundary === 'unknown' ? OPAQUE : decideByIdentity(boundary, request));
}

function whyOfRole({ statements, opaquePolicies, boundary }: Role, requests: readonly Request[]): string {
  return [
    ...(opaquePolicies.length > 0 ? [`what ${opaquePolicies.join(', ')} says is not in sight`] : []),
    ...(boundary === 'unknown' ? ['the permissions boundary is not in sight'] : []),
  ].join('; ') || (whyOf(statements, requests, partsByIdentity) ?? 'a condition or a value of the role\'s policies is known only at deployment');
}

const IN_ORGANIZATION = /^aws:(principal|source|resource)org(id|paths)$/i;
const NOT_DECLARED = ' is not declared';

/** Whether it cannot be told only because nobody has said which accounts an organization has. */
export function isForWantOfOrganization(why: string): boolean {
  return why.endsWith(NOT_DECLARED);
}

/** The organizations that statements ask for, if it depends on these whether they apply. */
export function whyOf(
  statements: readonly Statement[], requests: readonly Request[], partsOf: (statement: Statement, request: Request) => Parts,
): string | undefined {
  const asked = statements.flatMap((statement) => requests
    .filter((request) => appliesBy(partsOf(statement, request)) === 'maybe')
    .flatMap(({ context }) => statement.conditions.filter((condition) => IN_ORGANIZATION.test(condition.key) && holds(condition, context) === 'maybe')));
  const organizations = [...new Set(asked.flatMap(({ values }) => values))];
  return organizations.length === 0 ? undefined : `which accounts are in ${organizations.join(', ')}${NOT_DECLARED}`;
}

export function partsAsAnything(statement: Statement, request: Request): Parts {
  return partsByResource(statement, request, 'anything');
}

/** How well a half does; the worst first. */
export const GRADES = ['fails', 'undecided', 'notInSight', 'isWell'] as const;

export function gradeOf({ state }: Half): typeof GRADES[number] {
  switch (state) {
    case 'missing': case 'denied': return 'fails';
    case 'granted': case 'notNeeded': return 'isWell';
    default: return state;
  }
}

/** Two parts of the same half as one. */
export function worseOf(a: Half, b: Half): Half {
  if (a.state === b.state) {
    return { state: a.state, actions: [...b.actions, ...a.actions], why: [...new Set([...b.why, ...a.why])] };
  }
  const states: ReadonlyArray<Half['state']> = ['denied', 'missing', 'undecided', 'notInSight', 'granted', 'notNeeded'];
  return states.indexOf(a.state) < states.indexOf(b.state) ? a : b;
}
