import {
  type ChangedThing,
  checkDeletion,
  type Deleted,
  idOfObject,
  idOfOperation,
  isOfKind,
  type KindRef,
  type KubeObject,
  type LongshoreBuilder,
  NotFoundError,
  type OperationHandle,
  origin,
  parseGlobalId,
  type RaisedWarning,
  type RequestContext,
  registerMutation,
  replayDeletion,
  subjectOf,
  type TypeRef,
} from 'longshore/sdk';
import { loadOwned } from '../../services/nat/nat-targets.ts';

interface NatDeletion {
  readonly name: string;
  readonly batch: string;
  readonly field: string;
  /** In descriptions: `NAT gateway`. */
  readonly what: string;
  readonly thing: string;
  readonly kinds: readonly KindRef[];
  readonly ref: TypeRef<never>;
  readonly description: string;
  readonly consequence?: string;
  /** Warnings besides IN_USE. */
  readonly codes?: readonly string[];
  readonly warn?: (object: KubeObject, context: RequestContext) => Promise<readonly RaisedWarning[]>;
  /** What goes before the object itself. */
  readonly before?: (
    object: KubeObject,
    ticket: OperationHandle,
    context: RequestContext,
  ) => Promise<readonly ChangedThing[]>;
  /** What goes after it. */
  readonly after?: (
    object: KubeObject,
    ticket: OperationHandle,
    context: RequestContext,
  ) => Promise<readonly ChangedThing[]>;
}

/** Deleting something of NAT, or several: what still uses it refuses, and what was made with it goes too. */
export function registerNatDeletion(builder: LongshoreBuilder, spec: NatDeletion): void {
  const { name, what, kinds, ref, field } = spec;
  registerMutation(builder, {
    name,
    description: `Deletes a ${what}. ${spec.description}`,
    allow: { action: 'DELETE', subject: kinds.map(subjectOf) },
    mustConfirm: 'BY_PROFILE',
    ...(spec.consequence ? { consequence: spec.consequence } : {}),
    batch: { name: spec.batch, description: `Deletes several ${what}s, in whatever clusters.` },
    input: (t) => ({ id: t.id({ required: true, description: `The ${what}'s id.` }) }),
    success: {
      description: `The ${what} is deleted, or will be when what it holds is gone.`,
      fields: (t) => ({
        id: t.id({ description: 'Its global id.', resolve: ({ value }) => value.id }),
        [field]: t.field({
          type: ref,
          nullable: true,
          description: `The ${what} while it is still there; null once it is gone.`,
          resolve: ({ value }) => (value.object ?? null) as never,
        }),
      }),
    },
    load: ({ id }, context) => {
      const kind = kindOfId(String(id), kinds);
      if (!kind) throw new NotFoundError(`There is no ${what} with this id`);
      return loadOwned(String(id), kind, spec.thing, context);
    },
    warn: {
      codes: ['IN_USE', ...(spec.codes ?? [])],
      find: async (_input, object: KubeObject, context) => [
        ...(await checkDeletion(object, undefined, context, { takesParts: true })),
        ...((await spec.warn?.(object, context)) ?? []),
      ],
    },
    run: async (_input, object, ticket, context) => {
      const kind = kinds.find((each) => isOfKind(object, each)) ?? (kinds[0] as KindRef);
      const { cluster } = object[origin];
      const { name: objectName, uid } = object.metadata;
      const first = (await spec.before?.(object, ticket, context)) ?? [];
      await context.cluster(cluster).writer(context.principal).delete(ticket, kind, undefined, objectName, { uid });
      const last = (await spec.after?.(object, ticket, context)) ?? [];
      const now = ticket.isDryRun ? object : await context.kube(cluster).get(kind, undefined, objectName);
      const left = now?.metadata.uid === uid ? (now as KubeObject) : undefined;
      const value: Deleted<KubeObject> = { id: idOfObject(object), object: left };
      return { value, resultId: idOfOperation(ticket), recorded: [...first, { before: object, after: left }, ...last] };
    },
    replay: replayDeletion<KubeObject>,
  });
}

function kindOfId(id: string, kinds: readonly KindRef[]): KindRef | undefined {
  const parsed = parseGlobalId(id);
  return parsed?.of === 'kubernetes'
    ? kinds.find(({ kind, group }) => kind === parsed.kind && group === parsed.group)
    : undefined;
}
