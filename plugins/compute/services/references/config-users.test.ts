import type { KubeObject } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { ingressKind, serviceAccountKind } from '../../api.ts';
import { createFakeReader } from '../../testing/fake-reader.ts';
import {
  controlledBy,
  makeCronJob,
  makeDeployment,
  makeJob,
  makeObject,
  makePod,
  makeReplicaSet,
} from '../../testing/make-objects.ts';
import type { ConfigKind } from './config-references.ts';
import { configUsesOf } from './config-users.ts';

const own = { name: 'db', namespace: 'shop' };
const metadata = { name: 'user' };
const mount = [{ name: 'v', mountPath: '/etc/db' }];
const byEnvironment = { containers: [{ name: 'web', envFrom: [{ secretRef: { name: 'db' } }] }] };
const byProjection = {
  containers: [{ name: 'web', volumeMounts: mount }],
  volumes: [{ name: 'v', projected: { sources: [{ secret: { name: 'db' } }, { configMap: { name: 'db' } }] } }],
};
const deployment = makeDeployment({ metadata, spec: { replicas: 0, template: { spec: byEnvironment } } });
const replicaSet = makeReplicaSet({
  metadata: { ...metadata, ...controlledBy(deployment) },
  spec: { template: { spec: byEnvironment } },
});
const cronJob = makeCronJob({
  metadata,
  spec: { jobTemplate: { spec: { template: { spec: byProjection } } } },
});
const foreign = { apiVersion: 'core.example.com/v1', kind: 'PodSet', metadata: { ...metadata, uid: 'u' } };
const account = (more: object) => makeObject(serviceAccountKind, { metadata, ...more });
const ingress = (secretName: string) =>
  makeObject(ingressKind, { metadata, spec: { tls: [{ hosts: ['a.example'], secretName }, { secretName }] } });

interface Row {
  readonly who: string;
  readonly used?: ConfigKind;
  readonly by: KubeObject<object>;
  readonly way: string;
  readonly path?: string;
}
const files = { way: 'VOLUME', path: '/etc/db' };
const foreignPod = makePod({ metadata: { ...metadata, ...controlledBy(foreign as never) }, spec: byProjection });
const users: readonly Row[] = [
  { who: 'a workload without replicas', by: deployment, way: 'ENVIRONMENT' },
  { who: 'the template of a CronJob', by: cronJob, ...files },
  { who: 'the template of a CronJob, of a ConfigMap', used: 'ConfigMap', by: cronJob, ...files },
  { who: 'a bare pod', by: makePod({ metadata, spec: byEnvironment }), way: 'ENVIRONMENT' },
  { who: 'a pod whose controller is no workload', used: 'ConfigMap', by: foreignPod, ...files },
  {
    who: 'the pull secrets of a service account',
    by: account({ imagePullSecrets: [{ name: 'db' }, {}] }),
    way: 'IMAGE_PULL_SECRET',
  },
  { who: 'the Secrets of a service account', by: account({ secrets: [{ name: 'db' }] }), way: 'SERVICE_ACCOUNT' },
  { who: 'the certificate of an Ingress', by: ingress('db'), way: 'INGRESS_TLS' },
];

describe('configUsesOf (CMP-93)', () => {
  it.each(users)('tells of $who', async ({ used = 'Secret', by, way, path }) => {
    const reader = createFakeReader('c1', [by]);
    expect(await configUsesOf(reader, used, { metadata: own as never })).toEqual([
      { user: by, reference: expect.objectContaining({ kind: used, way, path }) },
    ]);
    const elsewhere = { metadata: { ...own, namespace: 'bank' } as never };
    expect(await configUsesOf(reader, used, elsewhere)).toEqual([]);
  });

  it('tells of the workload on top alone', async () => {
    const job = makeJob({
      metadata: { ...metadata, ...controlledBy(cronJob) },
      spec: { template: { spec: byProjection } },
    });
    const pods = [replicaSet, job].map((owner, index) =>
      makePod({ metadata: { name: `pod-${index}`, ...controlledBy(owner as never) }, spec: byEnvironment }),
    );
    const reader = createFakeReader('c1', [deployment, replicaSet, cronJob, job, ...pods]);
    const uses = await configUsesOf(reader, 'Secret', { metadata: own as never });
    expect(uses.map(({ user }) => user)).toEqual([deployment, cronJob]);
  });

  it('tells of no service account that a token belongs to', async () => {
    const reader = createFakeReader('c1', [account({ secrets: [{ name: 'db' }] })]);
    const type = 'kubernetes.io/service-account-token';
    expect(await configUsesOf(reader, 'Secret', { metadata: own as never, type })).toEqual([]);
  });
});
