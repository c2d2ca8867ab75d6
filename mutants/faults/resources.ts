import { added, at, changed, Edit, editing, Location, Steps } from './edit';
import { Fault } from './fault';
import { ACCOUNT, OTHER_REGION, otherAccount, REGION, replaced } from './texts';
import { StackTemplate } from '../../src/access/template/template';
import { DeployedResource } from '../oracle/deploy';
import { imageOf } from '../oracle/world';

/** What one may get wrong in a resource besides the statements of its policies. `deployed` is what it becomes, `isReferred` whether others name it. */
export function resourceFaults(location: Location, deployed: DeployedResource, isReferred: boolean): Fault[] {
  return [
    ...FAULTS[location.resource.type]?.(location) ?? [],
    // Without what others of its template refer to, AWS CloudFormation refuses the template.
    ...REMOVABLE[location.resource.type] === undefined || isReferred ? [] : [removal(location, REMOVABLE[location.resource.type])],
    ...imageFaults(location, deployed),
  ];
}

const REMOVABLE: Readonly<Record<string, string>> = {
  'AWS::ECR::Repository': 'repository: not there',
  'AWS::ECR::RegistryPolicy': 'registry policy: not there',
  'AWS::ECR::ReplicationConfiguration': 'replication: not there',
  'AWS::ECR::RepositoryCreationTemplate': 'creation template: not there',
  'AWS::ECR::PullThroughCacheRule': 'cache: not there',
  'AWS::IAM::Policy': 'policy of a role: not there',
};

const FAULTS: Readonly<Record<string, (location: Location) => Fault[]>> = {
  'AWS::ECR::Repository': (location) => [
    faultOf(location, 'repository: another name', ['RepositoryName'], (name) => `${name}-x`),
    faultOf(location, 'repository: no policy', ['RepositoryPolicyText'], () => undefined),
    ...tooLong(location, ['RepositoryPolicyText']),
  ],

  'AWS::ECR::RegistryPolicy': (location) => [
    ...tooLong(location, ['PolicyText']),
    twice(location, 'registry policy: declared twice'),
  ],

  'AWS::ECR::ReplicationConfiguration': (location) => [
    twice(location, 'replication: declared twice'),
    ...replicationFaults(location),
  ],

  'AWS::ECR::RepositoryCreationTemplate': (location) => [
    faultOf(location, 'creation template: no policy', ['RepositoryPolicy'], () => undefined),
    faultOf(location, 'creation template: another prefix', ['Prefix'], () => 'other/'),
    faultOf(location, 'creation template: for something else', ['AppliedFor'], () => ['CREATE_ON_PUSH']),
  ],

  'AWS::ECR::PullThroughCacheRule': (location) => [
    faultOf(location, 'cache: another prefix', ['EcrRepositoryPrefix'], () => 'other'),
    ...altered(location, 'cache: another account as upstream', ['UpstreamRegistryUrl'], ACCOUNT, otherAccount),
    ...altered(location, 'cache: another Region as upstream', ['UpstreamRegistryUrl'], REGION, () => OTHER_REGION),
    faultOf(location, 'cache: another prefix upstream', ['UpstreamRepositoryPrefix'], () => 'other'),
    faultOf(location, 'cache: a role that is not there', ['CustomRoleArn'], () => 'arn:aws:iam::777777777777:role/nobody'),
  ],

  'AWS::IAM::Role': (location) => [
    ...[...at(location.resource.properties, ['ManagedPolicyArns'])?.keys() ?? []].map((index) => (
      faultOf(location, 'role: without a managed policy', ['ManagedPolicyArns', index], () => undefined))),
    ...[...at(location.resource.properties, ['Policies'])?.keys() ?? []].map((index) => (
      faultOf(location, 'role: without an inline policy', ['Policies', index], () => undefined))),
    faultOf(location, 'role: within another boundary', ['PermissionsBoundary'], () => 'arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy'),
    ...typeof location.resource.properties.RoleName === 'string' ? [faultOf(location, 'role: another name', ['RoleName'], (name) => `x-${name}`)] : [],
  ],

  'AWS::IAM::Policy': policyFaults,
  'AWS::IAM::ManagedPolicy': policyFaults,
};

function policyFaults(location: Location): Fault[] {
  const { resource: { properties } } = location;
  return [
    ...JSON.stringify(properties.PolicyDocument).includes('"ecr:') ? [faultOf(location, 'policy of a role: says nothing', ['PolicyDocument', 'Statement'], () => [])] : [],
    ...[...at(properties, ['Roles'])?.keys() ?? []].map((index) => faultOf(location, 'policy of a role: not attached', ['Roles', index], () => undefined)),
  ];
}

function replicationFaults(location: Location): Fault[] {
  const rules: any[] = at(location.resource.properties, ['ReplicationConfiguration', 'Rules']);
  return rules.flatMap((rule, index) => {
    const steps = ['ReplicationConfiguration', 'Rules', index];
    const destinations: any[] = rule.Destinations;
    return [
      ...rules.length > 1 ? [faultOf(location, 'replication: without a rule', steps, () => undefined)] : [],
      ...(rule.RepositoryFilters ?? []).map((_: unknown, filter: number) => (
        faultOf(location, 'replication: another prefix', [...steps, 'RepositoryFilters', filter, 'Filter'], (prefix) => `x-${prefix}`))),
      ...destinations.flatMap((_, destination) => [
        ...destinations.length > 1 ? [faultOf(location, 'replication: without a destination', [...steps, 'Destinations', destination], () => undefined)] : [],
        ...altered(location, 'replication: to another account', [...steps, 'Destinations', destination, 'RegistryId'], ACCOUNT, otherAccount),
        ...altered(location, 'replication: to another Region', [...steps, 'Destinations', destination, 'Region'], REGION, () => OTHER_REGION),
      ]),
    ];
  });
}

