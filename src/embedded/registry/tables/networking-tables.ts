import { formatAge } from '../../machinery/format-age.ts';
import { asObject, asObjectList, asString } from '../../machinery/json.ts';
import type { TableLayout } from '../resource-strategy.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';

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
