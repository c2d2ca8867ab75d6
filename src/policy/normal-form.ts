import { Conditions, Grant, Who } from './grant';
import { textOf, Value } from './value';

/** The one way to write a grant: two grants that say the same become equal. */
export function normalized({ who, actions, repositories }: Grant): Grant {
  return {
    who: normalizedWho(who),
    actions: [...new Set(actions)].sort(),
    ...(repositories !== undefined && { repositories: oneStar(repositories) }),
  };
}

function normalizedWho(who: Who): Who {
  switch (who.kind) {
    case 'arn': {
      const account = accountOfRoot(who.arn);
      return account === undefined ? who : { kind: 'account', account };
    }
    case 'identity':
      return { kind: who.kind, account: who.account, name: oneStar(who.name) };
    case 'lambda':
      return { kind: who.kind, account: who.account, functionName: oneStar(who.functionName) };
    case 'conditioned':
      return {
        kind: who.kind,
        type: who.type,
        principal: accountOfRoot(who.principal) ?? who.principal,
        conditions: sortedKeys(who.conditions) as Conditions,
      };
    default:
      return who;
  }
}

/** `111122223333` and `arn:aws:iam::111122223333:root` are the same principal; the short form fits twice as often. */
function accountOfRoot(principal: Value): string | undefined {
  const parts = identityParts(principal);
  return parts?.name === 'root' ? parts.account : /^\d{12}$/.exec(textOf(principal))?.[0];
}

/** `**` means what `*` means. With one way to write a pattern, no two patterns can cover each other. */
function oneStar(pattern: Value): Value {
  return typeof pattern === 'string' ? pattern.replace(/\*+/g, '*') : pattern;
}

function sortedKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sortedKeys(inner)]));
}

/**
 * The account and the name (`role/…`, `user/…`, `root`) in the ARN of an IAM principal, its partition known or not.
 * Of a name whose end only the deployment knows, the beginning could be mistaken for another name: it is none.
 */
export function identityParts(arn: Value): { readonly account: string; readonly name: string } | undefined {
  const parts = typeof arn === 'string'
    ? /:(?:iam|sts)::(\d{12}):(.+)$/.exec(arn)
    : /:(?:iam|sts)::(\d{12}):([^"$]+)"[\]}]*$/.exec(textOf(arn));
  return parts ? { account: parts[1], name: parts[2] } : undefined;
}
