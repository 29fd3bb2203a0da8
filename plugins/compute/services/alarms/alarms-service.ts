import { createHmac, randomUUID } from 'node:crypto';
import {
  assertFence,
  type Clock,
  ConflictError,
  type Database,
  type DatabaseHandle,
  drizzle,
  type KeyRing,
  NotFoundError,
  type OperationHandle,
  type QueueFence,
  QuotaExceededError,
  runRecordedTransaction,
  serviceRef,
  type Topics,
  type WorkQueue,
} from 'longshore/sdk';
import { type Alarm, type AlarmPlace, type AlarmPolicy, alarmsTopic } from '../../api.ts';
import { alarmDeliveries, alarmPolicies, alarms, applications } from '../../tables.ts';
import { toAlarm, toAlarmPolicy } from './alarms.ts';
import type { AlarmDecision } from './decide-alarm.ts';

const { and, asc, desc, eq, inArray, isNull, lte, ne, sql } = drizzle;

export const alarmPolicyReconcilerName = 'compute.alarmPolicies';
export const alarmDeliveryReconcilerName = 'compute.alarmDeliveries';

export type AlarmPolicyFields = Pick<
  AlarmPolicy,
  'displayName' | 'rule' | 'severity' | 'isEnabled' | 'quietSeconds' | 'silencedUntil' | 'webhookUrl'
>;
export type AlarmPolicyEdits = { readonly [Name in keyof AlarmPolicyFields]?: AlarmPolicyFields[Name] | undefined };

export type AlarmDelivery = typeof alarmDeliveries.$inferSelect;

/** A delivery with what it needs to be made now. */
export interface DueDelivery extends AlarmDelivery {
  /** The webhook of its policy; null where that has none any more. */
  readonly url: string | null;
  /** An earlier message about the same alarm is still to be told. */
  readonly isWaiting: boolean;
}

/** How an attempt ended. */
export type AttemptEnd = Pick<AlarmDelivery, 'status' | 'attempts' | 'httpStatus' | 'problem' | 'nextAttemptAt'>;

