import { ofApp } from '../../src/halves/app-state';
import { newApp, newStack } from '../support';

test('it is made once for each app, under its key', () => {
  const [a, b] = [Symbol('a'), Symbol('b')];
  const app = newApp();
  const made = jest.fn(() => new Set<string>());

  ofApp(newStack(app, 'One'), a, made).add('x');
  expect([...ofApp(newStack(app, 'Two'), a, made)]).toEqual(['x']);
  expect(made).toHaveBeenCalledTimes(1);
  expect([...ofApp(app, b, made), ...ofApp(newApp(), a, made)]).toEqual([]);
});
