import { Agent, request } from 'undici';
import { startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { createPods } from './many-pods.ts';

const pods = 10_000;
const asTable = 'application/json;as=Table;g=meta.k8s.io;v=v1';
const asMetadata = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

/**
 * 10,000 pods in the embedded cluster: CPU time of whole lists as ratios against one JSON.stringify of the same objects,
 * the longest turn of the event loop, and memory a pod. The client is this process, so its share is in the figures.
 */
export async function measureLargeCluster(): Promise<void> {
  const before = heapBytes();
  await using cluster = await startEmbeddedCluster({ name: 'large', controllers: false });
  createPods(cluster.store, 'large', pods);
  const perPodKb = (heapBytes() - before) / pods / 1024;
  const dispatcher = new Agent({ connect: { ca: cluster.caCertificate } });
  const read = async (path: string, method: 'GET' | 'DELETE' = 'GET', headers: Record<string, string> = {}) => {
    const answer = await request(`${cluster.url}/api/v1/${path}`, {
      method,
      dispatcher,
      headers: { authorization: `Bearer ${cluster.token}`, ...headers },
    });
    let start = '';
    for await (const chunk of answer.body) if (start.length < 1_000) start += String(chunk).slice(0, 1_000);
    return start;
  };
  const readPages = async (): Promise<void> => {
    for (let next: string | undefined = ''; next !== undefined; ) {
      const start = await read(`pods?limit=500${next === '' ? '' : `&continue=${next}`}`);
      next = /"continue":"([^"]+)"/.exec(start)?.[1];
    }
  };

  const yardstick = await measured(async () => {
    JSON.stringify(cluster.store.list(cluster.store.resource('', 'pods')));
  });
  const rows: [string, Measurement][] = [
    ['the first list of all, printed anew', await measured(() => read('pods'))],
    ['all again', await measured(() => read('pods'))],
    ['all, compressed', await measured(() => read('pods', 'GET', { 'accept-encoding': 'gzip' }))],
    ['all in pages of 500', await measured(readPages)],
    ['all as a table', await measured(() => read('pods', 'GET', { accept: asTable }))],
    ['all as metadata', await measured(() => read('pods', 'GET', { accept: asMetadata }))],
    ['their deletion', await measured(() => read('namespaces/large/pods', 'DELETE'))],
  ];
  await dispatcher.destroy();
  console.log(`\n| ${pods} pods, ${perPodKb.toFixed(1)} KB each | CPU ms | x JSON.stringify | longest turn, CPU ms |`);
  console.log('| --- | --- | --- | --- |');
  for (const [name, { cpuMs, longestTurnMs }] of [['JSON.stringify of the same', yardstick] as const, ...rows]) {
    console.log(
      `| ${name} | ${cpuMs.toFixed(0)} | ${(cpuMs / yardstick.cpuMs).toFixed(1)} | ${longestTurnMs.toFixed(0)} |`,
    );
  }
}

interface Measurement {
  /** CPU time of the event loop's thread. */
  readonly cpuMs: number;
  /** The most of it in one turn of the loop. */
  readonly longestTurnMs: number;
}

/** A turn that takes less has only looked for work. */
const idleTurnMs = 0.1;

async function measured(work: () => Promise<unknown>): Promise<Measurement> {
  collect();
  await pause();
  let cpuMs = 0;
  let longestTurnMs = 0;
  let isOver = false;
  let last = threadCpuMs();
  // CPU time and not the clock's: what else runs on the machine is not ours.
  const look = (): void => {
    const now = threadCpuMs();
    if (now - last > idleTurnMs) cpuMs += now - last;
    longestTurnMs = Math.max(longestTurnMs, now - last);
    last = now;
    if (!isOver) setImmediate(look);
  };
  look();
  await work();
  await pause();
  isOver = true;
  return { cpuMs, longestTurnMs };
}

function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}

function heapBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

function collect(): void {
  (globalThis as { gc?: () => void }).gc?.();
}
