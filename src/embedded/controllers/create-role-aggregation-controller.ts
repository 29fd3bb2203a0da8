import { aggregateRules } from '../access/aggregate-rules.ts';
import { asList, isEqualJson } from '../machinery/json.ts';
import type { ClusterObject } from '../store/types.ts';
import type { ClusterContext } from './cluster-context.ts';
import { type Controller, splitKey } from './controller.ts';
import { createKindClient } from './kind-client.ts';

/** Keeps the rules of aggregated ClusterRoles the sum of those they select (RBAC concept page, "Aggregated ClusterRoles"). */
export function createRoleAggregationController(context: ClusterContext): Controller {
  const manager = 'clusterrole-aggregation-controller';
  const roles = createKindClient<ClusterObject>(context.store, manager, 'rbac.authorization.k8s.io', 'clusterroles');
  return {
    name: manager,
    // Any role may be part of any aggregated one, and those are few.
    keysOf(_change, resource) {
      if (resource.group !== 'rbac.authorization.k8s.io' || resource.plural !== 'clusterroles') return [];
      return roles
        .list()
        .filter((role) => role.aggregationRule !== undefined)
        .map((role) => `/${role.metadata.name}`);
    },
    reconcile(key) {
      const role = roles.get(undefined, splitKey(key).name);
      const rules = role === undefined ? undefined : aggregateRules(role, roles.list());
      if (role !== undefined && rules !== undefined && !isEqualJson(asList(role.rules), rules)) {
        roles.update({ ...role, rules });
      }
      return undefined;
    },
  };
}
