import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { startTestGateway } from '../../src/testing.ts';
import type { Bench } from './bench-row.ts';
import { createPods } from './many-pods.ts';
import { heapBytes } from './turn-meter.ts';

const sockets = 500;
const perSocket = 10;
const groups = 200;
const pods = 100;
/** A pod is of one of so many teams, and each team has as many groups of subscribers. */
const teams = 10;
const changesPerSecond = 100;
const seconds = 10;
/** Subscribers that hear of one change. */
const perChange = (sockets * perSocket) / teams;

/** Each group asks for the pods of its team, in words of its own. */
const queries = Array.from(
  { length: groups },
  (
    _,
    group,
  ) => `subscription { podChanges(snapshot: false, filter: { namespaces: ["bench"], labelSelector: "team=t${group % teams},group!=g${group}" }) {
    type cursor pod { id name phase isReady restartCount labels { key value } }
  } }`,
);

/** 5,000 subscribers of 200 groups on 500 sockets, while 100 pods a second change and each change is for 20 groups. */
export const benchCrowd: Bench = {
  name: 'crowd',
  async run() {
    await using cluster = await startEmbeddedCluster({ name: 'bench', controllers: false });
    createPods(cluster.store, 'bench', pods);
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
    const resource = cluster.store.resource('', 'pods');
    let turn = 0;
    function change(): void {
      turn += 1;
      const index = turn % pods;
      const pod = cluster.store.get(resource, 'bench', `web-${String(index).padStart(5, '0')}`);
      const labels = { team: `t${index % teams}`, changed: `at-${Date.now()}`, turn: String(turn) };
      cluster.store.update(resource, { ...pod, metadata: { ...pod?.metadata, labels } } as never);
    }
    let clients: ChildProcess | undefined;
    let taken: Taken = { received: 0, delaysMs: [], newest: [] };
    /** Until whoever is behind has been told everything. */
    async function untilQuiet(): Promise<void> {
      taken = { received: 0, delaysMs: [], newest: [] };
      for (let more = clients; more !== undefined; ) {
        const next = (await ask(more, 'take')) as Taken;
        taken = {
          received: taken.received + next.received,
          delaysMs: taken.delaysMs.concat(next.delaysMs),
          newest: next.newest,
        };
        if (next.received === 0) break;
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
    /** CPU of this process in µs, while pods change at their pace. */
    async function keepChanging(): Promise<number> {
      const before = process.cpuUsage();
      const startedAt = performance.now();
      for (let done = 0; done < changesPerSecond * seconds; ) {
        const due = Math.floor(((performance.now() - startedAt) / 1_000) * changesPerSecond);
        for (; done < Math.min(due, changesPerSecond * seconds); done += 1) change();
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      await untilQuiet();
      const { user, system } = process.cpuUsage(before);
      return user + system;
    }
    for (let index = 0; index < pods; index += 1) change();

    const job = {
      url: `${gateway.url.replace('http', 'ws')}/graphql`,
      token: gateway.gateway.rooms.signIn.adminToken ?? '',
    };
    const lonely = startClients();
    await ask(lonely, { ...job, queries, sockets: 1, perSocket: 1 });
    const without = await keepChanging();
    const heapBefore = heapBytes();
    clients = startClients();
    await ask(clients, { ...job, queries, sockets, perSocket });
    const heapHeld = heapBytes() - heapBefore;
    await keepChanging();
    const used = await keepChanging();
    const { received, delaysMs, newest } = taken;
    clients.kill();
    lonely.kill();
    rmSync(folder, { recursive: true });
    const expected = changesPerSecond * seconds * perChange;
    // Of the pods of its team each subscriber must have heard the newest state, whatever was merged on the way.
    const heard = newest.filter((heardTurn) => heardTurn > turn - pods).length;
    const lost = perChange * pods - heard;
    const sorted = delaysMs.toSorted((a, b) => a - b);
    const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;
    const told = `${sockets * perSocket} subscribers in ${groups} groups, ${changesPerSecond} changes/s`;
    const cpu = (used - without) / received;
    const heap = heapHeld / (sockets * perSocket) / 1_024;
    return [
      {
        ...{ name: `${told}: newest states that did not arrive`, value: lost, unit: 'states' },
        ...{ yardstick: `${perChange * pods} expected`, ratio: lost, bar: 0 },
      },
      {
        ...{ name: `${told}: changes merged into newer ones`, value: expected - received, unit: 'messages' },
        ...{ yardstick: `${expected} changes`, ratio: (expected - received) / expected },
      },
      { name: `${told}: p99 of the delay`, value: p99, unit: 'ms', yardstick: 'itself, in ms', ratio: p99, bar: 250 },
      { name: `${told}: a delivery`, value: cpu, unit: 'µs CPU', yardstick: 'itself, in µs', ratio: cpu, bar: 6 },
      {
        name: `${told}: a subscriber`,
        value: heap,
        unit: 'KiB heap',
        yardstick: 'itself, in KiB',
        ratio: heap,
        bar: 12,
      },
    ];
  },
};

interface Taken {
  readonly received: number;
  readonly delaysMs: readonly number[];
  /** The newest change of each pod, of each subscriber. */
  readonly newest: readonly number[];
}

function startClients(): ChildProcess {
  return fork(fileURLToPath(new URL('./crowd-clients.ts', import.meta.url)), { execArgv: ['--conditions=source'] });
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
