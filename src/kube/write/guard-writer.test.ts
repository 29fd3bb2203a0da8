import { describe, expect, it } from 'vitest';
import { dryRunTicket, type OperationHandle } from '../../audit/operation-handle.ts';
import { ConflictError, ForbiddenError } from '../../kernel/answer-error.ts';
import type { ClusterWriter } from '../cluster-writer.ts';
import { type KindRef, kindRef } from '../kind-ref.ts';
import type { WriteJudge } from '../write-guard.ts';
import { guardWriter } from './guard-writer.ts';

const kind: KindRef = kindRef({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  isNamespaced: true,
});
const ticket: OperationHandle = { id: 'op-1', isDryRun: false, note() {} };
const web = (spec: object = {}) => ({ metadata: { name: 'web', namespace: 'shop' }, spec });

/** What a text adds can turn out bad only together with what is there. */
const mighty = (object: unknown): readonly string[] =>
  JSON.stringify(object).includes('mighty') ? ['too mighty'] : [];

const judge: WriteJudge = {
  ofKind: (given) => (given.group === 'apps' ? [] : ['not for you']),
  ofObject: (_kind, object) => mighty(object),
  ofSubresource: (_verb, _kind, subresource) => ({
    reasons: subresource === 'scale' || subresource === 'debug' ? [] : ['not below it'],
    needsWhole: subresource === 'debug',
  }),
  ofDeletion: (given) => (given.group === 'apps' ? [] : ['not for you']),
  needsWhole: (_kind, part) => !JSON.stringify(part ?? {}).includes('labels'),
};

/** A cluster that answers what `onWrite` says and remembers what it was asked. */
function guarded(
  onWrite: (call: { isDryRun: boolean; count: number }) => Error | undefined = () => undefined,
  merged: object = {},
) {
  const calls: string[] = [];
  let version = 10;
  const answer = (verb: string, handle: OperationHandle, sent: unknown) => {
    const { metadata } = sent as { metadata?: { resourceVersion?: string } };
    const at = metadata?.resourceVersion;
    calls.push(`${handle.isDryRun ? 'check' : 'write'} ${verb}${at ? ` at ${at}` : ''}`);
    const error = onWrite({ isDryRun: handle.isDryRun, count: calls.length });
    if (error) throw error;
    version += 1;
    return {
      object: { ...web(), ...merged, metadata: { name: 'web', resourceVersion: String(version) } },
      warnings: [],
    };
  };
  const writer = {
    create: async (handle: OperationHandle, _kind: KindRef, object: object) => answer('create', handle, object),
    apply: async (handle: OperationHandle, _kind: KindRef, object: object) => answer('apply', handle, object),
    patch: async (
      handle: OperationHandle,
      _kind: KindRef,
      _namespace: string | undefined,
      _name: string,
      _patch: object,
      { resourceVersion }: { resourceVersion?: string } = {},
    ) => answer('patch', handle, { metadata: { resourceVersion } }),
    scale: async (handle: OperationHandle) => answer('scale', handle, {}),
    delete: async (handle: OperationHandle) => void answer('delete', handle, {}),
  } as unknown as ClusterWriter;
  const served = (apiVersion: string, name: string) =>
    apiVersion === 'apps/v1' && name === 'Deployment' ? kind : undefined;
  return { calls, writer: guardWriter(writer, judge, served) };
}

