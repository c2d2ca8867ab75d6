import { Listed } from './findings';

/** A template that nobody could deploy. Its faults are listed below: were they not found, the rules would not be asked. */
export const BROKEN = {
  Resources: {
    Repository: {
      Type: 'AWS::ECR::Repository',
      Properties: { RepositoryName: 'Web App', ImageTagMutability: 'SOMETIMES', RepositoryPolicyText: { Statement: [{ Effect: 'Permit' }] } },
    },
  },
};

/** Rules about how a template is written, not about what it deploys, and why they are not asked. */
export const NOT_ASKED: Readonly<Record<string, string>> = {
  I1022: 'it prefers Fn::Sub, but the CDK writes whatever text holds a reference as Fn::Join',
  I4010: 'it wants a description of the architecture in the metadata of every template, which is for the user to write',
};

const at = (template: string, resource: string) => `${template}, ${resource}`;

const broken = (...rules: string[]): Listed[] => rules.map((rule) => (
  { rule, at: at('broken', 'Repository'), reason: 'a fault made on purpose, which must be found' }));

const functions = (template: string, ...ids: string[]): Listed[] => ids.map((id) => (
  { rule: 'W3005', at: at(template, id), reason: 'lambda.Function of the CDK waits for its role by DependsOn, too, though it refers to it' }));

/** None is of a resource that this library makes. */
export const OF_CFN_LINT: readonly Listed[] = [
  ...functions('demo: StagingPayments', 'AuthorizeD8507075', 'Refund532F98F3'),
  ...functions('demo: ProductionPayments', 'AuthorizeD8507075', 'Refund532F98F3'),
  ...functions('snapshot AWS Lambda in another account: consumer 1', 'OrdersA9B65338'),
  ...functions('snapshot replicate one repository: consumer 1', 'OrdersA9B65338'),
  ...broken('E3030', 'E3031', 'E3513', 'E3513', 'E3513'),
];

export const OF_CDK: readonly Listed[] = broken('F3031', 'W3030');
