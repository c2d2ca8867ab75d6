import { readFileSync } from 'fs';
import { join, resolve } from 'path';
import { parseJson } from './json';
import { partitionIn } from './partition';
import { Fields, fieldsOf, isFields, Resource, StackTemplate, textOf, textsOf } from './template';
import { unknownValue } from './text-patterns';

/** A directory of the assembly: that of the app, or that of a Stage. */
interface Directory {
  readonly path: string;
  readonly artifacts: ReadonlyArray<readonly [id: string, artifact: Fields]>;
  /** The files that are uploaded, by what they are called where they are uploaded to: nested stacks are referred to so. */
  readonly uploads: ReadonlyMap<string, string>;
  /** The construct paths of the nested stacks that were read. */
  readonly nested: Set<string>;
}

/** More nested stacks than these no app has; but few templates that nest each other many times can have more than the memory holds. */
const NESTED_STACKS = 5_000;

/**
 * Reads the templates of a cloud assembly: of all Stages, and with their nested stacks.
 *
 * @param path the directory that `cdk synth` wrote
 * @throws if it is not a cloud assembly, or a file of it cannot be read
 */
export function readAssembly(path: string): StackTemplate[] {
  return readStage(path, new Set());
}

function readStage(path: string, seen: Set<string>): StackTemplate[] {
  if (seen.has(resolve(path))) {
    throw new Error(`the cloud assembly in ${JSON.stringify(path)} contains itself; run "cdk synth" again`);
  }
  seen.add(resolve(path));
  const directory = readDirectory(path);
  return directory.artifacts.flatMap(([id, artifact]) => {
    switch (artifact.type) {
      case 'aws:cloudformation:stack':
        return [readStack(directory, id, artifact)];
      case 'cdk:cloud-assembly':
        return readStage(join(path, nameIn(directory, id, artifact, 'directoryName')), seen);
      default:
        return [];
    }
  });
}

function readDirectory(path: string): Directory {
  const file = join(path, 'manifest.json');
  const artifacts = Object.entries(fieldsOf(readManifest(file).artifacts)).map(([id, artifact]) => [id, fieldsOf(artifact)] as const);
  const directory = { path, artifacts, uploads: new Map<string, string>(), nested: new Set<string>() };
  for (const [id, artifact] of artifacts.filter(([, { type }]) => type === 'cdk:asset-manifest')) {
    const { files } = readJson(join(path, nameIn(directory, id, artifact, 'file')));
    for (const { source, destinations } of Object.values(fieldsOf(files)).map(fieldsOf)) {
      Object.values(fieldsOf(destinations)).forEach((destination) => {
        const { objectKey: key } = fieldsOf(destination);
        if (typeof key === 'string' && key !== '') {
          directory.uploads.set(key, textOf(fieldsOf(source).path));
        }
      });
    }
  }
  return directory;
}

const WHAT_IT_IS = 'a cloud assembly is the directory that "cdk synth" wrote, by default cdk.out';

function readManifest(file: string): Fields {
  let manifest: Fields;
  try {
    manifest = readJson(file);
  } catch (error) {
    throw new Error(`${(error as Error).message}; ${WHAT_IT_IS}`);
  }
  if (!isFields(manifest.artifacts)) {
    throw new Error(`${JSON.stringify(file)} is not the manifest of a cloud assembly: it has no artifacts; ${WHAT_IT_IS}`);
  }
  return manifest;
}

function readStack(directory: Directory, id: string, artifact: Fields): StackTemplate {
  const properties = fieldsOf(artifact.properties);
  const [, account, region] = /^aws:\/\/(\d{12}|unknown-account)\/([^/]+)$/.exec(textOf(artifact.environment)) ?? [];
  const { additionalMetadataFile: metadataFile } = artifact;
  const metadata = typeof metadataFile === 'string' ? readJson(join(directory.path, metadataFile)) : fieldsOf(artifact.metadata);
  const place = {
    account: account === undefined || account === 'unknown-account' ? unknownValue('AWS::AccountId') : account,
    region: region === undefined || region === 'unknown-region' ? unknownValue('AWS::Region') : region,
  };
  return readTemplate(directory, {
    ...place,
    path: pathOf(id, artifact),
    root: pathOf(id, artifact),
    name: textOf(properties.stackName ?? id),
    deployerRole: deployerRoleIn(place, properties.cloudFormationExecutionRoleArn),
    file: join(directory.path, nameIn(directory, id, artifact, 'templateFile')),
    after: directory.artifacts
      .filter(([other, { type }]) => type === 'aws:cloudformation:stack' && textsOf(artifact.dependencies).includes(other))
      .map(([other, stack]) => pathOf(other, stack)),
  }, constructPaths(metadata), { tags: fieldsOf(properties.tags), around: [] });
}

/** Manifests write what depends on the place as placeholders, also where it is known. */
function deployerRoleIn({ account, region }: Pick<StackTemplate, 'account' | 'region'>, role: unknown): string | undefined {
  return typeof role !== 'string' ? undefined : role
    .replaceAll('${AWS::Partition}', partitionIn(region).name).replaceAll('${AWS::AccountId}', account).replaceAll('${AWS::Region}', region);
}

