import { ImageReference, imageReferenceOf } from './image-reference';
import { Place, placeOf, resourcesOf } from './places';
import { distinct, PullSite, roleOr } from './pull-sites';
import { groupBy } from '../../policy/value';
import { jsonIn } from '../template/json';
import { StackScope } from '../template/stack-scope';
import { Fields, fieldsOf, listOf, Resource, textOf, textsOf } from '../template/template';
import { unknownValue } from '../template/text-patterns';

/**
 * What Kubernetes runs: every image of a cluster's manifests may run on any of its nodes. What a Helm chart does with its values only the chart
 * knows: an image there is a guess.
 */
export function clusterSitesOf(scopes: readonly StackScope[]): PullSite[] {
  const nodesOf = byCluster(scopes.flatMap(clusterNodesOf));
  const workloadsOf = byCluster(scopes.flatMap(workloadsIn));
  const joinersOf = byCluster(scopes.flatMap(joinersIn));
  return [...new Set([...nodesOf.keys(), ...workloadsOf.keys()])].flatMap((key) => {
    const nodes = nodesOf.get(key) ?? [];
    const roles = nodes.map(({ puller }) => (puller.type === 'role' ? puller.arn : ''));
    const hasOthers = (joinersOf.get(key) ?? []).some(({ role }) => !roles.includes(role));
    const sites = distinct(sitesOfCluster(nodes, workloadsOf.get(key) ?? []));
    return nodes.length > 1 || hasOthers ? sites.map((site) => ({ ...site, cluster: { key, hasOthers } })) : sites;
  });
}

/** A role whose machines may join a cluster as nodes, though nothing in sight says what they pull: those of Karpenter, or of an Auto Scaling group. */
interface Joiner extends OfCluster {
  readonly role: string;
}

function joinersIn(scope: StackScope): Joiner[] {
  const joiners = (type: string, rolesOf: (properties: Fields) => string[]): Joiner[] => resourcesOf(scope, type).flatMap(([, resource]) => {
    const properties = fieldsOf(scope.resolve(resource.properties));
    return rolesOf(properties).map((role) => ({ place: placeOf(scope, resource), cluster: textOf(properties.ClusterName), role }));
  });
  return [
    ...joiners('AWS::EKS::AccessEntry', ({ Type: type, PrincipalArn: role }) => (/^(EC2|HYBRID|HYPERPOD)/.test(textOf(type)) ? [textOf(role)] : [])),
    ...joiners('Custom::AWSCDK-EKS-KubernetesResource', ({ Manifest: manifest }) => listOf(jsonIn(manifest)).map(fieldsOf)
      .filter(({ kind, metadata }) => kind === 'ConfigMap' && fieldsOf(metadata).name === 'aws-auth')
      .flatMap(({ data }) => listOf(jsonIn(fieldsOf(data).mapRoles)).map(fieldsOf))
      .filter(({ groups }) => textsOf(groups).includes('system:nodes'))
      .map(({ rolearn: role }) => textOf(role))),
  ];
}

function sitesOfCluster(nodes: readonly ClusterNodes[], workloads: readonly Workload[]): PullSite[] {
  if (nodes.length === 0) {
    return workloads.flatMap(({ place, runtime, images }) => images.map((image) => (
      { ...place, runtime, image, puller: { type: 'unknown', why: 'the nodes of the cluster are not in sight' } })));
  }
  const of = (wanted: Workload['runtime']) => workloads.filter(({ runtime }) => runtime === wanted);
  return nodes.flatMap(({ place, runtime, puller, assumedFor }) => [
    ...of('Kubernetes manifest').flatMap(({ images }) => images.map((image) => ({ ...place, runtime, image, puller, ...(assumedFor && { assumedFor }) }))),
    ...of('Helm chart').flatMap((chart) => chart.images.map((image) => ({ ...chart.place, runtime: chart.runtime, image, puller }))),
  ]);
}

/** Something of a cluster: names of clusters are their own in each account and Region. */
interface OfCluster {
  readonly cluster: string;
  readonly place: Place;
}

function byCluster<T extends OfCluster>(all: readonly T[]): Map<string, T[]> {
  return groupBy(all, ({ cluster, place: { account, region } }) => `${account} ${region} ${cluster}`);
}

