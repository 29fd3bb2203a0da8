import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { startTestGateway } from '../../src/testing.ts';
import type { Bench, BenchRow } from './bench-row.ts';
import { createWorkloads, podsPerWorkload, type WorkloadPods, workloads } from './many-workloads.ts';
import { type SequenceClient, startSequenceClient } from './measure-sequence.ts';
import type { SequencedRequest } from './send-sequence.ts';
import { serveFloor } from './serve-floor.ts';

const rounds = 60;
const nestedQuery = `query ($first: Int) { workloads(first: $first, filter: { namespaces: ["bench"] }) { nodes {
  name namespace pods(first: ${podsPerWorkload}) { nodes { name phase containers { name image } } }
} } }`;
const overviewQuery = `query ($first: Int) { workloads(first: $first, filter: { namespaces: ["bench"] }) { nodes {
  name namespace status pods(first: ${podsPerWorkload}) { nodes { name phase } } events(first: 5) { nodes { reason message } }
} } }`;
const singleQuery = `query ($name: String!) { pod(cluster: "bench", namespace: "bench", name: $name) {
  name namespace uid createdAt phase nodeName podIP labels { key value } containers { name image state isReady restartCount }
} }`;
const scaleMutation = `mutation ($id: ID!, $replicas: Int!) { scaleWorkload(input: { id: $id, replicas: $replicas }) {
  __typename ... on ScaleWorkloadSuccess { workload { name } }
} }`;

interface Stage {
  readonly cluster: EmbeddedCluster;
  readonly client: SequenceClient;
  readonly pods: readonly WorkloadPods[];
  post(query: string, variables: object): SequencedRequest;
}

/** Pages of workloads with their pods, each of another size and of rows that others had too, against mapping and stringifying by hand. */
export const benchNested: Bench = { name: 'nested', run: () => onStage(measureNested) };

/** Five hundred workloads with pods and events on one page, against mapping and stringifying by hand. */
export const benchOverview: Bench = { name: 'overview', run: () => onStage(measureOverview, 500) };

/** One pod by its name, each asked once, against stringifying the same fields by hand. */
export const benchSingle: Bench = { name: 'single', run: () => onStage(measureSingle) };

/** Scaling a workload, against the bare PATCH of the same cluster that it comes down to. */
export const benchMutation: Bench = { name: 'mutation', run: () => onStage(measureMutation) };

