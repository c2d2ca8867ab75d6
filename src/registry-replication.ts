import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { requireSome, requireText } from './halves/checks';
import { Environment } from './halves/environment';
import { ACCOUNT_ID, REGION } from './policy/formats';
import { PullAccessValidator } from './pull-access-validator';
import { prefixesOf } from './registry/prefixes';
import { RegistryDeclarations } from './registry/registry-declarations';

/**
 * A registry that images are copied to.
 */
export class ReplicationDestination {
  /**
   * Another Region of the source's own account.
   *
   * @param region for example `eu-central-1`
   * @throws if it is not a Region
   */
  public static region(region: string): ReplicationDestination {
    requireText(REGION, 'region', region);
    return new ReplicationDestination(region);
  }

  /**
   * A Region of another account, which must let the source in (`RegistryReplicationGrant`).
   *
   * @param accountId 12 digits
   * @param region for example `eu-central-1`; it may be the source's own
   * @throws if `accountId` is not an account id, or `region` not a Region
   */
  public static account(accountId: string, region: string): ReplicationDestination {
    requireText(ACCOUNT_ID, 'accountId', accountId);
    requireText(REGION, 'region', region);
    return new ReplicationDestination(region, accountId);
  }

  private constructor(private readonly regionName: string, private readonly accountId?: string) {}

  /**
   * The destination in words, for messages.
   */
  public toString(): string {
    return this.accountId ? `account ${this.accountId}, Region ${this.regionName}` : `Region ${this.regionName}`;
  }

  /**
   * The environment of the destination of what is in the source's.
   *
   * @internal
   */
  public _from(source: Environment): Environment {
    return { account: this.accountId ?? source.account, region: this.regionName };
  }
}

/**
 * Properties of a `RegistryReplication`.
 */
export interface RegistryReplicationProps {
  /**
   * Where images are copied to: at least one, at most 25 for a registry.
   */
  readonly destinations: ReplicationDestination[];

  /**
   * How the names of the repositories begin, for example `team-a/`: 2 to 256 lower-case letters, digits and `._-/`. Without a `/` at
   * the end, `team-a` means `team-ab` too.
   *
   * @default - all repositories of the registry
   */
  readonly repositoryPrefixes?: string[];
}

/**
 * Copies images that are pushed to the registry of this stack to other Regions and accounts: the source of a replication.
 *
 * What Amazon ECR does: it copies what is pushed after this is deployed, once, usually within 30 minutes. The repositories keep their names.
 * What arrived by replication is not replicated again. Deletions are not copied, nor are policies and settings: a repository that Amazon ECR makes
 * at a destination gets those of a creation template there (`replicas` of `RegistryReplicationGrant`), or none. For images that were
 * there before, see "replication backfill" in the user guide.
 *
 * The account of a destination must let this one in by its registry policy; a note (`cdk-shared-ecr:destinationNotInSight`) has the statement, unless a
 * `RegistryReplicationGrant` of this app has it. The source needs no policy.
 *
 * All replications of a stack come out in one `AWS::ECR::ReplicationConfiguration`, with as few rules as can be; a registry has only one. Above 10 rules
 * is a warning, since not all Regions allow more; above 25 is an error.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html
 */
export class RegistryReplication extends Construct {
  /**
   * @throws if `destinations` is empty or has one twice, if a destination is the registry itself or in another partition, if a prefix is not
   *   one or stands there twice, or if the template of the stack was already written
   */
  constructor(scope: Construct, id: string, props: RegistryReplicationProps) {
    super(scope, id);
    PullAccessValidator._addTo(this);
    requireSome('destinations', props.destinations.map(String), 'leave the replication out if there is none');
    const prefixes = prefixesOf(props.repositoryPrefixes);
    const { account, region } = Stack.of(this);
    const destinations = props.destinations.map((destination) => destination._from({ account, region }));
    requireSome('destinations', destinations.map((destination) => `account ${destination.account}, Region ${destination.region}`));
    RegistryDeclarations.of(this).replicate(destinations.flatMap((destination) => prefixes.map((prefix) => (
      { destination, prefix, repositories: `${prefix}*`, declaredBy: this }
    ))));
  }
}
