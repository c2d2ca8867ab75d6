import { RegistryPlace } from './places';
import { repositoryArn } from '../../policy/addresses';
import { partitionIn } from '../template/partition';
import { parseArn } from '../template/text-patterns';

/** Where a repository is; or, with `*` in it, where those of a pattern are. */
export interface Address extends RegistryPlace {
  readonly repository: string;
}

/** The repositories that a resource of a policy stands for; undefined if it is something else. */
export function addressOf(resource: string): Address | undefined {
  const { service, resource: name = '', account, region } = parseArn(resource === '*' ? 'arn:*:ecr:*:*:repository/*' : resource) ?? {};
  return service === 'ecr' && name.startsWith('repository/') ? { repository: name.slice('repository/'.length), account: account!, region: region! } : undefined;
}

/** The ARN of a repository, or of those of a pattern. */
export function arnOf({ account, region, repository }: Address): string {
  return repositoryArn({ account, region, repositoryName: repository }, partitionIn(region).name);
}

/** The repositories of a pattern, in words. */
export function namesOf(pattern: string): string {
  return pattern === '*' ? 'every repository' : pattern;
}

/** The private registry that is reached by a host, in any form that hosts have; undefined if it is none. */
export function registryOfHost(host: string): RegistryPlace | undefined {
  const [, account, region] = /^(?:https:\/\/)?(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\./.exec(host) ?? [];
  return account === undefined ? undefined : { account, region };
}
