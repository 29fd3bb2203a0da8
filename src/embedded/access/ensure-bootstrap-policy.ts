import type { JsonObject } from '../machinery/json.ts';
import type { ClusterObject, ClusterStore } from '../store/types.ts';
import { aggregateRules } from './aggregate-rules.ts';
import { aggregateTo, type BootstrapRole, bootstrapBindings, bootstrapRoles } from './bootstrap-policy.ts';
import { printRule } from './policy-rule.ts';

const group = 'rbac.authorization.k8s.io';
const write = { fieldManager: 'kube-apiserver' };
const labels = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
const annotations = { 'rbac.authorization.kubernetes.io/autoupdate': 'true' };

/** Makes the default roles and bindings; admin, edit and view are filled at once, also where no controllers run. */
export function ensureBootstrapPolicy(store: ClusterStore): void {
  const roles = store.resource(group, 'clusterroles');
  const made = bootstrapRoles.map((role) => roleObject(role));
  const filled = new Map(made.map((role) => [role.metadata.name, role]));
  // From view over edit to admin: each takes in the one before.
  for (const name of ['view', 'edit', 'admin']) {
    const role = filled.get(name);
    if (role !== undefined) filled.set(name, { ...role, rules: aggregateRules(role, [...filled.values()]) });
  }
  for (const role of filled.values()) {
    if (store.get(roles, undefined, role.metadata.name) === undefined) store.create(roles, role, write);
  }
  const bindings = store.resource(group, 'clusterrolebindings');
  for (const { name, role, groups } of bootstrapBindings) {
    if (store.get(bindings, undefined, name) !== undefined) continue;
    const subjects = groups.map((member) => ({ kind: 'Group', apiGroup: group, name: member }));
    const roleRef = { apiGroup: group, kind: 'ClusterRole', name: role };
    store.create(bindings, { metadata: { name, labels, annotations }, roleRef, subjects }, write);
  }
}

function roleObject(role: BootstrapRole): ClusterObject {
  const aggregation: JsonObject =
    role.aggregates === undefined
      ? {}
      : { aggregationRule: { clusterRoleSelectors: [{ matchLabels: aggregateTo(role.aggregates) }] } };
  return {
    apiVersion: `${group}/v1`,
    kind: 'ClusterRole',
    metadata: { name: role.name, labels: { ...labels, ...role.labels }, annotations },
    rules: role.rules?.map(printRule) ?? null,
    ...aggregation,
  };
}
