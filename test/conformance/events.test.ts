import { expect } from 'vitest';
import type { Answer } from './support/cluster-client.ts';
import { conformanceArea } from './support/conformance-area.ts';
import type { Json } from './support/json.ts';

const { conformanceCase } = conformanceArea('events');

const core = (ns: string, name = ''): string => `/api/v1/namespaces/${ns}/events${name && `/${name}`}`;
const newer = (ns: string, name = ''): string => `/apis/events.k8s.io/v1/namespaces/${ns}/events${name && `/${name}`}`;
const source = 'events.k8s.io/v1 Event; KEP-383; e2e: [sig-instrumentation] Events API';

/** The fields that a refusal names, in its order. */
const fieldsOf = ({ body }: Answer): string[] => (body?.details?.causes ?? []).map(({ field }: Json) => field);

const report = (ns: string, change: Json = {}): Json => ({
  apiVersion: 'events.k8s.io/v1',
  kind: 'Event',
  metadata: { name: 'e' },
  eventTime: '2026-01-01T00:00:00.123456Z',
  regarding: { kind: 'Pod', namespace: ns, name: 'web' },
  type: 'Normal',
  reason: 'Looked',
  action: 'Look',
  note: 'somebody looked',
  reportingController: 'conformance.test/looker',
  reportingInstance: 'looker-1',
  ...change,
});

conformanceCase({ title: 'shows an event of events.k8s.io as one of the core group', source }, async (t) => {
  const ns = await t.namespace();
  const made = await t.create(newer(ns), report(ns));
  expect(made).toMatchObject({ apiVersion: 'events.k8s.io/v1', note: 'somebody looked', regarding: { name: 'web' } });
  const { body } = await t.api.get(core(ns, 'e'));
  expect(body).toMatchObject({
    apiVersion: 'v1',
    metadata: { uid: made.metadata.uid, resourceVersion: made.metadata.resourceVersion },
    involvedObject: { kind: 'Pod', namespace: ns, name: 'web' },
    message: 'somebody looked',
    reportingComponent: 'conformance.test/looker',
    source: {},
    firstTimestamp: null,
  });
  expect(body).not.toHaveProperty('note');
});

conformanceCase({ title: 'shows an event of the core group by the newer names', source }, async (t) => {
  const ns = await t.namespace();
  await t.create(core(ns), {
    metadata: { name: 'old' },
    involvedObject: { kind: 'Pod', namespace: ns, name: 'web' },
    reason: 'Looked',
    message: 'again',
    count: 3,
    source: { component: 'looker', host: 'n1' },
    firstTimestamp: '2026-01-01T00:00:00Z',
    lastTimestamp: '2026-01-01T00:00:09Z',
    type: 'Warning',
  });
  const { body } = await t.api.get(newer(ns, 'old'));
  expect(body).toMatchObject({
    apiVersion: 'events.k8s.io/v1',
    regarding: { name: 'web' },
    note: 'again',
    deprecatedCount: 3,
    deprecatedSource: { component: 'looker', host: 'n1' },
    deprecatedFirstTimestamp: '2026-01-01T00:00:00Z',
    deprecatedLastTimestamp: '2026-01-01T00:00:09Z',
    eventTime: null,
  });
  const { body: list } = await t.api.get(newer(ns), { fieldSelector: 'regarding.name=web,reason=Looked' });
  expect([list.kind, list.items.length]).toEqual(['EventList', 1]);
  expect(list.items[0]).toMatchObject({ regarding: { name: 'web' }, note: 'again', deprecatedCount: 3 });
  expect(list.items[0]).not.toHaveProperty('involvedObject');
});

conformanceCase(
  { title: 'tells watches of either version of an event, whichever it was written in', source },
  async (t) => {
    const ns = await t.namespace();
    await using old = await t.api.watch(core(ns));
    await using young = await t.api.watch(newer(ns));
    await t.create(newer(ns), report(ns));
    expect(await old.next()).toMatchObject({ type: 'ADDED', object: { apiVersion: 'v1', message: 'somebody looked' } });
    expect(await young.next()).toMatchObject({
      type: 'ADDED',
      object: { apiVersion: 'events.k8s.io/v1', note: 'somebody looked' },
    });
  },
);

conformanceCase({ title: 'lets a series grow and nothing else change', source }, async (t) => {
  const ns = await t.namespace();
  await t.create(newer(ns), report(ns));
  const series = { count: 2, lastObservedTime: '2026-01-01T00:01:00.000000Z' };
  const grown = await t.api.patch('merge', newer(ns, 'e'), { series });
  expect([grown.status, grown.body.series]).toEqual([200, series]);
  const changed = await t.api.patch('merge', newer(ns, 'e'), { note: 'another' });
  expect([changed.status, fieldsOf(changed)]).toEqual([422, ['message']]);
});

conformanceCase({ title: 'refuses a new event without what tells who did what', source }, async (t) => {
  const ns = await t.namespace();
  const refused = async (change: Json) => fieldsOf(await t.api.create(newer(ns), report(ns, change)));
  expect(await refused({ reportingController: '', reportingInstance: '', action: '', reason: '' })).toEqual([
    'reportingController',
    'reportingController',
    'reportingController',
    'reportingInstance',
    'action',
    'reason',
  ]);
  expect(await refused({ type: 'Strange' })).toEqual(['type']);
  expect(await refused({ deprecatedCount: 2, deprecatedSource: { component: 'x' } })).toEqual(['count', 'source']);
  expect(await refused({ series: { count: 1, lastObservedTime: '2026-01-01T00:01:00.000000Z' } })).toEqual([
    'series.count',
  ]);
  expect(await refused({ regarding: { kind: 'Pod', namespace: 'elsewhere', name: 'web' } })).toEqual([]);
});
