import { Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { compare, describe, Relation } from './environment';
import { GrantedPolicy, PolicyKind } from './granted-policy';
import { forgetFunctions, functionsRunning } from './image-uri';
import { LAMBDA_ACTIONS } from '../policy/actions';
import { Grant, Who } from '../policy/grant';

/** Where the owner's half of every grant goes: the policy of a repository in this app, or a notice to its owner elsewhere. */
export interface IOwnerHalf {
  /** What was granted here; nothing that could be seen if the owner is elsewhere. */
  readonly grants: readonly Grant[];
  /** `hasConsumerHalf`: the grantee got its own half, so this one completes the grant. */
  add(grants: readonly Grant[], grantee: string, hasConsumerHalf: boolean): void;
  /** The Lambda service, for whatever functions run images of the repository. */
  addLambdaFunctions(grantee: string): void;
}

const REPOSITORY_POLICY: PolicyKind = {
  name: 'repository policy',
  resourceProblem,
  shorten: 'grant to an organization or an OU in place of single accounts, or let a registry policy carry grants that many repositories share',
  inTime: 'where the repository is defined, for example with allowPullFrom(EcrGrantee.role(accountId, roleName))',
};

/** The policy of a repository of this app. */
export class RepositoryPolicy extends GrantedPolicy implements IOwnerHalf {
  private servesLambda = false;

  constructor(private readonly repository: ecr.RepositoryBase) {
    super(repository, REPOSITORY_POLICY);
  }

  public addLambdaFunctions(grantee: string): void {
    this.requireUnsealed(`the grant to ${grantee}`);
    forgetFunctions(this.repository);
    this.servesLambda = true;
  }

  protected lateGrants(): Grant[] | undefined {
    return this.servesLambda ? lambdaGrants(this.repository, functionsRunning(this.repository)) : undefined;
  }

  protected problems(): string[] {
    return [...this.lambdaProblems(), ...super.problems()];
  }

  private lambdaProblems(): string[] {
    const owner = Stack.of(this.repository);
    const functions = this.servesLambda ? functionsRunning(this.repository) : [];
    if (this.servesLambda && functions.length === 0) {
      return [`${NO_FUNCTIONS}; use allowPullFrom(EcrGrantee.lambdaFunctions(accountId))`];
    }
    return functions.flatMap((fn) => {
      const consumer = Stack.of(fn);
      if (compare(owner.account, consumer.account) === Relation.UNKNOWN || compare(owner.region, consumer.region) === Relation.UNKNOWN) {
        return [`the function '${fn.node.path}' (${describe(consumer)}) runs an image of this repository (${describe(owner)}), and one of the two stacks is `
          + 'environment-agnostic, so the grant cannot be computed; give both stacks an explicit environment: env: { account, region }'];
      }
      return compare(owner.region, consumer.region) === Relation.SAME ? [] : [regionProblem(fn.node.path, consumer.region, owner.region)];
    });
  }
}

/** Both Lambda statements for every account whose functions run images of the repository; at home IAM serves the deployer. */
export function lambdaGrants(repository: ecr.IRepository, functions: readonly IConstruct[]): Grant[] {
  const accounts = new Set(functions.map((fn) => Stack.of(fn).account));
  return [...accounts].flatMap((account): Who[] => [
    { kind: 'lambda', account, functionName: '*' },
    ...(compare(repository.env.account, account) === Relation.SAME ? [] : [{ kind: 'account', account } as Who]),
  ]).map((who) => ({ who, actions: LAMBDA_ACTIONS }));
}

/** The Lambda service was granted to, and nothing runs an image. */
export const NO_FUNCTIONS = 'lambda.amazonaws.com was granted to pull, but no function of this app runs an image of this repository, '
  + 'and without saying whose functions it would let in those of every AWS account';

/** A function in another Region than the repository. */
export function regionProblem(functionPath: string, functionRegion: string, repositoryRegion: string): string {
  return `the function '${functionPath}' is in Region ${functionRegion}, but its image is in Region ${repositoryRegion}, and AWS Lambda takes images only from its own Region; `
    + `replicate the repository to ${functionRegion} and use the replica there, or move the function`;
}

function resourceProblem(repository: IConstruct, statement: iam.PolicyStatement): string | undefined {
  return statement.resources.length + statement.notResources.length === 0 ? undefined
    : `a statement for '${repository.node.path}' has the resources ${JSON.stringify(Stack.of(repository).resolve([...statement.resources, ...statement.notResources]))}, `
      + 'but a repository policy has none: it is about its own repository; leave out "resources"';
}
