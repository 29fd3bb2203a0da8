import type { ServerResponse } from 'node:http';
import { silentLogger } from '../../../src/kernel/logger.ts';
import { createClusters } from '../../../src/kube/create-clusters.ts';
import { kindRef } from '../../../src/kube/kind-ref.ts';
import { noMetrics } from '../../../src/kube/kube-metrics.ts';
import {
  type FakeApi,
  type RecordedRequest,
  sendStatus,
  startFakeApi,
} from '../../../src/kube/testing/start-fake-api.ts';
import { createManualClock, createSeededRandom, runClockUntil } from '../../../src/testing.ts';

export interface StormSize {
  readonly clusters: number;
  readonly kinds: number;
}

/** What API servers were asked for while they could not answer. Times are milliseconds of the clock. */
export interface Outage {
  /** When each kind of each cluster was listed, by `<cluster> <plural>`. */
  readonly lists: ReadonlyMap<string, readonly number[]>;
  /** When each cluster was asked for anything else, by its number. */
  readonly others: ReadonlyMap<number, readonly number[]>;
  /** How long after the end of the outage every kind was followed again. */
  readonly backAfterMs: number;
}

export interface Storm extends AsyncDisposable {
  /** For five minutes every list fails and every position is gone, while the servers themselves answer. */
  failLists(): Promise<Outage>;
  /** For five minutes the servers hang up on whoever asks. */
  hangUp(): Promise<Outage>;
}

export const outageMs = 300_000;

/** Clusters whose kinds are all followed, by a clock of their own. */
export async function startStorm(size: StormSize): Promise<Storm> {
  const stack = new AsyncDisposableStack();
  const clock = createManualClock();
  const random = createSeededRandom();
  const pending = new Map<string, number>();
  const kinds = Array.from({ length: size.kinds }, (_, index) =>
    kindRef({ group: '', version: 'v1', kind: `Thing${index}`, plural: `things${index}`, isNamespaced: true }),
  );
  const apis: FakeApi[] = [];
  for (let index = 0; index < size.clusters; index += 1) {
    const api = await startFakeApi();
    stack.defer(() => api.stop());
    api.kinds = kinds.map((kind) => ({ ...kind }));
    apis.push(api);
  }
  const clusters = createClusters({
    clusters: apis.map((api, index) => ({ name: `c${index}`, source: { kubeconfigText: api.kubeconfig() } })),
    kinds: kinds.map((kind) => ({ kind })),
    clock,
    logger: silentLogger,
    random: () => random.next(),
    metrics: { ...noMetrics, pending: (cluster, count) => pending.set(cluster, count) },
  });
  stack.defer(() => clusters.stop());
  const isBusy = () => [...pending.values()].some((count) => count > 0);
  const until = (condition: () => boolean, stepMs: number) => runClockUntil(clock, condition, { stepMs, isBusy });
  const isLive = () =>
    apis.every(({ watches }) => new Set([...watches].map(({ plural }) => plural)).size === size.kinds);
  await until(isLive, 100);

  /** Five minutes in which `answer` stands for the servers, from the moment at which their watches are cut. */
  async function outage(answer: (request: RecordedRequest, response: ServerResponse) => boolean): Promise<Outage> {
    const lists = new Map<string, number[]>();
    const others = new Map<number, number[]>();
    const ends = apis.map((api, index) =>
      api.intercept((request, response) => {
        if (!answer(request, response)) return false;
        const plural = /\/(things\d+)$/.exec(request.path)?.[1];
        if (plural === undefined) others.set(index, [...(others.get(index) ?? []), clock.now()]);
        else if (!request.isWatch) {
          const key = `${index} ${plural}`;
          lists.set(key, [...(lists.get(key) ?? []), clock.now()]);
        }
        return true;
      }),
    );
    for (const { watches } of apis) for (const watch of watches) watch.reset();
    const endsAt = clock.now() + outageMs;
    await until(() => clock.now() >= endsAt, 500);
    for (const end of ends) end();
    await until(isLive, 500);
    return { lists, others, backAfterMs: clock.now() - endsAt };
  }

  return {
    failLists() {
      for (const { store } of apis) store.compact();
      return outage((request, response) => {
        if (!request.path.includes('/things')) return false;
        sendStatus(response, request.isWatch ? 410 : 500, 'InternalError', 'etcd is away');
        return true;
      });
    },
    hangUp: () =>
      outage((_request, response) => {
        response.socket?.destroy();
        return true;
      }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Milliseconds between the lists of one kind that come after its first three. */
export function gapsOf({ lists }: Outage): number[] {
  return [...lists.values()].flatMap((times) => times.slice(3).map((time, index) => time - (times[index + 2] ?? 0)));
}

/** The largest part of all kinds that was listed within one second, once they were spaced. */
export function busiestSecondOf({ lists }: Outage): number {
  const times = [...lists.values()].flatMap((all) => all.slice(3));
  const bySecond = Object.groupBy(times, (time) => String(Math.floor(time / 1_000)));
  return Math.max(0, ...Object.values(bySecond).map((all) => all?.length ?? 0)) / lists.size;
}
