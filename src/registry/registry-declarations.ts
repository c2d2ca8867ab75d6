import { CfnResource, IResolveContext, Lazy, Resource, Stack, Token } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { claimProblems } from './claims';
import { CreationTemplate, Reason } from './creation-template';
import { checkReplications } from './replication-checks';
import { Environment, isDeployedTo, requireSamePartition, requireUnwritten, sameEnvironment } from '../halves/environment';
import { GrantedPolicy, PolicyKind } from '../halves/granted-policy';
import { Grant } from '../policy/grant';
import { rulesFor } from '../policy/replication-rules';

const REGISTRY = Symbol.for('cdk-shared-ecr.RegistryDeclarations');

/** Images of the repositories whose names begin with `prefix`, `''` being all of them, are copied to `destination`. */
export interface DeclaredReplication {
  readonly destination: Environment;
  readonly prefix: string;
  /** The repositories that are meant, `*` being any text. */
  readonly repositories: string;
  readonly declaredBy: IConstruct;
}

/** What an app declares of a registry, in whatever stacks: its policy may be in one, caches in others. */
export interface Declared {
  readonly policy: { readonly grants: readonly Grant[] };
  readonly replications: readonly DeclaredReplication[];
  /** The template by which Amazon ECR would make a repository: that with the longest prefix. */
  templateFor(repositoryName: string, reason: Reason): CreationTemplate | undefined;
}

const REGISTRY_POLICY: PolicyKind = {
  name: 'registry policy',
  resourceProblem: (registry, statement) => (statement.resources.length + statement.notResources.length > 0 ? undefined
    : `a statement for the registry policy in '${Stack.of(registry).node.path}' has no resources, but must say which repositories it is about; `
      + 'give it resources, for example arn:aws:ecr:us-east-1:111122223333:repository/team-a/*'),
  shorten: 'grant to an organization or an OU in place of single accounts, or grant on single repositories',
  inTime: 'where its stack is defined',
};

/**
 * All that one stack declares of the registry of its account and Region, which has one policy and one replication configuration: whatever
 * the constructs of the stack add comes out in one resource of each type.
 */
export class RegistryDeclarations extends Resource {
  /** The registry of the stack that the scope is in. */
  public static of(scope: IConstruct): RegistryDeclarations {
    const stack = Stack.of(scope) as Stack & { [REGISTRY]?: RegistryDeclarations };
    if (!stack[REGISTRY]) {
      Object.defineProperty(stack, REGISTRY, { value: new RegistryDeclarations(stack) });
    }
    return stack[REGISTRY]!;
  }

  /** What the app declares of a registry. */
  public static find(scope: IConstruct, environment: Environment): Declared | undefined {
    const declarations = RegistryDeclarations.allIn(scope).filter((declared) => isDeployedTo(environment, declared, scope));
    return declarations.length === 0 ? undefined : {
      policy: { grants: declarations.flatMap(({ policy }) => policy.grants) },
      replications: declarations.flatMap(({ replications }) => replications),
      templateFor: (repositoryName, reason) => declarations
        .flatMap(({ templates }) => templates)
        .filter((template) => template.reason === reason && template.matches(repositoryName))
        .sort((a, b) => b.namespace.length - a.namespace.length)[0],
    };
  }

  /** What the app declares of all registries. */
  public static allIn({ node: { root } }: IConstruct): RegistryDeclarations[] {
    return root.node.findAll().flatMap((construct) => (construct as { [REGISTRY]?: RegistryDeclarations })[REGISTRY] ?? []);
  }

  public readonly policy: GrantedPolicy;
  public readonly replications: DeclaredReplication[] = [];
  public readonly templates: CreationTemplate[] = [];
  private policyResource?: CfnResource;

  private constructor(stack: Stack) {
    requireUnwritten(stack);
    super(stack, 'CdkSharedEcrRegistry');
    this.policy = new GrantedPolicy(this, REGISTRY_POLICY);
    const find = (environment: Environment) => RegistryDeclarations.find(this, environment);
    this.node.addValidation({ validate: () => [...claimProblems(this), ...checkReplications(this, find)] });
  }

  /** Adds grants to the registry policy; each says about which repositories it is. */
  public allow(grants: readonly Grant[], grantee: string): void {
    this.policy.add(grants, grantee);
    this.writePolicy();
  }

  /** Throws if statements of the user's own cannot stand in the registry policy. */
  public requireStatements(statements: readonly iam.PolicyStatement[] = []): void {
    statements.forEach((statement) => this.policy.requireStatement(statement));
  }

  /** Adds statements of the user's own to the registry policy. */
  public addStatements(statements: readonly iam.PolicyStatement[] = []): void {
    for (const statement of statements) {
      this.policy.addStatement(statement);
      this.writePolicy();
    }
  }

  /** Throws if the registry cannot copy so. */
  public requireReplicable(replications: readonly DeclaredReplication[]): void {
    for (const { destination, declaredBy } of replications) {
      this.policy.requireUnsealed(`the replication by '${declaredBy.node.path}'`);
      this.requireOther(destination, declaredBy);
    }
  }

  /** Adds what the registry copies to other registries. */
  public replicate(replications: readonly DeclaredReplication[]): void {
    this.requireReplicable(replications);
    if (this.replications.length === 0) {
      new ecr.CfnReplicationConfiguration(this, 'Replication', {
        replicationConfiguration: { rules: Lazy.uncachedAny({ produce: (context: IResolveContext) => this.renderRules(context) }) },
      });
    }
    this.replications.push(...replications);
  }

  /** Notes a template for repositories that Amazon ECR makes here. Nobody is let in before it is there. */
  public addTemplate(template: CreationTemplate): void {
    this.templates.push(template);
    this.policyResource?.node.addDependency(template);
  }

  private writePolicy(): void {
    if (!this.policyResource) {
      this.policyResource = new ecr.CfnRegistryPolicy(this, 'Policy', { policyText: this.policy.text });
      this.policyResource.node.addDependency(...this.templates);
    }
  }

  private requireOther({ account, region }: Environment, { node: { path } }: IConstruct): void {
    if (sameEnvironment(this.env, { account, region })) {
      throw new Error(`'${path}' replicates to ${Token.isUnresolved(account) ? '' : `account ${account}, `}Region ${region}, from where it replicates; `
        + 'give another Region or another account');
    }
    requireSamePartition(`'${path}'`, this.env.region, 'its destination', region, 'and Amazon ECR does not replicate from one to the other; '
      + 'push the images to a repository in the other partition');
  }

  private renderRules(context: IResolveContext): ecr.CfnReplicationConfiguration.ReplicationRuleProperty[] {
    const replications = context.resolve(this.replications.map(({ destination, prefix }) => ({ destination, prefix })));
    return rulesFor(replications).map(({ destinations, prefixes }) => ({
      destinations: destinations.map(({ account, region }) => ({ region: region as string, registryId: account as string })),
      ...(prefixes.length > 0 && { repositoryFilters: prefixes.map((prefix) => ({ filter: prefix as string, filterType: 'PREFIX_MATCH' })) }),
    }));
  }
}
