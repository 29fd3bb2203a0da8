/** One request as the server understood it. */
export interface RequestRecord {
  /** When it arrived, in milliseconds since the epoch. */
  readonly time: number;
  readonly method: string;
  readonly path: string;
  /** The query as it was sent, without the question mark. */
  readonly query: string;
  /** Kubernetes' verb: list, watch, get, create, update, patch, delete, deletecollection; else the method. */
  readonly verb: string;
  readonly group: string;
  /** The resource's plural; empty for other paths. */
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string | undefined;
  readonly name: string;
  /** Who the request acts as, after impersonation; empty when nobody was recognised. */
  readonly user: string;
  readonly groups: readonly string[];
  /** Who authenticated, where that is somebody else than `user`. */
  readonly impersonator?: string;
  readonly userAgent: string;
}

export type RequestFilter = Partial<RequestRecord> | ((record: RequestRecord) => boolean);

/** The newest requests, for tests that count what a gateway asks of its cluster. */
export interface RequestLog {
  /** Oldest first. */
  readonly entries: readonly RequestRecord[];
  /** How many kept requests have all the given values, or satisfy the function. */
  count(filter?: RequestFilter): number;
  clear(): void;
}

export interface RecordingRequestLog extends RequestLog {
  record(record: RequestRecord): void;
}

/** A log of at most `limit` requests; older ones fall out. */
export function createRequestLog(limit = 10_000): RecordingRequestLog {
  let entries: RequestRecord[] = [];
  return {
    get entries() {
      return entries.slice(-limit);
    },
    count: (filter) => entries.slice(-limit).filter((record) => matches(record, filter)).length,
    clear() {
      entries = [];
    },
    record(record) {
      entries.push(record);
      // Dropped in blocks, so that a full log costs nothing per request.
      if (entries.length > limit * 1.25) entries = entries.slice(-limit);
    },
  };
}

function matches(record: RequestRecord, filter: RequestFilter | undefined): boolean {
  if (filter === undefined) return true;
  if (typeof filter === 'function') return filter(record);
  return Object.entries(filter).every(([key, value]) => record[key as keyof RequestRecord] === value);
}
