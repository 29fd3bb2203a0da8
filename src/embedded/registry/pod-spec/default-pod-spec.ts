import { asObject, asObjectList, ensureObject, type JsonObject, setDefault } from '../../machinery/json.ts';

/** The defaults of a pod's spec, alone or inside a workload's template. */
export function defaultPodSpec(spec: JsonObject): void {
  setDefault(spec, 'restartPolicy', 'Always');
  setDefault(spec, 'terminationGracePeriodSeconds', 30);
  setDefault(spec, 'dnsPolicy', 'ClusterFirst');
  setDefault(spec, 'securityContext', {});
  setDefault(spec, 'schedulerName', 'default-scheduler');
  if (spec.serviceAccountName !== undefined) setDefault(spec, 'serviceAccount', spec.serviceAccountName);
  for (const list of ['containers', 'initContainers', 'ephemeralContainers']) {
    for (const container of asObjectList(spec[list])) defaultContainer(container);
  }
  for (const volume of asObjectList(spec.volumes)) defaultVolume(volume);
}

function defaultContainer(container: JsonObject): void {
  setDefault(container, 'terminationMessagePath', '/dev/termination-log');
  setDefault(container, 'terminationMessagePolicy', 'File');
  setDefault(container, 'imagePullPolicy', isLatest(String(container.image ?? '')) ? 'Always' : 'IfNotPresent');
  ensureObject(container, 'resources');
  for (const port of asObjectList(container.ports)) setDefault(port, 'protocol', 'TCP');
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = asObject(container[name]);
    if (probe !== undefined) defaultProbe(probe);
  }
  for (const variable of asObjectList(container.env)) {
    const fieldRef = asObject(asObject(variable.valueFrom)?.fieldRef);
    if (fieldRef !== undefined) setDefault(fieldRef, 'apiVersion', 'v1');
  }
  const lifecycle = asObject(container.lifecycle) ?? {};
  for (const hook of ['postStart', 'preStop']) defaultHttpGet(asObject(asObject(lifecycle[hook])?.httpGet));
}

function defaultProbe(probe: JsonObject): void {
  setDefault(probe, 'timeoutSeconds', 1);
  setDefault(probe, 'periodSeconds', 10);
  setDefault(probe, 'successThreshold', 1);
  setDefault(probe, 'failureThreshold', 3);
  defaultHttpGet(asObject(probe.httpGet));
  const grpc = asObject(probe.grpc);
  if (grpc !== undefined) setDefault(grpc, 'service', '');
}

function defaultHttpGet(httpGet: JsonObject | undefined): void {
  if (httpGet === undefined) return;
  setDefault(httpGet, 'path', '/');
  setDefault(httpGet, 'scheme', 'HTTP');
}

function defaultVolume(volume: JsonObject): void {
  const kinds = Object.keys(volume).filter((key) => key !== 'name');
  if (kinds.length === 0) volume.emptyDir = {};
  for (const source of ['configMap', 'secret', 'projected', 'downwardAPI']) {
    const present = asObject(volume[source]);
    if (present !== undefined) setDefault(present, 'defaultMode', 420);
  }
  for (const item of asObjectList(asObject(volume.downwardAPI)?.items)) {
    const fieldRef = asObject(item.fieldRef);
    if (fieldRef !== undefined) setDefault(fieldRef, 'apiVersion', 'v1');
  }
  const hostPath = asObject(volume.hostPath);
  if (hostPath !== undefined) setDefault(hostPath, 'type', '');
  for (const source of asObjectList(asObject(volume.projected)?.sources)) {
    const token = asObject(source.serviceAccountToken);
    if (token !== undefined) setDefault(token, 'expirationSeconds', 3600);
    for (const item of asObjectList(asObject(source.downwardAPI)?.items)) {
      const fieldRef = asObject(item.fieldRef);
      if (fieldRef !== undefined) setDefault(fieldRef, 'apiVersion', 'v1');
    }
  }
}

/** An image without a tag, or tagged `latest`, is pulled always. */
function isLatest(image: string): boolean {
  if (image.includes('@')) return false;
  const lastPart = image.slice(image.lastIndexOf('/') + 1);
  const colon = lastPart.lastIndexOf(':');
  return colon === -1 || lastPart.slice(colon + 1) === 'latest';
}
