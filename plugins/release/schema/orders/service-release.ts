import {
  type FieldBuilder,
  type LongshoreBuilder,
  named,
  nodeRef,
  resolveNode,
  type TypeRef,
  typeRef,
  viewerCanField,
} from 'longshore/sdk';
import { appServiceTypeRef, appServiceVersionTypeRef, releaseOrderTypeRef } from '../../api.ts';
import { podsOfGroup } from '../../services/orders/group-pods.ts';
import type { GroupRow, TaskRow } from '../../services/orders/model.ts';
import {
  idOfGroup,
  idOfRelease,
  idOfTask,
  instanceOfOrder,
  type ServiceRelease,
} from '../../services/orders/order-nodes.ts';
import { type PodProgress, progressOf } from '../../services/orders/order-progress.ts';
import { previewRollback, type RollbackPreview } from '../../services/orders/rollback-preview.ts';
import { idOfVersion } from '../../services/subjects.ts';
import { actionsOfRelease } from './load-actions.ts';
import { loadGroups, loadHistory, loadService, loadServiceRow, loadTasks, loadVersion } from './load-orders.ts';
import { loadPods, registerReleasePod, releasePodRef } from './release-pods.ts';

/** A group with the release that it is of. */
export interface ReleaseGroup extends GroupRow {
  readonly release: ServiceRelease;
}

export const serviceReleaseTypeRef: TypeRef<ServiceRelease> = typeRef<ServiceRelease>('ServiceRelease');
export const progressRef: TypeRef<PodProgress> = typeRef<PodProgress>('ReleasePodProgress');
const rollbackRef = typeRef<RollbackPreview>('RollbackPreview');
export const groupRef: TypeRef<ReleaseGroup> = typeRef<ReleaseGroup>('ReleaseGroup');
const taskRef = typeRef<TaskRow>('ReleaseTask');

const moment = <T>(t: FieldBuilder<T>, description: string, of: (row: T) => Date | null) =>
  t.field({ type: 'DateTime', nullable: true, description, resolve: of as never });

