import { App, Aws, NestedStack, Stack, Stage, Token } from 'aws-cdk-lib';
import {
  canRefer, compare, describe as describeEnvironment, isAgnostic, partitionNameOf, registryOf, Relation, requireKnown, requireSamePartition,
  requireUnwritten, sameEnvironment, urlSuffixOf, wasWritten,
} from '../../src/halves/environment';
import { AGNOSTIC, CONSUMER, errorOf, newApp, newStack, OWNER } from '../support';

const unknown = Token.asString({ Ref: 'Account' });

test.each([
  ['111122223333', '111122223333', Relation.SAME],
  ['111122223333', '444455556666', Relation.DIFFERENT],
  ['111122223333', Aws.ACCOUNT_ID, Relation.UNKNOWN],
  [Aws.ACCOUNT_ID, '111122223333', Relation.UNKNOWN],
  [Aws.ACCOUNT_ID, Aws.ACCOUNT_ID, Relation.SAME],
  [Aws.ACCOUNT_ID, unknown, Relation.UNKNOWN],
])('%s and %s are %s', (a, b, relation) => {
  expect(compare(a, b)).toBe(relation);
});

test.each<[string, object, boolean, boolean]>([
  ['itself', {}, true, false],
  ['another account', { account: '111122223333' }, false, false],
  ['another Region', { region: 'eu-west-1' }, false, false],
  ['an account that only the deployment knows', { account: Aws.ACCOUNT_ID }, false, true],
  ['a Region that only the deployment knows', { region: Aws.REGION }, false, true],
])('an environment and %s', (_, other, same, agnostic) => {
  const environment = { ...OWNER, ...other };

  expect([sameEnvironment(OWNER, environment), sameEnvironment(environment, OWNER)]).toEqual([same, same]);
  expect(sameEnvironment(environment, { ...environment })).toBe(true);
  expect(isAgnostic(environment)).toBe(agnostic);
});

describe('partitions', () => {
  test.each([['us-east-1', 'eu-west-1'], ['cn-north-1', 'cn-northwest-1'], ['us-east-1', Aws.REGION], [Aws.REGION, 'cn-north-1']])('%s and %s may be the same', (one, other) => {
    expect(() => requireSamePartition('one', one, 'the other', other, 'so no')).not.toThrow();
  });

  test('others are not', () => {
    expect(errorOf(() => requireSamePartition("'One'", 'us-east-1', 'the other', 'cn-north-1', 'so copy the images')))
      .toBe("'One' is in Region us-east-1 and the other in Region cn-north-1, which are in different partitions of AWS, so copy the images");
  });
});

test('a stack is written with its Stage', () => {
  const app = newApp();
  const [first, second] = ['First', 'Second'].map((id) => newStack(new Stage(app, id), 'Stack', OWNER));
  expect([first, second].map(wasWritten)).toEqual([false, false]);
  Stage.of(first)!.synth();

  expect([first, second].map(wasWritten)).toEqual([true, false]);
  expect(() => requireUnwritten(second)).not.toThrow();
  expect(errorOf(() => requireUnwritten(first)))
    .toBe("'First/Stack' was already written with its Stage 'First', so what is added to it would be lost; add it before that is synthesized");
});

test.each([
  ['eu-central-1', 'aws', 'amazonaws.com'],
  ['cn-northwest-1', 'aws-cn', 'amazonaws.com.cn'],
  ['us-gov-east-1', 'aws-us-gov', 'amazonaws.com'],
  ['eusc-de-east-1', 'aws-eusc', 'amazonaws.eu'],
  [Aws.REGION, Aws.PARTITION, Aws.URL_SUFFIX],
])('the partition follows from the Region: %s', (region, partition, suffix) => {
  expect(partitionNameOf(region)).toBe(partition);
  expect(urlSuffixOf(region)).toBe(suffix);
  expect(registryOf({ account: '111122223333', region })).toEqual({ account: '111122223333', region, partition });
});

describe('CloudFormation can carry a reference', () => {
  const app = newApp();
  const owner = newStack(app, 'Owner', OWNER);

  test('within a stack, to its nested stacks, and to stacks of the same Stage and environment', () => {
    for (const consumer of [owner, new NestedStack(owner, 'Nested'), newStack(app, 'Same', OWNER)]) {
      expect(canRefer(owner, consumer)).toBe(true);
    }
    expect(canRefer(newStack(app, 'Agnostic', AGNOSTIC), newStack(app, 'AgnosticToo', AGNOSTIC))).toBe(true);
  });

  test('not to another Stage, account, Region, or between known and unknown', () => {
    const elsewhere = [
      newStack(new Stage(app, 'Stage'), 'Same', OWNER),
      newStack(app, 'OtherAccount', CONSUMER),
      newStack(app, 'OtherRegion', { ...OWNER, region: 'eu-west-1' }),
      newStack(app, 'Unknown', AGNOSTIC),
    ];
    for (const consumer of elsewhere) {
      expect(canRefer(owner, consumer)).toBe(false);
      expect(canRefer(consumer, owner)).toBe(false);
    }
  });
});

describe('an environment that is written into another\'s template', () => {
  const app = newApp();
  const consumer = newStack(app, 'Consumer', CONSUMER);

  test('must be known', () => {
    const owner = newStack(app, 'Owner', OWNER);

    expect(() => requireKnown(owner, OWNER, consumer)).not.toThrow();
  });

  test.each<[string, { account: string; region: string }]>([
    ['account', { account: Aws.ACCOUNT_ID, region: 'us-east-1' }],
    ['Region', { account: '111122223333', region: Aws.REGION }],
  ])('is an error if its %s is not, with what, where and the remedy', (_, environment) => {
    expect(errorOf(() => requireKnown(app, environment, consumer))).toBe("'' is in an environment-agnostic stack and is used by 'Consumer' in another environment "
      + "(account 111122223333, Region us-east-1), so its address cannot be computed; give the stack of '' an explicit environment: env: { account, region }");
  });
});

test('an environment in words', () => {
  expect(describeEnvironment(OWNER)).toBe('account 999999999999, Region us-east-1');
  expect(describeEnvironment({ account: Aws.ACCOUNT_ID, region: Aws.REGION })).toBe('account agnostic, Region agnostic');
});

describe('what is added to a stack that was written would be lost', () => {
  test.each<[string, (app: App) => Stack, string]>([
    ['in a Stage', (app) => newStack(new Stage(app, 'Written'), 'Owner', OWNER), "'Written/Owner' was already written with its Stage 'Written', so what is added to it would be lost; add it before that is synthesized"],
    ['in no Stage but the app', (app) => newStack(app, 'Owner', OWNER), "'Owner' was already written with its app, so what is added to it would be lost; add it before that is synthesized"],
  ])('%s', (_, make, message) => {
    const app = newApp();
    const stack = make(app);
    expect(() => requireUnwritten(stack)).not.toThrow();
    app.synth();

    expect(errorOf(() => requireUnwritten(stack))).toBe(message);
  });
});
