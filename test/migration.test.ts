import { isDeepStrictEqual } from 'util';
import { Duration, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { CONSUMER, newApp, newRole, newStack, OTHER, OWNER, templateOf } from './support';
import { EcrGrantee, SharedEcrRepository, SharedEcrRepositoryProps } from '../src';

/**
 * What a change does to a repository that is deployed.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html
 */
const UPDATE_REQUIRES: Record<string, 'replacement' | 'no interruption'> = {
  EmptyOnDelete: 'no interruption',
  EncryptionConfiguration: 'replacement',
  ImageScanningConfiguration: 'no interruption',
  ImageTagMutability: 'no interruption',
  ImageTagMutabilityExclusionFilters: 'no interruption',
  LifecyclePolicy: 'no interruption',
  RepositoryName: 'replacement',
  RepositoryPolicyText: 'no interruption',
  Tags: 'no interruption',
};

type Make = (stack: Stack) => ecr.IRepository;
type Use = (repository: ecr.IRepository, stack: Stack) => void;

/** The template of a stack with a repository, and that of a stack of the same app which uses it. */
function templatesOf(make: Make, use: Use = () => undefined): Array<Record<string, any>> {
  const app = newApp();
  const owner = newStack(app, 'Owner', OWNER);
  const neighbour = newStack(app, 'Neighbour', OWNER);
  const repository = make(owner);
  use(repository, owner);
  repository.grantPull(newRole(neighbour));
  return [owner, neighbour].map(templateOf);
}

function withL2(props: ecr.RepositoryProps): Make {
  return (stack) => new ecr.Repository(stack, 'WebApp', props);
}

function shared(props: SharedEcrRepositoryProps): Make {
  return (stack) => new SharedEcrRepository(stack, 'WebApp', props);
}

function repositoryIn({ Resources: resources }: Record<string, any>): [string, any] {
  return Object.entries<any>(resources).find(([, { Type }]) => Type === 'AWS::ECR::Repository')!;
}

/** The properties of the repository that differ. */
function changed(before: Record<string, any>, after: Record<string, any>): string[] {
  const [[, { Properties: old = {} }], [, { Properties: now = {} }]] = [repositoryIn(before), repositoryIn(after)];
  return Object.keys({ ...old, ...now }).filter((name) => !isDeepStrictEqual(old[name], now[name])).sort();
}

/** All but the repository. The order of actions, which means nothing, is left out of account. */
function othersIn(template: Record<string, any>): unknown {
  const [id] = repositoryIn(template) ?? [];
  const others = Object.entries(template.Resources).filter(([logicalId]) => logicalId !== id);
  const inOrder = (key: string, value: unknown) => (key === 'Action' && Array.isArray(value) ? [...value].sort() : value);
  return JSON.parse(JSON.stringify({ ...template, Resources: Object.fromEntries(others) }, inOrder));
}

const keyOf = (stack: Stack) => stack.node.tryFindChild('Key') as kms.Key ?? new kms.Key(stack, 'Key');
const denyPush = () => new iam.PolicyStatement({
  sid: 'OnlyFromHere',
  effect: iam.Effect.DENY,
  actions: ['ecr:PutImage'],
  principals: [new iam.AnyPrincipal()],
  conditions: { StringNotEquals: { 'aws:PrincipalAccount': OWNER.account } },
});

/** Properties that both have; what is done with the repository; and what changes by the move. */
const NAMED: Array<[string, (stack: Stack) => Partial<SharedEcrRepositoryProps>, string[], Use?]> = [
  ['a name alone', () => ({}), ['ImageScanningConfiguration', 'ImageTagMutability']],
  ['a name in a namespace', () => ({ repositoryName: 'team-a/web-app' }), ['ImageScanningConfiguration', 'ImageTagMutability']],
  ['scan on push', () => ({ imageScanOnPush: true }), ['ImageTagMutability']],
  ['no scan on push', () => ({ imageScanOnPush: false }), ['ImageTagMutability']],
  ['immutable tags', () => ({ imageTagMutability: ecr.TagMutability.IMMUTABLE }), ['ImageScanningConfiguration']],
  ['mutable tags', () => ({ imageTagMutability: ecr.TagMutability.MUTABLE }), ['ImageScanningConfiguration']],
  ['exclusion filters', () => ({
    imageTagMutability: ecr.TagMutability.MUTABLE_WITH_EXCLUSION,
    imageTagMutabilityExclusionFilters: [ecr.ImageTagMutabilityExclusionFilter.wildcard('v*')],
  }), ['ImageScanningConfiguration']],
  ['lifecycle rules', () => ({
    imageScanOnPush: true,
    imageTagMutability: ecr.TagMutability.MUTABLE,
    lifecycleRules: [{ tagStatus: ecr.TagStatus.UNTAGGED, maxImageAge: Duration.days(7) }, { tagPrefixList: ['v'], maxImageCount: 50 }, { maxImageCount: 100 }],
  }), []],
  ['a lifecycle rule that is added', () => ({}), ['ImageScanningConfiguration', 'ImageTagMutability'],
    (repository) => (repository as SharedEcrRepository).addLifecycleRule({ maxImageCount: 100 })],
  ['AES encryption', () => ({ encryption: ecr.RepositoryEncryption.AES_256 }), ['ImageScanningConfiguration', 'ImageTagMutability']],
  ['KMS encryption with the key that AWS manages', () => ({ encryption: ecr.RepositoryEncryption.KMS }), ['ImageScanningConfiguration', 'ImageTagMutability']],
  ['KMS encryption with a key', (stack) => ({ encryptionKey: keyOf(stack) }), ['ImageScanningConfiguration', 'ImageTagMutability']],
  ['tags', () => ({}), ['ImageScanningConfiguration', 'ImageTagMutability'], (repository) => Tags.of(repository).add('team', 'a')],
  ['images that are deleted with it', () => ({ removalPolicy: RemovalPolicy.DESTROY, emptyOnDelete: true }), ['ImageScanningConfiguration', 'ImageTagMutability']],
  ['a statement', () => ({}), ['ImageScanningConfiguration', 'ImageTagMutability'], (repository) => repository.addToResourcePolicy(denyPush())],
  ['a grant to a role of its account', () => ({}), ['ImageScanningConfiguration', 'ImageTagMutability'],
    (repository, stack) => repository.grantPullPush(newRole(stack))],
  ['a grant to another account', () => ({}), ['ImageScanningConfiguration', 'ImageTagMutability', 'RepositoryPolicyText'],
    (repository) => repository.grantPull(new iam.AccountPrincipal(OTHER.account))],
  ['a grant to an organization', () => ({}), ['ImageScanningConfiguration', 'ImageTagMutability', 'RepositoryPolicyText'],
    (repository) => repository.grantPull(new iam.OrganizationPrincipal('o-a1b2c3d4e5'))],
];

describe('a named ecr.Repository becomes a SharedEcrRepository under the same id', () => {
  test.each(NAMED.map(([name, ...given]) => [name, given] as const))('with %s', (_, [propsIn, changes, use]) => {
    const props = (stack: Stack): SharedEcrRepositoryProps => ({ repositoryName: 'web-app', ...propsIn(stack) });
    const [before, neighbourBefore] = templatesOf((stack) => withL2(props(stack))(stack), use);
    const [after, neighbourAfter] = templatesOf((stack) => shared(props(stack))(stack), use);

    const [[id, old], [newId, repository]] = [repositoryIn(before), repositoryIn(after)];
    expect(newId).toBe(id);
    expect([repository.DeletionPolicy, repository.UpdateReplacePolicy]).toEqual([old.DeletionPolicy, old.UpdateReplacePolicy]);
    expect(changed(before, after)).toEqual(changes);
    expect(changes.filter((name) => UPDATE_REQUIRES[name] !== 'no interruption')).toEqual([]);
    // Nothing else changes, neither here nor in a stack that refers to it.
    expect(othersIn(after)).toEqual(othersIn(before));
    expect(othersIn(neighbourAfter)).toEqual(othersIn(neighbourBefore));
  });

  test('every property that a repository can have is known to be replaced or not', () => {
    const properties = NAMED.flatMap(([, propsIn, , use]) => {
      const [after] = templatesOf((stack) => shared({ repositoryName: 'web-app', ...propsIn(stack) })(stack), use);
      return Object.keys(repositoryIn(after)[1].Properties);
    });

    expect([...new Set(properties)].sort()).toEqual(Object.keys(UPDATE_REQUIRES).sort());
  });

  test('pullers of other accounts come with the same deployment', () => {
    const [before] = templatesOf(withL2({ repositoryName: 'web-app' }));
    const [after] = templatesOf(shared({ repositoryName: 'web-app', pullers: [EcrGrantee.account(CONSUMER.account)] }));

    expect(changed(before, after)).toEqual(['ImageScanningConfiguration', 'ImageTagMutability', 'RepositoryPolicyText']);
  });

  test('another name or another encryption is what would replace it', () => {
    const [before] = templatesOf(withL2({ repositoryName: 'web-app', imageScanOnPush: true, imageTagMutability: ecr.TagMutability.IMMUTABLE }));
    const [after] = templatesOf(shared({ repositoryName: 'web-api', encryption: ecr.RepositoryEncryption.KMS }));

    expect(changed(before, after).map((name) => [name, UPDATE_REQUIRES[name]])).toEqual([
      ['EncryptionConfiguration', 'replacement'], ['RepositoryName', 'replacement'],
    ]);
  });
});

describe('tags', () => {
  const mutabilityIn = (props: Partial<SharedEcrRepositoryProps>) => {
    const [after] = templatesOf(shared({ repositoryName: 'web-app', ...props }));
    return repositoryIn(after)[1].Properties.ImageTagMutability;
  };

  test('become immutable where nothing is said of them', () => {
    expect(repositoryIn(templatesOf(withL2({ repositoryName: 'web-app' }))[0])[1].Properties.ImageTagMutability).toBeUndefined();
    expect(mutabilityIn({})).toBe('IMMUTABLE');
  });

  test('stay mutable where that is said, which is what Amazon ECR takes for nothing said', () => {
    expect(mutabilityIn({ imageTagMutability: ecr.TagMutability.MUTABLE })).toBe('MUTABLE');
  });
});

describe('an ecr.Repository without a name', () => {
  /** As CloudFormation made it: the stack, the logical id, and what makes it unique, in lower case. */
  const GENERATED = 'owner-webapp4f6de81e-x1y2z3a4b5c6';
  const AS_IT_IS: SharedEcrRepositoryProps = { repositoryName: GENERATED, imageTagMutability: ecr.TagMutability.MUTABLE, imageScanOnPush: false };
  /** What Amazon ECR has where a template says nothing. */
  const DEFAULTS = { ImageTagMutability: 'MUTABLE', ImageScanningConfiguration: { ScanOnPush: false } };

  test('has no property for its name, so to add one is a change, which replaces it', () => {
    const [before] = templatesOf(withL2({}));
    const [after] = templatesOf(shared(AS_IT_IS));

    expect(repositoryIn(before)[1].Properties?.RepositoryName).toBeUndefined();
    expect(changed(before, after).filter((name) => UPDATE_REQUIRES[name] === 'replacement')).toEqual(['RepositoryName']);
  });

  test('must be given its name', () => {
    expect(() => templatesOf(shared({} as SharedEcrRepositoryProps))).toThrow('repositoryName is undefined, but a shared repository needs a name that other accounts can know');
  });

  test('stays when it leaves the stack', () => {
    expect(repositoryIn(templatesOf(withL2({}))[0])[1]).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('is imported by its name, with a deletion policy and as it is', () => {
    const [before] = templatesOf(withL2({}));
    const [after] = templatesOf(shared(AS_IT_IS));
    const [, { Properties: asDeployed = {} }] = repositoryIn(before);

    // cdk import takes only resources with a deletion policy, and finds a repository by its name.
    expect(repositoryIn(after)[1]).toEqual({
      Type: 'AWS::ECR::Repository',
      Properties: { ...DEFAULTS, ...asDeployed, RepositoryName: GENERATED },
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  });

  test('is imported alone: nothing else in the stack changes by it', () => {
    const meanwhile: Make = (stack) => SharedEcrRepository.fromSharedEcrRepositoryAttributes(stack, 'Meanwhile', { ...OWNER, repositoryName: GENERATED });
    const use: Use = (repository, stack) => repository.grantPull(newRole(stack));
    const [out, neighbour] = templatesOf(meanwhile, use);
    const [back, neighbourThen] = templatesOf((stack) => {
      shared(AS_IT_IS)(stack);
      return meanwhile(stack);
    }, use);

    expect(othersIn(back)).toEqual(out);
    expect(neighbourThen).toEqual(neighbour);
    expect(JSON.stringify(neighbour)).not.toContain('Fn::ImportValue');
  });

  test('gets what is new once it is imported, without being replaced', () => {
    const [imported] = templatesOf(shared(AS_IT_IS));
    const [after] = templatesOf(shared({ repositoryName: GENERATED, pullers: [EcrGrantee.account(CONSUMER.account)] }));

    expect(changed(imported, after)).toEqual(['ImageScanningConfiguration', 'ImageTagMutability', 'RepositoryPolicyText']);
  });
});
