import { spawnSync } from 'child_process';
import { join } from 'path';
import { CONSUMER_APP, ran, WRONG_OWNER_APP } from './command/support';

const ROOT = join(__dirname, '..');
const cli = (shell: string) => spawnSync('bash', ['-c', shell, 'bash', process.execPath, join(ROOT, 'src/cli.ts'), WRONG_OWNER_APP, CONSUMER_APP], { cwd: ROOT, encoding: 'utf8' });

test('the command prints what comes of its arguments, and exits with its code', () => {
  const { status, stdout, stderr } = cli('"$1" --import tsx "$2" check "$3" "$4"');
  const expected = ran('check', WRONG_OWNER_APP, CONSUMER_APP);
  expect([status, stdout, stderr]).toEqual([1, `${expected.out.join('\n')}\n`, '']);
});

test('what is wrong with the input goes to standard error', () => {
  const { status, stdout, stderr } = cli('"$1" --import tsx "$2" chek');
  expect([status, stdout, stderr]).toEqual([2, '', 'cdk-shared-ecr: unknown command chek; did you mean check?; see cdk-shared-ecr --help\n']);
});

test('a reader that reads no further is no error', () => {
  const { status, stderr } = cli('set -o pipefail; "$1" --import tsx "$2" report "$3" "$4" --format json | true');
  expect([status, stderr]).toEqual([0, '']);
});
