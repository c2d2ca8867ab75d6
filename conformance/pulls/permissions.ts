import { readdirSync, readFileSync, writeFileSync } from 'fs';
import { basename, join } from 'path';
import { listOf, textOf, textsOf } from '../../src/access/template/template';

/** One thing that a statement of a template says about images: that it is there, or one of several actions, callers or repositories that it names. */
export interface Permission {
  readonly file: string;
  readonly logicalId: string;
  readonly index: number;
  readonly part: 'statement' | 'action' | 'caller' | 'repository';
  /** The action, caller or repository; of a statement, its actions. */
  readonly values: readonly string[];
  /** Whether it is in a policy of a role: of the consumer half. */
  readonly ofRole: boolean;
  readonly words: string;
}

/** Where policies stand that have to do with images. */
const DOCUMENTS: Readonly<Record<string, string>> = {
  'AWS::ECR::Repository': 'RepositoryPolicyText',
  'AWS::ECR::RegistryPolicy': 'PolicyText',
  'AWS::ECR::RepositoryCreationTemplate': 'RepositoryPolicy',
  'AWS::IAM::Policy': 'PolicyDocument',
};

export function permissionsIn(outdir: string): Permission[] {
  return readdirSync(outdir).filter((name) => name.endsWith('.template.json')).map((name) => join(outdir, name)).flatMap((file) => (
    Object.entries<any>(read(file).Resources).flatMap(([logicalId, { Type: type, Properties: properties = {} }]) => {
      const { [DOCUMENTS[type]]: document, ...others } = properties;
      if (/"ecr:/.test(JSON.stringify(others))) {
        throw new Error(`${file} has a policy about images where none is looked for: in ${logicalId}, ${type}`);
      }
      return statementsOf(document).flatMap((statement, index) => permissionsOf(statement, { file, logicalId, index, ofRole: type.startsWith('AWS::IAM::') }));
    })));
}

function permissionsOf(statement: any, where: Pick<Permission, 'file' | 'logicalId' | 'index' | 'ofRole'>): Permission[] {
  const actions = textsOf(statement.Action).filter((action) => action.startsWith('ecr:'));
  const conditions = Object.values<any>(statement.Condition ?? {}).flatMap((keys) => Object.values<any>(keys));
  const oneOf = (part: Permission['part'], list: readonly unknown[]) => (list.length > 1 ? list.map((one) => ({ part, one: textOf(one) })) : []);
  const words = `${statement.Sid ?? `statement ${where.index + 1}`} of ${basename(where.file, '.template.json')}/${where.logicalId}`;
  return actions.length === 0 ? [] : [
    { ...where, part: 'statement', values: actions, words },
    ...[
      ...oneOf('action', actions),
      ...[statement.Principal?.AWS, ...conditions].flatMap((list) => oneOf('caller', listOf(list))),
      ...oneOf('repository', listOf(statement.Resource)),
    ].map(({ part, one }) => ({ ...where, part, values: [one], words: `${one} in ${words}` })),
  ];
}

/** What something comes to while the templates are without a permission. */
export function without<T>({ file, logicalId, index, part, values: [value] }: Permission, look: () => T): T {
  const before = readFileSync(file, 'utf8');
  const template = JSON.parse(before);
  const { Type: type, Properties: properties } = template.Resources[logicalId];
  const statements = statementsOf(properties[DOCUMENTS[type]]);
  const statement = statements[index];
  const others = (said: any) => said && JSON.parse(JSON.stringify(said), (_, inner) => (
    Array.isArray(inner) ? inner.filter((one) => textOf(one) !== value) : inner));
  switch (part) {
    case 'statement': statements.splice(index, 1); break;
    case 'action': statement.Action = others(statement.Action); break;
    case 'caller': Object.assign(statement, others({ Principal: statement.Principal, Condition: statement.Condition })); break;
    case 'repository': statement.Resource = others(statement.Resource);
  }
  // A creation template has its policy as text; as it is read, an object is the same.
  properties[DOCUMENTS[type]] = { Version: '2012-10-17', Statement: statements };
  try {
    writeFileSync(file, JSON.stringify(template));
    return look();
  } finally {
    writeFileSync(file, before);
  }
}

function read(file: string): any {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function statementsOf(document: any): any[] {
  return (typeof document === 'string' ? JSON.parse(document) : document)?.Statement ?? [];
}
