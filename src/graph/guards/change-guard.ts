import type { RaisedWarning } from '../../kernel/answer-error.ts';
import type { MaybePromise } from '../../kube/cluster-reader.ts';
import type { KubeObject } from '../../kube/kube-object.ts';
import type { RequestContext } from '../request-context.ts';

declare module '../../kernel/manifest.ts' {
  interface ManifestSlots {
    /** What else is at work on objects of other plugins: asked before any request changes or deletes one of these kinds. */
    readonly changeGuards?: readonly ChangeGuard[];
  }
}

/** Why an object is not to be changed now: a member of `PreconditionReason`, and the sentence. */
export interface ChangeObstacle {
  readonly reason: string;
  readonly message: string;
}

/** A change that somebody wants to make by hand. */
export interface WantedChange {
  /** As its caller sees it now. */
  readonly object: KubeObject;
  /** As it would be; undefined where that is known only when it is written. */
  readonly next: object | undefined;
  /** Whether `next` is a part, and what it lacks stays (server-side apply). */
  readonly isPart: boolean;
}

/**
 * A plugin that itself changes objects of others, and must not be crossed. Its own writes go by the environment's clusters, not by
 * those of a request, where it would be asked about itself.
 */
export interface ChangeGuard {
  /** Subjects that it watches over, e.g. `apps/Deployment`; the others are none of its business. */
  readonly subjects: readonly string[];
  /** Keys of labels that it alone sets on objects and their pods: a copy is made without them. */
  readonly labels: readonly string[];
  /** Members of `WarningCode` that `warn` finds. */
  readonly warnings: readonly string[];
  /**
   * What stands against any change or deletion of an object now. Asked by the writer of every request, so that no mutation can forget it.
   * Answers at once for objects that are not its own.
   */
  readonly obstacle: (object: KubeObject, context: RequestContext) => MaybePromise<ChangeObstacle | undefined>;
  /** What has to be acknowledged before an object is changed by hand; `path` is added by who asks. */
  readonly warn: (
    change: WantedChange,
    context: RequestContext,
  ) => MaybePromise<readonly Omit<RaisedWarning, 'path'>[]>;
}
