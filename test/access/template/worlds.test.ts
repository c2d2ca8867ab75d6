import { Comparison, inEveryWorld, UNDECIDED, World } from '../../../src/access/template/worlds';

const comparison = (key: string, unknown?: string): Comparison => ({ key, condition: `condition ${key}`, ...(unknown !== undefined && { unknown }) });
const asking = (...keys: string[]) => (world: World) => keys.map((key) => world.ask(comparison(key)));

test('who asks nothing builds once', () => {
  const build = jest.fn(() => 'built');
  expect(inEveryWorld(build)).toEqual(['built']);
  expect(build).toHaveBeenCalledTimes(1);
});

test('every comparison turns out either way', () => {
  expect(inEveryWorld(asking('a', 'b'))).toEqual([['yes', 'yes'], ['yes', 'no'], ['no', 'yes'], ['no', 'no']]);
});

test('the same comparison turns out the same way', () => {
  expect(inEveryWorld(asking('a', 'a'))).toEqual([['yes', 'yes'], ['no', 'no']]);
});

test('what is asked may hang on what was answered', () => {
  expect(inEveryWorld((world) => (world.ask(comparison('a')) === 'yes' ? asking('b')(world) : ['none']))).toEqual([['yes'], ['no'], ['none']]);
});

test('a value is one text only', () => {
  const one = (key: string) => comparison(key, '<Environment>');
  expect(inEveryWorld((world) => [world.ask(one('prod')), world.ask(one('dev'))])).toEqual([['yes', 'no'], ['no', 'yes'], ['no', 'no']]);
});

test('a world knows what it takes for granted', () => {
  expect(inEveryWorld((world, assumptions) => {
    asking('a')(world);
    return assumptions;
  })).toEqual([[{ key: 'a', condition: 'condition a', holds: true }], [{ key: 'a', condition: 'condition a', holds: false }]]);
});

test('what no world has decided is not answered', () => {
  expect(inEveryWorld((world) => [world.answered(comparison('a')), world.ask(comparison('a')), world.answered(comparison('a'))]))
    .toEqual([['maybe', 'yes', 'yes'], ['no', 'no', 'no']]);
});

test('there are 64 worlds at most, and the rest stays open in all of them', () => {
  const worlds = inEveryWorld(asking(...Array.from({ length: 50 }, (_, index) => `condition ${index}`)));
  expect(worlds.length).toBe(64);
  expect(new Set(worlds.map((answers) => answers.slice(0, 6).join())).size).toBe(64);
  expect(worlds.flatMap((answers) => answers.slice(6)).every((answer) => answer === 'maybe')).toBe(true);
});

test('where no world is chosen, nothing is decided', () => {
  expect([UNDECIDED.ask(comparison('a')), UNDECIDED.answered(comparison('a'))]).toEqual(['maybe', 'maybe']);
});
