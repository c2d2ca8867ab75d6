import { parseRepositoryArn, parseRepositoryUri, partitionOf, registryHost, repositoryArn } from '../../src/policy/addresses';

const account = '111122223333';
const repositoryName = 'team-a/web-app';

/** Region, partition, the end of ordinary hosts, the end of dual-stack hosts if there are any. */
const PLACES: Array<[string, string, string, string | undefined]> = [
  ['us-east-1', 'aws', 'amazonaws.com', 'on.aws'],
  ['ap-southeast-4', 'aws', 'amazonaws.com', 'on.aws'],
  ['mx-central-1', 'aws', 'amazonaws.com', 'on.aws'],
  ['cn-north-1', 'aws-cn', 'amazonaws.com.cn', 'on.amazonwebservices.com.cn'],
  ['cn-northwest-1', 'aws-cn', 'amazonaws.com.cn', 'on.amazonwebservices.com.cn'],
  ['us-gov-west-1', 'aws-us-gov', 'amazonaws.com', 'on.aws'],
  ['us-gov-east-1', 'aws-us-gov', 'amazonaws.com', 'on.aws'],
  ['eusc-de-east-1', 'aws-eusc', 'amazonaws.eu', undefined],
  ['us-iso-east-1', 'aws-iso', 'c2s.ic.gov', undefined],
  ['us-iso-west-1', 'aws-iso', 'c2s.ic.gov', undefined],
  ['us-isob-east-1', 'aws-iso-b', 'sc2s.sgov.gov', undefined],
  ['eu-isoe-west-1', 'aws-iso-e', 'cloud.adc-e.uk', undefined],
  ['us-isof-south-1', 'aws-iso-f', 'csp.hci.ic.gov', undefined],
];

describe.each(PLACES)('in %s', (region, partition, suffix, dualStackSuffix) => {
  const address = { account, region, repositoryName };
  const arn = `arn:${partition}:ecr:${region}:${account}:repository/${repositoryName}`;
  const host = `${account}.dkr.ecr.${region}.${suffix}`;
  const fipsHost = `${account}.dkr.ecr-fips.${region}.${suffix}`;
  const dualStackHost = `${account}.dkr-ecr.${region}.${dualStackSuffix}`;

  test('the Region tells its partition', () => {
    expect(partitionOf(region)).toMatchObject({ name: partition, urlSuffix: suffix });
  });

  test('an ARN goes both ways', () => {
    expect(repositoryArn(address)).toBe(arn);
    expect(parseRepositoryArn(arn)).toEqual(address);
  });

  test('an ordinary URI goes both ways', () => {
    expect(registryHost(address)).toBe(host);
    expect(parseRepositoryUri(`${host}/${repositoryName}`)).toEqual({ ...address, host, fips: false });
  });

  test('a FIPS URI is known as one', () => {
    expect(parseRepositoryUri(`${fipsHost}/${repositoryName}`)).toEqual({ ...address, host: fipsHost, fips: true });
  });

  if (dualStackSuffix) {
    test('a dual-stack URI is read', () => {
      expect(parseRepositoryUri(`${dualStackHost}/${repositoryName}`)).toEqual({ ...address, host: dualStackHost, fips: false });
      expect(parseRepositoryUri(`${dualStackHost.replace('ecr', 'ecr-fips')}/${repositoryName}`)).toMatchObject({ ...address, fips: true });
    });

    test('dual-stack and ordinary hosts have ends of their own', () => {
      expect(() => parseRepositoryUri(`${account}.dkr-ecr.${region}.${suffix}/${repositoryName}`))
        .toThrow(`but hosts of this form in Region ${region} end in "${dualStackSuffix}": correct the Region or the host`);
      expect(() => parseRepositoryUri(`${account}.dkr.ecr.${region}.${dualStackSuffix}/${repositoryName}`)).toThrow(`end in "${suffix}"`);
    });
  } else {
    test('dual-stack hosts are not known', () => {
      expect(() => parseRepositoryUri(`${account}.dkr-ecr.${region}.on.aws/${repositoryName}`))
        .toThrow(`but hosts of this form in Region ${region} are not known: correct the Region or the host`);
    });
  }

  test('an ARN of another partition is wrong', () => {
    const wrong = arn.replace(`arn:${partition}:`, partition === 'aws' ? 'arn:aws-cn:' : 'arn:aws:');
    expect(() => parseRepositoryArn(wrong)).toThrow(`but Region ${region} is in partition "${partition}": correct the Region or the partition`);
  });

  test('the host of another partition is wrong', () => {
    const wrong = `${account}.dkr.ecr.${region}.${suffix === 'c2s.ic.gov' ? 'amazonaws.com' : 'c2s.ic.gov'}/${repositoryName}`;
    expect(() => parseRepositoryUri(wrong)).toThrow(`end in "${suffix}": correct the Region or the host`);
  });
});

