import { resolveValue, Scope } from './intrinsics';
import { Fields, fieldsOf, Resource, StackTemplate, textOf } from './template';
import { isKnown, unknownValue } from './text-patterns';
import { partitionOf } from '../../policy/addresses';

/** How a resource gets its name, and its ARN from its name. */
interface Naming {
  readonly property: string;
  readonly arn: (name: string, scope: StackScope, properties: Fields) => string;
}

const NAMINGS: ReadonlyMap<string, Naming> = new Map([
  ['AWS::ECR::Repository', {
    property: 'RepositoryName',
    arn: (name, { partition, stack }) => `arn:${partition}:ecr:${stack.region}:${stack.account}:repository/${name}`,
  }],
  ['AWS::IAM::Role', {
    property: 'RoleName',
    arn: (name, scope, { Path: path }) => `arn:${scope.partition}:iam::${scope.stack.account}:role${textOf(scope.resolve(path) ?? '/')}${name}`,
  }],
  ['AWS::Lambda::Function', {
    property: 'FunctionName',
    arn: (name, { partition, stack }) => `arn:${partition}:lambda:${stack.region}:${stack.account}:function:${name}`,
  }],
]);

/** What the names in the template of one stack stand for, as far as the assembly tells. */
export class StackScope implements Scope {
  public readonly partition: string;
  private readonly urlSuffix: string;
  /** The values being computed: templates may be wrong and go in circles. */
  private readonly open = new Set<string>();

  /**
   * @param around the stack that this one is nested in, and this one's properties there
   */
  constructor(
    public readonly stack: StackTemplate,
    private readonly exports: Exports,
    private readonly around?: { readonly scope: StackScope; readonly properties: Fields },
  ) {
    const partition = isKnown(stack.region) ? partitionOf(stack.region) : undefined;
    this.partition = partition?.name ?? unknownValue('AWS::Partition');
    this.urlSuffix = partition?.urlSuffix ?? unknownValue('AWS::URLSuffix');
  }

  /** A value of this stack's template as the deployment will see it. */
  public resolve(value: unknown): unknown {
    return resolveValue(value, this);
  }

  public reference(name: string): unknown {
    return this.once(name, () => {
      switch (name) {
        case 'AWS::AccountId': return this.stack.account;
        case 'AWS::Region': return this.stack.region;
        case 'AWS::Partition': return this.partition;
        case 'AWS::URLSuffix': return this.urlSuffix;
        case 'AWS::StackName': return this.stack.name;
      }
      const resource = this.stack.resources.get(name);
      return resource ? this.nameOf(resource) : this.parameter(name);
    });
  }

  public attribute(logicalId: string, attribute: string): unknown {
    return this.once(`${logicalId}.${attribute}`, () => {
      const resource = this.stack.resources.get(logicalId);
      if (resource && attribute.startsWith('Outputs.')) {
        return this.nestedScope(logicalId)?.output(attribute.slice('Outputs.'.length));
      }
      const naming = resource && NAMINGS.get(resource.type);
      if (naming && attribute === 'Arn') {
        return naming.arn(this.nameOf(resource), this, resource.properties);
      }
      return resource?.type === 'AWS::ECR::Repository' && attribute === 'RepositoryUri'
        ? `${this.stack.account}.dkr.ecr.${this.stack.region}.${this.urlSuffix}/${this.nameOf(resource)}`
        : undefined;
    });
  }

  public imported(exportName: string): unknown {
    return this.once(`import ${exportName}`, () => this.exports.valueFor(this.stack, exportName));
  }

  public arnOf(logicalId: string): string {
    return textOf(this.attribute(logicalId, 'Arn'));
  }

  /** The name of a resource. Without one of its own it is made up by the deployment, and its place in the app stands for it. */
  public nameOf({ type, properties, path }: Resource): string {
    const naming = NAMINGS.get(type);
    const name = naming && this.resolve(properties[naming.property]);
    return name === undefined ? unknownValue(path) : textOf(name);
  }

  public output(name: string): unknown {
    return this.resolve(fieldsOf(this.stack.outputs[name]).Value);
  }

  public nestedScope(logicalId: string): StackScope | undefined {
    const nested = this.stack.nested.get(logicalId);
    return nested && new StackScope(nested, this.exports, { scope: this, properties: this.stack.resources.get(logicalId)!.properties });
  }

  private parameter(name: string): unknown {
    const given = fieldsOf(this.around?.properties.Parameters)[name];
    if (given !== undefined) {
      return this.around!.scope.resolve(given);
    }
    const { Type: type, Default: value } = fieldsOf(this.stack.parameters[name]);
    if (textOf(type).startsWith('AWS::SSM::')) {
      return undefined;
    }
    return type === 'CommaDelimitedList' && typeof value === 'string' ? value.split(',') : value;
  }

  private once(name: string, compute: () => unknown): unknown {
    if (this.open.has(name)) {
      return unknownValue(`${this.stack.path}/${name}`);
    }
    this.open.add(name);
    try {
      return compute() ?? unknownValue(`${this.stack.path}/${name}`);
    } finally {
      this.open.delete(name);
    }
  }
}

/** The exports of all stacks. A name stands for one value in one account and Region. */
export class Exports {
  private readonly byPlace = new Map<string, { readonly scope: StackScope; readonly output: string }>();

  public add(scope: StackScope): void {
    for (const [output, definition] of Object.entries(scope.stack.outputs)) {
      const name = fieldsOf(fieldsOf(definition).Export).Name;
      if (name !== undefined) {
        this.byPlace.set(place(scope.stack, textOf(scope.resolve(name))), { scope, output });
      }
    }
  }

  public valueFor(stack: StackTemplate, exportName: string): unknown {
    const exported = this.byPlace.get(place(stack, exportName));
    return exported?.scope.output(exported.output);
  }
}

function place({ account, region }: StackTemplate, exportName: string): string {
  return `${account} ${region} ${exportName}`;
}
