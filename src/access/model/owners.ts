import { AccessModel } from './model';
import { Origin, originsOf, templateFor } from './origins';
import { Place } from './places';
import { Policy, policyOf } from './policy-document';

/** A repository, or all those that Amazon ECR makes by one template or in one cache. */
export interface Owner extends Place {
  /** A name, or a pattern of names. */
  readonly name: string;
  /** What it is, if images are not simply pushed to it. */
  readonly what: string;
  readonly policy: Policy;
}

/** All that has images, and a policy that says who may pull them. */
export function ownersIn({ repositories, registries }: AccessModel): Owner[] {
  const origins = (place: Place, name: string) => originsOf({ ...place, repository: name }, registries);
  return [
    ...repositories.map((repository) => ({ ...repository, what: wordsOf(origins(repository, repository.name)) })),
    ...registries.flatMap(({ templates }) => templates).map((template) => {
      const name = `${template.namespace}*`;
      const applied = origins(template, name).filter(({ by }) => template.appliedFor.includes(by));
      return { ...template, name, what: wordsOf(applied) || `made by Amazon ECR for ${template.appliedFor.join(', ')}` };
    }),
    ...registries.flatMap(({ caches }) => caches).flatMap((cache) => {
      const name = `${cache.namespace}*`;
      const template = templateFor({ ...cache, repository: name }, 'PULL_THROUGH_CACHE', registries);
      const isToldOf = template?.namespace === cache.namespace;
      return isToldOf ? [] : [{ ...cache, name, what: wordsOf(origins(cache, name)), policy: template?.policy ?? policyOf(undefined) }];
    }),
  ];
}

function wordsOf(origins: readonly Origin[]): string {
  return origins.map(({ words }) => words).join(' and ');
}
