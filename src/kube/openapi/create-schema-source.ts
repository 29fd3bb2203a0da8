import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import { loopSlices } from '../../kernel/loop-slices.ts';
import type { KindRef } from '../kind-ref.ts';
import type { ClusterTransport } from '../transport/cluster-transport.ts';
import { statusOf } from '../transport/kube-status-error.ts';
import { type CompactSchemas, compactSchemas } from './compact-schemas.ts';
import { findProblems } from './find-problems.ts';
import type { ObjectSchema } from './schema-node.ts';

/** What a cluster says about its kinds in `/openapi/v3`. */
export interface SchemaSource {
  /**
   * Undefined where the cluster tells nothing of the kind: it serves no OpenAPI 3, or not to the gateway. Rejects with
   * answer errors where it cannot be asked. `isFresh`: whatever was known before, ask whether it has changed.
   */
  schemaOf(kind: KindRef, options?: { readonly isFresh?: boolean }): Promise<ObjectSchema | undefined>;
  /** What is served has changed: the next who asks learns of it. */
  forget(): void;
}

/** Hashes of the documents by their paths. */
type Index = ReadonlyMap<string, string>;

interface Kept {
  readonly hash: string;
  readonly schemas: Promise<CompactSchemas>;
  bytes: number;
}

/** What the compact documents of one cluster may hold: all built-in groups together have about 3 MB. */
const maxBytes = 24 * 1024 * 1024;
const maxKept = 200;
/** So often at most is the index asked for because somebody wants it fresh. */
const freshForMs = 2_000;
/** So long a cluster that tells nothing is left in peace. */
const refusedForMs = 60_000;

export function createSchemaSource(options: {
  readonly transport: ClusterTransport;
  readonly clock: Clock;
  readonly logger: Logger;
}): SchemaSource {
  const { transport, clock, logger } = options;
  /** By path, in the order of their last use. */
  const kept = new Map<string, Kept>();
  let index: { readonly value: Promise<Index | undefined>; readonly at: number } | undefined;
  let isStale = false;
  let refusedUntil = Number.NEGATIVE_INFINITY;

  function readIndex(isFresh: boolean): Promise<Index | undefined> {
    const age = index === undefined ? Number.POSITIVE_INFINITY : clock.now() - index.at;
    if (index !== undefined && !isStale && !(isFresh && age >= freshForMs)) return index.value;
    isStale = false;
    const value = fetchIndex();
    index = { value, at: clock.now() };
    value.then(
      (found) => {
        if (found !== undefined) return;
        refusedUntil = clock.now() + refusedForMs;
        isStale = true;
      },
      // Whoever waits for it is told; the next one tries again.
      () => {
        isStale = true;
      },
    );
    return value;
  }

  async function fetchIndex(): Promise<Index | undefined> {
    try {
      const { body } = await transport.json({ path: '/openapi/v3' });
      return indexOf(body);
    } catch (error) {
      if ([401, 403, 404, 406].includes(statusOf(error) ?? 0)) return undefined;
      throw error;
    }
  }

  function load(path: string, hash: string, kind: KindRef): Promise<CompactSchemas> {
    const present = kept.get(path);
    if (present?.hash === hash) {
      kept.delete(path);
      kept.set(path, present);
      return present.schemas;
    }
    const entry: Kept = { hash, schemas: fetchSchemas(path, hash, kind), bytes: 0 };
    kept.set(path, entry);
    entry.schemas.then(
      ({ bytes }) => {
        entry.bytes = bytes;
        shrink();
      },
      () => {
        if (kept.get(path) === entry) kept.delete(path);
      },
    );
    return entry.schemas;
  }

  async function fetchSchemas(path: string, hash: string, kind: KindRef): Promise<CompactSchemas> {
    const { body } = await transport.json({
      path: `/openapi/v3/${path}`,
      query: { hash: hash === '' ? undefined : hash },
      accept: 'application/json',
      // A broken extension API harms its own group alone.
      kind,
    });
    return compactSchemas(body, kind, loopSlices);
  }

  function shrink(): void {
    let bytes = [...kept.values()].reduce((sum, entry) => sum + entry.bytes, 0);
    for (const [path, entry] of kept) {
      if (bytes <= maxBytes && kept.size <= maxKept) return;
      kept.delete(path);
      bytes -= entry.bytes;
    }
  }

  return {
    async schemaOf(kind, { isFresh = false } = {}) {
      if (clock.now() < refusedUntil) return undefined;
      const found = await readIndex(isFresh);
      const path = pathOf(kind);
      const hash = found?.get(path);
      if (hash === undefined) return undefined;
      try {
        const node = (await load(path, hash, kind)).kinds.get(kind.kind);
        return node && { problemsOf: (object, limit) => findProblems(object, node, limit) };
      } catch (error) {
        if (![401, 403, 404, 406].includes(statusOf(error) ?? 0)) throw error;
        logger.warn({ err: error, path }, 'the cluster does not tell its schemas');
        return undefined;
      }
    },
    forget() {
      isStale = true;
      refusedUntil = Number.NEGATIVE_INFINITY;
    },
  };
}

function pathOf({ group, version }: KindRef): string {
  return group === '' ? `api/${version}` : `apis/${group}/${version}`;
}

/** The hash of each document by its path; an address that the server gives is not followed as it stands. */
function indexOf(body: unknown): Index {
  const paths = typeof body === 'object' && body !== null && 'paths' in body ? body.paths : undefined;
  const index = new Map<string, string>();
  if (typeof paths !== 'object' || paths === null) return index;
  for (const [path, entry] of Object.entries(paths)) {
    const address: unknown = (entry as { readonly serverRelativeURL?: unknown } | null)?.serverRelativeURL;
    const query = typeof address === 'string' ? address.slice(address.indexOf('?') + 1) : '';
    index.set(path, new URLSearchParams(query).get('hash') ?? '');
  }
  return index;
}