/** The release of one app service, with its groups, tasks and pods (REL-24, REL-27, REL-28). */
export function registerServiceRelease(builder: LongshoreBuilder): void {
  registerReleasePod(builder);
  registerParts(builder);
  registerGroup(builder);
  registerTask(builder);
  builder.objectType(serviceReleaseTypeRef, {
    description: 'The release of one app service in a release order.',
    interfaces: [nodeRef],
    fields: (t) => ({
      order: t.field({ type: releaseOrderTypeRef, description: 'Its order.', resolve: ({ order }) => order }),
      service: t.field({
        type: appServiceTypeRef,
        nullable: true,
        description: 'What is released; null where that is gone or not for you.',
        resolve: async ({ row }, _args, context) => (await loadService(row.serviceId, context)) ?? null,
      }),
      serviceName: t.string({
        description: 'Name of the app service, also where that is gone.',
        resolve: async ({ row }, _args, context) => (await loadServiceRow(row.serviceId, context))?.name ?? '',
      }),
      version: t.field({
        type: appServiceVersionTypeRef,
        nullable: true,
        description: 'The version that is released; null where its service is gone or not for you.',
        resolve: async ({ row }, _args, context) => (await loadVersion(row.versionId, context)) ?? null,
      }),
      fromVersion: t.field({
        type: appServiceVersionTypeRef,
        nullable: true,
        description: 'What ran when the order was made; null where nothing did.',
        resolve: async ({ row }, _args, context) =>
          row.fromVersionId === null ? null : ((await loadVersion(row.fromVersionId, context)) ?? null),
      }),
      dependsOn: t.idList({
        description: 'Global ids of the releases of the same order that come first (REL-20).',
        resolve: ({ row }) => row.dependsOn.map(idOfRelease),
      }),
      state: t.field({
        type: named('ServiceReleaseState'),
        description: 'Where it is.',
        resolve: ({ row }) => row.state as never,
      }),
      reason: t.string({
        nullable: true,
        description: 'Why it failed, in words; null where it did not.',
        resolve: ({ row }) => row.reason,
      }),
      engine: t.field({
        type: named('ReleaseEngine'),
        nullable: true,
        description: 'What drives its pods; null before it is planned.',
        resolve: ({ row }) => row.engine as never,
      }),
      pausesAfterGroups: t.boolean({
        description:
          'Whether it waits for a confirmation behind each group, and not behind the beta group alone (REL-31).',
        resolve: ({ row }) => row.pauseAfterGroup,
      }),
      groups: t.field({
        type: [groupRef],
        description: 'Its groups in their order; none before it is planned.',
        resolve: async (release, _args, context) =>
          ((await loadGroups(release.uuid, context)) ?? []).map((group) => ({ ...group, release })),
      }),
      tasks: t.field({
        type: [taskRef],
        description: 'Its tasks, by phase; none before it is planned.',
        resolve: async ({ uuid }, _args, context) => inOrder((await loadTasks(uuid, context)) ?? []),
      }),
      progress: t.field({
        type: progressRef,
        description: 'How many of its pods are updated; on the way back, how many are back.',
        resolve: ({ row }) => progressOf([row]),
      }),
      pods: t.field({
        type: [releasePodRef],
        nullable: true,
        description: 'The pods of the service as they are now; null where its cluster cannot be asked.',
        resolve: async (release, _args, context) => [...(await loadPods(release, context))],
      }),
      rollback: t.field({
        type: named('RollbackOutcome'),
        nullable: true,
        description: 'What its rollback comes to; null where none was asked for.',
        resolve: ({ row }) => row.rollback as never,
      }),
      rollbackPreview: t.field({
        type: rollbackRef,
        description: 'What a rollback would come to, as the history of the service is now (REL-34).',
        resolve: async ({ row }, _args, context) =>
          previewRollback(row, (await loadHistory(row.serviceId, context)) ?? []),
      }),
      possibleActions: t.field({
        type: [named('ReleaseAction')],
        description: 'What can be done to it alone by its state; whether you may, `viewerCan` says.',
        resolve: async (release, _args, context) => (await actionsOfRelease(release, context)) as never,
      }),
      startedAt: moment(t, 'When its turn came; null before.', ({ row }) => row.startedAt),
      finishedAt: moment(t, 'When it ended; null before.', ({ row }) => row.finishedAt),
      since: t.field({
        type: 'DateTime',
        description: 'Since when its state holds, or a pod of it was last updated.',
        resolve: ({ row }) => row.since,
      }),
      createdAt: t.field({ type: 'DateTime', description: 'When it was made.', resolve: ({ row }) => row.createdAt }),
      ...viewerCanField<ServiceRelease>(t, ({ order }) => instanceOfOrder(order)),
    }),
  });
}

const phases = ['PRE', 'GROUP', 'POST', 'ROLLBACK_POST'] as const;

function inOrder(tasks: readonly TaskRow[]): TaskRow[] {
  const place = ({ phase, groupPosition, position }: TaskRow) =>
    phases.indexOf(phase) * 1e8 + (groupPosition ?? 0) * 1e3 + position;
  return [...tasks].sort((one, other) => place(one) - place(other));
}

function registerParts(builder: LongshoreBuilder): void {
  builder.objectType(progressRef, {
    description: 'How many pods are updated: those that were seen to be (REL-27).',
    fields: (t) => ({
      updatedPods: t.exposeInt('updatedPods', { description: 'Pods that are updated.' }),
      totalPods: t.exposeInt('totalPods', { description: 'Pods that are to be.' }),
      percent: t.exposeInt('percent', {
        nullable: true,
        description:
          'Whole percent, rounded down: 100 only where all are updated. Null before it is planned, and without pods.',
      }),
    }),
  });
  builder.objectType(rollbackRef, {
    description: 'What a rollback would come to (REL-34).',
    fields: (t) => ({
      outcome: t.field({
        type: named('RollbackOutcome'),
        description: 'What happens.',
        resolve: ({ outcome }) => outcome as never,
      }),
      version: t.field({
        type: appServiceVersionTypeRef,
        nullable: true,
        description: 'The version that would run again; null where there is none, or it is not for you.',
        resolve: async ({ versionId }, _args, context) =>
          versionId === null ? null : ((await resolveNode(idOfVersion(versionId), context)) as never),
      }),
    }),
  });
}

