import { Token } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';

/**
 * Checks a lifecycle rule as the L2 does, and fills in what follows from the rest of it.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
export function completeRule(rule: ecr.LifecycleRule, others: readonly ecr.LifecycleRule[]): ecr.LifecycleRule {
  const { tagPrefixList, tagPatternList, maxImageAge, maxImageCount } = rule;
  const tagStatus = rule.tagStatus ?? (tagPrefixList || tagPatternList ? ecr.TagStatus.TAGGED : ecr.TagStatus.ANY);
  const got = `the lifecycle rule ${JSON.stringify(rule)}`;
  if (tagPrefixList && tagPatternList) {
    throw new Error(`${got} has tagPrefixList and tagPatternList, but may have only one of them`);
  }
  if (tagStatus === ecr.TagStatus.TAGGED && !(tagPrefixList ?? tagPatternList)?.length) {
    throw new Error(`${got} is about tagged images, but does not say which; give it a tagPrefixList or a tagPatternList`);
  }
  if (tagStatus !== ecr.TagStatus.TAGGED && (tagPrefixList ?? tagPatternList)) {
    throw new Error(`${got} has a list of tags, but its tagStatus is "${tagStatus}"; use TagStatus.TAGGED, or leave out the list`);
  }
  const manyStars = tagPatternList?.find((pattern) => pattern.split('*').length > 5);
  if (manyStars !== undefined) {
    throw new Error(`${got} has the tag pattern ${JSON.stringify(manyStars)}, but a pattern has at most four "*"`);
  }
  if ((maxImageAge === undefined) === (maxImageCount === undefined)) {
    throw new Error(`${got} must have exactly one of maxImageAge and maxImageCount`);
  }
  requireWhole(got, 'maxImageCount', maxImageCount);
  requireWhole(got, 'maxImageAge in days', maxImageAge?.toDays({ integral: false }));
  requireWhole(got, 'rulePriority', rule.rulePriority);
  if (tagStatus === ecr.TagStatus.ANY && others.some((other) => other.tagStatus === ecr.TagStatus.ANY)) {
    throw new Error(`${got} is the second with TagStatus.ANY, but there may be only one`);
  }
  return { ...rule, tagStatus };
}

function requireWhole(got: string, what: string, number: number | undefined): void {
  if (number !== undefined && !Token.isUnresolved(number) && (!Number.isInteger(number) || number < 1)) {
    throw new Error(`${got} has the ${what} ${number}, but it must be a whole number of at least 1`);
  }
}

/** The policy as ECR reads it: rules in the order of their priority, the rule for any image last. */
export function renderLifecyclePolicy(rules: readonly ecr.LifecycleRule[]): object {
  const catchAll = rules.filter(({ tagStatus }) => tagStatus === ecr.TagStatus.ANY);
  const rest = rules.filter(({ tagStatus }) => tagStatus !== ecr.TagStatus.ANY);
  const ordered = [...rest.filter(hasPriority), ...rest.filter((rule) => !hasPriority(rule)), ...catchAll];
  let next = Math.max(0, ...rest.map(({ rulePriority }) => rulePriority ?? 0)) + 1;
  return { rules: ordered.map((rule) => renderRule(rule, rule.rulePriority ?? next++)) };
}

/** What is wrong with the rules taken together. */
export function lifecycleProblems(rules: readonly ecr.LifecycleRule[]): string[] {
  const priorities = (renderLifecyclePolicy(rules) as { rules: Array<{ rulePriority: number; selection: { tagStatus: string } }> }).rules;
  const seen = priorities.map(({ rulePriority }) => rulePriority);
  const twice = seen.find((priority, index) => seen.indexOf(priority) !== index);
  const catchAll = priorities.find(({ selection }) => selection.tagStatus === ecr.TagStatus.ANY);
  return [
    ...(twice === undefined ? [] : [`two lifecycle rules have the rulePriority ${twice}, but each has its own; change one, or leave both out`]),
    ...(catchAll && catchAll.rulePriority < Math.max(...seen)
      ? [`the lifecycle rule with TagStatus.ANY has the rulePriority ${catchAll.rulePriority}, but must have the highest, above ${Math.max(...seen)}; leave its rulePriority out`]
      : []),
  ];
}

function hasPriority({ rulePriority }: ecr.LifecycleRule): boolean {
  return rulePriority !== undefined;
}

function renderRule(rule: ecr.LifecycleRule, rulePriority: number): object {
  const byAge = rule.maxImageAge !== undefined;
  return {
    rulePriority,
    description: rule.description,
    selection: {
      tagStatus: rule.tagStatus,
      tagPrefixList: rule.tagPrefixList,
      tagPatternList: rule.tagPatternList,
      countType: byAge ? 'sinceImagePushed' : 'imageCountMoreThan',
      countNumber: rule.maxImageAge?.toDays() ?? rule.maxImageCount,
      countUnit: byAge ? 'days' : undefined,
    },
    action: { type: 'expire' },
  };
}
