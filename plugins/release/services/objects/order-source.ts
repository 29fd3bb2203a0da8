import { randomUUID } from 'node:crypto';
import type { RequestContext } from 'longshore/sdk';

/** What a release order is made for, beside what its input says. */
export interface OrderSource {
  /** UUID that the order gets. */
  readonly orderId: string;
  /** Called in the transaction that makes the order: what it throws makes none. */
  readonly claim: (orderId: string) => Promise<void>;
}

const key = {};
const seatOf = (context: RequestContext): { source: OrderSource | undefined } =>
  context.memo(key, () => ({ source: undefined }));

/** Has the order that is made in this context be the one of something that has one order at the most. */
export function makeOrderFor(context: RequestContext, claim: OrderSource['claim']): void {
  seatOf(context).source = { orderId: randomUUID(), claim };
}

/** Undefined where somebody makes an order by themselves. */
export const orderSourceOf = (context: RequestContext): OrderSource | undefined => seatOf(context).source;
