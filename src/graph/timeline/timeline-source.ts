import type { MaybePromise } from '../../kube/cluster-reader.ts';
import type { GlobalId } from '../global-id.ts';
import type { AnyNode } from '../nodes/node-ref.ts';
import type { RequestContext } from '../request-context.ts';

/** What a timeline is about; it may be gone by now, or never have been. */
export interface TimelineSubject {
  /** Its global id. */
  readonly id: string;
  readonly parsed: GlobalId;
}

/** Something that happened to the subject. */
export interface TimelineEntry {
  /** In whole milliseconds. */
  readonly at: Date;
  /** Unique in its source, for ever. */
  readonly key: string;
  /** A few words, e.g. `scaleWorkload` or `BackOff`. */
  readonly title: string;
  readonly message?: string | undefined;
  /** Whether somebody may have to look at it. */
  readonly isProblem: boolean;
  /** What it is an entry of: an operation record, an event, a row of the plugin. */
  readonly node?: AnyNode | undefined;
}

/** From where on entries are wanted. */
export interface TimelinePage {
  /** Entries at the most. */
  readonly first: number;
  /**
   * Only entries before this moment; with `key` also those at this very moment whose keys are less (compared as JavaScript
   * compares strings). Undefined: from the newest on.
   */
  readonly behind?: { readonly at: Date; readonly key: string | undefined } | undefined;
}

/** One kind of things that timelines tell of (a slot of the manifest). */
export interface TimelineSource {
  /** Member of the enum `TimelineSource`, SCREAMING_SNAKE, unique over all plugins. */
  readonly name: string;
  readonly description: string;
  /**
   * Newest first; at one moment the greater key first. Only what this caller may see: a source asks for its own rights. A subject
   * that it knows nothing of has no entries.
   */
  readonly load: (
    subject: TimelineSubject,
    page: TimelinePage,
    context: RequestContext,
  ) => MaybePromise<readonly TimelineEntry[]>;
}

/** The page of entries that are all in memory; in any order. */
export function pageOfEntries(
  entries: readonly TimelineEntry[],
  { first, behind }: TimelinePage,
): readonly TimelineEntry[] {
  const wanted = behind ? entries.filter((entry) => isBehind(entry, behind)) : [...entries];
  return wanted.sort(compareEntries).slice(0, first);
}

function compareEntries(one: TimelineEntry, other: TimelineEntry): number {
  return other.at.getTime() - one.at.getTime() || (one.key < other.key ? 1 : one.key > other.key ? -1 : 0);
}

function isBehind(entry: TimelineEntry, behind: NonNullable<TimelinePage['behind']>): boolean {
  const apart = entry.at.getTime() - behind.at.getTime();
  return apart < 0 || (apart === 0 && behind.key !== undefined && entry.key < behind.key);
}

declare module '../../kernel/manifest.ts' {
  interface ManifestSlots {
    /** What the plugin adds to the timelines of objects. */
    readonly timelines?: readonly TimelineSource[];
  }
}
