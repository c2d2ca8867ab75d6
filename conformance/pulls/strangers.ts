import { Login } from './client';
import { Session } from './decide';
import { callerOf, policiesIn, Use } from './uses';
import { AccessModel } from '../../src/access/model/model';
import { Caller } from '../simulator/declarations';
import { OPEN } from '../simulator/resolve';
import { EDGE_SITE, nextAccount, OTHER_REGION, REGION, SANDBOX } from '../simulator/world';

/** An account of an organization that none of the apps knows. */
const FOREIGN = '200000000009';

/** Somebody who may not, whatever their own policies say. */
interface Stranger {
  readonly words: string;
  readonly session: Session;
  readonly login: Login;
}

export function strangersTo(use: Use, model: AccessModel): Stranger[] {
  if (use.letIn === 'ours') {
    return [];
  }
  const caller = callerOf(use, model);
  const session = (one: Caller): Session => ({
    caller: one,
    // In the account of the repository its own policies would let anybody in.
    identity: one.type === 'role' && one.account !== use.target.registry.account ? OPEN : undefined,
    ownerPolicy: policiesIn(model),
  });
  return [
    { words: 'nobody who is logged in', session: session(caller), login: 'none' },
    ...callersNear(use, caller).map(([words, one]): Stranger => ({ words, session: session(one), login: 'has' })),
  ];
}

function callersNear({ letIn }: Use, caller: Caller): Array<[words: string, stranger: Caller]> {
  const named = (account: string, name: string): Caller => ({ type: 'role', account, name });
  if (caller.type === 'service') {
    return [...aroundFunction(caller), ['a role of an account of another organization', named(FOREIGN, 'any')]];
  }
  const { account, name } = caller;
  const next: [string, Caller] = ['the same role of the next account', named(nextAccount(account), name)];
  const foreign: [string, Caller] = ['a role of an account of another organization', named(FOREIGN, name)];
  switch (letIn) {
    case 'role': case 'home':
      return [next, foreign, ['another role of the account', named(account, 'another')], ['a role whose name begins with its name', named(account, `${name}2`)]];
    case 'organization':
      return [foreign, ['a role of an account of no organization', named('200000000008', name)]];
    case 'unit':
      return [foreign, ['a role of an account beside the OU', named(account === SANDBOX ? EDGE_SITE : SANDBOX, name)]];
    default:
      return [next, foreign];
  }
}

function aroundFunction(caller: Caller & { readonly type: 'service' }): Array<[words: string, stranger: Caller]> {
  const { account, sourceArn = '' } = caller;
  const [next, region] = [nextAccount(account), sourceArn.split(':')[3]];
  return [
    ['a function of the next account', { ...caller, account: next, sourceArn: sourceArn.replace(account, next) }],
    ['a function of another Region', { ...caller, sourceArn: sourceArn.replace(region, region === REGION ? OTHER_REGION : REGION) }],
    ['another service, for the function', { ...caller, service: 'edgelambda.amazonaws.com' }],
  ];
}
