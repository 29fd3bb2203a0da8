import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { startTestGateway } from '../../src/testing.ts';
import { staticToken } from '../support/static-token.ts';
import type { Bench, BenchRow } from './bench-row.ts';
import { createPods } from './many-pods.ts';
import { measure } from './measure.ts';
import type { PacedJob, PacedResult, Stream } from './paced-load.ts';
import { podFields } from './pod-fields.ts';

/**
 * What callers notice of each other (P32): the latency of others while one asks for fifty times its budget, against that while it asks for as
 * much as it may; the latency at half of what the gateway can do; and how long an answer takes where everybody asks for far too much.
 */
export const benchShares: Bench = { name: 'shares', run };

const costPerMinute = 30_000_000;
const callers = Array.from({ length: 8 }, (_, index) => `caller-${index}`);
const tokenOf = (name: string) => `the-token-of-${name}-that-is-long-enough`;
const query = `query ($first: Int) { pods(first: $first, filter: { namespaces: ["bench"] }) { nodes { ${podFields} } } }`;
/** Rows of lists that are dear: on average 650 rows of 30 fields. */
const dearRows = [300, 1_000] as const;
const dearCost = 650 * 30;

async function run(): Promise<readonly BenchRow[]> {
  await using cluster = await startEmbeddedCluster({ name: 'bench', controllers: false });
  createPods(cluster.store, 'bench', 1_000);
  const folder = mkdtempSync(join(tmpdir(), 'longshore-bench-'));
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, cluster.kubeconfig);
  const child = fork(fileURLToPath(new URL('./paced-load.ts', import.meta.url)), { execArgv: ['--conditions=source'] });
  const start = (limits: object) =>
    startTestGateway({
      settings: {
        embedded: { enabled: false },
        clusters: [{ name: 'bench', kubeconfig }],
        tokens: callers.map((name) => staticToken(name, tokenOf(name), { roles: ['ADMIN'] })),
        limits,
      },
    });
  try {
    return [...(await fairRows(child, start)), ...(await loadRows(child, start))];
  } finally {
    child.kill();
    rmSync(folder, { recursive: true });
  }
}

type Start = (limits: object) => ReturnType<typeof startTestGateway>;

async function fairRows(child: ChildProcess, start: Start): Promise<readonly BenchRow[]> {
  await using gateway = await start({ costPerMinute });
  const url = `${gateway.url}/graphql`;
  const [greedy = '', ...modest] = callers;
  const own = costPerMinute / 60 / dearCost;
  const streams = (times: number): Stream[] => [
    { name: greedy, token: tokenOf(greedy), query, first: dearRows, perSecond: own * times },
    ...modest.map((name) => ({ name, token: tokenOf(name), query, first: [10, 50] as const, perSecond: 20 })),
  ];
  await load(child, { url, durationMs: 3_000, streams: streams(1) });
  const calm = await load(child, { url, durationMs: 8_000, streams: streams(1) });
  // What had been saved up is gone before it counts.
  await load(child, { url, durationMs: 2_000, streams: streams(50) });
  const busy = await load(child, { url, durationMs: 8_000, streams: streams(50) });
  const worst = (results: readonly PacedResult[]) => Math.max(...results.slice(1).map(({ p99Ms }) => p99Ms));
  console.log(`the greedy caller: ${JSON.stringify(busy[0]?.statuses)}`);
  return [
    {
      name: 'p99 of others while one caller asks for 50 times its budget',
      value: worst(busy),
      unit: 'ms',
      yardstick: 'while it asks for once its budget',
      ratio: worst(busy) / worst(calm),
      bar: 1.5,
    },
  ];
}

async function loadRows(child: ChildProcess, start: Start): Promise<readonly BenchRow[]> {
  await using gateway = await start({ costPerMinute: 1_000_000_000_000 });
  const url = `${gateway.url}/graphql`;
  const [someone = ''] = callers;
  const list = {
    name: '50 pods x 30 fields',
    url,
    method: 'POST' as const,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${tokenOf(someone)}` },
    body: JSON.stringify({ query, variables: { first: 50 } }),
  };
  const most = await measure(list, 3_000, 16);
  const perSecond = most.requests / 3 / 2 / callers.length;
  const streams = (first: readonly [number, number], each: number): Stream[] =>
    callers.map((name) => ({ name, token: tokenOf(name), query, first, perSecond: each }));
  await load(child, { url, durationMs: 2_000, streams: streams([50, 50], perSecond) });
  const half = await load(child, { url, durationMs: 5_000, streams: streams([50, 50], perSecond) });
  const mean = (pick: (result: PacedResult) => number, results: readonly PacedResult[]) =>
    results.reduce((sum, result) => sum + pick(result), 0) / results.length;
  const p50 = mean(({ p50Ms }) => p50Ms, half);
  const p99 = mean(({ p99Ms }) => p99Ms, half);

  const over = await load(child, { url, durationMs: 5_000, streams: streams(dearRows, 60) });
  const slowest = Math.max(...over.map(({ slowestMs }) => slowestMs));
  console.log(`everybody asks for far too much: ${over.map(({ statuses }) => JSON.stringify(statuses)).join(' ')}`);
  return [
    {
      name: `list of 50 pods, p99 at half of its own maximum (${Math.round(perSecond * callers.length)}/s)`,
      value: p99,
      unit: 'ms',
      yardstick: 'its p50',
      ratio: p99 / p50,
      bar: 3,
    },
    {
      name: 'slowest answer while 8 callers ask for 480 large lists a second',
      value: slowest,
      unit: 'ms',
      yardstick: '2 seconds',
      ratio: slowest / 2_000,
      bar: 1,
    },
  ];
}

function load(child: ChildProcess, job: PacedJob): Promise<readonly PacedResult[]> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`the load generator ended with ${code}`));
    child.once('exit', ended);
    child.once('message', (result) => {
      child.off('exit', ended);
      resolve(result as readonly PacedResult[]);
    });
    child.send(job);
  });
}
