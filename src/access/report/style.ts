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

export function styleFor(isColoured: boolean): ReportStyle {
  return isColoured ? COLOURED : PLAIN;
}
