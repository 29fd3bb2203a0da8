import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import { startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { startTestGateway } from '../../src/testing.ts';
import type { Bench, BenchRow } from './bench-row.ts';
import { createPods } from './many-pods.ts';
import { heapBytes } from './turn-meter.ts';

const subscribers = 1_000;
const query = `subscription { podChanges(snapshot: false, filter: { namespaces: ["bench"] }) {
  type cursor pod { id name namespace phase isReady restartCount node { name } labels { key value } }
} }`;

/** What each subscriber of a group of 1,000 holds on the heap, against as many sockets of a server that does nothing else. */
export const benchSubscribers: Bench = {
  name: 'subscribers',
  async run() {
    await using cluster = await startEmbeddedCluster({ name: 'bench', controllers: false });
    createPods(cluster.store, 'bench', 100);
    const folder = mkdtempSync(join(tmpdir(), 'longshore-bench-'));
    const kubeconfig = join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, cluster.kubeconfig);
    await using gateway = await startTestGateway({
      settings: {
        embedded: { enabled: false },
        clusters: [{ name: 'bench', kubeconfig }],
        limits: { socketsPerPrincipal: 10_000 },
      },
    });
    const token = gateway.gateway.rooms.signIn.adminToken ?? '';
    const url = `${gateway.url.replace('http', 'ws')}/graphql`;
    using plain = await startPlainServer();
    const rows: BenchRow[] = [];
    for (const [sockets, perSocket] of [
      [subscribers, 1],
      [subscribers / 10, 10],
    ] as const) {
      const floor = await heldBy({ url: plain.url, token, query, sockets, perSocket });
      // What comes with the first subscriber is not each one's.
      await heldBy({ url, token, query, sockets: 1, perSocket: 1 });
      const held = await heldBy({ url, token, query, sockets, perSocket });
      rows.push({
        name: `a subscriber of a group of ${subscribers} on ${sockets} sockets`,
        value: held / subscribers / 1_024,
        unit: 'KiB heap',
        yardstick: `bare sockets of ws that were answered once (${(floor / subscribers / 1_024).toFixed(1)} KiB)`,
        ratio: held / floor,
      });
    }
    rmSync(folder, { recursive: true });
    return rows;
  },
};

/** Bytes on this process's heap that subscribers hold while they are there, all together. */
async function heldBy(job: object): Promise<number> {
  const before = heapBytes();
  const child = fork(fileURLToPath(new URL('./subscribers.ts', import.meta.url)), {
    execArgv: ['--conditions=source'],
  });
  await opened(child, job);
  const held = heapBytes() - before;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  await ended;
  // Until the server has heard that they are gone.
  await new Promise((resolve) => setTimeout(resolve, 500));
  return held;
}

function opened(child: ChildProcess, job: object): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('message', (answer: { error?: string }) => {
      if (answer.error === undefined) resolve();
      else reject(new Error(answer.error));
    });
    child.send(job);
  });
}

/** Says what a client waits for, and remembers nothing. */
async function startPlainServer(): Promise<{ readonly url: string } & Disposable> {
  const http = createServer();
  const server = new WebSocketServer({ server: http });
  server.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => {
      const { type, id } = JSON.parse(data.toString()) as { type: string; id?: string };
      if (type === 'connection_init') socket.send('{"type":"connection_ack"}');
      if (type === 'subscribe')
        socket.send(JSON.stringify({ id, type: 'next', payload: { data: { type: 'SNAPSHOT' } } }));
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', () => resolve()));
  return {
    url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}/`,
    [Symbol.dispose]: () => {
      server.close();
      http.close();
    },
  };
}
