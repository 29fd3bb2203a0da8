import { ticketPurpose, z } from 'longshore/sdk';
import { logFileFormats } from './render-log-file.ts';

const names = z.array(z.string()).nullable();

const logDownloadSubject = z.strictObject({
  /** Global id of the workload or pod. */
  id: z.string(),
  /** What it was when the ticket was issued, for the record. */
  target: z.strictObject({
    plugin: z.string(),
    type: z.string(),
    id: z.string(),
    cluster: z.string(),
    namespace: z.string(),
    kind: z.string(),
    name: z.string(),
  }),
  format: z.enum(logFileFormats),
  previous: z.boolean(),
  tail: z.int().nullable(),
  /** RFC 3339. */
  since: z.string().nullable(),
  filter: z
    .strictObject({
      pods: names,
      containers: names,
      contains: z.string().nullable(),
      excludes: z.string().nullable(),
      matches: z.string().nullable(),
      ignoreCase: z.boolean().nullable(),
      levels: names,
    })
    .nullable(),
});

export type LogDownloadSubject = z.infer<typeof logDownloadSubject>;

/** Hands out the log of a workload or pod as a file (CMP-102). Whoever issues one has asked for READ_LOGS. */
export const logDownloadTicket = ticketPurpose('compute.log', logDownloadSubject);
