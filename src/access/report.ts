import { granteesOf } from './grantees';
import { AccessModel, Place, Repository, Role } from './model';
import { permissionsOf } from './permissions';
import { isKnown, parseArn } from './text-patterns';
import { POLICY_LIMIT } from '../policy/size';

/** How parts of the report stand out. */
export interface ReportStyle {
  readonly title: (text: string) => string;
  readonly name: (text: string) => string;
  readonly aside: (text: string) => string;
}

export const PLAIN: ReportStyle = { title: (text) => text, name: (text) => text, aside: (text) => text };

export const COLOURED: ReportStyle = {
  title: (text) => `\u001b[1;36m${text}\u001b[0m`,
  name: (text) => `\u001b[1m${text}\u001b[0m`,
  aside: (text) => `\u001b[2m${text}\u001b[0m`,
};

/** Who owns, who pulls and what is pulled, as the lines of a text of at most `width` characters each, if words allow. */
export function reportOf(model: AccessModel, style: ReportStyle = PLAIN, width = 120): string[] {
  return [
    ...section('Repositories: whom the owner lets in', model.repositories.map((repository) => aboutRepository(repository, style, width)), style),
    ...section('Roles: what their own policies let them do', rolesWithAccess(model, style, width), style),
    ...section('Lambda functions: the service pulls for them, not a role', aboutFunctions(model, style, width), style),
  ];
}

/** A block of lines for each thing; no section without things. */
function section(title: string, blocks: readonly string[][], style: ReportStyle): string[] {
  return blocks.length === 0 ? [] : [style.title(title), '', ...blocks.flatMap((block) => [...block, ''])];
}

function aboutRepository(repository: Repository, style: ReportStyle, width: number): string[] {
  const rows = granteesOf(repository).map(({ who, may, sid }) => [who, may, sid]);
  const size = `size ${count(repository.policySize)} of ${count(POLICY_LIMIT)} characters (${Math.round(100 * repository.policySize / POLICY_LIMIT)} %)`;
  return [
    ...heading(style, `Repository ${repository.name}`, repository),
    ...(rows.length > 0 ? [...table(['who', 'may', 'by statement'], rows, style, width), style.aside(`  ${size}`)] : ['  nobody outside its account']),
  ];
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

function aboutFunctions({ functions }: AccessModel, style: ReportStyle, width: number): string[][] {
  const rows = functions.map(({ path, account, region, image }) => [path, account, region, image]);
  return rows.length === 0 ? [] : [table(['function', 'account', 'Region', 'image'], rows, style, width)];
}

function heading(style: ReportStyle, name: string, { path, account, region }: Place, more = ''): string[] {
  return [style.name(name), style.aside(`  ${path} in account ${account}, ${region}${more}`)];
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}

/** Aligned columns. If they are too wide together, the widest is wrapped. */
export function table(head: readonly string[], rows: readonly string[][], style: ReportStyle, width: number): string[] {
  const cells = [head, ...rows].map((row) => row.map((cell) => [cell]));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column][0].length)));
  const room = width - widths.reduce((sum, columnWidth) => sum + columnWidth + GAP, 0);
  const widest = widths.indexOf(Math.max(...widths));
  if (room < 0) {
    widths[widest] = Math.max(widths[widest] + room, MINIMUM);
    cells.forEach((row) => row[widest] = wrap(row[widest][0], widths[widest]));
    widths[widest] = Math.max(...cells.flatMap((row) => row[widest].map(({ length }) => length)));
  }
  return cells.flatMap((row, index) => lines(row, widths).map((line) => (index === 0 ? style.aside(line) : line)));
}

const GAP = 2;
const MINIMUM = 30;

function lines(row: readonly string[][], widths: readonly number[]): string[] {
  return Array.from({ length: Math.max(...row.map((cell) => cell.length)) }, (_, line) => (
    row.map((cell, column) => ' '.repeat(GAP) + (cell[line] ?? '').padEnd(widths[column])).join('').trimEnd()
  ));
}

/** Breaks a text between its words; a word that is too long stands as it is. */
function wrap(text: string, width: number): string[] {
  const wrapped = [''];
  for (const word of text.split(' ')) {
    const last = wrapped[wrapped.length - 1];
    if (last !== '' && `${last} ${word}`.length > width) {
      wrapped.push(`  ${word}`);
    } else {
      wrapped[wrapped.length - 1] = last === '' ? word : `${last} ${word}`;
    }
  }
  return wrapped;
}
