import type { TicketPurpose } from '../../access/tickets/ticket-purpose.ts';
import type { OperationTarget } from '../../audit/operation-records.ts';
import type { RequestContext } from '../request-context.ts';

/** A file as it is taken. */
export interface Upload {
  /** How many bytes it has: with more or fewer it is refused, and nothing is kept of it. */
  readonly sizeBytes: number;
  /** What the operation record says of it (`UPLOAD`): who gave how much of what. */
  readonly record: { readonly action: string; readonly target: OperationTarget; readonly detail?: string };
  /**
   * Takes the body as fast as it can, and resolves once it is kept. Throws answer errors. `chunks` throws where the body breaks off, and
   * the context's signal aborts where its giver goes away or their rights do: then nothing may be left of it.
   */
  receive(chunks: AsyncIterable<Uint8Array>): Promise<void>;
}

/**
 * A kind of files that a plugin takes by PUT (or POST) at `/uploads/<name of the purpose>?ticket=…`, from whoever has one of its tickets:
 * the body is the file's bytes as they are. The rights were asked when the ticket was issued; `open` asks them again as they are now.
 */
export interface UploadTarget<Subject = unknown> {
  readonly purpose: TicketPurpose<Subject>;
  /** Throws answer errors: `NotFoundError` where there is no such place for this caller. */
  open(subject: Subject, context: RequestContext): Promise<Upload>;
}

/** Where a ticket's holder leaves its file: a path on the gateway's own address. */
export function uploadPath({ name }: Pick<TicketPurpose<unknown>, 'name'>, ticket: string): string {
  return `/uploads/${name}?ticket=${ticket}`;
}

declare module '../../kernel/manifest.ts' {
  interface ManifestSlots {
    /** Files that the plugin takes against one-time tickets. */
    readonly uploads?: readonly UploadTarget[];
  }
}