describe('guardWriter', () => {
  it('asks the cluster nothing more than without it where a part can do no harm', async () => {
    const { calls, writer } = guarded();
    await writer.create(ticket, kind, web());
    await writer.patch(ticket, kind, 'shop', 'web', { metadata: { labels: { a: 'b' } } });
    await writer.patch(ticket, kind, 'shop', 'web', { spec: { replicas: 2 } }, { subresource: 'scale' });
    await writer.scale(ticket, kind, 'shop', 'web', 2);
    await writer.delete(ticket, kind, 'shop', 'web');
    expect(calls).toEqual(['write create', 'write patch', 'write patch', 'write scale', 'write delete']);
  });

  it('looks at what results, and writes it only as it was judged', async () => {
    const { calls, writer } = guarded();
    await writer.apply(ticket, kind, web());
    await writer.patch(ticket, kind, 'shop', 'web', { spec: {} });
    expect(calls).toEqual(['check apply', 'write apply at 11', 'check patch', 'write patch at 13']);
  });

  it('needs no second look at what its own dry run has shown', async () => {
    const { calls, writer } = guarded();
    const object = web();
    await writer.apply(dryRunTicket, kind, object);
    await writer.apply(ticket, kind, object);
    expect(calls).toEqual(['check apply', 'write apply at 11']);
  });

  it('looks again where the text was changed after its dry run (refused)', async () => {
    const { calls, writer } = guarded();
    const object = web({ a: 'harmless' });
    await writer.apply(dryRunTicket, kind, object);
    Object.assign(object.spec, { a: 'mighty' });
    await expect(writer.apply(ticket, kind, object)).rejects.toThrow('too mighty');
    expect(calls).toEqual(['check apply']);
  });

  it('judges again what has changed since, and gives up on what never stands still', async () => {
    const once = guarded(({ isDryRun, count }) =>
      !isDryRun && count === 2 ? new ConflictError('changed') : undefined,
    );
    await once.writer.apply(ticket, kind, web());
    expect(once.calls).toEqual(['check apply', 'write apply at 11', 'check apply', 'write apply at 12']);
    const ever = guarded(({ isDryRun }) => (isDryRun ? undefined : new ConflictError('changed')));
    await expect(ever.writer.patch(ticket, kind, 'shop', 'web', { spec: {} })).rejects.toThrow(ConflictError);
    expect(ever.calls.filter((call) => call.startsWith('write'))).toHaveLength(3);
  });

  it('leaves a version of the caller’s own to the caller', async () => {
    const { calls, writer } = guarded(({ isDryRun }) => (isDryRun ? undefined : new ConflictError('changed')));
    const options = { resourceVersion: '7' };
    await expect(writer.patch(ticket, kind, 'shop', 'web', { spec: {} }, options)).rejects.toThrow(ConflictError);
    expect(calls).toEqual(['check patch at 7', 'write patch at 7']);
  });

  it.each([
    ['create', (writer: ClusterWriter) => writer.create(ticket, kind, web({ is: 'mighty' }))],
    ['apply', (writer: ClusterWriter) => writer.apply(ticket, kind, web({ is: 'mighty' }))],
  ])('sends nothing of a text that is bad by itself: %s (refused)', async (_name, write) => {
    const { calls, writer } = guarded();
    await expect(write(writer)).rejects.toThrow(new ForbiddenError('too mighty'));
    expect(calls).toEqual([]);
  });

  it.each([
    ['apply', (writer: ClusterWriter) => writer.apply(ticket, kind, web())],
    ['patch', (writer: ClusterWriter) => writer.patch(ticket, kind, 'shop', 'web', { spec: {} })],
    [
      'patch of a subresource',
      (writer: ClusterWriter) => writer.patch(ticket, kind, 'shop', 'web', { spec: {} }, { subresource: 'debug' }),
    ],
  ])('writes nothing of what is bad only with what is there: %s (refused)', async (_name, write) => {
    const { calls, writer } = guarded(undefined, { spec: { is: 'mighty' } });
    await expect(write(writer)).rejects.toThrow('too mighty');
    expect(calls.filter((call) => call.startsWith('write'))).toEqual([]);
  });

  it.each([
    ['create', (writer: ClusterWriter, to: KindRef) => writer.create(ticket, to, web())],
    ['apply', (writer: ClusterWriter, to: KindRef) => writer.apply(ticket, to, web())],
    [
      'patch',
      (writer: ClusterWriter, to: KindRef) => writer.patch(ticket, to, 'shop', 'web', { metadata: { labels: {} } }),
    ],
    ['scale', (writer: ClusterWriter, to: KindRef) => writer.scale(ticket, to, 'shop', 'web', 1)],
    ['delete', (writer: ClusterWriter, to: KindRef) => writer.delete(ticket, to, 'shop', 'web')],
  ])('writes nothing to a kind that is not for the caller, nor by a reference that leads to another: %s (refused)', async (_name, write) => {
    const { calls, writer } = guarded();
    await expect(write(writer, { ...kind, group: 'rbac.authorization.k8s.io' })).rejects.toThrow('not for you');
    await expect(write(writer, { ...kind, plural: 'secrets' })).rejects.toThrow('not served as');
    expect(calls).toEqual([]);
  });

  it('writes below an object only where that is known to be harmless (refused)', async () => {
    const { calls, writer } = guarded();
    await expect(writer.create(ticket, kind, web(), { subresource: 'token' })).rejects.toThrow('not below it');
    await expect(writer.patch(ticket, kind, 'shop', 'web', {}, { subresource: 'status' })).rejects.toThrow(
      'not below it',
    );
    expect(calls).toEqual([]);
  });

  it('sends what it has judged, also where an object says something else the second time', async () => {
    let asked = 0;
    const object = {
      ...web(),
      get spec() {
        asked += 1;
        return { is: asked > 1 ? 'mighty' : 'harmless' };
      },
    };
    const sent: object[] = [];
    const inner = { create: async (_t: unknown, _k: unknown, given: object) => void sent.push(given) };
    await guardWriter(inner as unknown as ClusterWriter, judge, () => kind).create(ticket, kind, object);
    expect(sent).toEqual([web({ is: 'harmless' })]);
  });
});
