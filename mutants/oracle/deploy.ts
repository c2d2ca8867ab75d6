import { StackTemplate } from '../../src/access/template/template';

/**
 * What templates become when they are deployed, as plain literals: every name is given, every reference followed. It shares no code with the
 * reader of the library, which has to make do with what is known before.
 */

export interface DeployedResource {
  readonly path: string;
  readonly logicalId: string;
  readonly type: string;
  readonly account: string;
  readonly region: string;
  readonly properties: Json;
  /** What `Ref` returns. */
  readonly name: string;
  readonly arn: string;
}

/** Literals, as they stand in a template. */
export type Json = any;

/** The resources of all stacks, nested ones included. */
export function deploy(templates: readonly StackTemplate[]): DeployedResource[] {
  const stacks = templates.flatMap((template) => family(template));
  const exports = new Map<string, () => unknown>();
  for (const stack of stacks) {
    for (const output of Object.values<Json>(stack.template.outputs)) {
      if (output?.Export !== undefined) {
        exports.set(`${stack.template.account} ${stack.template.region} ${String(valueOf(output.Export.Name, stack, exports))}`, () => valueOf(output.Value, stack, exports));
      }
    }
  }
  return stacks.flatMap((stack) => [...stack.template.resources.values()].map(({ path, logicalId, type, properties }) => ({
    path,
    logicalId,
    type,
    account: stack.template.account,
    region: stack.template.region,
    properties: ABOUT_IMAGES.test(type) ? valueOf(properties, stack, exports) : {},
    name: nameOf(stack, logicalId, exports),
    arn: arnOf(stack, logicalId, exports),
  })));
}

/** What says anything about images: of other resources the properties are of no interest. */
const ABOUT_IMAGES = /^AWS::(ECR|IAM)::|^AWS::(ECS::TaskDefinition|Lambda::Function|Batch::JobDefinition|SageMaker::Model|CodeBuild::Project)$|AppRunner|EKS/;

interface Stack {
  readonly template: StackTemplate;
  readonly nested: Map<string, Stack>;
  readonly around?: { readonly stack: Stack; readonly parameters: Json };
}

type Exports = ReadonlyMap<string, () => unknown>;

function family(template: StackTemplate, around?: Stack['around']): Stack[] {
  const stack: Stack = { template, nested: new Map(), around };
  const inner = [...template.nested].flatMap(([logicalId, nested]) => {
    const all = family(nested, { stack, parameters: (template.resources.get(logicalId)!.properties as Json).Parameters ?? {} });
    stack.nested.set(logicalId, all[0]);
    return all;
  });
  return [stack, ...inner];
}

function valueOf(value: unknown, stack: Stack, exports: Exports): unknown {
  const of = (inner: unknown) => valueOf(inner, stack, exports);
  if (Array.isArray(value)) {
    return value.map(of).filter((one) => one !== undefined);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const [[name, argument] = ['', undefined], ...others] = Object.entries<Json>(value);
  if (others.length === 0) {
    switch (name) {
      case 'Ref': return argument === 'AWS::NoValue' ? undefined : referenceOf(argument, stack, exports);
      case 'Fn::GetAtt': return attributeOf(...(Array.isArray(argument) ? argument : argument.split('.')) as [string, string], stack, exports);
      case 'Fn::Join': return (of(argument[1]) as unknown[]).join(argument[0]);
      case 'Fn::Split': return String(of(argument[1])).split(argument[0]);
      case 'Fn::Select': return (of(argument[1]) as unknown[])[Number(argument[0])];
      case 'Fn::ImportValue': return exports.get(`${stack.template.account} ${stack.template.region} ${String(of(argument))}`)?.() ?? 'nothing-is-exported';
      case 'Fn::Sub': return String(argument).replace(/\$\{([^}]*)\}/g, (_, reference: string) => String(
        reference.includes('.') ? attributeOf(...reference.split('.') as [string, string], stack, exports) : referenceOf(reference, stack, exports)));
    }
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, of(inner)]).filter(([, inner]) => inner !== undefined));
}

function referenceOf(name: string, stack: Stack, exports: Exports): unknown {
  const { template, around } = stack;
  switch (name) {
    case 'AWS::AccountId': return template.account;
    case 'AWS::Region': return template.region;
    case 'AWS::Partition': return 'aws';
    case 'AWS::URLSuffix': return 'amazonaws.com';
    case 'AWS::StackName': return template.name;
    case 'AWS::StackId': return `arn:aws:cloudformation:${template.region}:${template.account}:stack/${template.name}/1`;
  }
  if (around?.parameters[name] !== undefined) {
    return valueOf(around.parameters[name], around.stack, exports);
  }
  const parameter = template.parameters[name] as Json;
  return parameter !== undefined ? parameter.Default ?? `given-${name}` : nameOf(stack, name, exports);
}

function nameOf(stack: Stack, logicalId: string, exports: Exports): string {
  const resource = stack.template.resources.get(logicalId);
  const generated = `${stack.template.path.replace(/[^A-Za-z0-9]/g, '-')}-${logicalId}-1GENERATED`;
  const given = (property: string) => String(valueOf((resource?.properties as Json)[property], stack, exports) ?? generated);
  switch (resource?.type) {
    case 'AWS::ECR::Repository': return given('RepositoryName');
    case 'AWS::IAM::Role': return given('RoleName');
    case 'AWS::Lambda::Function': return given('FunctionName');
    case 'AWS::IAM::ManagedPolicy': return arnOf(stack, logicalId, exports);
    default: return generated;
  }
}

function arnOf(stack: Stack, logicalId: string, exports: Exports): string {
  const { account, region, resources } = stack.template;
  const resource = resources.get(logicalId);
  const { Path: path = '/', ManagedPolicyName: policy = logicalId } = (resource?.properties ?? {}) as Json;
  switch (resource?.type) {
    case 'AWS::ECR::Repository': return `arn:aws:ecr:${region}:${account}:repository/${nameOf(stack, logicalId, exports)}`;
    case 'AWS::IAM::Role': return `arn:aws:iam::${account}:role${path}${nameOf(stack, logicalId, exports)}`;
    case 'AWS::IAM::ManagedPolicy': return `arn:aws:iam::${account}:policy${path}${policy}`;
    case 'AWS::Lambda::Function': return `arn:aws:lambda:${region}:${account}:function:${nameOf(stack, logicalId, exports)}`;
    default: return `arn:aws:something:${region}:${account}:${logicalId}`;
  }
}

function attributeOf(logicalId: string, attribute: string, stack: Stack, exports: Exports): unknown {
  if (attribute.startsWith('Outputs.')) {
    const nested = stack.nested.get(logicalId);
    return nested && valueOf((nested.template.outputs[attribute.slice('Outputs.'.length)] as Json)?.Value, nested, exports);
  }
  switch (attribute) {
    case 'Arn': return arnOf(stack, logicalId, exports);
    case 'RepositoryUri': return `${stack.template.account}.dkr.ecr.${stack.template.region}.amazonaws.com/${nameOf(stack, logicalId, exports)}`;
    default: return `${logicalId}.${attribute}`;
  }
}
