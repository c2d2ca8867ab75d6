import { attachCustomSynthesis, IResolvable, IResolveContext, Lazy, Stack, Stage } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { compare, describe, registryOf, Relation } from './environment';
import { forgetFunctions, functionsRunning } from './image-uri';
import { NoticeId, warn } from './notices';
import { LAMBDA_ACTIONS } from '../policy/actions';
import { isOrganization } from '../policy/closed';
import { Grant, Who } from '../policy/grant';
import { PrincipalJson, whosOfPrincipal } from '../policy/principal';
import { POLICY_LIMIT, sizeOfPolicy } from '../policy/size';
import { statementsFor } from '../policy/statements';

interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly object[];
}

/** Where the owner's half of every grant goes: the policy of a repository in this app, or a notice to its owner elsewhere. */
export interface IOwnerHalf {
  /** `hasConsumerHalf`: the grantee got its own half, so this one completes the grant. */
  add(grants: readonly Grant[], grantee: string, hasConsumerHalf: boolean): void;
  /** The Lambda service, for whatever functions run images of the repository. */
  addLambdaFunctions(grantee: string): void;
}

/** The policy of a repository of this app: the grants made on it, and the statements that users add as they are. */
export class RepositoryPolicy implements IOwnerHalf {
  /** The policy document for the template; undefined if it has no statement. */
  public readonly text: IResolvable = Lazy.uncachedAny({
    produce: (context: IResolveContext) => {
      const document = this.document(context);
      return document && this.isLiteral && this.statements.length === 0 ? new LiteralDocument(document) : document;
    },
  });

  private readonly grants: Grant[] = [];
  private readonly statements: iam.PolicyStatement[] = [];
  private servesLambda = false;
  private sealed = false;
  private warned = false;
  private hasTokens: boolean;
  private rendered?: { readonly grants: number; readonly statements: object[] };

  constructor(private readonly repository: ecr.RepositoryBase) {
    this.hasTokens = mentionsTokens(registryOf(Stack.of(repository)));
    attachCustomSynthesis(repository, { onSynthesize: () => { this.sealed = true; } });
    repository.node.addValidation({ validate: () => this.problems() });
  }

  public add(grants: readonly Grant[], grantee: string): void {
    this.requireUnsealed(grantee);
    this.grants.push(...grants);
    this.hasTokens ||= mentionsTokens(grants);
    const pushes: Grant[] = Stack.of(this.repository).resolve(grants.filter(({ actions }) => actions.some((action) => PUSHES.test(action))));
    if (pushes.some(({ who }) => isOrganization(who))) {
      warn(this.repository, NoticeId.ORGANIZATION_PUSH, `${grantee} may push: every identity of every account in it can replace what others run; `
        + 'name the roles or accounts that publish images');
    }
  }

  public addLambdaFunctions(grantee: string): void {
    this.requireUnsealed(grantee);
    forgetFunctions(this.repository);
    this.servesLambda = true;
  }

  /** Adds a statement of the user's own: it goes out after ours, as it is. */
  public addStatement(statement: iam.PolicyStatement): void {
    this.requireUnsealed('a statement');
    const problem = resourceProblem(this.repository, statement);
    if (problem) {
      throw new Error(problem);
    }
    this.statements.push(statement);
    warnIfOpen(this.repository, statement);
  }

  private document(context: Pick<IResolveContext, 'resolve'>): PolicyDocument | undefined {
    const statements = [...this.ourStatements(context), ...this.statements.map((statement) => context.resolve(statement.toStatementJson()))];
    return statements.length === 0 ? undefined : { Version: '2012-10-17', Statement: statements };
  }

  /** CDK asks for the document several times in one synthesis; grants without tokens need only be compacted once. */
  private ourStatements(context: Pick<IResolveContext, 'resolve'>): object[] {
    const registry = registryOf(Stack.of(this.repository));
    if (!this.isLiteral) {
      const resolved = context.resolve({ grants: [...this.grants, ...lambdaGrants(this.repository, this.functions())], registry });
      return statementsFor(resolved.grants, resolved.registry);
    }
    if (this.rendered?.grants !== this.grants.length) {
      this.rendered = { grants: this.grants.length, statements: statementsFor(this.grants, registry) };
    }
    return this.rendered.statements;
  }

  /** Whether nothing in the grants is left for the deployment, or for other stacks, to say. */
  private get isLiteral(): boolean {
    return !this.hasTokens && !this.servesLambda;
  }

  private functions() {
    return this.servesLambda ? functionsRunning(this.repository) : [];
  }

