import { Stack, Token } from 'aws-cdk-lib';
import { registryOf, requireUnwritten, wasWritten } from '../halves/environment';
import { functionsRunning } from '../halves/image-uri';
import { ImportedRepository, OwnerElsewhere } from '../halves/imported-repository';
import { statementsAsText } from '../halves/notices';
import { isOrganization } from '../policy/closed';
import { isCovered } from '../policy/coverage';
import { Grant, Registry, Who } from '../policy/grant';
import { LAMBDA_SERVICE } from '../policy/services';
import { statementsFor } from '../policy/statements';
import { textOf } from '../policy/value';

/** What this app grants on a repository that Amazon ECR makes. */
export interface GrantsInSight {
  readonly grants: readonly Grant[];
  /** Whether this app says all, so that what is not here is not granted. */
  readonly isAll: boolean;
}

/** What is to be known of a repository that Amazon ECR makes. */
export interface MadeRepository {
  readonly granted: () => GrantsInSight;
  /** What to do where not enough is granted. */
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

  constructor(repository: ImportedRepository, private readonly made: MadeRepository) {
    super(repository);
    repository.node.addValidation({ validate: () => this.problems() });
  }

  public add(grants: readonly Grant[], grantee: string, hasConsumerHalf: boolean): void {
    if (this.made.refusesLambda && grants.some(({ who }) => isLambda(who))) {
      throw new Error(`'${this.repository.node.path}' ${this.made.refusesLambda}`);
    }
    this.asked.set(`${grantee} ${JSON.stringify(grants)}`, { grants, grantee, hasConsumerHalf });
    if (wasWritten(this.repository) && this.lacking().length > 0) {
      // Nobody asks for problems any more, and nobody would read a note.
      const [problem] = this.problems();
      if (problem) {
        throw new Error(problem);
      }
      requireUnwritten(Stack.of(this.repository));
    }
  }

  public addLambdaFunctions(): void {
    if (this.made.refusesLambda) {
      throw new Error(`'${this.repository.node.path}' ${this.made.refusesLambda}`);
    }
    super.addLambdaFunctions();
  }

  private problems(): string[] {
    const { address } = this.repository;
    const lacking = this.lacking();
    if (!this.made.granted().isAll) {
      lacking.forEach(({ missing, grantee, hasConsumerHalf }) => this.tell(missing, grantee, hasConsumerHalf));
      return this.functionProblems();
    }
    return [...this.functionProblems(), ...lacking.map(({ grantee, missing }) => {
      const resolved = Stack.of(this.repository).resolve({ missing, registry: registryOf(address) });
      return `${grantee} is granted access to '${address.repositoryName}', which Amazon ECR makes with a policy that lacks it; ${this.made.remedy}; `
        + `it would be:\n${statementsAsText(statementsFor(resolved.missing, resolved.registry))}`;
    })];
  }

  /** What was asked for and is not granted, as far as is in sight. */
  private lacking() {
    const { grants: granted } = this.made.granted();
    const { address } = this.repository;
    const isMissing = ({ actions, ...grant }: Grant) => actions
      .some((action) => !mayBeCovered({ ...grant, actions: [action], repositories: address.repositoryName }, granted, registryOf(address)));
    return [...this.asked.values()]
      .map(({ grants, ...ask }) => ({ ...ask, missing: grants.filter(isMissing) }))
      .filter(({ missing }) => missing.length > 0);
  }

  /** Functions that got the address of an image without asking for a grant. */
  private functionProblems(): string[] {
    const { refusesLambda } = this.made;
    return refusesLambda === undefined ? [] : functionsRunning(this.repository)
      .map((fn) => `the image of the function '${fn.node.path}' ${refusesLambda}`);
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

function isLambda(who: Who): boolean {
  return who.kind === 'lambda' || who.kind === 'lambdaOrganization' || who.kind === 'lambdaOrganizationalUnit'
    || (who.kind === 'conditioned' && who.type === 'Service' && textOf(who.principal).includes(LAMBDA_SERVICE));
}
