/** What a pod is metered at, and for whom. */
export interface Rate {
  /** Whose usage it is: the id of a series. */
  readonly series: string;
  readonly millicores: number;
  readonly memoryKib: number;
}

export interface Segment extends Rate {
  /** UTC seconds. */
  readonly fromSeconds: number;
}

/** At which rates a pod has been metered. A segment holds until the next one begins. */
export interface Timeline {
  /** In the order of their begins; at least one. */
  readonly segments: readonly Segment[];
  /** UTC seconds; null while it runs. */
  readonly endSeconds: number | null;
}

/** How much was used: rates times seconds, in exact integers. */
export interface Usage {
  readonly millicoreSeconds: bigint;
  readonly kibSeconds: bigint;
  readonly podSeconds: bigint;
}

export const noUsage: Usage = { millicoreSeconds: 0n, kibSeconds: 0n, podSeconds: 0n };

export const plus = (one: Usage, other: Usage): Usage => ({
  millicoreSeconds: one.millicoreSeconds + other.millicoreSeconds,
  kibSeconds: one.kibSeconds + other.kibSeconds,
  podSeconds: one.podSeconds + other.podSeconds,
});

export const hourSeconds = 3_600;

/** Usage by series and hour; hours are UTC seconds of their begins. */
export class HourlyUsage {
  readonly #hours = new Map<string, Map<number, Usage>>();

  /** `seconds` at a rate within one hour; negative ones take back. */
  add({ series, millicores, memoryKib }: Rate, hour: number, seconds: number): void {
    let hours = this.#hours.get(series);
    if (!hours) {
      hours = new Map();
      this.#hours.set(series, hours);
    }
    const more = {
      millicoreSeconds: BigInt(millicores) * BigInt(seconds),
      kibSeconds: BigInt(memoryKib) * BigInt(seconds),
      podSeconds: BigInt(seconds),
    };
    const known = hours.get(hour);
    hours.set(hour, known ? plus(known, more) : more);
  }

  /** Those that are not nothing. */
  *entries(): Generator<Usage & { readonly series: string; readonly hour: number }> {
    for (const [series, hours] of this.#hours) {
      for (const [hour, usage] of hours) {
        if (usage.millicoreSeconds === 0n && usage.kibSeconds === 0n && usage.podSeconds === 0n) continue;
        yield { series, hour, ...usage };
      }
    }
  }
}

/** A timeline, and until when it has been metered where it has no end yet. */
export interface Metered {
  readonly timeline: Timeline;
  readonly throughSeconds: number;
}

/**
 * Adds to `usage` what a pod has used by `after` and had not by `before`, taking back what is not so any more. Where both agree
 * costs nothing, however long it is.
 */
export function addDifference(before: Metered | undefined, after: Metered, usage: HourlyUsage): void {
  const from = before ? firstDifference(before, after) : Number.NEGATIVE_INFINITY;
  if (before) addFrom(before, from, -1, usage);
  addFrom(after, from, 1, usage);
}

function endOf({ timeline, throughSeconds }: Metered): number {
  return timeline.endSeconds ?? throughSeconds;
}

function firstDifference(before: Metered, after: Metered): number {
  const old = before.timeline.segments;
  const now = after.timeline.segments;
  let same = 0;
  while (same < old.length && same < now.length && isSame(old[same] as Segment, now[same] as Segment)) same += 1;
  return Math.min(
    endOf(before),
    endOf(after),
    old[same]?.fromSeconds ?? Number.POSITIVE_INFINITY,
    now[same]?.fromSeconds ?? Number.POSITIVE_INFINITY,
  );
}

function isSame(one: Segment, other: Segment): boolean {
  return one === other || (one.fromSeconds === other.fromSeconds && isSameRate(one, other));
}

export function isSameRate(one: Rate, other: Rate): boolean {
  return one.series === other.series && one.millicores === other.millicores && one.memoryKib === other.memoryKib;
}

function addFrom(metered: Metered, fromSeconds: number, sign: 1 | -1, usage: HourlyUsage): void {
  const { segments } = metered.timeline;
  const end = endOf(metered);
  for (const [index, segment] of segments.entries()) {
    const until = Math.min(segments[index + 1]?.fromSeconds ?? end, end);
    let at = Math.max(segment.fromSeconds, fromSeconds);
    while (at < until) {
      const hour = Math.floor(at / hourSeconds) * hourSeconds;
      const next = Math.min(until, hour + hourSeconds);
      usage.add(segment, hour, sign * (next - at));
      at = next;
    }
  }
}
