import { outOfSightInWords } from './findings';
import { granteesOf } from './grantees';
import { permissionsOf } from './permissions';
import { PLAIN, ReportStyle } from './style';
import { table, wrap } from './table';
import { isWorthTelling, verdictInWords } from './verdicts';
import { POLICY_LIMIT } from '../../policy/size';
import { judge, Judgement } from '../judgement/judge';
import { remediesFor } from '../judgement/remedies';
import { namesOf, registryOfHost } from '../model/addresses';
import { AccessModel } from '../model/model';
import { Owner, ownersIn } from '../model/owners';
import { Place } from '../model/places';
import { Policy } from '../model/policy-document';
import { Registry } from '../model/registries';
import { Role } from '../model/roles';
import { isKnown, parseArn } from '../template/text-patterns';

/** Where images are, who owns them, who pulls them, as the lines of a text of at most `width` characters each, if words allow. */
export function reportOf(
  model: AccessModel, style: ReportStyle = PLAIN, width = 120, judgements: readonly Judgement[] = judge(model),
): string[] {
  const owners = ownersIn(model);
  return [
    ...section(`Where images are, and how much of ${count(POLICY_LIMIT)} characters their policies take`, overview(owners, style, width), style),
    ...section('Repositories: whom the owner lets in', owners.map((owner) => aboutOwner(owner, style, width)), style),
    ...section('Registries: what they copy and cache, and whom they let in', model.registries.flatMap((registry) => aboutRegistry(registry, style, width)), style),
    ...section('Roles: what their own policies let them do', rolesWithAccess(model, style, width), style),
    ...section('Pulls: whether each works, by all that the templates say', aboutPulls(judgements, style, width), style),
    ...(judgements.length > 0 ? [...wrap(outOfSightInWords(), width), ''] : []),
  ];
}

/** A block of lines for each thing; no section without things. */
function section(title: string, blocks: readonly string[][], style: ReportStyle): string[] {
  return blocks.length === 0 ? [] : [style.title(title), '', ...blocks.flatMap((block) => [...block, ''])];
}

function overview(owners: readonly Owner[], style: ReportStyle, width: number): string[][] {
  const rows = owners.map(({ name, account, region, policy, what }) => [
    name, account, region, policy.size === 0 ? 'none' : `${count(policy.size)} (${percent(policy)})`, what,
  ]);
  return rows.length === 0 ? [] : [table(['repository', 'account', 'Region', 'policy', ''], rows, style, width)];
}

function aboutOwner(owner: Owner, style: ReportStyle, width: number): string[] {
  const rows = granteesOf(owner).map(({ who, may, sid }) => [who, may, sid]);
  const name = owner.name.endsWith('*') ? `Repositories ${owner.name}` : `Repository ${owner.name}`;
  return [
    ...heading(style, name + (owner.what && `: ${owner.what}`), owner),
    ...(rows.length > 0 ? [...table(['who', 'may', 'by statement'], rows, style, width), sizeLine(owner.policy, style)] : [owner.policy.isOpaque ? '  whom its policy lets in is known only at deployment' : '  nobody outside its account']),
  ];
}

/** Of a registry that has templates only, all is said with the repositories. */
function aboutRegistry(registry: Registry, style: ReportStyle, width: number): string[][] {
  const copied = registry.rules.flatMap(({ prefixes, destinations }) => prefixes.flatMap((prefix) => (
    destinations.map(({ account, region }) => [namesOf(`${prefix}*`), account, region]))));
  const cached = registry.caches.map(({ namespace, upstreamNamespace, upstream, role }) => {
    const { account, region } = registryOfHost(upstream) ?? { account: upstream, region: '' };
    return [namesOf(`${namespace}*`), namesOf(`${upstreamNamespace}*`), account, region, (parseArn(role)?.resource ?? role).replace('/', ' ').replace(/[<>]/g, '')];
  });
  const grantees = granteesOf(registry).map(({ who, may, repositories, sid }) => [who, may, repositories, sid]);
  const parts = [
    copied.length > 0 ? table(['copies', 'to account', 'Region'], copied, style, width) : [],
    cached.length > 0 ? table(['caches', 'upstream', 'account', 'Region', 'fetched by'], cached, style, width) : [],
    grantees.length > 0 ? [...table(['who', 'may', 'repositories', 'by statement'], grantees, style, width), sizeLine(registry.policy, style)] : [],
  ].filter(({ length }) => length > 0);
  const { account, region, stacks } = registry;
  const title = [style.name(`Registry of account ${account}, ${region}`), style.aside(`  declared in ${stacks.join(', ')}`)];
  return parts.length === 0 ? [] : [[...title, ...parts.flatMap((part, index) => (index === 0 ? part : ['', ...part]))]];
}

function rolesWithAccess(model: AccessModel, style: ReportStyle, width: number): string[][] {
  return model.roles.map((role) => ({ role, permissions: permissionsOf(role, model) }))
    .filter(({ permissions }) => permissions.length > 0)
    .map(({ role, permissions }) => [
      ...heading(style, `Role ${isKnown(role.name) ? role.name : 'without a name'}`, role, trustOf(role)),
      ...table(
        ['may', 'repository', 'account', 'Region', ''],
        permissions.map(({ may, repository, account, region, note }) => [may, repository, account, region, note]),
        style, width,
      ),
    ]);
}

function trustOf({ trusts }: Role): string {
  const trusted = trusts.filter(({ effect }) => effect === 'Allow').flatMap(({ principals }) => principals.map(({ value }) => value));
  return trusted.length === 0 ? '' : `, assumed by ${trusted.map((value) => parseArn(value)?.account ?? value).join(', ')}`;
}

function aboutPulls(judgements: readonly Judgement[], style: ReportStyle, width: number): string[][] {
  const told = judgements.filter(isWorthTelling);
  const rows = told.map((judgement) => {
    const { path, runtime, image: { repository, account, region } } = judgement.site;
    return [path, runtime, repository, account, region, verdictInWords(judgement)];
  });
  return rows.length === 0 ? [] : [
    table(['what', 'is a', 'image of', 'account', 'Region', 'works'], rows, style, width),
    ...told.flatMap((judgement) => remediesFor(judgement).map(({ document, statements }) => [
      style.name(`For ${judgement.site.path}, add to ${document}`),
      ...statements.map((statement) => `  ${JSON.stringify(statement)}`),
    ])),
  ];
}

function heading(style: ReportStyle, name: string, { path, account, region }: Place, more = ''): string[] {
  return [style.name(name), style.aside(`  ${path} in account ${account}, ${region}${more}`)];
}

function sizeLine(policy: Policy, style: ReportStyle): string {
  return style.aside(`  size ${count(policy.size)} of ${count(POLICY_LIMIT)} characters (${percent(policy)})`);
}

function percent({ size }: Policy): string {
  return `${Math.round(100 * size / POLICY_LIMIT)} %`;
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}
