import { sumQuantities } from '../machinery/sum-quantities.ts';
import { matchesQuotaScopes } from '../registry/quota/matches-quota-scopes.ts';
import { measureUsage, resourceOfQuotaName, type Usage } from '../registry/quota/measure-usage.ts';
import type { ClusterObject, ResourceDefinition } from '../store/types.ts';
import type { ClusterContext } from './cluster-context.ts';
import { type Controller, keyOf, ownKey, splitKey } from './controller.ts';
import type { ResourceCatalog } from './create-resource-catalog.ts';
import { createKindClient } from './kind-client.ts';
import type { ResourceList } from './kubernetes-shapes.ts';

interface ResourceQuota extends ClusterObject {
  readonly spec?: { readonly hard?: ResourceList };
  readonly status?: { readonly hard?: ResourceList; readonly used?: ResourceList };
}

/** A namespace in which much happens is counted again at most this often. */
const pauseMs = 200;

/** Keeps the status of ResourceQuotas: what their namespace uses of them. */
export function createQuotaController(context: ClusterContext, catalog: ResourceCatalog): Controller {
  const { store, clock } = context;
  const quotas = createKindClient<ResourceQuota>(store, 'kube-controller-manager', '', 'resourcequotas');
  const countedAtMs = new Map<string, number>();
  /** Objects never change in place: what was measured once holds, but for pods that end by the clock. */
  const measured = new WeakMap<ClusterObject, Usage>();

  function usageOf(resource: ResourceDefinition, object: ClusterObject): Usage {
    const isLeaving = object.metadata.deletionTimestamp !== undefined;
    const known = isLeaving ? undefined : measured.get(object);
    if (known !== undefined) return known;
    const usage = measureUsage(resource.group, resource.plural, object, clock.now());
    if (!isLeaving) measured.set(object, usage);
    return usage;
  }

  function findResource(name: string): ResourceDefinition | undefined {
    const [plural = '', ...group] = name.split('.');
    return catalog.all().find((each) => each.plural === plural && each.group === group.join('.'));
  }

  function count(quota: ResourceQuota): Record<string, string> {
    const hard = Object.keys(quota.spec?.hard ?? {});
    const parts = new Map<string, string[]>(hard.map((name) => [name, []]));
    for (const resourceName of new Set(hard.map(resourceOfQuotaName))) {
      const resource = findResource(resourceName);
      if (resource?.namespaced !== true) continue;
      for (const object of store.list(resource, quota.metadata.namespace)) {
        if (!matchesQuotaScopes(quota, object)) continue;
        for (const [name, quantity] of Object.entries(usageOf(resource, object))) parts.get(name)?.push(quantity);
      }
    }
    return Object.fromEntries([...parts].map(([name, quantities]) => [name, sumQuantities(quantities)]));
  }

  return {
    name: 'resourcequota',
    keysOf(change, resource) {
      const { object } = change;
      if (resource.group === '' && resource.plural === 'resourcequotas') {
        return change.type === 'DELETED' ? [] : [...ownKey(object), ...siblings(object)];
      }
      if (!resource.namespaced || (resource.plural === 'events' && change.type === 'MODIFIED')) return [];
      // Most changes are of status and change no usage; of those only a pod's end matters.
      const isNews =
        change.type !== 'MODIFIED' ||
        object.spec !== change.previous?.spec ||
        object.metadata.deletionTimestamp !== change.previous?.metadata.deletionTimestamp ||
        resource.plural === 'pods' ||
        resource.plural === 'persistentvolumeclaims';
      return isNews ? siblings(object) : [];
    },
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const quota = quotas.get(namespace, name);
      if (quota === undefined) {
        countedAtMs.delete(key);
        return undefined;
      }
      const waitMs = (countedAtMs.get(key) ?? 0) + pauseMs - clock.now();
      if (waitMs > 0) return waitMs;
      countedAtMs.set(key, clock.now());
      quotas.updateStatus(quota, { hard: quota.spec?.hard ?? {}, used: count(quota) });
      return undefined;
    },
  };

  function siblings(object: ClusterObject): string[] {
    return quotas.list(object.metadata.namespace).map(keyOf);
  }
}
