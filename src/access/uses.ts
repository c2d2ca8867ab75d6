import { matches } from './text-patterns';
import { LAMBDA_ACTIONS, LOGIN_ACTION, PULL_ACTIONS, PUSH_ACTIONS, READ_ACTIONS } from '../policy/actions';

/** What somebody does with a repository, the actions that this takes, and those that go with it but are not needed. */
const USES = [
  { word: 'push', needs: PUSH_ACTIONS, knows: PUSH_ACTIONS },
  { word: 'pull', needs: LAMBDA_ACTIONS, knows: PULL_ACTIONS },
  { word: 'list and describe', needs: READ_ACTIONS, knows: READ_ACTIONS },
];

/** What actions let somebody do with a repository, in words; actions that belong to none of these stand as they are. */
export function usesOf(patterns: readonly string[]): string[] {
  if (patterns.some((pattern) => ['*', 'ecr:*'].includes(pattern.toLowerCase()))) {
    return ['everything'];
  }
  const uses = USES.filter(({ needs }) => needs.every((action) => matchesAny(patterns, action)));
  const known = uses.flatMap(({ knows }) => knows).map((action) => action.toLowerCase());
  const others = patterns.filter((pattern) => isEcr(pattern) && !isLogin(pattern) && !known.includes(pattern.toLowerCase()));
  return [...uses.map(({ word }) => word), ...[...new Set(others)].sort()];
}

/** Whether actions contain the login to a registry, which stands on no repository. */
export function includesLogin(patterns: readonly string[]): boolean {
  return matchesAny(patterns, LOGIN_ACTION);
}

/** Whether a pattern stands for actions of Amazon ECR. */
export function isEcr(pattern: string): boolean {
  return pattern === '*' || pattern.toLowerCase().startsWith('ecr:');
}

function isLogin(pattern: string): boolean {
  return pattern.toLowerCase() === LOGIN_ACTION.toLowerCase();
}

function matchesAny(patterns: readonly string[], action: string): boolean {
  return patterns.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase()));
}
