import { mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { readContract } from '../../../src/access/contract/read-contract';

export const POLICY = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'Pull', Effect: 'Allow', Principal: { AWS: ['222222222222'] }, Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'] }],
};

/** A contract with something of everything. */
export const CONTRACT: any = {
  kind: 'cdk-shared-ecr/contract',
  version: 1,
  repositories: [
    { name: 'team-a/web-app', account: '111111111111', region: 'us-east-1', policy: POLICY, tags: { team: 'a' } },
    { name: 'web-app', account: '111111111111', region: 'us-east-1' },
  ],
  registries: [{
    account: '111111111111',
    region: 'us-east-1',
    policy: { ...POLICY, Statement: POLICY.Statement.map((statement) => ({ ...statement, Resource: ['arn:aws:ecr:us-east-1:111111111111:repository/*'] })) },
    templates: [{ namespace: 'platform/', appliedFor: ['REPLICATION'], policy: POLICY }],
    caches: [{ namespace: 'shared/', upstream: '333333333333.dkr.ecr.us-east-1.amazonaws.com', upstreamNamespace: '', role: 'arn:aws:iam::111111111111:role/fetch' }],
    replicationRules: [{ destinations: [{ account: '222222222222', region: 'eu-central-1' }], prefixes: ['', 'team-a/'] }],
  }],
};

/** The name of a new file with the content: a text or bytes as they are, everything else as JSON. */
export function fileOf(content: unknown, name = 'shared-ecr.json'): string {
  const file = join(mkdtempSync(join(tmpdir(), 'contract-')), name);
  writeFileSync(file, typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content));
  return file;
}

/** A contract as it is read, under a short name. */
export function partOf(contract: unknown, file = 'shared-ecr.json') {
  return { file, contract: readContract(fileOf(contract)).contract };
}
