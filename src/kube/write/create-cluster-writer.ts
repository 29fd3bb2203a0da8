import type { OperationHandle, RecordedWrite } from '../../audit/operation-handle.ts';
import { AnswerError, ConflictError, ValidationError } from '../../kernel/answer-error.ts';
import type { Principal } from '../../kernel/principal.ts';
import type { ClusterWriter, Preconditions, WriteResult } from '../cluster-writer.ts';
import { originOf, takeIn } from '../intake.ts';
import { apiVersionOf, type KindRef } from '../kind-ref.ts';
import type { KubeObject } from '../kube-object.ts';
import { resourcePath } from '../resource-path.ts';
import type { ClusterTransport, KubeRequest } from '../transport/cluster-transport.ts';
import { kindMissing } from '../transport/translate-failure.ts';
import type { ServedKinds } from '../watch/served-kinds.ts';
import { leftOver } from './left-over.ts';
import type { OwnWrites } from './own-writes.ts';
import { withPreconditions } from './with-preconditions.ts';
import { withoutNulls } from './without-nulls.ts';

const fieldManager = 'longshore';
const mergePatch = 'application/merge-patch+json';
/** A JSON body is valid YAML, and JSON keeps every field as it was given. */
const applyPatch = 'application/apply-patch+yaml';

type Target = { readonly kind: KindRef; readonly namespace: string | undefined; readonly name: string | undefined };