/** What is to run in a cluster. */
interface Workload extends OfCluster {
  readonly runtime: 'Kubernetes manifest' | 'Helm chart';
  readonly images: readonly ImageReference[];
}

function workloadsIn(scope: StackScope): Workload[] {
  const workloads = (type: string, runtime: Workload['runtime'], imagesOf: (properties: Fields) => ImageReference[]): Workload[] => (
    resourcesOf(scope, type).map(([, resource]) => {
      const properties = fieldsOf(scope.resolve(resource.properties));
      return { place: placeOf(scope, resource), runtime, cluster: textOf(properties.ClusterName), images: imagesOf(properties) };
    }));
  return [
    ...workloads('Custom::AWSCDK-EKS-KubernetesResource', 'Kubernetes manifest', ({ Manifest: manifest }) => imagesIn(jsonIn(manifest))),
    ...workloads('Custom::AWSCDK-EKS-HelmChart', 'Helm chart', ({ Values: values }) => imagesInValues(jsonIn(values))),
  ];
}

/** A node group, a Fargate profile, or the nodes that EKS manages by itself: whatever runs in their cluster may run there. */
interface ClusterNodes extends OfCluster, Pick<PullSite, 'runtime' | 'puller' | 'assumedFor'> {}

function clusterNodesOf(scope: StackScope): ClusterNodes[] {
  const nodes = (type: string, reader: (properties: Fields, resource: Resource) => Omit<ClusterNodes, 'place'> | undefined): ClusterNodes[] => (
    resourcesOf(scope, type).flatMap(([, resource]) => {
      const read = reader(fieldsOf(scope.resolve(resource.properties)), resource);
      return read ? [{ ...read, place: placeOf(scope, resource) }] : [];
    }));
  const profile = (cluster: unknown, role: unknown, { path }: Resource): Omit<ClusterNodes, 'place'> => {
    const { partition, stack: { account, region } } = scope;
    const assumedFor = `arn:${partition}:eks:${region}:${account}:fargateprofile/${textOf(cluster)}/${unknownValue(path)}`;
    return { runtime: 'EKS Fargate profile', cluster: textOf(cluster), puller: roleOr(role, 'it has no role'), assumedFor };
  };
  return [
    ...nodes('AWS::EKS::Nodegroup', ({ ClusterName: cluster, NodeRole: role }) => (
      { runtime: 'EKS node group', cluster: textOf(cluster), puller: roleOr(role, 'it has no role') })),
    ...nodes('AWS::EKS::Cluster', ({ ComputeConfig: compute }, { logicalId }) => (fieldsOf(compute).NodeRoleArn === undefined ? undefined : (
      { runtime: 'EKS Auto Mode', cluster: textOf(scope.reference(logicalId)), puller: roleOr(fieldsOf(compute).NodeRoleArn, 'it has no role') }))),
    ...nodes('AWS::EKS::FargateProfile', ({ ClusterName: cluster, PodExecutionRoleArn: role }, resource) => profile(cluster, role, resource)),
    ...nodes('Custom::AWSCDK-EKS-FargateProfile', ({ Config: config }, resource) => {
      const { clusterName: cluster, podExecutionRoleArn: role } = fieldsOf(config);
      return profile(cluster, role, resource);
    }),
  ];
}

/** Every text called `image` in a manifest that names one of a private registry. */
function imagesIn(value: unknown): ImageReference[] {
  if (Array.isArray(value)) {
    return value.flatMap(imagesIn);
  }
  return Object.entries(fieldsOf(value)).flatMap(([key, inner]) => (
    key === 'image' && typeof inner === 'string' ? imageReferenceOf(inner) ?? [] : imagesIn(inner)));
}

/** Every text in the values of a chart that names an image of a private registry: charts call them as they like, and some name the registry apart. */
function imagesInValues(value: unknown): ImageReference[] {
  if (typeof value === 'string') {
    return [imageReferenceOf(value) ?? []].flat();
  }
  const { registry, repository } = fieldsOf(value);
  const apart = typeof registry === 'string' && typeof repository === 'string' ? [`${registry}/${repository}`] : [];
  return [...(Array.isArray(value) ? value : Object.values(fieldsOf(value))), ...apart].flatMap(imagesInValues);
}
