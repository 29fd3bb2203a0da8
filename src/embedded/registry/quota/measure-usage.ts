import { asObject, asObjectList, asString } from '../../machinery/json.ts';
import { compareQuantities } from '../../machinery/quantity.ts';
import type { ClusterObject } from '../../store/types.ts';
import { needsNodePorts } from '../service/service-kinds.ts';
import { podTotals } from './pod-totals.ts';

/** Quantities by the names that a ResourceQuota's `hard` has for them. */
export type Usage = Readonly<Record<string, string>>;

const plainCounts = new Set(['configmaps', 'secrets', 'replicationcontrollers', 'resourcequotas']);

/** What an object uses of a quota: by its number, and by what it asks for (concepts/policy/resource-quotas). */
export function measureUsage(group: string, plural: string, object: ClusterObject, nowMs: number): Usage {
  const count = { [`count/${plural}${group === '' ? '' : `.${group}`}`]: '1' };
  if (group !== '') return count;
  switch (plural) {
    case 'pods':
      return { ...count, ...podUsage(object, nowMs) };
    case 'services':
      return { ...count, ...serviceUsage(object) };
    case 'persistentvolumeclaims':
      return { ...count, ...claimUsage(object) };
    default:
      return plainCounts.has(plural) ? { ...count, [plural]: '1' } : count;
  }
}

/** The kinds of objects, as `plural` or `plural.group`, that use what the name of a quota says. */
export function resourceOfQuotaName(name: string): string {
  if (name.startsWith('count/')) return name.slice('count/'.length);
  if (name === 'services' || name.startsWith('services.')) return 'services';
  if (plainCounts.has(name)) return name;
  const isStorage =
    name === 'persistentvolumeclaims' || name === 'requests.storage' || name.includes('.storageclass.storage.k8s.io/');
  return isStorage ? 'persistentvolumeclaims' : 'pods';
}

function podUsage(pod: ClusterObject, nowMs: number): Usage {
  const { phase } = asObject(pod.status) ?? {};
  const { deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata;
  if (phase === 'Failed' || phase === 'Succeeded') return {};
  // A pod whose node is lost must not keep its owner from making another.
  const graceMs = (deletionGracePeriodSeconds ?? 0) * 1000;
  if (deletionTimestamp !== undefined && Date.parse(deletionTimestamp) + graceMs < nowMs) return {};
  const spec = asObject(pod.spec) ?? {};
  const usage: Record<string, string> = { pods: '1' };
  for (const [name, quantity] of Object.entries(podTotals(spec, 'requests'))) {
    const isStandard = ['cpu', 'memory', 'ephemeral-storage'].includes(name);
    if (isStandard || name.startsWith('hugepages-')) usage[name] = quantity;
    usage[`requests.${name}`] = quantity;
  }
  for (const [name, quantity] of Object.entries(podTotals(spec, 'limits'))) usage[`limits.${name}`] = quantity;
  return usage;
}

function serviceUsage(service: ClusterObject): Usage {
  const spec = asObject(service.spec) ?? {};
  const ports = asObjectList(spec.ports);
  const isBalanced = spec.type === 'LoadBalancer';
  const explicit = isBalanced ? ports.filter(({ nodePort }) => nodePort !== undefined && nodePort !== 0).length : 0;
  return {
    services: '1',
    'services.nodeports': String(needsNodePorts(spec) ? ports.length : explicit),
    'services.loadbalancers': isBalanced ? '1' : '0',
  };
}

function claimUsage(claim: ClusterObject): Usage {
  const spec = asObject(claim.spec) ?? {};
  const asked = asString(asObject(asObject(spec.resources)?.requests)?.storage);
  const allocated = asString(asObject(asObject(claim.status)?.allocatedResources)?.storage);
  // A growth that failed and was taken back still holds what was allocated for it.
  const storage = asked !== undefined && compareQuantities(allocated ?? '0', asked) > 0 ? allocated : asked;
  const usage: Record<string, string> = { persistentvolumeclaims: '1' };
  if (storage !== undefined) usage['requests.storage'] = storage;
  const className = asString(spec.storageClassName) ?? '';
  if (className === '') return usage;
  for (const [name, quantity] of Object.entries({ ...usage })) {
    usage[`${className}.storageclass.storage.k8s.io/${name}`] = quantity;
  }
  return usage;
}
