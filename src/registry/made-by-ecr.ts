import { Stack, Token } from 'aws-cdk-lib';
import { registryOf } from '../halves/environment';
import { ImportedRepository, OwnerElsewhere } from '../halves/imported-repository';
import { statementsAsText } from '../halves/notices';
import { isOrganization } from '../policy/closed';
import { isCovered } from '../policy/coverage';
import { Grant, Registry, Who } from '../policy/grant';
import { statementsFor } from '../policy/statements';

/** What this app says of the policy that Amazon ECR gives to a repository which it makes. */
export interface Outlook {
  /** What the policy grants; undefined if this app does not say. */
  readonly granted: () => readonly Grant[] | undefined;
  /** What to do where it does not grant enough. */
  readonly remedy: string;
  /** Why Lambda functions cannot run its images. */
  readonly refusesLambda?: string;
}

/**
 * The owner's half on a repository that Amazon ECR makes: whoever is granted anything must be let in by its template, which is known when all
 * is declared. A template is not widened for a grant, since it is for other repositories too.
 */
export class HalfByTemplate extends OwnerElsewhere {
  private readonly asked = new Map<string, { readonly grants: readonly Grant[]; readonly grantee: string; readonly hasConsumerHalf: boolean }>();

  constructor(repository: ImportedRepository, private readonly outlook: Outlook) {
    super(repository);
    repository.node.addValidation({ validate: () => this.problems() });
  }

  public add(grants: readonly Grant[], grantee: string, hasConsumerHalf: boolean): void {
    this.asked.set(`${grantee} ${JSON.stringify(grants)}`, { grants, grantee, hasConsumerHalf });
  }

  public addLambdaFunctions(): void {
    if (this.outlook.refusesLambda) {
      throw new Error(`'${this.repository.node.path}' ${this.outlook.refusesLambda}`);
    }
    super.addLambdaFunctions();
  }

  private problems(): string[] {
    const granted = this.outlook.granted();
    if (!granted) {
      this.asked.forEach(({ grants, grantee, hasConsumerHalf }) => this.tell(grants, grantee, hasConsumerHalf));
      return [];
    }
    const { address } = this.repository;
    const isMissing = ({ actions, ...grant }: Grant) => actions
      .some((action) => !mayBeCovered({ ...grant, actions: [action], repositories: address.repositoryName }, granted, registryOf(address)));
    return [...this.asked.values()].map(({ grants, grantee }) => ({ grantee, missing: grants.filter(isMissing) }))
      .filter(({ missing }) => missing.length > 0)
      .map(({ grantee, missing }) => {
        const resolved = Stack.of(this.repository).resolve({ missing, registry: registryOf(address) });
        return `${grantee} is granted access to '${address.repositoryName}', which Amazon ECR makes with a policy that lacks it; ${this.outlook.remedy}; `
          + `it would be:\n${statementsAsText(statementsFor(resolved.missing, resolved.registry))}`;
      });
  }
}

/** Whether a grant is covered, or may be: who is in an organization, or behind a token, cannot be told here, so it passes. */
export function mayBeCovered(wanted: Grant, granted: readonly Grant[], registry: Registry): boolean {
  return isCovered(wanted, granted, registry) || granted.some((grant) => isOpenEnded(grant.who)
    && isLambda(grant.who) === isLambda(wanted.who) && isCovered({ ...wanted, who: grant.who }, [grant], registry));
}

function isOpenEnded(who: Who): boolean {
  return isOrganization(who) || who.kind === 'lambdaOrganization' || who.kind === 'lambdaOrganizationalUnit'
    || who.kind === 'accountList' || Token.isUnresolved(JSON.stringify(who));
}

function isLambda({ kind }: Who): boolean {
  return kind === 'lambda' || kind === 'lambdaOrganization' || kind === 'lambdaOrganizationalUnit';
}
