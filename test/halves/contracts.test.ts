import { App, Stack } from 'aws-cdk-lib';
import { contractFilesOf, useContract } from '../../src/halves/contracts';

test('a contract is known to all of the app, by its absolute name, and once', () => {
  const app = new App();
  const [a, b] = [new Stack(app, 'A'), new Stack(app, 'B')];
  expect(contractFilesOf(app)).toEqual([]);
  useContract(a, '/shared-ecr.json', () => 1);
  useContract(b, '/other.json', () => 2);
  useContract(b, '/shared-ecr.json', () => 3);

  expect([app, a, b].map(contractFilesOf)).toEqual(Array(3).fill(['/shared-ecr.json', '/other.json']));
  expect(contractFilesOf(new App())).toEqual([]);
});

test('is read once in an app', () => {
  const app = new App();
  const read = jest.fn((file: string) => ({ file }));
  const first = useContract(app, '/shared-ecr.json', read);

  expect(useContract(new Stack(app, 'A'), '/shared-ecr.json', read)).toBe(first);
  expect(read.mock.calls).toEqual([['/shared-ecr.json']]);
  expect(useContract(new App(), '/shared-ecr.json', read)).not.toBe(first);
});

test('is not known if it cannot be read', () => {
  const app = new App();
  expect(() => useContract(app, '/shared-ecr.json', () => { throw new Error('damaged'); })).toThrow('damaged');
  expect(contractFilesOf(app)).toEqual([]);
});

test('the names are where other copies of the library find them', () => {
  const app = new App();
  useContract(app, '/shared-ecr.json', () => 1);
  expect((app as any)[Symbol.for('cdk-shared-ecr.Contracts')]).toEqual(new Set(['/shared-ecr.json']));
});
