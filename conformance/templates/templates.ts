import { mkdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { isDeepStrictEqual } from 'util';
import { App } from 'aws-cdk-lib';
import { BROKEN } from './known';
import { snapshots } from './snapshots';
import { buildConsumer } from '../../examples/consumer-app/app';
import { buildDemo } from '../../examples/demo/app';
import { buildMinimal } from '../../examples/minimal/app';
import { buildOwner } from '../../examples/owner-app/app';
import { APPS } from '../simulator/apps';
import { build } from '../simulator/build';
import { mix } from '../simulator/mixes';
import { synthesize } from '../simulator/resolve';

const MIXES = 40;
const EXAMPLES: ReadonlyArray<[string, (app: App) => unknown]> = [
  ['demo', buildDemo], ['minimal', buildMinimal], ['owner-app', buildOwner], ['consumer-app', buildConsumer],
];

/** A template in a file, with the name of the app or of the snapshot that it is from. */
export interface TemplateFile {
  readonly name: string;
  readonly file: string;
  /** Of a snapshot it is not known. */
  readonly account?: string;
  readonly region?: string;
}

interface Template extends Omit<TemplateFile, 'file'> {
  readonly body: any;
}

/** Whatever the library writes: in the demo, the examples, the snapshots, and the apps that the simulator judges, of the mixes some. What is written twice is here once. */
export function templatesIn(folder: string, part: string): TemplateFile[] {
  const examples = EXAMPLES.flatMap(([name, declare]) => synthesized(join(folder, name), name, declare));
  const apps = [...APPS, ...Array.from({ length: MIXES }, (_, seed) => mix(seed + 1))];
  const all: Template[] = [
    { name: 'broken', body: BROKEN },
    ...examples,
    ...snapshotsBeyond(examples),
    ...apps.flatMap((app, index) => synthesized(join(folder, `app-${index}`), app.name, (scope) => build(scope, app))),
  ];
  const texts = all.map(({ body }) => JSON.stringify(body, undefined, 1));
  const out = join(folder, 'all');
  mkdirSync(out);
  return all.flatMap(({ body, ...template }, index) => {
    if (texts.indexOf(texts[index]) < index || (body !== BROKEN && !template.name.includes(part))) {
      return [];
    }
    const file = join(out, `${index}.template.json`);
    writeFileSync(file, texts[index]);
    return [{ ...template, file }];
  });
}

function synthesized(outdir: string, name: string, declare: (app: App) => unknown): Template[] {
  synthesize(outdir, declare);
  const readJson = (file: string) => JSON.parse(readFileSync(join(outdir, file), 'utf8'));
  const stacks = Object.entries<any>(readJson('manifest.json').artifacts).filter(([, { type }]) => type === 'aws:cloudformation:stack');
  return stacks.map(([id, { environment, properties }]) => {
    const [account, region] = environment.replace('aws://', '').split('/');
    return { name: `${name}: ${id}`, account, region, body: readJson(properties.templateFile) };
  });
}

/** Some snapshots are parts of the examples' templates, which are judged as wholes: a part refers to what it leaves out. */
function snapshotsBeyond(examples: readonly Template[]): Template[] {
  const isPartOf = (resources: object, { body }: Template) => (
    Object.entries(resources).every(([id, one]) => isDeepStrictEqual(one, body.Resources[id])));
  return snapshots().filter(({ resources }) => !examples.some((example) => isPartOf(resources, example)))
    .map(({ name, resources }) => ({ name: `snapshot ${name}`, body: { Resources: resources } }));
}
