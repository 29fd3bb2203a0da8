import { NotFoundError, ValidationError } from '../../../kernel/answer-error.ts';
import { RequestError } from '../../../kernel/request-error.ts';
import { origin } from '../../../kube/kube-object.ts';
import type { AnyNode } from '../../nodes/node-ref.ts';
import { resolveNodes } from '../../nodes/resolve-nodes.ts';
import type { RequestContext } from '../../request-context.ts';
import { type ExpectedConfirmation, expectedConfirmation } from './check-confirmation.ts';
import { expectedOfBatch } from './expected-of-batch.ts';
import type { MutationSpec, MutationTarget } from './mutation-spec.ts';

/** What a dialog shows before something is done (CORE-24). */
export interface ConfirmationDialog {
  /** Undefined where nothing has to be typed, and where the things ask for different phrases. */
  readonly expected: ExpectedConfirmation | undefined;
  readonly mustSplit: boolean;
  readonly consequence: string;
  /** In the order of the ids; null for what is not there, not for this caller, or nothing for this mutation. */
  readonly items: readonly (ConfirmationItem | null)[];
}

export interface ConfirmationItem {
  readonly node: AnyNode;
  readonly target: MutationTarget<unknown>;
  readonly isAllowed: boolean;
  readonly status: string | undefined;
  readonly createdAt: Date | undefined;
}

type AnyMutation = MutationSpec<never, unknown, unknown>;

/**
 * What to type, and what to show, before a mutation is called for things with these ids: by the same rules that then
 * check it. Throws BAD_USER_INPUT for a mutation that there is none of, or that knows no ids.
 */
export async function describeConfirmation(
  name: string,
  ids: readonly string[],
  context: RequestContext,
): Promise<ConfirmationDialog> {
  const spec = context.services.registry.mutations.get(name) as AnyMutation | undefined;
  if (!spec) throw new RequestError('BAD_USER_INPUT', `There is no mutation '${name.slice(0, 100)}'`);
  if (ids.length > 1 && spec.batch?.name !== name) {
    throw new RequestError('BAD_USER_INPUT', `${name} concerns one thing, not ${ids.length}`);
  }
  const nodes = await resolveNodes(ids, context);
  const items = await Promise.all(
    nodes.map((node, index) => (node ? describeItem(spec, node, ids[index] ?? '', context) : null)),
  );
  const ofThings = items.flatMap((item) =>
    item ? (expectedConfirmation(spec.mustConfirm, item.target, context) ?? []) : [],
  );
  const expected = expectedOfBatch(ofThings, ids.length);
  return {
    expected: expected === 'SPLIT' ? undefined : expected,
    mustSplit: expected === 'SPLIT',
    consequence: spec.consequence ?? 'What is deleted cannot be restored.',
    items,
  };
}

async function describeItem(
  spec: AnyMutation,
  node: AnyNode,
  id: string,
  context: RequestContext,
): Promise<ConfirmationItem | null> {
  const input = spec.inputOf ? spec.inputOf(id) : { id };
  if (input === undefined) return null;
  try {
    const target = await spec.load(input as never, context);
    return {
      node,
      target,
      isAllowed: context.access.allowed(spec.allow.action, target.instance),
      status: statusOf(node),
      createdAt: createdAtOf(node),
    };
  } catch (error) {
    if (error instanceof NotFoundError || error instanceof ValidationError) return null;
    throw error;
  }
}

interface Shown {
  readonly metadata?: { readonly creationTimestamp?: string; readonly deletionTimestamp?: string };
  readonly status?: { readonly phase?: unknown; readonly conditions?: readonly { type?: string; status?: string }[] };
  readonly createdAt?: unknown;
}

/** What a console shows as the state of any object: its phase, or whether it is available or ready. */
function statusOf(node: AnyNode): string | undefined {
  if (!(origin in node)) return undefined;
  const { metadata, status } = node as unknown as Shown;
  if (metadata?.deletionTimestamp !== undefined) return 'TERMINATING';
  if (typeof status?.phase === 'string') return status.phase.toUpperCase();
  const condition = ['Available', 'Ready'].flatMap(
    (type) => status?.conditions?.filter((one) => one.type === type) ?? [],
  )[0];
  if (!condition?.type) return undefined;
  return condition.status === 'True' ? condition.type.toUpperCase() : `NOT_${condition.type.toUpperCase()}`;
}

function createdAtOf(node: AnyNode): Date | undefined {
  const { metadata, createdAt } = node as unknown as Shown;
  if (createdAt instanceof Date) return createdAt;
  return metadata?.creationTimestamp === undefined ? undefined : new Date(metadata.creationTimestamp);
}
