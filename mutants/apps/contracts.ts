import { CorrectApp } from './app';
import { buildConsumer } from '../../examples/consumer-app/app';
import { buildOwner } from '../../examples/owner-app/app';

/** The two apps of the examples: the owner's and the consumer's, checked together. */
export const TWO_APPS: CorrectApp = { name: 'two apps', build: [buildOwner, buildConsumer] };

/** The same, where the consumer's team has the contract of the owner's app only. */
export const CONTRACT: CorrectApp = { name: 'two apps, by contract', build: [buildConsumer], byContract: [buildOwner] };
