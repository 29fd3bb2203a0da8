import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { podKind } from '../../plugins/compute/api.ts';
import { startTestGateway } from '../../src/testing.ts';
import type { Bench, BenchRow } from './bench-row.ts';
import { startSequenceClient } from './measure-sequence.ts';
import { startPodServer } from './read-large-cluster.ts';
import { realisticPod } from './realistic-pods.ts';
import { serveFloor } from './serve-floor.ts';

const pods = 50_000;
const fewPods = 500;
const pageSize = 50;
const pages = 200;
const fields = 'name namespace uid createdAt phase nodeName podIP';

const someNamespaces = Array.from({ length: 20 }, (_, index) => `"team-${index}"`).join(', ');
/** Page by page through all, or through the namespaces of a filter that an index answers: half of all pods. */
const lists = {
  'sorted by name': 'orderBy: [{ field: NAME }]',
  'sorted by name, of half the namespaces': `orderBy: [{ field: NAME }], filter: { namespaces: [${someNamespaces}] }`,
} as const;

/** Pages of 50 from 50,000 pods, each asked once, against slicing an array and stringifying the same fields by hand; and against pages from 500. */
export const benchPages: Bench = {
  name: 'page',
  async run() {
    const floor = await pagesByHand();
    const many = await pagesOf(pods);
    const few = await pagesOf(fewPods);
    return [
      {
        name: `a page of ${pageSize} of ${pods} pods, never asked before`,
        value: many.plain,
        unit: 'ms CPU',
        yardstick: `slice, map and JSON.stringify by hand (${floor.toFixed(3)} ms)`,
        ratio: many.plain / floor,
      },
      ...Object.keys(lists).map((name): BenchRow => {
        const [value, against] = [many.listed.get(name) ?? Number.NaN, few.listed.get(name) ?? Number.NaN];
        return {
          name: `a page of ${pageSize} of ${pods} pods, ${name}`,
          value,
          unit: 'ms CPU',
          yardstick: `the same of ${fewPods} pods (${against.toFixed(3)} ms)`,
          ratio: value / against,
          bar: 2,
        };
      }),
    ];
  },
};

/** CPU of one page that was never asked before, in ms: of all pods, and of each of the lists. */
async function pagesOf(
  count: number,
): Promise<{ readonly plain: number; readonly listed: ReadonlyMap<string, number> }> {
  using server = await startPodServer(count);
  const folder = mkdtempSync(join(tmpdir(), 'longshore-bench-'));
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, server.kubeconfig);
  await using gateway = await startTestGateway({
    settings: { embedded: { enabled: false }, clusters: [{ name: 'bench', kubeconfig }] },
  });
  const url = `${gateway.url}/graphql`;
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    authorization: `Bearer ${gateway.gateway.rooms.signIn.adminToken}`,
  };
  const feed = gateway.gateway.rooms.clusters.get('bench')?.feed(podKind);
  await feed?.ready();
  feed?.release();
  using client = startSequenceClient();

  async function pageOf(list: string): Promise<number> {
    const ask = async (query: string, after: string | null) =>
      (await (await request(url, { method: 'POST', headers, body: bodyOf(query, after) })).body.json()) as Answer;
    const bodyOf = (query: string, after: string | null) => JSON.stringify({ query, variables: { after } });
    const cursors = `query ($after: Cursor) { pods(first: 1000, after: $after${list}) { edges { cursor } pageInfo { hasNextPage endCursor } } }`;
    const all: string[] = [];
    for (let after: string | null = null, isMore = true; isMore; ) {
      const { data, errors } = await ask(cursors, after);
      if (!data) throw new Error(JSON.stringify(errors));
      all.push(...data.pods.edges.map(({ cursor }) => cursor));
      isMore = data.pods.pageInfo.hasNextPage;
      after = data.pods.pageInfo.endCursor;
    }
    // Full pages alone, evenly from the first to the last.
    const last = all.length - pageSize - 1;
    const after = Array.from({ length: pages }, (_, page) => all[Math.floor((page / pages) * last)] ?? null);
    const query = `query ($after: Cursor) { pods(first: ${pageSize}, after: $after${list}) { nodes { ${fields} } pageInfo { endCursor } } }`;
    const requests = after.map((cursor) => ({ url, method: 'POST' as const, headers, body: bodyOf(query, cursor) }));
    // The first ones are interpreted, then compiled.
    await client.measure(requests.slice(-20));
    return (await client.measure(requests.slice(0, -20))).cpuMs;
  }

  const plain = await pageOf('');
  const listed = new Map<string, number>();
  for (const [name, list] of Object.entries(lists)) listed.set(name, await pageOf(`, ${list}`));
  rmSync(folder, { recursive: true });
  return { plain, listed };
}

async function pagesByHand(): Promise<number> {
  const rows = Array.from({ length: pages * pageSize }, (_, index) => JSON.parse(realisticPod(index)) as Pod);
  using floor = await serveFloor(({ url: path }) => {
    const page = Number(path?.slice(1));
    return JSON.stringify({
      data: { pods: { nodes: rows.slice(page * pageSize, (page + 1) * pageSize).map(projected) } },
    });
  });
  using client = startSequenceClient();
  const requests = Array.from({ length: pages }, (_, page) => ({ url: `${floor.url}${page}`, method: 'GET' as const }));
  await client.measure(requests);
  return (await client.measure(requests)).cpuMs;
}

interface Answer {
  readonly errors?: unknown;
  readonly data?: {
    readonly pods: {
      readonly edges: readonly { readonly cursor: string }[];
      readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
    };
  };
}

interface Pod {
  readonly metadata: { name: string; namespace: string; uid: string; creationTimestamp: string };
  readonly spec: { nodeName: string };
  readonly status: { phase: string; podIP: string };
}

function projected({ metadata, spec, status }: Pod): object {
  const { name, namespace, uid, creationTimestamp } = metadata;
  const createdAt = new Date(creationTimestamp).toISOString();
  return { name, namespace, uid, createdAt, phase: status.phase, nodeName: spec.nodeName, podIP: status.podIP };
}
