import { isIntrinsic } from './value';

/**
 * The most characters that a repository policy or a registry policy may have. Not adjustable.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SetRepositoryPolicy.html
 */
export const POLICY_LIMIT = 10_240;

export interface PolicySize {
  /** Characters of the policy as it is deployed, without white space. */
  readonly characters: number;
  /** The same if ECR stores bare account ids as ARNs of the root, and counts those: whether it does is not known. */
  readonly charactersWithArns: number;
  /** The statements, biggest first. */
  readonly contributors: ReadonlyArray<{ readonly sid: string; readonly characters: number }>;
}

/** Measures a policy document. What only a deployment knows counts with the least it can be. */
export function sizeOfPolicy(document: { readonly Statement: readonly object[] }): PolicySize {
  const characters = lengthOf(document);
  return {
    characters,
    charactersWithArns: characters + document.Statement.reduce((sum, statement) => sum + growthByArns(statement), 0),
    contributors: document.Statement
      .map((statement, index) => ({ sid: (statement as { Sid?: string }).Sid ?? `statement ${index + 1}`, characters: lengthOf(statement) }))
      .sort((a, b) => b.characters - a.characters),
  };
}

function growthByArns(statement: object): number {
  const principal = (statement as { Principal?: unknown }).Principal;
  const aws = typeof principal === 'object' && principal !== null ? (principal as { AWS?: unknown }).AWS : undefined;
  const ids = (Array.isArray(aws) ? aws : [aws]).filter((id) => typeof id === 'string' && /^\d{12}$/.test(id));
  return ids.length * 'arn:aws:iam:::root'.length;
}

/** The characters that a value has as JSON without white space. */
function lengthOf(value: unknown): number {
  const text = JSON.stringify(value);
  return /"(Ref|Fn::)/.test(text) ? lengthWithIntrinsics(value) : text.length;
}

function lengthWithIntrinsics(value: unknown): number {
  if (Array.isArray(value)) {
    return 2 + separators(value.length) + value.reduce((sum: number, item) => sum + lengthOf(item), 0);
  }
  if (isIntrinsic(value)) {
    return 2 + textLengthOf(value);
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    return 2 + separators(entries.length) + entries.reduce((sum, [key, inner]) => sum + JSON.stringify(key).length + 1 + lengthOf(inner), 0);
  }
  return JSON.stringify(value).length;
}

function separators(count: number): number {
  return Math.max(0, count - 1);
}

/** The least that pseudo parameters can be: a 12-digit id, `aws`, `us-east-1`. */
const PSEUDO_PARAMETERS: Record<string, number> = { 'AWS::AccountId': 12, 'AWS::Partition': 3, 'AWS::Region': 9 };

function textLengthOf(value: unknown): number {
  if (typeof value === 'string') {
    return JSON.stringify(value).length - 2;
  }
  const { Ref: reference, 'Fn::Join': join } = value as { 'Ref'?: string; 'Fn::Join'?: [string, unknown[]] };
  if (Array.isArray(join?.[1])) {
    return join[1].reduce((sum: number, part) => sum + textLengthOf(part), 0) + separators(join[1].length) * textLengthOf(join[0]);
  }
  return PSEUDO_PARAMETERS[reference ?? ''] ?? 0;
}
