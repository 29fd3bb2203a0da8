import {
  encodeGlobalId,
  kubernetesObjectRef,
  type LongshoreBuilder,
  type OperationRecord,
  type RecordedWrite,
  resolveNode,
  type SessionMeasure,
  typeRef,
} from 'longshore/sdk';
import { groupOf } from '../services/events/read-event.ts';

/** What an operation record is made of. */
export function registerOperationTarget(builder: LongshoreBuilder) {
  const target = typeRef<OperationRecord['target']>('OperationTarget');
  builder.objectType(target, {
    description: 'What an operation acted on, as it was named then.',
    fields: (t) => ({
      id: t.exposeID('id', { description: 'Its global id, or what is known of a thing that was yet to be made.' }),
      plugin: t.exposeString('plugin', { description: 'The plugin whose thing it is.' }),
      type: t.exposeString('type', { description: 'Its type, e.g. `Deployment`.' }),
      cluster: t.string({ nullable: true, description: 'Its cluster.', resolve: (row) => row.cluster ?? null }),
      namespace: t.string({ nullable: true, description: 'Its namespace.', resolve: (row) => row.namespace ?? null }),
      kind: t.string({ nullable: true, description: 'Its Kubernetes kind.', resolve: (row) => row.kind ?? null }),
      name: t.string({ nullable: true, description: 'Its name.', resolve: (row) => row.name ?? null }),
    }),
  });
  return target;
}

export function registerOperationFailure(builder: LongshoreBuilder) {
  const failure = typeRef<NonNullable<OperationRecord['error']>>('OperationFailure');
  builder.objectType(failure, {
    description: 'Why an operation failed.',
    fields: (t) => ({
      code: t.exposeString('code', {
        description: 'A code such as `CONFLICT`, or `OUTCOME_UNKNOWN` where nobody saw the end.',
      }),
      message: t.exposeString('message', { description: 'In one sentence.' }),
    }),
  });
  return failure;
}

export function registerOperationSession(builder: LongshoreBuilder) {
  const session = typeRef<SessionMeasure>('OperationSession');
  builder.objectType(session, {
    description: 'What went through something that lasted, such as a terminal, up to its last sign of life.',
    fields: (t) => ({
      bytesIn: t.field({ type: 'SafeInt', description: 'Bytes from the caller.', resolve: (row) => row.bytesIn }),
      bytesOut: t.field({ type: 'SafeInt', description: 'Bytes to the caller.', resolve: (row) => row.bytesOut }),
      exitCode: t.int({
        nullable: true,
        description: 'Exit code of its process; null while that runs, and where nobody saw its end.',
        resolve: (row) => row.exitCode ?? null,
      }),
      endReason: t.string({
        nullable: true,
        description: 'Why it ended, in one word such as `EXITED` or `IDLE`; null while it is open.',
        resolve: (row) => row.endReason ?? null,
      }),
    }),
  });
  return session;
}

export function registerOperationWrite(builder: LongshoreBuilder) {
  const verb = builder.enumType('OperationWriteVerb', {
    description: 'What a write did.',
    values: {
      CREATE: { description: 'Made the object.' },
      APPLY: { description: 'Applied a manifest to it.' },
      PATCH: { description: 'Changed fields of it.' },
      DELETE: { description: 'Deleted it.' },
      SCALE: { description: 'Set its number of replicas.' },
    } as const,
  });
  const write = typeRef<RecordedWrite>('OperationWrite');
  builder.objectType(write, {
    description: 'One write to a cluster.',
    fields: (t) => ({
      verb: t.field({ type: verb, description: 'What it did.', resolve: (row) => row.verb }),
      cluster: t.exposeString('cluster', { description: 'The cluster.' }),
      apiVersion: t.exposeString('apiVersion', { description: 'Group and version of the object.' }),
      kind: t.exposeString('kind', { description: 'Kind of the object.' }),
      namespace: t.string({ nullable: true, description: 'Its namespace.', resolve: (row) => row.namespace ?? null }),
      name: t.exposeString('name', { description: 'Its name.' }),
      resourceVersion: t.string({
        nullable: true,
        description: 'Its version after the write; null after a delete.',
        resolve: (row) => row.resourceVersion ?? null,
      }),
      isForced: t.boolean({
        description: 'Whether fields that other field managers own were to be taken over.',
        resolve: (row) => row.isForced === true,
      }),
      auditId: t.string({
        nullable: true,
        description: "Under which the cluster's own audit log has the request; null where the cluster did not say.",
        resolve: (row) => row.auditId ?? null,
      }),
      object: t.field({
        type: kubernetesObjectRef,
        nullable: true,
        description: 'The object, where it is still there and you may see it.',
        resolve: ({ cluster, apiVersion, kind, namespace, name }, _args, context) =>
          resolveNode(
            encodeGlobalId({ of: 'kubernetes', cluster, group: groupOf(apiVersion), kind, namespace, name }),
            context,
          ) as never,
      }),
    }),
  });
  return write;
}
