import { attachCustomSynthesis, IResolvable, IResolveContext, Lazy, Stack, Stage } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, IConstruct } from 'constructs';
import { registryOf } from './environment';
import { NoticeId, warn } from './notices';
import { isOrganization } from '../policy/closed';
import { Grant } from '../policy/grant';
import { PrincipalJson, whosOfPrincipal } from '../policy/principal';
import { POLICY_LIMIT, sizeOfPolicy } from '../policy/size';
import { statementsFor } from '../policy/statements';

interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly object[];
}

/** In what a policy of a repository and one of a registry differ. */
export interface PolicyKind {
  readonly name: string;
  /** What is wrong with the resources of a statement of the user's own. */
  readonly resourceProblem: (owner: IConstruct, statement: iam.PolicyStatement) => string | undefined;
  /** What to do if it gets too long. */
  readonly shorten: string;
  /** Where grants are made in time. */
  readonly inTime: string;
}

/** A policy in a template of this app: the grants made in it, and the statements that users add as they are. */
export class GrantedPolicy {
  /** The policy document for the template; undefined if it has no statement. */
  public readonly text: IResolvable = Lazy.uncachedAny({
    produce: (context: IResolveContext) => {
      const document = this.document(context);
      return document && this.isLiteral && this.statements.length === 0 ? new LiteralDocument(document) : document;
    },
  });

  public readonly grants: Grant[] = [];
  private readonly statements: iam.PolicyStatement[] = [];
  private sealed = false;
  private warned = false;
  private hasTokens: boolean;
  private rendered?: { readonly grants: number; readonly statements: object[] };

  constructor(protected readonly owner: Construct, private readonly kind: PolicyKind) {
    this.hasTokens = mentionsTokens(registryOf(Stack.of(owner)));
    attachCustomSynthesis(owner, { onSynthesize: () => { this.sealed = true; } });
    owner.node.addValidation({ validate: () => this.problems() });
  }

  public add(grants: readonly Grant[], grantee: string): void {
    this.requireUnsealed(`the grant to ${grantee}`);
    this.grants.push(...grants);
    this.hasTokens ||= mentionsTokens(grants);
    const pushes: Grant[] = Stack.of(this.owner).resolve(grants.filter(({ actions }) => actions.some((action) => PUSHES.test(action))));
    if (pushes.some(({ who }) => isOrganization(who))) {
      warn(this.owner, NoticeId.ORGANIZATION_PUSH, `${grantee} may push: every identity of every account in it can replace what others run; `
        + 'name the roles or accounts that publish images');
    }
  }

  /** Adds a statement of the user's own: it goes out after ours, as it is. */
  public addStatement(statement: iam.PolicyStatement): void {
    this.requireStatement(statement);
    this.statements.push(statement);
    warnIfOpen(this.owner, statement);
  }

  /** Throws if the statement cannot be added. */
  public requireStatement(statement: iam.PolicyStatement): void {
    this.requireUnsealed('the statement');
    const problem = this.kind.resourceProblem(this.owner, statement);
    if (problem) {
      throw new Error(problem);
    }
  }

  /** Grants that are known only when the policy is written; undefined if there are none by nature. */
  protected lateGrants(): readonly Grant[] | undefined {
    return undefined;
  }

  protected problems(): string[] {
    const document = this.document(Stack.of(this.owner));
    this.warnIfNearLimit(document);
    this.statements.forEach((statement) => warnIfOpen(this.owner, statement));
    return [
      ...this.statements.flatMap((statement) => [
        ...statement.validateForAnyPolicy(),
        // Newer releases of CDK would ask for a resource too, which a repository policy must not have.
        ...(statement.hasPrincipal ? [] : [`a statement of the ${this.kind.name} says nothing of whom it is about; give it principals`]),
        this.kind.resourceProblem(this.owner, statement) ?? [],
      ].flat()),
      ...(document ? [...sizeProblems(document, this.kind), ...sidProblems(document, this.kind)] : []),
    ];
  }

