import { addDifference, HourlyUsage, isSameRate, type Segment, type Timeline } from './timeline.ts';

/** How far a cluster has been metered. All times are whole UTC seconds. */
export interface Meter {
  /** Since when: what pods used before, nobody asked to be metered. */
  readonly sinceSeconds: number;
  readonly throughSeconds: number;
}

/** A rate that a pod came to have. */
export interface RateChange {
  readonly fromSeconds: number;
  readonly millicores: number;
  readonly memoryKib: number;
}

/** A pod as a look at its cluster found it. */
export interface SeenPod {
  readonly uid: string;
  readonly series: string;
  /** Undefined before its kubelet has taken it up. */
  readonly startSeconds: number | undefined;
  /** The rate it had when the cluster was looked at before, or had first, and each that came after. Never empty. */
  readonly rates: readonly [RateChange, ...RateChange[]];
  /** Undefined while it runs; without seconds where nobody knows when it ended. */
  readonly end: { readonly seconds: number | undefined } | undefined;
  /** The cluster has it no more. */
  readonly isGone: boolean;
}

/** What a cluster shows at a moment: the pods it has, and those that went since it was looked at before as far as that was heard. */
export interface Look {
  readonly nowSeconds: number;
  readonly pods: Iterable<SeenPod>;
  /** Since when all changes were heard, where that is later than the last look; undefined where nothing was missed. */
  readonly deafUntilSeconds: number | undefined;
}

export interface Settlement {
  readonly meter: Meter;
  readonly usage: HourlyUsage;
  /** Timelines that are new or other ones, by uid. */
  readonly written: ReadonlyMap<string, Timeline>;
  /** Pods that are settled for good, by uid. */
  readonly dropped: readonly string[];
  /** A time in which pods may have come, changed or gone unheard. */
  readonly gap: { readonly fromSeconds: number; readonly toSeconds: number } | undefined;
}

/** A clock that is further behind than this is not believed; what lies further ahead is settled in steps of it. */
export const longestStepSeconds = 86_400;
/** Segments kept of a pod: enough to take back what a clock that was ahead had added. */
const keptSegments = 16;

/**
 * What has to be added to the usage so that it is what these pods have used until now. Pure. What was added for a time that is yet to
 * come (a clock was ahead, an end was told late) is taken back. What ended unheard and has left no time of it is metered as far as it was
 * known to run. Undefined where the clock is too far behind to be believed.
 */
export function settle(
  meter: Meter | undefined,
  timelines: ReadonlyMap<string, Timeline>,
  look: Look,
): Settlement | undefined {
  const { nowSeconds } = look;
  const before = meter ?? { sinceSeconds: nowSeconds, throughSeconds: nowSeconds };
  if (nowSeconds < before.throughSeconds - longestStepSeconds) return undefined;
  const throughSeconds = Math.min(nowSeconds, before.throughSeconds + longestStepSeconds);
  const usage = new HourlyUsage();
  const written = new Map<string, Timeline>();
  const dropped: string[] = [];
  const seen = new Set<string>();
  for (const pod of look.pods) {
    const known = timelines.get(pod.uid);
    const timeline = known ? continued(known, pod, before, look) : begun(pod, before);
    seen.add(pod.uid);
    if (timeline) {
      const past = known && { timeline: known, throughSeconds: before.throughSeconds };
      addDifference(past, { timeline, throughSeconds }, usage);
    }
    if (pod.isGone) {
      if (known) dropped.push(pod.uid);
    } else if (timeline && timeline !== known) {
      written.set(pod.uid, { ...timeline, segments: timeline.segments.slice(-keptSegments) });
    }
  }
  for (const uid of timelines.keys()) if (!seen.has(uid)) dropped.push(uid);
  const toSeconds = Math.min(look.deafUntilSeconds ?? 0, nowSeconds);
  const gap =
    meter && toSeconds > before.throughSeconds ? { fromSeconds: before.throughSeconds, toSeconds } : undefined;
  return { meter: { ...before, throughSeconds }, usage, written, dropped, gap };
}

/** Of a pod that was not metered before; undefined for what has not started, or ended before anybody metered it. */
function begun({ startSeconds, rates, series, end }: SeenPod, { sinceSeconds }: Meter): Timeline | undefined {
  if (startSeconds === undefined) return undefined;
  const from = Math.max(startSeconds, sinceSeconds);
  const endSeconds = end ? (end.seconds ?? from) : null;
  if (endSeconds !== null && endSeconds <= from) return undefined;
  const [first, ...later] = rates;
  const segments: Segment[] = [{ ...first, series, fromSeconds: from }];
  for (const change of later) append(segments, { ...change, series });
  return { segments, endSeconds };
}

/** Of a pod that was metered before; the same object where nothing is new. */
function continued(known: Timeline, pod: SeenPod, meter: Meter, { nowSeconds, deafUntilSeconds }: Look): Timeline {
  const segments = [...known.segments];
  const last = segments.at(-1) as Segment;
  const { series } = last;
  const [first, ...later] = pod.rates;
  // It changed unheard.
  const unheard = Math.max(deafUntilSeconds ?? 0, meter.throughSeconds);
  append(segments, { ...first, series, fromSeconds: Math.min(unheard, nowSeconds) });
  for (const change of later) append(segments, { ...change, series });
  if (!pod.end && pod.series !== series) {
    const { millicores, memoryKib } = segments.at(-1) as Segment;
    const fromSeconds = Math.min(meter.throughSeconds, nowSeconds);
    append(segments, { series: pod.series, millicores, memoryKib, fromSeconds });
  }
  const told = pod.end && (pod.end.seconds ?? known.endSeconds ?? meter.throughSeconds);
  const endSeconds = told === undefined ? null : Math.max(told, segments[0]?.fromSeconds ?? told);
  const isSame = endSeconds === known.endSeconds && segments.length === known.segments.length;
  return isSame ? known : { segments, endSeconds };
}

function append(segments: Segment[], next: Segment): void {
  const last = segments.at(-1) as Segment;
  if (isSameRate(last, next)) return;
  segments.push({ ...next, fromSeconds: Math.max(next.fromSeconds, last.fromSeconds) });
}
