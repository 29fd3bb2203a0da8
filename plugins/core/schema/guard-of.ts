import { type Cluster, decideApply, type RequestContext } from 'longshore/sdk';
import type { PlannedDocument } from '../services/plan-apply.ts';

/** Why the gateway may not write an object for its caller, one sentence each. */
export type Guard = (plan: PlannedDocument, object: unknown) => readonly string[];

/**
 * Where the cluster sees the gateway instead of the caller, the gateway must judge in its place. Undefined where the
 * cluster itself judges, or the caller may all.
 */
export function guardOf(cluster: Cluster, context: RequestContext): Guard | undefined {
  const { roles } = context.principal;
  if (cluster.identity !== 'gateway' || roles.includes('ADMIN')) return undefined;
  const clusterSettings = context.services.applyRules(cluster.name);
  return ({ kind }, object) => {
    const decision = decideApply({ roles, kind, object, clusterSettings });
    return decision.ok ? [] : decision.violations.map(({ message }) => message);
  };
}
