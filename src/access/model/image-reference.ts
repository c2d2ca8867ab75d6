import { Address } from './addresses';

/** An image in a private registry, as the text of a template names it. */
export interface ImageReference extends Address {
  /** The host, if it is named by one: AWS Lambda cannot use all of them. */
  readonly host?: string;
}

/**
 * Reads the reference of an image in every form that hosts of private registries have: ordinary, FIPS and dual-stack; undefined for images from
 * elsewhere. Parts may be unknown values.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-requests.html
 */
export function imageReferenceOf(text: string): ImageReference | undefined {
  const [, host, account, region, image] = REFERENCE.exec(text) ?? [];
  if (host === undefined) {
    return undefined;
  }
  // A tag or a digest is at the end; a colon in an unknown value is none.
  const [repository] = /^(?:<[^<>]*>|[^:@<])+/.exec(image) ?? [''];
  return { host, account, region, repository };
}

const REFERENCE = /^((\d{12}|<[^<>]*>)\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+|<[^<>]*>)\.(?:[a-z0-9.-]+|<[^<>]*>))\/(.+)$/;
