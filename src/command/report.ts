import { choiceOf } from './arguments';
import { INPUT_HELP, INPUT_OPTIONS, inputsOf } from './inputs';
import { Subcommand } from './outcome';
import { findingsOf } from '../access/findings/findings';
import { judgeWorlds } from '../access/judgement/worlds';
import { reportAsJson, textOfJson } from '../access/report/json';
import { reportAsMarkdown } from '../access/report/markdown';
import { reportOf } from '../access/report/report';
import { styleFor } from '../access/report/style';

/** Says who pulls what from whom. */
export const report: Subcommand = {
  name: 'report',
  usage: ['CDK.OUT... [--contract FILE]... [--organization FILE]...', '[--format table|json|markdown]'],
  summary: 'says who pulls what from whom, as tables, as JSON, or as Markdown with a picture',
  help: [
    'Says which repositories there are, whom their owners let in, who pulls what from whom, and whether that works.',
    '',
    ...INPUT_HELP,
    '  --format FORMAT      table, json (a stable shape, with its version), or markdown (with a picture that GitHub draws)',
    '',
    'Exit codes: 0 whatever it finds, 2 the input is bad. To fail on findings is for cdk-shared-ecr check.',
  ],
  options: { ...INPUT_OPTIONS, format: 'value' },
  run: (args, { width, isColoured }) => {
    const format = choiceOf(args, 'format', ['table', 'json', 'markdown']);
    const { worlds, organizations } = inputsOf(args);
    const [model] = worlds;
    const judgements = judgeWorlds(worlds, organizations);
    switch (format) {
      case 'table': return { code: 0, out: reportOf(model, styleFor(isColoured), width, judgements), err: [] };
      case 'json': return { code: 0, out: textOfJson(reportAsJson(model, judgements, findingsOf(worlds, organizations))), err: [] };
      case 'markdown': return { code: 0, out: reportAsMarkdown(model, judgements, findingsOf(worlds, organizations)), err: [] };
    }
  },
};
