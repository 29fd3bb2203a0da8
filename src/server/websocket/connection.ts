import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { Farewells } from '../../graph/streams/farewells.ts';
import type { Principal } from '../../kernel/principal.ts';
import type { StreamWriter } from './stream-writer.ts';

/** What one WebSocket carries: who it is and what it has open. */
export interface Connection extends Record<PropertyKey, unknown> {
  /** Undefined before `connection_init`, and again once everything was given back. */
  principal?: Principal;
  operations?: Map<string, AbortController>;
  leave?: () => void;
  writer?: StreamWriter;
  farewells?: Farewells;
  /** Operations whose stream has said goodbye: only the close of the connection ends them for the client, who comes back then. */
  parted?: Set<string>;
  /** Queries and mutations that are executed or being answered. */
  executing?: Set<string>;
  /** Resolves when the connection is closed. */
  closed?: Promise<void>;
  endRightsWatch?: () => void;
}

export interface OpenConnection extends Connection {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
}

/** Gives back what it held; nothing where that was done before. */
export function giveBack(connection: Connection): void {
  if (!connection.principal) return;
  connection.leave?.();
  delete connection.principal;
  connection.endRightsWatch?.();
  for (const controller of connection.operations?.values() ?? []) controller.abort();
  connection.operations?.clear();
}
