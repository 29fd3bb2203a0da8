import { assertFence, type Database, drizzle, type Topics } from 'longshore/sdk';
import { applicationsTopic, type ObservedApplication } from '../../api.ts';
import { applications } from '../../tables.ts';
import type { ApplicationLoop } from './application-loop.ts';
import type { MembershipRules } from './application-members.ts';
import { toApplication } from './applications.ts';

const { and, eq, isNull } = drizzle;

export function createApplicationLoop(options: {
  readonly database: Database;
  readonly topics: Topics;
  readonly clustersOf: ApplicationLoop['clustersOf'];
  readonly rules: MembershipRules;
}): ApplicationLoop {
  const { database, topics, clustersOf, rules } = options;
  const rowOf = (uuid: string) =>
    database
      .current()
      .select()
      .from(applications)
      .where(and(eq(applications.id, uuid), isNull(applications.deletedAt)));
  return {
    clustersOf,
    rules,
    async read(uuid) {
      const [row] = await rowOf(uuid);
      return row && toApplication(row);
    },
    observe: (uuid, seen, fence) =>
      database.transaction(async (tx) => {
        await assertFence(tx, fence);
        const [row] = await rowOf(uuid).for('update');
        if (!row) return;
        const observed = seen ?? row.observed;
        if (row.phase === 'CREATED' && isSame(row.observed, observed)) return;
        const after = { ...row, phase: 'CREATED' as const, observed };
        await tx.update(applications).set({ phase: 'CREATED', observed }).where(eq(applications.id, uuid));
        const { cluster } = row;
        await topics.publish(applicationsTopic, toApplication(after), {
          type: 'MODIFIED',
          previous: toApplication(row),
          ...(cluster === null ? {} : { cluster }),
        });
      }),
  };
}

/** Member by member: the database keeps them in an order of its own. */
function isSame(one: ObservedApplication | null, other: ObservedApplication | null): boolean {
  if (one === null || other === null) return one === other;
  const names = ['total', 'running', 'stopped', 'notReady', 'processing'] as const;
  return one.state === other.state && names.every((name) => one.counts[name] === other.counts[name]);
}