  private problems(): string[] {
    const document = this.document(Stack.of(this.repository));
    this.warnIfNearLimit(document);
    this.statements.forEach((statement) => warnIfOpen(this.repository, statement));
    return [
      ...this.lambdaProblems(),
      ...this.statements.flatMap((statement) => [
        ...statement.validateForAnyPolicy(),
        // Newer releases of CDK would ask for a resource too, which a repository policy must not have.
        ...(statement.hasPrincipal ? [] : ['a statement of the repository policy says nothing of whom it is about; give it principals']),
        resourceProblem(this.repository, statement) ?? [],
      ].flat()),
      ...(document ? [...sizeProblems(document), ...sidProblems(document)] : []),
    ];
  }

  private lambdaProblems(): string[] {
    const owner = Stack.of(this.repository);
    const functions = this.functions();
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

  private warnIfNearLimit(document: PolicyDocument | undefined): void {
    const size = document && sizeOfPolicy(document);
    if (!this.warned && size && size.characters <= POLICY_LIMIT && size.charactersWithArns > POLICY_LIMIT) {
      this.warned = true;
      warn(this.repository, NoticeId.POLICY_NEAR_LIMIT, `the repository policy has ${size.characters} characters as written, of ${POLICY_LIMIT} allowed; `
        + `should Amazon ECR count account ids as ARNs, which is not documented, it would have ${size.charactersWithArns}, and the deployment would fail; `
        + 'grant to an organization or an OU to be safe');
    }
  }

  private requireUnsealed(grantee: string): void {
    if (this.sealed) {
      const stage = Stage.of(this.repository)?.node.path;
      throw new Error(`the policy of '${this.repository.node.path}' was already written with ${stage ? `Stage '${stage}'` : 'its app'}, `
        + `so the grant to ${grantee} would be lost; make it before that Stage is synthesized: `
        + 'where the repository is defined, for example with allowPullFrom(EcrGrantee.role(accountId, roleName)), not in an aspect of a later Stage or in a pipeline that contains the Stage');
    }
  }
}

/** A document without tokens: CDK takes it as it is, and need not look for any in hundreds of account ids. */
class LiteralDocument implements IResolvable {
  public readonly creationStack: string[] = [];

  constructor(private readonly document: PolicyDocument) {}

  public resolve(context: IResolveContext): object {
    context.registerPostProcessor({ postProcess: () => this.document });
    return {};
  }
}

function mentionsTokens(value: unknown): boolean {
  return /Token\[|<unresolved-token>/.test(JSON.stringify(value));
}

/** The actions by which an image is put into a repository, and patterns that have them. */
const PUSHES = /^(\*|ecr:(\*|Put(Image|\*)))$/i;

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

/** Says when an `Allow` of the user's own lets strangers in. It is theirs to decide, so it is a warning. */
function warnIfOpen(repository: IConstruct, statement: iam.PolicyStatement): void {
  const json = Stack.of(repository).resolve(statement.toStatementJson());
  if (json.Effect !== 'Allow') {
    return;
  }
  try {
    whosOfPrincipal(json.NotPrincipal ? { AWS: ['*'] } : asPrincipalJson(json.Principal ?? {}), json.Condition ?? {});
  } catch (error) {
    warn(repository, NoticeId.OPEN_STATEMENT, `the statement ${JSON.stringify(json)} goes out as it is, but ${(error as Error).message}`);
  }
}

function asPrincipalJson(principal: unknown): PrincipalJson {
  return typeof principal === 'string' ? { AWS: [principal] } : principal as PrincipalJson;
}

function sizeProblems(document: PolicyDocument): string[] {
  const { characters, contributors } = sizeOfPolicy(document);
  if (characters <= POLICY_LIMIT) {
    return [];
  }
  const biggest = contributors.slice(0, 3).map(({ sid, characters: own }) => `${sid} with ${own}`).join(', ');
  return [`the repository policy has ${characters} characters, but Amazon ECR allows ${POLICY_LIMIT}; the biggest statements are ${biggest}; `
    + 'grant to an organization or an OU in place of single accounts, or let a registry policy carry grants that many repositories share'];
}

function sidProblems(document: PolicyDocument): string[] {
  const sids = document.Statement.map((statement) => (statement as { Sid?: string }).Sid).filter((sid) => sid !== undefined);
  const twice = [...new Set(sids.filter((sid, index) => sids.indexOf(sid) !== index))];
  return twice.map((sid) => `two statements of the repository policy have the Sid "${sid}", but a Sid stands once in a policy; give the statement that you add another sid`);
}
