import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { ofApp } from './app-state';

const GRANTED_ELSEWHERE = Symbol.for('cdk-shared-ecr.GrantedElsewhere');

/**
 * Makes it known to the whole app that the owner of a repository grants what this app needs, though nothing in sight says so.
 *
 * @param arn the ARN of the repository, or a pattern of ARNs; what holds tokens is known only at deployment, and passes
 */
export function sayGrantedElsewhere(scope: IConstruct, arn: string): void {
  if (!Token.isUnresolved(arn)) {
    arnsIn(scope).add(arn);
  }
}

/** The ARNs, and patterns of ARNs, of which that was said. */
export function grantedElsewhere(scope: IConstruct): string[] {
  return [...arnsIn(scope)];
}

function arnsIn(scope: IConstruct): Set<string> {
  return ofApp(scope, GRANTED_ELSEWHERE, () => new Set());
}
