import { z } from 'zod';
import { ticketPurpose } from './ticket-purpose.ts';

const text = z.string();

const terminalSubject = z.strictObject({
  /** What the operation record names, as the mutation that issued it does. */
  target: z.strictObject({
    plugin: text,
    type: text,
    id: text,
    cluster: text,
    namespace: text,
    kind: text,
    name: text,
  }),
  /** A pod of the same name that was made since is another one. */
  podUid: text,
  container: text,
  /** Null attaches to the container's own process. */
  command: z.array(text).nullable(),
  hasInput: z.boolean(),
  isTerminal: z.boolean(),
  columns: z.int(),
  rows: z.int(),
  /** How long nothing may happen in it, in ms; null where the profile sets no limit. */
  idleMs: z.int().nullable(),
});

/** What a terminal's ticket says. */
export type TerminalSubject = z.infer<typeof terminalSubject>;

/** Opens a terminal at `/terminal` (CMP-109). Whoever issues one has asked for EXEC, or ATTACH, on the pod. */
export const terminalTicket = ticketPurpose('terminal', terminalSubject);
