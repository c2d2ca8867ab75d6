import { CONSUMER, CONSUMER_APP, OWNER_APP } from './support';
import { argumentsOf } from '../../src/command/arguments';
import { INPUT_OPTIONS, inputsOf } from '../../src/command/inputs';
import { assemblyOf } from '../access/support';

const read = (...args: string[]) => inputsOf(argumentsOf(args, INPUT_OPTIONS));

test('assemblies are read together, and organizations with them, a mark of their encoding or not', () => {
  const directory = assemblyOf({ 'o.json': `\uFEFF${JSON.stringify({ organizationId: 'o-a1b2c3d4e5', accounts: [CONSUMER] })}` });
  const { worlds, organizations } = read(OWNER_APP, CONSUMER_APP, '--organization', `${directory}/o.json`);
  expect(worlds.map(({ stacks }) => stacks.map(({ path }) => path))).toEqual([['Owner', 'Web']]);
  expect(organizations).toEqual([{ organizationId: 'o-a1b2c3d4e5', accounts: [CONSUMER], organizationPaths: {} }]);
});

test('a contract that is not there is refused', () => {
  expect(() => read(CONSUMER_APP, '--contract', 'nowhere.json')).toThrow(/^the contract "nowhere.json" cannot be read: there is no such file/);
});
