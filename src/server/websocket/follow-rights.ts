import type { Authenticator } from '../../access/create-authenticator.ts';
import { hasSameRights } from '../../access/has-same-rights.ts';
import { watchRights } from '../../access/watch-rights.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Principal } from '../../kernel/principal.ts';
import { RequestError } from '../../kernel/request-error.ts';
import type { ClientOf } from '../http/client-of.ts';
import { closeCodes } from './close-codes.ts';
import type { OpenConnection } from './connection.ts';

export interface RightsFollowerOptions {
  readonly authenticator: Authenticator;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly clientOf: ClientOf;
  part(connection: OpenConnection, code: number, reason: string): void;
}

export interface RightsFollower {
  /** Whoever lost a right or a token comes back with what it has now: a stream never outlives them. */
  follow(connection: OpenConnection, principal: Principal): void;
  /**
   * A fresh token over an open connection: where it is of the same caller with the same rights, what is open goes on until
   * that one expires, and new operations run with it.
   */
  renew(connection: OpenConnection, authorization: string | undefined): Promise<void>;
}

export function createRightsFollower({
  authenticator,
  clock,
  logger,
  clientOf,
  part,
}: RightsFollowerOptions): RightsFollower {
  const change = (connection: OpenConnection) => part(connection, closeCodes.rightsChanged, 'Rights changed');

  function follow(connection: OpenConnection, principal: Principal): void {
    connection.endRightsWatch?.();
    connection.principal = principal;
    connection.endRightsWatch = watchRights({
      principal,
      authenticator,
      clock,
      onChange: () => change(connection),
      onRevoked: (reason) =>
        part(connection, closeCodes.rightsChanged, reason === 'EXPIRED' ? 'Token expired' : 'Rights changed'),
    });
  }

  async function renew(connection: OpenConnection, authorization: string | undefined): Promise<void> {
    if (authorization === undefined || !connection.principal) return;
    try {
      const fresh = await authenticator.authenticate(authorization, clientOf(connection.request));
      if (!connection.principal) return;
      if (!hasSameRights(connection.principal, fresh)) return change(connection);
      follow(connection, fresh);
      // What was announced while the token was looked at, the watch before may have heard and this one has not.
      const current = await authenticator.refresh(fresh);
      if (!current || !hasSameRights(current, fresh)) change(connection);
    } catch (error) {
      const isBad = error instanceof RequestError && error.code === 'UNAUTHENTICATED';
      logger.info({ code: isBad ? error.code : 'INTERNAL' }, 'a fresh token for a WebSocket was refused');
      // Where nobody can tell whether it is good, the one before goes on for as long as it lasts.
      if (isBad) part(connection, closeCodes.unauthenticated, 'Unauthorized');
    }
  }

  return { follow, renew };
}
