import type { Profile } from '../../kernel/profiles/profiles.ts';
import type { MaybePromise } from '../../kube/cluster-reader.ts';
import type { KindRef } from '../../kube/kind-ref.ts';
import type { KubeObject } from '../../kube/kube-object.ts';
import type { RequestContext } from '../request-context.ts';

declare module '../../kernel/manifest.ts' {
  interface ManifestSlots {
    /** Rules for objects that come as YAML, by kind: what the forms of this plugin would refuse, YAML must not bring in. */
    readonly manifestChecks?: readonly ManifestCheck[];
  }
}

/** An object that somebody wants to write as text. */
export interface WrittenObject {
  readonly cluster: string;
  readonly kind: KindRef;
  readonly namespace: string | undefined;
  readonly name: string;
  /** What the text says: with `APPLY` it may be a part of the object. */
  readonly object: Readonly<Record<string, unknown>>;
  /** The object as its writer sees it now. */
  readonly existing: KubeObject | undefined;
  /** `EDIT`: the whole object was read, changed and is written back. */
  readonly road: 'APPLY' | 'EDIT';
  /** The limits in force at its place. */
  readonly profile: Profile;
  /** What else the same text writes; none where it comes alone. */
  readonly beside?: readonly Pick<WrittenObject, 'kind' | 'namespace' | 'name' | 'object'>[];
  /** Whether a form made it: some limits are those of forms alone. */
  readonly isForm?: boolean;
}

/** Something that is to run again, as it stands. */
export type StartedObject = Pick<WrittenObject, 'cluster' | 'kind' | 'namespace' | 'name' | 'object' | 'profile'>;

/** What a rule has against an object. `path` points into the object; line and column are found by who read the text. */
export interface ManifestMisfit {
  readonly path: readonly (string | number)[];
  readonly code: string;
  readonly message: string;
}

/** A plugin's rules for objects that come as text, asked on every road by which they come, before the cluster is asked. */
export interface ManifestCheck {
  /** Subjects that it judges, e.g. `apps/Deployment`; the others are none of its business. */
  readonly subjects: readonly string[];
  /** Reads what it needs defensively: the object is whatever the cluster's schema lets through, or lacks. */
  readonly check: (written: WrittenObject, context: RequestContext) => MaybePromise<readonly ManifestMisfit[]>;
  /**
   * What stands against something that is there and runs nothing starting to run, though nothing of it is written anew: asked wherever it is started or scaled up
   * from nothing. Paths are not told.
   */
  readonly start?: (started: StartedObject, context: RequestContext) => MaybePromise<readonly ManifestMisfit[]>;
  /** What its writer should know of an object that nothing stands against: stands among the warnings of the write. */
  readonly tell?: (written: WrittenObject, context: RequestContext) => MaybePromise<readonly string[]>;
}
