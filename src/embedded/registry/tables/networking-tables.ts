import { formatAge } from '../../machinery/format-age.ts';
import { asList, asObject, asObjectList, asString } from '../../machinery/json.ts';
import { parseSelectorObject, printLabelSelector } from '../../machinery/label-selector.ts';
import type { TableLayout } from '../resource-strategy.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { listWithMore } from './list-with-more.ts';

export const ingressTable: TableLayout = {
  columns: [
    nameColumn,
    textColumn('Class', 'The ingress class that serves it.'),
    textColumn('Hosts', 'The hosts it answers for.'),
    textColumn('Address', 'Where it is reached.'),
    textColumn('Ports', 'The ports it listens on.'),
    ageColumn,
  ],
  cells(ingress, nowMs) {
    const spec = asObject(ingress.spec) ?? {};
    const balancer = asObject(asObject(ingress.status)?.loadBalancer) ?? {};
    const hosts = asObjectList(spec.rules).map((rule) => asString(rule.host) ?? '*');
    const addresses = asObjectList(balancer.ingress).map((each) => asString(each.ip) ?? asString(each.hostname) ?? '');
    return [
      ingress.metadata.name,
      asString(spec.ingressClassName) ?? '<none>',
      hosts.length === 0 ? '*' : hosts.join(','),
      addresses.join(','),
      asObjectList(spec.tls).length > 0 ? '80, 443' : '80',
      formatAge(ingress.metadata.creationTimestamp, nowMs),
    ];
  },
};

export const ingressClassTable: TableLayout = {
  columns: [
    nameColumn,
    textColumn('Controller', 'The controller that serves ingresses of this class.'),
    textColumn('Parameters', 'A reference to a resource with additional parameters.'),
    ageColumn,
  ],
  cells({ metadata, spec }, nowMs) {
    const { controller, parameters } = asObject(spec) ?? {};
    const { apiGroup, kind, name } = asObject(parameters) ?? {};
    const group = typeof apiGroup === 'string' ? `.${apiGroup}` : '';
    const reference = parameters === undefined ? '<none>' : `${String(kind)}${group}/${String(name)}`;
    return [metadata.name, controller, reference, formatAge(metadata.creationTimestamp, nowMs)];
  },
};

export const networkPolicyTable: TableLayout = {
  columns: [nameColumn, textColumn('Pod-Selector', 'The pods it is about.'), ageColumn],
  cells: ({ metadata, spec }, nowMs) => [
    metadata.name,
    printLabelSelector(parseSelectorObject(asObject(spec)?.podSelector ?? {})),
    formatAge(metadata.creationTimestamp, nowMs),
  ],
};

export const endpointsTable: TableLayout = {
  columns: [nameColumn, textColumn('Endpoints', 'Addresses and ports that are ready.'), ageColumn],
  cells(object, nowMs) {
    const subsets = asObjectList(object.subsets);
    const ready = subsets.flatMap((subset) => {
      const addresses = asObjectList(subset.addresses).map(({ ip }) => String(ip));
      const ports = asObjectList(subset.ports);
      if (ports.length === 0) return addresses;
      return ports.flatMap(({ port }) => addresses.map((ip) => `${ip.includes(':') ? `[${ip}]` : ip}:${String(port)}`));
    });
    const list = subsets.length === 0 ? '<none>' : listWithMore(ready);
    return [object.metadata.name, list, formatAge(object.metadata.creationTimestamp, nowMs)];
  },
};

export const endpointSliceTable: TableLayout = {
  columns: [
    nameColumn,
    textColumn('AddressType', 'What kind of addresses it holds.'),
    textColumn('Ports', 'The ports of its endpoints.'),
    textColumn('Endpoints', 'Its addresses.'),
    ageColumn,
  ],
  cells(slice, nowMs) {
    const ports = asObjectList(slice.ports).map(({ port, name }) => String(port ?? asString(name) ?? '*'));
    const addresses = asObjectList(slice.endpoints).flatMap((endpoint) => asList(endpoint.addresses).map(String));
    return [
      slice.metadata.name,
      slice.addressType,
      ports.length === 0 ? '<unset>' : listWithMore(ports),
      addresses.length === 0 ? '<unset>' : listWithMore(addresses),
      formatAge(slice.metadata.creationTimestamp, nowMs),
    ];
  },
};