/** Ways to the text that names an image, and to the role that pulls it. */
const IMAGES: Readonly<Record<string, { readonly images: (properties: any) => Steps[]; readonly role?: Steps }>> = {
  'AWS::ECS::TaskDefinition': {
    images: ({ ContainerDefinitions: containers }) => containers.map((_: unknown, index: number) => ['ContainerDefinitions', index, 'Image']),
    role: ['ExecutionRoleArn'],
  },
  'AWS::Lambda::Function': { images: () => [['Code', 'ImageUri']] },
  'AWS::Batch::JobDefinition': { images: () => [['ContainerProperties', 'Image']], role: ['ContainerProperties', 'ExecutionRoleArn'] },
  'AWS::SageMaker::Model': { images: () => [['PrimaryContainer', 'Image']], role: ['ExecutionRoleArn'] },
  'AWS::CodeBuild::Project': { images: () => [['Environment', 'Image']], role: ['ServiceRole'] },
  'AWS::AppRunner::Service': {
    images: () => [['SourceConfiguration', 'ImageRepository', 'ImageIdentifier']],
    role: ['SourceConfiguration', 'AuthenticationConfiguration', 'AccessRoleArn'],
  },
  'AWS::EKS::Nodegroup': { images: () => [], role: ['NodeRole'] },
  'AWS::EKS::FargateProfile': { images: () => [], role: ['PodExecutionRoleArn'] },
  'Custom::AWSCDK-EKS-KubernetesResource': { images: () => [['Manifest']] },
};

function imageFaults(location: Location, { properties, account }: DeployedResource): Fault[] {
  const { images, role } = IMAGES[location.resource.type] ?? { images: () => [] };
  const faults = images(properties).flatMap((steps) => {
    const text = String(at(properties, steps));
    const image = imageOf(text) ?? imageOf(/"image":"([^"]+)"/.exec(text)?.[1]);
    const another = (kind: string, from: string, to: string) => faultOf(location, `image: ${kind}`, steps, () => text.replace(from, to));
    return !image ? [] : [
      another('another account', image.host, image.host.replace(image.account, otherAccount(image.account))),
      another('another Region', image.host, image.host.replace(image.region, OTHER_REGION)),
      another('another repository', `/${image.name}`, `/x-${image.name}`),
    ];
  });
  const isPulling = role !== undefined && at(properties, role) !== undefined && (faults.length > 0 || images(properties).length === 0);
  return isPulling ? [...faults, faultOf(location, 'image: pulled by a role that is not there', role, () => `arn:aws:iam::${account}:role/nobody`)] : faults;
}

/** What one may get wrong in a stack: it is deployed elsewhere. */
export function stackFaults(template: StackTemplate, stack: number, all: readonly StackTemplate[]): Fault[] {
  const { path, account, region, deployerRole } = template;
  // An import finds an export of its own account and Region only: the deployment fails.
  if (isImporting(template) || (/"Export":/.test(JSON.stringify(template.outputs)) && all.some(isImporting))) {
    return [];
  }
  const moved = (from: string, to: string, place: Partial<StackTemplate>): Fault['apply'] => (templates) => templates.map((one, index) => (
    index === stack ? movedTo(one, { ...place, deployerRole: deployerRole?.replaceAll(from, to) }) : one));
  return [
    { kind: 'stack: in another account', what: `${path} ${account}`, apply: moved(account, otherAccount(account), { account: otherAccount(account) }) },
    { kind: 'stack: in another Region', what: `${path} ${region}`, apply: moved(region, OTHER_REGION, { region: OTHER_REGION }) },
  ];
}

function isImporting({ resources }: Pick<StackTemplate, 'resources'>): boolean {
  return JSON.stringify([...resources.values()]).includes('"Fn::ImportValue"');
}

function movedTo(template: StackTemplate, to: Partial<StackTemplate>): StackTemplate {
  return { ...template, ...to, nested: new Map([...template.nested].map(([id, nested]) => [id, movedTo(nested, to)])) };
}

function faultOf(location: Location, kind: string, steps: Steps, edit: Edit): Fault {
  return { kind, what: `${location.resource.path} ${steps.join('.')}`, apply: (templates) => changed(templates, location, editing(steps, edit)) };
}

function altered(location: Location, kind: string, steps: Steps, pattern: RegExp, by: (match: string) => string): Fault[] {
  const after = replaced(at(location.resource.properties, steps), pattern, by);
  return after === undefined ? [] : [faultOf(location, kind, steps, () => after)];
}

function removal(location: Location, kind: string): Fault {
  return { kind, what: location.resource.path, apply: (templates) => changed(templates, location, () => undefined) };
}

function twice(location: Location, kind: string): Fault {
  const { resource } = location;
  const second = { ...resource, logicalId: `${resource.logicalId}Again`, path: `${resource.path}Again` };
  return { kind, what: resource.path, apply: (templates) => added(templates, location, second) };
}

/** Accounts let in by the hundred, in a statement that serves no pull. */
function tooLong(location: Location, steps: Steps): Fault[] {
  const accounts = Array.from({ length: 700 }, (_, index) => String(900_000_000_000 + index));
  const resource = steps[0] === 'PolicyText' ? { Resource: '*' } : {};
  const statement = { Sid: 'Crowd', Effect: 'Allow', Principal: { AWS: accounts }, Action: 'ecr:ListImages', ...resource };
  return at(location.resource.properties, steps) === undefined ? [] : [
    faultOf(location, 'policy: too long', [...steps, 'Statement'], (statements) => [...[statements].flat(), statement]),
  ];
}