function pathOf(id: string, { displayName }: Fields): string {
  return textOf(displayName ?? id);
}

type Identity = Pick<StackTemplate, 'path' | 'root' | 'name' | 'account' | 'region' | 'file' | 'deployerRole' | 'after'>;

/** What a nested stack has of those around it. */
interface Surroundings {
  /** The tags of the stack. */
  readonly tags: Fields;
  /** The files of the templates around this one. */
  readonly around: readonly string[];
}

function readTemplate(directory: Directory, stack: Identity, paths: ReadonlyMap<string, string>, { tags, around }: Surroundings): StackTemplate {
  const template = readJson(stack.file);
  const resources = new Map<string, Resource>();
  const nested = new Map<string, StackTemplate>();
  for (const [logicalId, value] of Object.entries(fieldsOf(template.Resources))) {
    const { Type, Properties, Metadata, Condition } = fieldsOf(value);
    const type = textOf(Type);
    const properties = withTags(fieldsOf(Properties), TAGGED.includes(type) ? tags : {});
    const metadata = fieldsOf(Metadata);
    const path = textOf(metadata['aws:cdk:path'] ?? paths.get(logicalId) ?? `${stack.path}/${logicalId}`);
    const condition = typeof Condition === 'string' ? Condition : undefined;
    resources.set(logicalId, { logicalId, type, properties, path: path.replace(/\/Resource$/, ''), condition });
    const file = type === 'AWS::CloudFormation::Stack' ? nestedTemplateFile(directory, properties, metadata) : undefined;
    if (file !== undefined && file !== stack.file && !around.includes(file)) {
      const identity = { ...stack, path: `${stack.path}/${logicalId}`, name: unknownValue(logicalId), file };
      if (directory.nested.add(identity.path).size > NESTED_STACKS) {
        throw new Error(`${JSON.stringify(join(directory.path, 'manifest.json'))} leads to more than ${NESTED_STACKS} nested stacks, such as ${JSON.stringify(identity.path)}`);
      }
      nested.set(logicalId, readTemplate(directory, identity, new Map(), { tags, around: [...around, stack.file] }));
    }
  }
  const [parameters, mappings, conditions, outputs] = [template.Parameters, template.Mappings, template.Conditions, template.Outputs].map(fieldsOf);
  return { ...stack, resources, nested, parameters, mappings, conditions, outputs };
}

/** What has tags that policies may ask for. */
const TAGGED = ['AWS::ECR::Repository', 'AWS::IAM::Role'];

/** AWS CloudFormation gives the tags of a stack to what it makes, unless that has others of the same keys. */
function withTags(properties: Fields, tags: Fields): Fields {
  const { Tags: own = [] } = properties;
  const ofStack = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return ofStack.length > 0 && Array.isArray(own) ? { ...properties, Tags: [...ofStack, ...own] } : properties;
}

/** A nested template is named by the address that it is uploaded to, or, if the app was synthesized by the CDK's command, by its file. */
function nestedTemplateFile({ path, uploads }: Directory, { TemplateURL }: Fields, metadata: Fields): string | undefined {
  const url = textOf(TemplateURL);
  const file = metadata['aws:asset:path'] ?? [...uploads].find(([key]) => url.includes(key))?.[1];
  return file === undefined ? undefined : join(path, textOf(file));
}

/** Construct paths by logical ids. Stacks that are nested share the list with the one around them; what stands there twice tells nothing. */
function constructPaths(metadata: Fields): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  const twice = new Set<string>();
  for (const [path, entries] of Object.entries(metadata)) {
    for (const { type, data } of (Array.isArray(entries) ? entries : []).map(fieldsOf)) {
      if (type === 'aws:cdk:logicalId' && typeof data === 'string') {
        if (paths.has(data)) {
          twice.add(data);
        }
        paths.set(data, path.replace(/^\//, ''));
      }
    }
  }
  twice.forEach((logicalId) => paths.delete(logicalId));
  return paths;
}

function nameIn({ path }: Pick<Directory, 'path'>, id: string, artifact: Fields, property: string): string {
  const name = fieldsOf(artifact.properties)[property];
  if (typeof name !== 'string') {
    throw new Error(`${JSON.stringify(join(path, 'manifest.json'))} is damaged: artifact ${JSON.stringify(id)} has no ${property}; run "cdk synth" again`);
  }
  return name;
}

function readJson(file: string): Fields {
  const where = JSON.stringify(file);
  let value: unknown;
  try {
    value = parseJson(readFileSync(file, 'utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(code === undefined ? `${where} is not JSON: ${message}` : `${where} cannot be read: ${code === 'ENOENT' ? 'there is no such file' : message}`);
  }
  if (!isFields(value)) {
    throw new Error(`${where} holds no object, but ${JSON.stringify(value).slice(0, 40)}`);
  }
  return value;
}
