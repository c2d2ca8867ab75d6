import { Caller } from '../simulator/declarations';
import { LETS_IN } from '../simulator/resolve';
import { allows, Document } from '../simulator/simulator';
import { arnOf, Registry } from '../simulator/world';

/** Who calls, and the policies that are deployed when it does. */
export interface Session {
  readonly caller: Caller;
  /** Undefined: it has none. */
  readonly identity: Document | undefined;
  readonly ownerPolicy: (registry: Registry, name: string) => Document;
}

export interface Refusal {
  readonly half: 'owner' | 'consumer';
  readonly action: string;
  readonly resource: string;
  /** In the words of AWS. */
  readonly message: string;
}

export const LOGIN = 'ecr:GetAuthorizationToken';

/** What keeps a caller from an action on a repository, or, if its name is `*`, on its own account. */
export async function refusalOf(session: Session, action: string, registry: Registry, name: string): Promise<Refusal | undefined> {
  const { caller, identity, ownerPolicy } = session;
  const isHome = caller.account === registry.account;
  const resource = name === '*' ? '*' : arnOf(registry, name);
  const policy = name === '*' ? undefined : ownerPolicy(registry, name);
  const may = (letIn: Document | undefined) => allows({
    caller, action, resource, account: registry.account, identity, policy: letIn,
  });
  if (await may(policy)) {
    return undefined;
  }
  // If both lack it, AWS names one. In one account that is the caller's own policies.
  const half = caller.type === 'service' || await may(isHome ? undefined : LETS_IN(caller.account)) ? 'owner' : 'consumer';
  return { half, action, resource, message: messageOf(caller, half, action, resource) };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html; how it names a service is not known, nor is it seen. */
function messageOf(caller: Caller, half: Refusal['half'], action: string, resource: string): string {
  const kind = half === 'owner' ? 'resource' : 'identity';
  return `User: ${sessionArnOf(caller)} is not authorized to perform: ${action} on resource: ${resource} because no ${kind}-based policy allows the ${action} action`;
}

/** Messages name sessions, and these do not show the path of the role. */
export function sessionArnOf(caller: Caller): string {
  return caller.type === 'service' ? caller.service : `arn:aws:sts::${caller.account}:assumed-role/${caller.name.replace(/^.*\//, '')}/i-0a1b2c3d4e5f60718`;
}