describe('what is no ARN of a repository', () => {
  test.each([
    [''],
    ['web-app'],
    ['arn:aws:ecr:us-east-1:111122223333:web-app'],
    ['arn:aws:ecr-public::111122223333:repository/web-app'],
    ['arn:aws:iam::111122223333:role/app'],
    ['111122223333.dkr.ecr.us-east-1.amazonaws.com/web-app'],
    [' arn:aws:ecr:us-east-1:111122223333:repository/web-app'],
    ['arn:aws:ecr:us-east-1:111122223333:repository/web-app\n'],
  ])('%j', (arn) => {
    expect(() => parseRepositoryArn(arn)).toThrow(`repositoryArn is ${JSON.stringify(arn)}, but the ARN of a repository is written `
      + 'arn:PARTITION:ecr:REGION:ACCOUNT:repository/NAME');
  });

  test.each([
    ['arn:aws:ecr::111122223333:repository/web-app', 'the Region in repositoryArn', 'a Region is written like "eu-central-1"'],
    ['arn:aws:ecr:*:111122223333:repository/web-app', 'the Region in repositoryArn', 'a Region is written like'],
    ['arn:aws:ecr:us-east-1::repository/web-app', 'the account in repositoryArn', 'an account id is 12 digits'],
    ['arn:aws:ecr:us-east-1:1111222233334:repository/web-app', 'the account in repositoryArn', 'an account id is 12 digits'],
    ['arn:aws:ecr:us-east-1:111122223333:repository/', 'the repository name in repositoryArn', 'a repository name has 2 to 256 characters'],
    ['arn:aws:ecr:us-east-1:111122223333:repository/*', 'the repository name in repositoryArn', 'a repository name has 2 to 256 characters'],
    ['arn:aws:ecr:us-east-1:111122223333:repository/web-app:latest', 'the repository name in repositoryArn', 'a repository name has'],
  ])('%s, for one part of it', (arn, what, allowed) => {
    expect(() => parseRepositoryArn(arn)).toThrow(`${what} ${JSON.stringify(arn)} is `);
    expect(() => parseRepositoryArn(arn)).toThrow(`but ${allowed}`);
  });
});

describe('what is no URI of a repository', () => {
  test.each([
    [''],
    ['web-app'],
    ['111122223333.dkr.ecr.us-east-1.amazonaws.com'],
    ['111122223333.dkr.ecr.us-east-1.amazonaws.com/'],
    ['https://111122223333.dkr.ecr.us-east-1.amazonaws.com/web-app'],
    ['1111222233334.dkr.ecr.us-east-1.amazonaws.com/web-app'],
    ['111122223333.dkr.ecr.us-east-1/web-app'],
    ['111122223333.ecr.us-east-1.amazonaws.com/web-app'],
    ['111122223333.dkr.ecr.us-east-1.amazonaws.com:443/web-app'],
    ['public.ecr.aws/nginx/nginx'],
    ['docker.io/library/nginx'],
    [' 111122223333.dkr.ecr.us-east-1.amazonaws.com/web-app'],
    ['111122223333.dkr.ecr.us-east-1.amazonaws.com/web-app\n'],
  ])('%j', (uri) => {
    expect(() => parseRepositoryUri(uri)).toThrow(`repositoryUri is ${JSON.stringify(uri)}, but the URI of a repository is written `
      + 'ACCOUNT.dkr.ecr.REGION.SUFFIX/NAME, without "https://"');
  });

  test.each([
    ['111122223333.dkr.ecr.us-east-1.amazonaws.com/web-app:latest'],
    [`111122223333.dkr.ecr.us-east-1.amazonaws.com/web-app@sha256:${'a'.repeat(64)}`],
  ])('%s, which names an image', (uri) => {
    expect(() => parseRepositoryUri(uri))
      .toThrow('which names an image: leave out its tag or digest, and give it to repositoryUriForTag or repositoryUriForDigest');
  });

  test.each([
    ['111122223333.dkr.ecr.useast1.amazonaws.com/web-app', 'the Region in repositoryUri', 'a Region is written like "eu-central-1"'],
    ['111122223333.dkr.ecr.us-east-1.amazonaws.com/Web-App', 'the repository name in repositoryUri', 'a repository name has 2 to 256 characters'],
  ])('%s, for one part of it', (uri, what, allowed) => {
    expect(() => parseRepositoryUri(uri)).toThrow(`${what} ${JSON.stringify(uri)} is `);
    expect(() => parseRepositoryUri(uri)).toThrow(`but ${allowed}`);
  });

  test('that of a host that only looks like one of AWS', () => {
    expect(() => parseRepositoryUri('111122223333.dkr.ecr.us-east-1.amazonaws.com.evil.example/web-app')).toThrow('end in "amazonaws.com"');
  });
});
