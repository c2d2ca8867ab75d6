import { groupBy } from '../../src/policy/value';

/** What a tool of others finds wrong. */
export interface Finding {
  readonly rule: string;
  readonly at: string;
  readonly says: string;
}

/** What it is known to find, and why that stays. */
export interface Listed {
  readonly rule: string;
  readonly at: string;
  readonly reason: string;
}

/** Findings that are not listed, or not as often, and listed ones that are not found: then the list, or the tool, is not what it was. */
export function differences(tool: string, found: readonly Finding[], listed: readonly Listed[]): string[] {
  const missing = [...listed];
  const surplus = found.filter((one) => {
    const index = missing.findIndex(({ rule, at }) => rule === one.rule && at === one.at);
    return index < 0 || missing.splice(index, 1).length === 0;
  });
  return [
    ...surplus.map(({ rule, at, says }) => `${at}: ${tool} finds ${rule}, which is not listed: ${says}`),
    ...missing.map(({ rule, at, reason }) => `${at}: ${tool} does not find ${rule}, which is listed: ${reason}`),
  ];
}

/** Why listed findings stay, each reason once. */
export function reasonsOf(listed: readonly Listed[]): string[] {
  return [...groupBy(listed, ({ reason }) => reason)].map(([reason, all]) => (
    `listed, ${all.length} of ${[...new Set(all.map(({ rule }) => rule))].join(', ')}: ${reason}`));
}
