import type { KindRef } from '../kind-ref.ts';

/** One resource that a cluster serves. */
export interface ServedResource {
  readonly kind: KindRef;
  readonly verbs: readonly string[];
}

/** Everything a cluster serves, as discovery told it. */
export interface ServedApi {
  /** By `group/version` (`/v1` for the core), then by plural. */
  readonly versions: ReadonlyMap<string, ReadonlyMap<string, ServedResource>>;
  /** Groups whose own server does not answer: what they serve is not known. */
  readonly brokenGroups: ReadonlySet<string>;
}

export function versionKey(kind: Pick<KindRef, 'group' | 'version'>): string {
  return `${kind.group}/${kind.version}`;
}
