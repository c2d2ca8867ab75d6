import { Fn, Stack, Token } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { CachedPull } from './both-halves';
import { compare, Environment, partitionNameOf, registryOf, Relation, urlSuffixOf } from './environment';
import { digestSuffix, Grants, tagSuffix } from './granting-repository';
import { functionsRunning, forgetFunctions, ImageUri } from './image-uri';
import { note, NoticeId, statementsAsText, warn } from './notices';
import { IOwnerHalf, lambdaGrants, NO_FUNCTIONS, regionProblem } from './owner-half';
import { LAMBDA_ACTIONS } from '../policy/actions';
import { parseRepositoryArn, registryHost, repositoryArn } from '../policy/addresses';
import { Grant, Registry } from '../policy/grant';
import { statementsFor } from '../policy/statements';

/** What is known of a repository that is not in this app. Each text may be a token. */
export interface ImportedAddress extends Environment {
  readonly repositoryName: string;
  /** The ARN, if it was given; else it is made of the parts. */
  readonly arn?: string;
  /** The host by which the repository was given, if it was given by one. */
  readonly host?: string;
  readonly fips?: boolean;
  /** The owner is known to have granted what is granted here: nothing to say. */
  readonly ownerHasGranted?: boolean;
  /** What the owner has published of its policies, if it has. */
  readonly contract?: OwnerContract;
}

/** What the contract of an owner tells of what is asked for here. What it is asked is resolved. */
export interface OwnerContract {
  readonly granted: (grant: Grant, registry: Registry) => 'granted' | 'missing' | 'denied' | 'undecided';
  readonly hasStatement: (statement: object) => boolean;
}

/** In what a repository that Amazon ECR makes by itself differs from one that somebody else made. */
export interface MadeByEcr {
  readonly ownerHalf: (repository: ImportedRepository) => IOwnerHalf;
  readonly cached?: CachedPull;
}

/** A repository that is not in this app: its policy cannot be changed from here, and every grant says so. */
export class ImportedRepository extends ecr.RepositoryBase {
  public readonly repositoryName: string;
  public readonly repositoryArn: string;

  private readonly sharing: Grants;
  private readonly uri: ImageUri;
  private readonly host: string;

  constructor(scope: Construct, id: string, public readonly address: ImportedAddress, madeByEcr?: MadeByEcr) {
    super(scope, id, { account: address.account, region: address.region });
    const { region, repositoryName } = address;
    this.repositoryName = repositoryName;
    this.repositoryArn = address.arn ?? repositoryArn(address, partitionNameOf(region));
    this.host = address.host ?? registryHost(address, urlSuffixOf(region));
    this.uri = new ImageUri(this, `${this.host}/${repositoryName}`);
    this.sharing = new Grants(this, {
      ownerHalf: madeByEcr?.ownerHalf(this) ?? new OwnerElsewhere(this),
      cached: madeByEcr?.cached,
      owned: false,
      literalArn: this.repositoryArn,
    });
  }

  public get registryUri(): string {
    return this.host;
  }

  public get repositoryUri(): string {
    return `${this.uri}`;
  }

  public repositoryUriForTag(tag?: string): string {
    return this.repositoryUri + tagSuffix(tag);
  }

  public repositoryUriForDigest(digest?: string): string {
    return this.repositoryUri + digestSuffix(digest);
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

  public addToResourcePolicy(statement: iam.PolicyStatement): iam.AddToResourcePolicyResult {
    const json = Stack.of(this).resolve(statement.toStatementJson());
    if (!this.address.ownerHasGranted && !this.address.contract?.hasStatement(json)) {
      warn(this, NoticeId.OWNER_HALF_MISSING, missingFrom(this, this.address, [json]));
    }
    return { statementAdded: false };
  }
}

/** The owner's half, told to people: a warning where nothing works without it, a note where the consumer's half is in place. */
export class OwnerElsewhere implements IOwnerHalf {
  public readonly grants: readonly Grant[] = [];
  private servesLambda = false;
  private readonly address: ImportedAddress;

  constructor(protected readonly repository: ImportedRepository) {
    this.address = repository.address;
    repository.node.addValidation({ validate: () => this.lambdaProblems() });
  }

  public add(grants: readonly Grant[], grantee: string, hasConsumerHalf: boolean): void {
    this.tell(grants, grantee, hasConsumerHalf);
  }

