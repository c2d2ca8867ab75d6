import { Duration, Names, PhysicalName, Stack, Token } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { warnOfMissingConsumerHalf } from './halves/both-halves';
import { requireText } from './halves/checks';
import { partitionNameOf } from './halves/environment';
import { sayGrantedElsewhere } from './halves/granted-elsewhere';
import { Grants } from './halves/granting-repository';
import { ImportedRepository, readArn } from './halves/imported-repository';
import { holdsPolicy } from './halves/principals';
import { LOGIN_ACTION } from './policy/actions';
import { eksAddOnAccount } from './policy/eks-add-on-registries';
import { NEW_ROLE_NAME, ROLE_PATH } from './policy/formats';
import { groupBy } from './policy/value';
import { PullAccessValidator } from './pull-access-validator';
import { PullRuntime } from './pull-runtime';

/**
 * Properties of a `CrossAccountPullRole`.
 */
export interface CrossAccountPullRoleProps {
  /**
   * What runs the images: it decides who assumes the role and what else the role needs.
   */
  readonly runtime: PullRuntime;

  /**
   * The repositories to pull from: those of this app, which get the owner half too, or imported ones.
   */
  readonly repositories: ecr.IRepository[];

  /**
   * Repositories from elsewhere that the role pulls from too, such as sidecars that AWS provides. Only the role's own half is added,
   * and nothing is said about the other.
   *
   * @default - none
   */
  readonly additionalRepositories?: ecr.IRepository[];

  /**
   * The ARNs of the repositories that hold the images of the EKS add-ons, for `EKS_NODE` and `EKS_FARGATE_POD`. An empty list leaves them
   * out, for example where nodes pull the add-ons through a cache of your own.
   *
   * @default - all repositories of the account from which AWS provides them in the role's Region
   * @see https://docs.aws.amazon.com/eks/latest/userguide/add-ons-images.html
   */
  readonly eksAddOnRepositoryArns?: string[];

  /**
   * The name of the role: 1 to 64 letters, digits and `+=,.@_-`. With a name, owners can name the role in their policies.
   *
   * @default - generated, by the CDK if a repository of this app in another account must name the role, else by CloudFormation
   */
  readonly roleName?: string;

  /**
   * The path of the role, beginning and ending with `/`.
   *
   * @default "/"
   */
  readonly path?: string;

  /**
   * What the role is for, at most 1,000 characters.
   *
   * @default - says what pulls from how many repositories
   */
  readonly description?: string;

  /**
   * The permissions boundary. It must allow the pull too.
   *
   * @default - none
   */
  readonly permissionsBoundary?: iam.IManagedPolicy;

  /**
   * Further managed policies.
   *
   * @default - those that the runtime needs
   */
  readonly managedPolicies?: iam.IManagedPolicy[];

  /**
   * The longest session, 1 to 12 hours.
   *
   * @default Duration.hours(1)
   */
  readonly maxSessionDuration?: Duration;
}

/**
 * A role that can pull from exactly the given repositories, in whatever account they are: the consumer half.
 *
 * Its identity policy has `ecr:GetAuthorizationToken` on `*`, as AWS requires, and the pull actions on the ARNs of the
 * repositories. To a `SharedEcrRepository` of this app in another account, creating the role adds the owner half; neither stack waits for
 * the other. An imported repository is told of in a note (`cdk-shared-ecr:ownerHalfNotInSight`), with the statement that its owner needs.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/security-iam.html
 */
export class CrossAccountPullRole extends iam.Role {
  private readonly allowed: Array<{ readonly actions: readonly string[]; readonly resources: readonly string[] }> = [];

  /**
   * @throws if `repositories` is empty, if `eksAddOnRepositoryArns` is given to a runtime that has no add-ons, or if it is
   *   not given in a Region whose add-on registry is not known
   */
  constructor(scope: Construct, id: string, props: CrossAccountPullRoleProps) {
    const { runtime } = props;
    requireWhole(props);
    const stack = Stack.of(scope);
    const repositories = [...new Set(props.repositories)];
    if (repositories.length === 0) {
      throw new Error('repositories is empty, but the role must pull from at least one repository; create it where there is something to pull');
    }
    const additional = [...new Set(props.additionalRepositories ?? [])];
    const addOns = eksAddOnArns(stack, props);
    super(scope, id, {
      assumedBy: runtime._assumedBy(stack),
      roleName: props.roleName ?? PhysicalName.GENERATE_IF_NEEDED,
      path: props.path,
      description: props.description ?? `Pulls images from ${repositories.length} ${repositories.length === 1 ? 'repository' : 'repositories'} (${runtime})`.slice(0, 1000),
      permissionsBoundary: props.permissionsBoundary,
      managedPolicies: [
        ...runtime._managedPolicyNames.map((name) => iam.ManagedPolicy.fromAwsManagedPolicyName(name)),
        ...props.managedPolicies ?? [],
      ],
      maxSessionDuration: props.maxSessionDuration,
    });
    PullAccessValidator._addTo(this);

    const ofTheL2 = repositories.filter((repository) => !Grants.of(repository) && repository.node.defaultChild);
    const others = repositories.filter((repository) => !ofTheL2.includes(repository));
    const granting = this.grantsOfAll(others);
    [...additional.map(({ repositoryArn }) => repositoryArn), ...addOns].forEach((arn) => sayGrantedElsewhere(this, arn));
    this.allow('Login', [LOGIN_ACTION], ['*']);
    this.allowPull('PullImages', runtime, [...others, ...additional].filter((repository) => !isCached(repository)));
    this.allowPull('PullThroughCache', runtime, [...others, ...additional].filter(isCached));
    this.allow('PullEksAddOns', runtime._actions, addOns);
    ofTheL2.forEach((repository) => repository.grant(this, ...runtime._actions));
    granting.forEach((grants) => grants.ownerHalf(this, runtime._actions));
    if (!holdsPolicy(this)) {
      const missing = this.allowed.map(({ actions, resources }) => ({ Effect: 'Allow', Action: actions, Resource: stack.resolve(resources) }));
      warnOfMissingConsumerHalf(this, 'the role', missing);
    }
  }

