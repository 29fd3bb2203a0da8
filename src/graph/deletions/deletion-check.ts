import type { Profile } from '../../kernel/profiles/profiles.ts';
import type { MaybePromise } from '../../kube/cluster-reader.ts';
import type { KubeObject } from '../../kube/kube-object.ts';
import type { RequestContext } from '../request-context.ts';

declare module '../../kernel/manifest.ts' {
  interface ManifestSlots {
    /** Rules for objects that go away, by kind: what this plugin's own deletions would refuse, no other road may take away. */
    readonly deletionChecks?: readonly DeletionCheck[];
  }
}

/** An object that somebody wants to be gone, or parts of it. */
export interface Deletion {
  /** As its caller sees it now. */
  readonly object: KubeObject;
  /** What shall be left of it; undefined where it goes as a whole. */
  readonly left: object | undefined;
  /** Whether what belongs to it goes along, in an order that strands nothing; most roads take the object alone. */
  readonly takesParts: boolean;
  /** Global ids of what goes with it: that it is used by them stands against nothing. */
  readonly goesAlong?: ReadonlySet<string>;
  /** The limits in force at its place. */
  readonly profile: Profile;
}

/** What stands against a deletion. */
export interface DeletionObjection {
  /** Whether it is refused, or the caller shall know and acknowledge it (`IN_USE`). */
  readonly isRefused: boolean;
  readonly message: string;
  /** Global ids of what still uses it, as far as the caller may see them. */
  readonly references: readonly string[];
}

/**
 * A plugin's rule for objects that go away, asked on every road by which they do, before the cluster is asked. Throws answer errors
 * where it cannot be known what uses the object.
 */
export interface DeletionCheck {
  /** Subjects that it judges, e.g. `core/ConfigMap`; the others are none of its business. */
  readonly subjects: readonly string[];
  readonly check: (deletion: Deletion, context: RequestContext) => MaybePromise<DeletionObjection | undefined>;
}
