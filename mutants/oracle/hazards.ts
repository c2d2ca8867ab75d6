import { DeployedResource, Json } from './deploy';
import { listOf } from './iam';
import { Problem } from './problem';
import { statementsOf, World } from './world';

const LIMIT = 10_240;

/** The policies that say who gets in from elsewhere, and the property that they stand in. */
const DOCUMENTS: ReadonlyMap<string, string> = new Map([
  ['AWS::ECR::Repository', 'RepositoryPolicyText'],
  ['AWS::ECR::RegistryPolicy', 'PolicyText'],
  ['AWS::ECR::RepositoryCreationTemplate', 'RepositoryPolicy'],
]);

/** What breaks no pull, but lets in who should not be let in, or keeps a stack from being deployed. */
export function hazards({ resources, registries }: World): Problem[] {
  const documents = resources.flatMap((resource) => {
    const document = resource.properties[DOCUMENTS.get(resource.type) ?? ''];
    return document === undefined ? [] : [{ resource, document: typeof document === 'string' ? JSON.parse(document) : document }];
  });
  return [
    ...documents.flatMap(({ resource, document }) => [
      ...JSON.stringify(document).length > LIMIT ? [problemOf('policy-too-long', resource)] : [],
      ...statementsOf(document).flatMap((statement) => openings(statement).map((rule) => problemOf(rule, resource))),
    ]),
    ...registries.flatMap(({ policies, configurations }) => [policies, configurations].flatMap((claims) => (
      claims.slice(1).map((claim) => problemOf('registry-claimed-twice', claim))))),
  ];
}

function problemOf(rule: Problem['rule'], { path, type, arn }: DeployedResource): Problem {
  return { rule, path, ...type === 'AWS::ECR::Repository' && { repository: arn } };
}

function openings({ Effect: effect, Principal: principal, Condition: conditions }: Json): Array<Problem['rule']> {
  if (effect !== 'Allow') {
    return [];
  }
  const isOpen = principal === '*' || listOf(principal?.AWS).includes('*');
  return [
    ...isOpen && !isClosed(conditions, 'principal') ? ['open-principal' as const] : [],
    ...principal?.Service !== undefined && !isClosed(conditions, 'source') ? ['service-without-source' as const] : [],
  ];
}

/** Whether a condition fixes the account, the organization or the place in it of whoever calls. */
function isClosed(conditions: Json, who: 'principal' | 'source'): boolean {
  return Object.entries<Json>(conditions ?? {}).some(([operator, keys]) => !operator.includes('Not') && Object.entries<Json>(keys).some(([key, values]) => {
    const [, what] = new RegExp(`^aws:${who}(arn|account|orgid|orgpaths)$`).exec(key.toLowerCase()) ?? [];
    return what !== undefined && listOf(values).every((value) => FIXED[what].test(value));
  }));
}

const FIXED: Readonly<Record<string, RegExp>> = {
  arn: /^([^:]*:){4}\d{12}:/,
  account: /^\d{12}$/,
  orgid: /^o-[a-z0-9]+$/,
  orgpaths: /^o-[a-z0-9]+\//,
};
