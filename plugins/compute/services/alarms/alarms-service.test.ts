import { fileURLToPath } from 'node:url';
import type { TenancyService } from 'longshore/plugins/core';
import type { OperationHandle } from 'longshore/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../../../src/data/testing/open-test-database.ts';
import { createKeyRing } from '../../../../src/kernel/key-ring.ts';
import { createManualClock } from '../../../../src/kernel/manual-clock.ts';
import type { AlarmPlace } from '../../api.ts';
import { alarmDeliveries, alarmPolicies, alarms } from '../../tables.ts';
import { type AlarmPolicyFields, createAlarmsService } from './alarms-service.ts';
import { forgetOldAlarms } from './forget-old-alarms.ts';

const dayMs = 86_400_000;
const clock = createManualClock(Date.parse('2026-06-01T00:00:00Z'));
const daysAgo = (days: number) => new Date(clock.now() - days * dayMs);

let database: TestDatabase;
let service: ReturnType<typeof createAlarmsService>;
beforeAll(async () => {
  const folder = fileURLToPath(new URL('../../../../migrations/compute', import.meta.url));
  database = await openTestDatabase({ migrations: [{ plugin: 'compute', folder }] });
  const topics = { publish: async () => undefined } as never;
  const keys = createKeyRing(new Uint8Array(32));
  service = createAlarmsService({ database, clock, topics, queue: { enqueue: async () => undefined }, keys });
});
beforeEach(() => database.empty());
afterAll(() => database.close());

const ticket: OperationHandle = { id: undefined, isDryRun: false, note() {} };
const east: AlarmPlace = { applicationUuid: null, cluster: 'east', namespace: null, workspaceUuid: null };
const fields: AlarmPolicyFields = {
  displayName: 'Broken',
  rule: {
    metric: 'PODS_NOT_READY',
    aggregation: 'SUM',
    comparison: 'ABOVE',
    threshold: 0,
    durationSeconds: 0,
    eventReasons: [],
  },
  severity: 'WARNING',
  isEnabled: true,
  quietSeconds: 0,
  silencedUntil: null,
  webhookUrl: 'https://hooks.example/',
};
const uuid = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const place = { applicationId: null, workspaceId: null, cluster: 'east', namespace: null };

/** An alarm that fired and was over at these times, told of once. */
async function keepAlarm(number: number, policy: number, firedAt: Date, resolvedAt: Date | null) {
  const status = resolvedAt === null ? ('FIRING' as const) : ('RESOLVED' as const);
  const alarm = {
    id: uuid(number),
    policyId: uuid(policy),
    ...place,
    displayName: 'Broken',
    severity: 'INFO' as const,
    status,
  };
  await database.db.insert(alarms).values({ ...alarm, value: 1, summary: '', firedAt, resolvedAt, createdAt: firedAt });
  await database.db.insert(alarmDeliveries).values({
    ...{ id: uuid(number), alarmId: uuid(number), policyId: uuid(policy), event: status, body: '{}' },
    ...{ attempts: 1, status: 'DELIVERED', createdAt: firedAt },
  });
}

