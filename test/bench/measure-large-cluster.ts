import { Agent, request } from 'undici';
import { startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { createPods } from './many-pods.ts';
import { heapBytes, meterTurns, type Turns } from './turn-meter.ts';

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

  const yardstick = await meterTurns(async () => {
    JSON.stringify(cluster.store.list(cluster.store.resource('', 'pods')));
  });
  const rows: [string, Turns][] = [
    ['the first list of all, printed anew', await meterTurns(() => read('pods'))],
    ['all again', await meterTurns(() => read('pods'))],
    ['all, compressed', await meterTurns(() => read('pods', 'GET', { 'accept-encoding': 'gzip' }))],
    ['all in pages of 500', await meterTurns(readPages)],
    ['all as a table', await meterTurns(() => read('pods', 'GET', { accept: asTable }))],
    ['all as metadata', await meterTurns(() => read('pods', 'GET', { accept: asMetadata }))],
    ['their deletion', await meterTurns(() => read('namespaces/large/pods', 'DELETE'))],
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
