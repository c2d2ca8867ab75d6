import { closedBy, closingKeys } from './closed';
import { Conditions, Who } from './grant';
import { textOf, Value } from './value';

/** A principal as it stands in a policy: `{ AWS: [...] }`, `{ Service: [...] }`, or the bare `*` under any other key. */
export interface PrincipalJson {
  readonly [type: string]: readonly Value[];
}

/**
 * Reads a principal of somebody else's making into grantees.
 *
 * Refuses what would let strangers in, and what no caller of ECR can match. `checkable` are the conditions as far as they are known.
 */
export function whosOfPrincipal(principal: PrincipalJson, conditions: Conditions, checkable: Conditions = conditions): Who[] {
  return Object.entries(principal).flatMap(([type, values]) => [values].flat().map((value) => whoOf(type, value, conditions, checkable)));
}

function whoOf(type: string, value: Value, conditions: Conditions, checkable: Conditions): Who {
  const conditioned = Object.keys(conditions).length > 0;
  switch (type) {
    case 'Service':
      requireClosed('Service', value, checkable);
      return { kind: 'conditioned', type: 'Service', principal: value, conditions };
    case 'Federated': case 'CanonicalUser':
      throw new Error(`the principal ${JSON.stringify({ [type]: value })} cannot be a grantee: no caller of Amazon ECR is of that type; `
        + 'name the role that the federated user assumes');
    case 'AWS':
      if (value !== '*') {
        requireNamed(value);
        return conditioned ? { kind: 'conditioned', type: 'AWS', principal: value, conditions } : { kind: 'arn', arn: value };
      }
  }
  requireClosed('AWS', '*', checkable);
  const organization = organizationAlone(conditions);
  return organization === undefined
    ? { kind: 'conditioned', type: 'AWS', principal: '*', conditions }
    : { kind: 'organization', organization };
}

/** Throws if anybody may be behind the principal. */
function requireClosed(type: 'AWS' | 'Service', value: Value, conditions: Conditions): void {
  if (closedBy(type, conditions).length === 0) {
    const who = type === 'AWS' ? 'every AWS account' : `${textOf(value)} on behalf of every AWS account`;
    const conditionsGot = Object.keys(conditions).length === 0 ? 'no conditions' : `the conditions ${JSON.stringify(conditions)}`;
    throw new Error(`the principal ${JSON.stringify({ [type]: value })} with ${conditionsGot} would let in ${who}; `
      + `add a condition such as StringEquals or ArnLike on ${closingKeys(type).join(', ')} whose value fixes the account or the organization`
      + `${type === 'Service' ? '; for AWS Lambda use EcrGrantee.lambdaFunctions(accountId)' : ''}`);
  }
}

/** Throws if a principal is named by what is not the name of one. (A text with `${` in it is known only at deployment.) */
function requireNamed(value: Value): void {
  if (typeof value === 'string' && /[*?]/.test(value)) {
    throw new Error(`the principal ${JSON.stringify(value)} has a wildcard, which a principal cannot have; `
      + 'use EcrGrantee.role(accountId, roleName), whose roleName may contain "*"');
  }
  if (typeof value === 'string' && /:group\//.test(value)) {
    throw new Error(`the principal ${JSON.stringify(value)} is a group, which cannot be a principal; name its users' account or roles`);
  }
  if (typeof value === 'string' && !value.includes('${') && !/^(\d{12}|arn:[^:]+:(iam|sts)::\d{12}:.+)$/.test(value)) {
    throw new Error(`the principal ${JSON.stringify(value)} is neither an account id nor the ARN of a principal; `
      + 'give a whole ARN, for example "arn:aws:iam::111122223333:role/app-execution", or use EcrGrantee.role(accountId, roleName)');
  }
}

/** The organization, if that is all that the conditions say. */
function organizationAlone(conditions: Conditions): Value | undefined {
  const all = Object.entries(conditions).flatMap(([operator, keys]) => Object.entries(keys).map(([key, value]) => ({ operator, key, value })));
  const [{ operator, key, value }] = all;
  return all.length === 1 && operator === 'StringEquals' && key.toLowerCase() === 'aws:principalorgid' && !Array.isArray(value) ? value as Value : undefined;
}
