import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway, type TestStream } from '../../src/testing.ts';
import { ask } from '../support/ask.ts';
import { until } from '../support/until.ts';
import {
  ScaleWorkloadDocument,
  WorkloadLogLinesDocument,
  type WorkloadLogLinesSubscription,
  type WorkloadLogLinesSubscriptionVariables,
} from '../typed/graphql.ts';

type Stream = TestStream<WorkloadLogLinesSubscription>;

const developer = { token: 'dev-developer' };
const lines = (stream: Stream) => stream.received.flatMap(({ data }) => data?.workloadLogLines.line ?? []);
const podsIn = (stream: Stream) => new Set(lines(stream).map(({ pod }) => pod));

let gateway: TestGateway;
let workload: string;
beforeAll(async () => {
  gateway = await startTestGateway({ clusterSpeed: 40 });
  workload = await until(async () => {
    const [found] = await findWorkloads('vote-front');
    expect(found?.pods.totalCount).toBeGreaterThan(1);
    return found?.id ?? '';
  });
});
afterAll(() => gateway.stop());

interface Found {
  readonly id: string;
  readonly pods: { readonly totalCount: number };
}

async function findWorkloads(name: string, namespace = 'shop'): Promise<readonly Found[]> {
  const filter = `filter: { name: { equals: "${name}" }, namespaces: ["${namespace}"] }`;
  const source = `{ workloads(${filter}) { nodes { id pods { totalCount } } } }`;
  return (await ask<{ workloads: { nodes: Found[] } }, object>(gateway, source)).workloads.nodes;
}

const open = (more: Partial<WorkloadLogLinesSubscriptionVariables> = {}, as: object = developer): Stream =>
  gateway.subscribe(WorkloadLogLinesDocument, { workload, ...more } as WorkloadLogLinesSubscriptionVariables, as);

async function read(more: Partial<WorkloadLogLinesSubscriptionVariables> = {}): Promise<Stream> {
  const stream = open({ follow: false, ...more });
  await stream.closed;
  return stream;
}

