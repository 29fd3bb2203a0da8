import { encodeGlobalId, type LongshoreBuilder, named, registerEnum, type TypeRef, typeRef } from 'longshore/sdk';
import { idOfApplication, idOfWorkspace } from '../../services/applications/applications.ts';
import { type Cost, toDecimal } from '../../services/metering/prices.ts';
import {
  type UsageAmount,
  type UsageGap,
  type UsageReport,
  type UsageRow,
  usageDimensions,
  usageIntervals,
} from '../../services/metering/usage-reports.ts';

/** A report as it is shown. */
export interface ShownReport extends UsageReport {
  readonly scope: 'CLUSTER' | 'NAMESPACES';
}

export const usageReportRef: TypeRef<ShownReport> = typeRef<ShownReport>('UsageReport');
export const costRef: TypeRef<Cost> = typeRef<Cost>('Cost');
const rowRef = typeRef<UsageRow>('UsageReportRow');
const amountRef = typeRef<UsageAmount>('MeteredAmount');
const gapRef = typeRef<UsageGap>('MeteringGap');
const idOfProject = (key: string) => encodeGlobalId({ of: 'row', plugin: 'core', type: 'Project', key });

export function registerMeteringTypes(builder: LongshoreBuilder): void {
  registerEnum(builder, 'UsageDimension', 'By what usage is told apart.', usageDimensions);
  registerEnum(builder, 'UsageInterval', 'By which times usage is told apart.', usageIntervals);
  builder.objectType(costRef, {
    description: 'A sum of money, by the rates of the settings.',
    fields: (t) => ({
      amount: t.exposeString('amount', { description: 'A decimal number with six places, rounded half up once.' }),
      currency: t.exposeString('currency', { description: 'ISO 4217, e.g. `EUR`.' }),
    }),
  });
  builder.objectType(amountRef, {
    description: 'How much pods had set aside for them, summed up by the second.',
    fields: (t) => ({
      millicoreSeconds: t.field({
        type: 'BigInt',
        description: 'Thousandths of a vCPU times seconds.',
        resolve: ({ millicoreSeconds }) => millicoreSeconds as never,
      }),
      memoryKibSeconds: t.field({
        type: 'BigInt',
        description: 'KiB of memory times seconds.',
        resolve: ({ kibSeconds }) => kibSeconds as never,
      }),
      podSeconds: t.field({
        type: 'BigInt',
        description: 'Seconds of pods.',
        resolve: ({ podSeconds }) => podSeconds as never,
      }),
      vcpuHours: t.string({
        description: 'vCPU times hours, a decimal number with six places.',
        resolve: ({ millicoreSeconds }) => toDecimal(millicoreSeconds, 3_600_000n),
      }),
      memoryGibHours: t.string({
        description: 'GiB of memory times hours, a decimal number with six places.',
        resolve: ({ kibSeconds }) => toDecimal(kibSeconds, 3_600n * 1_048_576n),
      }),
      cost: t.field({
        type: costRef,
        nullable: true,
        description: 'What it costs by the rates of its hours; null where a part of it has none.',
        resolve: ({ cost }) => cost ?? null,
      }),
    }),
  });
  builder.objectType(gapRef, {
    description: 'A time in which pods may have come, changed or gone unheard: what is told of it may be too little.',
    fields: (t) => ({
      from: t.field({ type: 'DateTime', description: 'Its begin.', resolve: ({ fromMs }) => new Date(fromMs) }),
      to: t.field({ type: 'DateTime', description: 'Its end.', resolve: ({ toMs }) => new Date(toMs) }),
    }),
  });
  builder.objectType(rowRef, {
    description: 'Usage that belongs together by `by` and `interval`; what was not asked apart is null.',
    fields: (t) => ({
      beginsAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'The begin of its hour, day or month.',
        resolve: ({ beginsAtMs }) => (beginsAtMs === null ? null : new Date(beginsAtMs)),
      }),
      namespace: t.exposeString('namespace', { nullable: true, description: 'Its namespace.' }),
      workloadKind: t.exposeString('workloadKind', {
        nullable: true,
        description: 'Kind of the workload that nobody else makes, e.g. `Deployment`; `Pod` for a bare pod.',
      }),
      workloadName: t.exposeString('workloadName', { nullable: true, description: 'Its name.' }),
      applicationId: t.id({
        nullable: true,
        description: 'Global id of the application; null also for what is of none.',
        resolve: ({ applicationUuid }) => (applicationUuid === null ? null : idOfApplication(applicationUuid)),
      }),
      workspaceId: t.id({
        nullable: true,
        description: 'Global id of the workspace; null also for what is of none.',
        resolve: ({ workspaceUuid }) => (workspaceUuid === null ? null : idOfWorkspace(workspaceUuid)),
      }),
      projectId: t.id({
        nullable: true,
        description: 'Global id of the project; null also for what is of none.',
        resolve: ({ projectUuid }) => (projectUuid === null ? null : idOfProject(projectUuid)),
      }),
      amount: t.field({ type: amountRef, description: 'How much.', resolve: ({ amount }) => amount }),
    }),
  });
  builder.objectType(usageReportRef, {
    description: 'What pods of a cluster had set aside for them (CMP-114).',
    fields: (t) => ({
      meteredUntil: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'Until when it has been metered, mostly within the last minute; null before it ever was.',
        resolve: ({ meteredUntilMs }) => (meteredUntilMs === undefined ? null : new Date(meteredUntilMs)),
      }),
      scope: t.field({
        type: named('MetricScope'),
        description: 'Whether that is all there is, or what is in your namespaces.',
        resolve: ({ scope }) => scope as never,
      }),
      rows: t.field({
        type: [rowRef],
        description: 'In the order of their times, then by what they are told apart; at most 10,000.',
        resolve: ({ rows }) => [...rows],
      }),
      total: t.field({ type: amountRef, description: 'All of it together.', resolve: ({ total }) => total }),
      gaps: t.field({
        type: [gapRef],
        description: 'Times of which something may be missing, oldest first.',
        resolve: ({ gaps }) => [...gaps],
      }),
    }),
  });
}
