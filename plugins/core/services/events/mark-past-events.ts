import { type DatabaseHandle, drizzle } from 'longshore/sdk';
import type { NamespaceBinding } from '../../api.ts';
import { events } from '../../tables.ts';

const { and, eq, lte } = drizzle;

/**
 * A namespace is gone, or about to be made anew: events kept of it until then are not for who has it next. Who may see
 * everything of the cluster sees them still.
 */
export async function markPastEvents(
  tx: DatabaseHandle,
  { cluster, namespace }: Pick<NamespaceBinding, 'cluster' | 'namespace'>,
  until: Date,
): Promise<void> {
  await tx
    .update(events)
    .set({ isPast: true })
    .where(
      and(
        eq(events.cluster, cluster),
        eq(events.namespace, namespace),
        eq(events.isPast, false),
        lte(events.createdAt, until),
      ),
    );
}
