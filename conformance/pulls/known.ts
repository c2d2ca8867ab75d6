import { Permission } from './permissions';

/** Permissions without which everything here works all the same, and why. */
interface Needless {
  readonly reason: string;
  readonly isOne: (permission: Permission) => boolean;
}

const BY_ITSELF = ['ecr:BatchImportUpstreamImage', 'ecr:CreateRepository', 'ecr:GetImageCopyStatus', 'ecr:ReplicateImage'];
const TO_KEEP = ['ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart'];

const NEEDLESS: readonly Needless[] = [
  {
    reason: 'Amazon ECR asks for it while it replicates, or fills a cache; neither is emulated, the images are there',
    isOne: ({ values }) => values.every((action) => BY_ITSELF.includes(action)),
  },
  {
    reason: 'the role of a cache keeps by it what it has fetched, which is not emulated',
    isOne: ({ words, part, values: [value, ...more] }) => words.includes('FetchAndKeepImages')
      && (part === 'repository' ? value.endsWith(':repository/shared/*') : part !== 'statement' && [value, ...more].every((one) => TO_KEEP.includes(one))),
  },
];

/** The reason; undefined: somebody must fail without it. */
export function needlessHere(permission: Permission): string | undefined {
  return NEEDLESS.find(({ isOne }) => isOne(permission))?.reason;
}
