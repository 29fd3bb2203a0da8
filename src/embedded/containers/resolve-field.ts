import { asObject, asObjectList, asString, type JsonObject, readPath, sortedEntries } from '../machinery/json.ts';
import { nanosOf, nanosPerUnit, stepsOf } from '../machinery/quantity.ts';
import type { ClusterObject } from '../store/types.ts';

/** What a `fieldRef` says (downward API); undefined for fields that are not offered. */
export function resolveField(pod: ClusterObject, fieldPath: string): string | undefined {
  const keyed = /^metadata\.(labels|annotations)\['([^']*)'\]$/.exec(fieldPath);
  if (keyed !== null) return asString(asObject(readPath(pod, 'metadata', keyed[1] ?? ''))?.[keyed[2] ?? '']) ?? '';
  switch (fieldPath) {
    case 'metadata.labels':
    case 'metadata.annotations':
      return sortedEntries(asObject(readPath(pod, ...fieldPath.split('.'))))
        .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
        .join('\n');
    case 'status.podIPs':
    case 'status.hostIPs':
      return asObjectList(readPath(pod, ...fieldPath.split('.')))
        .map(({ ip }) => String(ip))
        .join(',');
    case 'metadata.name':
    case 'metadata.namespace':
    case 'metadata.uid':
    case 'spec.nodeName':
    case 'spec.serviceAccountName':
    case 'status.hostIP':
    case 'status.podIP':
      return asString(readPath(pod, ...fieldPath.split('.'))) ?? '';
    default:
      return undefined;
  }
}

/** What a `resourceFieldRef` says, in units of its divisor, rounded up; a limit that is missing is the node's. */
export function resolveResource(container: JsonObject, resource: string, divisor: unknown): string {
  const [list = 'limits', ...name] = resource.split('.');
  const key = name.join('.');
  const value = readPath(container, 'resources', list, key) ?? readPath(container, 'resources', 'limits', key);
  const nodeValue = key === 'cpu' ? '4' : key === 'memory' ? '16Gi' : '0';
  const unit = nanosOf(divisor) > 0n ? nanosOf(divisor) : nanosPerUnit;
  return String(stepsOf(value ?? nodeValue, unit));
}
