import type { MaybePromise } from '../../kube/cluster-reader.ts';
import { type KindRef, subjectOf } from '../../kube/kind-ref.ts';
import { type KubeObject, origin } from '../../kube/kube-object.ts';
import type { LongshoreBuilder, TypeRef } from '../builder.ts';
import { checkDeletion } from '../deletions/check-deletion.ts';
import { idOfObject } from '../global-id.ts';
import { type Deleted, idOfOperation, replayDeletion } from '../makers/mutation/replay-operation.ts';
import { registerMutation } from '../makers/register-mutation.ts';
import type { RequestContext } from '../request-context.ts';
import { loadOfKind } from './load-of-kind.ts';

/** Deleting one object of a kind, or several. What still uses it refuses or warns, as its profile says. */
export function registerDeletion<T>(
  builder: LongshoreBuilder,
  options: {
    readonly kind: KindRef<T>;
    readonly ref: TypeRef<KubeObject<T>>;
    readonly description: string;
    /** Of the kind, where it is not that with an `s`. */
    readonly plural?: string;
    /** What becomes of the rest: stands among the warnings of the success. */
    readonly tell?: (object: KubeObject<T>, context: RequestContext) => MaybePromise<readonly string[]>;
  },
): void {
  const { kind, ref, description, plural = `${options.kind.kind}s` } = options;
  const field = kind.kind.charAt(0).toLowerCase() + kind.kind.slice(1);
  registerMutation(builder, {
    name: `delete${kind.kind}`,
    description: `Deletes a ${kind.kind}. ${description}`,
    allow: { action: 'DELETE', subject: subjectOf(kind) },
    mustConfirm: 'BY_PROFILE',
    batch: { name: `delete${plural}`, description: `Deletes several ${plural}, in whatever clusters.` },
    input: (t) => ({ id: t.id({ required: true, description: `The ${kind.kind}'s id.` }) }),
    success: {
      description: `The ${kind.kind} is deleted, or will be when its finalizers are done.`,
      fields: (t) => ({
        id: t.id({ description: 'Its global id.', resolve: ({ value }) => value.id }),
        [field]: t.field({
          type: ref,
          nullable: true,
          description: `The ${kind.kind} while it is still there; null once it is gone.`,
          resolve: ({ value }) => (value.object ?? null) as never,
        }),
      }),
    },
    load: ({ id }, context) => loadOfKind(String(id), kind, context),
    warn: {
      codes: ['IN_USE'],
      find: (_input, object: KubeObject<T>, context) => checkDeletion(object as never, undefined, context),
    },
    run: async (_input, object, ticket, context) => {
      const { cluster } = object[origin];
      const warnings = (await options.tell?.(object, context)) ?? [];
      const { namespace, name, uid } = object.metadata;
      const writer = context.cluster(cluster).writer(context.principal);
      await writer.delete(ticket, kind as KindRef, namespace, name, { uid });
      const now = ticket.isDryRun ? object : await context.kube(cluster).get(kind, namespace, name);
      const left = now?.metadata.uid === uid ? now : undefined;
      const value: Deleted<KubeObject<T>> = { id: idOfObject(object), object: left };
      return { value, resultId: idOfOperation(ticket), recorded: [{ before: object, after: left }], warnings };
    },
    replay: replayDeletion<KubeObject<T>>,
  });
}
