import { requireSome, requireText } from '../halves/checks';
import { REPOSITORY_PREFIX } from '../policy/formats';
import { Grant } from '../policy/grant';

/** The prefixes that were given; `''`, with which every name begins, if none were. */
export function prefixesOf(repositoryPrefixes: readonly string[] | undefined): readonly string[] {
  if (repositoryPrefixes === undefined) {
    return [''];
  }
  requireSome('repositoryPrefixes', repositoryPrefixes, 'leave it out for all repositories');
  repositoryPrefixes.forEach((prefix) => requireText(REPOSITORY_PREFIX, 'repositoryPrefixes', prefix));
  return repositoryPrefixes;
}

/** The grants, for the repositories whose names begin so. */
export function withPrefixes(grants: readonly Grant[], prefixes: readonly string[]): Grant[] {
  return grants.flatMap((grant) => prefixes.map((prefix) => ({ ...grant, repositories: `${prefix}*` })));
}
