import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { ask } from '../support/ask.ts';
import { until } from '../support/until.ts';

const developer = { token: 'dev-developer' };
const labels = { app: 'uses' };
const template = {
  metadata: { labels },
  spec: {
    containers: [
      {
        name: 'web',
        image: 'registry.local/web:v1',
        env: [{ name: 'MODE', valueFrom: { configMapKeyRef: { name: 'settings', key: 'mode' } } }],
        envFrom: [{ secretRef: { name: 'credentials' } }],
        volumeMounts: [{ name: 'files', mountPath: '/etc/settings' }],
      },
    ],
    volumes: [{ name: 'files', configMap: { name: 'settings', items: [{ key: 'file', path: 'app.conf' }] } }],
  },
};

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ clusterSpeed: 40 });
  put('', 'configmaps', {
    kind: 'ConfigMap',
    metadata: { name: 'settings' },
    data: { mode: 'a', file: 'b', idle: 'c' },
  });
  put('', 'secrets', { kind: 'Secret', metadata: { name: 'credentials' }, data: { password: 'aGVsbG8=' } });
  put('apps', 'deployments', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'user' },
    spec: { replicas: 2, selector: { matchLabels: labels }, template },
  });
  put('', 'pods', { kind: 'Pod', metadata: { name: 'bare' }, spec: template.spec });
});
afterAll(() => gateway.stop());

function put(
  group: string,
  plural: string,
  draft: { readonly metadata: object; readonly [field: string]: unknown },
): void {
  const { store } = gateway.cluster;
  const object = { apiVersion: 'v1', ...draft, metadata: { namespace: 'shop', ...draft.metadata } };
  store.create(store.resource(group, plural), object);
}

interface Use {
  readonly way: string;
  readonly key: string | null;
  readonly variable: string | null;
  readonly path: string | null;
  readonly container: string | null;
  readonly user: { readonly kind: string; readonly name: string };
}

async function usesOf(field: string, args = ''): Promise<readonly Use[]> {
  const place = `cluster: "embedded", namespace: "shop"`;
  const source = `{ ${field.replace('PLACE', place)} { usedBy${args} { way key variable path container user { kind name } } } }`;
  const answer = await ask<Record<string, { usedBy: Use[] }>, object>(gateway, source, {}, developer);
  return Object.values(answer)[0]?.usedBy ?? [];
}

describe('usedBy', () => {
  it('tells who uses which key of a ConfigMap, in which way and where (CMP-93)', async () => {
    await until(async () => expect((await usesOf('configMap(PLACE, name: "settings")')).length).toBe(4));
    const uses = await usesOf('configMap(PLACE, name: "settings")');
    const ofOne = [
      { way: 'ENVIRONMENT_VARIABLE', key: 'mode', variable: 'MODE', path: null, container: 'web' },
      { way: 'VOLUME', key: 'file', variable: null, path: '/etc/settings/app.conf', container: 'web' },
    ];
    // Neither the Deployment's ReplicaSets nor its pods: they are told by it.
    expect(uses).toEqual([
      ...ofOne.map((use) => ({ ...use, user: { kind: 'Deployment', name: 'user' } })),
      ...ofOne.map((use) => ({ ...use, user: { kind: 'Pod', name: 'bare' } })),
    ]);
  });

  it('tells uses of one key alone', async () => {
    const uses = await usesOf('configMap(PLACE, name: "settings")', '(key: "mode")');
    expect(uses.map(({ way, user }) => `${way} ${user.kind}`)).toEqual([
      'ENVIRONMENT_VARIABLE Deployment',
      'ENVIRONMENT_VARIABLE Pod',
    ]);
    expect(await usesOf('configMap(PLACE, name: "settings")', '(key: "idle")')).toEqual([]);
  });

  it('tells who uses a Secret, without a value (CMP-100)', async () => {
    const uses = await usesOf('secret(PLACE, name: "credentials")', '(key: "password")');
    expect(uses.map(({ way, user }) => `${way} ${user.kind}`)).toEqual(['ENVIRONMENT Deployment', 'ENVIRONMENT Pod']);
  });

  it('forgets a user that has changed', async () => {
    const { store } = gateway.cluster;
    store.delete(store.resource('', 'pods'), 'shop', 'bare', { gracePeriodSeconds: 0 });
    await until(async () => expect((await usesOf('secret(PLACE, name: "credentials")')).length).toBe(1));
  });
});