  /** Throws if the policy was written, and whatever else is in its stack: what comes now would be lost. */
  public requireUnsealed(what: string): void {
    if (this.sealed) {
      const stage = Stage.of(this.owner)?.node.path;
      throw new Error(`the policy of '${this.owner.node.path}' was already written with ${stage ? `Stage '${stage}'` : 'its app'}, `
        + `so ${what} would be lost; make it before that Stage is synthesized: `
        + `${this.kind.inTime}, not in an aspect of a later Stage or in a pipeline that contains the Stage`);
    }
  }

  private document(context: Pick<IResolveContext, 'resolve'>): PolicyDocument | undefined {
    const statements = [...this.ourStatements(context), ...this.statements.map((statement) => context.resolve(statement.toStatementJson()))];
    return statements.length === 0 ? undefined : { Version: '2012-10-17', Statement: statements };
  }

  /** CDK asks for the document several times in one synthesis; grants without tokens need only be compacted once. */
  private ourStatements(context: Pick<IResolveContext, 'resolve'>): object[] {
    const registry = registryOf(Stack.of(this.owner));
    if (!this.isLiteral) {
      const resolved = context.resolve({ grants: [...this.grants, ...this.lateGrants() ?? []], registry });
      return statementsFor(resolved.grants, resolved.registry);
    }
    if (this.rendered?.grants !== this.grants.length) {
      this.rendered = { grants: this.grants.length, statements: statementsFor(this.grants, registry) };
    }
    return this.rendered.statements;
  }

  /** Whether nothing in the grants is left for the deployment, or for other stacks, to say. */
  private get isLiteral(): boolean {
    return !this.hasTokens && this.lateGrants() === undefined;
  }

  private warnIfNearLimit(document: PolicyDocument | undefined): void {
    const size = document && sizeOfPolicy(document);
    if (!this.warned && size && size.characters <= POLICY_LIMIT && size.charactersWithArns > POLICY_LIMIT) {
      this.warned = true;
      warn(this.owner, NoticeId.POLICY_NEAR_LIMIT, `the ${this.kind.name} has ${size.characters} characters as written, of ${POLICY_LIMIT} allowed; `
        + `should Amazon ECR count account ids as ARNs, which is not documented, it would have ${size.charactersWithArns}, and the deployment would fail; `
        + 'grant to an organization or an OU to be safe');
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

/** Says when an `Allow` of the user's own lets strangers in. It is theirs to decide, so it is a warning. */
function warnIfOpen(owner: IConstruct, statement: iam.PolicyStatement): void {
  const json = Stack.of(owner).resolve(statement.toStatementJson());
  if (json.Effect !== 'Allow') {
    return;
  }
  try {
    whosOfPrincipal(json.NotPrincipal ? { AWS: ['*'] } : asPrincipalJson(json.Principal ?? {}), json.Condition ?? {});
  } catch (error) {
    warn(owner, NoticeId.OPEN_STATEMENT, `the statement ${JSON.stringify(json)} goes out as it is, but ${(error as Error).message}`);
  }
}

function asPrincipalJson(principal: unknown): PrincipalJson {
  return typeof principal === 'string' ? { AWS: [principal] } : principal as PrincipalJson;
}

function sizeProblems(document: PolicyDocument, { name, shorten }: PolicyKind): string[] {
  const { characters, contributors } = sizeOfPolicy(document);
  if (characters <= POLICY_LIMIT) {
    return [];
  }
  const biggest = contributors.slice(0, 3).map(({ sid, characters: own }) => `${sid} with ${own}`).join(', ');
  return [`the ${name} has ${characters} characters, but Amazon ECR allows ${POLICY_LIMIT}; the biggest statements are ${biggest}; ${shorten}`];
}

function sidProblems(document: PolicyDocument, { name }: PolicyKind): string[] {
  const sids = document.Statement.map((statement) => (statement as { Sid?: string }).Sid).filter((sid) => sid !== undefined);
  const twice = [...new Set(sids.filter((sid, index) => sids.indexOf(sid) !== index))];
  return twice.map((sid) => `two statements of the ${name} have the Sid "${sid}", but a Sid stands once in a policy; give the statement that you add another sid`);
}
