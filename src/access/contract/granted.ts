import { isDeepStrictEqual } from 'util';
import { ContractRepository } from './contract';
import { ContractPart } from './read-contract';
import { arnOf, policyIn } from './with-contracts';
import { LAMBDA_ACTIONS, PULL_ACTIONS, PUSH_ACTIONS } from '../../policy/actions';
import { Grant, Registry, Who } from '../../policy/grant';
import { identityParts, normalized } from '../../policy/normal-form';
import { LAMBDA_SERVICE } from '../../policy/services';
import { statementsFor } from '../../policy/statements';
import { Value } from '../../policy/value';
import { ContextValue } from '../judgement/conditions';
import { Caller, decideByResource, Decision, decisionOf, LetInAs } from '../judgement/evaluate';
import { isSamePlace } from '../model/places';
import { Statement, statementsOf } from '../model/policy-document';
import { textOf } from '../template/template';
import { unknownValue } from '../template/text-patterns';

/** What an owner's policies say of a grant. */
export type Granted = 'granted' | 'missing' | 'denied' | 'undecided';

/** A repository in a contract, with the statements of its policy and of that of its registry. */
export interface OwnerInContract {
  readonly arn: string;
  readonly statements: readonly Statement[];
}

export function ownerInContract({ file, contract }: ContractPart, repository: ContractRepository): OwnerInContract {
  const policies = [repository, ...contract.registries.filter((registry) => isSamePlace(registry, repository))];
  return { arn: arnOf(repository), statements: policies.flatMap(({ policy }) => policyIn({ file, entry: policy }).statements) };
}

/**
 * Whether an owner has granted what was asked for: all that it takes, to everybody in the grant. It is undecided where that depends on what a
 * contract does not tell, such as who is in an organization, and where some may and others not.
 */
export function grantedBy(owner: OwnerInContract, grant: Grant, registry: Registry): Granted {
  const { who, actions } = normalized(grant);
  const asker = askerOf(who, registry);
  const decisions = neededOf(actions).map((action) => decisionFor(owner, asker, action, registry));
  const [, state] = STATES.find(([decision]) => decisions.includes(decision)) ?? [];
  const isWritten = () => statementsFor([grant], registry).every((statement) => hasStatement(owner, statement));
  return state === 'undecided' && isWritten() ? 'granted' : state ?? 'granted';
}

const STATES: ReadonlyArray<readonly [Decision, Granted]> = [['deny', 'denied'], ['none', 'missing'], ['undecided', 'undecided']];

/** Whether just that stands in the policies, and nothing there denies anything. */
export function hasStatement({ statements }: OwnerInContract, wanted: object): boolean {
  const [one] = statementsOf({ Statement: wanted }).map(withoutOrder);
  return statements.every(({ effect }) => effect === 'Allow') && statements.some((statement) => isDeepStrictEqual(withoutOrder(statement), one));
}

function withoutOrder({ sid, ...statement }: Statement): object {
  return Object.fromEntries(Object.entries(statement).map(([name, items]) => [name, Array.isArray(items) ? items.map(textOf).sort() : items]));
}

/** A pull takes no more than AWS documents; what is granted has one action more, as older policies do. */
function neededOf(actions: readonly string[]): readonly string[] {
  const has = (all: readonly string[]) => all.every((action) => actions.includes(action));
  const isNeeded = (action: string) => LAMBDA_ACTIONS.includes(action) || !PULL_ACTIONS.includes(action);
  return has(PULL_ACTIONS) && !has(PUSH_ACTIONS) ? actions.filter(isNeeded) : actions;
}

/** Stands for everybody in a grant: in what they differ is an unknown value. */
interface Asker {
  readonly caller: Caller;
  readonly as: LetInAs;
  readonly keys: ReadonlyArray<readonly [string, ContextValue]>;
}

function askerOf(who: Who, registry: Registry): Asker {
  const partition = textIn(registry.partition);
  switch (who.kind) {
    case 'account':
      return principal(`arn:${partition}:iam::${textIn(who.account)}:${SOMEBODY}`, textIn(who.account), 'anything');
    case 'identity':
      return principal(`arn:${partition}:iam::${textIn(who.account)}:${pattern(who.name)}`, textIn(who.account), 'anything');
    case 'arn': {
      const { account, name = '' } = identityParts(who.arn) ?? {};
      // At home an account only hands the decision to its own policies: the role itself has to be named.
      return account !== undefined && /^(role|user)\//.test(name)
        ? principal(`arn:${partition}:iam::${account}:${name}`, account, account === registry.account ? 'itself' : 'anything')
        : ANYBODY;
    }
    case 'lambda':
      return service(LAMBDA_SERVICE, textIn(who.account), [
        ['aws:sourcearn', [`arn:${partition}:lambda:${textIn(registry.region)}:${textIn(who.account)}:function:${pattern(who.functionName)}`]],
        ['aws:sourceaccount', [textIn(who.account)]],
      ]);
    case 'lambdaOrganization': case 'lambdaOrganizationalUnit':
      return service(LAMBDA_SERVICE, SOMEBODY);
    case 'conditioned':
      if (who.type === 'Service') {
        return service(textIn(who.principal), SOMEBODY);
      }
      return typeof who.principal === 'string' && /^\d{12}$/.test(who.principal)
        ? askerOf({ kind: 'account', account: who.principal }, registry)
        : ANYBODY;
    case 'organization': case 'organizationalUnit': case 'accountList': case 'tagged':
      return ANYBODY;
  }
}

const SOMEBODY = unknownValue('somebody');
/** Those of whom only the deployment, or an organization, knows who they are. */
const ANYBODY = principal(SOMEBODY, SOMEBODY, 'anything');

function principal(arn: string, account: string, as: LetInAs): Asker {
  const keys = [['aws:principalarn', [arn]], ['aws:principalaccount', [account]]] as const;
  return { caller: { type: 'role', name: arn, account }, as, keys: [...keys, ['aws:principalisawsservice', ['false']]] };
}

function service(name: string, account: string, keys: Asker['keys'] = []): Asker {
  return { caller: { type: 'service', name, account }, as: 'anything', keys: [...keys, ['aws:principalisawsservice', ['true']]] };
}

function decisionFor(owner: OwnerInContract, { caller, as, keys }: Asker, action: string, { account, region }: Registry): Decision {
  const known = new Map<string, ContextValue>([
    ...keys,
    ['aws:securetransport', ['true']],
    ['aws:requestedregion', [textIn(region)]],
    ['aws:resourceaccount', [textIn(account)]],
  ]);
  const context = (key: string) => (known.has(key) ? known.get(key) : 'unknown');
  return decisionOf(decideByResource(owner.statements, { caller, action, resource: owner.arn, context }, as));
}

/** What only the deployment knows is unknown here, as in templates. */
function textIn(value: Value): string {
  return typeof value === 'string' ? value : unknownValue('known at deployment');
}

/** A name for all that are of a pattern. */
function pattern(value: Value): string {
  return textIn(value).replace(/[*?]/g, SOMEBODY);
}
