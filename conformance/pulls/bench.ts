import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { AppName, BUILDS } from './apps';
import { Bench } from './client';
import { startEndpoint } from './endpoint';
import { Permission, permissionsIn, without } from './permissions';
import { installTools, startRegistry } from './tools';
import { requireEverySite } from './uses';
import { AccessModel } from '../../src/access/model/model';
import { stopAll } from '../processes';
import { onlyModelOf, synthesize } from '../simulator/resolve';
import { declaredOrganizations } from '../simulator/world';

/** An app as it is deployed, and as it would be without any one of its permissions. */
export interface Deployed {
  readonly outdir: string;
  readonly model: AccessModel;
  readonly lacking: ReadonlyArray<{ readonly permission: Permission; readonly model: AccessModel }>;
}

export interface Stage extends Bench {
  readonly apps: Readonly<Record<AppName, Deployed>>;
  /** The file that tells the command of the organizations. */
  readonly organizations: string;
}

/** Does something while a registry and an endpoint run. Whatever comes of it, nothing of them is left. */
export async function onStage<T>(act: (stage: Stage) => Promise<T>): Promise<T> {
  const tools = installTools();
  const folder = mkdtempSync(join(tmpdir(), 'conformance-pulls-'));
  const toStop: Array<() => void> = [() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 })];
  const stop = () => toStop.splice(0).reverse().forEach((one) => one());
  process.once('exit', stop);
  try {
    toStop.push(stopAll);
    const endpoint = await startEndpoint(await startRegistry(tools, folder));
    toStop.push(endpoint.close);
    const organizations = join(folder, 'organizations.json');
    writeFileSync(organizations, JSON.stringify(declaredOrganizations()));
    return await act({ tools, endpoint, folder, organizations, apps: { demo: deployed('demo', folder), runtimes: deployed('runtimes', folder) } });
  } finally {
    stop();
    process.off('exit', stop);
  }
}

function deployed(app: AppName, folder: string): Deployed {
  const outdir = join(folder, app);
  mkdirSync(outdir);
  synthesize(outdir, BUILDS[app]);
  const model = onlyModelOf(outdir);
  requireEverySite(app, model);
  const lacking = permissionsIn(outdir).map((permission) => ({ permission, model: without(permission, () => onlyModelOf(outdir)) }));
  return { outdir, model, lacking };
}
