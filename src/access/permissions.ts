import { AccessModel, Role } from './model';
import { conditionInWords, Statement } from './policy-document';
import { matches, parseArn } from './text-patterns';
import { includesLogin, isEcr, usesOf } from './uses';
import { eksAddOnAccount } from '../policy/eks-add-on-registries';

/** What the policies of a role let it do with a repository, in words. Whether the owner lets it too is another question. */
export interface PermissionInWords {
  /** What may be done, or, beginning with "not: ", what must not. */
  readonly may: string;
  readonly repository: string;
  readonly account: string;
  readonly region: string;
  readonly note: string;
}

/** A statement, taken apart by its resources. */
interface Permission {
  readonly effect: Statement['effect'];
  readonly resource: string;
  readonly conditions: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

/** What a role may do in Amazon ECR, the login first; nothing for a role that has no business there. */
export function permissionsOf(role: Role, { repositories }: Pick<AccessModel, 'repositories'>): PermissionInWords[] {
  const arns = repositories.map(({ arn }) => arn);
  const permissions = merged(role.statements.flatMap(partsOf));
  return [
    ...permissions.filter(({ resource, actions }) => resource === '*' && includesLogin(actions))
      .map(({ effect, conditions }) => ({ may: `${not(effect)}log in`, repository: 'every registry', account: '', region: '', note: conditions })),
    ...permissions.map((permission) => ({ ...permission, uses: usesOfPermission(permission) })).filter(({ uses }) => uses.length > 0)
      .map(({ effect, resource, conditions, uses }) => (
        { may: not(effect) + uses.join(', '), ...addressOf(resource), note: [conditions, noteOn(resource, role, arns)].filter(Boolean).join('; ') })),
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

function addressOf(resource: string): Pick<PermissionInWords, 'repository' | 'account' | 'region'> {
  const arn = parseArn(resource === '*' ? 'arn:*:ecr:*:*:repository/*' : resource);
  if (arn?.service !== 'ecr' || !arn.resource.startsWith('repository/')) {
    return { repository: resource, account: '', region: '' };
  }
  const name = arn.resource.slice('repository/'.length);
  return { repository: name === '*' ? 'every repository' : name, account: orEvery(arn.account), region: orEvery(arn.region) };
}

function orEvery(text: string): string {
  return text === '*' ? 'every' : text;
}

function noteOn(resource: string, role: Role, arns: readonly string[]): string {
  const { account, region } = addressOf(resource);
  if (account !== '' && account === eksAddOnAccount(region)) {
    return 'a registry of AWS: images of the EKS add-ons';
  }
  const elsewhere = /^\d{12}$/.test(account) && account !== role.account;
  return elsewhere && !arns.some((arn) => matches(resource, arn)) ? 'of another app: its owner must let the role in' : '';
}
