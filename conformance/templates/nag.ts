import { readFileSync } from 'fs';
import { join } from 'path';
import { Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { differences, Finding, reasonsOf } from './findings';
import { HERE, NAG_CASES, NagCase } from './nag-cases';
import { synthesize } from '../simulator/resolve';
import { Outcome, outcomeOf } from '../summary';


/** cdk-nag finds in each construct what is listed, and nothing any more once it is acknowledged as the README says. */
export function checkByNag(folder: string, part: string): Outcome {
  const start = performance.now();
  const cases = NAG_CASES.filter(({ name }) => name.includes(part));
  const failures = cases.flatMap((one, index) => [
    ...differences('cdk-nag', findingsOf(join(folder, `${index}-new`), one, false), one.findings).map((words) => `${one.name}, ${words}`),
    ...differences('cdk-nag', findingsOf(join(folder, `${index}-acknowledged`), one, true), []).map((words) => `${one.name}, acknowledged, ${words}`),
  ]);
  return outcomeOf('cdk-nag, every construct, as it is and acknowledged', 2 * cases.length, failures, {
    seconds: (performance.now() - start) / 1000,
    remarks: reasonsOf(cases.flatMap(({ findings }) => findings)),
  });
}

function findingsOf(outdir: string, { declare, findings }: NagCase, acknowledged: boolean): Finding[] {
  synthesize(outdir, (app) => {
    // The findings are read from the report; synthesis need not fail for them.
    app.node.setContext('@aws-cdk/core:failSynthOnValidationErrors', false);
    Validations.of(app).addPlugins(new AwsSolutionsChecks());
    const stack = new Stack(app, 'Stack', { env: HERE });
    declare(stack);
    if (acknowledged) {
      findings.forEach(({ rule, reason }) => acknowledge(stack, rule, reason));
    }
  });
  const { pluginReports } = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
  const all: Finding[] = pluginReports.filter(({ pluginName }: any) => pluginName === 'AwsSolutions').flatMap(({ violations }: any) => violations)
    .flatMap(({ ruleName, description, violatingConstructs }: any) => violatingConstructs.map(({ constructPath }: any) => (
      { rule: ruleName, at: constructPath.replace(/^Stack\//, ''), says: description })));
  // The CDK asks for each Region, and cdk-nag answers for the whole app each time.
  return [...new Map(all.map((one) => [`${one.rule} ${one.at}`, one])).values()];
}

/** In both ways of the README. */
function acknowledge(stack: Stack, id: string, reason: string): void {
  if (id.split('::').length > 2) {
    stack.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, { [id]: reason });
  } else {
    Validations.of(stack).acknowledge({ id, reason });
  }
}
