import {
  type FieldBuilder,
  kubernetesObjectRef,
  type LongshoreBuilder,
  nodeRef,
  type OperationRecord,
  operationRecordRef,
  parseGlobalId,
  type RequestContext,
  registryOf,
  resolveNode,
  viewerCanField,
} from 'longshore/sdk';
import { projectTypeRef, workspaceTypeRef } from '../api.ts';
import { operationSubject } from '../services/operation/visible-operations.ts';
import { idOfRecord, isVisibleChange, isVisibleWrite, loadRecord } from './operation-access.ts';
import { registerOperationChange, registerOperationStep } from './operation-details.ts';
import {
  registerOperationFailure,
  registerOperationSession,
  registerOperationTarget,
  registerOperationWrite,
} from './operation-parts.ts';
import { registerOperationRoots } from './operation-roots.ts';
import { principalNameRef } from './principal-name.ts';
import { loadTenant } from './tenancy/load-tenants.ts';

/** What was done by whom, and what came of it. */
export function registerOperationRecord(builder: LongshoreBuilder): void {
  const status = builder.enumType('OperationStatus', {
    description: 'Where an operation stands.',
    values: {
      PENDING: { description: 'It is under way, or its end is not known yet.' },
      SUCCEEDED: { description: 'It was done.' },
      FAILED: { description: 'It was begun and failed; `failure` says why.' },
      REFUSED: { description: 'The caller was not allowed to: nothing was done; `failure` says why.' },
    } as const,
  });
  const category = builder.enumType('OperationCategory', {
    description: 'What kind of thing was done.',
    values: {
      WRITE: { description: 'Something was changed, or was to be.' },
      SECRET_READ: { description: 'A value of a Secret was read.' },
      TERMINAL: { description: 'A terminal was open in a container.' },
      DOWNLOAD: { description: 'Something was downloaded.' },
      UPLOAD: { description: 'Something was uploaded.' },
      SIGN_IN: { description: 'Somebody signed in as somebody else.' },
    } as const,
  });
  const target = registerOperationTarget(builder);
  const failure = registerOperationFailure(builder);
  const write = registerOperationWrite(builder);
  const session = registerOperationSession(builder);
  const change = registerOperationChange(builder);
  const step = registerOperationStep(builder, failure);
  builder.objectType(operationRecordRef, {
    description: 'The record of one operation: written before anything is changed, closed when it has ended.',
    interfaces: [nodeRef] as never,
    fields: ((t: FieldBuilder<OperationRecord>) => ({
      id: t.id({ description: 'Its global id.', resolve: (record) => idOfRecord(record.id) }),
      category: t.field({
        type: category,
        description: 'What kind of thing was done.',
        resolve: (record) => record.category,
      }),
      action: t.exposeString('action', { description: 'The mutation or loop, e.g. `applyManifest`.' }),
      status: t.field({ type: status, description: 'Where it stands.', resolve: (record) => record.status }),
      operatorId: t.string({ description: 'Id of who did it.', resolve: (record) => record.principalId }),
      operator: t.string({
        description: 'Name of who did it, as it was then.',
        resolve: (record) => record.principalName,
      }),
      owner: t.field({
        type: principalNameRef,
        nullable: true,
        description: 'Whose service token did it; null where it was none.',
        resolve: (record) => record.owner ?? null,
      }),
      impersonatedBy: t.field({
        type: principalNameRef,
        nullable: true,
        description: 'The administrator who did it in the name of the operator; null where nobody did.',
        resolve: (record) => record.impersonatedBy ?? null,
      }),
      target: t.field({ type: target, description: 'What it acted on.', resolve: (record) => record.target }),
      object: t.field({
        type: kubernetesObjectRef,
        nullable: true,
        description: 'The Kubernetes object it acted on, where that is still there and you may see it.',
        resolve: (record, _args, context) =>
          (parseGlobalId(record.target.id)?.of === 'kubernetes'
            ? resolveNode(record.target.id, context)
            : null) as never,
      }),
      workspace: t.field({
        type: workspaceTypeRef,
        nullable: true,
        description:
          'The workspace that the target lay in then; null where it lay in none, and where you may not see it.',
        resolve: (record, _args, context) => loadTenant('Workspace', record.tenants.workspaceId ?? null, context),
      }),
      project: t.field({
        type: projectTypeRef,
        nullable: true,
        description:
          'The project that the target lay in then; null where it lay in none, and where you may not see it.',
        resolve: (record, _args, context) => loadTenant('Project', record.tenants.projectId ?? null, context),
      }),
      ...viewerCanField<OperationRecord>(t, (record) => ({ subject: operationSubject, row: record })),
      detail: t.string({
        nullable: true,
        description: 'What of the target, in a few words: the key of a Secret, the container of a terminal.',
        resolve: (record) => record.detail ?? null,
      }),
      requestId: t.exposeString('requestId', { description: 'The request it came with, as in the log and in errors.' }),
      batchId: t.string({
        nullable: true,
        description: 'The same for all records of one batch; null where it was none.',
        resolve: (record) => record.batchId ?? null,
      }),
      failure: t.field({
        type: failure,
        nullable: true,
        description: 'Why it failed; null while it has not.',
        resolve: (record) => record.error ?? null,
      }),
      writes: t.field({
        type: [write],
        description: 'What it wrote to clusters, the first 200, as far as you may see the objects.',
        resolve: (record, _args, context) => record.writes.filter((each) => isVisibleWrite(each, context)),
      }),
      writeCount: t.exposeInt('writeCount', { description: 'How many writes there were.' }),
      changes: t.field({
        type: [change],
        description: 'What it changed, field by field, as far as you may see the objects.',
        resolve: (record, _args, context) => visibleChanges(record, context),
      }),
      hasMoreChanges: t.boolean({
        description: 'Whether it changed more than `changes` tells: that is kept up to 200 fields and 32 KiB.',
        resolve: (record) => record.areChangesCut,
      }),
      steps: t.field({
        type: [step],
        description: 'Steps of a long operation in their order; none for one that is done at once.',
        resolve: (record) => [...record.steps],
      }),
      aliveAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'Last sign of life of something that lasts, such as a terminal; null for everything else.',
        resolve: (record) => record.aliveAt ?? null,
      }),
      session: t.field({
        type: session,
        nullable: true,
        description: 'What went through something that lasts, such as a terminal; null for everything else.',
        resolve: (record) => record.session ?? null,
      }),
      createdAt: t.field({ type: 'DateTime', description: 'When it began.', resolve: (record) => record.createdAt }),
      finishedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When it ended; null while it is under way.',
        resolve: (record) => record.finishedAt ?? null,
      }),
    })) as never,
  });
  registryOf(builder).rowLoaders.set('core|OperationRecord', (keys, context) =>
    Promise.all(
      keys.map(async (key) => {
        const record = await loadRecord(key, context);
        return record && { ...record, nodeTypeName: 'OperationRecord' };
      }),
    ),
  );
  registerOperationRoots(builder, { status, category });
}

function visibleChanges(record: OperationRecord, context: RequestContext) {
  const isVisible = new Map<string, boolean>();
  return record.changes.filter(({ object = record.target.id }) => {
    const known = isVisible.get(object) ?? isVisibleChange(object, context);
    isVisible.set(object, known);
    return known;
  });
}
