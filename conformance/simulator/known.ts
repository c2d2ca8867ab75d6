import { Asked } from './questions';

/** Where the simulator does not do as AWS does: which questions, and the AWS page that says how it is. */
interface KnownToBeWrong {
  readonly page: string;
  readonly isOne: (asked: Asked) => boolean;
}

/**
 * None of the faults that are known of the pinned version is met here: context keys that it does not fill in are given, it throws where it would leave one out,
 * and no service control policies, root users or OIDC providers are asked about. A new version may need entries.
 */
const KNOWN: readonly KnownToBeWrong[] = [];

export function knownToBeWrong(asked: Asked): string | undefined {
  return KNOWN.find(({ isOne }) => isOne(asked))?.page;
}