/** A writer for one principal. What it sends is what it was given: no model in between drops fields it does not know. */
export function createClusterWriter(options: {
  readonly transport: ClusterTransport;
  readonly principal: Principal;
  readonly served: ServedKinds;
  readonly ownWrites: OwnWrites;
  /** Called before every write; what it throws stops the write. */
  readonly beforeWrite: () => void;
  /** Why the platform writes by itself; noted with each write. */
  readonly asPlatform?: string | undefined;
}): ClusterWriter {
  const { transport, principal, served, ownWrites } = options;
  const { cluster } = transport;

  async function send(
    ticket: OperationHandle,
    target: Target,
    request: Omit<KubeRequest, 'kind' | 'namespace' | 'name'>,
  ) {
    options.beforeWrite();
    const { kind, namespace, name } = target;
    if (served.isServed(kind) === 'no') throw kindMissing(cluster, kind);
    const isDelete = request.method === 'DELETE';
    return transport.json({
      ...request,
      query: {
        ...(isDelete ? {} : { fieldManager, fieldValidation: 'Strict' }),
        dryRun: ticket.isDryRun ? 'All' : undefined,
        ...request.query,
      },
      kind,
      namespace,
      name,
      principal,
      operationId: ticket.id,
    });
  }

  function note(
    ticket: OperationHandle,
    verb: RecordedWrite['verb'],
    target: Target & { readonly name: string },
    resourceVersion: string | undefined,
    how: Pick<RecordedWrite, 'auditId' | 'isForced'>,
  ): void {
    if (ticket.isDryRun) return;
    const { kind, namespace, name } = target;
    const { asPlatform } = options;
    ticket.note({
      ...(asPlatform === undefined ? {} : { asPlatform }),
      cluster,
      verb,
      apiVersion: apiVersionOf(kind),
      kind: kind.kind,
      namespace,
      name,
      resourceVersion,
      ...how,
    });
  }

  /** Sends a write whose answer is the object, notes it, and waits until reads see it. */
  async function write<T>(
    ticket: OperationHandle,
    verb: RecordedWrite['verb'],
    target: Target,
    request: Omit<KubeRequest, 'kind' | 'namespace' | 'name'>,
  ): Promise<WriteResult<T>> {
    const { body, warnings, auditId } = await send(ticket, target, request);
    const object = takeIn<T>(body, originOf(cluster, target.kind));
    const how = request.query?.force === true ? { isForced: true as const } : {};
    await written(ticket, verb, target, object, { ...how, auditId });
    return { object, warnings };
  }

  async function written(
    ticket: OperationHandle,
    verb: RecordedWrite['verb'],
    target: Target,
    object: KubeObject<unknown>,
    how: Pick<RecordedWrite, 'auditId' | 'isForced'>,
  ): Promise<void> {
    const { name, namespace, uid, resourceVersion } = object.metadata;
    note(ticket, verb, { kind: target.kind, namespace, name }, resourceVersion, how);
    if (!ticket.isDryRun)
      await ownWrites.settle(principal, { kind: target.kind, namespace, name, uid, resourceVersion });
  }

  /**
   * In a preview, tells whose fields a patch would change: a patch overrides them in silence, so the cluster is asked by the dry run of
   * a server-side apply of the same fields, which refuses them by name. What else that refuses says nothing about the patch.
   */
  async function tellConflicts(ticket: OperationHandle, target: Target, patch: object): Promise<void> {
    if (!ticket.isDryRun || !ticket.noteConflicts) return;
    const { kind, namespace, name } = target;
    const fields = withoutNulls(patch) as { readonly metadata?: object };
    const body = withType(kind, { ...fields, metadata: { ...fields.metadata, namespace, name } });
    const path = resourcePath(kind, namespace, required(name));
    try {
      await send(ticket, target, { method: 'PATCH', path, body, contentType: applyPatch, query: { force: false } });
    } catch (error) {
      if (!(error instanceof AnswerError)) throw error;
      if (!(error instanceof ConflictError)) return;
      ticket.noteConflicts(error.managers.filter(({ manager }) => manager !== fieldManager));
    }
  }

  /** An eviction answers nothing about the pod, which ends or is gone by now: its author must see that. */
  async function settleEvicted(target: Target & { readonly name: string }, eviction: object): Promise<void> {
    const { kind, namespace, name } = target;
    const { deleteOptions } = eviction as { readonly deleteOptions?: { readonly preconditions?: Preconditions } };
    const evicted = deleteOptions?.preconditions?.uid;
    const path = resourcePath(kind, namespace, name);
    // It is done, whatever becomes of this question.
    const answer = await transport.json({ ...target, path, principal }).catch(() => undefined);
    const left = answer && takeIn(answer.body, originOf(cluster, kind)).metadata;
    const uid = evicted ?? left?.uid;
    if (uid === undefined) return;
    const resourceVersion = left?.uid === uid ? left.resourceVersion : undefined;
    await ownWrites.settle(principal, { kind, namespace, name, uid, resourceVersion });
  }

  /** What is posted to a subresource (an Eviction, a TokenRequest) is another kind; often only a Status comes back. */
  async function createBelow<T>(
    ticket: OperationHandle,
    kind: KindRef<T>,
    object: object,
    subresource: string,
  ): Promise<WriteResult<T>> {
    const { namespace, name } = namesOf(kind, { ...object });
    const target = { kind, namespace, name: required(name) };
    const path = resourcePath(kind, namespace, target.name, subresource);
    const { body, warnings, auditId } = await send(ticket, target, { method: 'POST', path, body: object });
    note(ticket, 'CREATE', target, undefined, { auditId });
    if (subresource === 'eviction' && !ticket.isDryRun) await settleEvicted(target, object);
    const isStatus = typeof body === 'object' && body !== null && 'kind' in body && body.kind === 'Status';
    return { object: takeIn<T>(isStatus ? structuredClone(object) : body, originOf(cluster, kind)), warnings };
  }

  return {
    async create<T>(
      ticket: OperationHandle,
      kind: KindRef<T>,
      object: object,
      { subresource }: { subresource?: string } = {},
    ) {
      if (subresource !== undefined) return createBelow<T>(ticket, kind, object, subresource);
      const body = withType(kind, object);
      const { namespace, name } = namesOf(kind, body);
      return write<T>(
        ticket,
        'CREATE',
        { kind, namespace, name },
        { method: 'POST', path: resourcePath(kind, namespace), body },
      );
    },
    apply(ticket, kind, object, { force = false } = {}) {
      const body = withType(kind, object);
      const { namespace, name } = namesOf(kind, body);
      const path = resourcePath(kind, namespace, required(name));
      return write(
        ticket,
        'APPLY',
        { kind, namespace, name },
        { method: 'PATCH', path, body, contentType: applyPatch, query: { force } },
      );
    },
    async patch<T>(
      ticket: OperationHandle,
      kind: KindRef<T>,
      namespace: string | undefined,
      name: string,
      patch: object,
      { subresource, ...preconditions }: Preconditions & { readonly subresource?: string } = {},
    ) {
      const target = { kind, namespace, name };
      const path = resourcePath(kind, namespace, name, subresource);
      const body = withPreconditions(patch, preconditions);
      const result = await write<T>(ticket, 'PATCH', target, { method: 'PATCH', path, body, contentType: mergePatch });
      if (subresource === undefined) await tellConflicts(ticket, target, patch);
      return result;
    },
    async scale<T>(
      ticket: OperationHandle,
      kind: KindRef<T>,
      namespace: string,
      name: string,
      replicas: number,
      preconditions: Preconditions = {},
    ) {
      const target = { kind, namespace, name };
      const body = withPreconditions({ spec: { replicas } }, preconditions);
      const { warnings, auditId } = await send(ticket, target, {
        method: 'PATCH',
        path: resourcePath(kind, namespace, name, 'scale'),
        body,
        contentType: mergePatch,
      });
      const { body: parsed } = await transport.json({
        path: resourcePath(kind, namespace, name),
        kind,
        namespace,
        name,
        principal,
      });
      const found = takeIn<T>(parsed, originOf(cluster, kind));
      await written(ticket, 'SCALE', target, found, { auditId });
      await tellConflicts(ticket, target, { spec: { replicas } });
      return { object: ticket.isDryRun ? withReplicas(found, replicas) : found, warnings };
    },
    async delete(ticket, kind, namespace, name, { gracePeriodSeconds, propagationPolicy, uid, resourceVersion } = {}) {
      const target = { kind, namespace, name };
      const { body, auditId } = await send(ticket, target, {
        method: 'DELETE',
        path: resourcePath(kind, namespace, name),
        body: {
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          // Where a body is sent, API servers read no options from the query: a dry run there would be a deletion.
          dryRun: ticket.isDryRun ? ['All'] : undefined,
          gracePeriodSeconds,
          propagationPolicy,
          preconditions: uid === undefined && resourceVersion === undefined ? undefined : { uid, resourceVersion },
        },
      });
      note(ticket, 'DELETE', target, undefined, { auditId });
      if (ticket.isDryRun) return;
      const left = leftOver(body);
      const deletedUid = left?.uid ?? uid;
      if (deletedUid === undefined) return;
      await ownWrites.settle(principal, {
        kind,
        namespace,
        name,
        uid: deletedUid,
        resourceVersion: left?.resourceVersion,
      });
    },
  };
}

