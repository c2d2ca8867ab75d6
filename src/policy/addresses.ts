import { ACCOUNT_ID, REGION, REPOSITORY_NAME, requireFormat } from './formats';

/** Where a repository is. */
export interface RepositoryAddress {
  readonly account: string;
  readonly region: string;
  readonly repositoryName: string;
}

export interface Partition {
  readonly name: string;
  readonly regions: RegExp;
  readonly urlSuffix: string;
  readonly dualStackSuffix?: string;
}

/**
 * The partitions of AWS: a Region tells its partition, a partition its host names.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-requests.html
 */
const PARTITIONS: readonly Partition[] = [
  { name: 'aws-cn', regions: /^cn-/, urlSuffix: 'amazonaws.com.cn', dualStackSuffix: 'on.amazonwebservices.com.cn' },
  { name: 'aws-us-gov', regions: /^us-gov-/, urlSuffix: 'amazonaws.com', dualStackSuffix: 'on.aws' },
  { name: 'aws-eusc', regions: /^eusc-/, urlSuffix: 'amazonaws.eu' },
  { name: 'aws-iso', regions: /^us-iso-/, urlSuffix: 'c2s.ic.gov' },
  { name: 'aws-iso-b', regions: /^us-isob-/, urlSuffix: 'sc2s.sgov.gov' },
  { name: 'aws-iso-e', regions: /^eu-isoe-/, urlSuffix: 'cloud.adc-e.uk' },
  { name: 'aws-iso-f', regions: /^us-isof-/, urlSuffix: 'csp.hci.ic.gov' },
  { name: 'aws', regions: /^/, urlSuffix: 'amazonaws.com', dualStackSuffix: 'on.aws' },
];

export function partitionOf(region: string): Partition {
  return PARTITIONS.find((partition) => partition.regions.test(region))!;
}

/** The ARN of a repository. `partition` is for a Region that only the deployment knows. */
export function repositoryArn({ account, region, repositoryName }: RepositoryAddress, partition: string = partitionOf(region).name): string {
  return `arn:${partition}:ecr:${region}:${account}:repository/${repositoryName}`;
}

/** The host of a registry, in its ordinary form. `urlSuffix` is for a Region that only the deployment knows. */
export function registryHost({ account, region }: Pick<RepositoryAddress, 'account' | 'region'>, urlSuffix: string = partitionOf(region).urlSuffix): string {
  return `${account}.dkr.ecr.${region}.${urlSuffix}`;
}

/** Reads the ARN of a repository. */
export function parseRepositoryArn(arn: string): RepositoryAddress {
  const match = /^arn:([^:]+):ecr:([^:]*):([^:]*):repository\/(.*)$/.exec(arn);
  if (!match) {
    throw new Error(`repositoryArn is ${JSON.stringify(arn)}, but the ARN of a repository is written `
      + 'arn:PARTITION:ecr:REGION:ACCOUNT:repository/NAME, for example "arn:aws:ecr:us-east-1:111122223333:repository/web-app"');
  }
  const [, partition, region, account, repositoryName] = match;
  const address = checked({ account, region, repositoryName }, 'repositoryArn', arn);
  if (partition !== partitionOf(region).name) {
    throw new Error(`repositoryArn is ${JSON.stringify(arn)}, but Region ${region} is in partition "${partitionOf(region).name}": correct the Region or the partition`);
  }
  return address;
}

/** What a repository URI says: where the repository is, and by which host it is reached. */
export interface ParsedRepositoryUri extends RepositoryAddress {
  readonly host: string;
  readonly fips: boolean;
}

/** Reads the URI of a repository, in every form that registry hosts have: ordinary, FIPS and dual-stack. */
export function parseRepositoryUri(uri: string): ParsedRepositoryUri {
  const match = /^((\d{12})\.dkr[.-]ecr(-fips)?\.([a-z0-9-]+)\.([a-z0-9.-]+))\/(.+)$/.exec(uri);
  if (!match) {
    throw new Error(`repositoryUri is ${JSON.stringify(uri)}, but the URI of a repository is written ACCOUNT.dkr.ecr.REGION.SUFFIX/NAME, `
      + 'without "https://", for example "111122223333.dkr.ecr.us-east-1.amazonaws.com/web-app"');
  }
  const [, host, account, fips, region, suffix, repositoryName] = match;
  if (/[:@]/.test(repositoryName)) {
    throw new Error(`repositoryUri is ${JSON.stringify(uri)}, which names an image: leave out its tag or digest, and give it to repositoryUriForTag or repositoryUriForDigest`);
  }
  const address = checked({ account, region, repositoryName }, 'repositoryUri', uri);
  const partition = partitionOf(region);
  const expected = host.includes('.dkr-ecr') ? partition.dualStackSuffix : partition.urlSuffix;
  if (suffix !== expected) {
    throw new Error(`repositoryUri is ${JSON.stringify(uri)}, but hosts of this form in Region ${region} ${expected ? `end in "${expected}"` : 'are not known'}: correct the Region or the host`);
  }
  return { ...address, host, fips: fips !== undefined };
}

function checked(address: RepositoryAddress, what: string, text: string): RepositoryAddress {
  requireFormat(REGION, `the Region in ${what} ${JSON.stringify(text)}`, address.region);
  requireFormat(ACCOUNT_ID, `the account in ${what} ${JSON.stringify(text)}`, address.account);
  requireFormat(REPOSITORY_NAME, `the repository name in ${what} ${JSON.stringify(text)}`, address.repositoryName);
  return address;
}