  protected tell(grants: readonly Grant[], grantee: string, hasConsumerHalf: boolean): void {
    const { ownerHasGranted, contract } = this.address;
    if (ownerHasGranted) {
      return;
    }
    const resolved = Stack.of(this.repository).resolve({ grants, registry: registryOf(this.address) });
    if (contract) {
      this.tellByContract(contract, resolved.grants, resolved.registry, grantee);
      return;
    }
    const statements = statementsFor(resolved.grants, resolved.registry);
    if (hasConsumerHalf) {
      note(this.repository, NoticeId.OWNER_HALF_NOT_IN_SIGHT, `${grantee} has its half of the grant; the other half is not in sight: `
        + missingFrom(this.repository, this.address, statements));
    } else {
      warn(this.repository, NoticeId.OWNER_HALF_MISSING, `the grant to ${grantee} has no effect without the owner's half: `
        + missingFrom(this.repository, this.address, statements));
    }
  }

  private tellByContract(contract: OwnerContract, grants: readonly Grant[], registry: Registry, grantee: string): void {
    const { repository, address } = this;
    const missing = (state: ReturnType<OwnerContract['granted']>) => {
      const some = grants.filter((grant) => contract.granted(grant, registry) === state);
      return some.length === 0 ? undefined : missingFrom(repository, address, statementsFor(some, registry));
    };
    const [denied, lacking, undecided] = [missing('denied'), missing('missing'), missing('undecided')];
    if (denied) {
      warn(repository, NoticeId.OWNER_HALF_MISSING, `the grant to ${grantee} has no effect: by the contract, a policy of the owner denies it. `
        + `The owner must take ${grantee} out of what is denied; and ${denied}`);
    }
    if (lacking) {
      warn(repository, NoticeId.OWNER_HALF_MISSING, `the grant to ${grantee} has no effect without the owner's half, which is not in the contract: ${lacking}`);
    }
    if (undecided) {
      note(repository, NoticeId.OWNER_HALF_NOT_IN_SIGHT, `whether the owner's half lets in ${grantee} depends on what the contract does not tell, `
        + `such as who is in an organization; if it does not: ${undecided}`);
    }
  }

  public addLambdaFunctions(): void {
    if (this.address.fips) {
      throw new Error(`'${this.repository.node.path}' was imported by its FIPS host, which AWS Lambda does not support; import it by the ordinary host or by its ARN`);
    }
    forgetFunctions(this.repository);
    this.servesLambda = true;
  }

  /** Whose functions they are is known only when all are there, so that is when the owner's half is told. */
  private lambdaProblems(): string[] {
    if (!this.servesLambda) {
      return [];
    }
    const functions = functionsRunning(this.repository);
    if (functions.length === 0 && !this.letsInLambda()) {
      return [`${NO_FUNCTIONS}; its owner must say it, for example with allowPullFrom(EcrGrantee.lambdaFunctions(accountId))`];
    }
    this.add(lambdaGrants(this.repository, functions), 'the Lambda service', false);
    return functions
      .filter((fn) => compare(Stack.of(fn).region, this.address.region) === Relation.DIFFERENT)
      .map((fn) => regionProblem(fn.node.path, Stack.of(fn).region, this.address.region));
  }

  /** Whether the owner is known to let in functions, whichever they are. */
  private letsInLambda(): boolean {
    const { ownerHasGranted, contract } = this.address;
    const stack = Stack.of(this.repository);
    const { grant, registry } = stack.resolve({
      grant: { who: { kind: 'lambda', account: stack.account, functionName: '*' }, actions: LAMBDA_ACTIONS },
      registry: registryOf(this.address),
    });
    return ownerHasGranted === true || contract?.granted(grant, registry) === 'granted';
  }
}

function missingFrom(repository: ImportedRepository, { account, repositoryName }: ImportedAddress, statements: readonly object[]): string {
  const policy = Token.isUnresolved(repositoryName) ? 'its policy' : `the policy of '${repositoryName}'`;
  const owner = Token.isUnresolved(account) ? 'its owner' : `its owner, account ${account},`;
  return `'${repository.node.path}' is imported, so ${policy} cannot be changed from here; ${owner} must have in it:\n${statementsAsText(statements)}`;
}

/** The parts of the ARN of a repository; those that only the deployment knows, as tokens. */
export function readArn(arn: string): ImportedAddress {
  if (!Token.isUnresolved(arn)) {
    return parseRepositoryArn(arn);
  }
  const [, region, account, repositoryName] = /^arn:[^:]+:ecr:([^:]+):([^:]+):repository\/(.+)$/.exec(arn) ?? [];
  return repositoryName
    ? { account, region, repositoryName }
    : { account: Fn.select(4, Fn.split(':', arn)), region: Fn.select(3, Fn.split(':', arn)), repositoryName: Fn.select(1, Fn.split(':repository/', arn)) };
}
