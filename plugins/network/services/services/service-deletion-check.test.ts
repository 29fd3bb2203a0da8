import { ingressKind, serviceKind } from 'longshore/plugins/compute';
import type { ClusterReader, Deletion, KubeObject, RequestContext } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { makeObject } from '../../../compute/testing/make-objects.ts';
import { createIndexedReader } from '../../testing/indexed-reader.ts';
import { serviceDeletionCheck } from './service-deletion-check.ts';

const metadata = { name: 'web', namespace: 'shop' };
const ports = [
  { name: 'http', port: 80 },
  { name: 'metrics', port: 9090 },
];
const service = makeObject(serviceKind, { metadata, spec: { ports } });
const backendTo = (port: object) => ({ service: { name: 'web', port } });
const ingressTo = (name: string, port: object) =>
  makeObject(ingressKind, {
    metadata: { name, namespace: 'shop' },
    spec: { rules: [{ http: { paths: [{ path: '/', pathType: 'Prefix', backend: backendTo(port) }] } }] },
  });
const byNumber = ingressTo('front', { number: 80 });
const byName = ingressTo('named', { name: 'http' });
const byDefault = makeObject(ingressKind, {
  metadata: { name: 'all', namespace: 'shop' },
  spec: { defaultBackend: backendTo({ number: 80 }) },
});

/** What the caller's own reader and the gateway's find. */
function contextOf(seen: readonly object[], there: readonly object[] = seen): RequestContext {
  const readers = {
    USER: createIndexedReader('c1', seen as KubeObject[]),
    SYSTEM: createIndexedReader('c1', there as KubeObject[]),
  };
  const reader = ({ kind }: { kind: string }): ClusterReader => (kind === 'SYSTEM' ? readers.SYSTEM : readers.USER);
  return {
    principal: { kind: 'USER' },
    cluster: () => ({ reader }),
    access: { allowed: (_action: string, object: object) => seen.includes(object) },
  } as never;
}

const check = (context: RequestContext, left?: object) =>
  serviceDeletionCheck.check({ object: service, left } as unknown as Deletion, context);

describe('serviceDeletionCheck (NET-13, P41)', () => {
  it.each([
    ['by a port’s number', byNumber],
    ['by a port’s name', byName],
    ['as the default backend', byDefault],
  ])('NET-13: refuses while an Ingress leads there %s (refused)', async (_how, ingress) => {
    expect(await check(contextOf([ingress]))).toEqual({
      isRefused: true,
      message: expect.stringContaining(`Ingress '${ingress.metadata.name}'`),
      references: [expect.any(String)],
    });
  });

  it('NET-13: lets go what nothing leads to', async () => {
    expect(await check(contextOf([]))).toBeUndefined();
    const elsewhere = makeObject(ingressKind, { ...byNumber, metadata: { name: 'front', namespace: 'other' } });
    expect(await check(contextOf([elsewhere]))).toBeUndefined();
  });

  it('NET-13: keeps each port that something leads to, and no other (refused)', async () => {
    const left = (...names: string[]) => ({ spec: { ports: ports.filter(({ name }) => names.includes(name)) } });
    expect(await check(contextOf([byNumber]), left('metrics'))).toMatchObject({
      isRefused: true,
      message: expect.stringContaining("Port 80 of Service 'web'"),
    });
    expect(await check(contextOf([byName]), { spec: { ports: [{ port: 80 }] } })).toMatchObject({ isRefused: true });
    expect(await check(contextOf([byNumber, byName]), left('http'))).toBeUndefined();
    expect(await check(contextOf([byNumber]), { spec: { ports } })).toBeUndefined();
  });

  it('NET-13: counts what is hidden from the caller, without naming it (refused)', async () => {
    expect(await check(contextOf([], [byNumber]))).toEqual({
      isRefused: true,
      references: [],
      message: expect.stringContaining('what you may not see'),
    });
    const objection = await check(contextOf([byName], [byName, byNumber]));
    expect(objection?.references).toHaveLength(1);
    expect(objection?.message).toContain('something that you may not see');
  });
});