describe('workloadLogLines', () => {
  it('merges what all pods of a workload wrote, in order of time (CMP-102)', async () => {
    const stream = await read();
    expect(podsIn(stream).size).toBeGreaterThan(1);
    const times = lines(stream).map(({ time }) => time);
    expect(times).toEqual([...times].sort());
    expect(lines(stream).map(({ kind }) => kind)).not.toContain('GAP');
  });

  it('follows pods that come and go, and says so (P10)', async () => {
    const stream = open({ tail: 1 });
    const [found] = await findWorkloads('vote-front');
    await until(() => expect(podsIn(stream).size).toBe(found?.pods.totalCount));
    const before = podsIn(stream);
    await scale(before.size + 1);
    const added = await until(() => {
      const [name] = [...podsIn(stream)].filter((pod) => !before.has(pod));
      expect(name).toBeDefined();
      return name ?? '';
    });
    // A pod that came while it was followed is shown from its first line on.
    const all = await read({ filter: { pods: [added] } });
    const shown = lines(stream).filter(({ pod, kind }) => pod === added && kind === 'LINE');
    expect(shown[0]?.text).toBe(lines(all)[0]?.text);
    await scale(before.size);
    await until(() => expect(lines(stream).map(({ kind }) => kind)).toContain('ENDED'));
    await stream.stop();
  });

  it('resumes behind a line without repeating or skipping one (P10)', async () => {
    const first = open();
    await until(() => expect(lines(first).length).toBeGreaterThan(20));
    const cursor = first.received[9]?.data?.workloadLogLines.cursor;
    await using second = open({ after: cursor });
    await until(() => expect(lines(second).length).toBeGreaterThan(20));
    const whole = lines(first).slice(10);
    for (const pod of podsIn(first)) {
      const of = (all: readonly { pod: string; time: string; text: string }[]) =>
        all.filter((line) => line.pod === pod).map(({ time, text }) => `${time} ${text}`);
      const [expected, found] = [of(whole), of(lines(second))];
      const shared = Math.min(expected.length, found.length);
      expect(found.slice(0, shared)).toEqual(expected.slice(0, shared));
    }
    await first.stop();
  });

  it('shows one pod by its id, and only the lines that are wanted (CMP-102)', async () => {
    const everything = await read();
    const [sample] = lines(everything);
    const one = await read({ workload: await podId(sample?.pod ?? '') });
    expect([...podsIn(one)]).toEqual([sample?.pod]);
    const word = /GET|POST/.exec(lines(everything).find(({ text }) => /GET|POST/.test(text))?.text ?? '')?.[0] ?? '';
    const wanted = lines(everything).filter(({ text }) => text.includes(word)).length;
    expect(wanted).toBeGreaterThan(0);
    expect(lines(await read({ filter: { contains: word } })).length).toBeGreaterThanOrEqual(wanted);
    expect(lines(await read({ filter: { matches: `(${word}) /` } })).every(({ text }) => text.includes(word))).toBe(
      true,
    );
    expect(lines(await read({ filter: { containers: ['nobody'] } }))).toEqual([]);
  });

  it('goes on over the restarts of a container that crashes (P10)', async () => {
    const { store } = gateway.cluster;
    store.create(store.resource('', 'pods'), {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'crasher',
        namespace: 'shop',
        annotations: { 'embedded.longshore.dev/simulate': 'crash', 'embedded.longshore.dev/after-seconds': '5' },
      },
      spec: { containers: [{ name: 'main', image: 'registry.local/crasher:v1' }] },
    });
    const id = await until(() => podId('crasher'));
    const stream = open({ workload: id });
    await until(() => expect(new Set(lines(stream).map(({ run }) => run)).size).toBeGreaterThan(1));
    await stream.stop();
  });

  it.each([
    ['a workload that is not there', { workload: 'bm93aGVyZQ' }, 'There is no workload or pod'],
    ['a pattern that is none', { filter: { matches: '(' } }, 'BAD_USER_INPUT'],
    ['a tail below 0', { tail: -1 }, 'BAD_USER_INPUT'],
    ['what is no cursor', { after: 'hello' }, 'BAD_USER_INPUT'],
  ])('refuses %s (refused)', async (_name, variables, code) => {
    await using stream = open(variables);
    const answer = await stream.next().catch((error: unknown) => String(error));
    expect(JSON.stringify(answer)).toContain(code);
  });

  it('is for whoever may not read it as if it were not there (refused)', async () => {
    const { store } = gateway.cluster;
    store.create(store.resource('', 'pods'), {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'hidden', namespace: 'kube-system' },
      spec: { containers: [{ name: 'main', image: 'registry.local/hidden:v1' }] },
    });
    const answer = async (more: object) => {
      await using stream = open(more);
      const text = JSON.stringify(await stream.next().catch((error: unknown) => String(error)));
      return text.replace(/"requestId":"[^"]*"/, '');
    };
    const id = await until(() => podId('hidden'));
    expect(await answer({ workload: id })).toContain('There is no workload or pod');
    expect(await answer({ workload: id })).toBe(await answer({ workload: workload.slice(0, -4) }));
  });
});

async function podId(name: string): Promise<string> {
  const source = `{ pods(filter: { name: { equals: "${name}" } }) { nodes { id } } }`;
  const { pods } = await ask<{ pods: { nodes: { id: string }[] } }, object>(gateway, source);
  expect(pods.nodes[0]).toBeDefined();
  return pods.nodes[0]?.id ?? '';
}

async function scale(replicas: number): Promise<void> {
  const { scaleWorkload } = await ask(gateway, ScaleWorkloadDocument, { input: { id: workload, replicas } } as never);
  expect(scaleWorkload).toMatchObject({ __typename: 'ScaleWorkloadSuccess' });
}
