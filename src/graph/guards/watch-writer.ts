import { PreconditionError } from '../../kernel/answer-error.ts';
import { systemPrincipal } from '../../kernel/principal.ts';
import type { Cluster } from '../../kube/cluster.ts';
import type { ClusterWriter } from '../../kube/cluster-writer.ts';
import { type KindRef, subjectOf } from '../../kube/kind-ref.ts';
import type { RequestContext } from '../request-context.ts';
import { obstacleToChange } from './ask-guards.ts';

/**
 * A writer that asks the guards of all plugins before it changes or deletes what they watch over, dry runs included: every mutation
 * of every plugin ends here. The object is read from the cache where its kind is cached, also where the caller may not see it.
 */
export function watchWriter(writer: ClusterWriter, cluster: Cluster, context: RequestContext): ClusterWriter {
  const watched = new Set(context.services.registry.changeGuards.flatMap(({ subjects }) => subjects));

  /** Throws `PreconditionError` for what is there and must not be changed now. */
  async function requireFree(kind: KindRef, namespace: string | undefined, name: string | undefined): Promise<void> {
    if (name === undefined || !watched.has(subjectOf(kind))) return;
    const object = await cluster.reader(systemPrincipal, context.signal).get(kind, namespace, name);
    const obstacle = object && (await obstacleToChange(object, context));
    if (obstacle) throw new PreconditionError(obstacle.reason, obstacle.message);
  }

  return {
    // What is made anew has no state that could stand against it.
    create: (...given) => writer.create(...given),
    async apply(ticket, kind, object, options) {
      const { name, namespace } = (object as { metadata?: { name?: string; namespace?: string } }).metadata ?? {};
      await requireFree(kind, namespace, name);
      return writer.apply(ticket, kind, object, options);
    },
    async patch(ticket, kind, namespace, name, patch, options) {
      await requireFree(kind, namespace, name);
      return writer.patch(ticket, kind, namespace, name, patch, options);
    },
    async scale(ticket, kind, namespace, name, replicas, options) {
      await requireFree(kind, namespace, name);
      return writer.scale(ticket, kind, namespace, name, replicas, options);
    },
    async delete(ticket, kind, namespace, name, options) {
      await requireFree(kind, namespace, name);
      return writer.delete(ticket, kind, namespace, name, options);
    },
  };
}
