import { ticketPurpose, z } from 'longshore/sdk';

const place = {
  /** Global id of the claim. */
  id: z.string(),
  /** Of the pod behind the file browser: one that was opened later is another. */
  podUid: z.string(),
  path: z.string(),
};

const downloadSubject = z.strictObject(place);
const uploadSubject = z.strictObject({ ...place, sizeBytes: z.int(), overwrite: z.boolean() });

export type DownloadSubject = z.infer<typeof downloadSubject>;
export type UploadSubject = z.infer<typeof uploadSubject>;

/** Hands out a file of a volume (STO-21). Whoever issues one has asked for the rights that browsing needs. */
export const volumeDownloadTicket = ticketPurpose('storage.file', downloadSubject);
/** Takes one. */
export const volumeUploadTicket = ticketPurpose('storage.file-upload', uploadSubject);
