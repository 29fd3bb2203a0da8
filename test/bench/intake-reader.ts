/** Runs in a process of its own (`--expose-gc`): reads a large cluster into the gateway's cache and measures itself. */
import { writeHeapSnapshot } from 'node:v8';
import { type Dispatcher, request } from 'undici';
import { silentLogger } from '../../src/kernel/logger.ts';
import { createClusters } from '../../src/kube/create-clusters.ts';
import { declareKind } from '../../src/kube/declared-kind.ts';
import { podKind } from '../../src/kube/testing/test-cluster.ts';
import type { PodServerAsk } from './pod-server.ts';
import { heapBytes, meterTurns, type Turns } from './turn-meter.ts';

export interface IntakeReport {
  readonly pods: number;
  readonly jsonBytes: number;
  readonly burstPods: number;
  /** JSON.parse of the same pages. */
  readonly parse: Turns;
  /** Reading them from the network included. */
  readonly readAndParse: Turns;
  readonly list: Turns;
  readonly relist: Turns;
  readonly unchangedRelist: Turns;
  readonly burst: Turns;
  readonly heldBytes: number;
  readonly heldAfterRelistBytes: number;
  readonly heldAfterBurstBytes: number;
  /** What plain parsed objects in an array hold. */
  readonly plainBytes: number;
}

/** Where a snapshot of the heap goes when all is read, for those who want to know what is in it. */
const snapshotFile = process.argv[2];
const pending = new Map<number, () => void>();

process.on(
  'message',
  (message: { kubeconfig: string; url: string; pods: number; burst: number } | { done: number }) => {
    if ('done' in message) return pending.get(message.done)?.();
    measureIntake(message).then(
      (report) => process.send?.({ report }),
      (error: unknown) => process.send?.({ error: String(error instanceof Error ? error.stack : error) }),
    );
  },
);

let asked = 0;

/** Lets the server do something. */
function ask(what: PodServerAsk): Promise<void> {
  asked += 1;
  const id = asked;
  return new Promise((resolve) => {
    pending.set(id, resolve);
    process.send?.({ ask: what, id });
  });
}

async function measureIntake(job: {
  kubeconfig: string;
  url: string;
  pods: number;
  burst: number;
}): Promise<IntakeReport> {
  const { pods } = job;
  const plain = await measurePlain(job.url);
  const before = heapBytes();
  const indexes = {
    node: (object: { readonly spec?: unknown }) => [String((object.spec as { nodeName: string }).nodeName)],
  };
  const clusters = createClusters({
    clusters: [{ name: 'bench', source: { kubeconfigText: job.kubeconfig } }],
    kinds: [declareKind({ kind: podKind, indexes })],
    logger: silentLogger,
  });
  const [cluster] = clusters.all;
  if (cluster === undefined) throw new Error('there is no cluster');
  await clusters.whenSettled(5_000);
  const feed = cluster.feed(podKind);
  const list = await meterTurns(() => feed.ready());
  let heard = 0;
  feed.onEvent(() => {
    heard += 1;
  });
  const hearing = async (count: number) => {
    while (heard < count) await new Promise((resolve) => setTimeout(resolve, 1));
    heard = 0;
  };
  const held = heapBytes() - before;
  let listedAt = feed.continuousSince;
  const relisted = async () => {
    while (feed.continuousSince === listedAt) await new Promise((resolve) => setTimeout(resolve, 1));
    listedAt = feed.continuousSince;
  };
  const unchangedRelist = await meterTurns(async () => {
    await ask({ cut: true });
    await relisted();
  });
  await ask({ turn: 1 });
  const relist = await meterTurns(async () => {
    await ask({ cut: true });
    await relisted();
    await hearing(pods);
  });
  const heldAfterRelist = heapBytes() - before;
  await new Promise((resolve) => setTimeout(resolve, 500));
  const burst = await meterTurns(async () => {
    await ask({ burst: job.burst });
    await hearing(job.burst);
  });
  const heldAfterBurst = heapBytes() - before;
  if (snapshotFile !== undefined) writeHeapSnapshot(snapshotFile);
  feed.release();
  await clusters.stop();
  return {
    pods,
    jsonBytes: plain.jsonBytes,
    parse: plain.parse,
    readAndParse: plain.readAndParse,
    plainBytes: plain.heldBytes,
    list,
    relist,
    unchangedRelist,
    burst,
    heldBytes: held,
    heldAfterRelistBytes: heldAfterRelist,
    heldAfterBurstBytes: heldAfterBurst,
    burstPods: job.burst,
  };
}

/** The yardsticks: the same pages, only parsed, and read and parsed as plainly as can be. */
async function measurePlain(
  url: string,
): Promise<Pick<IntakeReport, 'jsonBytes' | 'parse' | 'readAndParse'> & { heldBytes: number }> {
  const pages: string[] = [];
  await readPages(url, (page) => pages.push(page));
  const jsonBytes = pages.reduce((sum, page) => sum + page.length, 0);
  const before = heapBytes();
  const kept: unknown[] = [];
  const parse = await meterTurns(async () => {
    for (const page of pages) {
      kept.push(JSON.parse(page));
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
  const heldBytes = heapBytes() - before;
  kept.length = 0;
  pages.length = 0;
  const readAndParse = await meterTurns(() => readPages(url, (page) => kept.push(JSON.parse(page))));
  kept.length = 0;
  return { jsonBytes, parse, readAndParse, heldBytes };
}

async function readPages(url: string, take: (page: string) => void): Promise<void> {
  for (let from: string | undefined = ''; from !== undefined; ) {
    const { body }: Dispatcher.ResponseData = await request(
      `${url}/api/v1/pods?limit=500${from === '' ? '' : `&continue=${from}`}`,
    );
    const page: string = await body.text();
    take(page);
    from = /"continue":"(\d+)"/.exec(page.slice(0, 200))?.[1];
  }
}
