import { type DatabaseHandle, drizzle } from 'longshore/sdk';
import { serviceReleases } from '../../tables.ts';
import type { ReleaseRow, Sibling } from './model.ts';
import { isMoving, type OrderFacts, rollingBackNow, satisfied } from './order-state.ts';

const { and, eq, inArray, sql } = drizzle;

/** Releases whose `dependsOn` has this one. */
const dependsOnIt = (releaseId: string): drizzle.SQL =>
  sql`${serviceReleases.dependsOn} @> to_jsonb(${releaseId}::text)`;

const sibling = { id: serviceReleases.id, state: serviceReleases.state, dependsOn: serviceReleases.dependsOn };

/** Releases that the next step of this one depends on, and no others: an order of hundreds costs a step no more than one of two. */
export async function readSiblings(
  db: DatabaseHandle,
  { id, orderId, state, dependsOn }: Pick<ReleaseRow, 'id' | 'orderId' | 'state' | 'dependsOn'>,
): Promise<readonly Sibling[]> {
  if (state === 'WAITING' && dependsOn.length > 0) {
    return db
      .select(sibling)
      .from(serviceReleases)
      .where(inArray(serviceReleases.id, [...dependsOn]));
  }
  if (state !== 'ROLLING_BACK') return [];
  return db
    .select(sibling)
    .from(serviceReleases)
    .where(
      and(eq(serviceReleases.orderId, orderId), inArray(serviceReleases.state, [...rollingBackNow]), dependsOnIt(id)),
    );
}

/** Releases that may begin, or go back, because this one is not what it was. */
export async function freedBy(
  db: DatabaseHandle,
  before: Pick<ReleaseRow, 'id' | 'orderId' | 'state' | 'dependsOn'>,
  state: ReleaseRow['state'],
): Promise<readonly string[]> {
  const { id, orderId, dependsOn } = before;
  const mayGoBack = rollingBackNow.has(before.state) && !rollingBackNow.has(state) ? dependsOn : [];
  if (!satisfied.has(state)) return mayGoBack;
  const mayBegin = await db
    .select({ id: serviceReleases.id })
    .from(serviceReleases)
    .where(and(eq(serviceReleases.orderId, orderId), eq(serviceReleases.state, 'WAITING'), dependsOnIt(id)));
  return [...mayGoBack, ...mayBegin.map((row) => row.id)];
}

/** What the state of an order is made of, as its rows are now. */
export async function readOrderFacts(db: DatabaseHandle, orderId: string): Promise<OrderFacts> {
  const rows = await db
    .selectDistinct({ state: serviceReleases.state })
    .from(serviceReleases)
    .where(eq(serviceReleases.orderId, orderId));
  const states = new Set(rows.map(({ state }) => state));
  // What moves anyway need not be asked for.
  const canSomeBegin = states.has('WAITING') && !isMoving(states) && (await canOneBegin(db, orderId));
  return { states, canSomeBegin };
}

async function canOneBegin(db: DatabaseHandle, orderId: string): Promise<boolean> {
  const rows = await db.execute(sql`
    select waiting.id from ${serviceReleases} as waiting
    where waiting.order_id = ${orderId} and waiting.state = 'WAITING' and not exists (
      select 1 from jsonb_array_elements_text(waiting.depends_on) as needed(id)
      join ${serviceReleases} as other on other.id = needed.id::uuid
      where other.state not in ${[...satisfied]}
    )
    limit 1`);
  return rows.length > 0;
}
