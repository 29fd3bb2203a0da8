import type { TicketPurpose } from '../../access/tickets/ticket-purpose.ts';
import type { OperationTarget } from '../../audit/operation-records.ts';
import type { RequestContext } from '../request-context.ts';

/** A file as it is sent. */
export interface Download {
  /** What the browser calls it; only letters, digits, dots, dashes and underscores are kept. */
  readonly fileName: string;
  /** e.g. `text/plain; charset=utf-8`. */
  readonly contentType: string;
  /** What the operation record says of it (`DOWNLOAD`): who had how much of what. */
  readonly record: { readonly action: string; readonly target: OperationTarget; readonly detail?: string };
  /**
   * Read as fast as the browser takes it, and ended (`return`) where it goes away or its rights do. Bounded by whoever makes it. What
   * it throws cuts the transfer off, so that nobody takes a part for the whole.
   */
  readonly chunks: AsyncIterable<string | Uint8Array>;
}

/**
 * A kind of files that a plugin hands out at `/downloads/<name of the purpose>?ticket=…`, to whoever has one of its tickets. The
 * rights were asked when the ticket was issued; `open` asks them again as they are now.
 */
export interface DownloadSource<Subject = unknown> {
  readonly purpose: TicketPurpose<Subject>;
  /** Throws answer errors: `NotFoundError` where it is not there for this caller. */
  open(subject: Subject, context: RequestContext): Promise<Download>;
}

/** Where a ticket's holder finds its file: a path on the gateway's own address. */
export function downloadPath({ name }: Pick<TicketPurpose<unknown>, 'name'>, ticket: string): string {
  return `/downloads/${name}?ticket=${ticket}`;
}

declare module '../../kernel/manifest.ts' {
  interface ManifestSlots {
    /** Files that the plugin hands out against one-time tickets. */
    readonly downloads?: readonly DownloadSource[];
  }
}
