import { expect } from 'vitest';
import { succeeded } from './support/cluster-client.ts';
import { conformanceArea } from './support/conformance-area.ts';
import { eventually } from './support/eventually.ts';
import { podTemplate } from './support/objects.ts';

const { conformanceCase } = conformanceArea('scale');

for (const { kind, resource, more } of [
  { kind: 'Deployment', resource: 'deployments', more: {} },
  { kind: 'ReplicaSet', resource: 'replicasets', more: {} },
  { kind: 'StatefulSet', resource: 'statefulsets', more: { serviceName: 'web' } },
]) {
  conformanceCase(
    {
      title: `reads and writes the scale of a ${kind}`,
      source: `e2e: [sig-apps] ${kind} should have a working scale subresource; autoscaling/v1 Scale`,
    },
    async ({ api, namespace, create }) => {
      const ns = await namespace();
      const collection = `/apis/apps/v1/namespaces/${ns}/${resource}`;
      const made = await create(collection, {
        apiVersion: 'apps/v1',
        kind,
        metadata: { name: 'web' },
        spec: { replicas: 0, selector: { matchLabels: { app: 'web' } }, template: podTemplate('web'), ...more },
      });
      const { body: scale } = await api.get(`${collection}/web/scale`);
      expect(scale).toMatchObject({
        kind: 'Scale',
        apiVersion: 'autoscaling/v1',
        metadata: { name: 'web', namespace: ns, uid: made.metadata.uid },
        spec: {},
        status: { replicas: 0, selector: 'app=web' },
      });
      expect(scale.spec.replicas ?? 0).toBe(0);
      const put = await api.update(`${collection}/web/scale`, {
        ...scale,
        metadata: { name: 'web', namespace: ns },
        spec: { replicas: 1 },
      });
      expect(put).toMatchObject({ status: 200, body: { kind: 'Scale', spec: { replicas: 1 } } });
      const patched = await api.patch('merge', `${collection}/web/scale`, { spec: { replicas: 2 } });
      expect(patched.body.spec.replicas).toBe(2);
      expect(succeeded(await api.get(`${collection}/web`)).body.spec.replicas).toBe(2);
      await eventually(async () =>
        expect(
          (await api.get(`/api/v1/namespaces/${ns}/pods`, { labelSelector: 'app=web' })).body.items.length,
        ).toBeGreaterThan(0),
      );
      const late = await api.update(`${collection}/web/scale`, { ...scale, spec: { replicas: 5 } });
      expect(late.status).toBe(409);
    },
  );
}

conformanceCase(
  {
    title: 'refuses a scale below zero, and one of something that is not there',
    source: 'autoscaling/v1 ScaleSpec.replicas',
  },
  async ({ api, namespace, create }) => {
    const ns = await namespace();
    const collection = `/apis/apps/v1/namespaces/${ns}/deployments`;
    await create(collection, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { replicas: 0, selector: { matchLabels: { app: 'web' } }, template: podTemplate('web') },
    });
    const below = await api.patch('merge', `${collection}/web/scale`, { spec: { replicas: -1 } });
    expect(below.status).toBe(422);
    expect(below.body.details.causes[0]).toMatchObject({
      field: 'spec.replicas',
      message: 'Invalid value: -1: must be greater than or equal to 0',
    });
    expect((await api.get(`${collection}/none/scale`)).status).toBe(404);
  },
);