function registerGroup(builder: LongshoreBuilder): void {
  builder.objectType(groupRef, {
    description: 'Pods that are updated together (REL-28, REL-29).',
    fields: (t) => ({
      id: t.id({
        description: 'Its global id, for `groupIds` of `confirmReleaseOrder`.',
        resolve: ({ id }) => idOfGroup(id),
      }),
      release: t.field({
        type: serviceReleaseTypeRef,
        description: 'The release that it is of.',
        resolve: ({ release }) => release,
      }),
      position: t.exposeInt('position', { description: 'Its place in its release, from 0.' }),
      isBeta: t.exposeBoolean('isBeta', { description: 'Whether it is the first one, with one pod of each unit.' }),
      plannedPods: t.field({
        type: [named('DeploymentUnitPods')],
        description: 'How many pods of each unit are in it, as it was planned.',
        resolve: ({ pods }) => [...pods] as never,
      }),
      state: t.field({
        type: named('ReleaseGroupState'),
        description: 'Where it is.',
        resolve: ({ state }) => state as never,
      }),
      reason: t.exposeString('reason', { nullable: true, description: 'Why it failed; null where it did not.' }),
      confirmedBy: t.exposeString('confirmedBy', {
        nullable: true,
        description: 'Who confirmed it, as operation records name people; null where nobody did.',
      }),
      startedAt: moment(t, 'When it began; null before.', ({ startedAt }) => startedAt),
      finishedAt: moment(t, 'When its pods were updated; null before.', ({ finishedAt }) => finishedAt),
      retriedAt: moment(t, 'When it was last retried; null where it never was.', ({ retriedAt }) => retriedAt),
      pods: t.field({
        type: [releasePodRef],
        nullable: true,
        description:
          'Those of its pods that have the new version by now; which others will follow, the engine decides then. Null where its cluster cannot be asked.',
        resolve: async ({ release, position }, _args, context) => {
          const groups = (await loadGroups(release.uuid, context)) ?? [];
          return [...podsOfGroup(await loadPods(release, context), groups, position)];
        },
      }),
    }),
  });
}

function registerTask(builder: LongshoreBuilder): void {
  builder.objectType(taskRef, {
    description: 'Work before, around or behind the groups of a release.',
    fields: (t) => ({
      id: t.id({ description: 'Its global id, for `ignoreTaskId`.', resolve: ({ id }) => idOfTask(id) }),
      phase: t.field({
        type: named('ReleaseTaskPhase'),
        description: 'When it has its turn.',
        resolve: ({ phase }) => phase as never,
      }),
      groupPosition: t.exposeInt('groupPosition', {
        nullable: true,
        description: 'The group that it is for; null for the whole release.',
      }),
      kind: t.field({
        type: named('ReleaseTaskKind'),
        description: 'What it does.',
        resolve: ({ kind }) => kind as never,
      }),
      state: t.field({
        type: named('ReleaseTaskState'),
        description: 'Where it is.',
        resolve: ({ state }) => state as never,
      }),
      reason: t.exposeString('reason', { nullable: true, description: 'Why it failed; null where it did not.' }),
      attempts: t.exposeInt('attempts', { description: 'How often it was begun.' }),
      startedAt: moment(t, 'When it was last begun; null before.', ({ startedAt }) => startedAt),
      finishedAt: moment(t, 'When it ended; null before.', ({ finishedAt }) => finishedAt),
    }),
  });
}
