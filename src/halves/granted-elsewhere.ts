import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

const GRANTED_ELSEWHERE = Symbol.for('cdk-shared-ecr.GrantedElsewhere');

interface Root extends IConstruct {
  readonly [GRANTED_ELSEWHERE]?: Set<string>;
}

/**
 * Makes it known to the whole app that the owner of a repository grants what this app needs, though nothing in sight says so.
 *
 * @param arn the ARN of the repository, or a pattern of ARNs; what holds tokens is known only at deployment, and passes
 */
export function sayGrantedElsewhere({ node: { root } }: IConstruct, arn: string): void {
  if (!Token.isUnresolved(arn)) {
    const { [GRANTED_ELSEWHERE]: arns = new Set<string>() } = root as Root;
    Object.defineProperty(root, GRANTED_ELSEWHERE, { value: arns.add(arn), configurable: true });
  }
}

/** The ARNs, and patterns of ARNs, of which that was said. */
export function grantedElsewhere({ node: { root } }: IConstruct): string[] {
  return [...(root as Root)[GRANTED_ELSEWHERE] ?? []];
}
