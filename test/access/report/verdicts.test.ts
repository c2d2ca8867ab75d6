import { Half } from '../../../src/access/judgement/halves';
import { Judgement, Verdict } from '../../../src/access/judgement/judge';
import { Runtime } from '../../../src/access/model/pull-sites';
import { isWorthTelling, verdictInWords } from '../../../src/access/report/verdicts';

const half = (state: Half['state'], actions: string[] = [], why: string[] = []): Half => ({ state, actions, why });
const GRANTED = half('granted');
const PULL = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

test.each<[Verdict, Half, Half, string]>([
  ['allowed', GRANTED, half('notNeeded'), 'yes'],
  ['ownerHalfMissing', half('missing', PULL), GRANTED, 'no: the policy of the repository lacks ecr:BatchGetImage, ecr:GetDownloadUrlForLayer'],
  ['ownerHalfMissing', half('denied', ['ecr:BatchGetImage']), half('undecided'), 'no: the policy of the repository denies ecr:BatchGetImage'],
  ['consumerHalfMissing', GRANTED, half('missing', ['ecr:GetAuthorizationToken']), 'no: the role lacks ecr:GetAuthorizationToken'],
  ['bothHalvesMissing', half('missing', PULL), half('denied', ['ecr:BatchGetImage']),
    'no: the policy of the repository lacks ecr:BatchGetImage, ecr:GetDownloadUrlForLayer; the role denies ecr:BatchGetImage'],
  ['notInSight', half('notInSight'), GRANTED, 'owner not in sight'],
  ['notInSight', GRANTED, half('notInSight'), 'role not in sight'],
  ['notInSight', half('notInSight'), half('notInSight'), 'owner not in sight; role not in sight'],
  ['undecided', half('undecided', PULL, ['a value']), half('undecided', PULL, ['a value', 'a boundary']), 'cannot be told: a value; a boundary'],
])('%s', (verdict, owner, consumer, words) => {
  expect(verdictInWords({ verdict, owner, consumer, trust: GRANTED } as Judgement)).toBe(words);
});

test.each<[string, Half, string]>([
  ['that nobody may assume', half('missing', ['sts:AssumeRole']), 'no: the trust policy of the role lacks sts:AssumeRole'],
  ['that nobody knows who may assume', half('undecided', ['sts:AssumeRole'], ['a condition']), 'cannot be told: a condition'],
])('a role %s', (_, trust, words) => {
  const verdict = trust.state === 'missing' ? 'consumerHalfMissing' : 'undecided';
  expect(verdictInWords({ verdict, owner: GRANTED, consumer: GRANTED, trust } as Judgement)).toBe(words);
});

test.each<[NonNullable<Judgement['impossible']>, string]>([
  ['otherRegion', 'no: AWS Lambda takes images from its own Region only'],
  ['throughCache', 'no: AWS Lambda cannot pull through a cache'],
  ['fipsHost', 'no: AWS Lambda cannot use a FIPS host'],
  ['withoutRole', 'no: it has no role that could pull'],
])('what can never work: %s', (impossible, words) => {
  expect(verdictInWords({ verdict: 'impossible', impossible, owner: GRANTED, consumer: GRANTED, trust: GRANTED } as Judgement)).toBe(words);
});

test('what comes with something else is told where it fails by itself', () => {
  const VERDICTS: Verdict[] = ['allowed', 'notInSight', 'undecided', 'ownerHalfMissing', 'consumerHalfMissing', 'bothHalvesMissing', 'impossible'];
  const told = (runtime: Runtime) => VERDICTS.filter((verdict) => isWorthTelling({ site: { runtime }, verdict } as Judgement));
  expect(told('Lambda function')).toEqual(VERDICTS);
  expect(told('Lambda deployment')).toEqual(['undecided', 'ownerHalfMissing', 'consumerHalfMissing', 'bothHalvesMissing']);
  expect(told('pull-through cache')).toEqual(VERDICTS.filter((verdict) => verdict !== 'allowed'));
});
