import {
  defineList,
  followTopic,
  type LongshoreBuilder,
  matchesText,
  named,
  registerList,
  registerQuery,
  registerSubscription,
  relationField,
  resolveNode,
  stringFilterRef,
} from 'longshore/sdk';
import {
  type Alarm,
  type AlarmPlace,
  type AlarmPolicy,
  alarmPolicySubject,
  alarmPolicyTypeRef,
  alarmSubject,
  alarmsTopic,
  alarmTypeRef,
  applicationTypeRef,
} from '../../api.ts';
import { idOfAlarmPolicy, instanceOfAlarm, isAlarm, isAlarmPolicy } from '../../services/alarms/alarms.ts';
import { idOfApplication } from '../../services/applications/applications.ts';
import { loadPoliciesOf, visibleAlarms, visiblePolicies } from './load-alarms.ts';

/** The lists, the single ones and the stream. */
export function registerAlarmRoots(builder: LongshoreBuilder): void {
  const policies = defineList(builder, {
    name: 'AlarmPolicy',
    node: alarmPolicyTypeRef,
    plural: 'alarm policies',
    filter: (t) => ({
      ids: t.field({ type: ['ID'], description: 'Only these, by global id.' }),
      displayName: t.field({ type: stringFilterRef, description: 'By what it is called.' }),
      applicationId: t.id({ description: 'Only about the application with this global id.' }),
      cluster: t.string({ description: 'Only about this cluster, or an application in it.' }),
      severities: t.field({ type: [named('AlarmSeverity')], description: 'Only of one of these severities.' }),
      isEnabled: t.boolean({ description: 'Only those that are looked at, or those that are not.' }),
    }),
    matches: (filter) => (row: AlarmPolicy) =>
      (!filter.ids || filter.ids.map(String).includes(row.id)) &&
      (!filter.displayName || matchesText(filter.displayName, row.displayName)) &&
      isAbout(row, filter) &&
      (!filter.severities || (filter.severities as readonly string[]).includes(row.severity)) &&
      (typeof filter.isEnabled !== 'boolean' || filter.isEnabled === row.isEnabled),
    orders: {
      DISPLAY_NAME: { description: 'By what it is called.', value: ({ displayName }) => displayName },
      CREATED_AT: { description: 'By when it was made.', value: ({ createdAt }) => createdAt.getTime() },
    },
    place: ({ cluster, namespace, uuid }) => ({ cluster: cluster ?? '', namespace: namespace ?? '', name: uuid }),
  });
  const alarms = defineList(builder, {
    name: 'Alarm',
    node: alarmTypeRef,
    plural: 'alarms',
    filter: (t) => ({
      ids: t.field({ type: ['ID'], description: 'Only these, by global id.' }),
      applicationId: t.id({ description: 'Only about the application with this global id.' }),
      policyId: t.id({ description: 'Only of the policy with this global id.' }),
      cluster: t.string({ description: 'Only about this cluster, or an application in it.' }),
      severities: t.field({ type: [named('AlarmSeverity')], description: 'Only of one of these severities.' }),
      statuses: t.field({ type: [named('AlarmStatus')], description: 'Only with one of these statuses.' }),
    }),
    matches: (filter) => (row: Alarm) =>
      (!filter.ids || filter.ids.map(String).includes(row.id)) &&
      isAbout(row, filter) &&
      (!filter.policyId || idOfAlarmPolicy(row.policyUuid) === filter.policyId) &&
      (!filter.severities || (filter.severities as readonly string[]).includes(row.severity)) &&
      (!filter.statuses || (filter.statuses as readonly string[]).includes(row.status)),
    orders: { FIRED_AT: { description: 'By when it fired.', value: ({ firedAt }) => firedAt.getTime() } },
    defaultOrder: [{ field: 'FIRED_AT', direction: 'DESC' }],
    place: ({ cluster, namespace, uuid }) => ({ cluster: cluster ?? '', namespace: namespace ?? '', name: uuid }),
  });
  registerList(builder, {
    name: 'alarmPolicies',
    description: 'Alarm policies that you may see.',
    allow: { action: 'READ', subject: alarmPolicySubject },
    list: policies,
    rows: async (_args, context) => ({ items: await visiblePolicies(context) }),
  });
  registerQuery(builder, {
    name: 'alarmPolicy',
    description: 'One alarm policy by its id; null where it is not there or not for you.',
    allow: { action: 'READ', subject: alarmPolicySubject },
    type: alarmPolicyTypeRef,
    nullable: true,
    args: (t) => ({ id: t.id({ required: true, description: 'Its global id.' }) }),
    resolve: async ({ id }, context) => {
      const node = await resolveNode(String(id), context);
      return isAlarmPolicy(node) ? node : null;
    },
  });
  registerList(builder, {
    name: 'alarms',
    description:
      'Alarms that you may see, the newest 10,000, newest first. For how long they are kept, profiles say (`alarms.keepDays`, `alarms.keepMost`).',
    allow: { action: 'READ', subject: alarmSubject },
    list: alarms,
    rows: async (_args, context) => ({ items: await visibleAlarms(context) }),
  });
  registerQuery(builder, {
    name: 'alarm',
    description: 'One alarm by its id; null where it is not there or not for you.',
    allow: { action: 'READ', subject: alarmSubject },
    type: alarmTypeRef,
    nullable: true,
    args: (t) => ({ id: t.id({ required: true, description: 'Its global id.' }) }),
    resolve: async ({ id }, context) => {
      const node = await resolveNode(String(id), context);
      return isAlarm(node) ? node : null;
    },
  });
  registerSubscription<Alarm>(builder, {
    name: 'alarmChanges',
    description: 'Alarms as they fire and are resolved.',
    allow: { action: 'READ', subject: alarmSubject },
    itemField: 'alarm',
    itemType: alarmTypeRef,
    itemDescription: 'The alarm after the change.',
    isThrottled: true,
    args: (t) => ({ filter: t({ type: alarms.filterType as never, description: 'Which alarms to follow.' }) }) as never,
    subscribe: (args, context) =>
      followTopic({
        topic: alarmsTopic,
        isVisible: (row) => context.access.allowed('READ', instanceOfAlarm(row)),
        filter: () => alarms.compileFilter((args as { filter?: never }).filter, context),
        initial: () => visibleAlarms(context),
        args,
        context,
      }),
  });
  builder.objectField(
    applicationTypeRef,
    'alarmPolicies',
    (t) =>
      relationField(builder, t, {
        description: 'Alarm policies about it.',
        of: 'AlarmPolicy',
        rows: async ({ uuid }, context) => ({ items: await loadPoliciesOf(uuid, context) }),
      }) as never,
  );
}

function isAbout(
  row: AlarmPlace,
  filter: { readonly applicationId?: string | number | null | undefined; readonly cluster?: string | null | undefined },
): boolean {
  if (filter.cluster && row.cluster !== filter.cluster) return false;
  if (!filter.applicationId) return true;
  return row.applicationUuid !== null && idOfApplication(row.applicationUuid) === filter.applicationId;
}
