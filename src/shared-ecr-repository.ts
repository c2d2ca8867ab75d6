import { resolve } from 'path';
import { IResolveContext, Lazy, PhysicalName, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { findRepository } from './access/contract/find-repository';
import { grantedBy, hasStatement, ownerInContract } from './access/contract/granted';
import { readContract } from './access/contract/read-contract';
import { EcrGrantee } from './ecr-grantee';
import { granteesByPolicyAlone } from './halves/both-halves';
import { requireText } from './halves/checks';
import { useContract } from './halves/contracts';
import { canRefer, describe, partitionNameOf, requireKnown, requireUnwritten, sameEnvironment, urlSuffixOf } from './halves/environment';
import { sayGrantedElsewhere } from './halves/granted-elsewhere';
import { digestSuffix, Grants, tagSuffix } from './halves/granting-repository';
import { ImageUri } from './halves/image-uri';
import { ImportedAddress, ImportedRepository, readArn } from './halves/imported-repository';
import { knownRepository, makeKnown } from './halves/known-repositories';
import { completeRule, lifecycleProblems, renderLifecyclePolicy } from './halves/lifecycle';
import { RepositoryPolicy } from './halves/owner-half';
import { requireConsistentTags } from './halves/tag-mutability';
import { GrantUse } from './policy/actions';
import { parseRepositoryUri, registryHost, repositoryArn as arnOfRepository } from './policy/addresses';
import { ACCOUNT_ID, REGION, REPOSITORY_NAME } from './policy/formats';
import { Grant } from './policy/grant';
import { PullAccessValidator } from './pull-access-validator';
import { requireKeyHere } from './registry/creation-template';
import { allowGrantees } from './registry/grantees';
import { replicaOf } from './registry/replica';
import { replicate } from './registry/replicate';
import { ReplicationDestination } from './registry-replication';

/**
 * Properties of a `SharedEcrRepository`. Those that `ecr.Repository` has keep their names and types.
 */
export interface SharedEcrRepositoryProps {
  /**
   * The name of the repository. Sharing needs one that both sides know, so it is not generated.
   *
   * 2 to 256 lower-case letters and digits, with `.`, `_`, `__` or hyphens between them, in parts separated by `/`. To change it replaces
   * the repository.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
   */
  readonly repositoryName: string;

  /**
   * Who may pull images.
   *
   * @default - nobody outside the repository's account; `allowPullFrom` and the grants of `ecr.IRepository` add to it
   */
  readonly pullers?: EcrGrantee[];

  /**
   * Who may push images. An organization or an OU here is a warning, `cdk-shared-ecr:organizationPush`.
   *
   * @default - nobody outside the repository's account
   */
  readonly pushers?: EcrGrantee[];

  /**
   * Who may list and describe images: scanners, Flux, Argo CD, App Runner.
   *
   * @default - nobody outside the repository's account
   */
  readonly readers?: EcrGrantee[];

  /**
   * Whether a tag may be moved to another image. Who runs an image in another account relies on its tag.
   *
   * @default ecr.TagMutability.IMMUTABLE
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html
   */
  readonly imageTagMutability?: ecr.TagMutability;

  /**
   * The tags to which `imageTagMutability` does not apply: 1 to 5 filters, and only with one of the `..._WITH_EXCLUSION` settings.
   *
   * @default - no exclusions
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html
   */
  readonly imageTagMutabilityExclusionFilters?: ecr.ImageTagMutabilityExclusionFilter[];

  /**
   * Whether Amazon ECR scans an image when it is pushed. A scanning configuration of the registry takes precedence.
   *
   * @default true
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html
   */
  readonly imageScanOnPush?: boolean;

  /**
   * How images are encrypted. It cannot be changed later without replacing the repository.
   *
   * Pullers need no permission on the key, in any account: Amazon ECR decrypts by grants of its own. (This is inferred from how Amazon
   * ECR uses keys; AWS does not say it for other accounts.)
   *
   * @default - `ecr.RepositoryEncryption.KMS` if `encryptionKey` is given, else `ecr.RepositoryEncryption.AES_256`
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
   */
  readonly encryption?: ecr.RepositoryEncryption;

  /**
   * The key for `ecr.RepositoryEncryption.KMS` or `KMS_DSSE`, in the repository's Region.
   *
   * @default - with KMS encryption, the AWS managed key `aws/ecr`
   */
  readonly encryptionKey?: kms.IKeyRef;

  /**
   * Which images expire. An expired image is gone for every account that runs it: a Lambda function whose image is gone fails
   * weeks later, when AWS Lambda next fetches it.
   *
   * @default - images are kept
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
   */
  readonly lifecycleRules?: ecr.LifecycleRule[];

  /**
   * The account id that goes with the lifecycle policy.
   *
   * @default - the repository's own account
   * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutLifecyclePolicy.html
   */
  readonly lifecycleRegistryId?: string;

  /**
   * What becomes of the repository when it leaves the stack, or the stack is deleted.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Whether the repository may be deleted with images in it. Only with `removalPolicy: RemovalPolicy.DESTROY`.
   *
   * @default false
   */
  readonly emptyOnDelete?: boolean;
}

/**
 * Where a repository of another app is.
 */
export interface SharedEcrRepositoryAttributes {
  /**
   * The account that owns the repository: 12 digits.
   */
  readonly account: string;

  /**
   * The Region of the repository, for example `eu-central-1`.
   */
  readonly region: string;

  /**
   * The name of the repository.
   */
  readonly repositoryName: string;

  /**
   * Whether the owner is known to have granted what this app grants: then no warnings and notes are given about the owner half.
   *
   * @default false
   */
  readonly ownerHasGranted?: boolean;
}

/**
 * How a repository is replicated.
 */
export interface ReplicateToOptions {
  /**
   * A scope in a stack of the destination's account and Region. There the replica is made, with this repository's settings, pullers and readers, those to come
   * included, and the registry of the destination lets in images for it, if it is another account's.
   *
   * @default - the destination is declared elsewhere: a note (`cdk-shared-ecr:destinationNotInSight`) says what it needs
   */
  readonly scope?: Construct;

  /**
   * A scope in the stack that declares what the registry of this repository copies. A registry has one replication configuration, so where repositories of several
   * stacks of one account and Region are replicated, all of them name the same stack here.
   *
   * @default - the stack of this repository
   */
  readonly registryScope?: Construct;

  /**
   * The encryption of the replica; only with `scope`.
   *
   * @default - that of this repository; if that is a key of yours, which is in one Region only, `encryption` or `encryptionKey` must be given
   */
  readonly encryption?: ecr.RepositoryEncryption;

  /**
   * The key for the replica, in the destination's Region; only with `scope`.
   *
   * @default - with KMS encryption, the AWS managed key `aws/ecr`
   */
  readonly encryptionKey?: kms.IKeyRef;
}

/**
 * A private Amazon ECR repository whose images other accounts may use.
 *
 * It is an `ecr.IRepository`: `ecs.ContainerImage.fromEcrRepository`, `lambda.DockerImageCode.fromEcr` and everything else that takes one
 * works with it, and a grant to a role of another account writes both halves: the role's identity policy, and this repository's policy.
 * `new ecr.Repository(...)` can be replaced by it under the same id; the logical id stays.
 *
 * The policy is measured when the app is synthesized: over 10,240 characters is an error.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
 * @resource AWS::ECR::Repository
 */
export class SharedEcrRepository extends ecr.RepositoryBase {
  /**
   * A repository of another app, by its ARN. Account and Region are those of the ARN.
   *
   * Its policy cannot be changed from here: grants to roles add their identity half and a note
   * (`cdk-shared-ecr:ownerHalfNotInSight`), other grants are a warning (`cdk-shared-ecr:ownerHalfMissing`), both with the
   * statement that the owner needs.
   *
   * @param repositoryArn `arn:PARTITION:ecr:REGION:ACCOUNT:repository/NAME`, or a token for all of it or for parts
   * @throws if it is not the ARN of a repository, or its Region is not of its partition
   */
  public static fromRepositoryArn(scope: Construct, id: string, repositoryArn: string): ecr.IRepository {
    return imported(scope, id, { ...readArn(repositoryArn), arn: repositoryArn });
  }

  /**
   * A repository of another app, by its URI. Account and Region are those of the URI.
   *
   * The host may be of any form: `111122223333.dkr.ecr.us-east-1.amazonaws.com`, its FIPS form (`dkr.ecr-fips`), or the dual-stack form
   * (`111122223333.dkr-ecr.us-east-1.on.aws`), in every partition. Images are pulled by the host that is given.
   *
   * @param repositoryUri host and name, without tag or digest, for example `111122223333.dkr.ecr.us-east-1.amazonaws.com/web-app`
   * @throws if it is not the URI of a repository, has a tag or a digest, or is a token: a name cannot be cut out of it at
   *   deployment, so use `fromSharedEcrRepositoryAttributes`
   */
  public static fromRepositoryUri(scope: Construct, id: string, repositoryUri: string): ecr.IRepository {
    if (Token.isUnresolved(repositoryUri)) {
      throw new Error('repositoryUri is a token, whose parts are known only at deployment; use SharedEcrRepository.fromSharedEcrRepositoryAttributes, '
        + 'which takes account, region and repositoryName apart, or SharedEcrRepository.fromRepositoryArn');
    }
    return imported(scope, id, parseRepositoryUri(repositoryUri));
  }

  /**
   * A repository of another app, by where it is. Each part may be a token.
   *
   * @throws if a part is not of its format
   */
  public static fromSharedEcrRepositoryAttributes(scope: Construct, id: string, attrs: SharedEcrRepositoryAttributes): ecr.IRepository {
    requireText(ACCOUNT_ID, 'account', attrs.account);
    requireText(REGION, 'region', attrs.region);
    requireText(REPOSITORY_NAME, 'repositoryName', attrs.repositoryName);
    return imported(scope, id, { ...attrs });
  }

  /**
   * A repository of another app, by the contract that its owner has published.
   *
   * A contract is a file that the owner's pipeline writes: `npx cdk-shared-ecr contract cdk.out > shared-ecr.json`. It says where the owner's repositories are and who is let
   * in, so this app can tell whether a grant has its other half: where the owner has granted it, there is nothing to say; where not, that is a warning
   * (`cdk-shared-ecr:ownerHalfMissing`) with the statement that the owner needs. What the contract cannot tell, such as who is in an organization, is a note
   * (`cdk-shared-ecr:ownerHalfNotInSight`). The validation of this app judges its pulls by the contract too.
   *
   * If repositories of several accounts or Regions have the name, it is the one in the Region of the stack.
   *
   * @param contractFile the name of the file; a relative one starts at the working directory of the process (for `cdk synth`, where `cdk.json` is)
   * @param repositoryName the name of the repository in the contract
   * @throws if the file cannot be read or is not a contract, if it has no repository of the name, if it has several and not just one in the Region of the stack, or if the name is a token
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
   */
  public static fromContract(scope: Construct, id: string, contractFile: string, repositoryName: string): ecr.IRepository {
    if (Token.isUnresolved(repositoryName)) {
      throw new Error('repositoryName is a token, but a repository is looked up now, and not at deployment; give its name');
    }
    const part = useContract(scope, resolve(contractFile), readContract);
    const found = findRepository(part, repositoryName, Stack.of(scope).region);
    const owner = ownerInContract(part, found);
    return imported(scope, id, {
      account: found.account,
      region: found.region,
      repositoryName,
      contract: {
        granted: (grant, registry) => grantedBy(owner, grant, registry),
        hasStatement: (statement) => hasStatement(owner, statement),
      },
    });
  }

  private readonly ownerHalf: RepositoryPolicy;
  private readonly sharing: Grants;
  private readonly lifecycleRules: ecr.LifecycleRule[] = [];
  private readonly cfnRepository: ecr.CfnRepository;
  private readonly arnToken: string;
  private readonly nameToken: string;
  private readonly hostToken: string;
  private readonly uri: ImageUri;
  private readonly definition: SharedEcrRepositoryProps;
  /** Whom `allowPullFrom` and `allowReadFrom` let in: the replicas let in the same. */
  private readonly allowed: Array<{ readonly use: 'pull' | 'read'; readonly grantees: EcrGrantee[] }> = [];
  private readonly replicas: SharedEcrRepository[] = [];
  private readonly destinations = new Set<string>();

  /**
   * @throws if the name is missing or not one of a repository, if properties contradict each other, or if the account of the stack is
   *   not an account id
   */
  constructor(scope: Construct, id: string, props: SharedEcrRepositoryProps) {
    requireName(props.repositoryName);
    requireConsistent(props);
    super(scope, id, { physicalName: props.repositoryName });
    PullAccessValidator._addTo(this);
    requireText(ACCOUNT_ID, `the account of stack '${this.stack.node.path}'`, this.env.account);
    requireKeyHere(this, props.encryptionKey);

    this.definition = props;
    this.ownerHalf = new RepositoryPolicy(this);
    const { account, region } = this.env;
    const literalArn = arnOfRepository({ account, region, repositoryName: props.repositoryName }, partitionNameOf(region));
    this.sharing = new Grants(this, { ownerHalf: this.ownerHalf, owned: true, literalArn });
    // Whatever may throw comes before anything is in the template.
    props.lifecycleRules?.forEach((rule) => this.addLifecycleRule(rule));
    this.node.addValidation({ validate: () => lifecycleProblems(this.lifecycleRules) });
    this.allowPullFrom(...props.pullers ?? []);
    this.allowPushFrom(...props.pushers ?? []);
    this.allowReadFrom(...props.readers ?? []);
    makeKnown(this);
    this.cfnRepository = new ecr.CfnRepository(this, 'Resource', {
      repositoryName: props.repositoryName,
      repositoryPolicyText: this.ownerHalf.text,
      lifecyclePolicy: Lazy.any({ produce: () => this.renderLifecyclePolicy(props.lifecycleRegistryId) }),
      imageScanningConfiguration: { scanOnPush: props.imageScanOnPush ?? true },
      imageTagMutability: props.imageTagMutability ?? ecr.TagMutability.IMMUTABLE,
      imageTagMutabilityExclusionFilters: props.imageTagMutabilityExclusionFilters?.map((filter) => filter._render()),
      encryptionConfiguration: renderEncryption(props),
      emptyOnDelete: props.emptyOnDelete,
    });
    this.cfnRepository.applyRemovalPolicy(props.removalPolicy ?? RemovalPolicy.RETAIN);

    this.arnToken = this.byViewer(this.cfnRepository.attrArn, literalArn);
    this.nameToken = this.byViewer(this.cfnRepository.ref, props.repositoryName);
    this.hostToken = this.byViewer(registryHost({ account, region }, urlSuffixOf(region)));
    this.uri = new ImageUri(this, `${this.hostToken}/${this.nameToken}`);
  }

  /**
   * The name of the repository: a reference in stacks of the same Stage, account and Region, elsewhere the name itself.
   */
  public get repositoryName(): string {
    return this.nameToken;
  }

  /**
   * The ARN of the repository: a reference in stacks of the same Stage, account and Region, elsewhere the ARN itself.
   */
  public get repositoryArn(): string {
    return this.arnToken;
  }

  /**
   * The host of the repository's registry, for example `111122223333.dkr.ecr.us-east-1.amazonaws.com`.
   */
  public get registryUri(): string {
    return this.hostToken;
  }

  /**
   * The URI of the repository, without tag or digest. The host is that of the repository's own partition.
   */
  public get repositoryUri(): string {
    return `${this.uri}`;
  }

  /**
   * The URI of an image by its tag.
   *
   * @param tag without `:`; by default there is none, which container runtimes read as `latest`
   */
  public repositoryUriForTag(tag?: string): string {
    return this.repositoryUri + tagSuffix(tag);
  }

  /**
   * The URI of an image by its digest, which no push can change.
   *
   * @param digest `sha256:` and 64 hexadecimal digits
   * @throws if it is not a digest
   */
  public repositoryUriForDigest(digest?: string): string {
    return this.repositoryUri + digestSuffix(digest);
  }

  /**
   * Lets grantees pull. Emits the owner half; a grantee of another account needs its identity policy too.
   *
   * @throws if the repository's Stage was already synthesized
   */
  public allowPullFrom(...grantees: EcrGrantee[]): void {
    this.allow('pull', grantees);
  }

  /**
   * Lets grantees push. Emits the owner half; a grantee of another account needs its identity policy too.
   *
   * @throws if a grantee is Lambda functions, which only pull, or the repository's Stage was already synthesized
   */
  public allowPushFrom(...grantees: EcrGrantee[]): void {
    this.allow('push', grantees);
  }

  /**
   * Lets grantees list and describe images: scanners, Flux, Argo CD.
   *
   * @throws if a grantee is Lambda functions, which only pull, or the repository's Stage was already synthesized
   */
  public allowReadFrom(...grantees: EcrGrantee[]): void {
    this.allow('read', grantees);
  }

  /**
   * Lets pull-through caches of other accounts fetch from this repository: the upstream half of a `PullThroughCache`.
   *
   * ```json
   * { "Sid": "PullThroughAccounts", "Effect": "Allow", "Principal": { "AWS": ["222222222222"] },
   *   "Action": ["ecr:BatchGetImage", "ecr:BatchImportUpstreamImage", "ecr:GetDownloadUrlForLayer", "ecr:GetImageCopyStatus"] }
   * ```
   *
   * AWS documents this for accounts. For roles, organizations and OUs it is inferred: it is the role of the cache that calls.
   *
   * @param grantees the accounts in which the caches are
   * @throws if a grantee is Lambda functions, or the repository's Stage was already synthesized
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private.html
   */
  public allowPullThroughFrom(...grantees: EcrGrantee[]): void {
    this.allow('pullThrough', grantees);
  }

  /**
   * Copies images that are pushed from now on to another Region or account.
   *
   * With `scope`, all is declared: the rule of this registry, the replica in the destination's stack, and, for another account, the statement of its registry
   * policy, which lets images in for this repository alone. The replica is an `AWS::ECR::Repository` of that stack and not left to Amazon ECR to make, since a
   * creation template applies to whole namespaces, and only once: so its policy is for this repository only and stays current.
   *
   * Within one account the destination's stack is deployed first (the CDK sees to it, in one Stage): else the first image would make the replica, without a policy,
   * and the deployment would find it there. Images that are pushed before the destination is deployed are not copied later; push them again.
   *
   * Statements of `addToResourcePolicy` are not copied, nor who was granted anything by `grantPull`: grant on `replicaIn`. If images were replicated to there before, Amazon ECR has
   * made the repository, and the deployment finds it: bring it into the stack with `cdk import`.
   *
   * Without `scope`, the rule is declared, and notes say what the destination must have for the pullers and readers.
   *
   * Amazon ECR knows only prefixes: the rule for `web-app` copies `web-app-internal` too. Where such a repository is in the app, that is a warning
   * (`cdk-shared-ecr:prefixCatchesMore`).
   *
   * @throws if it was called for the destination before; if the destination is the repository's own registry or in another partition; if `scope` is
   *   not in the destination; if encryption is given without `scope`, or not given though this repository has a key of its own; if `registryScope` is
   *   not in the repository's account and Region; or if a Stage was already synthesized
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html
   */
  public replicateTo(destination: ReplicationDestination, options: ReplicateToOptions = {}): void {
    const to = destination._from(this.env);
    if (this.destinations.has(`${to.account} ${to.region}`)) {
      throw new Error(`'${this.node.path}' is replicated to ${describe(to)}, already; remove the second replicateTo, or correct it if another destination was meant`);
    }
    const { repositoryName, encryptionKey } = this.definition;
    replicate({
      repository: this,
      repositoryName,
      encryptionKey,
      grants: () => this.allowed.flatMap(({ use, grantees }) => this.grantsFor(use, grantees)),
      makeReplica: (scope, id) => this.makeReplica(scope, id, options),
    }, to, options);
    this.destinations.add(`${to.account} ${to.region}`);
  }

  /**
   * The replica of this repository in another Region or account, for those who run images there. It grants like the original.
   *
   * A replica in a stack of this app, as `replicateTo` makes one with a scope, gets both halves of every grant. One that Amazon ECR makes has the policy of
   * its creation template: who is granted a pull must be among the `replicas.pullers` of the `RegistryReplicationGrant` there, else it is an error. If nothing in this app
   * replicates to there, that is a warning (`cdk-shared-ecr:replicationNotInSight`). Where a stack of this app makes the replica, call this after that: else
   * making it is an error, since it would miss what was granted.
   *
   * @param region the Region of the replica
   * @param accountId the account of the replica; by default the one of this repository
   * @throws if it is the repository's own account and Region, if one of them is not of its format, or if the replica is not in the app and this
   *   repository's Stage was already synthesized
   */
  public replicaIn(region: string, accountId: string = this.env.account): ecr.IRepository {
    requireText(REGION, 'region', region);
    requireText(ACCOUNT_ID, 'accountId', accountId);
    const address = { account: accountId, region, repositoryName: this.definition.repositoryName };
    if (sameEnvironment(this.env, address)) {
      throw new Error(`there is no replica in Region ${region} of the same account: that is where '${this.node.path}' itself is; use the repository, or give another Region or account`);
    }
    const id = `Replica-${accountId}-${region}`;
    const known = knownRepository(this, arnOfRepository(address, partitionNameOf(region)));
    const made = known ?? this.node.tryFindChild(id) as ImportedRepository | undefined;
    if (!made) {
      requireUnwritten(this.stack);
    }
    return made ?? replicaOf(this, id, address);
  }

  public grant(grantee: iam.IGrantable, ...actions: string[]): iam.Grant {
    return this.sharing.any(grantee, actions);
  }

  public grantRead(grantee: iam.IGrantable): iam.Grant {
    return this.sharing.read(grantee);
  }

  public grantPull(grantee: iam.IGrantable): iam.Grant {
    return this.sharing.pull(grantee);
  }

  public grantPush(grantee: iam.IGrantable): iam.Grant {
    return this.sharing.push(grantee);
  }

  public grantPullPush(grantee: iam.IGrantable): iam.Grant {
    return this.sharing.pullPush(grantee);
  }

  /**
   * Adds a statement of your own to the repository policy. It goes out as it is, after those of the library, never merged.
   *
   * An `Allow` for an open principal without a closing condition is a warning, `cdk-shared-ecr:openStatement`.
   *
   * @throws if the statement has resources, which a repository policy must not have, or the repository's Stage was already synthesized
   */
  public addToResourcePolicy(statement: iam.PolicyStatement): iam.AddToResourcePolicyResult {
    this.ownerHalf.addStatement(statement);
    return { statementAdded: true, policyDependable: this };
  }

  /**
   * Adds a rule by which images expire.
   *
   * @throws if the rule contradicts itself, or is the second for any image
   */
  public addLifecycleRule(rule: ecr.LifecycleRule): void {
    this.lifecycleRules.push(completeRule(rule, this.lifecycleRules));
    this.replicas.forEach((replica) => replica.addLifecycleRule(rule));
  }

  private allow(use: GrantUse, grantees: EcrGrantee[]): void {
    allowGrantees(this, use, grantees, (grants, grantee) => this.ownerHalf.add(grants, grantee));
    if (use === 'pull' || use === 'read') {
      this.allowed.push({ use, grantees });
      this.replicas.forEach((replica) => replica.allow(use, grantees));
    }
  }

  private grantsFor(use: GrantUse, grantees: EcrGrantee[]): Grant[] {
    return grantees.flatMap((grantee) => grantee._grantsFor(use, (principal) => granteesByPolicyAlone(this.sharing.granted, principal)));
  }

  /** A repository with the settings of this one, that lets in the same pullers and readers. */
  private makeReplica(scope: Construct, id: string, { encryption, encryptionKey }: ReplicateToOptions): SharedEcrRepository {
    const replica = new SharedEcrRepository(scope, id, {
      ...this.definition,
      encryption: encryption ?? (encryptionKey && isAes(this.definition) ? undefined : this.definition.encryption),
      encryptionKey,
      lifecycleRules: [...this.lifecycleRules],
      lifecycleRegistryId: undefined,
      pullers: undefined,
      pushers: undefined,
      readers: undefined,
    });
    this.allowed.forEach(({ use, grantees }) => replica.allow(use, grantees));
    this.replicas.push(replica);
    return replica;
  }

  /** A text that is a reference where CloudFormation can carry one, and else what the reference will be. */
  private byViewer(reference: string, literal: string = reference): string {
    return Lazy.uncachedString({
      produce: ({ scope }: IResolveContext) => {
        if (canRefer(this.stack, Stack.of(scope))) {
          return reference;
        }
        requireKnown(this, this.env, scope);
        return literal;
      },
    });
  }

  private renderLifecyclePolicy(registryId: string | undefined): ecr.CfnRepository.LifecyclePolicyProperty | undefined {
    const lifecyclePolicyText = this.lifecycleRules.length > 0 ? this.stack.toJsonString(renderLifecyclePolicy(this.lifecycleRules)) : undefined;
    return lifecyclePolicyText || registryId ? { lifecyclePolicyText, registryId } : undefined;
  }
}

function imported(scope: Construct, id: string, address: ImportedAddress): ecr.IRepository {
  PullAccessValidator._addTo(scope);
  if (address.ownerHasGranted) {
    sayGrantedElsewhere(scope, address.arn ?? arnOfRepository(address, partitionNameOf(address.region)));
  }
  return new ImportedRepository(scope, id, address);
}

function requireName(repositoryName: string): void {
  if (!repositoryName || repositoryName === PhysicalName.GENERATE_IF_NEEDED) {
    throw new Error(`repositoryName is ${repositoryName ? 'PhysicalName.GENERATE_IF_NEEDED' : JSON.stringify(repositoryName)}, but a shared repository needs a name that `
      + `other accounts can know; ${REPOSITORY_NAME.allowed}`);
  }
  requireText(REPOSITORY_NAME, 'repositoryName', repositoryName);
}

function requireConsistent(props: SharedEcrRepositoryProps): void {
  if (props.lifecycleRegistryId !== undefined) {
    requireText(ACCOUNT_ID, 'lifecycleRegistryId', props.lifecycleRegistryId);
  }
  const { imageTagMutability = ecr.TagMutability.IMMUTABLE, imageTagMutabilityExclusionFilters, encryptionKey } = props;
  requireConsistentTags(imageTagMutability, imageTagMutabilityExclusionFilters);
  if (encryptionKey && isAes(props)) {
    throw new Error(`encryptionKey is given, but encryption is ${ecr.RepositoryEncryption.AES_256.value}, which has no key; leave encryption out, or use RepositoryEncryption.KMS or KMS_DSSE`);
  }
  if (props.emptyOnDelete && props.removalPolicy !== RemovalPolicy.DESTROY) {
    throw new Error(`emptyOnDelete is true, but removalPolicy is ${props.removalPolicy ?? 'retain, the default'}, so the repository is never deleted; `
      + 'add removalPolicy: RemovalPolicy.DESTROY, or leave emptyOnDelete out');
  }
}

function isAes({ encryption }: SharedEcrRepositoryProps): boolean {
  return encryption?.value === ecr.RepositoryEncryption.AES_256.value;
}

function renderEncryption({ encryption, encryptionKey }: SharedEcrRepositoryProps): ecr.CfnRepository.EncryptionConfigurationProperty | undefined {
  const { value } = encryption ?? (encryptionKey ? ecr.RepositoryEncryption.KMS : ecr.RepositoryEncryption.AES_256);
  return value === ecr.RepositoryEncryption.AES_256.value ? undefined : { encryptionType: value, kmsKey: encryptionKey?.keyRef.keyArn };
}
