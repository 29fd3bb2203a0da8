import { CapabilityMissingError, ForbiddenError, NotFoundError } from '../../kernel/answer-error.ts';
import type { KindRef } from '../../kube/kind-ref.ts';
import { subjectOf } from '../../kube/kind-ref.ts';
import { type GlobalId, parseGlobalId } from '../global-id.ts';
import type { RequestContext } from '../request-context.ts';
import type { AnyNode } from './node-ref.ts';

/**
 * Objects behind global ids, in their order; null for what is not there, not for this caller, or no id at all. Reads of
 * one cluster and kind are batched by the request's reader, rows of one type by their loader.
 */
export function resolveNodes(ids: readonly string[], context: RequestContext): Promise<(AnyNode | null)[]> {
  const parsed = ids.map(parseGlobalId);
  const rows = loadRows(parsed, context);
  return Promise.all(
    parsed.map(async (id): Promise<AnyNode | null> => {
      if (!id) return null;
      if (id.of === 'kubernetes') return nullWhereHidden(() => resolveObject(id, context));
      const batch = rows.get(rowType(id));
      return batch ? ((await batch.loaded)[batch.keys.indexOf(id.key)] ?? null) : null;
    }),
  );
}

export async function resolveNode(id: string, context: RequestContext): Promise<AnyNode | null> {
  return (await resolveNodes([id], context))[0] ?? null;
}

interface RowBatch {
  readonly keys: readonly string[];
  readonly loaded: Promise<readonly (AnyNode | null)[]>;
}

/** One call of each type's loader for all its keys. */
function loadRows(ids: readonly (GlobalId | undefined)[], context: RequestContext): Map<string, RowBatch> {
  const keys = new Map<string, string[]>();
  for (const id of ids) {
    if (id?.of === 'row') keys.set(rowType(id), [...(keys.get(rowType(id)) ?? []), id.key]);
  }
  const batches = new Map<string, RowBatch>();
  for (const [type, wanted] of keys) {
    const loader = context.services.registry.rowLoaders.get(type);
    if (loader) batches.set(type, { keys: wanted, loaded: loader(wanted, context) });
  }
  return batches;
}

const rowType = (id: Extract<GlobalId, { of: 'row' }>): string => `${id.plugin}|${id.type}`;

async function resolveObject(
  id: Extract<GlobalId, { of: 'kubernetes' }>,
  context: RequestContext,
): Promise<AnyNode | null> {
  const kind = await kindOf(id, context);
  if (!kind || kind.isNamespaced !== (id.namespace !== undefined)) return null;
  return (await context.kube(id.cluster).get(kind, id.namespace, id.name)) ?? null;
}

function kindOf(
  id: Extract<GlobalId, { of: 'kubernetes' }>,
  context: RequestContext,
): KindRef | undefined | Promise<KindRef | undefined> {
  const typed = context.services.registry.kinds.get(subjectOf(id));
  return typed?.kind ?? context.cluster(id.cluster).resolveGroupKind(id.group, id.kind);
}

async function nullWhereHidden(read: () => Promise<AnyNode | null>): Promise<AnyNode | null> {
  try {
    return await read();
  } catch (error) {
    const isAbsent =
      error instanceof NotFoundError || error instanceof ForbiddenError || error instanceof CapabilityMissingError;
    if (isAbsent) return null;
    throw error;
  }
}
