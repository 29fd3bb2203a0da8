import {
  kubernetesObjectRef,
  type LongshoreBuilder,
  type OperationStep,
  type RecordedChanges,
  resolveNode,
  typeRef,
} from 'longshore/sdk';
import { principalNameRef } from './principal-name.ts';

type RecordedChange = RecordedChanges['list'][number];

/** What an operation changed, field by field. */
export function registerOperationChange(builder: LongshoreBuilder) {
  const change = typeRef<RecordedChange>('OperationChange');
  builder.objectType(change, {
    description: 'One field that an operation changed. What may be a secret is masked, with its length beside it.',
    fields: (t) => ({
      operation: t.field({
        type: 'FieldChangeOperation' as never,
        description: 'What happened to the field.',
        resolve: (row) => row.operation as never,
      }),
      path: t.exposeString('path', { description: 'Where, as a JSON Pointer (RFC 6901), e.g. `/spec/replicas`.' }),
      before: t.field({
        type: 'JSON',
        nullable: true,
        description: 'Its value before; what is longer than 1 KiB is told by its length.',
        resolve: (row) => row.before ?? null,
      }),
      after: t.field({
        type: 'JSON',
        nullable: true,
        description: 'Its value after; what is longer than 1 KiB is told by its length.',
        resolve: (row) => row.after ?? null,
      }),
      object: t.field({
        type: kubernetesObjectRef,
        nullable: true,
        description: 'The object it belongs to, where an operation changed several; null for the target itself.',
        resolve: (row, _args, context) => (row.object === undefined ? null : resolveNode(row.object, context)) as never,
      }),
    }),
  });
  return change;
}

/** Steps of a long operation (CORE-23). */
export function registerOperationStep(builder: LongshoreBuilder, failure: unknown) {
  const status = builder.enumType('OperationStepStatus', {
    description: 'Where a step stands.',
    values: {
      NOT_EXECUTED: { description: 'Its turn has not come, or comes again.' },
      RUNNING: { description: 'It is under way.' },
      SUCCESS: { description: 'It is done.' },
      ERROR: { description: 'It failed: the operation waits until the step is retried or ignored.' },
    } as const,
  });
  const step = typeRef<OperationStep>('OperationStep');
  builder.objectType(step, {
    description: 'One step of a long operation. Steps are done in their order.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Its name, unique in its operation.' }),
      status: t.field({ type: status, description: 'Where it stands.', resolve: (row) => row.status }),
      decidedBy: t.field({
        type: principalNameRef,
        nullable: true,
        description:
          'Who retried or ignored it last, and in whose name the operation goes on since; null where nobody has.',
        resolve: ({ decidedBy }) => decidedBy ?? null,
      }),
      isIgnored: t.exposeBoolean('isIgnored', { description: 'It failed, and somebody decided to go on without it.' }),
      attempts: t.exposeInt('attempts', { description: 'How often it was begun.' }),
      startedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When it began the last time; null where it never has.',
        resolve: (row) => row.startedAt,
      }),
      finishedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When it ended; null while it has not.',
        resolve: (row) => row.finishedAt,
      }),
      failure: t.field({
        type: failure as never,
        nullable: true,
        description: 'Why it failed the last time; null where it has not.',
        resolve: (row) => row.error as never,
      }),
    }),
  });
  return step;
}
