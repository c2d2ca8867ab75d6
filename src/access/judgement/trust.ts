import { Caller, decideByResource, Decision, decisionOf, either, OPAQUE, Request } from './evaluate';
import { GRANTED, Half, NOT_NEEDED, partsAsAnything, whyOf } from './halves';
import { contextOfAssuming } from './request-context';
import { Sight } from './sight';
import { partitionOf } from '../../policy/addresses';
import { PullSite, Runtime } from '../model/pull-sites';
import { Role } from '../model/roles';
import { partitionIn } from '../template/partition';
import { isKnown, parseArn, unknownValue } from '../template/text-patterns';

/** How a service assumes the roles that pull for it. */
interface Service {
  /** Without the suffix of the partition. */
  readonly name: string;
  /**
   * The service in the ARNs on behalf of which it says to assume them, where AWS documents that it says so: trust policies may ask for that against the
   * confused deputy. Of others nobody knows whether they say anything.
   */
  readonly source?: string;
}

const ECS: Service = { name: 'ecs-tasks', source: 'ecs' };

/** By what roles are assumed. What is not here pulls by no role, or by one that whoever likes may assume. */
const SERVICES: Partial<Readonly<Record<Runtime, Service>>> = {
  'ECS task': ECS,
  'Batch job': { name: ECS.name },
  'App Runner service': { name: 'build.apprunner' },
  'CodeBuild project': { name: 'codebuild', source: 'codebuild' },
  'SageMaker model': { name: 'sagemaker', source: 'sagemaker' },
  'EKS node group': { name: 'ec2' },
  'EKS Auto Mode': { name: 'ec2' },
  'EKS Fargate profile': { name: 'eks-fargate-pods', source: 'eks' },
  'CodePipeline source': { name: 'codepipeline' },
  'pull-through cache': { name: 'pullthroughcache.ecr' },
};

export const ASSUME_ACTION = 'sts:AssumeRole';

/** Whether what runs an image can assume the role that pulls it. */
export function trustOf(site: PullSite, role: Role, sight: Sight): Half {
  const assumers = assumersOf(site);
  if (role.trustPolicy === 'missing' || assumers.length === 0) {
    return NOT_NEEDED;
  }
  const requests = assumers.map(({ caller, sources }) => sources
    .map((source) => ({ caller, action: ASSUME_ACTION, resource: role.arn, context: contextOfAssuming(caller, source, sight) })));
  const opinionOn = (request: Request) => {
    const inSight = decideByResource(role.trusts, request, 'anything');
    return role.trustPolicy === 'unknown' ? either(inSight, OPAQUE) : inSight;
  };
  // A service has a name of its own in some partitions, and is known by the other one as well.
  const decisions = requests.map((ofOne) => whicheverItIs(ofOne.map((request) => decisionOf(opinionOn(request)))));
  const decision = (['allow', 'undecided', 'none', 'deny'] as const).find((one) => decisions.includes(one))!;
  const state = ({ allow: 'granted', undecided: 'undecided', none: 'missing', deny: 'denied' } as const)[decision];
  const why = () => whyOf(role.trusts, requests.flat(), partsAsAnything) ?? 'a condition or a value of the trust policy of the role is known only at deployment';
  return state === 'granted' ? GRANTED : { state, actions: [ASSUME_ACTION], why: state === 'undecided' ? [why()] : [] };
}

/** Whether the source is told nobody knows: what is so either way is so. */
function whicheverItIs(decisions: readonly Decision[]): Decision {
  return decisions.every((decision) => decision === decisions[0]) ? decisions[0] : 'undecided';
}

interface Assumer {
  readonly caller: Caller;
  /** The ARNs on behalf of which it may say to assume the role; undefined for none. */
  readonly sources: ReadonlyArray<string | undefined>;
}

function assumersOf({ runtime, account, region, assumedFor, assumedBy }: PullSite): Assumer[] {
  if (assumedBy !== undefined) {
    return [{ caller: { type: 'role', name: assumedBy, account: parseArn(assumedBy)?.account ?? account }, sources: [undefined] }];
  }
  const service = SERVICES[runtime];
  if (!service) {
    return [];
  }
  const { name: partition, urlSuffix } = partitionIn(region);
  const source = assumedFor ?? `arn:${partition}:${service.source ?? service.name}:${region}:${account}:${unknownValue('what runs the image')}`;
  return [...new Set(['amazonaws.com', urlSuffix])].map((suffix) => (
    { caller: { type: 'service', name: `${service.name}.${suffix}`, account }, sources: service.source === undefined ? [source, undefined] : [source] }));
}

/** Who is to assume the role that pulls: a service, or a role by its ARN. */
export function assumerOf(site: PullSite): string {
  return assumersOf(site)[0].caller.name;
}

/** The statement by which a role lets what runs an image assume it. */
export function trustStatementFor(site: PullSite): object {
  const [{ caller }] = assumersOf(site);
  const { account, region } = site;
  const source = SERVICES[site.runtime]?.source;
  const isClosed = caller.type === 'service' && source !== undefined && isKnown(account) && isKnown(region);
  return {
    Effect: 'Allow',
    Principal: caller.type === 'service' ? { Service: caller.name } : { AWS: caller.name },
    Action: ASSUME_ACTION,
    ...(isClosed && { Condition: { ArnLike: { 'aws:SourceArn': `arn:${partitionOf(region).name}:${source}:${region}:${account}:*` } } }),
  };
}
