import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { pod, startTestApi, type TestApi } from '../testing/start-test-api.ts';
import { itemsPerSlice } from './list-text.ts';

const count = 10_000;
const nodes = 100;
const namespaces = ['big-0', 'big-1'];
/** A slice and the next one may lie between two looks of the probe, and the head of the list. */
const itemsPerTurn = 2 * (itemsPerSlice + 1) + 2;
let api: TestApi;

const asTable = 'application/json;as=Table;g=meta.k8s.io;v=v1';
const asMetadata = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
const asYaml = 'application/yaml';

beforeAll(async () => {
  api = await startTestApi();
  const { store } = api.cluster;
  for (const name of namespaces) {
    store.create(store.resource('', 'namespaces'), { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
  const pods = store.resource('', 'pods');
  for (let index = 0; index < count; index += 1) {
    const draft = pod(`web-${String(index).padStart(5, '0')}`);
    draft.metadata.namespace = namespaces[index % 2];
    draft.metadata.labels = { app: 'web', tier: index % 10 === 0 ? 'front' : 'back' };
    draft.spec.nodeName = `node-${index % nodes}`;
    store.create(pods, draft);
  }
}, 60_000);
afterAll(() => api.stop());

/** The most often that `counted` went up within one turn of the event loop while the work was done. */
async function mostPerTurn(work: () => Promise<void>, count: (up: () => void) => () => void): Promise<number> {
  let most = 0;
  let now = 0;
  let isOver = false;
  const stop = count(() => {
    now += 1;
    most = Math.max(most, now);
  });
  const look = (): void => {
    now = 0;
    if (!isOver) setImmediate(look);
  };
  look();
  await work();
  isOver = true;
  stop();
  return most;
}

/** Counts objects that are printed. */
function printed(up: () => void): () => void {
  const real = JSON.stringify;
  const spy = vi.spyOn(JSON, 'stringify').mockImplementation((...given: Parameters<typeof JSON.stringify>) => {
    if (typeof given[0] === 'object') up();
    return real(...given);
  });
  return () => spy.mockRestore();
}

describe('10,000 pods', () => {
  it.each([
    ['JSON', undefined, 'items'],
    ['a table', asTable, 'rows'],
    ['metadata', asMetadata, 'items'],
  ])('are listed whole as %s, a bounded number of them a turn', async (_name, accept, key) => {
    let listed = 0;
    const most = await mostPerTurn(async () => {
      const { body } = await api.call('GET', '/api/v1/pods', accept === undefined ? {} : { accept });
      listed = body[key].length;
    }, printed);
    expect(listed).toBe(count);
    expect(most).toBeLessThanOrEqual(itemsPerTurn);
  });

  it('are listed compressed, and the same', async () => {
    const plain = await api.call('GET', '/api/v1/pods', { accept: asMetadata });
    const small = await api.call('GET', '/api/v1/pods', { accept: asMetadata, headers: { 'accept-encoding': 'gzip' } });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(small.headers['content-encoding']).toBe('gzip');
    expect(small.text).toBe(plain.text);
  });

  it.each([
    ['JSON', undefined, 'items'],
    ['a table', asTable, 'rows'],
    ['metadata', asMetadata, 'items'],
  ])('are listed in pages of 500 as %s, all at one revision', async (_name, accept, key) => {
    const sizes: number[] = [];
    const revisions = new Set<string>();
    let next = '';
    do {
      const { body } = await api.call(
        'GET',
        `/api/v1/pods?limit=500${next === '' ? '' : `&continue=${next}`}`,
        accept === undefined ? {} : { accept },
      );
      sizes.push(body[key].length);
      revisions.add(body.metadata.resourceVersion);
      next = body.metadata.continue ?? '';
    } while (next !== '');
    expect(sizes).toEqual(Array(count / 500).fill(500));
    expect(revisions.size).toBe(1);
  });

  it('are selected by label and by node', async () => {
    const front = await api.call('GET', '/api/v1/pods?labelSelector=tier%3Dfront', { accept: asMetadata });
    expect(front.body.items).toHaveLength(count / 10);
    const onNode = await api.call('GET', '/api/v1/pods?fieldSelector=spec.nodeName%3Dnode-7', { accept: asMetadata });
    expect(onNode.body.items).toHaveLength(count / nodes);
  });

  it('print a page of YAML item by item', async () => {
    const { text, headers } = await api.call('GET', '/api/v1/pods?limit=3', { accept: asYaml });
    expect(headers['content-type']).toBe('application/yaml');
    expect(text.match(/^- metadata:$/gm)).toHaveLength(3);
    const none = await api.call('GET', '/api/v1/namespaces/big-0/configmaps', { accept: asYaml });
    expect(none.text).toContain('items: []\n');
  });

  it('are watched from the first, a bounded number of them a turn', async () => {
    const seen = new Set<string>();
    const most = await mostPerTurn(async () => {
      await using watch = await api.watch(
        '/api/v1/pods?watch=true&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan',
      );
      await expect.poll(() => watch.events.at(-1)?.type, { timeout: 15_000 }).toBe('BOOKMARK');
      for (const { type, object } of watch.events) if (type === 'ADDED') seen.add(object.metadata.uid);
    }, printed);
    expect(seen.size).toBe(count);
    expect(most).toBeLessThan(count / 10);
  });

  it('share what is equal', () => {
    const { store } = api.cluster;
    const [first] = store.list(store.resource('', 'pods'));
    if (first === undefined) throw new Error('no pod');
    const status = { phase: 'Running' };
    const next = store.updateStatus(store.resource('', 'pods'), { ...structuredClone(first), status });
    expect(next.spec).toBe(first.spec);
    expect(next.metadata.labels).toBe(first.metadata.labels);
  });

  it('of a namespace are deleted at one request, a bounded number of them a turn', async () => {
    let answered = 0;
    const most = await mostPerTurn(
      async () => {
        const { body } = await api.call('DELETE', '/api/v1/namespaces/big-1/pods?gracePeriodSeconds=0');
        answered = body.items.length;
      },
      (up) => api.cluster.store.onChange(up),
    );
    expect(answered).toBe(count / 2);
    expect(most).toBeLessThanOrEqual(64);
    const left = await api.call('GET', '/api/v1/pods?limit=1', { accept: asMetadata });
    expect(left.body.metadata.remainingItemCount).toBe(count / 2 - 1);
  });
});
