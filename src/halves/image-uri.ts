import { CfnResource, DefaultTokenResolver, IPostProcessor, IResolvable, IResolveContext, StringConcat, Token, Tokenization } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { IConstruct } from 'constructs';

const IMAGE_URI = Symbol.for('cdk-shared-ecr.ImageUri');
const FUNCTIONS_BY_REPOSITORY = Symbol.for('cdk-shared-ecr.FunctionsByRepository');

/** The URI of a repository, as a token that remembers whose it is: so we know which functions run its images. */
export class ImageUri implements IResolvable {
  public readonly creationStack: string[] = [];
  public readonly [IMAGE_URI] = true;

  constructor(public readonly repository: IConstruct, private readonly uri: string) {}

  public resolve(): string {
    return this.uri;
  }

  public toString(): string {
    return Token.asString(this, { displayHint: 'RepositoryUri' });
  }
}

/** The Lambda functions of the app whose image is in the repository. */
export function functionsRunning(repository: IConstruct): CfnFunction[] {
  const root = repository.node.root as IConstruct & { [FUNCTIONS_BY_REPOSITORY]?: Map<IConstruct, CfnFunction[]> };
  const index = root[FUNCTIONS_BY_REPOSITORY] ?? functionsByRepository(root);
  Object.defineProperty(root, FUNCTIONS_BY_REPOSITORY, { value: index, configurable: true });
  return index.get(repository) ?? [];
}

/** To be called whenever a function is about to take an image: the index is made anew when it is next asked for. */
export function forgetFunctions(scope: IConstruct): void {
  Object.defineProperty(scope.node.root, FUNCTIONS_BY_REPOSITORY, { value: undefined, configurable: true });
}

function functionsByRepository(root: IConstruct): Map<IConstruct, CfnFunction[]> {
  const index = new Map<IConstruct, CfnFunction[]>();
  for (const construct of root.node.findAll()) {
    if (CfnResource.isCfnResource(construct) && construct.cfnResourceType === CfnFunction.CFN_RESOURCE_TYPE_NAME) {
      const finder = new ImageUriFinder();
      Tokenization.resolve((construct as CfnFunction).code, { scope: construct, resolver: finder, preparing: true });
      for (const repository of finder.found) {
        index.set(repository, [...index.get(repository) ?? [], construct as CfnFunction]);
      }
    }
  }
  return index;
}

/** Resolves a value only to see whose URIs are in it. */
class ImageUriFinder extends DefaultTokenResolver {
  public readonly found = new Set<IConstruct>();

  constructor() {
    super(new StringConcat());
  }

  public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): any {
    if (IMAGE_URI in token) {
      this.found.add((token as ImageUri).repository);
      return 'image';
    }
    return super.resolveToken(token, context, postProcessor);
  }
}