  /** If one of the owner halves cannot be made, nothing is left of the role. */
  private grantsOfAll(repositories: ecr.IRepository[]): Grants[] {
    try {
      const all = repositories.map((repository) => this.grantsOf(repository));
      all.forEach((grants) => grants.requireOwnerHalf(this));
      return all;
    } catch (error) {
      this.node.scope!.node.tryRemoveChild(this.node.id);
      throw error;
    }
  }

  /** A repository that `ecr.Repository` imported is as silent as its policy is out of reach: import it our way. */
  private grantsOf(repository: ecr.IRepository): Grants {
    return Grants.of(repository)
      ?? Grants.of(new ImportedRepository(this, `Repository${Names.nodeUniqueId(repository.node)}`, { ...readArn(repository.repositoryArn), arn: repository.repositoryArn }))!;
  }

  /**
   * Adds a statement to the role's identity policy, unless the role may do all of it already: so
   * `ecs.ContainerImage.fromEcrRepository` and its like do not say again what the role was made for.
   */
  public addToPrincipalPolicy(statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    return this.allows(statement) ? { statementAdded: true, policyDependable: this } : super.addToPrincipalPolicy(statement);
  }

  private allows({ effect, sid, actions, resources, conditions }: iam.PolicyStatement): boolean {
    return effect === iam.Effect.ALLOW && sid === undefined && resources.length > 0 && actions.length > 0 && Object.keys(conditions).length === 0
      && resources.every((resource) => this.allowed.some((allowed) =>
        allowed.resources.includes(resource) && actions.every((action) => allowed.actions.includes(action))));
  }

  /** From a cache it takes more, and from one that tags its repositories more still. */
  private allowPull(sid: string, { _actions: actions }: PullRuntime, repositories: ecr.IRepository[]): void {
    const groups = groupBy(repositories, (repository) => (Grants.of(repository)?.consumerActions(actions) ?? actions).join(' '));
    [...groups]
      .flatMap(([key, group]) => inChunks(group.map(({ repositoryArn }) => repositoryArn)).map((arns) => ({ key, arns })))
      .forEach(({ key, arns }, index) => this.allow(`${sid}${index === 0 ? '' : index + 1}`, key.split(' '), arns));
  }

  private allow(sid: string, actions: readonly string[], resources: string[]): void {
    if (resources.length > 0) {
      super.addToPrincipalPolicy(new iam.PolicyStatement({ sid, actions: [...actions], resources }));
      this.allowed.push({ actions, resources });
    }
  }
}

function requireWhole({ runtime, roleName, path }: CrossAccountPullRoleProps): void {
  if (!runtime) {
    throw new Error(`runtime is ${runtime}, but it says what assumes the role; give one, for example PullRuntime.ECS_TASK, or PullRuntime.assumedBy(principal)`);
  }
  if (roleName !== undefined) {
    requireText(NEW_ROLE_NAME, 'roleName', roleName);
  }
  if (path !== undefined) {
    requireText(ROLE_PATH, 'path', path);
  }
}

function isCached(repository: ecr.IRepository): boolean {
  return Grants.of(repository)?.granted.cached !== undefined;
}

/** CDK moves whole statements to managed policies of 6,144 characters where an identity policy gets too long. */
const CHUNK = 5_000;

function inChunks(arns: string[]): string[][] {
  const chunks: string[][] = [[]];
  for (const arn of arns) {
    const last = chunks[chunks.length - 1];
    if (last.length > 0 && JSON.stringify([...last, arn]).length > CHUNK) {
      chunks.push([arn]);
    } else {
      last.push(arn);
    }
  }
  return chunks;
}

function eksAddOnArns({ region }: Stack, { runtime, eksAddOnRepositoryArns: given }: CrossAccountPullRoleProps): string[] {
  if (!runtime._pullsEksAddOns) {
    if (given) {
      throw new Error(`eksAddOnRepositoryArns is given, but the runtime is ${runtime}, which runs no EKS add-ons; leave it out, or use additionalRepositories`);
    }
    return [];
  }
  if (given) {
    return given;
  }
  const account = Token.isUnresolved(region) ? undefined : eksAddOnAccount(region);
  if (account === undefined) {
    throw new Error(`the Region is ${Token.isUnresolved(region) ? 'known only at deployment' : JSON.stringify(region)}, so the registry of the EKS add-ons there is not known; `
      + 'give eksAddOnRepositoryArns (see https://docs.aws.amazon.com/eks/latest/userguide/add-ons-images.html), [] for none'
      + `${Token.isUnresolved(region) ? ', or give the stack an explicit environment: env: { account, region }' : ''}`);
  }
  return [`arn:${partitionNameOf(region)}:ecr:${region}:${account}:repository/*`];
}
