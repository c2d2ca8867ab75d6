import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { EcrGrantee } from './ecr-grantee';
import { NoticeId, warn } from './halves/notices';
import { GrantUse } from './policy/actions';
import { PullAccessValidator } from './pull-access-validator';
import { allowGrantees } from './registry/grantees';
import { prefixesOf, withPrefixes } from './registry/prefixes';
import { RegistryDeclarations } from './registry/registry-declarations';
import { caughtBesides, repositoriesOf } from './registry/replication-checks';

/**
 * Properties of a `RegistryPullGrant`.
 */
export interface RegistryPullGrantProps {
  /**
   * Who may pull: accounts, roles, organizations, OUs, or any closed principal. Lambda functions are refused: for them AWS documents the policy of the
   * repository only.
   *
   * @default - nobody, until `allowPullFrom` is called
   */
  readonly pullers?: EcrGrantee[];

  /**
   * How the names of the repositories begin, for example `team-a/`: 2 to 256 lower-case letters, digits and `._-/`. Without a `/` at
   * the end, `team-a` means `team-ab` too.
   *
   * @default - all repositories of the registry
   */
  readonly repositoryPrefixes?: string[];

  /**
   * Statements of your own for the registry policy, which go out as they are, after those of the library: so one app can carry what
   * others need of the registry, which has only one policy. Each must have resources.
   *
   * @default - none
   */
  readonly additionalStatements?: iam.PolicyStatement[];
}

/**
 * Lets others pull from all repositories of a registry, or from those whose names begin so, repositories to come included: statements of the
 * registry policy in place of a policy for each repository. This is the owner half; the pulling role needs its identity policy as ever.
 *
 * ```json
 * { "Sid": "PullOrganizationsInTeamA", "Effect": "Allow", "Principal": { "AWS": "*" },
 *   "Action": ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
 *   "Resource": ["arn:aws:ecr:us-east-1:111111111111:repository/team-a/*"],
 *   "Condition": { "StringEquals": { "aws:PrincipalOrgID": ["o-a1b2c3d4e5"] },
 *                  "StringNotEquals": { "aws:PrincipalAccount": "111111111111" } } }
 * ```
 *
 * What AWS documents: a registry policy may have all actions of Amazon ECR and is enforced in all requests. That it lets other
 * accounts pull is inferred from this; AWS shows no example of it, and one report says that it does not. Try it with one repository before you rely on it.
 * Registries from before December 2024 may have another scope, in which such a policy is refused: `aws ecr get-account-setting --name REGISTRY_POLICY_SCOPE`
 * must say `V2`, and `aws ecr put-account-setting --name REGISTRY_POLICY_SCOPE --value V2` sets it. CloudFormation cannot.
 *
 * All constructs of a stack that add to the registry policy share one `AWS::ECR::RegistryPolicy`. A registry has one: a second stack of the app that
 * declares it is an error, and a policy that was made elsewhere makes the deployment fail (`AlreadyExists`): move its statements
 * into `additionalStatements`, and delete it there first.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html
 */
export class RegistryPullGrant extends Construct {
  private readonly registry: RegistryDeclarations;
  private readonly prefixes: readonly string[];
  private isEmpty = true;

  /**
   * @throws if a prefix is not one or stands there twice, if a grantee is Lambda functions, if a statement has no resources, or if the
   *   template of the stack was already written
   */
  constructor(scope: Construct, id: string, props: RegistryPullGrantProps = {}) {
    super(scope, id);
    PullAccessValidator._addTo(this);
    this.prefixes = prefixesOf(props.repositoryPrefixes);
    this.registry = RegistryDeclarations.of(this);
    this.registry.requireStatements(props.additionalStatements);
    this.allowPullFrom(...props.pullers ?? []);
    this.registry.addStatements(props.additionalStatements);
    this.isEmpty &&= !props.additionalStatements?.length;
    this.node.addValidation({ validate: () => this.problems() });
  }

  /**
   * Lets grantees pull from the repositories.
   *
   * @throws if a grantee is Lambda functions, or the template of the stack was already written
   */
  public allowPullFrom(...grantees: EcrGrantee[]): void {
    this.allow('pullByRegistry', grantees);
  }

  /**
   * Lets pull-through caches of other accounts fetch from the repositories: the upstream half of a `PullThroughCache`.
   *
   * ```json
   * { "Sid": "PullThroughAccounts", "Effect": "Allow", "Principal": { "AWS": ["222222222222"] },
   *   "Action": ["ecr:BatchGetImage", "ecr:BatchImportUpstreamImage", "ecr:GetDownloadUrlForLayer", "ecr:GetImageCopyStatus"],
   *   "Resource": ["arn:aws:ecr:us-east-1:111111111111:repository/*"] }
   * ```
   *
   * AWS documents this for accounts. For roles, organizations and OUs it is inferred: it is the role of the cache that calls.
   *
   * @param grantees the accounts in which the caches are
   * @throws if a grantee is Lambda functions, or the template of the stack was already written
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private.html
   */
  public allowPullThroughFrom(...grantees: EcrGrantee[]): void {
    this.allow('pullThrough', grantees);
  }

  private allow(use: GrantUse, grantees: EcrGrantee[]): void {
    allowGrantees(this.registry, use, grantees, (grants, grantee) => this.registry.allow(withPrefixes(grants, this.prefixes), grantee));
    this.isEmpty &&= grantees.length === 0;
  }

  private problems(): string[] {
    const repositories = repositoriesOf(this, this.registry.env);
    for (const prefix of this.prefixes) {
      const caught = caughtBesides(prefix, this.prefixes, repositories);
      if (caught !== '') {
        warn(this, NoticeId.PREFIX_CATCHES_MORE, `the grant on "${prefix}" is one on ${caught} too, since the name begins so; `
          + 'end the prefix with "/" to stay in a namespace, grant on the repository itself, or acknowledge this');
      }
    }
    return this.isEmpty
      ? ['nobody is granted anything; give it pullers or additionalStatements, call allowPullFrom or allowPullThroughFrom, or leave it out']
      : [];
  }
}
