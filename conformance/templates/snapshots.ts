import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { runInNewContext } from 'vm';

const FOLDER = join(__dirname, '../../test/__snapshots__');

/** What the unit tests keep of templates. */
export function snapshots(): Array<{ readonly name: string; readonly resources: object }> {
  return readdirSync(FOLDER).flatMap((file) => {
    const exports: Record<string, string> = {};
    runInNewContext(readFileSync(join(FOLDER, file), 'utf8'), { exports });
    return Object.entries(exports).map(([name, text]) => ({ name, resources: parse(text) }));
  });
}

/** Jest writes texts without escapes, each on a line of its own, and a comma after every value. */
function parse(snapshot: string): object {
  const lines = snapshot.trim().split('\n').map((line) => line.replace(/^(\s*(?:"[^"]*": )?)"(.*)",$/, (_, key, text) => `${key}${JSON.stringify(text)},`));
  return JSON.parse(lines.join('\n').replace(/,(\n\s*[\]}])/g, '$1'));
}