async function onStage(
  measure: (stage: Stage) => Promise<readonly BenchRow[]>,
  count = workloads,
): Promise<readonly BenchRow[]> {
  // Without controllers: nothing but the requests measured here moves.
  await using cluster = await startEmbeddedCluster({ name: 'bench', controllers: false });
  const pods = createWorkloads(cluster.store, 'bench', count);
  const folder = mkdtempSync(join(tmpdir(), 'longshore-bench-'));
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, cluster.kubeconfig);
  await using gateway = await startTestGateway({
    settings: { embedded: { enabled: false }, clusters: [{ name: 'bench', kubeconfig }] },
  });
  using client = startSequenceClient();
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    authorization: `Bearer ${gateway.gateway.rooms.signIn.adminToken}`,
  };
  const post = (query: string, variables: object): SequencedRequest => ({
    url: `${gateway.url}/graphql`,
    method: 'POST',
    headers,
    body: JSON.stringify({ query, variables }),
  });
  for (let seen = 0; seen !== count * podsPerWorkload; ) {
    const { url, body } = post('{ pods(first: 0, filter: { namespaces: ["bench"] }) { totalCount } }', {});
    const answer = await request(url, { method: 'POST', headers, body: body ?? '' });
    const { data } = (await answer.body.json()) as { data?: { pods: { totalCount: number } } };
    seen = data?.pods.totalCount ?? 0;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  try {
    return await measure({ cluster, client, pods, post });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measureNested({ client, pods, post }: Stage): Promise<readonly BenchRow[]> {
  // Each page has another size, so that none is answered from memory.
  const sizes = Array.from({ length: rounds }, (_, round) => 20 + round);
  const requests = sizes.map((first) => post(nestedQuery, { first }));
  using floor = await serveFloor(({ url }) => {
    const nodes = pods.slice(0, Number(url?.slice(1))).map(({ name, namespace, pods: own }) => ({
      name,
      namespace,
      pods: {
        nodes: own.map(({ metadata, status, spec }) => ({
          name: metadata.name,
          phase: status.phase,
          containers: spec.containers.map((container) => ({ name: container.name, image: container.image })),
        })),
      },
    }));
    return JSON.stringify({ data: { workloads: { nodes } } });
  });
  await client.measure(requests.slice(30));
  const measured = await client.measure(requests.slice(0, 30));
  const plain = await floorOf(client, floor.url, sizes.slice(0, 30).map(String));
  return [
    rowOf(
      `20 to 49 workloads with ${podsPerWorkload} pods each, a new page of rows seen before`,
      measured.cpuMs,
      plain,
    ),
  ];
}

async function measureOverview({ cluster, client, pods, post }: Stage): Promise<readonly BenchRow[]> {
  const sizes = Array.from({ length: 20 }, (_, round) => 481 + round);
  const requests = sizes.map((first) => post(overviewQuery, { first }));
  using floor = await serveFloor(({ url }) => {
    const nodes = pods.slice(0, Number(url?.slice(1))).map(({ name, namespace, pods: own }) => ({
      name,
      namespace,
      status: 'DEPLOYING',
      pods: { nodes: own.map(({ metadata, status }) => ({ name: metadata.name, phase: status.phase })) },
      events: { nodes: [] },
    }));
    return JSON.stringify({ data: { workloads: { nodes } } });
  });
  await client.measure(requests.slice(10));
  cluster.requests.clear();
  const measured = await client.measure(requests.slice(0, 10));
  const asked = cluster.requests.entries.filter(({ verb }) => verb !== 'watch').length;
  const plain = await floorOf(client, floor.url, sizes.slice(0, 10).map(String));
  return [
    rowOf(
      `481 to 490 workloads with ${podsPerWorkload} pods each and their events, a new page of rows seen before, ${asked} requests to the cluster`,
      measured.cpuMs,
      plain,
    ),
  ];
}

async function measureSingle({ client, pods, post }: Stage): Promise<readonly BenchRow[]> {
  const all = pods.flatMap((workload) => workload.pods);
  const byName = new Map(all.map((pod) => [pod.metadata.name, pod]));
  using floor = await serveFloor(({ url }) => {
    const pod = byName.get(url?.slice(1) ?? '');
    if (!pod) return '';
    const { metadata, spec, status } = pod;
    return JSON.stringify({
      data: {
        pod: {
          name: metadata.name,
          namespace: metadata.namespace,
          uid: metadata.uid,
          createdAt: metadata.creationTimestamp,
          phase: status.phase,
          nodeName: spec.nodeName,
          podIP: status.podIP,
          labels: Object.entries(metadata.labels).map(([key, value]) => ({ key, value })),
          containers: status.containerStatuses.map(({ name, image, ready, restartCount }) => ({
            name,
            image,
            state: 'RUNNING',
            isReady: ready,
            restartCount,
          })),
        },
      },
    });
  });
  const names = [...byName.keys()];
  const requests = names.map((name) => post(singleQuery, { name }));
  await client.measure(requests.slice(0, 200));
  const measured = await client.measure(requests.slice(200));
  const again = await client.measure(requests.slice(-200));
  const plain = await floorOf(client, floor.url, names.slice(200));
  return [
    rowOf('one pod by its name, never asked before', measured.cpuMs, plain),
    rowOf('one pod by its name, asked before', again.cpuMs, plain),
  ];
}

async function measureMutation({ cluster, client, post }: Stage): Promise<readonly BenchRow[]> {
  const found = await client.measure([
    post('{ workloads(first: 1, filter: { namespaces: ["bench"] }) { nodes { id name } } }', {}),
  ]);
  const { data } = JSON.parse(found.lastAnswer) as { data: { workloads: { nodes: { id: string; name: string }[] } } };
  const [workload] = data.workloads.nodes;
  if (!workload) throw new Error('there is no workload');
  const scale = (round: number) => post(scaleMutation, { id: workload.id, replicas: 1 + (round % 2) });
  const patch = (round: number): SequencedRequest => ({
    url: `${cluster.url}/apis/apps/v1/namespaces/bench/deployments/${workload.name}/scale`,
    method: 'PATCH',
    headers: { authorization: `Bearer ${cluster.token}`, 'content-type': 'application/merge-patch+json' },
    body: JSON.stringify({ spec: { replicas: 1 + (round % 2) } }),
  });
  const times = <T>(make: (round: number) => T) => Array.from({ length: rounds }, (_, round) => make(round));
  await client.measure(times(scale));
  await client.measure(times(patch), cluster.caCertificate);
  const mutated = await client.measure(times(scale));
  if (!mutated.lastAnswer.includes('ScaleWorkloadSuccess')) throw new Error(mutated.lastAnswer);
  const patched = await client.measure(times(patch), cluster.caCertificate);
  const row = (name: string, value: number, unit: string, against: number): BenchRow => ({
    name,
    value,
    unit,
    yardstick: `a bare PATCH of the same cluster (${against.toFixed(2)} ms)`,
    ratio: value / against,
  });
  return [
    row('scaleWorkload, until its answer', mutated.medianMs, 'ms', patched.medianMs),
    row("scaleWorkload, the cluster's own share included", mutated.cpuMs, 'ms CPU', patched.cpuMs),
  ];
}

/** CPU per answer of a plain server, warm. */
async function floorOf(client: SequenceClient, url: string, paths: readonly string[]): Promise<number> {
  const requests = paths.map((path): SequencedRequest => ({ url: `${url}${path}`, method: 'GET' }));
  await client.measure(requests);
  return (await client.measure(requests)).cpuMs;
}

function rowOf(name: string, cpuMs: number, floorMs: number): BenchRow {
  const yardstick = `map and JSON.stringify by hand (${floorMs.toFixed(3)} ms)`;
  return { name, value: cpuMs, unit: 'ms CPU', yardstick, ratio: cpuMs / floorMs };
}
