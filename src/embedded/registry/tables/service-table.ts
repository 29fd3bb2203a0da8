import { formatAge } from '../../machinery/format-age.ts';
import { asList, asObject, asObjectList, asString, type JsonObject } from '../../machinery/json.ts';
import type { TableLayout } from '../resource-strategy.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';

export const serviceTable: TableLayout = {
  columns: [
    nameColumn,
    textColumn('Type', 'How the service is exposed.'),
    textColumn('Cluster-IP', 'The address inside the cluster.'),
    textColumn('External-IP', 'The address outside the cluster.'),
    textColumn('Port(s)', 'The ports that are exposed.'),
    ageColumn,
    textColumn('Selector', 'Labels of the pods behind the service.', 1),
  ],
  cells(service, nowMs) {
    const spec = asObject(service.spec) ?? {};
    const ports = asObjectList(spec.ports).map((port) => {
      const nodePort = Number(port.nodePort ?? 0);
      return `${String(port.port)}${nodePort > 0 ? `:${nodePort}` : ''}/${String(port.protocol)}`;
    });
    const selector = Object.entries(asObject(spec.selector) ?? {}).map(([key, value]) => `${key}=${String(value)}`);
    return [
      service.metadata.name,
      asString(spec.type) ?? '',
      asString(spec.clusterIP) ?? '<none>',
      externalAddress(spec, asObject(service.status) ?? {}),
      ports.length === 0 ? '<none>' : ports.join(','),
      formatAge(service.metadata.creationTimestamp, nowMs),
      selector.length === 0 ? '<none>' : selector.join(','),
    ];
  },
};

function externalAddress(spec: JsonObject, status: JsonObject): string {
  if (spec.type === 'ExternalName') return asString(spec.externalName) ?? '<none>';
  const fixed = asList(spec.externalIPs).map(String);
  if (spec.type !== 'LoadBalancer') return fixed.length === 0 ? '<none>' : fixed.join(',');
  const given = asObjectList(asObject(status.loadBalancer)?.ingress).map(
    (ingress) => asString(ingress.ip) ?? asString(ingress.hostname) ?? '',
  );
  const all = [...given, ...fixed];
  return all.length === 0 ? '<pending>' : all.join(',');
}
