const compute = new Set([
  'cpu',
  'memory',
  'ephemeral-storage',
  'requests.cpu',
  'requests.memory',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
]);
const others = new Set([
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'persistentvolumeclaims',
  'configmaps',
  'services.nodeports',
  'services.loadbalancers',
  'requests.storage',
]);

/** What pods ask for and may be limited in. */
export function isComputeResource(name: string): boolean {
  return compute.has(name) || /^(requests\.)?hugepages-/.test(name);
}

/** Whether a quota knows the name of itself: everything else needs a prefix. */
export function isQuotaResource(name: string): boolean {
  return isComputeResource(name) || others.has(name);
}
