import { clusterSitesOf } from '../../../src/access/model/cluster-sites';
import { PullSite } from '../../../src/access/model/pull-sites';
import { scopeOf } from '../support';

const HOST = '222222222222.dkr.ecr.us-east-1.amazonaws.com';
const IMAGE = `${HOST}/web-app:v1`;
const ROLE = 'arn:aws:iam::111111111111:role/app';
const BY_ROLE = { type: 'role', arn: ROLE };
const CLUSTER = { Ref: 'Cluster' };

const sitesOf = (Resources: Record<string, any>) => clusterSitesOf([scopeOf({ Resources })]);
const inShort = (sites: readonly PullSite[]) => sites.map(({ path, runtime, image: { repository }, puller }) => [path.replace('Stack/', ''), runtime, repository, puller]);
const nobody = (why: string) => ({ type: 'unknown', why });

const manifest = (ClusterName: unknown, ...images: unknown[]) => ({
  Type: 'Custom::AWSCDK-EKS-KubernetesResource',
  Properties: {
    ClusterName,
    Manifest: JSON.stringify([{ kind: 'Deployment', spec: { template: { spec: { containers: images.map((image) => ({ name: 'app', image })) } } } }]),
  },
});
const chart = (Values: unknown) => ({ Type: 'Custom::AWSCDK-EKS-HelmChart', Properties: { ClusterName: CLUSTER, Values: typeof Values === 'string' ? Values : JSON.stringify(Values) } });
const Nodes = { Type: 'AWS::EKS::Nodegroup', Properties: { ClusterName: CLUSTER, NodeRole: ROLE } };

