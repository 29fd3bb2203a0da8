import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { podKind } from '../../plugins/compute/api.ts';
import { startTestGateway } from '../../src/testing.ts';
import type { Bench } from './bench-row.ts';
import { startSequenceClient } from './measure-sequence.ts';
import { startPodServer } from './read-large-cluster.ts';
import { realisticPod } from './realistic-pods.ts';
import { serveFloor } from './serve-floor.ts';

const pods = 50_000;
const pageSize = 50;
const pages = 200;
const fields = 'name namespace uid createdAt phase nodeName podIP';
const query = `query ($after: Cursor) { pods(first: ${pageSize}, after: $after) { nodes { ${fields} } pageInfo { endCursor } } }`;
const cursors = `query ($after: Cursor) { pods(first: ${pageSize}, after: $after) { pageInfo { endCursor } } }`;

/** Pages of 50 from 50,000 pods, each asked once, against slicing an array and stringifying the same fields by hand. */
export const benchPages: Bench = {
  name: 'page',
  async run() {
    using server = await startPodServer(pods);
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
    const bodyOf = (text: string, after: string | null) => JSON.stringify({ query: text, variables: { after } });
    const ask = async (text: string, after: string | null) =>
      (await (await request(url, { method: 'POST', headers, body: bodyOf(text, after) })).body.json()) as Answer;

    const feed = gateway.gateway.rooms.clusters.get('bench')?.feed(podKind);
    await feed?.ready();
    feed?.release();
    const after: (string | null)[] = [null];
    while (after.length < pages)
      after.push((await ask(cursors, after.at(-1) ?? null)).data?.pods.pageInfo.endCursor ?? null);
    const requests = after.map((cursor) => ({ url, method: 'POST' as const, headers, body: bodyOf(query, cursor) }));

    const rows = Array.from({ length: pages * pageSize }, (_, index) => JSON.parse(realisticPod(index)) as Pod);
    using floor = await serveFloor(({ url: path }) => {
      const page = Number(path?.slice(1));
      return JSON.stringify({
        data: { pods: { nodes: rows.slice(page * pageSize, (page + 1) * pageSize).map(projected) } },
      });
    });
    using client = startSequenceClient();
    // The first ones are interpreted, then compiled.
    await client.measure(requests.slice(-20));
    const measured = await client.measure(requests.slice(0, -20));
    const floorRequests = after.map((_cursor, page) => ({ url: `${floor.url}${page}`, method: 'GET' as const }));
    await client.measure(floorRequests);
    const plain = await client.measure(floorRequests);
    rmSync(folder, { recursive: true });
    return [
      {
        name: `a page of ${pageSize} of ${pods} pods, never asked before`,
        value: measured.cpuMs,
        unit: 'ms CPU',
        yardstick: `slice, map and JSON.stringify by hand (${plain.cpuMs.toFixed(3)} ms)`,
        ratio: measured.cpuMs / plain.cpuMs,
      },
    ];
  },
};

interface Answer {
  readonly data?: { readonly pods: { readonly totalCount: number; readonly pageInfo: { readonly endCursor: string } } };
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
