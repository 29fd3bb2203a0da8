import { workspaceOf } from '../../../access/workspace-kinds.ts';
import type { ProfilePlace } from '../../../kernel/profiles/profiles.ts';
import { subjectOf } from '../../../kube/kind-ref.ts';
import { origin } from '../../../kube/kube-object.ts';
import type { RequestContext } from '../../request-context.ts';
import type { MutationTarget } from './mutation-spec.ts';

/** Whose profile holds for a target: that of the namespace, workspace or cluster it lies in, else the platform's. */
export function placeOf({ place, record, instance }: MutationTarget<unknown>): ProfilePlace {
  const workspace =
    origin in instance ? workspaceOf(instance) : 'workspace' in instance ? instance.workspace : undefined;
  return place ?? { cluster: record.cluster, namespace: record.namespace, workspace };
}

/**
 * What profiles call a target: `CONFIG_MAP`. The name that its type has in the schema, whichever mutation it is the target
 * of; so a kind that a plugin shows as `LoadBalancer` is a LOAD_BALANCER also where it is deleted as any other object.
 */
export function thingOf({ thing, instance, record }: MutationTarget<unknown>, { services }: RequestContext): string {
  if (thing !== undefined) return thing;
  const typed = origin in instance ? services.registry.kinds.get(subjectOf(instance[origin])) : undefined;
  return toWord(typed?.typeName ?? record.type);
}

/** `ConfigMap` → `CONFIG_MAP`, `HTTPRoute` → `HTTP_ROUTE`. */
function toWord(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, (_all, low?: string, up?: string, acronym?: string) =>
      acronym === undefined ? `${low}_${up}` : `${acronym}_`,
    )
    .toUpperCase();
}
