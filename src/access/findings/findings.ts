import { Finding } from './finding';
import { pullFindings } from './pulls';
import { judge, Organization } from '../judgement/judge';
import { AccessModel } from '../model/model';

/** Everything that is wrong with the pulls of an app, or of several, and what is good to know. */
export function findingsOf(model: AccessModel, organizations: readonly Organization[] = []): Finding[] {
  const judgements = judge(model, organizations);
  return judgements.flatMap(pullFindings);
}
