import * as ecr from 'aws-cdk-lib/aws-ecr';

/** Throws unless the filters go with the mutability. */
export function requireConsistentTags(mutability: ecr.TagMutability, filters: ecr.ImageTagMutabilityExclusionFilter[] | undefined): void {
  const excludes = mutability === ecr.TagMutability.IMMUTABLE_WITH_EXCLUSION || mutability === ecr.TagMutability.MUTABLE_WITH_EXCLUSION;
  if (excludes !== (filters !== undefined)) {
    throw new Error(`imageTagMutability is ${mutability} and imageTagMutabilityExclusionFilters ${filters ? 'is given' : 'is not'}, but filters go with `
      + 'IMMUTABLE_WITH_EXCLUSION or MUTABLE_WITH_EXCLUSION, and these with filters; change one of the two');
  }
  if (filters && (filters.length < 1 || filters.length > 5)) {
    throw new Error(`imageTagMutabilityExclusionFilters has ${filters.length} filters, but must have 1 to 5`);
  }
}
