import { ticketPurpose, z } from 'longshore/sdk';

const logFileSubject = z.strictObject({
  /** Global id of the pod. */
  id: z.string(),
  /** A pod of the same name that came later has other files. */
  podUid: z.string(),
  container: z.string(),
  path: z.string(),
});

export type LogFileSubject = z.infer<typeof logFileSubject>;

/** Hands out a log file of a container (CMP-104). Whoever issues one has asked for READ_LOGS and EXEC. */
export const logFileTicket = ticketPurpose('compute.log-file', logFileSubject);
