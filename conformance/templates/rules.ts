import { execFileSync } from 'child_process';
import { dirname, join } from 'path';
import { App, CloudFormationValidatePlugin } from 'aws-cdk-lib';
import { Finding } from './findings';
import { NOT_ASKED } from './known';
import { TemplateFile } from './templates';
import { installPythonPackages } from '../install';

/** Those of the demo. */
const REGIONS = ['us-east-1', 'eu-central-1', 'ap-southeast-2'];

/** What cfn-lint finds: errors, warnings, information, and what its newest rules say that are still on trial. */
export function byCfnLint(templates: readonly TemplateFile[]): Finding[] {
  const folder = installPythonPackages('cfn-lint', join(__dirname, 'requirements.txt'));
  const found: any[] = JSON.parse(execFileSync(join(folder, 'cfn-lint'), [
    '--format', 'json', '--include-experimental', '--include-checks', 'I', '--non-zero-exit-code', 'none',
    '--ignore-checks', ...Object.keys(NOT_ASKED), '--regions', ...REGIONS, '--template', ...templates.map(({ file }) => file),
  ], { encoding: 'utf8', maxBuffer: 2 ** 28, timeout: 600_000, env: { PATH: process.env.PATH, HOME: dirname(templates[0].file) } }));
  return found.map(({ Filename, Rule, Message, Location }) => {
    const { name } = templates.find(({ file }) => file === Filename)!;
    const [section, id, ...path]: unknown[] = Location.Path ?? [];
    return { rule: Rule.Id, at: `${name}, ${section === 'Resources' ? id : section ?? 'template'}`, says: `${path.join('.')}: ${Message}` };
  });
}

/** What the rules find that the CDK asks at synthesis: its warnings count, too, and its errors, which it takes for warnings unless it is told otherwise. */
export function byCdk(templates: readonly TemplateFile[]): Finding[] {
  const plugin = new CloudFormationValidatePlugin();
  const appConstruct = new App();
  return templates.flatMap(({ name, file, account, region }) => {
    const { violations } = plugin.validate({
      templatePaths: [file], stackTemplates: [{ stackConstructPath: name, templatePath: file }], accountId: account, region, appConstruct,
    });
    return violations.flatMap(({ ruleName, description, violatingResources }) => violatingResources.map(({ resourceLogicalId, locations }) => (
      { rule: ruleName, at: `${name}, ${resourceLogicalId ?? 'template'}`, says: `${locations.join(', ')}: ${description}` })));
  });
}
