import {
  clusterRef,
  type FieldBuilder,
  type LongshoreBuilder,
  named,
  nodeRef,
  type RequestContext,
  registerEnum,
  resolveNode,
  typeRef,
  viewerCanField,
} from 'longshore/sdk';
import {
  type Alarm,
  type AlarmPlace,
  type AlarmPolicy,
  alarmMetrics,
  alarmPolicyTypeRef,
  alarmTypeRef,
  applicationTypeRef,
} from '../../api.ts';
import { idOfAlarmPolicy, instanceOfAlarm, instanceOfPolicy } from '../../services/alarms/alarms.ts';
import type { AlarmDelivery } from '../../services/alarms/alarms-service.ts';
import { webhookOrigin } from '../../services/alarms/webhook.ts';
import { idOfApplication } from '../../services/applications/applications.ts';
import { loadDeliveries } from './load-alarms.ts';

const deliveryRef = typeRef<AlarmDelivery>('AlarmDelivery');

/** Alarm policies and alarms as types (CMP-64). */
export function registerAlarmTypes(builder: LongshoreBuilder): void {
  registerEnum(builder, 'AlarmMetric', 'What an alarm policy looks at, in its application or cluster.', alarmMetrics);
  registerEnum(builder, 'AlarmAggregation', 'How one number is made of those of the pods; a count is a count.', {
    AVERAGE: 'The mean.',
    MAXIMUM: 'The greatest.',
    SUM: 'All together.',
  });
  registerEnum(builder, 'AlarmComparison', 'How the number is compared with the threshold.', {
    ABOVE: 'It is greater.',
    AT_LEAST: 'It is greater or equal.',
    BELOW: 'It is less.',
    AT_MOST: 'It is less or equal.',
  });
  registerEnum(builder, 'AlarmSeverity', 'How much an alarm matters.', {
    INFO: 'It is good to know.',
    WARNING: 'Somebody should look.',
    CRITICAL: 'Somebody must act.',
  });
  registerEnum(builder, 'AlarmStatus', 'Whether an alarm goes on.', {
    FIRING: 'Its condition holds.',
    RESOLVED: 'Its condition holds no more, or its policy was changed, disabled or deleted.',
  });
  builder.objectType(alarmPolicyTypeRef, {
    description: 'What somebody wants to be told of: a condition on an application or a cluster.',
    interfaces: [nodeRef],
    fields: (t) => ({
      displayName: t.exposeString('displayName', { description: 'What people call it, of any script.' }),
      ...placeFields(t),
      metric: t.field({
        type: named('AlarmMetric'),
        description: 'What it looks at.',
        resolve: ({ rule }) => rule.metric as never,
      }),
      aggregation: t.field({
        type: named('AlarmAggregation'),
        description: 'How one number is made of those of the pods.',
        resolve: ({ rule }) => rule.aggregation as never,
      }),
      comparison: t.field({
        type: named('AlarmComparison'),
        description: 'How the number is compared with the threshold.',
        resolve: ({ rule }) => rule.comparison as never,
      }),
      threshold: t.float({ description: 'In the unit of the metric.', resolve: ({ rule }) => rule.threshold }),
      durationSeconds: t.int({
        description: 'How long the condition must hold; of WARNING_EVENTS the time in which they are counted.',
        resolve: ({ rule }) => rule.durationSeconds,
      }),
      eventReasons: t.stringList({
        description: 'Only events with one of these reasons count; empty for all.',
        resolve: ({ rule }) => [...rule.eventReasons],
      }),
      severity: t.field({
        type: named('AlarmSeverity'),
        description: 'How much it matters.',
        resolve: (row) => row.severity as never,
      }),
      isEnabled: t.exposeBoolean('isEnabled', { description: 'Whether it is looked at.' }),
      quietSeconds: t.exposeInt('quietSeconds', { description: 'Least time between two of its alarms.' }),
      silencedUntil: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'Until then no new alarm fires; null where it is not silenced.',
        resolve: ({ silencedUntil }) => silencedUntil,
      }),
      webhookUrl: t.string({
        nullable: true,
        description:
          'What is told of its alarms, by POST; null for nobody. For who may change the policy: with the whole address others could often write there themselves; they have `webhookOrigin`.',
        resolve: (row, _args, context) =>
          context.access.allowed('UPDATE', instanceOfPolicy(row)) ? row.webhookUrl : null,
      }),
      webhookOrigin: t.string({
        nullable: true,
        description: 'Where its webhook is, without path and query: `https://hooks.example`; null where it has none.',
        resolve: ({ webhookUrl: url }) => (url === null ? null : webhookOrigin(url)),
      }),
      problem: t.exposeString('problem', {
        nullable: true,
        description:
          'Why it could not be looked at the last time, in words: its cluster is away or not served any more, nothing is measured there. Null where it could.',
      }),
      holdsSince: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'Since when its condition has held; null while it does not.',
        resolve: ({ holdsSince }) => holdsSince,
      }),
      version: t.exposeInt('version', { description: '1 when it was made, one more with each change.' }),
      createdAt: t.field({ type: 'DateTime', description: 'When it was made.', resolve: (row) => row.createdAt }),
      ...viewerCanField<AlarmPolicy>(t, instanceOfPolicy),
    }),
  });
  registerEnum(builder, 'AlarmDeliveryStatus', 'Whether a webhook was told.', {
    PENDING: 'It is being tried.',
    DELIVERED: 'It answered with success (2xx).',
    FAILED: 'It was given up.',
  });
  builder.objectType(deliveryRef, {
    description: 'One message about an alarm to the webhook of its policy.',
    fields: (t) => ({
      event: t.field({
        type: named('AlarmStatus'),
        description: 'What it tells: that the alarm fires, or that it is over.',
        resolve: ({ event }) => event as never,
      }),
      status: t.field({
        type: named('AlarmDeliveryStatus'),
        description: 'Whether the webhook was told.',
        resolve: ({ status }) => status as never,
      }),
      attempts: t.exposeInt('attempts', { description: 'How often it was tried, 8 times at the most.' }),
      httpStatus: t.exposeInt('httpStatus', {
        nullable: true,
        description:
          'What the last attempt was answered with; null where nothing answered. Redirects are not followed.',
      }),
      problem: t.exposeString('problem', {
        nullable: true,
        description: 'Why the last attempt failed, in words; null where it did not.',
      }),
      attemptedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When it was tried last; null before the first time.',
        resolve: ({ attemptedAt }) => attemptedAt,
      }),
      nextAttemptAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When it is tried next; null where it is done or given up.',
        resolve: ({ nextAttemptAt }) => nextAttemptAt,
      }),
      createdAt: t.field({ type: 'DateTime', description: 'When it was to be told.', resolve: (row) => row.createdAt }),
    }),
  });
  builder.objectType(alarmTypeRef, {
    description: 'One time that the condition of an alarm policy held.',
    interfaces: [nodeRef],
    fields: (t) => ({
      displayName: t.exposeString('displayName', { description: 'What its policy was called then.' }),
      ...placeFields(t),
      policy: t.field({
        type: alarmPolicyTypeRef,
        nullable: true,
        description: 'Its policy; null where that is gone by now.',
        resolve: ({ policyUuid }, _args, context) => resolveNode(idOfAlarmPolicy(policyUuid), context) as never,
      }),
      severity: t.field({
        type: named('AlarmSeverity'),
        description: 'How much it matters.',
        resolve: (row) => row.severity as never,
      }),
      status: t.field({
        type: named('AlarmStatus'),
        description: 'Whether it goes on.',
        resolve: (row) => row.status as never,
      }),
      value: t.exposeFloat('value', { description: 'What was measured when it fired, in the unit of the metric.' }),
      summary: t.exposeString('summary', { description: 'What fired it, in words.' }),
      firedAt: t.field({ type: 'DateTime', description: 'When it fired.', resolve: (row) => row.firedAt }),
      resolvedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When it was over; null while it goes on.',
        resolve: (row) => row.resolvedAt,
      }),
      deliveries: t.field({
        type: [deliveryRef],
        description:
          'How its webhook was told of it: that it fired, and that it was over, two at the most; empty where its policy had no webhook.',
        resolve: async ({ uuid }, _args, context) => [...(await loadDeliveries(uuid, context))],
      }),
      ...viewerCanField<Alarm>(t, instanceOfAlarm),
    }),
  });
}

function placeFields<T extends AlarmPlace>(t: FieldBuilder<T>) {
  return {
    application: t.field({
      type: applicationTypeRef,
      nullable: true,
      description: 'The application that it is about; null for one of a cluster.',
      resolve: (async ({ applicationUuid }: AlarmPlace, _args: unknown, context: RequestContext) =>
        applicationUuid === null ? null : resolveNode(idOfApplication(applicationUuid), context)) as never,
    }),
    cluster: t.field({
      type: clusterRef,
      nullable: true,
      description:
        'The cluster that it is about, or that its application is in; null for an application of a workspace.',
      resolve: (({ cluster }: AlarmPlace, _args: unknown, context: RequestContext) =>
        cluster === null ? null : (context.clusters.get(cluster) ?? null)) as never,
    }),
  };
}
