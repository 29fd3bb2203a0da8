import { createRequestContext } from '../graph/create-request-context.ts';
import type { GatewayServices } from '../graph/gateway-services.ts';
import type { RequestContext } from '../graph/request-context.ts';
import type { Principal } from '../kernel/principal.ts';
import type { Rooms } from './create-rooms.ts';
import type { Runtime } from './runtime.ts';

/** One context per request, stream, or step of a loop that does what requests do. */
export type ContextMaker = (
  principal: Principal,
  requestId: string,
  signal: AbortSignal,
  onStreamClosed?: (error: Error | undefined) => void,
) => RequestContext;

export function createContextMaker(options: {
  readonly runtime: Pick<Runtime, 'clock' | 'logger'>;
  readonly rooms: Pick<Rooms, 'operations' | 'clusters'>;
  readonly services: GatewayServices;
}): ContextMaker {
  const { services } = options;
  const { clock, logger } = options.runtime;
  const { operations, clusters } = options.rooms;
  return (principal, requestId, signal, onStreamClosed) => {
    const access = services.permissions.for(principal);
    return createRequestContext({
      ...{ requestId, principal, access, clock, logger, signal, onStreamClosed, operations, services, clusters },
    });
  };
}
