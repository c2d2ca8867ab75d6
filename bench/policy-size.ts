import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

export const POLICY_LIMIT = 10_240;

export interface DeployedSize {
  /** Characters of the policy as CloudFormation gives it to Amazon ECR. */
  readonly characters: number;
  /** The same if Amazon ECR stores account ids as the ARNs that they stand for, and counts those. */
  readonly charactersWithArns: number;
}

/**
 * The size of the policy of the only repository in a stack. The library measures its policies too; this is made apart from it,
 * and for the CDK's policies as well.
 */
export function deployedSize(stack: Stack): DeployedSize {
  const [repository] = Object.values(Template.fromStack(stack).findResources('AWS::ECR::Repository'));
  const policy = deployed(repository.Properties.RepositoryPolicyText);
  return { characters: JSON.stringify(policy).length, charactersWithArns: JSON.stringify(policy, idsAsArns).length };
}

/** A value of a template with what CloudFormation fills in. */
function deployed(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(deployed);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const { 'Fn::Join': join, 'Ref': reference } = value as { 'Fn::Join'?: [string, unknown[]]; 'Ref'?: string };
  if (join) {
    return join[1].map(deployed).join(join[0]);
  }
  if (reference !== undefined) {
    if (reference !== 'AWS::Partition') {
      throw new Error(`the bench cannot tell what {"Ref":"${reference}"} becomes`);
    }
    return 'aws';
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, deployed(inner)]));
}

function idsAsArns(_key: string, value: unknown): unknown {
  return typeof value === 'string' && /^\d{12}$/.test(value) ? `arn:aws:iam::${value}:root` : value;
}
