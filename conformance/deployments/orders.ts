import { StackTemplate } from '../../src/access/template/template';
import { numbers } from '../simulator/mixes';

/** The stacks of each call of the CLI, one call after the other. */
export type Order = ReadonlyArray<readonly string[]>;

/** One account after the other, the owner's at the beginning, as the demo has them. */
export function ownerFirst(stacks: readonly StackTemplate[]): Order {
  const accounts = [...new Set(stacks.map(({ account }) => account))];
  return accounts.map((wanted) => stacks.filter(({ account }) => account === wanted).map(({ name }) => name));
}

export function consumerFirst(stacks: readonly StackTemplate[]): Order {
  return [...ownerFirst(stacks)].reverse();
}

/** One stack after the other, the same for the same seed. Only what the CDK says must be there before a stack is before it. */
export function atRandom(stacks: readonly StackTemplate[], seed: number): Order {
  const random = numbers(seed);
  const order: StackTemplate[] = [];
  while (order.length < stacks.length) {
    const ready = stacks.filter((stack) => !order.includes(stack) && stack.after.every((path) => order.some((done) => done.path === path)));
    order.push(ready[Math.floor(random() * ready.length)]);
  }
  return order.map(({ name }) => [name]);
}
