import {
  ConflictError,
  ForbiddenError,
  type KindRef,
  NotFoundError,
  type OperationHandle,
  UpstreamError,
  ValidationError,
} from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { applyDocuments } from './apply-documents.ts';
import type { PlannedDocument } from './plan-apply.ts';

const kind: KindRef = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', isNamespaced: true };
const ticket: OperationHandle = { id: 'op-1', isDryRun: false, note() {} };

function plan(name: string, index = 0): PlannedDocument {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop' } };
  const document = { index, object, locate: () => ({ line: index + 1, column: 1 }) };
  return {
    document,
    kind,
    namespace: 'shop',
    name,
    existing: undefined,
    instance: { subject: 'core/ConfigMap' },
    object,
    doubts: [],
    misfits: [],
    conversions: [],
  };
}

/** A cluster that answers what `onApply` says and remembers what it was asked. */
function clusterThat(onApply: (call: { name: string; isDryRun: boolean; count: number }) => Error | undefined) {
  const calls: string[] = [];
  let version = 10;
  const apply = async (handle: OperationHandle, _kind: KindRef, object: object) => {
    const { name, resourceVersion } = (object as { metadata: { name: string; resourceVersion?: string } }).metadata;
    calls.push(`${handle.isDryRun ? 'check' : 'write'} ${name}${resourceVersion ? ` at ${resourceVersion}` : ''}`);
    const error = onApply({ name, isDryRun: handle.isDryRun, count: calls.length });
    if (error) throw error;
    version += 1;
    return { object: { metadata: { name, resourceVersion: String(version) } }, warnings: [] };
  };
  return { calls, writer: { apply: apply as never } };
}

describe('applyDocuments', () => {
  it('checks everything before it writes anything', async () => {
    const { calls, writer } = clusterThat(() => undefined);
    await applyDocuments({ plans: [plan('a'), plan('b', 1)], writer, ticket, force: false });
    expect(calls).toEqual(['check a', 'check b', 'write a', 'write b']);
  });

  it.each([
    {
      name: 'an issue',
      error: new ValidationError([{ path: ['data'], code: 'invalid', message: 'bad' }]),
      type: ValidationError,
    },
    { name: 'a refusal', error: new ForbiddenError('no'), type: ForbiddenError },
    { name: 'a missing namespace', error: new NotFoundError('gone'), type: NotFoundError },
    {
      name: 'a conflict',
      error: new ConflictError('owned', { managers: [{ manager: 'x', field: '.data' }] }),
      type: ConflictError,
    },
  ])('writes nothing where a check finds $name, and names the document', async ({ error, type }) => {
    const { calls, writer } = clusterThat(({ name }) => (name === 'b' ? error : undefined));
    const applying = applyDocuments({
      plans: [plan('a'), plan('b', 1)],
      writer,
      ticket,
      force: false,
    });
    await expect(applying).rejects.toThrow(type);
    await expect(applying).rejects.toThrow("ConfigMap 'shop/b'");
    expect(calls).toEqual(['check a', 'check b']);
  });

  it('points an issue of the cluster to its document and line', async () => {
    const bad = new ValidationError([{ path: ['data', 'x'], code: 'invalid', message: 'bad' }]);
    const { writer } = clusterThat(() => bad);
    const plans = [plan('a'), plan('b', 1)];
    await expect(applyDocuments({ plans, writer, ticket, force: false })).rejects.toMatchObject({
      issues: [
        { path: ['manifest', 0, 'data', 'x'], code: 'invalid', line: 1 },
        { path: ['manifest', 1, 'data', 'x'], code: 'invalid', line: 2 },
      ],
    });
  });

  it('goes on after a document that failed, but not after the cluster has stopped answering', async () => {
    const plans = ['a', 'b', 'c', 'd'].map(plan);
    const errors: Record<string, Error> = {
      b: new ConflictError('late', { managers: [{ manager: 'x', field: '.y' }] }),
      c: new UpstreamError("cluster 'one'", 'away'),
    };
    const { calls, writer } = clusterThat(({ name, isDryRun }) => (isDryRun ? undefined : errors[name]));
    const applied = await applyDocuments({ plans, writer, ticket, force: false });
    expect(applied.map(({ action, error }) => action ?? error?.code)).toEqual([
      'CREATED',
      'CONFLICT',
      'UPSTREAM',
      'UPSTREAM',
    ]);
    expect(calls.filter((call) => call.startsWith('write'))).toEqual(['write a', 'write b', 'write c']);
  });

  it('fails as a whole where nothing at all was written', async () => {
    const { writer } = clusterThat(({ isDryRun }) =>
      isDryRun ? undefined : new UpstreamError("cluster 'one'", 'away'),
    );
    const plans = [plan('a'), plan('b', 1)];
    await expect(applyDocuments({ plans, writer, ticket, force: false })).rejects.toThrow(UpstreamError);
  });

  it('passes on what is no answer', async () => {
    const { writer } = clusterThat(() => new TypeError('a bug'));
    await expect(applyDocuments({ plans: [plan('a')], writer, ticket, force: false })).rejects.toThrow(TypeError);
  });
});
