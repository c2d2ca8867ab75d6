import { createHash, randomBytes } from 'crypto';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { gzipSync } from 'zlib';

export const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';

/** An image as skopeo has it in a folder. */
export interface LocalImage {
  readonly tag: string;
  readonly folder: string;
  readonly manifest: Buffer;
  readonly config: Blob;
  readonly layer: Blob;
}

interface Blob {
  readonly digest: string;
  readonly bytes: Buffer;
}

/** An image of one layer, like no other. */
export function makeImage(bench: string, tag: string): LocalImage {
  const folder = mkdtempSync(join(bench, 'image-'));
  const files = tarOf('content.txt', randomBytes(10_000));
  const layer = blobOf(gzipSync(files));
  const config = blobOf(Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', config: {}, rootfs: { type: 'layers', diff_ids: [blobOf(files).digest] } })));
  const described = ({ digest, bytes }: Blob, type: string) => ({ mediaType: `application/vnd.oci.image.${type}`, digest, size: bytes.length });
  const manifest = Buffer.from(JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: described(config, 'config.v1+json'),
    layers: [described(layer, 'layer.v1.tar+gzip')],
  }));
  writeFileSync(join(folder, 'version'), 'Directory Transport Version: 1.1\n');
  writeFileSync(join(folder, 'manifest.json'), manifest);
  [layer, config].forEach(({ digest, bytes }) => writeFileSync(fileOf(folder, digest), bytes));
  return { tag, folder, manifest, config, layer };
}

/** What of an image is not as it was, byte for byte, in a folder that it was pulled to. */
export function differences({ manifest, config, layer }: LocalImage, folder: string): string[] {
  const isSame = (file: string, bytes: Buffer) => existsSync(file) && readFileSync(file).equals(bytes);
  return [
    ...isSame(join(folder, 'manifest.json'), manifest) ? [] : ['the manifest'],
    ...isSame(fileOf(folder, config.digest), config.bytes) ? [] : ['the configuration'],
    ...isSame(fileOf(folder, layer.digest), layer.bytes) ? [] : ['the layer'],
  ];
}

function fileOf(folder: string, digest: string): string {
  return join(folder, digest.replace('sha256:', ''));
}

function blobOf(bytes: Buffer): Blob {
  return { digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`, bytes };
}

/** An archive of one file: a header of 512 bytes, the file filled up to as many, and two empty blocks. */
function tarOf(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(512);
  const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, '0')}\0`;
  header.write(name, 0);
  header.write(octal(0o644, 8) + octal(0, 8) + octal(0, 8) + octal(content.length, 12) + octal(0, 12), 100);
  header.write('        0', 148);
  header.write('ustar\x0000', 257);
  header.write(`${octal(header.reduce((sum, byte) => sum + byte, 0), 7)} `, 148);
  return Buffer.concat([header, content, Buffer.alloc((512 - content.length % 512) % 512 + 1024)]);
}
