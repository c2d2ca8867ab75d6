import { RegionInfo } from 'aws-cdk-lib/region-info';
import { isRegistryOfAws } from '../../src/policy/aws-registries';
import { eksAddOnAccount } from '../../src/policy/eks-add-on-registries';

test.each([
  '906394416424', '840364872350', '763104351884', '626614931356', '364406365360', '550225433462', '590183813437', '204538143572',
])('account %s is one of AWS, wherever', (account) => {
  expect(isRegistryOfAws({ account, region: 'eu-central-1' })).toBe(true);
});

test('so is that of the add-ons of Amazon EKS in its Region', () => {
  expect(isRegistryOfAws({ account: '602401143452', region: 'us-east-1' })).toBe(true);
  expect(isRegistryOfAws({ account: '602401143452', region: 'cn-north-1' })).toBe(false);
});

test('all that the CDK knows of the Regions that this library knows are among them', () => {
  const accounts = RegionInfo.regions.filter(({ name }) => eksAddOnAccount(name) !== undefined)
    .flatMap(({ dlcRepositoryAccount, appMeshRepositoryAccount }) => [dlcRepositoryAccount ?? [], appMeshRepositoryAccount ?? []].flat());
  expect(accounts.length).toBeGreaterThan(50);
  expect(accounts.filter((account) => !isRegistryOfAws({ account, region: 'eu-central-1' }))).toEqual([]);
});

test.each(['111122223333', '<AWS::AccountId>', ''])('account %j is not', (account) => {
  expect(isRegistryOfAws({ account, region: 'us-east-1' })).toBe(false);
});
