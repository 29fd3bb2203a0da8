import {
  type AnyNode,
  DataLoader,
  drizzle,
  type LongshoreBuilder,
  NotFoundError,
  type RequestContext,
  registryOf,
  resolveNode,
  whereAllowed,
} from 'longshore/sdk';
import { type Alarm, type AlarmPolicy, alarmPolicySubject, alarmSubject } from '../../api.ts';
import { instanceOfAlarm, instanceOfPolicy, isAlarmPolicy } from '../../services/alarms/alarms.ts';
import { type AlarmDelivery, alarmsServiceRef } from '../../services/alarms/alarms-service.ts';
import { isUuid } from '../../services/applications/applications.ts';
import { alarmPolicies, alarms } from '../../tables.ts';

const { inArray } = drizzle;

const columnsOf = (table: typeof alarmPolicies | typeof alarms) => ({
  cluster: table.cluster,
  namespace: table.namespace,
  tenants: { workspace: table.workspaceId },
});

/** The policies that this caller may read, by a condition on their rows. */
export function visiblePolicies(context: RequestContext): Promise<readonly AlarmPolicy[]> {
  const where = whereAllowed(context.access, 'READ', alarmPolicySubject, columnsOf(alarmPolicies));
  return context.service(alarmsServiceRef).policies(where);
}

/** The same of alarms. */
export function visibleAlarms(context: RequestContext): Promise<readonly Alarm[]> {
  const where = whereAllowed(context.access, 'READ', alarmSubject, columnsOf(alarms));
  return context.service(alarmsServiceRef).alarms(where);
}

/** Policies about an application that this caller may read: those of all applications of a page together. */
export function loadPoliciesOf(applicationUuid: string, context: RequestContext): Promise<readonly AlarmPolicy[]> {
  const loader = context.memo(policiesKey, () => {
    // Nothing is kept: a request may read, change and read again.
    return new DataLoader<string, readonly AlarmPolicy[]>(
      async (uuids) => {
        const service = context.service(alarmsServiceRef);
        const rows = await service.policies(inArray(alarmPolicies.applicationId, [...uuids]));
        const seen = rows.filter((row) => context.access.allowed('READ', instanceOfPolicy(row)));
        const byApplication = Map.groupBy(seen, (row) => row.applicationUuid);
        return uuids.map((uuid) => byApplication.get(uuid) ?? []);
      },
      { cache: false },
    );
  });
  return loader.load(applicationUuid);
}

/** What was told of an alarm, for who may read the alarm. */
export function loadDeliveries(alarmUuid: string, context: RequestContext): Promise<readonly AlarmDelivery[]> {
  const loader = context.memo(deliveriesKey, () => {
    return new DataLoader<string, readonly AlarmDelivery[]>(
      async (uuids) => {
        const rows = await context.service(alarmsServiceRef).deliveriesOf(uuids);
        const byAlarm = Map.groupBy(rows, ({ alarmId }) => alarmId);
        return uuids.map((uuid) => byAlarm.get(uuid) ?? []);
      },
      { cache: false },
    );
  });
  return loader.load(alarmUuid);
}

const policiesKey = {};
const deliveriesKey = {};

/** The loaders behind `node(id:)`: what the caller may not read is not there. */
export function registerAlarmLoaders(builder: LongshoreBuilder): void {
  const { rowLoaders } = registryOf(builder);
  rowLoaders.set('compute|AlarmPolicy', async (keys, context): Promise<readonly (AnyNode | null)[]> => {
    const rows = await context.service(alarmsServiceRef).policiesById(keys.filter(isUuid));
    const seen = rows.filter((row) => context.access.allowed('READ', instanceOfPolicy(row)));
    return keys.map((key) => seen.find(({ uuid }) => uuid === key) ?? null);
  });
  rowLoaders.set('compute|Alarm', async (keys, context): Promise<readonly (AnyNode | null)[]> => {
    const rows = await context.service(alarmsServiceRef).alarmsById(keys.filter(isUuid));
    const seen = rows.filter((row) => context.access.allowed('READ', instanceOfAlarm(row)));
    return keys.map((key) => seen.find(({ uuid }) => uuid === key) ?? null);
  });
}

/** The policy behind a global id as this caller sees it; `NotFoundError` for everything else. */
export async function findPolicy(id: string, context: RequestContext): Promise<AlarmPolicy> {
  const node = await resolveNode(id, context);
  if (!isAlarmPolicy(node)) throw new NotFoundError('There is no alarm policy with this id');
  return node;
}
