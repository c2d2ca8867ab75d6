import { conditionHolds } from './conditions';
import { resolveValue, Scope, StackOutput } from './intrinsics';
import { partitionIn } from './partition';
import { fieldIn, Fields, fieldsOf, Resource, StackTemplate, textOf } from './template';
import { isDivisible, parseArn, splitText, unknownValue } from './text-patterns';
import { Truth } from './truth';
import { UNDECIDED, World } from './worlds';

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
  ['AWS::CodeBuild::Project', {
    property: 'Name',
    arn: (name, { partition, stack }) => `arn:${partition}:codebuild:${stack.region}:${stack.account}:project/${name}`,
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
  /** The values that are computed, or are being computed: templates may be wrong and go in circles. */
  private readonly values = new Map<string, unknown>();
  private readonly truths = new Map<string, Truth>();
  private readonly nestedScopes = new Map<string, StackScope>();

  /**
   * @param around the stack that this one is nested in, and this one's properties there
   */
  constructor(
    public readonly stack: StackTemplate,
    private readonly exports: Exports,
    private readonly around?: { readonly scope: StackScope; readonly properties: Fields },
  ) {
    const { name, urlSuffix } = partitionIn(stack.region);
    this.partition = name;
    this.urlSuffix = urlSuffix;
    [...stack.resources.values()].filter(({ type }) => NAMINGS.has(type)).forEach(({ path }) => exports.madeUpNames.add(unknownValue(path)));
  }

  /** A value of this stack's template as the deployment will see it. */
  public resolve(value: unknown): unknown {
    return this.guarded(() => resolveValue(value, this));
  }

  public holds(condition: string): Truth {
    const known = this.truths.get(condition);
    if (known !== undefined) {
      return known;
    }
    const { path, root, conditions } = this.stack;
    const scope = { path, root, conditions, resolve: (value: unknown) => this.resolve(value) };
    const truth = this.guarded(() => conditionHolds(condition, scope, this.exports.world));
    this.truths.set(condition, truth);
    return truth;
  }

  /** Whether a resource or an output is deployed, as far as can be told: what may be there counts as there. */
  public has({ condition }: { readonly condition?: unknown }): boolean {
    return typeof condition !== 'string' || this.holds(condition) !== 'no';
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

  public outputOf({ stack, output, region = this.stack.region, role }: StackOutput): unknown {
    const account = role === undefined ? this.stack.account : parseArn(role)?.account;
    return this.once(`output ${output} of ${stack} in ${account} ${region}`, () => (
      account === undefined ? undefined : this.exports.outputOf({ account, region }, stack, output)));
  }

  public mapped(map: string, topKey: string, secondKey: string): unknown {
    return fieldIn(fieldIn(fieldIn(this.stack.mappings, map), topKey), secondKey);
  }

  public isMadeUpName(unknown: string): boolean {
    return this.exports.madeUpNames.has(unknown);
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
    const { Value: value, Condition: condition } = fieldsOf(fieldIn(this.stack.outputs, name));
    return this.has({ condition }) ? this.resolve(value) : undefined;
  }

  public nestedScope(logicalId: string): StackScope | undefined {
    const nested = this.stack.nested.get(logicalId);
    if (nested && !this.nestedScopes.has(logicalId)) {
      const properties = this.stack.resources.get(logicalId)!.properties;
      this.nestedScopes.set(logicalId, new StackScope(nested, this.exports, { scope: this, properties }));
    }
    return this.nestedScopes.get(logicalId);
  }

  private parameter(name: string): unknown {
    const { Type: type, Default: byDefault } = fieldsOf(fieldIn(this.stack.parameters, name));
    if (textOf(type).startsWith('AWS::SSM::')) {
      // Its value is only the name of what it stands for.
      return undefined;
    }
    const value = this.around?.scope.resolve(fieldIn(this.around.properties.Parameters, name)) ?? byDefault;
    if (typeof value !== 'string' || !/^(CommaDelimitedList$|List<)/.test(textOf(type))) {
      return value;
    }
    return isDivisible(value, ',', (unknown) => this.isMadeUpName(unknown)) ? splitText(value, ',').map((item) => item.trim()) : undefined;
  }

  private once(name: string, compute: () => unknown): unknown {
    const unknown = unknownValue(`${this.stack.path}/${name}`);
    if (!this.values.has(name)) {
      this.values.set(name, unknown);
      const value = compute();
      this.values.set(name, isReferable(value) ? value : unknown);
    }
    return this.values.get(name);
  }

  /** Templates may be so large, or refer to each other so often, that nobody can follow. */
  private guarded<T>(compute: () => T): T {
    try {
      return compute();
    } catch (error) {
      throw error instanceof RangeError ? new Error(`${JSON.stringify(this.stack.file)} cannot be followed: too much in it refers to each other`) : error;
    }
  }
}

/** What a reference stands for: a text or a list of texts, never something larger. */
function isReferable(value: unknown): boolean {
  return Array.isArray(value) ? value.every(isPlain) : isPlain(value);
}

function isPlain(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

interface ExportedOutput {
  readonly scope: StackScope;
  readonly output: string;
}

/** What stacks can see of each other: their exports and their outputs. A name stands for one thing in one account and Region. */
export class Exports {
  /** What stands for the names that the deployment makes up, in all stacks. */
  public readonly madeUpNames = new Set<string>();
  private readonly byName = new Map<string, ExportedOutput[]>();
  private readonly stacks = new Map<string, StackScope[]>();
  /**
   * @param world what decides the conditions of the stacks that nobody can decide
   */
  constructor(public readonly world: World = UNDECIDED) {}

  public add(scope: StackScope): void {
    const { stack } = scope;
    append(this.stacks, place(stack, stack.name), scope);
    for (const [output, definition] of Object.entries(stack.outputs)) {
      const name = fieldsOf(fieldsOf(definition).Export).Name;
      if (name !== undefined) {
        append(this.byName, place(stack, textOf(scope.resolve(name))), { scope, output });
      }
    }
  }

  public valueFor(stack: Environment, exportName: string): unknown {
    const all = this.byName.get(place(stack, exportName)) ?? [];
    const [exported, ...others] = all.filter(({ scope, output }) => scope.has({ condition: fieldsOf(scope.stack.outputs[output]).Condition }));
    return others.length > 0 ? undefined : exported?.scope.output(exported.output);
  }

  /** The output of a stack, by the name of the stack. */
  public outputOf(environment: Environment, stackName: string, output: string): unknown {
    const [scope, ...others] = this.stacks.get(place(environment, stackName)) ?? [];
    return others.length > 0 ? undefined : scope?.output(output);
  }
}

type Environment = Pick<StackTemplate, 'account' | 'region'>;

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  lists.set(key, [...lists.get(key) ?? [], item]);
}

function place({ account, region }: Environment, name: string): string {
  return `${account} ${region} ${name}`;
}
