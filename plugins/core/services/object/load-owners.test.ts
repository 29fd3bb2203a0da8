import { CapabilityMissingError, type KindRef, type KubeObject, origin, UpstreamError } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { loadOwners } from './load-owners.ts';

const deployment: KindRef = {
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  isNamespaced: true,
};
const node: KindRef = { group: '', version: 'v1', kind: 'Node', plural: 'nodes', isNamespaced: false };

function object(kind: string, name: string, uid: string, owners: object[] = []): KubeObject {
  const metadata = {
    name,
    namespace: 'shop',
    uid,
    resourceVersion: '1',
    creationTimestamp: '2026-01-31T12:00:00Z',
    ownerReferences: owners,
  };
  return {
    apiVersion: 'v1',
    kind,
    metadata,
    [origin]: { cluster: 'one', group: '', version: 'v1', kind, plural: '', isNamespaced: true },
  } as never;
}

const web = object('Deployment', 'web', 'u1');
const reference = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'u1' };
const findKind = (_apiVersion: string, kind: string) => [deployment, node].find((known) => known.kind === kind);

describe('loadOwners', () => {
  it('answers the owner at once where it is in memory', () => {
    const asked: unknown[] = [];
    const reader = {
      get(kind: KindRef, namespace: string | undefined, name: string) {
        asked.push([kind.kind, namespace, name]);
        return web;
      },
    };
    expect(
      loadOwners({ object: object('ReplicaSet', 'web-1', 'u2', [reference]), reader: reader as never, findKind }),
    ).toEqual([web]);
    expect(asked).toEqual([['Deployment', 'shop', 'web']]);
  });

  it('asks for an owner without a namespace without one, and sets the controller first', () => {
    const machine = object('Node', 'machine', 'u3');
    const reader = {
      get: (kind: KindRef, namespace: string | undefined) => (kind === node && namespace === undefined ? machine : web),
    };
    const owners = [
      { apiVersion: 'v1', kind: 'Node', name: 'machine', uid: 'u3' },
      { ...reference, controller: true },
    ];
    expect(loadOwners({ object: object('Pod', 'p', 'u4', owners), reader: reader as never, findKind })).toEqual([
      web,
      machine,
    ]);
  });

  it('waits for a kind that must be discovered', async () => {
    const reader = { get: () => Promise.resolve(web) };
    const owners = loadOwners({
      object: object('Pod', 'p', 'u2', [reference]),
      reader: reader as never,
      findKind: async () => deployment,
    });
    expect(owners).toBeInstanceOf(Promise);
    expect(await owners).toEqual([web]);
  });

  it.each([
    { name: 'another object that was given the name', get: () => object('Deployment', 'web', 'other') },
    { name: 'an owner that is gone or not for the caller', get: () => undefined },
    {
      name: 'an owner of a kind the cluster no longer serves',
      get: () => Promise.reject(new CapabilityMissingError('x', 'x')),
    },
    {
      name: 'an owner of a kind that is refused at once',
      get: () => {
        throw new CapabilityMissingError('x', 'x');
      },
    },
  ])('leaves out $name', async ({ get }) => {
    expect(
      await loadOwners({ object: object('Pod', 'p', 'u2', [reference]), reader: { get } as never, findKind }),
    ).toEqual([]);
  });

  it('leaves out an owner of a kind nobody knows', () => {
    const owners = [{ ...reference, kind: 'Unknown' }];
    expect(
      loadOwners({ object: object('Pod', 'p', 'u2', owners), reader: { get: () => web } as never, findKind }),
    ).toEqual([]);
  });

  it('passes on that the cluster does not answer', async () => {
    const reader = { get: () => Promise.reject(new UpstreamError("cluster 'one'", 'away')) };
    await expect(
      loadOwners({ object: object('Pod', 'p', 'u2', [reference]), reader: reader as never, findKind }),
    ).rejects.toThrow('away');
  });
});
