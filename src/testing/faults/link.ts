import type { Socket } from 'node:net';

/** One connection of a client to the proxy. */
export interface Link {
  readonly socket: Socket;
  /** Nothing passes any more, and nobody is told. */
  isSilent: boolean;
}
