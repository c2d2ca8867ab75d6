import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as kms from 'aws-cdk-lib/aws-kms';

/**
 * What Amazon ECR gives to repositories that it makes by itself: replicas, and those of a pull-through cache.
 *
 * It is written as a repository creation template, which Amazon ECR applies when it makes a repository and never again: what is changed
 * here later does not reach repositories that are there already.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html
 */
export interface CreatedRepositoryProps {
  /**
   * Whether tags may be moved to other images.
   *
   * Where tags move at the source or upstream, they must be able to move here too: an image whose tag is taken arrives without it.
   *
   * @default ecr.TagMutability.MUTABLE - as Amazon ECR has it
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html
   */
  readonly imageTagMutability?: ecr.TagMutability;

  /**
   * Which tags are an exception to `imageTagMutability`, for `IMMUTABLE_WITH_EXCLUSION` and `MUTABLE_WITH_EXCLUSION`: 1 to 5 filters.
   *
   * @default - none
   */
  readonly imageTagMutabilityExclusionFilters?: ecr.ImageTagMutabilityExclusionFilter[];

  /**
   * Which images expire. Neither replication nor a cache ever deletes any.
   *
   * @default - images are kept
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
   */
  readonly lifecycleRules?: ecr.LifecycleRule[];

  /**
   * A key of this account and Region to encrypt the repositories with. For this, a role is made that Amazon ECR assumes, which may use the key.
   *
   * The key's policy must let the account's IAM policies decide, as that of a `kms.Key` does.
   *
   * @default - encrypted with a key of Amazon S3 (AES-256)
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
   */
  readonly encryptionKey?: kms.IKeyRef;

  /**
   * Tags of the repositories, at most 50. For this, a role is made that Amazon ECR assumes, which may set them.
   *
   * @default - none
   */
  readonly tags?: { [key: string]: string };
}
