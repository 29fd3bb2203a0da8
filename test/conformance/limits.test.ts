import { expect } from 'vitest';
import type { CaseContext } from './support/case-context.ts';
import { succeeded } from './support/cluster-client.ts';
import { conformanceArea } from './support/conformance-area.ts';
import { eventually } from './support/eventually.ts';
import type { Json } from './support/json.ts';
import { pod, podSpec } from './support/objects.ts';

// At the cluster's own pace: pods on nodes that do not exist are collected after a while.
const { conformanceCase } = conformanceArea('quotas, limits and budgets', { embedded: { speed: 1 } });

const pods = (ns: string): string => `/api/v1/namespaces/${ns}/pods`;

conformanceCase(
  {
    title: 'refuses a LimitRange that contradicts itself',
    source: 'core/v1 LimitRangeItem: min <= defaultRequest <= default <= max',
  },
  async (t) => {
    const { status, body } = await t.api.create(`/api/v1/namespaces/${await t.namespace()}/limitranges`, {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { name: 'a' },
      spec: { limits: [{ type: 'Container', min: { cpu: '2' }, max: { cpu: '1' } }] },
    });
    expect(status).toBe(422);
    expect(body.details.causes[0]).toMatchObject({
      field: 'spec.limits[0].min[cpu]',
      message: expect.stringContaining('min value 2 is greater than max value 1'),
    });
  },
);

const eviction = (name: string, deleteOptions?: Json): Json => ({
  apiVersion: 'policy/v1',
  kind: 'Eviction',
  metadata: { name },
  ...(deleteOptions === undefined ? {} : { deleteOptions }),
});

/** A pod that counts as running, though no node has it: nobody's kubelet contradicts. */
async function runningPod(t: CaseContext, ns: string, name: string): Promise<void> {
  const now = new Date().toISOString().replace(/\.\d+/, '');
  const { metadata } = pod(name);
  await t.create(
    pods(ns),
    pod(name, {
      metadata: { ...metadata, labels: { app: 'web' } },
      spec: { ...podSpec(), nodeName: t.name('no-such-node') },
    }),
  );
  succeeded(
    await t.api.patch('merge', `${pods(ns)}/${name}/status`, {
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: now }] },
    }),
  );
}

const budget = (spec: Json): Json => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'pdb' },
  spec: { selector: { matchLabels: { app: 'web' } }, ...spec },
});

conformanceCase(
  {
    title: 'evicts a pod that no budget protects',
    source:
      'concepts/scheduling-eviction/api-eviction; e2e: [sig-apps] DisruptionController evictions: no PDB => should allow an eviction',
  },
  async (t) => {
    const ns = await t.namespace();
    await t.create(pods(ns), pod('a'));
    const { status, body } = await t.api.create(`${pods(ns)}/a/eviction`, eviction('a'));
    expect(status).toBe(201);
    expect(body).toMatchObject({ kind: 'Status', status: 'Success' });
    await eventually(async () => expect((await t.api.get(`${pods(ns)}/a`)).status).toBe(404));
    expect((await t.api.create(`${pods(ns)}/a/eviction`, eviction('a'))).status).toBe(404);
  },
);

conformanceCase(
  {
    title: 'refuses an eviction that a budget does not allow (429)',
    source:
      'concepts/scheduling-eviction/api-eviction: 429; e2e: [sig-apps] DisruptionController evictions: too few pods, absolute => should not allow an eviction',
  },
  async (t) => {
    const ns = await t.namespace();
    await t.create(`/apis/policy/v1/namespaces/${ns}/poddisruptionbudgets`, budget({ minAvailable: 2 }));
    for (const name of ['a', 'b']) await runningPod(t, ns, name);
    await eventually(async () => {
      const { status } = (await t.api.get(`/apis/policy/v1/namespaces/${ns}/poddisruptionbudgets/pdb`)).body;
      expect(status).toMatchObject({ currentHealthy: 2, desiredHealthy: 2, expectedPods: 2, disruptionsAllowed: 0 });
      expect(status.conditions).toContainEqual(
        expect.objectContaining({ type: 'DisruptionAllowed', status: 'False', reason: 'InsufficientPods' }),
      );
    });
    const { status, body } = await t.api.create(`${pods(ns)}/a/eviction`, eviction('a'));
    expect(status).toBe(429);
    expect(body).toMatchObject({
      reason: 'TooManyRequests',
      message: "Cannot evict pod as it would violate the pod's disruption budget.",
      details: {
        causes: [
          { reason: 'DisruptionBudget', message: 'The disruption budget pdb needs 2 healthy pods and has 2 currently' },
        ],
      },
    });
    expect((await t.api.get(`${pods(ns)}/a`)).body.metadata.deletionTimestamp).toBeUndefined();
  },
);

conformanceCase(
  {
    title: 'allows as many evictions as a budget has room for',
    source: 'e2e: [sig-apps] DisruptionController evictions: enough pods, absolute => should allow an eviction',
  },
  async (t) => {
    const ns = await t.namespace();
    await t.create(`/apis/policy/v1/namespaces/${ns}/poddisruptionbudgets`, budget({ minAvailable: 1 }));
    for (const name of ['a', 'b']) await runningPod(t, ns, name);
    await eventually(async () =>
      expect(
        (await t.api.get(`/apis/policy/v1/namespaces/${ns}/poddisruptionbudgets/pdb`)).body.status.disruptionsAllowed,
      ).toBe(1),
    );
    expect((await t.api.create(`${pods(ns)}/a/eviction`, eviction('a', { gracePeriodSeconds: 0 }))).status).toBe(201);
    expect((await t.api.create(`${pods(ns)}/b/eviction`, eviction('b'))).status).toBe(429);
  },
);

conformanceCase(
  {
    title: 'refuses an eviction where two budgets select the pod (500)',
    source: 'concepts/scheduling-eviction/api-eviction: 500, misconfiguration',
  },
  async (t) => {
    const ns = await t.namespace();
    const path = `/apis/policy/v1/namespaces/${ns}/poddisruptionbudgets`;
    await t.create(path, budget({ minAvailable: 0 }));
    await t.create(path, { ...budget({ minAvailable: 0 }), metadata: { name: 'other' } });
    await runningPod(t, ns, 'a');
    const { status, body } = await t.api.create(`${pods(ns)}/a/eviction`, eviction('a'));
    expect(status).toBe(500);
    expect(body.message).toContain(
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    );
  },
);

conformanceCase(
  { title: 'tries an eviction without evicting (dryRun)', source: 'policy/v1 Eviction.deleteOptions.dryRun' },
  async (t) => {
    const ns = await t.namespace();
    await t.create(pods(ns), pod('a'));
    expect((await t.api.create(`${pods(ns)}/a/eviction`, eviction('a', { dryRun: ['All'] }))).status).toBe(201);
    expect((await t.api.get(`${pods(ns)}/a`)).body.metadata.deletionTimestamp).toBeUndefined();
  },
);
