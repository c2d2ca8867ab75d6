import { granteesOf } from './grantees';
import { Finding, OUT_OF_SIGHT } from '../findings/finding';
import { Severity } from '../findings/rules';
import { Judgement } from '../judgement/judge';
import { AccessModel } from '../model/model';
import { Place } from '../model/places';
import { Registry } from '../model/registries';

/** The version of these shapes: fields may be added to it, none removed or changed. */
export const JSON_VERSION = 1;

/** What `check` tells a machine. */
export function checkAsJson(findings: readonly Finding[]): object {
  const count = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
  return {
    version: JSON_VERSION,
    summary: { errors: count('error'), warnings: count('warning'), infos: count('info') },
    findings: findings.map(findingAsJson),
    outOfSight: OUT_OF_SIGHT,
  };
}

/** What `report` tells a machine: who pulls what from whom. */
export function reportAsJson({ repositories, registries }: AccessModel, judgements: readonly Judgement[], findings: readonly Finding[]): object {
  return {
    version: JSON_VERSION,
    repositories: repositories.map((repository) => {
      const { name, arn, policy } = repository;
      return { ...placeAsJson(repository), name, arn, policySize: policy.size, grantees: granteesOf(repository) };
    }),
    registries: registries.map(registryAsJson),
    pulls: judgements.map(pullAsJson),
    findings: findings.map(findingAsJson),
    outOfSight: OUT_OF_SIGHT,
  };
}

function placeAsJson({ path, stack, account, region, file, logicalId }: Place): object {
  return { path, stack, account, region, file, logicalId };
}

function registryAsJson(registry: Registry): object {
  const { account, region, stacks, policy, rules, templates, caches } = registry;
  return {
    account,
    region,
    stacks,
    policySize: policy.size,
    grantees: granteesOf(registry),
    replicationRules: rules.map(({ prefixes, destinations }) => ({ prefixes, destinations })),
    templates: templates.map((template) => {
      const { namespace, appliedFor, policy: own } = template;
      return { ...placeAsJson(template), namespace, appliedFor, policySize: own.size, grantees: granteesOf(template) };
    }),
    caches: caches.map((cache) => {
      const { namespace, upstream, upstreamNamespace, role } = cache;
      return { ...placeAsJson(cache), namespace, upstream, upstreamNamespace, role };
    }),
  };
}

function pullAsJson({ site, repository, verdict, impossible, owner, consumer, trust }: Judgement): object {
  const { path, runtime, stack, account, region, file, logicalId, image, puller } = site;
  return { site: path, runtime, stack, account, region, file, logicalId, image, repository, puller, verdict, impossible, owner, consumer, trust };
}

function findingAsJson(finding: Finding): object {
  const { rule, severity, runtime, repository, half, message, remedy, statements } = finding;
  const { path, stack, account, region, file, logicalId } = finding.place;
  return { rule, severity, site: path, runtime, stack, account, region, file, logicalId, repository, half, message, remedy, statements };
}

/** As lines, each value where a reader and a comparison find it. */
export function textOfJson(value: object): string[] {
  return JSON.stringify(value, undefined, 2).split('\n');
}
