import { secretKind } from 'longshore/plugins/core';
import { type ClusterReader, type Deletion, idOfObject, type RequestContext } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { ingressKind, serviceAccountKind } from '../../api.ts';
import { createFakeReader } from '../../testing/fake-reader.ts';
import { makeConfigMap, makeCronJob, makeDeployment, makeObject, makePod } from '../../testing/make-objects.ts';
import { profileNamed } from '../../testing/profile-named.ts';
import { configDeletionCheck } from './config-deletion-check.ts';

const metadata = { name: 'db' };
const secret = makeObject(secretKind, {
  metadata,
  type: 'Opaque',
  data: { user: { bytes: 1 }, password: { bytes: 1 } },
});
const configMap = makeConfigMap({ metadata, data: { user: 'a', password: 'b' } });
const one = { secretKeyRef: { name: 'db', key: 'user' } };
const single = { containers: [{ name: 'web', env: [{ name: 'USER', valueFrom: one }] }] };
const all = {
  containers: [{ name: 'web', envFrom: [{ configMapRef: { name: 'db' } }, { secretRef: { name: 'db' } }] }],
};
const idle = makeDeployment({ metadata: { name: 'web' }, spec: { replicas: 0, template: { spec: single } } });

/** What the caller's own reader and the gateway's find. */
function contextOf(seen: readonly object[], there: readonly object[] = seen): RequestContext {
  const readers = { USER: createFakeReader('c1', seen as never), SYSTEM: createFakeReader('c1', there as never) };
  const reader = ({ kind }: { kind: string }): ClusterReader => (kind === 'SYSTEM' ? readers.SYSTEM : readers.USER);
  return {
    principal: { kind: 'USER' },
    cluster: () => ({ reader }),
    access: { allowed: (_action: string, object: object) => seen.includes(object) },
  } as never;
}

const check = (
  object: object,
  profile: string,
  context: RequestContext,
  left?: object,
  more: Pick<Deletion, 'goesAlong'> = {},
) => configDeletionCheck.check({ object, left, profile: profileNamed(profile), ...more } as Deletion, context);

describe('configDeletionCheck (CMP-92, CMP-99, CON-06)', () => {
  it.each([
    ['a workload without replicas', secret, idle],
    ['a CronJob', configMap, makeCronJob({ spec: { jobTemplate: { spec: { template: { spec: all } } } } })],
    ['a bare pod', secret, makePod({ spec: all })],
    ['a service account', secret, makeObject(serviceAccountKind, { imagePullSecrets: [{ name: 'db' }] })],
    ['an Ingress', secret, makeObject(ingressKind, { spec: { tls: [{ secretName: 'db' }] } })],
  ])('refuses while %s uses it in esk and tcs, and warns in aks', async (_who, object, user) => {
    for (const profile of ['esk', 'tcs']) {
      const objection = await check(object, profile, contextOf([user]));
      expect(objection).toMatchObject({ isRefused: true, references: [expect.any(String)] });
      expect(objection?.message).toContain(`${user.kind} '${user.metadata.name}'`);
    }
    expect(await check(object, 'aks-public', contextOf([user]))).toMatchObject({ isRefused: false });
  });

  it('lets go what nothing uses, and keys that nothing uses', async () => {
    expect(await check(secret, 'esk', contextOf([]))).toBeUndefined();
    expect(await check(secret, 'esk', contextOf([idle]), { data: { user: null } })).toBeUndefined();
  });

  it('keeps each key that is used (refused)', async () => {
    const left = { data: { password: null } };
    expect(await check(secret, 'tcs', contextOf([idle]), left)).toMatchObject({
      isRefused: true,
      message: expect.stringContaining("Key 'user' of Secret 'db' is used by Deployment 'web'"),
    });
    expect(await check(secret, 'tcs', contextOf([makePod({ spec: all })]), { data: {} })).toMatchObject({
      message: expect.stringContaining("Keys 'user', 'password' of Secret 'db' are used by Pod 'thing'"),
    });
  });

  it('does not count what goes along, and still counts what the cluster hides beside it (REL-45)', async () => {
    const goesAlong = new Set([idOfObject(idle)]);
    expect(await check(secret, 'esk', contextOf([idle]), undefined, { goesAlong })).toBeUndefined();
    const hidden = makePod({ metadata: { name: 'hidden' }, spec: all });
    expect(await check(secret, 'esk', contextOf([idle], [idle, hidden]), undefined, { goesAlong })).toEqual({
      isRefused: true,
      references: [],
      message: expect.stringContaining('is used by what you may not see'),
    });
  });

  it('counts what the cluster hides from the caller, without naming it (CMP-93, refused)', async () => {
    expect(await check(secret, 'esk', contextOf([], [idle]))).toEqual({
      isRefused: true,
      references: [],
      message: expect.stringContaining("Secret 'db' is used by what you may not see"),
    });
  });
});
