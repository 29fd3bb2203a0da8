import { serviceKind, statefulSetKind } from 'longshore/plugins/compute';
import type { KindRef, KubeObject, ManifestMisfit, Profile, RequestContext, WrittenObject } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { makeObject, makeStatefulSet } from '../../../compute/testing/make-objects.ts';
import { makeClaim, makeClass, makeVolume } from '../../testing/make-storage.ts';
import { profileNamed } from '../../testing/profile-named.ts';
import { readerOf } from '../../testing/reader-of.ts';
import { workloadStorageCheck } from './workload-storage-check.ts';

const aks = profileNamed('aks-public');
const free = profileNamed('default');
const none = profileNamed('aks-private');
const zoneTerm = { matchExpressions: [{ key: 'topology.kubernetes.io/zone', operator: 'In', values: ['a'] }] };
const inZone = { required: { nodeSelectorTerms: [zoneTerm] } };

const objects = [
  makeClass({
    metadata: { name: 'ssd' },
    provisioner: 'antcloud-csi',
    parameters: { storage_type: 'cloud_disk', type: 'cloud_ssd' },
  }),
  makeClass({ metadata: { name: 'lazy' }, volumeBindingMode: 'WaitForFirstConsumer' }),
  makeObject(serviceKind, { metadata: { name: 'db' } }),
  makeClaim({ metadata: { name: 'placed' }, spec: { volumeName: 'v', storageClassName: 'ssd' } }),
  makeClaim({ metadata: { name: 'delayed' }, spec: { volumeName: 'v', storageClassName: 'lazy' } }),
  makeClaim({ metadata: { name: 'loose' }, spec: { storageClassName: 'ssd' } }),
  makeVolume({ metadata: { name: 'v' }, spec: { nodeAffinity: inZone } }),
];
const reader = readerOf(objects);
const context = { kube: () => reader, cluster: () => ({ reader: () => reader }) } as unknown as RequestContext;

const template = (name: string, storage: string, more: object = {}) => ({
  metadata: { name },
  spec: { storageClassName: 'ssd', accessModes: ['ReadWriteOnce'], resources: { requests: { storage } }, ...more },
});
const mounting = (claimName: string, more: object = {}) => ({
  spec: { template: { spec: { volumes: [{ name: 'd', persistentVolumeClaim: { claimName } }], ...more } } },
});
const stateful = (...volumeClaimTemplates: object[]) => ({ spec: { serviceName: 'db', volumeClaimTemplates } });

interface Case {
  readonly profile?: Profile;
  readonly kind?: KindRef;
  readonly isForm?: boolean;
  readonly existing?: object;
  readonly beside?: WrittenObject['beside'];
}
function written(
  object: object,
  { profile = aks, kind = statefulSetKind as KindRef, ...more }: Case = {},
): WrittenObject {
  return {
    cluster: 'c1',
    kind,
    namespace: 'shop',
    name: 'db',
    object: object as never,
    existing: undefined,
    road: 'APPLY',
    profile,
    ...(more as object),
  };
}
const misfits = async (object: object, options?: Case) =>
  ((await workloadStorageCheck.check(written(object, options), context)) as readonly ManifestMisfit[]).map(
    ({ path, code }) => `${path.join('.')} ${code}`,
  );
const told = async (object: object, options?: Case) =>
  (await workloadStorageCheck.tell?.(written(object, options), context))?.join() ?? '';

const size = (index: number) => `spec.volumeClaimTemplates.${index}.spec.resources.requests.storage too_small`;

