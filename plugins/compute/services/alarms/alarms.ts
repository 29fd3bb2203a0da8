import { encodeGlobalId, type RowNode, type SubjectDescriptor } from 'longshore/sdk';
import { type Alarm, type AlarmPlace, type AlarmPolicy, alarmPolicySubject, alarmSubject } from '../../api.ts';
import type { alarmPolicies, alarms } from '../../tables.ts';

const idOf = (type: string, uuid: string): string => encodeGlobalId({ of: 'row', plugin: 'compute', type, key: uuid });

/** Rows as the nodes that resolvers, rights and streams see. */
export function toAlarmPolicy(row: typeof alarmPolicies.$inferSelect): AlarmPolicy {
  const { id: uuid, deletedAt: _gone, applicationId: applicationUuid, workspaceId: workspaceUuid, ...rest } = row;
  return { ...rest, uuid, applicationUuid, workspaceUuid, nodeTypeName: 'AlarmPolicy', id: idOf('AlarmPolicy', uuid) };
}

export function toAlarm(row: typeof alarms.$inferSelect): Alarm {
  const { id: uuid, createdAt: _at, applicationId: applicationUuid, workspaceId: workspaceUuid, ...of } = row;
  const { policyId: policyUuid, ...rest } = of;
  return { ...rest, uuid, policyUuid, applicationUuid, workspaceUuid, nodeTypeName: 'Alarm', id: idOf('Alarm', uuid) };
}

export const idOfAlarmPolicy = (uuid: string): string => idOf('AlarmPolicy', uuid);

const isNode = (node: unknown, name: string): boolean =>
  typeof node === 'object' && node !== null && (node as Partial<RowNode>).nodeTypeName === name;

export const isAlarmPolicy = (node: unknown): node is AlarmPolicy => isNode(node, 'AlarmPolicy');
export const isAlarm = (node: unknown): node is Alarm => isNode(node, 'Alarm');

/** What concerns an application lies where the application is; what concerns a cluster lies in no namespace. */
export function factsOfAlarm({ cluster, namespace, workspaceUuid }: Omit<AlarmPlace, 'applicationUuid'>) {
  return {
    cluster: cluster ?? undefined,
    namespace: namespace ?? undefined,
    ...(workspaceUuid === null ? {} : { tenants: [`workspace/${workspaceUuid}`] }),
  };
}

export const alarmPolicyDescriptor: SubjectDescriptor<AlarmPolicy> = {
  subject: alarmPolicySubject,
  facts: factsOfAlarm,
};
export const alarmDescriptor: SubjectDescriptor<Alarm> = { subject: alarmSubject, facts: factsOfAlarm };

export const instanceOfPolicy = (row: AlarmPolicy) => ({ subject: alarmPolicySubject, row });
export const instanceOfAlarm = (row: Alarm) => ({ subject: alarmSubject, row });