describe('manifests', () => {
  test('every image of a cluster runs on all its nodes', () => {
    expect(inShort(sitesOf({
      Nodes,
      Profile: { Type: 'AWS::EKS::FargateProfile', Properties: { ClusterName: CLUSTER, PodExecutionRoleArn: `${ROLE}-pods` } },
      Custom: { Type: 'Custom::AWSCDK-EKS-FargateProfile', Properties: { Config: { clusterName: CLUSTER, podExecutionRoleArn: `${ROLE}-custom` } } },
      Others: { Type: 'AWS::EKS::Nodegroup', Properties: { ClusterName: 'another', NodeRole: ROLE } },
      Manifest: manifest(CLUSTER, IMAGE, 'nginx', 5),
      Second: manifest(CLUSTER, `${HOST}/api`),
    }))).toEqual([
      ['Nodes', 'EKS node group', 'web-app', BY_ROLE],
      ['Nodes', 'EKS node group', 'api', BY_ROLE],
      ['Profile', 'EKS Fargate profile', 'web-app', { type: 'role', arn: `${ROLE}-pods` }],
      ['Profile', 'EKS Fargate profile', 'api', { type: 'role', arn: `${ROLE}-pods` }],
      ['Custom', 'EKS Fargate profile', 'web-app', { type: 'role', arn: `${ROLE}-custom` }],
      ['Custom', 'EKS Fargate profile', 'api', { type: 'role', arn: `${ROLE}-custom` }],
    ]);
  });

  test('nodes may be managed by EKS itself', () => {
    const cluster = (ComputeConfig?: object) => ({ Cluster: { Type: 'AWS::EKS::Cluster', Properties: { ComputeConfig } }, Manifest: manifest(CLUSTER, IMAGE) });
    expect(inShort(sitesOf(cluster({ Enabled: true, NodeRoleArn: ROLE })))).toEqual([['Cluster', 'EKS Auto Mode', 'web-app', BY_ROLE]]);
    expect(inShort(sitesOf(cluster()))).toEqual([['Manifest', 'Kubernetes manifest', 'web-app', nobody('the nodes of the cluster are not in sight')]]);
  });

  test('a name of a cluster means another in another account', () => {
    const scopes = [scopeOf({ Resources: { Manifest: manifest('prod', IMAGE) } }), scopeOf({ Resources: { Nodes: { ...Nodes, Properties: { ClusterName: 'prod', NodeRole: ROLE } } } }, { account: '333333333333' })];
    expect(inShort(clusterSitesOf(scopes))).toEqual([['Manifest', 'Kubernetes manifest', 'web-app', nobody('the nodes of the cluster are not in sight')]]);
  });

  test('a Fargate profile assumes its role for itself', () => {
    const Profile = { Type: 'AWS::EKS::FargateProfile', Properties: { ClusterName: 'prod', PodExecutionRoleArn: ROLE } };
    expect(sitesOf({ Profile, Manifest: manifest('prod', IMAGE) })[0].assumedFor).toBe('arn:aws:eks:us-east-1:111111111111:fargateprofile/prod/<Stack/Profile>');
  });

  test('images are found wherever they are, and once', () => {
    const pod = { initContainers: [{ image: `${HOST}/init` }], containers: [{ image: IMAGE }, { image: `${HOST}/web-app:v2` }] };
    const CronJob = { kind: 'CronJob', spec: { jobTemplate: { spec: { template: { spec: pod } } } } };
    const Manifest = { Type: 'Custom::AWSCDK-EKS-KubernetesResource', Properties: { ClusterName: CLUSTER, Manifest: JSON.stringify([CronJob, { kind: 'Pod', spec: pod }]) } };
    expect(inShort(sitesOf({ Nodes, Manifest })).map(([, , name]) => name)).toEqual(['init', 'web-app']);
  });

  describe('may run on other nodes, too', () => {
    const clusterIn = (more: Record<string, any>) => sitesOf({ Nodes, Manifest: manifest(CLUSTER, IMAGE), ...more }).map(({ cluster }) => cluster);
    const entry = (Type: unknown, PrincipalArn: string) => ({ Type: 'AWS::EKS::AccessEntry', Properties: { ClusterName: CLUSTER, Type, PrincipalArn } });
    const auth = (name: string, ...mapRoles: object[]) => ({
      Type: 'Custom::AWSCDK-EKS-KubernetesResource',
      Properties: { ClusterName: CLUSTER, Manifest: JSON.stringify([{ kind: 'ConfigMap', metadata: { name }, data: { mapRoles: JSON.stringify(mapRoles) } }]) },
    });
    const nodesOf = (rolearn: string) => ({ rolearn, groups: ['system:bootstrappers', 'system:nodes'] });
    const key = '111111111111 us-east-1 <Stack/Cluster>';
    const [NO_OTHERS, OTHERS] = [[undefined], [{ key, hasOthers: true }]];

    test('of several that are in sight', () => {
      expect(clusterIn({ More: { ...Nodes, Properties: { ClusterName: CLUSTER, NodeRole: `${ROLE}-2` } } }))
        .toEqual([{ key, hasOthers: false }, { key, hasOthers: false }]);
    });

    test.each([
      ['EC2_LINUX', `${ROLE}-karpenter`, OTHERS],
      ['EC2_WINDOWS', `${ROLE}-karpenter`, OTHERS],
      ['HYBRID_LINUX', `${ROLE}-karpenter`, OTHERS],
      ['HYPERPOD_LINUX', `${ROLE}-karpenter`, OTHERS],
      ['EC2_LINUX', ROLE, NO_OTHERS],
      ['STANDARD', `${ROLE}-karpenter`, NO_OTHERS],
      ['FARGATE_LINUX', `${ROLE}-karpenter`, NO_OTHERS],
      [undefined, `${ROLE}-karpenter`, NO_OTHERS],
    ])('that an access entry of type %s for %s lets in', (type, role, expected) => {
      expect(clusterIn({ Entry: entry(type, role) })).toEqual(expected);
    });

    test.each([
      ['another role', auth('aws-auth', nodesOf(ROLE), nodesOf(`${ROLE}-karpenter`)), OTHERS],
      ['the role of nodes that are in sight', auth('aws-auth', nodesOf(ROLE)), NO_OTHERS],
      ['somebody else', auth('aws-auth', { rolearn: `${ROLE}-admin`, groups: ['system:masters'] }), NO_OTHERS],
      ['nobody, since it is another map', auth('other', nodesOf(`${ROLE}-karpenter`)), NO_OTHERS],
    ])('that aws-auth lets in: %s', (_, resource, expected) => {
      expect(clusterIn({ Auth: resource })).toEqual(expected);
    });
  });

  test('nodes may have no role', () => {
    expect(inShort(sitesOf({ Nodes: { ...Nodes, Properties: { ClusterName: CLUSTER } }, Manifest: manifest(CLUSTER, IMAGE) })))
      .toEqual([['Nodes', 'EKS node group', 'web-app', nobody('it has no role')]]);
  });

  test.each([['lists', '[', ']'], ['objects', '{"image":', '}']])('%s that are nested absurdly deep have no images', (_, open, close) => {
    const deep = `${open.repeat(100_000)}{"image":"${IMAGE}"}${close.repeat(100_000)}`;
    expect([deep, open.repeat(100_000)].flatMap((Manifest) => (
      sitesOf({ Nodes, Manifest: { Type: 'Custom::AWSCDK-EKS-KubernetesResource', Properties: { ClusterName: CLUSTER, Manifest } } })))).toEqual([]);
  });

  test.each(['not JSON', undefined, 5, '[null]', '{"image":{"image":5}}', { Ref: 'Manifest' }])('one that is %j has no images', (Manifest) => {
    expect(sitesOf({ Nodes, Manifest: { Type: 'Custom::AWSCDK-EKS-KubernetesResource', Properties: { ClusterName: CLUSTER, Manifest } } })).toEqual([]);
  });
});

describe('the values of a Helm chart', () => {
  test.each<[string, unknown, string[]]>([
    ['a repository and a tag', { image: { repository: `${HOST}/web-app`, tag: 'v1' } }, ['web-app']],
    ['a registry and a repository', { image: { registry: HOST, repository: 'team-a/web-app', tag: 'v1' } }, ['team-a/web-app']],
    ['texts, whatever they are called', { a: { b: [IMAGE, 'nginx'] }, sidecar: `${HOST}/sidecar@sha256:0` }, ['web-app', 'sidecar']],
    ['nothing of a private registry', { registry: HOST, port: 80, on: true, none: null }, []],
    ['nothing that can be read', '{', []],
    ['nothing that is nested absurdly deep', `${'['.repeat(100_000)}"${IMAGE}"${']'.repeat(100_000)}`, []],
    ['nothing that is nested absurdly deep, and broken', '['.repeat(100_000), []],
  ])('have images: %s', (_, values, names) => {
    expect(inShort(sitesOf({ Nodes, Chart: chart(values) }))).toEqual(names.map((name) => ['Chart', 'Helm chart', name, BY_ROLE]));
  });

  test('run where nobody sees without nodes', () => {
    expect(inShort(sitesOf({ Chart: chart({ image: IMAGE }) }))).toEqual([['Chart', 'Helm chart', 'web-app', nobody('the nodes of the cluster are not in sight')]]);
  });
});
