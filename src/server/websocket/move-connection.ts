import type { Clock } from '../../kernel/clock.ts';
import { goingAwayReason } from '../drain/going-away.ts';
import { closeCodes } from './close-codes.ts';
import type { OpenConnection } from './connection.ts';

/** How long its streams have to say goodbye, in ms: who does not read has the cursor of what it read last. */
const farewellMs = 2_000;

export interface ConnectionMover {
  /**
   * Has every stream say where its reader stands, then closes the connection: 1012, so that a client comes back, to another replica. What
   * is executed is answered first. Calling it again does nothing.
   */
  move(connection: OpenConnection): void;
  /** An operation of this connection has ended, or its stream has said goodbye. */
  look(connection: OpenConnection): void;
}

export function createConnectionMover(options: {
  readonly clock: Clock;
  part(connection: OpenConnection, code: number, reason: string): void;
}): ConnectionMover {
  const late = new WeakSet<OpenConnection>();

  function look(connection: OpenConnection): void {
    const { farewells, operations, parted, executing } = connection;
    if (!farewells?.areSaid || executing?.size) return;
    if (!late.has(connection) && (operations?.size ?? 0) > (parted?.size ?? 0)) return;
    options.part(connection, closeCodes.comeBack, goingAwayReason);
  }

  return {
    look,
    move(connection) {
      if (!connection.farewells || connection.farewells.areSaid) return;
      connection.parted = new Set();
      connection.farewells.sayAll();
      const cancel = options.clock.schedule(farewellMs, () => {
        late.add(connection);
        look(connection);
      });
      connection.socket.once('close', cancel);
      look(connection);
    },
  };
}
