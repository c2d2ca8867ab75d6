import { App, Stage } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { SharedEcrRepository } from '../../src';
import { Grants } from '../../src/halves/granting-repository';
import { knownRepositories, knownRepository, makeKnown, whenKnown } from '../../src/halves/known-repositories';
import { AGNOSTIC, CONSUMER, newApp, newRepository, newStack, OWNER, templateOf, WEB_APP_ARN } from '../support';

/** Collects the repositories that it is told of. */
function listening(app: App, arn = WEB_APP_ARN): ecr.IRepository[] {
  const told: ecr.IRepository[] = [];
  whenKnown(app, arn, (repository) => told.push(repository));
  return told;
}

test('a repository of the app is known by its ARN, anywhere in the app', () => {
  const app = newApp();
  expect(knownRepository(app, WEB_APP_ARN)).toBeUndefined();
  const repository = newRepository(app);

  expect(knownRepository(newStack(app, 'Consumer', CONSUMER), WEB_APP_ARN)).toBe(repository);
  expect(knownRepository(app, `${WEB_APP_ARN}-internal`)).toBeUndefined();
  expect(knownRepository(newApp(), WEB_APP_ARN)).toBeUndefined();
});

test('whoever asks is told once: at once, or when it is there, or never', () => {
  const app = newApp();
  const [first, second, other] = [listening(app), listening(app), listening(app, `${WEB_APP_ARN}-internal`)];
  expect([first, second, other]).toEqual([[], [], []]);
  const repository = newRepository(app);
  const late = listening(app);

  expect([first, second, late, other].map((told) => told.map((one) => one === repository))).toEqual([[true], [true], [true], []]);
  makeKnown(repository);
  expect([first.length, late.length]).toEqual([1, 1]);
});

test('of two repositories with one address the first is known', () => {
  const app = newApp();
  const repository = newRepository(app);
  new SharedEcrRepository(newStack(app, 'Twin', OWNER), 'Repository', { repositoryName: 'web-app' });

  expect(knownRepository(app, WEB_APP_ARN)).toBe(repository);
});

test('a repository of an environment-agnostic stack has no address that others could ask for', () => {
  const app = newApp();
  const told = listening(app);
  newRepository(app, {}, AGNOSTIC as any);

  expect([told, knownRepository(app, WEB_APP_ARN)]).toEqual([[], undefined]);
});

test('a repository that only the deployment places is known in its Stage, and not in another', () => {
  const app = newApp();
  const stages = ['Dev', 'Prod'].map((id) => new Stage(app, id));
  const [dev, prod] = stages.map((stage) => newRepository(stage, {}, { region: 'us-east-1' } as any));
  const { literalArn } = Grants.of(dev)!.granted;

  expect(Grants.of(prod)!.granted.literalArn).toBe(literalArn);
  expect(stages.map((stage) => knownRepository(newStack(stage, 'Consumer', { region: 'eu-central-1' }), literalArn) === (stage === stages[0] ? dev : prod))).toEqual([true, true]);
  expect(knownRepository(app, literalArn)).toBeUndefined();
  expect(knownRepositories(app)).toEqual([dev, prod]);
});

test('who asks for one that only the deployment places is told of that in its Stage', () => {
  const app = newApp();
  const told: string[] = [];
  const [dev, prod] = ['Dev', 'Prod'].map((id) => new Stage(app, id));
  const { literalArn } = Grants.of(newRepository(dev, {}, { region: 'us-east-1' } as any))!.granted;
  whenKnown(newStack(prod, 'Consumer'), literalArn, ({ node: { path } }) => told.push(path));
  expect(told).toEqual([]);
  newRepository(prod, {}, { region: 'us-east-1' } as any);

  expect(told).toEqual(['Prod/Owner/Repository']);
});

test('an imported repository is not one of the app, and nothing of this is in a template', () => {
  const app = newApp();
  const stack = newStack(app, 'Consumer', CONSUMER);
  SharedEcrRepository.fromRepositoryArn(stack, 'Imported', WEB_APP_ARN);
  listening(app);

  expect(knownRepository(app, WEB_APP_ARN)).toBeUndefined();
  expect(templateOf(stack).Resources).toBeUndefined();
});
