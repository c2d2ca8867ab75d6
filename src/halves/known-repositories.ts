import { Stage, Token } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { IConstruct } from 'constructs';
import { ofApp } from './app-state';
import { Grants } from './granting-repository';

const KNOWN_REPOSITORIES = Symbol.for('cdk-shared-ecr.KnownRepositories');

interface Known {
  repository?: ecr.IRepository;
  readonly waiting: Array<(repository: ecr.IRepository) => void>;
}

/** Makes a repository of the app known by its ARN, to those who ask and to those who asked before it was there. */
export function makeKnown(repository: ecr.IRepository): void {
  const known = entryFor(repository, Grants.of(repository)!.granted.literalArn);
  // One of them may throw: then it is not known.
  known.waiting.forEach((tell) => tell(repository));
  known.waiting.length = 0;
  known.repository ??= repository;
}

/** The repository of the app that has the ARN, if it is there already. */
export function knownRepository(scope: IConstruct, arn: string): ecr.IRepository | undefined {
  return entryFor(scope, arn).repository;
}

/** The repositories of the app. */
export function knownRepositories(scope: IConstruct): ecr.IRepository[] {
  return [...indexOf(scope).values()].flatMap(({ repository }) => repository ?? []);
}

/** Calls with the repository of the app that has the ARN: now, or when it is there, or never. */
export function whenKnown(scope: IConstruct, arn: string, tell: (repository: ecr.IRepository) => void): void {
  const { repository, waiting } = entryFor(scope, arn);
  if (repository) {
    tell(repository);
  } else {
    waiting.push(tell);
  }
}

function entryFor(scope: IConstruct, arn: string): Known {
  const index = indexOf(scope);
  // What only the deployment places is known within its Stage: another Stage goes elsewhere.
  const key = Token.isUnresolved(arn) ? `${Stage.of(scope)?.node.path} ${arn}` : arn;
  const known = index.get(key) ?? { waiting: [] };
  index.set(key, known);
  return known;
}

function indexOf(scope: IConstruct): Map<string, Known> {
  return ofApp(scope, KNOWN_REPOSITORIES, () => new Map());
}
