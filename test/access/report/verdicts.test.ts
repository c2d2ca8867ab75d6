import { Half, Judgement, Verdict } from '../../../src/access/judgement/judge';
import { verdictInWords } from '../../../src/access/report/verdicts';

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
  expect(verdictInWords({ verdict, owner, consumer } as Judgement)).toBe(words);
});
