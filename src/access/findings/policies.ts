import { Finding, finding } from './finding';
import { isOfEcr, strangersOf } from './strangers';
import { partitionOf } from '../../policy/addresses';
import { closingKeys } from '../../policy/closed';
import { CODE_BUILD_SERVICE, LAMBDA_SERVICE } from '../../policy/services';
import { POLICY_LIMIT } from '../../policy/size';
import { Remedy } from '../judgement/remedies';
import { addressOf } from '../model/addresses';
import { AccessModel } from '../model/model';
import { isSamePlace } from '../model/places';
import { PlacedPolicy, policiesIn } from '../model/policies';
import { Statement, sizeOfDocument, statementInWords } from '../model/policy-document';
import { PullSite } from '../model/pull-sites';
import { Fields, fieldsOf, isFields, listOf } from '../template/template';
import { isKnown, matches, parseArn } from '../template/text-patterns';

/** Policies that are too long, or let in whom nobody means. */
export function policyFindings(model: AccessModel): Finding[] {
  const policies = policiesIn(model);
  const registries = policies.filter(({ of }) => of === 'registry');
  return policies.flatMap((policy) => {
    const registry = registries.filter(({ place }) => isSamePlace(place, policy.place));
    // What the policy of the registry denies, it denies for each of its repositories.
    const denies = [policy, ...registry].flatMap((one) => one.policy.statements).filter(({ effect }) => effect === 'Deny');
    const written = listOf(policy.policy.document!.Statement).filter(isFields);
    return [
      ...tooLong(policy),
      ...policy.policy.statements.flatMap((statement, index) => letsInStrangers(policy, statement, written[index], denies, model.sites)),
    ];
  });
}

const SHORTEN = {
  'repository': 'grant to an organization or an OU in place of single accounts, or let the policy of the registry carry what many repositories share',
  'registry': 'grant to an organization or an OU in place of single accounts, or for a prefix in place of single repositories',
  'creation template': 'grant to an organization or an OU in place of single accounts, or let the policy of the registry carry the grants',
} as const satisfies Record<PlacedPolicy['of'], string>;

function tooLong({ place, of, arn, words, policy: { size, document } }: PlacedPolicy): Finding[] {
  if (size <= POLICY_LIMIT) {
    return [];
  }
  const biggest = sizeOfDocument(document!).contributors.slice(0, 3).map(({ sid, characters }) => `${sid} with ${characters}`).join(', ');
  return [finding('policy-too-long', {
    place,
    ...(of === 'repository' && { repository: arn }),
    message: `${words} has ${size} characters, but Amazon ECR allows ${POLICY_LIMIT}; the biggest statements are ${biggest}`,
    remedy: SHORTEN[of],
  })];
}

function letsInStrangers(
  policy: PlacedPolicy, statement: Statement, written: Fields, denies: readonly Statement[], sites: readonly PullSite[],
): Finding[] {
  const { place, of, arn, words } = policy;
  if (statement.effect === 'Deny' || !isOfEcr(statement)) {
    return [];
  }
  const about = { place, ...(of === 'repository' && { repository: arn }) };
  const { anybody, services } = strangersOf(statement, arn, denies);
  return [
    ...(anybody ? [finding('open-principal', {
      ...about,
      message: `${statementInWords(statement)} of ${words} lets in every AWS account`,
      remedy: 'name the accounts or roles that may as its principals, or add a condition such as StringEquals or ArnLike on '
        + `${closingKeys('AWS').join(', ')} whose value fixes the account or the organization`,
    })] : []),
    ...services.map((service) => {
      const statements = withSource(policy, statement, written, service, sites);
      return finding('service-without-source', {
        ...about,
        message: `${statementInWords(statement)} of ${words} lets in ${service} on behalf of every AWS account`,
        remedy: [
          statements.length > 0 ? `put the statement into ${statements[0].document}` : howToCloseService(service),
          ...(service === LAMBDA_SERVICE ? ['DockerImageCode.fromEcr of the CDK adds such a statement to a repository of its own; to one of this library it does not'] : []),
        ].join('; '),
        statements,
      });
    }),
  ];
}

/** Services of which AWS documents what their requests hold. */
const SOURCES: ReadonlyMap<string, (site: PullSite) => { readonly operator: string; readonly key: string; readonly value: string }> = new Map([
  // Lambda takes images from its own Region only.
  [LAMBDA_SERVICE, ({ account, image: { region } }: PullSite) => (
    { operator: 'ArnLike', key: 'aws:SourceArn', value: `arn:${partitionOf(region).name}:lambda:${region}:${account}:function:*` })],
  [CODE_BUILD_SERVICE, ({ account }: PullSite) => ({ operator: 'StringEquals', key: 'aws:SourceAccount', value: account })],
]);

function howToCloseService(service: string): string {
  switch (service) {
    case LAMBDA_SERVICE: return 'add the condition ArnLike aws:SourceArn, with arn:PARTITION:lambda:REGION:ACCOUNT:function:* for each account whose functions may, '
      + 'REGION being that of the repository';
    case CODE_BUILD_SERVICE: return 'add the condition StringEquals aws:SourceAccount with the accounts whose projects may';
    default: return `add a condition such as StringEquals or ArnLike on one of ${closingKeys('Service').join(', ')} that the documentation of the service names`;
  }
}

/** The same statement for those only on whose behalf the service pulls, as far as they are in sight. */
function withSource({ arn, words }: PlacedPolicy, statement: Statement, written: Fields, service: string, sites: readonly PullSite[]): Remedy[] {
  const source = SOURCES.get(service);
  const pulls = sites.filter(({ puller, image, account }) => (
    puller.type === 'service' && puller.service === service && isKnown(account) && isWithin(image, arn, statement)));
  if (!source || pulls.length === 0 || statement.principals.length > 1 || !isKnown(JSON.stringify([written, arn]))) {
    return [];
  }
  const { operator, key } = source(pulls[0]);
  const values = [...new Set(pulls.map((site) => source(site).value))].sort();
  const conditions = withoutKey(fieldsOf(written.Condition), key);
  return [{
    half: 'owner',
    document: `${words}, in place of its ${statementInWords(statement)}`,
    statements: [{ ...written, Condition: { ...conditions, [operator]: { ...fieldsOf(conditions[operator]), [key]: values } } }],
  }];
}

/** What a condition says that closes nothing must not stand beside what does, under another spelling of the key. */
function withoutKey(conditions: Fields, key: string): Fields {
  const others = (keys: unknown) => Object.fromEntries(Object.entries(fieldsOf(keys)).filter(([name]) => name.toLowerCase() !== key.toLowerCase()));
  return Object.fromEntries(Object.entries(conditions).map(([operator, keys]) => [operator, others(keys)] as const)
    .filter(([, keys]) => Object.keys(keys).length > 0));
}

function isWithin({ account, region, repository }: PullSite['image'], arn: string, { resources }: Statement): boolean {
  const { account: owner, region: where } = parseArn(arn)!;
  const patterns = resources.length > 0 ? resources : [arn];
  return account === owner && region === where && patterns.some((pattern) => matches(addressOf(pattern)?.repository ?? '', repository));
}
