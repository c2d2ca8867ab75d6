import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { differences, Finding, Listed, reasonsOf } from './findings';
import { NOT_ASKED, OF_CDK, OF_CFN_LINT } from './known';
import { checkByNag } from './nag';
import { byCdk, byCfnLint } from './rules';
import { TemplateFile, templatesIn } from './templates';
import { Outcome, outcomeOf } from '../summary';


interface Tool {
  readonly name: string;
  readonly find: (templates: readonly TemplateFile[]) => Finding[];
  readonly listed: readonly Listed[];
  /** Reasons by rule. */
  readonly notAsked: Readonly<Record<string, string>>;
}

const TOOLS: readonly Tool[] = [
  { name: 'cfn-lint', find: byCfnLint, listed: OF_CFN_LINT, notAsked: NOT_ASKED },
  { name: 'CDK validation', find: byCdk, listed: OF_CDK, notAsked: {} },
];

/**
 * Asks the rules of others: those of CloudFormation, as cfn-lint and as the CDK have them, and those of cdk-nag.
 *
 * @param part only the templates, and the cases of cdk-nag, whose names hold this
 */
export async function checkTemplates(part: string): Promise<Outcome[]> {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  const start = performance.now();
  try {
    const templates = templatesIn(folder, part);
    return [
      // The synthesis is in the time of the first.
      ...TOOLS.map((tool, index) => checkBy(tool, templates, part, index === 0 ? start : performance.now())),
      checkByNag(join(folder, 'nag'), part),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function checkBy({ name: tool, find, listed, notAsked }: Tool, templates: readonly TemplateFile[], part: string, start: number): Outcome {
  const expected = part === '' ? listed : listed.filter(({ at }) => templates.some(({ name }) => at.startsWith(`${name}, `)));
  const failures = templates.length === 0 ? [] : differences(tool, find(templates), expected);
  return outcomeOf(`${tool}, templates of the demo, examples, snapshots, simulator`, templates.length, failures, {
    seconds: (performance.now() - start) / 1000,
    remarks: [...reasonsOf(expected), ...Object.entries(notAsked).map(([rule, reason]) => `${rule} is not asked: ${reason}`)],
  });
}
