import { Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { CreatedRepositoryProps } from './created-repository-props';
import { EcrGrantee } from './ecr-grantee';
import { requireSome, requireText } from './halves/checks';
import { NoticeId, warn } from './halves/notices';
import { CREATION_ACTIONS, REPLICATION_ACTIONS, REPLICATION_INTO_EXISTING_ACTIONS } from './policy/actions';
import { ACCOUNT_ID, REPOSITORY_NAME } from './policy/formats';
import { Who } from './policy/grant';
import { Intrinsic } from './policy/value';
import { PullAccessValidator } from './pull-access-validator';
import { CreationTemplate } from './registry/creation-template';
import { allowGrantees, requireGrantable } from './registry/grantees';
import { prefixesOf, withPrefixes } from './registry/prefixes';
import { RegistryDeclarations } from './registry/registry-declarations';

/**
 * What Amazon ECR gives to the repositories that it makes for replicas.
 */
export interface ReplicaProps extends CreatedRepositoryProps {
  /**
   * Who may pull the replicas. Lambda functions are those in the Region of the replicas.
   *
   * @default - nobody outside the destination's account
   */
  readonly pullers?: EcrGrantee[];

  /**
   * Who may list and describe the replicas.
   *
   * @default - nobody outside the destination's account
   */
  readonly readers?: EcrGrantee[];
}

/**
 * Properties of a `RegistryReplicationGrant`.
 */
export interface RegistryReplicationGrantProps {
  /**
   * The accounts that may replicate to this registry: 12 digits each. Accounts are listed since AWS does not document that a condition on an organization
   * matches a replication.
   */
  readonly sourceAccounts: string[];

  /**
   * How the names of the repositories begin, for example `team-a/`: 2 to 256 lower-case letters, digits and `._-/`. Without a `/` at
   * the end, `team-a` means `team-ab` too. With `replicas`, each must end in `/`.
   *
   * @default - all repositories
   */
  readonly repositoryPrefixes?: string[];

  /**
   * Whether Amazon ECR makes repositories that are not there. If not, images arrive only for repositories that are.
   *
   * @default true
   */
  readonly createRepositories?: boolean;

  /**
   * What Amazon ECR gives to the repositories that it makes: a creation template for each prefix, or the one for all repositories that have no other.
   *
   * @default - nothing: no policy, so nobody in another account can pull them, which is a warning (`cdk-shared-ecr:replicasWithoutPolicy`)
   */
  readonly replicas?: ReplicaProps;

  /**
   * Statements of your own for the registry policy, which go out as they are, after those of the library: so one app can carry what
   * others need of the registry, which has only one policy. Each must have resources.
   *
   * @default - none
   */
  readonly additionalStatements?: iam.PolicyStatement[];
}

/**
 * Lets other accounts replicate images to the registry of this stack, and says what the replicas get: the destination of a replication.
 *
 * ```json
 * { "Sid": "ReplicateAccountsInTeamA", "Effect": "Allow", "Principal": { "AWS": ["111111111111"] },
 *   "Action": ["ecr:CreateRepository", "ecr:ReplicateImage"],
 *   "Resource": ["arn:aws:ecr:eu-central-1:444444444444:repository/team-a/*"] }
 * ```
 *
 * Without `createRepositories` the action is `ecr:ReplicateImage` alone; with tags for the replicas `ecr:TagResource` comes to it, as AWS asks.
 *
 * A template applies when Amazon ECR makes a repository, never later: a puller who is added afterwards does not reach replicas that are there
 * already. For single repositories use `SharedEcrRepository.replicateTo` with a scope, which makes the replica in your stack and keeps its policy current.
 *
 * For an account's own other Regions no grant is needed, but a template is: list the account itself in `sourceAccounts` then.
 *
 * All constructs of a stack that add to the registry policy share one `AWS::ECR::RegistryPolicy`. A registry has one: a second stack of the app that
 * declares it is an error, and a policy that was made elsewhere makes the deployment fail (`AlreadyExists`): move its statements
 * into `additionalStatements`, and delete it there first.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions-create-replication.html
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html
 */
export class RegistryReplicationGrant extends Construct {
  /**
   * @throws if `sourceAccounts` is empty, has one twice or what is not an account id; if a prefix is not one, stands there twice, or does not end in `/`
   *   though there are `replicas`; if there are `replicas` though `createRepositories` is false; if the settings of the replicas contradict each other; if a
   *   statement has no resources; or if the template of the stack was already written
   */
  constructor(scope: Construct, id: string, props: RegistryReplicationGrantProps) {
    super(scope, id);
    PullAccessValidator._addTo(this);
    const { createRepositories = true, replicas } = props;
    const prefixes = prefixesOf(props.repositoryPrefixes);
    const sources = whosOf(props.sourceAccounts);
    requireTemplatesFit(prefixes, createRepositories, replicas);

    // Whatever may throw comes before anything is in the template.
    const registry = RegistryDeclarations.of(this);
    registry.requireStatements(props.additionalStatements);
    requireGrantable(registry, 'pull', replicas?.pullers ?? []);
    requireGrantable(registry, 'read', replicas?.readers ?? []);
    if (replicas) {
      prefixes.forEach((prefix) => this.addTemplate(registry, prefix, replicas));
    }
    const creating = Object.keys(replicas?.tags ?? {}).length > 0 ? CREATION_ACTIONS : REPLICATION_ACTIONS;
    const actions = createRepositories ? creating : REPLICATION_INTO_EXISTING_ACTIONS;
    registry.allow(withPrefixes(sources.map((who) => ({ who, actions })), prefixes), `the replication from ${describe(props.sourceAccounts)}`);
    registry.addStatements(props.additionalStatements);
    if (createRepositories && !replicas) {
      warn(this, NoticeId.REPLICAS_WITHOUT_POLICY, 'repositories that Amazon ECR makes for replicas here get no policy, so nobody in another account can pull them, and their tags can be moved; '
        + 'give replicas: { pullers: [...] }, or replicas: {} if nobody else is to pull them');
    }
  }

  private addTemplate(registry: RegistryDeclarations, prefix: string, replicas: ReplicaProps): void {
    const template = new CreationTemplate(this, prefix === '' ? 'Template' : `Template-${prefix.slice(0, -1).replace(/\//g, ':')}`, { reason: 'REPLICATION', namespace: prefix.replace(/\/$/, ''), settings: replicas });
    allowGrantees(registry, 'pull', replicas.pullers ?? [], (grants, grantee) => template.allow(grants, grantee));
    allowGrantees(registry, 'read', replicas.readers ?? [], (grants, grantee) => template.allow(grants, grantee));
    registry.addTemplate(template);
  }
}

function whosOf(sourceAccounts: string[]): Who[] {
  if (Token.isUnresolved(sourceAccounts)) {
    return [{ kind: 'accountList', accounts: sourceAccounts as unknown as Intrinsic }];
  }
  requireSome('sourceAccounts', sourceAccounts);
  sourceAccounts.forEach((account) => requireText(ACCOUNT_ID, 'sourceAccounts', account));
  return sourceAccounts.map((account) => ({ kind: 'account', account }));
}

function describe(sourceAccounts: string[]): string {
  return Token.isUnresolved(sourceAccounts) ? 'a list of accounts' : sourceAccounts.join(', ');
}

/** A template is for whole namespaces: Amazon ECR reads its prefix as if it ended in a slash. */
function requireTemplatesFit(prefixes: readonly string[], createRepositories: boolean, replicas: ReplicaProps | undefined): void {
  if (replicas && !createRepositories) {
    throw new Error('replicas is given, but createRepositories is false, so Amazon ECR makes no repositories to which it could apply; leave out one of the two');
  }
  const isNamespace = (prefix: string) => !Token.isUnresolved(prefix) && prefix.endsWith('/') && REPOSITORY_NAME.pattern.test(`${prefix}name`);
  const unfit = replicas && prefixes.find((prefix) => prefix !== '' && !isNamespace(prefix));
  if (unfit !== undefined) {
    throw new Error(`repositoryPrefixes has ${Token.isUnresolved(unfit) ? 'a token' : JSON.stringify(unfit)}, but with replicas each must be the beginning of names up to a "/": a repository creation template applies to names `
      + 'below "team-a/", not to names that begin with "team-a"; end the prefix with "/", give none for all repositories, '
      + 'or use SharedEcrRepository.replicateTo with a scope for single repositories');
  }
}
