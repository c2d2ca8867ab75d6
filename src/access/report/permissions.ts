import { includesLogin, isEcr, PULL, usesOf } from './uses';
import { isRegistryOfAws } from '../../policy/aws-registries';
import { eksAddOnAccount } from '../../policy/eks-add-on-registries';
import { addressOf, namesOf } from '../model/addresses';
import { AccessModel } from '../model/model';
import { originsOf, templateFor } from '../model/origins';
import { conditionInWords, Statement } from '../model/policy-document';
import { Role } from '../model/roles';
import { matches } from '../template/text-patterns';

/** What the policies of a role let it do with a repository, in words. Whether the owner lets it too is another question. */
export interface PermissionInWords {
  /** What may be done, or, beginning with "not: ", what must not. */
  readonly may: string;
  readonly repository: string;
  readonly account: string;
  readonly region: string;
  readonly note: string;
}

/** What the templates say about the other side. */
type Owners = Pick<AccessModel, 'repositories' | 'registries'>;

/** A statement, taken apart by its resources. */
interface Permission {
  readonly effect: Statement['effect'];
  readonly resource: string;
  readonly conditions: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

/** What a role may do in Amazon ECR, the login first; nothing for a role that has no business there. */
export function permissionsOf(role: Role, owners: Owners): PermissionInWords[] {
  const permissions = merged(role.statements.flatMap(partsOf));
  return [
    ...permissions.filter(({ resource, actions }) => resource === '*' && includesLogin(actions))
      .map(({ effect, conditions }) => ({ may: `${not(effect)}log in`, repository: 'every registry', account: '', region: '', note: conditions })),
    ...permissions.map((permission) => ({ ...permission, uses: usesOfPermission(permission) })).filter(({ uses }) => uses.length > 0)
      .map(({ effect, resource, conditions, uses }) => (
        { may: not(effect) + uses.join(', '), ...placeInWords(resource), note: [conditions, noteOn(resource, uses, role, owners)].filter(Boolean).join('; ') })),
  ];
}

function not(effect: Statement['effect']): string {
  return effect === 'Deny' ? 'not: ' : '';
}

function usesOfPermission({ actions, notActions }: Permission): string[] {
  return notActions.length > 0 ? [`everything but ${notActions.join(', ')}`] : usesOf(actions);
}

function partsOf({ effect, resources, notResources, conditions, actions, notActions }: Statement): Permission[] {
  if (!actions.some(isEcr) && notActions.length === 0) {
    return [];
  }
  return (notResources.length > 0 ? [`everything but ${notResources.join(', ')}`] : resources).map((resource) => ({
    effect,
    resource,
    conditions: conditions.map(conditionInWords).join(', '),
    actions,
    notActions,
  }));
}

/** Two statements on the same repository are one to a reader. */
function merged(permissions: readonly Permission[]): Permission[] {
  const byKey = new Map<string, Permission>();
  for (const permission of permissions) {
    const { effect, resource, conditions, notActions, actions } = permission;
    const key = JSON.stringify([effect, resource, conditions, notActions]);
    byKey.set(key, { ...permission, actions: [...byKey.get(key)?.actions ?? [], ...actions] });
  }
  return [...byKey.values()];
}

function placeInWords(resource: string): Pick<PermissionInWords, 'repository' | 'account' | 'region'> {
  const { repository, account, region } = addressOf(resource) ?? { repository: resource, account: '', region: '' };
  return { repository: namesOf(repository), account: orEvery(account), region: orEvery(region) };
}

function orEvery(text: string): string {
  return text === '*' ? 'every' : text;
}

function noteOn(resource: string, uses: readonly string[], role: Role, { repositories, registries }: Owners): string {
  const address = addressOf(resource);
  if (!address) {
    return '';
  }
  if (address.account === eksAddOnAccount(address.region)) {
    return 'a registry of AWS: images of the EKS add-ons';
  }
  if (isRegistryOfAws(address)) {
    return 'a registry of AWS';
  }
  const origins = originsOf(address, registries);
  const isElsewhere = /^\d{12}$/.test(address.account) && address.account !== role.account;
  const isInSight = repositories.some(({ arn }) => matches(resource, arn)) || origins.some(({ by }) => templateFor(address, by, registries));
  return [
    ...(uses.includes(PULL) ? origins.map(({ words }) => `from ${words}`) : []),
    ...(isElsewhere && !isInSight ? ['of another app: its owner must let the role in'] : []),
  ].join('; ');
}
