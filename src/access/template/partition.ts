import { isKnown, unknownValue } from './text-patterns';
import { Partition, partitionOf } from '../../policy/addresses';

/** The partition that a Region is in; of a Region that only the deployment knows, the partition is known only then too. */
export function partitionIn(region: string): Pick<Partition, 'name' | 'urlSuffix'> {
  return isKnown(region) ? partitionOf(region) : { name: unknownValue('AWS::Partition'), urlSuffix: unknownValue('AWS::URLSuffix') };
}
