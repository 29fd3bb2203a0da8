import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { startTestGateway } from '../../src/testing.ts';
import type { Bench, BenchRow } from './bench-row.ts';
import { createPods } from './many-pods.ts';

const query = `subscription { podChanges(snapshot: false, filter: { namespaces: ["bench"] }) {
  type cursor pod { id name namespace phase isReady restartCount node { name } labels { key value } }
} }`;
const subscribers = 500;
const changesPerBurst = 20;
const bursts = 30;

/** What a change costs for each of 500 subscribers who ask the same: CPU of this process, the cluster's taken off. */
export const benchDeliveries: Bench = {
  name: 'deliveries',
  async run() {
    await using cluster = await startEmbeddedCluster({ name: 'bench', controllers: false });
    createPods(cluster.store, 'bench', 100);
    const folder = mkdtempSync(join(tmpdir(), 'longshore-bench-'));
    const kubeconfig = join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, cluster.kubeconfig);
    await using gateway = await startTestGateway({
      settings: { clusters: [{ name: 'bench', kubeconfig }], limits: { socketsPerPrincipal: 10_000 } },
    });
    const token = gateway.gateway.rooms.signIn.adminToken ?? '';
    const url = `${gateway.url.replace('http', 'ws')}/graphql`;
    const pods = cluster.store.resource('', 'pods');
    let turn = 0;

    function burst(changes: number): void {
      turn += 1;
      for (let index = 0; index < changes; index += 1) {
        const pod = cluster.store.get(pods, 'bench', `web-${String(index).padStart(5, '0')}`);
        const labels = { ...(pod?.metadata as { labels?: object }).labels, turn: String(turn) };
        cluster.store.update(pods, { ...pod, metadata: { ...pod?.metadata, labels } } as never);
      }
    }
    async function costOf(child: ChildProcess | undefined, changes: number, readers: number): Promise<number> {
      const before = process.cpuUsage();
      for (let count = 0; count < bursts; count += 1) {
        const had = child ? (await countOf(child)).received : 0;
        burst(changes);
        if (!child) await new Promise((resolve) => setTimeout(resolve, 25));
        while (child && (await countOf(child)).received < had + changes * readers) {
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      }
      const used = process.cpuUsage(before);
      return used.user + used.system;
    }

    const rows: BenchRow[] = [];
    for (const [sockets, perSocket] of [
      [subscribers, 1],
      [subscribers / 10, 10],
    ] as const) {
      const child = fork(fileURLToPath(new URL('./subscribers.ts', import.meta.url)), {
        execArgv: ['--conditions=source'],
      });
      await ask(child, { url, token, query, sockets, perSocket });
      for (const changes of [changesPerBurst, 1]) {
        const warm = await costOf(child, changes, subscribers);
        const cost = Math.min(warm, await costOf(child, changes, subscribers));
        rows.push({
          name: `delivery to a group of ${subscribers}, ${sockets} sockets, bursts of ${changes}`,
          value: cost / (bursts * changes * subscribers),
          unit: 'µs CPU',
          yardstick: 'absolute',
          ratio: cost / (bursts * changes * subscribers),
          ...(changes > 1 ? { bar: 8 } : {}),
        });
      }
      child.kill();
    }
    rmSync(folder, { recursive: true });
    return rows;
  },
};

interface Count {
  readonly received: number;
}

function countOf(child: ChildProcess): Promise<Count> {
  return ask(child, 'count') as Promise<Count>;
}

function ask(child: ChildProcess, message: object | string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once('message', (answer: { error?: string }) => {
      if (answer.error === undefined) resolve(answer);
      else reject(new Error(answer.error));
    });
    child.send(message as never);
  });
}
