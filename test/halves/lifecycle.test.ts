import { Duration } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { SharedEcrRepository } from '../../src';
import { errorOf, newApp, newRepository, newStack, OWNER, resourceOf } from '../support';

const { ANY, TAGGED, UNTAGGED } = ecr.TagStatus;

describe('a lifecycle policy is what ecr.Repository makes of the same rules', () => {
  test.each<[string, ecr.LifecycleRule[]]>([
    ['a count', [{ maxImageCount: 10 }]],
    ['an age', [{ maxImageAge: Duration.days(30) }]],
    ['an age in hours', [{ maxImageAge: Duration.hours(48) }]],
    ['a description', [{ description: 'keep few "images"', maxImageCount: 3 }]],
    ['a priority', [{ rulePriority: 7, maxImageCount: 3 }]],
    ['untagged', [{ tagStatus: UNTAGGED, maxImageAge: Duration.days(1) }]],
    ['prefixes', [{ tagPrefixList: ['dev-', 'pr-'], maxImageCount: 5 }]],
    ['prefixes, said to be tagged', [{ tagStatus: TAGGED, tagPrefixList: ['dev-'], maxImageCount: 5 }]],
    ['patterns', [{ tagPatternList: ['*-rc*', 'a*b*c*d*e'], maxImageCount: 5 }]],
    ['priorities of their own order', [
      { rulePriority: 20, tagPrefixList: ['b'], maxImageCount: 1 }, { rulePriority: 10, tagPrefixList: ['a'], maxImageCount: 1 },
    ]],
    ['automatic priorities', [
      { tagPrefixList: ['a'], maxImageCount: 1 }, { tagPrefixList: ['b'], maxImageCount: 2 }, { tagStatus: UNTAGGED, maxImageCount: 3 },
    ]],
    ['automatic priorities after given ones', [
      { tagPrefixList: ['a'], maxImageCount: 1 }, { rulePriority: 10, tagPrefixList: ['b'], maxImageCount: 2 }, { tagStatus: UNTAGGED, maxImageCount: 3 },
    ]],
    ['the rule for any image is last, wherever it was added', [
      { maxImageCount: 100 }, { tagPrefixList: ['a'], maxImageCount: 1 }, { rulePriority: 5, tagStatus: UNTAGGED, maxImageCount: 2 },
    ]],
    ['a rule for any image with the highest priority', [
      { rulePriority: 1, tagPrefixList: ['a'], maxImageCount: 1 }, { rulePriority: 9, tagStatus: ANY, maxImageCount: 100 },
    ]],
  ])('%s', (_, lifecycleRules) => {
    const app = newApp();
    const plain = new ecr.Repository(newStack(app, 'Plain', OWNER), 'Repository', { repositoryName: 'web-app', lifecycleRules });
    const shared = newRepository(app, { lifecycleRules });
    const added = new SharedEcrRepository(newStack(app, 'Added', OWNER), 'Repository', { repositoryName: 'web-app' });
    lifecycleRules.forEach((rule) => added.addLifecycleRule(rule));
    const expected = resourceOf(plain).Properties.LifecyclePolicy;

    expect(expected.LifecyclePolicyText).toContain('"rulePriority"');
    expect(resourceOf(shared).Properties.LifecyclePolicy).toEqual(expected);
    expect(resourceOf(added).Properties.LifecyclePolicy).toEqual(expected);
  });

  test('with a registry id', () => {
    const repository = newRepository(newApp(), { lifecycleRegistryId: '999999999999', lifecycleRules: [{ maxImageCount: 1 }] });

    expect(resourceOf(repository).Properties.LifecyclePolicy).toEqual({
      RegistryId: '999999999999',
      LifecyclePolicyText: '{"rules":[{"rulePriority":1,"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":1},"action":{"type":"expire"}}]}',
    });
  });

  test('no rule, no policy', () => {
    expect(resourceOf(newRepository(newApp())).Properties).not.toHaveProperty('LifecyclePolicy');
  });
});

describe('a wrong rule throws at once, and says what is wrong', () => {
  test.each<[string, ecr.LifecycleRule, string]>([
    ['two lists of tags', { tagPrefixList: ['a'], tagPatternList: ['b'], maxImageCount: 1 }, 'has tagPrefixList and tagPatternList, but may have only one of them'],
    ['tagged, without saying which', { tagStatus: TAGGED, maxImageCount: 1 }, 'is about tagged images, but does not say which; give it a tagPrefixList or a tagPatternList'],
    ['tagged, with an empty list', { tagPrefixList: [], maxImageCount: 1 }, 'is about tagged images, but does not say which'],
    ['untagged, with tags', { tagStatus: UNTAGGED, tagPrefixList: ['a'], maxImageCount: 1 }, 'has a list of tags, but its tagStatus is "untagged"'],
    ['any, with tags', { tagStatus: ANY, tagPatternList: ['a'], maxImageCount: 1 }, 'has a list of tags, but its tagStatus is "any"; use TagStatus.TAGGED, or leave out the list'],
    ['five stars', { tagPatternList: ['*a*b*c*d*'], maxImageCount: 1 }, 'has the tag pattern "*a*b*c*d*", but a pattern has at most four "*"'],
    ['neither age nor count', { tagStatus: UNTAGGED }, 'must have exactly one of maxImageAge and maxImageCount'],
    ['age and count', { maxImageAge: Duration.days(1), maxImageCount: 1 }, 'must have exactly one of maxImageAge and maxImageCount'],
  ])('%s', (_, rule, message) => {
    expect(errorOf(() => newRepository(newApp(), { lifecycleRules: [rule] }))).toContain(`the lifecycle rule ${JSON.stringify(rule)} ${message}`);
    expect(errorOf(() => newRepository(newApp()).addLifecycleRule(rule))).toContain(message);
  });

  test('a second rule for any image', () => {
    expect(errorOf(() => newRepository(newApp(), { lifecycleRules: [{ maxImageCount: 1 }, { maxImageCount: 2 }] })))
      .toBe('the lifecycle rule {"maxImageCount":2} is the second with TagStatus.ANY, but there may be only one');
  });
});

describe('rules that contradict each other are found at synth', () => {
  test.each<[string, ecr.LifecycleRule[], string]>([
    ['a priority twice', [{ rulePriority: 1, tagPrefixList: ['a'], maxImageCount: 1 }, { rulePriority: 1, tagPrefixList: ['b'], maxImageCount: 1 }],
      '[Owner/Repository] two lifecycle rules have the rulePriority 1, but each has its own; change one, or leave both out'],
    ['a rule for any image before another', [{ rulePriority: 1, maxImageCount: 1 }, { rulePriority: 2, tagPrefixList: ['b'], maxImageCount: 1 }],
      '[Owner/Repository] the lifecycle rule with TagStatus.ANY has the rulePriority 1, but must have the highest, above 2; leave its rulePriority out'],
  ])('%s', (_, lifecycleRules, message) => {
    const app = newApp();
    newRepository(app, { lifecycleRules });

    expect(errorOf(() => app.synth())).toContain(message);
  });
});
