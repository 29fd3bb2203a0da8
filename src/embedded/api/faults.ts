import type { ServerResponse } from 'node:http';
import type { RequestRecord } from '../request-log.ts';
import type { ClusterClock } from '../store/types.ts';
import { StatusError } from './status-error.ts';

/** What goes wrong with a request: in this order it waits, is cut, or is refused. */
export interface Fault {
  /** Milliseconds of the cluster's clock. */
  readonly delayMs?: number;
  /** Cuts the connection instead of answering. */
  readonly destroy?: boolean;
  /** Answers with this HTTP status and a Status object of the matching reason. */
  readonly status?: number;
}

/** Decides for each authenticated request whether, and how, it fails. */
export type FaultHook = (request: RequestRecord) => Fault | undefined;

const reasons: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Expired',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

/** Carries the fault out. Resolves to false when the request was cut; throws `StatusError` when it is refused. */
export async function sufferFault(fault: Fault, clock: ClusterClock, response: ServerResponse): Promise<boolean> {
  const { delayMs } = fault;
  if (delayMs !== undefined) {
    await new Promise<void>((resolve) => {
      const cancel = clock.schedule(delayMs, resolve);
      response.once('close', () => {
        cancel();
        resolve();
      });
    });
  }
  if (fault.destroy === true) {
    response.destroy();
    return false;
  }
  if (fault.status !== undefined) {
    const details = fault.status === 429 || fault.status === 503 ? { retryAfterSeconds: 1 } : undefined;
    throw new StatusError(fault.status, reasons[fault.status] ?? 'Unknown', 'injected fault', details);
  }
  return !response.destroyed;
}