describe('claims that a StatefulSet makes (STO-11)', () => {
  it.each([
    ['the minimum of its class as text (CON-13)', stateful(template('data', '20Gi')), {}],
    ['more than the minimum by a form (CON-13)', stateful(template('data', '21Gi')), { isForm: true }],
    ['the minimum by a form elsewhere (CON-13)', stateful(template('data', '20Gi')), { isForm: true, profile: free }],
    ['without a Service elsewhere', { spec: { volumeClaimTemplates: [template('data', '20Gi')] } }, { profile: free }],
    [
      'with a Service of the same text',
      { spec: { ...stateful(template('data', '20Gi')).spec, serviceName: 'new' } },
      { beside: [{ kind: serviceKind as KindRef, namespace: 'shop', name: 'new', object: {} }] },
    ],
  ])('may ask for %s (STO-11)', async (_what, object, options) => {
    expect(await misfits(object, options)).toEqual([]);
  });

  it.each([
    [
      'less than the minimum of its class (STO-07)',
      stateful(template('a', '20Gi'), template('data', '10Gi')),
      {},
      [size(1)],
    ],
    [
      'the minimum itself, by a form that wants more (CON-13)',
      stateful(template('data', '20Gi')),
      { isForm: true },
      [size(0)],
    ],
    [
      'a mode that its class does not offer (STO-08)',
      stateful(template('data', '20Gi', { accessModes: ['ReadWriteMany'] })),
      {},
      ['spec.volumeClaimTemplates.0.spec.accessModes.0 mode_not_offered'],
    ],
    [
      'a class that is not there',
      stateful(template('data', '20Gi', { storageClassName: 'gone' })),
      {},
      ['spec.volumeClaimTemplates.0.spec.storageClassName not_found'],
    ],
    [
      'a name that begins with a digit',
      stateful(template('1data', '20Gi')),
      {},
      ['spec.volumeClaimTemplates.0.metadata.name invalid_text'],
    ],
    [
      'a name that ends with a hyphen',
      stateful(template('data-', '20Gi')),
      {},
      ['spec.volumeClaimTemplates.0.metadata.name invalid_text'],
    ],
    [
      'a Service that is not there',
      { spec: { ...stateful(template('data', '20Gi')).spec, serviceName: 'gone' } },
      {},
      ['spec.serviceName not_found'],
    ],
    ['no Service', { spec: { volumeClaimTemplates: [template('data', '20Gi')] } }, {}, ['spec.serviceName required']],
  ])('are refused for %s (STO-11)', async (_what, object, options, issues) => {
    expect(await misfits(object, options)).toEqual(issues);
  });

  it('are judged once: what is there need not be changed with the rest (STO-11)', async () => {
    const existing = makeStatefulSet(stateful(template('data', '1Gi')));
    expect(await misfits(stateful(template('data', '1Gi')), { existing })).toEqual([]);
    expect(await misfits(stateful(template('data', '1Gi'), template('more', '1Gi')), { existing })).toEqual([size(1)]);
  });

  it('are held to the same where a pod makes them for itself (STO-07)', async () => {
    const spec = { storageClassName: 'ssd', resources: { requests: { storage: '1Gi' } } };
    const object = {
      spec: { template: { spec: { volumes: [{ name: 'T_1', ephemeral: { volumeClaimTemplate: { spec } } }] } } },
    };
    expect(await misfits(object)).toEqual([
      'spec.template.spec.volumes.0.ephemeral.volumeClaimTemplate.spec.resources.requests.storage too_small',
    ]);
  });
});

describe('a platform without storage', () => {
  it.each([
    ['mounts a claim', mounting('placed'), ['spec.template.spec.volumes.0 no_storage']],
    ['makes claims', stateful(template('data', '20Gi')), ['spec.volumeClaimTemplates.0 no_storage']],
  ])('refuses a workload that %s (STO-13, CORE-16)', async (_what, object, issues) => {
    expect(await misfits(object, { profile: none })).toEqual(issues);
  });

  it('takes one that needs none (STO-13)', async () => {
    expect(await misfits({ spec: { template: { spec: { containers: [] } } } }, { profile: none })).toEqual([]);
  });
});

describe('a workload whose volume lies in a zone', () => {
  it('is told to be limited to it (STO-10)', async () => {
    expect(await told(mounting('placed'), { profile: free })).toMatch(
      /claim 'placed' lies in the zone a and cannot be mounted in another/,
    );
    expect(await told(stateful(template('data', '20Gi')))).toMatch(/made at once, in one zone/);
  });

  it.each([
    ['says its zone', mounting('placed', { nodeSelector: { 'topology.kubernetes.io/zone': 'a' } })],
    [
      'says its zone by affinity',
      mounting('placed', {
        affinity: {
          nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [zoneTerm] } },
        },
      }),
    ],
    ['says its node', mounting('placed', { nodeName: 'n-1' })],
    ['mounts what was made where its pod is', mounting('delayed')],
    ['mounts what has no volume yet', mounting('loose')],
    ['mounts what is not there', mounting('gone')],
  ])('is told nothing where it %s (STO-10)', async (_what, object) => {
    expect(await told(object, { profile: free })).toBe('');
  });

  it('was told already of what it mounts (STO-10)', async () => {
    const existing = makeStatefulSet(mounting('placed')) as unknown as KubeObject;
    expect(await told(mounting('placed'), { profile: free, existing })).toBe('');
  });
});
