import { at, Location, locationsIn, Steps } from './edit';
import { Fault } from './fault';
import { resourceFaults, stackFaults } from './resources';
import { Document, statementFaults } from './statements';
import { StackTemplate } from '../../src/access/template/template';
import { deploy } from '../oracle/deploy';

/** Every single fault of an app, in the order of its templates. */
export function faultsOf(templates: readonly StackTemplate[]): Fault[] {
  const deployed = deploy(templates);
  const resources = locationsIn(templates);
  return [
    ...resources.flatMap((location) => documentsOf(location).flatMap(statementFaults)),
    ...resources.flatMap((location, index) => resourceFaults(location, deployed[index], isReferred(location, templates))),
    ...templates.flatMap(stackFaults),
  ];
}

function isReferred({ stack, nested, resource }: Location, templates: readonly StackTemplate[]): boolean {
  const { resources, outputs } = nested.reduce((template, id) => template.nested.get(id)!, templates[stack]);
  const others = [...resources.values()].filter(({ logicalId }) => logicalId !== resource.logicalId).map(({ properties }) => properties);
  return JSON.stringify([...others, outputs]).includes(`"${resource.logicalId}"`);
}

const DOCUMENTS: Readonly<Record<string, ReadonlyArray<readonly [kind: string, steps: Steps]>>> = {
  'AWS::ECR::Repository': [['repository policy', ['RepositoryPolicyText']]],
  'AWS::ECR::RegistryPolicy': [['registry policy', ['PolicyText']]],
  'AWS::ECR::RepositoryCreationTemplate': [['policy of a template', ['RepositoryPolicy']]],
  'AWS::IAM::Role': [['trust policy', ['AssumeRolePolicyDocument']]],
  'AWS::IAM::Policy': [['identity policy', ['PolicyDocument']]],
  'AWS::IAM::ManagedPolicy': [['identity policy', ['PolicyDocument']]],
};

function documentsOf(location: Location): Document[] {
  const { type, properties } = location.resource;
  const inline: any[] = type === 'AWS::IAM::Role' ? at(properties, ['Policies']) ?? [] : [];
  return [
    ...(DOCUMENTS[type] ?? []).map(([kind, steps]) => ({ kind, steps, location })),
    ...inline.map((_, index) => ({ kind: 'identity policy', steps: ['Policies', index, 'PolicyDocument'], location })),
  ].filter(({ steps }) => typeof at(properties, steps) === 'object');
}
