import type { Principal } from '../kernel/principal.ts';
import type { KindRef } from './kind-ref.ts';

/** What a caller asks the gateway to send, judged before it is sent. Each answer is a list of reasons against it, empty where there are none. */
export interface WriteJudge {
  /** Whether any write to this kind is for this caller, whatever is in it. */
  ofKind(kind: KindRef): readonly string[];
  /** An object, whole or in part. */
  ofObject(kind: KindRef, object: unknown): readonly string[];
  /** What is posted or patched below an object, e.g. an Eviction; `needsWhole` where what results must be looked at. */
  ofSubresource(
    verb: 'create' | 'patch',
    kind: KindRef,
    subresource: string,
  ): { readonly reasons: readonly string[]; readonly needsWhole: boolean };
  ofDeletion(kind: KindRef): readonly string[];
  /**
   * Whether a part may be harmless by itself and yet make something else of the object that it is merged into; without a
   * part, whether any part of this kind may.
   */
  needsWhole(kind: KindRef, part?: object): boolean;
}

/** Keeps writers from lending the gateway's power to who asks. */
export interface WriteGuard {
  /** The judge of one caller in one cluster; undefined for who may write everything. */
  judgeOf(principal: Principal, cluster: string): WriteJudge | undefined;
}
