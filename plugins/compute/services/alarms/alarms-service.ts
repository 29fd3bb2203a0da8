import { createHmac, randomUUID } from 'node:crypto';
import {
  assertFence,
  type Clock,
  ConflictError,
  type Database,
  drizzle,
  type KeyRing,
  NotFoundError,
  type OperationHandle,
  type QueueFence,
  runRecordedTransaction,
  serviceRef,
  type Topics,
  type WorkQueue,
} from 'longshore/sdk';
import { type Alarm, type AlarmPlace, type AlarmPolicy, alarmsTopic } from '../../api.ts';
import { alarmDeliveries, alarmPolicies, alarms } from '../../tables.ts';
import { toAlarm, toAlarmPolicy } from './alarms.ts';
import type { AlarmDecision } from './decide-alarm.ts';

const { and, desc, eq, inArray, isNull, sql } = drizzle;

export const alarmPolicyReconcilerName = 'compute.alarmPolicies';
export const alarmDeliveryReconcilerName = 'compute.alarmDeliveries';

export type AlarmPolicyFields = Pick<
  AlarmPolicy,
  'displayName' | 'rule' | 'severity' | 'isEnabled' | 'quietSeconds' | 'silencedUntil' | 'webhookUrl'
>;
export type AlarmPolicyEdits = { readonly [Name in keyof AlarmPolicyFields]?: AlarmPolicyFields[Name] | undefined };

export type AlarmDelivery = typeof alarmDeliveries.$inferSelect;

/** Alarm policies and their alarms (CMP-64). Says nothing about rights: ask for each row. */
export interface AlarmsService {
  policies(where?: drizzle.SQL): Promise<readonly AlarmPolicy[]>;
  policiesById(uuids: readonly string[]): Promise<readonly AlarmPolicy[]>;
  /** The newest first, 10,000 at the most. */
  alarms(where?: drizzle.SQL): Promise<readonly Alarm[]>;
  alarmsById(uuids: readonly string[]): Promise<readonly Alarm[]>;
  createPolicy(place: AlarmPlace, fields: AlarmPolicyFields, ticket: OperationHandle): Promise<AlarmPolicy>;
  /** Throws `ConflictError` where `version` is not the present one. */
  updatePolicy(
    uuid: string,
    version: number | undefined,
    edits: AlarmPolicyEdits,
    ticket: OperationHandle,
  ): Promise<{ readonly before: AlarmPolicy; readonly after: AlarmPolicy }>;
  /** What is firing is resolved with it. */
  removePolicy(uuid: string, ticket: OperationHandle): Promise<void>;
  /** When it fired last, and whether it is firing. */
  standing(policyUuid: string): Promise<{ readonly isFiring: boolean; readonly lastFiredMs: number | undefined }>;
  /** Carries a decision out. */
  settle(
    policy: AlarmPolicy,
    decision: AlarmDecision,
    measured: { readonly value: number; readonly summary: string },
    fence: QueueFence,
  ): Promise<void>;
  delivery(uuid: string): Promise<AlarmDelivery | undefined>;
  endAttempt(
    uuid: string,
    ended: { readonly status: AlarmDelivery['status']; readonly attempts: number; readonly problem: string | null },
    fence: QueueFence,
  ): Promise<void>;
  /** The secret that the webhook of a policy shares with us, in hex; it never changes. */
  signingSecret(policyUuid: string): string;
  /** `sha256=<hex>` over time and body, as its header has it. */
  sign(policyUuid: string, timestamp: string, body: string): string;
}

export const alarmsServiceRef = serviceRef<AlarmsService>('compute.alarms');

const mostAlarms = 10_000;

