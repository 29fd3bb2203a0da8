import type { V1Pod } from '@kubernetes/client-node';
import type { FeedEvent } from 'longshore/sdk';
import { type PodObject, podKind } from '../api.ts';
import { createHearing, type Hearing, type PodFeed } from '../services/metering/create-hearing.ts';
import { seenPods } from '../services/metering/seen-pods.ts';
import { type Meter, settle } from '../services/metering/settle.ts';
import { hourSeconds, noUsage, plus, type Timeline, type Usage } from '../services/metering/timeline.ts';
import { makeObject } from './make-objects.ts';

export interface PodState {
  readonly name: string;
  readonly series: string;
  readonly millicores: number;
  readonly memoryMi: number;
  readonly startSeconds: number;
  readonly finishedSeconds?: number;
}

const iso = (seconds: number) => new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z');

/** A pod of a cluster as it would show it. */
export function podOf(
  { name, series, millicores, memoryMi, startSeconds, finishedSeconds }: PodState,
  version: number,
) {
  const resources = { requests: { cpu: `${millicores}m`, memory: `${memoryMi}Mi` } };
  const state = finishedSeconds === undefined ? {} : { terminated: { finishedAt: iso(finishedSeconds), exitCode: 0 } };
  return makeObject(podKind, {
    metadata: { name, uid: name, labels: { series }, resourceVersion: String(version) },
    spec: { containers: [{ name: 'app', resources }] },
    status: {
      phase: finishedSeconds === undefined ? 'Running' : 'Succeeded',
      startTime: iso(startSeconds),
      containerStatuses: [{ name: 'app', state }],
    },
  });
}

/** A cluster's pods and what happened to them, as its API server tells. */
export class PodCluster {
  readonly pods = new Map<string, PodObject>();
  readonly events: FeedEvent<V1Pod>[] = [];
  version = 1;

  put(state: PodState): void {
    this.version += 1;
    const previous = this.pods.get(state.name);
    const object = podOf(state, this.version);
    this.pods.set(state.name, object);
    this.events.push({ type: previous ? 'MODIFIED' : 'ADDED', object, previous, position: String(this.version) });
  }

  remove(name: string): void {
    const previous = this.pods.get(name);
    if (!previous) return;
    this.version += 1;
    const object = { ...previous, metadata: { ...previous.metadata, resourceVersion: String(this.version) } };
    this.pods.delete(name);
    this.events.push({ type: 'DELETED', object: object as PodObject, previous, position: String(this.version) });
  }
}

/** The watch of one replica: it hears when it is told to. */
export class FakeFeed implements PodFeed {
  readonly syncedAt = 0;
  staleSince: number | undefined;
  continuousSince: string;
  readonly #cluster: PodCluster;
  #told: number;
  #position: string;
  #items: Map<string, PodObject>;
  readonly #listeners = new Set<(event: FeedEvent<V1Pod>) => void>();

  constructor(cluster: PodCluster) {
    this.#cluster = cluster;
    this.#told = cluster.events.length;
    this.#items = new Map(cluster.pods);
    this.#position = String(cluster.version);
    this.continuousSince = this.#position;
  }

