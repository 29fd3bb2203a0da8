import { type DatabaseHandle, drizzle, type KeptPlace } from 'longshore/sdk';
import type { KubernetesEventObject } from '../../api.ts';
import { events } from '../../tables.ts';
import { eventRow } from './event-row.ts';

const { sql } = drizzle;

/** Rows in one statement: each is a dozen parameters. */
const rowsPerStatement = 250;

/** Keeps events beyond the hour of the cluster, one row for each however often it is seen (CMP-107). */
export async function keepEvents(
  tx: DatabaseHandle,
  told: readonly KubernetesEventObject[],
  { cluster, nowMs }: KeptPlace,
): Promise<void> {
  const states = told.map((event) => eventRow(event, cluster, nowMs));
  // The last state of each, by the uid as it is kept: a statement may touch a row once.
  const rows = [...new Map(states.map((row) => [row.uid, row])).values()];
  for (let first = 0; first < rows.length; first += rowsPerStatement) {
    await tx
      .insert(events)
      .values(rows.slice(first, first + rowsPerStatement))
      .onConflictDoUpdate({ target: [events.cluster, events.uid], set: renewed });
  }
}

const given = (column: string) => sql.raw(`excluded.${column}`);

/** What changes while an event goes on; that it belongs to the past stays. */
const renewed = {
  type: given('type'),
  reason: given('reason'),
  message: given('message'),
  component: given('component'),
  count: given('count'),
  firstSeenAt: given('first_seen_at'),
  lastSeenAt: given('last_seen_at'),
  object: given('object'),
};
