import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { SharedEcrRepository } from '../../src';
import { CONSUMER, errorOf, newApp, newRepository, newRole, newStack, OWNER } from '../support';

/** What there is before a bad call is made. */
export interface World {
  readonly app: App;
  readonly owner: Stack;
  readonly consumer: Stack;
  /** A stack of the owner in another Region. */
  readonly europe: Stack;
  /** A stack in another partition of AWS. */
  readonly china: Stack;
  /** A stack whose environment only the deployment knows. */
  readonly agnostic: Stack;
  readonly repository: SharedEcrRepository;
  readonly imported: ecr.IRepository;
  readonly role: iam.Role;
}

/** What is called, the value that the message has to show, and what the message has to say is to be done. */
export type Case = readonly [what: string, call: (world: World) => unknown, got: string, remedy: string];

/** What several messages say is allowed. */
export const ACCOUNT = 'an account id is 12 digits, as a string, for example "111122223333"';
export const REGION = 'a Region is written like "eu-central-1"';

/** A value as messages show it. */
export const shown = (value: unknown) => `${JSON.stringify(value)}`;

/** The id of whatever a bad call would make. */
export const BAD = 'Bad';

export function newWorld(): World {
  const app = newApp();
  const repository = newRepository(app);
  const consumer = newStack(app, 'Consumer', CONSUMER);
  return {
    app,
    owner: repository.stack,
    consumer,
    europe: newStack(app, 'Europe', { account: OWNER.account, region: 'eu-central-1' }),
    china: newStack(app, 'China', { account: CONSUMER.account, region: 'cn-north-1' }),
    agnostic: newStack(app, 'Agnostic'),
    repository,
    imported: SharedEcrRepository.fromRepositoryArn(consumer, 'Imported', 'arn:aws:ecr:us-east-1:444455556666:repository/web-app'),
    role: newRole(consumer, { roleName: 'app' }),
  };
}

/** All templates of an app. */
export function templatesOf({ app }: World): Record<string, unknown> {
  const { directory } = app.synth();
  const files = readdirSync(directory).filter((file) => file.endsWith('.template.json')).sort();
  return Object.fromEntries(files.map((file) => [file, JSON.parse(readFileSync(join(directory, file), 'utf8'))]));
}

let untouched: Record<string, unknown> | undefined;

/** Asserts that the call is refused in words that help, and that the app comes out as if it had not been made. */
export function expectRefused(call: Case[1], got: string, remedy: string): void {
  const world = newWorld();
  const message = errorOf(() => call(world));

  expect(message).toContain(got);
  expect(message).toContain(remedy);
  untouched ??= templatesOf(newWorld());
  expect(templatesOf(world)).toEqual(untouched);
}

/** Asserts that the synthesis is refused in words that help, and that no template was written. */
export function expectNotSynthesized(call: Case[1], got: string, remedy: string): void {
  const world = newWorld();
  call(world);
  const message = errorOf(() => world.app.synth());

  expect(message).toContain(got);
  expect(message).toContain(remedy);
  expect(readdirSync(world.app.outdir).filter((file) => file.endsWith('.template.json'))).toEqual([]);
}
