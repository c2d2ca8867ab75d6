import {
  CACHE_CREATE_ACTIONS, CACHE_FILL_ACTIONS, CACHE_PULL_ACTIONS, CREATION_ACTIONS, LAMBDA_ACTIONS, LOGIN_ACTION, PULL_THROUGH_ACTIONS, PUSH_ACTIONS,
  READ_ACTIONS, REPLICATION_ACTIONS, REPLICATION_INTO_EXISTING_ACTIONS,
} from '../../policy/actions';
import { matches } from '../template/text-patterns';

interface Use {
  readonly word: string;
  /** The actions that this takes. */
  readonly needs: readonly string[];
  /** Those, and what goes with them without being needed. */
  readonly knows: readonly string[];
  /** What need not be said besides. */
  readonly includes?: readonly string[];
}

export const PULL = 'pull';
const FIRST_PULL = 'pull for the first time';
const REPLICATE_INTO_EXISTING = 'replicate into repositories that exist';

/** What somebody does with a repository. */
const USES: readonly Use[] = [
  { word: 'push', needs: PUSH_ACTIONS, knows: PUSH_ACTIONS },
  { word: 'fetch for a cache', needs: PULL_THROUGH_ACTIONS, knows: CACHE_FILL_ACTIONS, includes: [PULL] },
  { word: PULL, needs: LAMBDA_ACTIONS, knows: CACHE_PULL_ACTIONS, includes: [FIRST_PULL] },
  { word: FIRST_PULL, needs: CACHE_CREATE_ACTIONS, knows: CACHE_CREATE_ACTIONS },
  { word: 'list and describe', needs: READ_ACTIONS, knows: READ_ACTIONS },
  { word: 'replicate', needs: REPLICATION_ACTIONS, knows: CREATION_ACTIONS, includes: [REPLICATE_INTO_EXISTING] },
  { word: REPLICATE_INTO_EXISTING, needs: REPLICATION_INTO_EXISTING_ACTIONS, knows: REPLICATION_INTO_EXISTING_ACTIONS },
];

/** What actions let somebody do with a repository, in words; actions that belong to none of these stand as they are. */
export function usesOf(patterns: readonly string[]): string[] {
  if (patterns.some((pattern) => ['*', 'ecr:*'].includes(pattern.toLowerCase()))) {
    return ['everything'];
  }
  const uses = USES.filter(({ needs }) => needs.every((action) => matchesAny(patterns, action)));
  const known = uses.flatMap(({ knows }) => knows).map((action) => action.toLowerCase());
  const others = patterns.filter((pattern) => isEcr(pattern) && !isLogin(pattern) && !known.includes(pattern.toLowerCase()));
  const said = uses.flatMap(({ includes = [] }) => includes);
  return [...uses.map(({ word }) => word).filter((word) => !said.includes(word)), ...[...new Set(others)].sort()];
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
