import type { Users } from '../access/users/users.ts';
import { operationActor } from '../audit/operation-actor.ts';
import type { OperationRecord } from '../audit/operation-records.ts';
import type { GatewayServices } from '../graph/gateway-services.ts';
import { mayCarryOn } from '../graph/may-carry-on.ts';
import { ForbiddenError } from '../kernel/answer-error.ts';
import { type Principal, systemPrincipal } from '../kernel/principal.ts';

/**
 * As whom the next step of a long operation is done: who began it or decided on it last, with the rights that they have at this
 * moment. Throws `ForbiddenError` once they may not be here or may not do it any more, and `UPSTREAM_UNAVAILABLE` where
 * that cannot be told.
 */
export function callerOfOperation(
  record: OperationRecord,
  users: Pick<Users, 'actingAs'>,
  { permissions, registry }: Pick<GatewayServices, 'permissions' | 'registry'>,
): Principal {
  const actor = operationActor(record);
  if (actor.id === systemPrincipal.id) return systemPrincipal;
  const caller = users.actingAs(actor);
  if (!caller) throw new ForbiddenError(`'${actor.name}', in whose name this is done, may not be here any more`);
  if (mayCarryOn(record, permissions.for(caller), registry)) return caller;
  throw new ForbiddenError(`'${actor.name}', in whose name this is done, may not do it there any more`);
}
