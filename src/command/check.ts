import { choiceOf } from './arguments';
import { INPUT_HELP, INPUT_OPTIONS, inputsOf } from './inputs';
import { Subcommand } from './outcome';
import { Finding } from '../access/findings/finding';
import { findingsOf } from '../access/findings/findings';
import { countsInWords, findingsInWords, numberOf, outOfSightInWords } from '../access/report/findings';
import { checkAsJson, textOfJson } from '../access/report/json';
import { checkAsMarkdown } from '../access/report/markdown';
import { styleFor } from '../access/report/style';
import { wrap } from '../access/report/table';

/** Says what is wrong. */
export const check: Subcommand = {
  name: 'check',
  usage: ['CDK.OUT... [--contract FILE]... [--organization FILE]...', '[--format text|json|markdown] [--strict] [--verbose]'],
  summary: 'says which images cannot be pulled, by which half, and what to paste where',
  help: [
    'Judges assemblies together, and says which images cannot be pulled, by which half of the grant, and what to paste where.',
    '',
    ...INPUT_HELP,
    '  --format FORMAT      text, json or markdown',
    '  --strict             warnings fail too',
    '  --verbose            what is only good to know is told one by one, not counted',
    '',
    'Exit codes: 0 no errors, 1 errors (with --strict: or warnings), 2 the input is bad.',
  ],
  options: { ...INPUT_OPTIONS, format: 'value', strict: 'flag', verbose: 'flag' },
  run: (args, { width, isColoured }) => {
    const format = choiceOf(args, 'format', ['text', 'json', 'markdown']);
    const { worlds, organizations } = inputsOf(args);
    const findings = findingsOf(worlds, organizations);
    const failing = findings.filter(({ severity }) => severity === 'error' || (args.flag('strict') && severity === 'warning'));
    return { code: failing.length > 0 ? 1 : 0, out: linesOf(), err: [] };

    function linesOf(): string[] {
      switch (format) {
        case 'json': return textOfJson(checkAsJson(findings));
        case 'markdown': return checkAsMarkdown(findings);
        case 'text': return [
          ...findingsInWords(findings, args.flag('verbose'), styleFor(isColoured), width),
          summaryOf(findings, worlds[0].sites.length, worlds[0].stacks.length),
          ...wrap(outOfSightInWords(), width),
        ];
      }
    }
  },
};

function summaryOf(findings: readonly Finding[], pulls: number, stacks: number): string {
  return `${countsInWords(findings)}; judged ${numberOf(pulls, 'pull', 'pulls')} in ${numberOf(stacks, 'stack', 'stacks')}.`;
}