  hear(): void {
    for (const event of this.#cluster.events.slice(this.#told)) this.#tell(event);
    this.#told = this.#cluster.events.length;
  }

  /** Everything since it heard last is told by a list alone. */
  relist(): void {
    const version = String(this.#cluster.version);
    for (const [name, object] of [...this.#items]) {
      if (this.#cluster.pods.get(name)) continue;
      this.#tell({ type: 'DELETED', object, previous: object, position: version });
    }
    for (const object of this.#cluster.pods.values()) {
      const previous = this.#items.get(object.metadata.name);
      if (previous === object) continue;
      this.#tell({ type: previous ? 'MODIFIED' : 'ADDED', object, previous, position: version });
    }
    this.#told = this.#cluster.events.length;
    this.#position = version;
    this.continuousSince = version;
  }

  #tell(event: FeedEvent<V1Pod>): void {
    if (event.type === 'DELETED') this.#items.delete(event.object.metadata.name);
    else this.#items.set(event.object.metadata.name, event.object);
    this.#position = event.position;
    for (const listener of this.#listeners) listener(event);
  }

  snapshot() {
    return { items: this.#items.values(), position: this.#position };
  }

  onEvent(listener: (event: FeedEvent<V1Pod>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

export interface Replica {
  readonly feed: FakeFeed;
  readonly hearing: Hearing;
}

/** What the database would hold, and rounds over it. */
export class Ledger {
  meter: (Meter & { readonly position: string }) | undefined;
  readonly timelines = new Map<string, Timeline>();
  readonly buckets = new Map<string, Usage>();
  readonly gaps: { readonly fromSeconds: number; readonly toSeconds: number }[] = [];

  /** One round of a replica; what it was if there was none. */
  round({ hearing }: Replica, nowSeconds: number, options: { readonly mayBeDeaf: boolean }): string | undefined {
    const heard = hearing.look(this.meter?.position);
    if (typeof heard === 'string') return heard;
    if (this.meter && heard.deafUntilSeconds !== undefined && !options.mayBeDeaf) return 'DEAF';
    const pods = seenPods(heard, ({ labels }) => labels.series);
    const { deafUntilSeconds } = heard;
    const settled = settle(this.meter, this.timelines, { nowSeconds, pods, deafUntilSeconds });
    if (!settled) return 'CLOCK';
    this.meter = { ...settled.meter, position: heard.position };
    for (const uid of settled.dropped) this.timelines.delete(uid);
    for (const [uid, timeline] of settled.written) this.timelines.set(uid, timeline);
    for (const { series, hour, ...more } of settled.usage.entries()) {
      const key = `${series} ${hour}`;
      this.buckets.set(key, plus(this.buckets.get(key) ?? noUsage, more));
    }
    if (settled.gap) this.gaps.push(settled.gap);
    hearing.forget(heard.position);
    return undefined;
  }

  get told(): Record<string, Usage> {
    return toRecord(this.buckets);
  }
}

/** A history second by second: nothing but counting. */
export class Tally {
  readonly #buckets = new Map<string, [millicores: number, kib: number, seconds: number]>();
  #hour = -1;
  #series = '';
  #bucket: [number, number, number] = [0, 0, 0];

  add(series: string, second: number, millicores: number, memoryMi: number): void {
    const hour = second - (second % hourSeconds);
    if (hour !== this.#hour || series !== this.#series) {
      const key = `${series} ${hour}`;
      this.#bucket = this.#buckets.get(key) ?? [0, 0, 0];
      this.#buckets.set(key, this.#bucket);
      this.#hour = hour;
      this.#series = series;
    }
    this.#bucket[0] += millicores;
    this.#bucket[1] += memoryMi * 1_024;
    this.#bucket[2] += 1;
  }

  get told(): Record<string, Usage> {
    const usage = [...this.#buckets].map(([key, [millicores, kib, seconds]]): [string, Usage] => [
      key,
      { millicoreSeconds: BigInt(millicores), kibSeconds: BigInt(kib), podSeconds: BigInt(seconds) },
    ]);
    return toRecord(new Map(usage));
  }
}

function toRecord(buckets: ReadonlyMap<string, Usage>): Record<string, Usage> {
  const some = [...buckets].filter(
    ([, { podSeconds, millicoreSeconds }]) => podSeconds !== 0n || millicoreSeconds !== 0n,
  );
  return Object.fromEntries(some.sort(([one], [other]) => (one < other ? -1 : 1)));
}

export const startReplica = (cluster: PodCluster, now: () => number): Replica => {
  const feed = new FakeFeed(cluster);
  return { feed, hearing: createHearing(feed, { now }) };
};