export function createAlarmsService(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly topics: Topics;
  readonly queue: Pick<WorkQueue, 'enqueue'>;
  readonly keys: KeyRing;
}): AlarmsService {
  const { database, clock, topics, queue, keys } = options;
  const policies = async (where: drizzle.SQL | undefined) => {
    const found = and(isNull(alarmPolicies.deletedAt), where);
    return (await database.current().select().from(alarmPolicies).where(found)).map(toAlarmPolicy);
  };
  const listAlarms = async (where: drizzle.SQL | undefined) => {
    const rows = await database
      .current()
      .select()
      .from(alarms)
      .where(where)
      .orderBy(desc(alarms.firedAt))
      .limit(mostAlarms);
    return rows.map(toAlarm);
  };
  const signingSecret = (uuid: string) => Buffer.from(keys.derive(`compute/alarm-webhook/${uuid}`)).toString('hex');

  async function tell(
    row: typeof alarms.$inferSelect,
    url: string | null,
    type: 'ADDED' | 'MODIFIED',
    previous?: typeof alarms.$inferSelect,
  ) {
    const alarm = toAlarm(row);
    await topics.publish(alarmsTopic, alarm, {
      type,
      ...(previous ? { previous: toAlarm(previous) } : {}),
      ...(alarm.cluster === null ? {} : { cluster: alarm.cluster }),
    });
    if (url === null) return;
    const { displayName, severity, status, value, summary, cluster, namespace, firedAt, resolvedAt, id } = alarm;
    const body = JSON.stringify({
      id,
      displayName,
      severity,
      status,
      value,
      summary,
      cluster,
      namespace,
      firedAt,
      resolvedAt,
    });
    const delivery = { id: randomUUID(), alarmId: row.id, policyId: row.policyId, event: row.status, url, body };
    const fresh = { attempts: 0, status: 'PENDING' as const, problem: null, finishedAt: null };
    await database
      .current()
      .insert(alarmDeliveries)
      .values({ ...delivery, ...fresh, createdAt: new Date(clock.now()) });
    await queue.enqueue(alarmDeliveryReconcilerName, delivery.id);
  }

  async function resolve(policyUuid: string, url: string | null): Promise<void> {
    const isOpen = and(eq(alarms.policyId, policyUuid), eq(alarms.status, 'FIRING'));
    const [firing] = await database.current().select().from(alarms).where(isOpen).for('update');
    if (!firing) return;
    const row = { ...firing, status: 'RESOLVED' as const, resolvedAt: new Date(clock.now()) };
    await database.current().update(alarms).set(row).where(eq(alarms.id, row.id));
    await tell(row, url, 'MODIFIED', firing);
  }

  const needPolicy = async (uuid: string) => {
    const found = and(eq(alarmPolicies.id, uuid), isNull(alarmPolicies.deletedAt));
    const [row] = await database.current().select().from(alarmPolicies).where(found).for('update');
    if (!row) throw new NotFoundError('It is not there any more.');
    return row;
  };

  return {
    policies,
    policiesById: async (uuids) => (uuids.length === 0 ? [] : policies(inArray(alarmPolicies.id, [...uuids]))),
    alarms: listAlarms,
    alarmsById: async (uuids) => (uuids.length === 0 ? [] : listAlarms(inArray(alarms.id, [...uuids]))),
    createPolicy: (place, fields, ticket) =>
      runRecordedTransaction(database, ticket, async (tx) => {
        const { applicationUuid: applicationId, workspaceUuid: workspaceId, cluster, namespace } = place;
        const row = {
          ...fields,
          id: randomUUID(),
          applicationId,
          workspaceId,
          cluster,
          namespace,
          holdsSince: null,
          version: 1,
          createdAt: new Date(clock.now()),
          deletedAt: null,
        };
        await tx.insert(alarmPolicies).values(row);
        await queue.enqueue(alarmPolicyReconcilerName, row.id);
        return toAlarmPolicy(row);
      }),
    updatePolicy: (uuid, version, edits, ticket) =>
      runRecordedTransaction(database, ticket, async (tx) => {
        const row = await needPolicy(uuid);
        if (version !== undefined && row.version !== version) {
          throw new ConflictError(
            `'${row.displayName}' has version ${row.version} by now, not ${version}: read it again`,
          );
        }
        const given = Object.fromEntries(Object.entries(edits).filter(([, value]) => value !== undefined));
        // Another condition has not held yet.
        const after = { ...row, ...given, version: row.version + 1, ...(edits.rule ? { holdsSince: null } : {}) };
        await tx.update(alarmPolicies).set(after).where(eq(alarmPolicies.id, uuid));
        await queue.enqueue(alarmPolicyReconcilerName, uuid);
        return { before: toAlarmPolicy(row), after: toAlarmPolicy(after) };
      }),
    removePolicy: (uuid, ticket) =>
      runRecordedTransaction(database, ticket, async (tx) => {
        const row = await needPolicy(uuid);
        const gone = { deletedAt: new Date(clock.now()), version: sql`${alarmPolicies.version} + 1` };
        await tx.update(alarmPolicies).set(gone).where(eq(alarmPolicies.id, uuid));
        await resolve(uuid, row.webhookUrl);
      }),
    async standing(policyUuid) {
      const [last] = await database
        .current()
        .select()
        .from(alarms)
        .where(eq(alarms.policyId, policyUuid))
        .orderBy(desc(alarms.firedAt))
        .limit(1);
      return { isFiring: last?.status === 'FIRING', lastFiredMs: last?.firedAt.getTime() };
    },
    settle: (policy, decision, { value, summary }, fence) =>
      database.transaction(async (tx) => {
        await assertFence(tx, fence);
        const held = and(eq(alarmPolicies.id, policy.uuid), isNull(alarmPolicies.deletedAt));
        const [row] = await tx.select().from(alarmPolicies).where(held).for('update');
        // Somebody has changed it since it was read: it is looked at anew.
        if (!row || row.version !== policy.version) return;
        const { holdsSinceMs } = decision;
        const holdsSince = holdsSinceMs === undefined ? null : new Date(holdsSinceMs);
        if (row.holdsSince?.getTime() !== holdsSince?.getTime()) {
          await tx.update(alarmPolicies).set({ holdsSince }).where(eq(alarmPolicies.id, row.id));
        }
        if (decision.do === 'resolve') await resolve(row.id, row.webhookUrl);
        if (decision.do !== 'fire') return;
        const now = new Date(clock.now());
        const { applicationId, cluster, namespace, workspaceId, displayName, severity, id: policyId } = row;
        const alarm = {
          id: randomUUID(),
          ...{ applicationId, cluster, namespace, workspaceId, policyId, displayName, severity },
          ...{ status: 'FIRING' as const, value, summary, firedAt: now, resolvedAt: null, createdAt: now },
        };
        await tx.insert(alarms).values(alarm);
        await tell(alarm, row.webhookUrl, 'ADDED');
      }),
    async delivery(uuid) {
      const [row] = await database.current().select().from(alarmDeliveries).where(eq(alarmDeliveries.id, uuid));
      return row;
    },
    endAttempt: (uuid, ended, fence) =>
      database.transaction(async (tx) => {
        await assertFence(tx, fence);
        const finishedAt = ended.status === 'PENDING' ? null : new Date(clock.now());
        await tx
          .update(alarmDeliveries)
          .set({ ...ended, finishedAt })
          .where(eq(alarmDeliveries.id, uuid));
      }),
    signingSecret,
    sign: (uuid, timestamp, body) =>
      `sha256=${createHmac('sha256', signingSecret(uuid)).update(`${timestamp}.${body}`).digest('hex')}`,
  };
}
