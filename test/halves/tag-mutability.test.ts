import * as ecr from 'aws-cdk-lib/aws-ecr';
import { requireConsistentTags } from '../../src/halves/tag-mutability';
import { errorOf } from '../support';

const { MUTABLE, IMMUTABLE, MUTABLE_WITH_EXCLUSION, IMMUTABLE_WITH_EXCLUSION } = ecr.TagMutability;
const filters = (count: number) => Array.from({ length: count }, (_, index) => ecr.ImageTagMutabilityExclusionFilter.wildcard(`v${index}-*`));

test.each<[ecr.TagMutability, number | undefined]>([
  [MUTABLE, undefined], [IMMUTABLE, undefined], [MUTABLE_WITH_EXCLUSION, 1], [IMMUTABLE_WITH_EXCLUSION, 5],
])('%s goes with %s filters', (mutability, count) => {
  expect(() => requireConsistentTags(mutability, count === undefined ? undefined : filters(count))).not.toThrow();
});

const REMEDY = 'but filters go with IMMUTABLE_WITH_EXCLUSION or MUTABLE_WITH_EXCLUSION, and these with filters; change one of the two';

test.each<[ecr.TagMutability, number | undefined, string]>([
  [MUTABLE, 1, `imageTagMutability is MUTABLE and imageTagMutabilityExclusionFilters is given, ${REMEDY}`],
  [IMMUTABLE, 1, `imageTagMutability is IMMUTABLE and imageTagMutabilityExclusionFilters is given, ${REMEDY}`],
  [MUTABLE_WITH_EXCLUSION, undefined, `imageTagMutability is MUTABLE_WITH_EXCLUSION and imageTagMutabilityExclusionFilters is not, ${REMEDY}`],
  [IMMUTABLE_WITH_EXCLUSION, undefined, `imageTagMutability is IMMUTABLE_WITH_EXCLUSION and imageTagMutabilityExclusionFilters is not, ${REMEDY}`],
  [IMMUTABLE_WITH_EXCLUSION, 0, 'imageTagMutabilityExclusionFilters has 0 filters, but must have 1 to 5'],
  [MUTABLE_WITH_EXCLUSION, 6, 'imageTagMutabilityExclusionFilters has 6 filters, but must have 1 to 5'],
])('%s does not go with %s filters', (mutability, count, message) => {
  expect(errorOf(() => requireConsistentTags(mutability, count === undefined ? undefined : filters(count)))).toBe(message);
});
