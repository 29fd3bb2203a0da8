import { dryRunTicket, type OperationHandle } from '../../audit/operation-handle.ts';
import { ConflictError, ForbiddenError } from '../../kernel/answer-error.ts';
import type { ClusterWriter, WriteResult } from '../cluster-writer.ts';
import { apiVersionOf, type KindRef } from '../kind-ref.ts';
import type { WriteJudge } from '../write-guard.ts';

/** Times that a write is tried again when the object has changed since it was judged. */
const maxAttempts = 3;

/** What a dry run of this writer has found harmless: the same text may then be written as long as that version stands. */
interface Judged {
  readonly text: string;
  readonly resourceVersion: string | undefined;
}

/**
 * A writer that sends nothing its caller could not have asked the cluster for alone. What is sent is copied first, so that
 * what was judged is what is written. Where only a part is sent and could make something else of the object, the
 * cluster's own dry run shows the result, and the write carries the version that was judged: one request more.
 */
export function guardWriter(
  writer: ClusterWriter,
  judge: WriteJudge,
  resolve: (apiVersion: string, kind: string) => KindRef | undefined,
): ClusterWriter {
  const judged = new WeakMap<object, Judged>();

  /** A reference made by hand could name one kind and lead to another. */
  function checkKind(kind: KindRef): void {
    const served = resolve(apiVersionOf(kind), kind.kind);
    if (served && (served.plural !== kind.plural || served.isNamespaced !== kind.isNamespaced)) {
      throw new ForbiddenError(`${kind.kind} is not served as '${kind.plural}'.`);
    }
    refuseFor(judge.ofKind(kind));
  }

  /** Writes what was judged, as long as it stands; judges again where the object has changed. */
  async function asJudged<T>(
    first: string | undefined,
    judgeAgain: () => Promise<string | undefined>,
    write: (resourceVersion: string | undefined) => Promise<WriteResult<T>>,
  ): Promise<WriteResult<T>> {
    let version = first;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await write(version);
      } catch (error) {
        const isStale = error instanceof ConflictError && error.managers.length === 0;
        if (!isStale || attempt === maxAttempts) throw error;
        version = await judgeAgain();
      }
    }
  }

  return {
    async create(ticket, kind, object, options = {}) {
      checkKind(kind);
      const sent = copyOf(object);
      if (options.subresource === undefined) refuseFor(judge.ofObject(kind, sent));
      else refuseFor(judge.ofSubresource('create', kind, options.subresource).reasons);
      return writer.create(ticket, kind, sent, options);
    },

    async apply<T>(
      ticket: OperationHandle,
      kind: KindRef<T>,
      object: object,
      options: { readonly force?: boolean } = {},
    ) {
      checkKind(kind);
      const sent = copyOf(object);
      refuseFor(judge.ofObject(kind, sent));
      // Applying takes away too what an earlier text of ours set, so the part alone does not tell.
      if (!judge.needsWhole(kind)) return writer.apply(ticket, kind, sent, options);
      const text = JSON.stringify([kind, sent, options.force === true]);

      async function dryRun(): Promise<WriteResult<T>> {
        const result = await writer.apply(dryRunTicket, kind, sent, options);
        refuseFor(judge.ofObject(kind, result.object));
        judged.set(object, { text, resourceVersion: versionIn(result.object) });
        return result;
      }
      if (ticket.isDryRun) return dryRun();

      const known = judged.get(object);
      const judgeNow = async () => versionIn((await dryRun()).object);
      const version = known?.text === text ? known.resourceVersion : await judgeNow();
      // A version of the caller's own is kept: what changes since is the caller's conflict.
      if (versionIn(sent) !== undefined) return writer.apply(ticket, kind, sent, options);
      return asJudged(version, judgeNow, (resourceVersion) =>
        writer.apply(ticket, kind, withVersion(sent, resourceVersion), options),
      );
    },

    async patch(ticket, kind, namespace, name, patch, options = {}) {
      checkKind(kind);
      const sent = copyOf(patch);
      const { subresource, resourceVersion: expected } = options;
      const below = subresource === undefined ? undefined : judge.ofSubresource('patch', kind, subresource);
      if (below) refuseFor(below.reasons);
      const needsWhole = below ? below.needsWhole : judge.needsWhole(kind, sent);
      if (!needsWhole) return writer.patch(ticket, kind, namespace, name, sent, options);

      async function judgeNow() {
        const result = await writer.patch(dryRunTicket, kind, namespace, name, sent, options);
        refuseFor(judge.ofObject(kind, result.object));
        return result;
      }
      const result = await judgeNow();
      if (ticket.isDryRun) return result as never;
      if (expected !== undefined) return writer.patch(ticket, kind, namespace, name, sent, options);
      return asJudged(
        versionIn(result.object),
        async () => versionIn((await judgeNow()).object),
        (version) =>
          writer.patch(ticket, kind, namespace, name, sent, {
            ...options,
            ...(version === undefined ? {} : { resourceVersion: version }),
          }),
      );
    },

    async scale(ticket, kind, namespace, name, replicas, options) {
      checkKind(kind);
      return writer.scale(ticket, kind, namespace, name, replicas, options);
    },

    async delete(ticket, kind, namespace, name, options) {
      const served = resolve(apiVersionOf(kind), kind.kind);
      if (served && served.plural !== kind.plural) checkKind(kind);
      refuseFor(judge.ofDeletion(kind));
      return writer.delete(ticket, kind, namespace, name, options);
    },
  };
}

/** Reasons that one answer tells; the rest is counted. */
const maxReasons = 10;

function refuseFor(reasons: readonly string[]): void {
  if (reasons.length === 0) return;
  const more = reasons.length > maxReasons ? `; and ${reasons.length - maxReasons} more` : '';
  throw new ForbiddenError(`${reasons.slice(0, maxReasons).join('; ')}${more}`);
}

/** Plain JSON: no getter and no `toJSON` can say one thing to the judge and another to the cluster. */
function copyOf(object: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(object)) as Record<string, unknown>;
}

function versionIn(object: object): string | undefined {
  const metadata = 'metadata' in object ? object.metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null || !('resourceVersion' in metadata)) return undefined;
  const { resourceVersion } = metadata;
  return typeof resourceVersion === 'string' && resourceVersion !== '' ? resourceVersion : undefined;
}

function withVersion(object: Record<string, unknown>, resourceVersion: string | undefined): object {
  if (resourceVersion === undefined) return object;
  const metadata = typeof object.metadata === 'object' ? object.metadata : {};
  return { ...object, metadata: { ...metadata, resourceVersion } };
}
