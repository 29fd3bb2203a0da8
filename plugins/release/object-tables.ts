import { pg } from 'longshore/sdk';
import type { ObjectRefusal } from './services/objects/refusal.ts';

const moment = (name: string) => pg.timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

/** What became of each ReleaseOrder object of a cluster: one order at the most, whatever happens to the object or the order. */
export const orderObjects = pg.pgTable(
  'release_order_objects',
  {
    cluster: pg.text('cluster').notNull(),
    /** Of the object: one that is made anew under the same name is another. */
    uid: pg.text('uid').notNull(),
    namespace: pg.text('namespace').notNull(),
    name: pg.text('name').notNull(),
    /** The order that was made of it, also where that is deleted by now; null while there was none. */
    orderId: pg.uuid('order_id'),
    /** SHA-256 of what the order was made of; null while there was none. */
    madeOf: pg.text('made_of'),
    /** What was wanted last and refused; null once something else was wanted. */
    refusal: pg.jsonb('refusal').$type<ObjectRefusal>(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    pg.primaryKey({ columns: [table.cluster, table.uid] }),
    pg.uniqueIndex('release_order_objects_order').on(table.orderId),
    pg.index('release_order_objects_place').on(table.cluster, table.namespace, table.name),
  ],
);
