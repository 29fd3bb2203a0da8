/** Keeps events from flooding: the rules of client-go's event correlator. */
export interface EventSpamFilter {
  /**
   * What to write for this message: itself, or one saying that stands for all that differ only in their message.
   * Equal sayings are one event, counted up.
   */
  aggregate(group: string, message: string): { readonly message: string; readonly saying: string };
  /** Whether this source may say anything more about this object now. */
  isAllowed(source: string): boolean;
}

const similarLimit = 10;
const similarWithinMs = 600_000;
/** So many events about one object at once, then one every five minutes. */
const burst = 25;
const refillMs = 300_000;
const rememberedSources = 4096;

interface Similar {
  messages: Set<string>;
  lastAtMs: number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

export function createEventSpamFilter(now: () => number): EventSpamFilter {
  const similar = new Map<string, Similar>();
  const buckets = new Map<string, Bucket>();
  return {
    aggregate(group, message) {
      let record = similar.get(group);
      if (record === undefined || now() - record.lastAtMs > similarWithinMs)
        record = { messages: new Set(), lastAtMs: 0 };
      record.messages.add(message);
      record.lastAtMs = now();
      remember(similar, group, record);
      if (record.messages.size < similarLimit) return { message, saying: message };
      const oldest = record.messages.values().next().value;
      if (oldest !== undefined) record.messages.delete(oldest);
      return { message: `(combined from similar events): ${message}`, saying: '' };
    },
    isAllowed(source) {
      const bucket = buckets.get(source) ?? { tokens: burst, atMs: now() };
      bucket.tokens = Math.min(burst, bucket.tokens + (now() - bucket.atMs) / refillMs);
      bucket.atMs = now();
      remember(buckets, source, bucket);
      if (bucket.tokens < 1) return false;
      bucket.tokens -= 1;
      return true;
    },
  };
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const oldest = map.size > rememberedSources ? map.keys().next().value : undefined;
  if (oldest !== undefined) map.delete(oldest);
}
