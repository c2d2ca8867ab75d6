import { statSync } from 'fs';
import { join } from 'path';
import { App, IPolicyValidationContext, IPolicyValidationPlugin, PolicyValidationPluginReport, PolicyViolation, Stage, Validations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { check } from './access/check';
import { Finding } from './access/findings/finding';
import { RULE_IDS } from './access/findings/rules';
import { Organization, organizationsFrom } from './access/judgement/organizations';
import { matches } from './access/template/text-patterns';
import { contractFilesOf } from './halves/contracts';
import { grantedElsewhere } from './halves/granted-elsewhere';

/**
 * What becomes of the findings of a `PullAccessValidator`.
 */
export enum PullAccessMode {
  /**
   * A pull that fails for certain makes the synthesis fail. The default.
   */
  ERROR = 'error',

  /**
   * Every finding is a warning.
   */
  WARN = 'warn',

  /**
   * Nothing is looked for.
   */
  OFF = 'off',
}

/**
 * The accounts of an organization, so that grants to the organization, or to an OU of it, can be decided.
 */
export interface OrganizationMembers {
  /**
   * The id of the organization, for example `o-a1b2c3d4e5`.
   */
  readonly organizationId: string;

  /**
   * The ids of its accounts: each 12 digits. Accounts that are not named may or may not be in it.
   */
  readonly accounts: string[];

  /**
   * Where accounts are in the organization, by their ids: the path from the organization to the OU that the account is in, for example
   * `{ '222222222222': 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111' }`.
   *
   * @default - not known: a grant to an OU is undecided
   */
  readonly organizationPaths?: { [accountId: string]: string };
}

/**
 * Properties of a `PullAccessValidator`.
 */
export interface PullAccessValidatorProps {
  /**
   * What becomes of findings.
   *
   * @default - what the context key `cdk-shared-ecr:pullAccess` says (`error`, `warn` or `off`), else `PullAccessMode.ERROR`
   */
  readonly mode?: PullAccessMode;

  /**
   * The accounts of organizations. Without them a grant to an organization is undecided, which is no failure.
   *
   * @default - what the context key `cdk-shared-ecr:organizations` says, a list of the same form
   */
  readonly organizations?: OrganizationMembers[];

  /**
   * The files of contracts, which say what owners grant whose apps are not this one: `npx cdk-shared-ecr contract cdk.out` writes one.
   * Relative paths start at the working directory. Those of `SharedEcrRepository.fromContract` are known without being named here.
   *
   * @default - what the context key `cdk-shared-ecr:contracts` says, a list of files
   */
  readonly contracts?: string[];
}

/**
 * What is to be pasted to mend a pull, and where.
 */
export interface PullAccessRemedy {
  /**
   * The document that lacks it, in words.
   */
  readonly document: string;

  /**
   * The statements, as JSON.
   */
  readonly statements: string[];
}

/**
 * One thing that is wrong with a pull, or with what lets somebody pull; or good to know.
 */
export interface PullAccessFinding {
  /**
   * The id of the rule, for example `owner-half-missing`. Ids are stable; each has a page under `docs/rules`.
   */
  readonly rule: string;

  /**
   * `error`: what fails for certain. `warning`: what may fail, or lets too many in. `info`: what is good to know.
   */
  readonly severity: string;

  /**
   * The construct path of the resource that it is about: of what pulls, or of what declares what is wrong.
   */
  readonly constructPath: string;

  /**
   * The construct path of the stack that the resource is deployed with.
   */
  readonly stackPath: string;

  /**
   * The logical id of the resource.
   */
  readonly logicalId: string;

  /**
   * The account of the resource: 12 digits, or `<AWS::AccountId>` where only the deployment knows it.
   */
  readonly account: string;

  /**
   * The Region of the resource, or `<AWS::Region>` where only the deployment knows it.
   */
  readonly region: string;

  /**
   * What pulls, for example `ECS task`.
   *
   * @default - it is not about a pull
   */
  readonly runtime?: string;

  /**
   * The ARN of the repository.
   *
   * @default - it is not about one repository
   */
  readonly repositoryArn?: string;

  /**
   * The half of the grant that fails: `owner` or `consumer`.
   *
   * @default - it is about neither
   */
  readonly half?: string;

  /**
   * What is wrong, in a sentence.
   */
  readonly message: string;

  /**
   * What to do, in a sentence.
   */
  readonly remedy: string;

  /**
   * What to paste, and where.
   */
  readonly remedies: PullAccessRemedy[];
}

const NAME = 'PullAccessValidator';
const MANIFEST = 'manifest.json';
const INSTANCE = Symbol.for('cdk-shared-ecr.PullAccessValidator');
/** What is reported where nothing could be judged. */
const NOT_JUDGED = 'not-judged';
const QUIET = Symbol.for('cdk-shared-ecr.PullAccessValidator.quiet');

const MODE_CONTEXT = 'cdk-shared-ecr:pullAccess';
const ORGANIZATIONS_CONTEXT = 'cdk-shared-ecr:organizations';
const CONTRACTS_CONTEXT = 'cdk-shared-ecr:contracts';

/**
 * Proves at synthesis that every image of the app can be pulled, and says why not: it reads the templates that were written, those of plain CDK
 * constructs included, finds everything that pulls from a private registry, and decides from both halves of the grant, as IAM does, whether
 * each pull will work.
 *
 * The first construct of this library in an app adds one by itself. Add one where there is none, or to change what it does; it then takes the place of the
 * one that was added by itself:
 *
 * ```ts
 * Validations.of(app).addPlugins(new PullAccessValidator({ mode: PullAccessMode.WARN }));
 * ```
 *
 * Pulls that fail for certain are errors, and what cannot be seen from the app is a warning. "Can be pulled" means: by everything in sight. Policies of AWS Organizations,
 * of VPC endpoints, and what other apps deploy are in no template. A finding is acknowledged as any other of the CDK, by the id that comes with it:
 *
 * ```ts
 * Validations.of(app).acknowledge({ id: 'PullAccessValidator::owner-not-in-sight', reason: 'the vendor has let us in' });
 * ```
 *
 * Plugins do not run in `Template.fromStack` of a stack that is inside a `Stage`: use `PullAccessValidator.findings` in unit tests.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/policy-validation-synthesis.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 */
export class PullAccessValidator implements IPolicyValidationPlugin {
  /**
   * What is wrong with the pulls of an app, for unit tests: synthesizes the whole app, and returns the findings on `scope` and on everything in it, also those of
   * severity `info`. The mode does not matter, and nothing is thrown because of findings.
   *
   * @param scope an app, a stage, a stack, or any other construct of the app
   * @throws if the app cannot be synthesized, or if a contract or an organization is malformed
   */
  public static findings(scope: IConstruct, props: PullAccessValidatorProps = {}): PullAccessFinding[] {
    const { root, path } = scope.node;
    if (!Stage.isStage(root)) {
      throw new Error(`findings are those of an app, but the root of '${path}' is none; create the constructs in an App`);
    }
    return new PullAccessValidator(props).findingsIn(root, directoryOf(root))
      .filter(({ place }) => path === '' || place.path === path || place.path.startsWith(`${path}/`))
      .map(publicly);
  }

  /**
   * Adds one to the app that a construct is in, unless that was done.
   *
   * @internal
   */
  public static _addTo({ node: { root } }: IConstruct): void {
    if (App.isApp(root) && !Object.hasOwn(root, INSTANCE)) {
      const validator = new PullAccessValidator();
      Object.defineProperty(root, INSTANCE, { value: validator });
      Validations.of(root).addPlugins(validator);
    }
  }

  /**
   * How the CDK calls it, and acknowledgements too.
   */
  public readonly name = NAME;

  /**
   * The ids of its rules.
   */
  public readonly ruleIds?: string[] = [...RULE_IDS, NOT_JUDGED];

  private readonly props: PullAccessValidatorProps;
  /** The CDK asks once for each environment, or once for all: the app is judged once for what was written. */
  private judged?: { readonly written: string; readonly mode: PullAccessMode; readonly findings: readonly Finding[] };

  /**
   * @throws if the accounts of an organization are malformed
   */
  constructor(props: PullAccessValidatorProps = {}) {
    this.props = props;
    this.organizationsOf(props.organizations, 'organizations');
  }

  /**
   * Called by the CDK when the templates are written.
   */
  public validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const root = context.appConstruct as Stage;
    const asked = new Set(context.stackTemplates.map(({ stackConstructPath: stack }) => stack).filter((stack) => validatorOf(stack, root) === this));
    const violations = Object.hasOwn(root, QUIET) || asked.size === 0 ? [] : this.violationsIn(root, asked);
    return { success: violations.every(({ severity }) => severity !== 'error'), violations };
  }

  private violationsIn(root: Stage, stacks: ReadonlySet<string>): PolicyViolation[] {
    try {
      const { mode, findings } = this.judge(root);
      return findings.filter(({ severity, place }) => severity !== 'info' && stacks.has(place.stack)).map((finding) => violationOf(finding, mode));
    } catch (error) {
      // Of a plugin that throws, the command of the CDK says nothing.
      return [failure(error as Error, root, this.wantedMode(root) === PullAccessMode.WARN ? 'warning' : 'error')];
    }
  }

  private judge(root: Stage): NonNullable<PullAccessValidator['judged']> {
    const written = `${root.outdir} ${statSync(join(root.outdir, MANIFEST)).mtimeMs}`;
    if (this.judged?.written !== written) {
      // Should this fail, it is told once as well.
      this.judged = { written, mode: PullAccessMode.OFF, findings: [] };
      const mode = this.modeIn(root);
      this.judged = { written, mode, findings: mode === PullAccessMode.OFF ? [] : this.findingsIn(root, root.outdir) };
    }
    return this.judged;
  }

  private findingsIn(root: IConstruct, directory: string): readonly Finding[] {
    const contracts = [...new Set([...this.contractsOf(root), ...contractFilesOf(root)])];
    const organizations = this.organizationsOf(this.props.organizations ?? root.node.tryGetContext(ORGANIZATIONS_CONTEXT), ORGANIZATIONS_CONTEXT);
    const granted = grantedElsewhere(root);
    const isSaid = ({ rule, repository }: Finding) => rule === 'owner-not-in-sight' && granted.some((pattern) => matches(pattern, repository!));
    return check([directory], { contracts, organizations }).filter((finding) => !isSaid(finding));
  }

  private wantedMode(root: IConstruct): unknown {
    return this.props.mode ?? root.node.tryGetContext(MODE_CONTEXT) ?? PullAccessMode.ERROR;
  }

  private modeIn(root: IConstruct): PullAccessMode {
    const wanted = this.wantedMode(root);
    const mode = Object.values(PullAccessMode).find((one) => one === wanted);
    if (mode === undefined) {
      throw new Error(`the context key ${MODE_CONTEXT} is ${JSON.stringify(wanted)}, but it is one of ${Object.values(PullAccessMode).join(', ')}`);
    }
    return mode;
  }

  private contractsOf(root: IConstruct): string[] {
    const contracts = this.props.contracts ?? root.node.tryGetContext(CONTRACTS_CONTEXT) ?? [];
    if (!Array.isArray(contracts) || !contracts.every((file) => typeof file === 'string')) {
      throw new Error(`the context key ${CONTRACTS_CONTEXT} is ${JSON.stringify(contracts)}, but it is a list of files`);
    }
    return contracts;
  }

  private organizationsOf(organizations: unknown, where: string): Organization[] {
    return organizations === undefined || organizations === null ? [] : organizationsFrom(organizations, where);
  }
}

