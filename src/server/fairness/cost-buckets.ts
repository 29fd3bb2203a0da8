import type { Clock } from '../../kernel/clock.ts';

export interface CostBucketOptions {
  readonly clock: Clock;
  /** What comes back in a minute. */
  readonly perMinute: number;
  /** What is there for who did nothing for a while; at least what one request may cost. */
  readonly capacity: number;
  /** So many are remembered; default 10,000. Beyond it those are forgotten who are nearest to being full again. */
  readonly most?: number;
}

/** What each caller may spend: a bucket that fills at a steady pace, and is known only while it is not full. */
export interface CostBuckets {
  /**
   * Seconds, whole and at least 1, after which this caller may go on; undefined where it may now. Who has something left may go on, and
   * what it then costs may take it below zero, which it has to wait for.
   */
  waitSeconds(key: string): number | undefined;
  /** Takes this from what is left; below zero gives it back. */
  charge(key: string, cost: number): void;
  /** What is left of the capacity; below zero where more was spent. */
  left(key: string): number;
  readonly known: number;
}

interface Bucket {
  level: number;
  atMs: number;
}

export function createCostBuckets({ clock, perMinute, capacity, most = 10_000 }: CostBucketOptions): CostBuckets {
  const perMs = perMinute / 60_000;
  const buckets = new Map<string, Bucket>();

  function refilled(bucket: Bucket): Bucket {
    const now = clock.now();
    // A clock that was set back gives nothing, and takes nothing.
    bucket.level = Math.min(capacity, bucket.level + Math.max(0, now - bucket.atMs) * perMs);
    bucket.atMs = now;
    return bucket;
  }

  function bucketOf(key: string): Bucket | undefined {
    const bucket = buckets.get(key);
    if (!bucket || refilled(bucket).level < capacity) return bucket;
    buckets.delete(key);
    return undefined;
  }

  /** First those that are full again, and where that makes too little room, those that soon will be. */
  function makeRoom(): void {
    for (const key of [...buckets.keys()]) bucketOf(key);
    if (buckets.size < most) return;
    const byLevel = [...buckets].sort(([, one], [, other]) => other.level - one.level);
    for (const [key] of byLevel.slice(0, Math.ceil(most / 4))) buckets.delete(key);
  }

  return {
    waitSeconds(key) {
      const bucket = bucketOf(key);
      if (!bucket || bucket.level > 0) return undefined;
      return Math.max(1, Math.ceil(-bucket.level / perMs / 1_000));
    },
    charge(key, cost) {
      const bucket = bucketOf(key);
      if (bucket) bucket.level = Math.min(capacity, bucket.level - cost);
      if (bucket || cost <= 0) return;
      if (buckets.size >= most) makeRoom();
      buckets.set(key, { level: capacity - cost, atMs: clock.now() });
    },
    left: (key) => bucketOf(key)?.level ?? capacity,
    get known() {
      return buckets.size;
    },
  };
}
