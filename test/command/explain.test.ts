import { appOf, CONSUMER, CONSUMER_APP, IMAGE, letsIn, OWNER, OWNER_APP, ran, repository, ROLE, WRONG_OWNER_APP } from './support';

const explained = (role: string, image: string, ...more: string[]) => ran('explain', '--role', role, '--image', image, ...more);

test('a pull that fails is walked through, and the exit code says so', () => {
  const { code, out, err } = explained(ROLE, IMAGE, WRONG_OWNER_APP, CONSUMER_APP);
  expect([code, err]).toEqual([1, []]);
  expect(out.slice(0, 3)).toEqual([
    `Can ${ROLE} pull web of account ${OWNER}, us-east-1?`, '', '   No: the policy of the repository lacks ecr:BatchGetImage, ecr:GetDownloadUrlForLayer.',
  ]);
  const pasted = JSON.parse(out.find((line) => line.startsWith('     {'))!);
  expect(explained(ROLE, IMAGE, appOf({ Repository: repository(pasted) }, OWNER, 'Owner'), CONSUMER_APP).code).toBe(0);
});

test('the role may be given as the session of an error message, the image as the repository\'s ARN, with a digest, or as an address', () => {
  const session = `arn:aws:sts::${CONSUMER}:assumed-role/runs-web/0a1b2c3d`;
  const [first, ...others] = [
    IMAGE, `arn:aws:ecr:us-east-1:${OWNER}:repository/web`, `https://${IMAGE}`, IMAGE.replace(':v1', `@sha256:${'0'.repeat(64)}`),
  ].map((image) => explained(session, image, OWNER_APP, CONSUMER_APP));
  expect(first.code).toBe(0);
  expect(first.out).toContain(`   in sight: Web/Role in stack Web, account ${CONSUMER}, us-east-1, found by its name`);
  others.forEach((other) => expect(other).toEqual(first));
});

test('of a role that no template makes, the path is taken from the policy that names it', () => {
  const app = appOf({ Repository: repository(letsIn(`arn:aws:iam::${CONSUMER}:role/ci/build`)) }, OWNER, 'Owner');
  const { code, out } = explained(`arn:aws:sts::${CONSUMER}:assumed-role/build/0a1b2c3d`, IMAGE, app);
  expect(code).toBe(0);
  expect(out).toContain('   its path, which the message does not show, is taken from a policy that names a role of this name');
});

test('the Lambda service pulls for a function', () => {
  const functionArn = `arn:aws:lambda:us-east-1:${CONSUMER}:function:orders`;
  const lets = (service: string) => appOf({ Repository: repository(letsIn('', { Principal: { Service: service }, Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:lambda:us-east-1:${CONSUMER}:function:*` } } })) }, OWNER, 'Owner');
  expect(explained('lambda.amazonaws.com', IMAGE, '--function', functionArn, lets('lambda.amazonaws.com')).code).toBe(0);
  expect(explained('lambda.amazonaws.com', IMAGE, '--function', functionArn, lets('ecs.amazonaws.com')).code).toBe(1);
});

test('of conditions that only the deployment decides, that is told which fails', () => {
  const app = appOf({ Repository: repository({ 'Fn::If': ['IsShared', letsIn(ROLE), { Ref: 'AWS::NoValue' }] }) }, OWNER, 'Owner', {
    Parameters: { Shared: { Type: 'String' } }, Conditions: { IsShared: { 'Fn::Equals': [{ Ref: 'Shared' }, 'yes'] } },
  });
  const { code, out } = explained(ROLE, IMAGE, app, CONSUMER_APP);
  expect(code).toBe(1);
  expect(out.slice(-2).join(' ')).toBe('The templates have conditions that are known only at deployment. This is one of 2 ways in which they may turn out; '
    + 'the   pull fails in 1 of them.');
});

test.each([
  [['--role', ROLE, CONSUMER_APP], '--image is missing: the URI of the image'],
  [['--image', IMAGE, CONSUMER_APP], '--role is missing: the ARN of the role that pulls'],
  [['--image', 'nginx:latest', '--role', ROLE, CONSUMER_APP], '--image is "nginx:latest", but an image in a private registry of Amazon ECR is written 111122223333.dkr.ecr.us-east-1.amazonaws.com/NAME:TAG, '
    + 'and its repository arn:aws:ecr:us-east-1:111122223333:repository/NAME'],
  [['--image', IMAGE, '--role', 'runs-web', CONSUMER_APP], '--role is "runs-web", but is written arn:aws:iam::111122223333:role/NAME, or, as an error message has it, '
    + 'arn:aws:sts::111122223333:assumed-role/NAME/SESSION; or it is lambda.amazonaws.com'],
  [['--image', IMAGE, '--role', 'lambda.amazonaws.com', CONSUMER_APP], '--role lambda.amazonaws.com needs the function: --function arn:aws:lambda:us-east-1:111122223333:function:NAME'],
  [['--image', IMAGE, '--role', 'lambda.amazonaws.com', '--function', 'orders', CONSUMER_APP],
    '--role lambda.amazonaws.com needs the function: --function arn:aws:lambda:us-east-1:111122223333:function:NAME, but it is "orders"'],
  [['--image', IMAGE, '--role', ROLE, '--function', 'orders', CONSUMER_APP], `--function goes with --role lambda.amazonaws.com, but --role is "${ROLE}"`],
])('%j is refused', (args, message) => {
  expect(ran('explain', ...args)).toEqual({ code: 2, out: [], err: [`cdk-shared-ecr: explain: ${message}`] });
});
