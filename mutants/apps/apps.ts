import { CorrectApp } from './app';
import { CACHE } from './cache';
import { CONTRACT, TWO_APPS } from './contracts';
import { DEMO } from './demo';
import { FUNCTIONS } from './functions';
import { ORGANIZATIONS } from './organizations';
import { PLAIN_L1, PLAIN_L2, PLAIN_L2_AT_HOME, STAGES } from './plain';
import { REPLICAS } from './replicas';
import { RUNTIMES } from './runtimes';

export const APPS: readonly CorrectApp[] = [
  DEMO, RUNTIMES, ORGANIZATIONS, FUNCTIONS, REPLICAS, CACHE, PLAIN_L2, PLAIN_L2_AT_HOME, PLAIN_L1, STAGES, TWO_APPS, CONTRACT,
];
