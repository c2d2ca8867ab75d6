import { ASSUMING } from './build';
import { Caller, DeclaredApp, inWords, nameOf, Runtime } from './declarations';
import { rolesOf } from './questions';
import { OPEN, roleAt, written } from './resolve';
import { allows } from './simulator';
import { declaredOrganizations, nextAccount, OTHER_REGION, REGION, Registry } from './world';
import { decideByResource, decisionOf } from '../../src/access/judgement/evaluate';
import { contextOfAssuming } from '../../src/access/judgement/request-context';
import { sightOf } from '../../src/access/judgement/sight';
import { AccessModel } from '../../src/access/model/model';

/** What a service says of itself when it assumes a role: nothing, or for which of its resources, which AWS then documents. */
interface Assumer {
  readonly service: string;
  readonly resource?: { readonly service: string; readonly name: string };
  /** Its resources elsewhere in the account may assume the role, too. */
  readonly inAnyRegion?: boolean;
}

/** By AWS's pages; a cache is one runtime more. */
const ASSUMERS: Readonly<Record<Exclude<Runtime, 'ASSUMED_BY_ACCOUNT'> | 'CACHE', Assumer>> = {
  /** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html */
  ECS_TASK: { service: 'ecs-tasks' },
  /** https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html */
  EKS_NODE: { service: 'ec2' },
  /** https://docs.aws.amazon.com/eks/latest/userguide/pod-execution-role.html */
  EKS_FARGATE_POD: { service: 'eks-fargate-pods', resource: { service: 'eks', name: 'fargateprofile/apps/orders/0a1b2c3d' } },
  /** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html */
  EC2_INSTANCE: { service: 'ec2' },
  /** https://docs.aws.amazon.com/apprunner/latest/dg/security_iam_service-with-iam.html */
  APP_RUNNER: { service: 'build.apprunner' },
  /** https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html */
  CODE_BUILD: { service: 'codebuild', resource: { service: 'codebuild', name: 'project/build' }, inAnyRegion: true },
  /** https://docs.aws.amazon.com/batch/latest/userguide/execution-IAM-role.html */
  BATCH_JOB: { service: 'ecs-tasks' },
  /** https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html */
  SAGEMAKER: { service: 'sagemaker', resource: { service: 'sagemaker', name: 'model/orders' } },
  /** https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private.html */
  CACHE: { service: 'pullthroughcache.ecr' },
};

const SERVICES = [...new Set([...Object.values(ASSUMERS).map(({ service }) => service), 'lambda', 'ecs', 'eks'])];

interface Asked {
  readonly caller: Caller;
  readonly action: string;
  readonly expected: boolean;
}

export interface Disagreements {
  asked: number;
  readonly ofSimulator: string[];
  readonly ofLibrary: string[];
}

/** Asks who may assume the roles of an app: what runs there, and strangers one step away. Whoever has policies of its own may do anything by them. */
export async function checkTrust(app: DeclaredApp, model: AccessModel, disagreements: Disagreements): Promise<void> {
  const sight = sightOf(model, declaredOrganizations());
  for (const { caller: role, role: path, runtime } of rolesOf(app)) {
    const { trusts } = roleAt(path, model);
    const trustPolicy = written(trusts);
    const resource = nameOf(role);
    for (const { caller, action, expected } of questionsAbout(runtime, role)) {
      const bySimulator = await allows({
        caller, action, resource, account: role.account, policy: trustPolicy, identity: caller.type === 'role' ? OPEN : undefined,
      });
      const who = { type: caller.type, name: nameOf(caller), account: caller.account };
      const context = contextOfAssuming(who, caller.type === 'service' ? caller.sourceArn : undefined, sight);
      const byLibrary = decisionOf(decideByResource(trusts, { caller: who, action, resource, context }, 'anything'));

      disagreements.asked++;
      const inFull = (judge: string, got: string) => [
        `${app.name}: ${inWords(caller)}, ${action} on ${resource}`,
        `    declared: ${expected ? 'allowed' : 'not allowed'}; ${judge}: ${got}`,
        `    trust policy: ${JSON.stringify(trustPolicy)}`,
      ].join('\n');
      if (bySimulator !== expected) {
        disagreements.ofSimulator.push(inFull('simulator', bySimulator ? 'allowed' : 'not allowed'));
      }
      if (byLibrary !== (expected ? 'allow' : 'none')) {
        disagreements.ofLibrary.push(inFull('src/access', byLibrary));
      }
    }
  }
}

function questionsAbout(runtime: Runtime | 'CACHE', { account, region }: Registry): Asked[] {
  const wanted = runtime === 'ASSUMED_BY_ACCOUNT' ? undefined : ASSUMERS[runtime];
  const here = { account, region };
  const elsewhere = { account, region: region === REGION ? OTHER_REGION : REGION };
  const next = { account: nextAccount(account), region };
  // What a service would say that says nothing of its resources, nobody knows.
  const sources: ReadonlyArray<Registry | undefined> = wanted?.resource ? [undefined, here, elsewhere, next] : [undefined];
  const isOwn = (source: Registry | undefined) => (
    !wanted?.resource || source === here || (wanted.inAnyRegion === true && source === elsewhere));

  const services = SERVICES.flatMap((service) => sources.map((source) => ({
    caller: {
      type: 'service' as const,
      account: (source ?? here).account,
      service: `${service}.amazonaws.com`,
      sourceArn: source && `arn:aws:${wanted!.resource!.service}:${source.region}:${source.account}:${wanted!.resource!.name}`,
    },
    expected: service === wanted?.service && isOwn(source),
  })));
  const roles = [account, nextAccount(account), ASSUMING, nextAccount(ASSUMING), '300000000001'].map((one) => ({
    caller: { type: 'role' as const, account: one, name: 'any' }, expected: runtime === 'ASSUMED_BY_ACCOUNT' && one === ASSUMING,
  }));
  return [...services, ...roles].flatMap(({ caller, expected }) => [
    { caller, action: 'sts:AssumeRole', expected },
    { caller, action: 'sts:TagSession', expected: false },
  ]);
}
