import { UpstreamError } from '../../kernel/answer-error.ts';
import { loopSlices } from '../../kernel/loop-slices.ts';
import type { Principal } from '../../kernel/principal.ts';
import { decodeList } from '../decode/decode-list.ts';
import { parseObject } from '../decode/parse-object.ts';
import { originOf, takeIn } from '../intake.ts';
import type { KindRef } from '../kind-ref.ts';
import type { KubeObject } from '../kube-object.ts';
import { resourcePath } from '../resource-path.ts';
import type { ClusterTransport } from '../transport/cluster-transport.ts';
import { faultOf } from '../transport/connection-error.ts';
import { upstreamName } from '../transport/translate-failure.ts';
import { tellsUpdateTime } from '../update-time.ts';

const pageSize = 500;

export interface ListRequest {
  readonly kind: KindRef;
  /** Undefined: all namespaces. */
  readonly namespace: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly accept?: string | undefined;
  readonly principal?: Principal | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Per page. */
  readonly timeoutMs?: number | undefined;
  /** Called with each object as it arrives; its answer stands in the list. */
  readonly keep?: ((object: KubeObject) => KubeObject) | undefined;
  /** Stops after the page that exceeds it. */
  readonly maxItems?: number | undefined;
}

export interface ListResult<T> {
  readonly items: KubeObject<T>[];
  /** Where the list stands; a watch from here misses nothing. */
  readonly resourceVersion: string;
  /** False where there are more than `maxItems`. */
  readonly isComplete: boolean;
}

/**
 * Reads a whole collection in pages; a page whose answer is too large is asked for again in smaller ones. All pages
 * show one state of the cluster. Rejects with answer errors; an expired continuation is status 410.
 */
export async function listPages<T>(transport: ClusterTransport, request: ListRequest): Promise<ListResult<T>> {
  const { kind, namespace, maxItems = Number.POSITIVE_INFINITY } = request;
  const from = originOf(transport.cluster, kind);
  const items: KubeObject<T>[] = [];
  let limit = pageSize;
  let resourceVersion: string | undefined;
  let next: string | undefined;
  do {
    const page = await readPage(next);
    for (const item of page.items) items.push(item);
    resourceVersion ??= page.resourceVersion;
    next = page.next;
    if (items.length > maxItems) break;
  } while (next !== undefined);
  return { items, resourceVersion, isComplete: next === undefined && items.length <= maxItems };

  async function readPage(continueFrom: string | undefined): Promise<Page<T>> {
    for (;;) {
      const items: KubeObject<T>[] = [];
      let refusal: unknown;
      const take = (item: unknown): void => {
        try {
          const object = takeIn<T>(item, from);
          items.push(request.keep === undefined ? object : (request.keep(object) as KubeObject<T>));
        } catch (error) {
          // The answer arrived whole and was JSON: what it says is not the connection's fault.
          refusal ??= error;
        }
      };
      const parse = (bytes: Buffer): unknown =>
        tellsUpdateTime(kind) ? JSON.parse(bytes.toString()) : parseObject(bytes);
      try {
        const list = await transport.read(
          {
            path: resourcePath(kind, namespace),
            query: { limit, continue: continueFrom, labelSelector: request.labelSelector },
            accept: request.accept,
            kind,
            namespace,
            principal: request.principal,
            signal: request.signal,
            timeoutMs: request.timeoutMs,
          },
          (body, maxBytes) => decodeList(body, { maxBytes, parse, take, slices: loopSlices }),
        );
        if (refusal !== undefined) throw refusal;
        return { ...readEnvelope(transport.cluster, kind, list), items };
      } catch (error) {
        if (faultOf(error) !== 'too-large' || limit === 1) throw error;
        limit = Math.max(1, Math.floor(limit / 8));
      }
    }
  }
}

interface Envelope {
  readonly resourceVersion: string;
  readonly next: string | undefined;
}

interface Page<T> extends Envelope {
  readonly items: readonly KubeObject<T>[];
}

/** Reads a list without its items; some servers write null for none. */
function readEnvelope(cluster: string, kind: KindRef, body: unknown): Envelope {
  const list = typeof body === 'object' && body !== null ? body : {};
  const metadata =
    'metadata' in list && typeof list.metadata === 'object' && list.metadata !== null ? list.metadata : {};
  const items = 'items' in list ? (list.items ?? []) : undefined;
  if (!Array.isArray(items)) {
    throw new UpstreamError(
      upstreamName(cluster),
      `Cluster '${cluster}' answered something else than a list of ${kind.plural}.`,
    );
  }
  const next =
    'continue' in metadata && typeof metadata.continue === 'string' && metadata.continue !== ''
      ? metadata.continue
      : undefined;
  const resourceVersion =
    'resourceVersion' in metadata && typeof metadata.resourceVersion === 'string' ? metadata.resourceVersion : '';
  return { resourceVersion, next };
}
