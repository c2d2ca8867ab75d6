import { addressOf, arnOf, namesOf, registryOfHost } from '../../../src/access/model/addresses';

test.each<[string, ReturnType<typeof addressOf>]>([
  ['arn:aws:ecr:us-east-1:111111111111:repository/team-a/web-app', { repository: 'team-a/web-app', account: '111111111111', region: 'us-east-1' }],
  ['arn:aws-cn:ecr:*:111111111111:repository/*', { repository: '*', account: '111111111111', region: '*' }],
  ['arn:<AWS::Partition>:ecr:<AWS::Region>:<AWS::AccountId>:repository/<Stack/WebApp>', { repository: '<Stack/WebApp>', account: '<AWS::AccountId>', region: '<AWS::Region>' }],
  ['*', { repository: '*', account: '*', region: '*' }],
  ['arn:aws:ecr:us-east-1:111111111111:pull-through-cache-rule/x', undefined],
  ['arn:aws:s3:::bucket', undefined],
  ['<Stack/Parameter>', undefined],
])('the address of %s', (resource, address) => {
  expect(addressOf(resource)).toEqual(address);
});

test('a pattern for all names is said in words', () => {
  expect(['*', 'team-a/*', 'web-app'].map(namesOf)).toEqual(['every repository', 'team-a/*', 'web-app']);
});

test.each([
  '111111111111.dkr.ecr.us-east-1.amazonaws.com',
  '111111111111.dkr.ecr-fips.us-east-1.amazonaws.com',
  '111111111111.dkr-ecr.us-east-1.on.aws',
  'https://111111111111.dkr.ecr.us-east-1.amazonaws.com/web-app:v1',
])('%s is a private registry', (host) => {
  expect(registryOfHost(host)).toEqual({ account: '111111111111', region: 'us-east-1' });
});

test.each(['public.ecr.aws', 'registry-1.docker.io', '<Stack/Parameter>', ''])('%j is none', (host) => {
  expect(registryOfHost(host)).toBeUndefined();
});

test('an ARN is in the partition of its Region', () => {
  const at = (region: string) => arnOf({ account: '111111111111', region, repository: 'a' });
  expect([at('cn-north-1'), at('<AWS::Region>')])
    .toEqual(['arn:aws-cn:ecr:cn-north-1:111111111111:repository/a', 'arn:<AWS::Partition>:ecr:<AWS::Region>:111111111111:repository/a']);
});
