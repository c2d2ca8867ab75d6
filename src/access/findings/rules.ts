/** The worst first. `error`: what will fail for certain. `warning`: what may, or what lets too many in. `info`: what is good to know. */
export const SEVERITIES = ['error', 'warning', 'info'] as const;

export type Severity = typeof SEVERITIES[number];

/** What is looked for in assemblies. */
export interface Rule {
  readonly severity: Severity;
  /** What is wrong where it is found, in a few words. */
  readonly title: string;
}

/** All rules by their ids. The ids are public: findings are acknowledged by them, and `docs/rules` has a page for each. */
export const RULES = {
  'owner-half-missing': { severity: 'error', title: 'The policy of the repository does not let the puller in' },
  'owner-half-denied': { severity: 'error', title: 'The policy of the repository denies the pull' },
  'consumer-half-missing': { severity: 'error', title: 'The role that pulls lacks permissions of its own' },
  'consumer-half-denied': { severity: 'error', title: 'A policy of the role that pulls denies the pull' },
  'role-not-assumable': { severity: 'error', title: 'What runs the image cannot assume the role that pulls' },
  'pull-role-missing': { severity: 'error', title: 'What runs the image has no role that could pull it' },
  'owner-not-in-sight': { severity: 'warning', title: 'The policy of the repository is not in sight' },
  'consumer-not-in-sight': { severity: 'warning', title: 'The role that pulls is not in sight' },
  'pull-undecided': { severity: 'info', title: 'Whether the pull works is known only at deployment' },
  'lambda-service-missing': { severity: 'error', title: 'The Lambda service is not let in: the function deploys, and fails weeks later' },
  'lambda-deployer-missing': { severity: 'error', title: 'Whoever deploys the Lambda function is not let in' },
  'lambda-other-region': { severity: 'error', title: 'AWS Lambda takes images from its own Region only' },
  'lambda-through-cache': { severity: 'error', title: 'AWS Lambda cannot pull through a cache' },
  'lambda-fips-host': { severity: 'error', title: 'AWS Lambda cannot use a FIPS host' },
  'cache-upstream-missing': { severity: 'error', title: 'The upstream of a pull-through cache does not let it in' },
  'cache-role-missing': { severity: 'error', title: 'The role of a pull-through cache lacks permissions' },
  'replication-not-allowed': { severity: 'error', title: 'The destination of a replication does not allow it' },
  'replication-destination-not-in-sight': { severity: 'warning', title: 'Whether the destination of a replication allows it is not in sight' },
  'replica-unreadable': { severity: 'warning', title: 'Nobody outside its account may pull a replica' },
  'registry-claimed-twice': { severity: 'error', title: 'A registry has this only once, and two resources declare it' },
  'policy-too-long': { severity: 'error', title: 'A policy is longer than Amazon ECR allows' },
  'open-principal': { severity: 'warning', title: 'Strangers are let in' },
  'service-without-source': { severity: 'warning', title: 'A service of AWS is let in on behalf of any account' },
  'unused-grant': { severity: 'info', title: 'Nobody in sight uses this grant' },
} as const satisfies Record<string, Rule>;

export type RuleId = keyof typeof RULES;

export const RULE_IDS = Object.keys(RULES) as RuleId[];
