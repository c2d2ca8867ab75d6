import { Annotations } from 'aws-cdk-lib';
import { note, NoticeId, statementsAsText, warn } from '../../src/halves/notices';
import { newApp, newStack, noticesIn } from '../support';

test('the ids are public: they do not change', () => {
  expect(Object.values(NoticeId).sort()).toEqual([
    'cdk-shared-ecr:cacheTagsImmutable',
    'cdk-shared-ecr:consumerHalfMissing',
    'cdk-shared-ecr:destinationNotInSight',
    'cdk-shared-ecr:openStatement',
    'cdk-shared-ecr:organizationPush',
    'cdk-shared-ecr:ownerHalfMissing',
    'cdk-shared-ecr:ownerHalfNotInSight',
    'cdk-shared-ecr:policyNearLimit',
    'cdk-shared-ecr:prefixCatchesMore',
    'cdk-shared-ecr:registryClaimedTwice',
    'cdk-shared-ecr:replicaTagsImmutable',
    'cdk-shared-ecr:replicaTooLate',
    'cdk-shared-ecr:replicasWithoutPolicy',
    'cdk-shared-ecr:replicationChain',
    'cdk-shared-ecr:replicationNotInSight',
    'cdk-shared-ecr:replicationRulesNearLimit',
  ]);
});

test('warnings and notes carry the id by which they are acknowledged, and are said once', () => {
  const stack = newStack(newApp(), 'Stack');
  warn(stack, NoticeId.OPEN_STATEMENT, 'first');
  warn(stack, NoticeId.OPEN_STATEMENT, 'first');
  warn(stack, NoticeId.OPEN_STATEMENT, 'second');
  note(stack, NoticeId.OWNER_HALF_NOT_IN_SIGHT, 'third');
  note(stack, NoticeId.OWNER_HALF_NOT_IN_SIGHT, 'third');

  expect(noticesIn(stack)).toEqual([
    { path: 'Stack', level: 'warning', text: 'first [ack: cdk-shared-ecr:openStatement]' },
    { path: 'Stack', level: 'warning', text: 'second [ack: cdk-shared-ecr:openStatement]' },
    { path: 'Stack', level: 'info', text: 'third [ack: cdk-shared-ecr:ownerHalfNotInSight]' },
  ]);

  Annotations.of(stack).acknowledgeWarning('cdk-shared-ecr:openStatement');
  Annotations.of(stack).acknowledgeInfo('cdk-shared-ecr:ownerHalfNotInSight');
  expect(noticesIn(stack)).toEqual([]);
});

test('statements are printed as they can be pasted', () => {
  expect(statementsAsText([{ Effect: 'Allow' }, { Effect: 'Deny', Action: ['a'] }])).toBe('{"Effect":"Allow"},\n{"Effect":"Deny","Action":["a"]}');
});

test('statements with what only the deployment knows cannot be pasted as they are', () => {
  expect(statementsAsText([{ Principal: { AWS: [{ Ref: 'AWS::AccountId' }] } }])).toBe('{"Principal":{"AWS":[{"Ref":"AWS::AccountId"}]}}\n'
    + 'What is written as "Ref" or "Fn::..." there is meant in this stack, not where it is pasted: give the stack an explicit environment to have it in full');
});
