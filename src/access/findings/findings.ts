import { Finding } from './finding';
import { policyFindings } from './policies';
import { pullFindings } from './pulls';
import { registryFindings } from './registries';
import { replicationFindings } from './replication';
import { SEVERITIES } from './rules';
import { unusedGrantFindings } from './unused';
import { Judgement, Verdict } from '../judgement/judge';
import { Organization } from '../judgement/organizations';
import { decidingConditions, judgeWorlds } from '../judgement/worlds';
import { AccessModel } from '../model/model';

/**
 * Everything that is wrong with an app, or with several, and what is good to know: the worst first, and of what is as bad, the pulls.
 *
 * @param worlds a model for each way that the conditions of the templates may turn out
 */
export function findingsOf(worlds: readonly AccessModel[], organizations: readonly Organization[] = []): Finding[] {
  const judgements = judgeWorlds(worlds, organizations);
  const pulls = judgements.flatMap((judgement) => {
    const findings = pullFindings(judgement);
    return mayRunElsewhere(judgement, judgements) ? findings.map(onOneOfManyNodes) : findings;
  });
  const others = acrossWorlds(worlds, (world) => findingsBeyondPulls(world, organizations));
  const all = [...pulls, ...others];
  return SEVERITIES.flatMap((severity) => all.filter((finding) => finding.severity === severity));
}

/** Whether nodes are left in the cluster that may pull the image: on which of them it is to run, selectors, taints and namespaces say. */
function mayRunElsewhere({ site: { cluster }, repository }: Judgement, judgements: readonly Judgement[]): boolean {
  return cluster !== undefined && (cluster.hasOthers || judgements.some((other) => (
    other.site.cluster?.key === cluster.key && other.repository === repository && MAY_PULL.includes(other.verdict))));
}

const MAY_PULL: readonly Verdict[] = ['allowed', 'undecided', 'notInSight'];

function onOneOfManyNodes(finding: Finding): Finding {
  return finding.severity !== 'error' ? finding
    : { ...finding, severity: 'warning', message: `${finding.message}; the cluster has other nodes that may, if it is to run on those only` };
}

/** What is wrong with what a contract says is for its owner to find. */
function findingsBeyondPulls(model: AccessModel, organizations: readonly Organization[]): Finding[] {
  return [
    ...registryFindings(model),
    ...replicationFindings(model),
    ...policyFindings(model),
    ...unusedGrantFindings(model, organizations),
  ].filter(({ place }) => place.stack !== '');
}

/** Each finding once. One that is not in all worlds says what it depends on, and is no certain error. */
function acrossWorlds(worlds: readonly AccessModel[], findingsIn: (world: AccessModel) => Finding[]): Finding[] {
  const byKey = new Map<string, { readonly finding: Finding; readonly having: Set<AccessModel> }>();
  for (const world of worlds) {
    for (const finding of findingsIn(world)) {
      const key = JSON.stringify(finding);
      const known = byKey.get(key) ?? { finding, having: new Set() };
      byKey.set(key, known);
      known.having.add(world);
    }
  }
  return [...byKey.values()].map(({ finding, having }) => (having.size === worlds.length ? finding : {
    ...finding,
    severity: finding.severity === 'error' ? 'warning' : finding.severity,
    message: `${finding.message}; it depends on ${decidingConditions(worlds, (world) => String(having.has(world))).join(' and ')}`,
  }));
}
