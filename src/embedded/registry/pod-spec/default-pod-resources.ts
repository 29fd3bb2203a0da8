import { asObject, asObjectList, ensureObject, type JsonObject, setDefault } from '../../machinery/json.ts';
import { containerTotals } from '../quota/pod-totals.ts';

/** What a pod asks for as long as nobody says: as much as its limits. Templates of pods stay as they were written. */
export function defaultPodResources(spec: JsonObject): void {
  const containers = [...asObjectList(spec.containers), ...asObjectList(spec.initContainers)];
  for (const { resources } of containers) requestLimits(asObject(resources));
  defaultHugePages(spec);
  defaultRequestsOfPod(spec);
  if (spec.hostNetwork !== true) return;
  // Inside the host's network a port of the container is a port of the host.
  for (const container of containers) {
    for (const port of asObjectList(container.ports))
      if ((port.hostPort ?? 0) === 0) port.hostPort = port.containerPort;
  }
}

function requestLimits(resources: JsonObject | undefined): void {
  const limits = asObject(resources?.limits);
  if (resources === undefined || limits === undefined) return;
  const requests = ensureObject(resources, 'requests');
  for (const [name, quantity] of Object.entries(limits)) setDefault(requests, name, quantity);
}

/** Huge pages cannot be overcommitted: the pod is limited to what its containers are limited to. */
function defaultHugePages(spec: JsonObject): void {
  const resources = asObject(spec.resources);
  if (resources === undefined || (isEmpty(resources.limits) && isEmpty(resources.requests))) return;
  for (const [name, quantity] of Object.entries(containerTotals(spec, 'limits'))) {
    if (!name.startsWith('hugepages-') || asObject(resources.requests)?.[name] !== undefined) continue;
    setDefault(ensureObject(resources, 'limits'), name, quantity);
  }
}

function defaultRequestsOfPod(spec: JsonObject): void {
  const resources = asObject(spec.resources);
  if (resources === undefined || isEmpty(resources.limits)) return;
  const found: JsonObject = { ...asObject(resources.requests) };
  for (const [name, quantity] of Object.entries(containerTotals(spec, 'requests'))) {
    if (name === 'cpu' || name === 'memory') setDefault(found, name, quantity);
  }
  for (const [name, quantity] of Object.entries(asObject(resources.limits) ?? {})) {
    if (name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')) setDefault(found, name, quantity);
  }
  if (!isEmpty(found)) resources.requests = found;
}

function isEmpty(quantities: unknown): boolean {
  return Object.keys(asObject(quantities) ?? {}).length === 0;
}
