import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { Principal } from '../../kernel/principal.ts';
import type { StreamWriter } from './stream-writer.ts';

/** What one WebSocket carries: who it is and what it has open. */
export interface Connection extends Record<PropertyKey, unknown> {
  /** Undefined before `connection_init`, and again once everything was given back. */
  principal?: Principal;
  operations?: Map<string, AbortController>;
  leave?: () => void;
  writer?: StreamWriter;
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
