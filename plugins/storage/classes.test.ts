import { startTestGateway, type TestGateway } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ clusterSpeed: 40 });
});
afterAll(() => gateway?.stop());

const developer = { token: 'dev-developer' };
const admin = {};
const slow = { timeout: 30_000, interval: 50 };

async function ask<Data>(source: string, as: object = admin): Promise<Data> {
  const { data, errors } = await gateway.query(source, undefined, as);
  expect(errors).toBeUndefined();
  return data as Data;
}

function put(
  group: string,
  plural: string,
  object: { readonly metadata: object; readonly [field: string]: unknown },
): void {
  const { store } = gateway.cluster;
  store.create(store.resource(group, plural), object);
}

describe('storage on a cluster', () => {
  it('shows the class of claims that name none (STO-01)', async () => {
    const source =
      '{ storageClasses(filter: { isDefault: true }) { nodes { name isDefault provisioner reclaimPolicy volumeBindingMode allowsExpansion zones } } }';
    await expect
      .poll(() => ask(source, developer), slow)
      .toEqual({
        storageClasses: {
          nodes: [
            {
              name: 'embedded-standard',
              isDefault: true,
              provisioner: 'disk.embedded.longshore.dev',
              reclaimPolicy: 'DELETE',
              volumeBindingMode: 'IMMEDIATE',
              allowsExpansion: true,
              zones: [],
            },
          ],
        },
      });
  });

  it('leads from a claim to its class, volume and users and back, and streams it as it is bound (STO-06)', async () => {
    const stream = gateway.subscribe(
      'subscription { persistentVolumeClaimChanges(filter: { name: { equals: "seen" } }) { type persistentVolumeClaim { phase } } }',
      undefined,
      developer,
    );
    await stream.next((message) => JSON.stringify(message).includes('SNAPSHOT'));
    put('', 'persistentvolumeclaims', {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'seen', namespace: 'shop' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } } },
    });
    put('', 'pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'mounts-seen', namespace: 'shop' },
      spec: {
        containers: [{ name: 'web', image: 'nginx', volumeMounts: [{ name: 'v', mountPath: '/data' }] }],
        volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'seen' } }],
      },
    });
    await stream.next((message) => JSON.stringify(message).includes('BOUND'));
    const source = `{ persistentVolumeClaim(cluster: "embedded", namespace: "shop", name: "seen") {
      phase requestedSize requestedBytes capacity accessModes isWaitingForConsumer expansion { state }
      storageClass { name claims(filter: { name: { equals: "seen" } }) { nodes { name } } }
      volume { phase capacityBytes driver claim { name } storageClass { name } }
      usedBy { user { kind name } mounts { container path isReadOnly } } pods { nodes { name } } } }`;
    await expect
      .poll(() => ask(source), slow)
      .toEqual({
        persistentVolumeClaim: {
          phase: 'BOUND',
          requestedSize: '2Gi',
          requestedBytes: 2_147_483_648,
          capacity: '2Gi',
          accessModes: ['READ_WRITE_ONCE'],
          isWaitingForConsumer: false,
          expansion: null,
          storageClass: { name: 'embedded-standard', claims: { nodes: [{ name: 'seen' }] } },
          volume: {
            phase: 'BOUND',
            capacityBytes: 2_147_483_648,
            driver: 'disk.embedded.longshore.dev',
            claim: { name: 'seen' },
            storageClass: { name: 'embedded-standard' },
          },
          usedBy: [
            {
              user: { kind: 'Pod', name: 'mounts-seen' },
              mounts: [{ container: 'web', path: '/data', isReadOnly: false }],
            },
          ],
          pods: { nodes: [{ name: 'mounts-seen' }] },
        },
      });
    await stream.stop();
  });

  it('shows volumes to administrators alone, and claims to those of their namespace (refused) (CORE-17)', async () => {
    const claim =
      'persistentVolumeClaim(cluster: "embedded", namespace: "shop", name: "seen") { volumeName volume { name } }';
    const seen = await ask<{ persistentVolumeClaim: { volumeName: string | null } }>(`{ ${claim} }`, developer);
    expect(seen).toMatchObject({ persistentVolumeClaim: { volume: null } });
    expect(seen.persistentVolumeClaim.volumeName).not.toBeNull();
    const { errors } = await gateway.query('{ persistentVolumes { nodes { name } } }', undefined, developer);
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['FORBIDDEN']);
  });
});
