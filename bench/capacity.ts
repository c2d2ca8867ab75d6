import { Stack } from 'aws-cdk-lib';
import { deployedSize, DeployedSize, POLICY_LIMIT } from './policy-size';
import { accountIds, appSharing, Variant } from './sharing';

export type Grantees = 'accounts' | 'roles' | 'lambda';

export interface Capacity {
  /** How many fit into one policy. */
  readonly asWritten: number;
  /** How many fit should Amazon ECR count account ids as ARNs. */
  readonly withArns: number;
}

/** How many grantees fit into the policy of one repository. */
export function capacityOf(variant: Variant, grantees: Grantees): Capacity {
  const most = (measure: (size: DeployedSize) => number) =>
    mostThat((count) => {
      const app = appSharing(variant, variant[grantees], 1, accountIds(count));
      const size = sizeIfAllowed(app.node.findChild('Owner') as Stack);
      return size !== undefined && measure(size) <= POLICY_LIMIT;
    });
  return { asWritten: most(({ characters }) => characters), withArns: most(({ charactersWithArns }) => charactersWithArns) };
}

/** The size of the policy; undefined if the library says that it is too big. */
function sizeIfAllowed(stack: Stack): DeployedSize | undefined {
  try {
    return deployedSize(stack);
  } catch (error) {
    if (`${error}`.includes(`but Amazon ECR allows ${POLICY_LIMIT}`)) {
      return undefined;
    }
    throw error;
  }
}

/** The greatest count that fits, all lower ones fitting too. */
function mostThat(fits: (count: number) => boolean): number {
  let low = 0;
  let high = 1024;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low;
}