/**
 * The one that a stack is judged by, if there are several: of those that were added to its Stage, or else around that, the last. The one that was
 * added by itself gives way to any other. The CDK keeps its list to itself; a test notices should it go.
 */
function validatorOf(stack: string, root: IConstruct): unknown {
  const { [INSTANCE]: byItself } = root as { readonly [INSTANCE]?: PullAccessValidator };
  let [scope, validator]: [IConstruct | undefined, unknown] = [root, byItself];
  for (const id of [...stack.split('/'), '']) {
    const { _validationPlugins: plugins = [] } = (scope ?? {}) as { readonly _validationPlugins?: IPolicyValidationPlugin[] };
    validator = plugins.filter((plugin) => plugin.name === NAME && plugin !== byItself).at(-1) ?? validator;
    scope = scope?.node.tryFindChild(id);
  }
  return validator;
}

/** Where the app was written to; it is written now, unless that was done. What is found by it is asked for, and no reason to fail. */
function directoryOf(root: Stage): string {
  Object.defineProperty(root, QUIET, { value: true, configurable: true });
  try {
    return root.synth().directory;
  } finally {
    delete (root as { [QUIET]?: true })[QUIET];
  }
}

function violationOf(finding: Finding, mode: PullAccessMode): PolicyViolation {
  const { rule, severity, place: { path, account, region, file, logicalId }, message, remedy, statements } = finding;
  return {
    ruleName: rule,
    severity: mode === PullAccessMode.WARN ? 'warning' : severity,
    description: `${message} (${path} in account ${account}, ${region})`,
    fix: [`${remedy}`, ...statements.flatMap((one) => one.statements.map((statement) => JSON.stringify(statement)))].join('\n'),
    violatingResources: [{ resourceLogicalId: logicalId, templatePath: file, locations: [] }],
  };
}

/** That nothing could be judged. It is about no stack, or it would only be told to whoever synthesizes just that. */
function failure({ message }: Error, { outdir }: Stage, severity: string): PolicyViolation {
  return {
    ruleName: NOT_JUDGED,
    severity,
    description: `whether images can be pulled was not judged: ${message}`,
    fix: `mend it, or synthesize without this: set the context key ${MODE_CONTEXT} to "${PullAccessMode.OFF}"`,
    violatingResources: [{ resourceLogicalId: NAME, templatePath: join(outdir, MANIFEST), locations: [] }],
  };
}

function publicly({ rule, severity, place, runtime, repository, half, message, remedy, statements }: Finding): PullAccessFinding {
  return {
    rule,
    severity,
    constructPath: place.path,
    stackPath: place.stack,
    logicalId: place.logicalId,
    account: place.account,
    region: place.region,
    runtime,
    repositoryArn: repository,
    half,
    message,
    remedy,
    remedies: statements.map((one) => ({ document: one.document, statements: one.statements.map((statement) => JSON.stringify(statement)) })),
  };
}
