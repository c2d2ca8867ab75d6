import { eksAddOnAccount } from './eks-add-on-registries';

/**
 * Accounts of AWS whose images every account may pull that its own roles let: AWS Deep Learning Containers, and the sidecars that task definitions
 * name by their registries. Those of the built-in algorithms of Amazon SageMaker AI are too many to be listed here.
 */
const ACCOUNTS: ReadonlySet<string> = new Set([
  // AWS for Fluent Bit: https://github.com/aws/aws-for-fluent-bit
  '906394416424',
  // Envoy for AWS App Mesh: https://docs.aws.amazon.com/app-mesh/latest/userguide/envoy.html
  '840364872350', '058264503299', '422531588944', '564877687649', '637423513210', '675079659277', '772975370895', '856666278305', '909464085924', '919366029133',
  '919830735681', '924023996002',
  // Deep learning: https://aws.github.io/deep-learning-containers/reference/region_availability/
  '763104351884', '124382933778', '204133271717', '204538143572', '217643126080', '303241398832', '364406365360', '380420809688', '454834333376', '457447274322',
  '503227376785', '550225433462', '590183813437', '626614931356', '633930458069', '692866216735', '727897471807', '772153158452', '871362719292',
  '907027046896', '914824155844', '975050140332',
]);

/** Whether a registry is one of AWS that lets everybody pull: only the puller's own policies decide then. */
export function isRegistryOfAws({ account, region }: { readonly account: string; readonly region: string }): boolean {
  return account === eksAddOnAccount(region) || ACCOUNTS.has(account);
}
