import { arnOf } from './addresses';
import { AccessModel } from './model';
import { Place, placeIn, registryInWords } from './places';
import { Policy } from './policy-document';

/** A policy, where it is declared, and what it is the policy of. */
export interface PlacedPolicy {
  readonly place: Place;
  readonly of: 'repository' | 'registry' | 'creation template';
  /** The name of the repository, or the pattern of the names of those that it is for. */
  readonly name: string;
  /** The same as ARN. */
  readonly arn: string;
  /** What it is called: `the policy of web-app`. */
  readonly words: string;
  readonly policy: Policy;
}

/** All policies of repositories and registries, and those that templates give to repositories which Amazon ECR makes. */
export function policiesIn({ repositories, registries }: AccessModel): PlacedPolicy[] {
  const placed = (of: PlacedPolicy['of'], where: Place, name: string, words: string, policy: Policy): PlacedPolicy => (
    { place: placeIn(where), of, name, arn: arnOf({ account: where.account, region: where.region, repository: name }), words: `the policy of ${words}`, policy });
  return [
    ...repositories.map((one) => placed('repository', one, one.name, one.name.replace(/[<>]/g, ''), one.policy)),
    ...registries.flatMap(({ templates }) => templates)
      .map((one) => placed('creation template', one, `${one.namespace}*`, `the creation template for ${one.namespace}*`, one.policy)),
    ...registries.flatMap(({ policyPlaces: [place], policy }) => (
      place ? [placed('registry', place, '*', `the registry of ${registryInWords(place)}`, policy)] : [])),
  ].filter(({ policy }) => policy.document !== undefined);
}
