import { asObject, asObjectList, asString, type JsonObject, readPath } from '../machinery/json.ts';
import type { ClusterObject, ClusterStore } from '../store/types.ts';
import { resolveField, resolveResource } from './resolve-field.ts';

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The variables a container is started with: image, services, `envFrom`, `env` with `$(NAME)` replaced. */
export function buildEnvironment(store: ClusterStore, pod: ClusterObject, container: JsonObject): Map<string, string> {
  const namespace = pod.metadata.namespace ?? '';
  const environment = new Map([
    ['PATH', defaultPath],
    ['HOSTNAME', hostnameOf(pod)],
    ['HOME', '/root'],
  ]);
  addServices(environment, store, pod);
  const dataOf = (plural: 'configmaps' | 'secrets', name: unknown): ReadonlyMap<string, Buffer> =>
    readData(store, namespace, plural, String(name));

  for (const source of asObjectList(container.envFrom)) {
    const prefix = asString(source.prefix) ?? '';
    const configMap = asObject(source.configMapRef)?.name;
    const secret = asObject(source.secretRef)?.name;
    const data = configMap === undefined ? dataOf('secrets', secret) : dataOf('configmaps', configMap);
    for (const [key, value] of data) environment.set(`${prefix}${key}`, value.toString());
  }
  for (const variable of asObjectList(container.env)) {
    const name = String(variable.name);
    const from = asObject(variable.valueFrom);
    if (from === undefined) {
      environment.set(name, expandReferences(asString(variable.value) ?? '', environment));
      continue;
    }
    const value = valueFrom(from, pod, container, dataOf);
    if (value !== undefined) environment.set(name, value);
  }
  return environment;
}

/** What the pod's own hostname is: `spec.hostname`, else its name. */
export function hostnameOf(pod: ClusterObject): string {
  return asString(readPath(pod, 'spec', 'hostname')) ?? pod.metadata.name.slice(0, 63);
}

/** The entries of a ConfigMap or Secret as bytes; none when it does not exist. */
export function readData(
  store: ClusterStore,
  namespace: string,
  plural: 'configmaps' | 'secrets',
  name: string,
): ReadonlyMap<string, Buffer> {
  const object = store.get(store.resource('', plural), namespace, name);
  const data = new Map<string, Buffer>();
  const encoding = plural === 'secrets' ? 'base64' : 'utf8';
  for (const [key, value] of Object.entries(asObject(object?.data) ?? {}))
    data.set(key, Buffer.from(String(value), encoding));
  for (const [key, value] of Object.entries(asObject(object?.binaryData) ?? {})) {
    data.set(key, Buffer.from(String(value), 'base64'));
  }
  return data;
}

/** `$(NAME)` becomes the variable's value, `$$(NAME)` the text itself; unknown names stay. */
export function expandReferences(text: string, environment: ReadonlyMap<string, string>): string {
  return text.replace(/\$\$|\$\(([^()]*)\)/g, (whole, name: string | undefined) =>
    name === undefined ? '$' : (environment.get(name) ?? whole),
  );
}

function valueFrom(
  from: JsonObject,
  pod: ClusterObject,
  container: JsonObject,
  dataOf: (plural: 'configmaps' | 'secrets', name: unknown) => ReadonlyMap<string, Buffer>,
): string | undefined {
  const configMap = asObject(from.configMapKeyRef);
  if (configMap !== undefined) return dataOf('configmaps', configMap.name).get(String(configMap.key))?.toString();
  const secret = asObject(from.secretKeyRef);
  if (secret !== undefined) return dataOf('secrets', secret.name).get(String(secret.key))?.toString();
  const field = asObject(from.fieldRef);
  if (field !== undefined) return resolveField(pod, String(field.fieldPath));
  const resource = asObject(from.resourceFieldRef);
  return resource === undefined ? undefined : resolveResource(container, String(resource.resource), resource.divisor);
}

/** Service links: the API server's always, those of the pod's namespace unless it declines them. */
function addServices(environment: Map<string, string>, store: ClusterStore, pod: ClusterObject): void {
  const services = store.resource('', 'services');
  const own = readPath(pod, 'spec', 'enableServiceLinks') === false ? [] : store.list(services, pod.metadata.namespace);
  const kubernetes = store.get(services, 'default', 'kubernetes');
  for (const service of kubernetes === undefined ? own : [kubernetes, ...own]) {
    const address = asString(readPath(service, 'spec', 'clusterIP'));
    const ports = asObjectList(readPath(service, 'spec', 'ports'));
    const [first] = ports;
    if (address === undefined || address === '' || address === 'None' || first === undefined) continue;
    const name = service.metadata.name.toUpperCase().replaceAll('-', '_');
    environment.set(`${name}_SERVICE_HOST`, address);
    environment.set(`${name}_SERVICE_PORT`, String(first.port));
    for (const port of ports) {
      const portName = asString(port.name);
      if (portName !== undefined) {
        environment.set(`${name}_SERVICE_PORT_${portName.toUpperCase().replaceAll('-', '_')}`, String(port.port));
      }
    }
    const protocol = (asString(first.protocol) ?? 'TCP').toLowerCase();
    environment.set(`${name}_PORT`, `${protocol}://${address}:${String(first.port)}`);
    for (const port of ports) {
      const kind = (asString(port.protocol) ?? 'TCP').toLowerCase();
      const prefix = `${name}_PORT_${String(port.port)}_${kind.toUpperCase()}`;
      environment.set(prefix, `${kind}://${address}:${String(port.port)}`);
      environment.set(`${prefix}_PROTO`, kind);
      environment.set(`${prefix}_PORT`, String(port.port));
      environment.set(`${prefix}_ADDR`, address);
    }
  }
}
