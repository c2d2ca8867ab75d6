import { Outcome } from './summary';

/** By their names, those first that take longest; imported not before their packages are installed. Each gets the part of it that is asked for, or ''. */
export const CHECKS: Readonly<Record<string, (part: string) => Promise<Outcome[]>>> = {
  deployments: async (part) => (await import('./deployments/check.js')).checkByDeployment(part),
  simulator: async (part) => (await import('./simulator/check.js')).checkBySimulator(part),
  templates: async (part) => (await import('./templates/check.js')).checkTemplates(part),
  pulls: async (part) => (await import('./pulls/check.js')).checkByPulling(part),
};
