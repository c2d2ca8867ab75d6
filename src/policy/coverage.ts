import { Grant, Registry, Who } from './grant';
import { identityParts, normalized } from './normal-form';
import { groupBy, sameValue, textOf, Value } from './value';

/**
 * The grants that say something which no other grant says.
 *
 * A grant goes when one other grant lets at least the same callers do at least the same. Only grants that speak of
 * the same account or the same organization can cover each other, so that is where we look.
 */
export function withoutCovered(grants: readonly Grant[], registry: Registry): Grant[] {
  const neighbourhoods = groupBy(sayingWhere(grants).map(normalized), (grant) => neighbourhoodOf(grant.who));
  return [...neighbourhoods.values()].flatMap((neighbours) => {
    if (neighbours.length === 1) {
      return neighbours;
    }
    const distinct = [...new Map(neighbours.map((grant) => [JSON.stringify(grant), grant])).values()];
    return distinct.filter((grant) => !distinct.some((other) => other !== grant && covers(other, grant, registry)));
  });
}

/** Whether one of the grants lets the callers of this one do all that it lets them do. */
export function isCovered(grant: Grant, by: readonly Grant[], registry: Registry): boolean {
  const wanted = normalized(grant);
  return by.map(normalized).some((other) => neighbourhoodOf(other.who) === neighbourhoodOf(wanted.who) && covers(other, wanted, registry));
}

/** Among grants that say for which repositories they are, one that does not is for all: else the two ways to say so would cover each other. */
function sayingWhere(grants: readonly Grant[]): readonly Grant[] {
  return grants.every(({ repositories }) => repositories === undefined)
    ? grants
    : grants.map((grant) => ({ ...grant, repositories: grant.repositories ?? '*' }));
}

/** Whether `a` lets every caller that `b` lets do everything that `b` lets it do, `a` and `b` being of one neighbourhood. */
function covers(a: Grant, b: Grant, registry: Registry): boolean {
  return b.actions.every((action) => a.actions.includes(action))
    && matches(a.repositories ?? '*', b.repositories ?? '*')
    && (sameWho(a.who, b.who) || coversWho(a.who, b.who, registry));
}

/** Whether `a` lets in everybody that `b` lets in, `a` and `b` being different. */
function coversWho(a: Who, b: Who, registry: Registry): boolean {
  switch (a.kind) {
    case 'account':
      return b.kind === 'identity' || b.kind === 'tagged' || b.kind === 'conditioned' || (b.kind === 'arn' && isForeign(a.account, registry));
    case 'identity':
      return (b.kind === 'identity' && matches(a.name, b.name))
        || (b.kind === 'arn' && isForeign(a.account, registry) && matches(a.name, identityParts(b.arn)?.name ?? ''));
    case 'organization':
      return b.kind === 'organizationalUnit';
    case 'organizationalUnit':
      return b.kind === 'organizationalUnit' && isBelow(b.path, a.path);
    case 'lambda':
      return b.kind === 'lambda' && matches(a.functionName, b.functionName);
    case 'lambdaOrganization':
      return b.kind === 'lambdaOrganizationalUnit';
    case 'lambdaOrganizationalUnit':
      return b.kind === 'lambdaOrganizationalUnit' && isBelow(b.path, a.path);
    case 'accountList': case 'tagged': case 'arn': case 'conditioned':
      return false;
  }
}

/**
 * Whether the account is surely not the policy's own. There, a principal named by its ARN is let in by the policy
 * alone, while an account only delegates to its identity policies: the one does not cover the other.
 */
function isForeign(account: Value, registry: Registry): boolean {
  return typeof account === 'string' && typeof registry.account === 'string' && account !== registry.account;
}

/** The account or organization that a grantee belongs to: only there can it cover or be covered. */
function neighbourhoodOf(who: Who): string {
  switch (who.kind) {
    case 'account': case 'identity': case 'tagged':
      return `account ${textOf(who.account)}`;
    case 'arn':
      return `account ${identityParts(who.arn)?.account ?? textOf(who.arn)}`;
    case 'conditioned':
      return `${who.type === 'AWS' ? 'account' : 'service'} ${textOf(who.principal)}`;
    case 'organization':
      return `organization ${textOf(who.organization)}`;
    case 'organizationalUnit':
      return `organization ${organizationOf(who.path)}`;
    case 'lambda':
      return `lambda account ${textOf(who.account)}`;
    case 'lambdaOrganization':
      return `lambda organization ${textOf(who.organization)}`;
    case 'lambdaOrganizationalUnit':
      return `lambda organization ${organizationOf(who.path)}`;
    case 'accountList':
      return `list ${textOf(who.accounts)}`;
  }
}

function organizationOf(path: Value): string {
  return typeof path === 'string' ? path.split('/')[0] : textOf(path);
}

function sameWho(a: Who, b: Who): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function isBelow(path: Value, ancestor: Value): boolean {
  return typeof path === 'string' && typeof ancestor === 'string' && path.startsWith(ancestor);
}

/** Whether every text that `narrow` stands for, `*` being any text, is one that `wide` stands for. */
export function matches(wide: Value, narrow: Value): boolean {
  if (wide === '*') {
    return true;
  }
  if (typeof wide !== 'string' || typeof narrow !== 'string') {
    return sameValue(wide, narrow);
  }
  const [first, ...rest] = wide.split('*');
  if (rest.length === 0) {
    return wide === narrow;
  }
  const last = rest.pop()!;
  let from = first.length;
  if (!narrow.startsWith(first) || narrow.length < first.length + last.length) {
    return false;
  }
  for (const part of rest) {
    const at = narrow.indexOf(part, from);
    if (at < 0) {
      return false;
    }
    from = at + part.length;
  }
  return narrow.endsWith(last) && narrow.length - last.length >= from;
}