/** Alarm policies and their alarms (CMP-64). Says nothing about rights: ask for each row. */
export interface AlarmsService {
  policies(where?: drizzle.SQL): Promise<readonly AlarmPolicy[]>;
  policiesById(uuids: readonly string[]): Promise<readonly AlarmPolicy[]>;
  /** The newest first, 10,000 at the most. */
  alarms(where?: drizzle.SQL): Promise<readonly Alarm[]>;
  alarmsById(uuids: readonly string[]): Promise<readonly Alarm[]>;
  /** Throws `QuotaExceededError` where there are `most` about the same thing already. */
  createPolicy(
    place: AlarmPlace,
    fields: AlarmPolicyFields,
    most: number,
    ticket: OperationHandle,
  ): Promise<AlarmPolicy>;
  /** Throws `ConflictError` where `version` is not the present one. */
  updatePolicy(
    uuid: string,
    version: number | undefined,
    edits: AlarmPolicyEdits,
    ticket: OperationHandle,
  ): Promise<{ readonly before: AlarmPolicy; readonly after: AlarmPolicy }>;
  /** What is firing is resolved with it. */
  removePolicy(uuid: string, ticket: OperationHandle): Promise<void>;
  /** The same of all policies about an application that is deleted, inside the transaction that deletes it. */
  removePoliciesOf(applicationUuid: string): Promise<void>;
  /** When it fired last, and whether it is firing. */
  standing(policyUuid: string): Promise<{ readonly isFiring: boolean; readonly lastFiredMs: number | undefined }>;
  /** Carries a decision out. */
  settle(
    policy: AlarmPolicy,
    decision: AlarmDecision,
    measured: { readonly value: number; readonly summary: string; readonly problem: string | null },
    fence: QueueFence,
  ): Promise<void>;
  /** What was and is to be told of these alarms, the oldest first. */
  deliveriesOf(alarmUuids: readonly string[]): Promise<readonly AlarmDelivery[]>;
  delivery(uuid: string): Promise<DueDelivery | undefined>;
  endAttempt(uuid: string, ended: AttemptEnd, fence: QueueFence): Promise<void>;
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
    hasWebhook: boolean,
    type: 'ADDED' | 'MODIFIED',
    previous?: typeof alarms.$inferSelect,
  ) {
    const alarm = toAlarm(row);
    await topics.publish(alarmsTopic, alarm, {
      type,
      ...(previous ? { previous: toAlarm(previous) } : {}),
      ...(alarm.cluster === null ? {} : { cluster: alarm.cluster }),
    });
    if (!hasWebhook) return;
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
    const delivery = { id: randomUUID(), alarmId: row.id, policyId: row.policyId, event: row.status, body };
    const now = new Date(clock.now());
    await database
      .current()
      .insert(alarmDeliveries)
      .values({ ...delivery, attempts: 0, status: 'PENDING', nextAttemptAt: now, createdAt: now });
    await queue.enqueue(alarmDeliveryReconcilerName, delivery.id);
  }

  async function resolve(policyUuid: string, hasWebhook: boolean): Promise<void> {
    const isOpen = and(eq(alarms.policyId, policyUuid), eq(alarms.status, 'FIRING'));
    const [firing] = await database.current().select().from(alarms).where(isOpen).for('update');
    if (!firing) return;
    const row = { ...firing, status: 'RESOLVED' as const, resolvedAt: new Date(clock.now()) };
    await database.current().update(alarms).set(row).where(eq(alarms.id, row.id));
    await tell(row, hasWebhook, 'MODIFIED', firing);
  }

  async function remove({ id, webhookUrl }: typeof alarmPolicies.$inferSelect): Promise<void> {
    const gone = { deletedAt: new Date(clock.now()), version: sql`${alarmPolicies.version} + 1` };
    await database.current().update(alarmPolicies).set(gone).where(eq(alarmPolicies.id, id));
    await resolve(id, webhookUrl !== null);
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
    createPolicy: (place, fields, most, ticket) =>
      runRecordedTransaction(database, ticket, async (tx) => {
        await requireRoom(tx, place, most);
        if (place.applicationUuid !== null) await requireApplication(tx, place.applicationUuid);
        const { applicationUuid: applicationId, workspaceUuid: workspaceId, cluster, namespace } = place;
        const row = {
          ...fields,
          id: randomUUID(),
          applicationId,
          workspaceId,
          cluster,
          namespace,
          holdsSince: null,
          problem: null,
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
      runRecordedTransaction(database, ticket, async () => {
        await remove(await needPolicy(uuid));
      }),
    async removePoliciesOf(applicationUuid) {
      const about = and(eq(alarmPolicies.applicationId, applicationUuid), isNull(alarmPolicies.deletedAt));
      const rows = await database.current().select().from(alarmPolicies).where(about).for('update');
      for (const row of rows) await remove(row);
    },
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
    settle: (policy, decision, { value, summary, problem }, fence) =>
      database.transaction(async (tx) => {
        await assertFence(tx, fence);
        const held = and(eq(alarmPolicies.id, policy.uuid), isNull(alarmPolicies.deletedAt));
        const [row] = await tx.select().from(alarmPolicies).where(held).for('update');
        // Somebody has changed it since it was read: it is looked at anew.
        if (!row || row.version !== policy.version) return;
        const { holdsSinceMs } = decision;
        const holdsSince = holdsSinceMs === undefined ? null : new Date(holdsSinceMs);
        if (row.holdsSince?.getTime() !== holdsSince?.getTime() || row.problem !== problem) {
          await tx.update(alarmPolicies).set({ holdsSince, problem }).where(eq(alarmPolicies.id, row.id));
        }
        if (decision.do === 'resolve') await resolve(row.id, row.webhookUrl !== null);
        if (decision.do !== 'fire') return;
        const now = new Date(clock.now());
        const { applicationId, cluster, namespace, workspaceId, displayName, severity, id: policyId } = row;
        const alarm = {
          id: randomUUID(),
          ...{ applicationId, cluster, namespace, workspaceId, policyId, displayName, severity },
          ...{ status: 'FIRING' as const, value, summary, firedAt: now, resolvedAt: null, createdAt: now },
        };
        await tx.insert(alarms).values(alarm);
        await tell(alarm, row.webhookUrl !== null, 'ADDED');
      }),
    async deliveriesOf(alarmUuids) {
      if (alarmUuids.length === 0) return [];
      const of = inArray(alarmDeliveries.alarmId, [...alarmUuids]);
      // An alarm may be resolved in the millisecond in which it fired.
      const order = [asc(alarmDeliveries.createdAt), asc(alarmDeliveries.event)];
      return database
        .current()
        .select()
        .from(alarmDeliveries)
        .where(of)
        .orderBy(...order);
    },
    async delivery(uuid) {
      const [found] = await database
        .current()
        .select({ row: alarmDeliveries, url: alarmPolicies.webhookUrl })
        .from(alarmDeliveries)
        .leftJoin(alarmPolicies, eq(alarmPolicies.id, alarmDeliveries.policyId))
        .where(eq(alarmDeliveries.id, uuid));
      if (!found) return undefined;
      const { row, url } = found;
      const isOpen = and(eq(alarmDeliveries.alarmId, row.alarmId), eq(alarmDeliveries.status, 'PENDING'));
      const isEarlier = and(ne(alarmDeliveries.id, uuid), lte(alarmDeliveries.createdAt, row.createdAt));
      // An alarm fires once and is resolved once: what resolves it is told after what it resolves.
      const [earlier] =
        row.event === 'RESOLVED'
          ? await database.current().select().from(alarmDeliveries).where(and(isOpen, isEarlier)).limit(1)
          : [];
      return { ...row, url, isWaiting: earlier !== undefined };
    },
    endAttempt: (uuid, ended, fence) =>
      database.transaction(async (tx) => {
        await assertFence(tx, fence);
        const attemptedAt = new Date(clock.now());
        const finishedAt = ended.status === 'PENDING' ? null : attemptedAt;
        await tx
          .update(alarmDeliveries)
          .set({ ...ended, attemptedAt, finishedAt })
          .where(eq(alarmDeliveries.id, uuid));
      }),
    signingSecret,
    sign: (uuid, timestamp, body) =>
      `sha256=${createHmac('sha256', signingSecret(uuid)).update(`${timestamp}.${body}`).digest('hex')}`,
  };
}

/** One that is being deleted at this moment ends its policies: there must be no other after that. */
async function requireApplication(tx: DatabaseHandle, uuid: string): Promise<void> {
  const isThere = and(eq(applications.id, uuid), isNull(applications.deletedAt));
  const [row] = await tx.select({ id: applications.id }).from(applications).where(isThere).for('share');
  if (!row) throw new NotFoundError('There is no application with this id');
}

/** Each policy is looked at all the time: there are only so many about one application, and about one cluster. */
async function requireRoom(tx: DatabaseHandle, place: AlarmPlace, most: number): Promise<void> {
  const { applicationUuid, cluster } = place;
  const of = applicationUuid ?? `cluster ${cluster}`;
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`compute.alarmPolicies/${of}`}))`);
  const about =
    applicationUuid === null
      ? and(isNull(alarmPolicies.applicationId), eq(alarmPolicies.cluster, cluster ?? ''))
      : eq(alarmPolicies.applicationId, applicationUuid);
  const taken = await tx.$count(alarmPolicies, and(isNull(alarmPolicies.deletedAt), about));
  if (taken < most) return;
  throw new QuotaExceededError(`There are ${taken} alarm policies about it already, and ${most} at the most`);
}