function withType(kind: KindRef, object: object): Record<string, unknown> {
  return { ...object, apiVersion: apiVersionOf(kind), kind: kind.kind };
}

function namesOf(
  kind: KindRef,
  object: Record<string, unknown>,
): { namespace: string | undefined; name: string | undefined } {
  const metadata = typeof object.metadata === 'object' && object.metadata !== null ? object.metadata : {};
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
  const namespace = 'namespace' in metadata ? text(metadata.namespace) : undefined;
  if (kind.isNamespaced && namespace === undefined) {
    throw new ValidationError([
      { path: ['metadata', 'namespace'], code: 'required', message: `${kind.kind} needs metadata.namespace.` },
    ]);
  }
  return {
    namespace: kind.isNamespaced ? namespace : undefined,
    name: 'name' in metadata ? text(metadata.name) : undefined,
  };
}

function required(name: string | undefined): string {
  if (name !== undefined) return name;
  throw new ValidationError([{ path: ['metadata', 'name'], code: 'required', message: 'metadata.name is required.' }]);
}

function withReplicas<T>(object: KubeObject<T>, replicas: number): KubeObject<T> {
  const spec = 'spec' in object && typeof object.spec === 'object' ? object.spec : {};
  const copy = { ...object, spec: { ...spec, replicas } };
  for (const symbol of Object.getOwnPropertySymbols(object)) {
    Object.defineProperty(copy, symbol, { value: Reflect.get(object, symbol), enumerable: false });
  }
  return copy;
}
