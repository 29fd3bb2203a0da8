import type { PodSessionEnd } from '../../kube/sessions/pod-session.ts';
import { closeCodes } from '../websocket/close-codes.ts';

/** How a terminal ended: what the client is told by the close of the WebSocket, and what the record keeps. */
export interface TerminalEnd {
  /** The word that stands in the record. */
  readonly why: string;
  readonly code: number;
  /** For people; at most 123 bytes. */
  readonly reason: string;
}

/** Every end that is the gateway's to tell. Codes as of GraphQL's WebSocket where they mean the same. */
export const terminalEnds = {
  /** The client closed it. */
  clientClosed: { why: 'CLIENT_CLOSED', code: 1000, reason: 'Closed' },
  /** The client went away without a word. */
  clientLost: { why: 'CLIENT_LOST', code: 1006, reason: '' },
  closed: { why: 'CLOSED', code: 4410, reason: 'Closed by an administrator, or by you from elsewhere' },
  idle: { why: 'IDLE', code: 4408, reason: 'Nothing happened for too long' },
  podGone: { why: 'POD_GONE', code: 4404, reason: 'The pod or its container has ended' },
  rightsChanged: { why: 'RIGHTS_CHANGED', code: 4403, reason: 'Your rights to this terminal have ended' },
  tokenExpired: { why: 'TOKEN_EXPIRED', code: 4403, reason: 'Token expired' },
  slowReader: { why: 'SLOW_READER', code: 1013, reason: 'Reading too slowly' },
  inputStuck: { why: 'INPUT_STUCK', code: 1013, reason: 'The process does not read its input' },
  badMessage: { why: 'BAD_MESSAGE', code: 4400, reason: 'The message is not of the protocol' },
  tooMany: { why: 'REFUSED', code: closeCodes.tooMany, reason: 'Too many connections' },
  drain: { why: 'DRAIN', code: 1012, reason: 'DRAIN: open it again' },
  lost: { why: 'CLUSTER_LOST', code: 1011, reason: 'The connection to the cluster is gone' },
} as const satisfies Record<string, TerminalEnd>;

/** How the process itself ended. */
export function endOfProcess(end: PodSessionEnd): TerminalEnd {
  if (end.kind === 'LOST') return terminalEnds.lost;
  if (end.kind === 'EXITED') return { why: 'EXITED', code: 1000, reason: `Exited with code ${end.exitCode}` };
  return { why: 'FAILED', code: 1011, reason: shortened(end.message) };
}

/** A close frame has room for 123 bytes. */
export function shortened(text: string): string {
  const clean = text.replace(/[\p{Cc}\p{Cs}]/gu, ' ');
  if (Buffer.byteLength(clean) <= 123) return clean;
  let short = clean.slice(0, 120);
  while (Buffer.byteLength(short) > 120) short = short.slice(0, -1);
  return `${short}…`;
}
