import { runSimulation } from '@cloud-copilot/iam-simulate';
import { Caller, nameOf } from './declarations';
import { placeOf } from './world';

export interface Document {
  readonly Version: '2012-10-17';
  readonly Statement: readonly object[];
}

export interface Question {
  readonly caller: Caller;
  readonly action: string;
  readonly resource: string;
  /** The account of the resource. */
  readonly account: string;
  /** Services have none. */
  readonly identity?: Document;
  readonly policy?: Document;
}

/** What the simulator says. It throws where it would leave something of the request out: then its answer would be about another request. */
export async function allows({ caller, action, resource, account, identity, policy }: Question): Promise<boolean> {
  const result = await runSimulation({
    request: { principal: nameOf(caller), action, resource: { resource, accountId: account }, contextVariables: contextOf(caller) },
    identityPolicies: identity ? [{ name: 'identity', policy: identity }] : [],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    // One without statements is none.
    resourcePolicy: policy?.Statement.length ? policy : undefined,
  }, {});
  if (result.resultType !== 'single') {
    throw new Error(`the simulator cannot tell about ${action} on ${resource}: ${JSON.stringify(result)}`);
  }
  const { ignoredContextKeys: ignored } = result.result;
  if (ignored && ignored.length > 0) {
    throw new Error(`the simulator leaves out ${ignored.join(', ')} for ${action} on ${resource}`);
  }
  return result.overallResult === 'Allowed';
}

/** It fills in nothing by itself, not even what follows from the ARN of the caller. */
function contextOf(caller: Caller): Record<string, string | string[]> {
  const place = placeOf(caller.account);
  const member = (prefix: string) => (place ? { [`aws:${prefix}OrgID`]: place.organization, [`aws:${prefix}OrgPaths`]: [place.path] } : {});
  return caller.type === 'role'
    ? { 'aws:PrincipalArn': nameOf(caller), 'aws:PrincipalAccount': caller.account, 'aws:PrincipalIsAWSService': 'false', ...member('Principal') }
    : {
      'aws:PrincipalIsAWSService': 'true',
      ...caller.sourceArn === undefined ? {} : { 'aws:SourceArn': caller.sourceArn, 'aws:SourceAccount': caller.account, ...member('Source') },
    };
}
