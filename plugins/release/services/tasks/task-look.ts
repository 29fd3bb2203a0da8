import type { ClusterReader } from 'longshore/sdk';
import type { TaskKind, TaskPhase } from '../../api.ts';
import type { EngineWrite, ReleaseEngine, ReleaseTarget, Wanted } from '../../engines/engine.ts';

/** What a task comes to at this moment; `write` is one write, which may be made twice. */
export type TaskLook =
  | { readonly is: 'done' | 'skipped' | 'waiting' }
  | { readonly is: 'failed'; readonly reason: string }
  | { readonly is: 'write'; readonly write: EngineWrite };

export interface TaskFacts {
  readonly kind: TaskKind;
  readonly phase: TaskPhase;
  /** Whether anything was written for it already: what has nothing to do from the start is skipped (REL-25, REL-26). */
  readonly hasBegun: boolean;
  /** What is released, also on the way back. */
  readonly target: ReleaseTarget;
  /** What ran before, or runs again; null for nothing. */
  readonly previous: ReleaseTarget | null;
  readonly engine: ReleaseEngine;
  /** Of a task of a group: how many pods of each unit are of the target's version behind it. */
  readonly wanted: Wanted;
  readonly reader: ClusterReader;
}

/** What a task does. */
export type TaskWork = (facts: TaskFacts) => Promise<TaskLook>;