describe('alarm policies', () => {
  it('are only so many about one thing, deleted ones aside (refused, CMP-64)', async () => {
    const first = await service.createPolicy(east, fields, 2, ticket);
    await service.createPolicy(east, fields, 2, ticket);
    await expect(service.createPolicy(east, fields, 2, ticket)).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
    await service.createPolicy({ ...east, cluster: 'west' }, fields, 2, ticket);
    await service.removePolicy(first.uuid, ticket);
    await service.createPolicy(east, fields, 2, ticket);
  });

  it('are not made about an application that is gone (refused, CMP-64)', async () => {
    const gone = service.createPolicy({ ...east, applicationUuid: uuid(9) }, fields, 2, ticket);
    await expect(gone).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('deliveries', () => {
  it('go where the webhook is by then, that an alarm is over after that it fires (CMP-64)', async () => {
    await keepAlarm(1, 5, daysAgo(0), null);
    const { uuid: policyId, version } = await service.createPolicy(east, fields, 2, ticket);
    const row = { alarmId: uuid(1), policyId, body: '{}', attempts: 0, status: 'PENDING' as const };
    await database.db.insert(alarmDeliveries).values([
      { ...row, id: uuid(12), event: 'RESOLVED', createdAt: daysAgo(0) },
      { ...row, id: uuid(11), event: 'FIRING', createdAt: daysAgo(0) },
    ]);
    const told = await service.deliveriesOf([uuid(1)]);
    expect(told.filter(({ attempts }) => attempts === 0).map(({ event }) => event)).toEqual(['FIRING', 'RESOLVED']);
    expect(await service.delivery(uuid(11))).toMatchObject({ url: 'https://hooks.example/', isWaiting: false });
    expect(await service.delivery(uuid(12))).toMatchObject({ isWaiting: true });
    await database.db.update(alarmDeliveries).set({ status: 'FAILED' });
    expect(await service.delivery(uuid(12))).toMatchObject({ isWaiting: false });
    await service.updatePolicy(policyId, version, { webhookUrl: null }, ticket);
    expect(await service.delivery(uuid(12))).toMatchObject({ url: null });
  });
});

describe('forgetOldAlarms', () => {
  const workspaces: TenancyService['workspaces'] = async () => [];
  const forget = (keepDays: number | null, keepMost = 1_000) => {
    const get = ({ name }: { readonly name: string }) => (name === 'alarms.keepDays' ? keepDays : keepMost);
    const profiles = { at: () => ({ get }), get: () => undefined } as never;
    return forgetOldAlarms(
      { database, clusters: { get: () => undefined }, profiles, tenancy: { workspaces } },
      clock,
      undefined,
    );
  };
  const left = async () =>
    (await database.db.select({ id: alarms.id }).from(alarms).orderBy(alarms.id)).map(({ id }) => Number(id.slice(-2)));

  it.each<{ name: string; keep: [number | null, number?]; is: number[] }>([
    { name: 'what has been over for too long', keep: [30], is: [2, 3, 4] },
    {
      name: 'what is more than is kept of a policy',
      keep: [null, 1],
      is: [2, 3, 4],
    },
    { name: 'nothing where there is room', keep: [null], is: [1, 2, 3, 4] },
  ])('drops $name, with what was told of it (CMP-64, CON-32)', async ({ keep, is }) => {
    await keepAlarm(1, 5, daysAgo(50), daysAgo(31));
    await keepAlarm(2, 5, daysAgo(50), daysAgo(29));
    await keepAlarm(3, 5, daysAgo(60), null);
    await keepAlarm(4, 6, daysAgo(1), daysAgo(0));
    expect(await forget(...keep)).toBe(4 - is.length);
    expect(await left()).toEqual(is);
    expect(await database.db.$count(alarmDeliveries)).toBe(is.length);
  });

  it('drops deleted policies once nothing names them any more, and no others (CMP-64)', async () => {
    const [kept, named, gone] = [
      await service.createPolicy(east, fields, 9, ticket),
      await service.createPolicy(east, fields, 9, ticket),
      await service.createPolicy(east, fields, 9, ticket),
    ];
    for (const each of [named, gone]) await service.removePolicy(each.uuid, ticket);
    const alarm = { id: uuid(1), policyId: named.uuid, ...place, displayName: 'Broken', severity: 'INFO' as const };
    const times = { firedAt: daysAgo(1), resolvedAt: daysAgo(0), createdAt: daysAgo(1) };
    await database.db.insert(alarms).values({ ...alarm, status: 'RESOLVED', value: 1, summary: '', ...times });
    await forget(30);
    const rows = await database.db.select({ id: alarmPolicies.id }).from(alarmPolicies);
    expect(rows.map(({ id }) => id).sort()).toEqual([kept.uuid, named.uuid].sort());
  });
});
