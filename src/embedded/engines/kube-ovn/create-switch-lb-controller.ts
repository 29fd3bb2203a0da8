import { type Controller, keysByResource } from '../../controllers/controller.ts';
import type { Service } from '../../controllers/kubernetes-shapes.ts';
import type { ClusterObject } from '../../store/types.ts';
import { fieldManager, group, marks, type SwitchLbRule } from './kinds.ts';
import type { OvnWorld } from './ovn-world.ts';

/** Makes the headless Service `slr-<name>` that stands for a SwitchLBRule, and takes it away with the rule. */
export function createSwitchLbController({ context }: OvnWorld): Controller {
  const rules = context.kind<SwitchLbRule>(group, 'switch-lb-rules', fieldManager);
  const services = context.kind<Service>('', 'services', fieldManager);
  const endpoints = context.kind<ClusterObject>('', 'endpoints', fieldManager);

  function write(rule: SwitchLbRule): void {
    const { vip = '', namespace = 'default', ports = [] } = rule.spec ?? {};
    const name = serviceName(rule.metadata.name);
    const isManual = (rule.spec?.endpoints ?? []).length > 0;
    const wanted = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace, annotations: { [marks.switchLbVip]: vip } },
      spec: {
        clusterIP: 'None',
        type: 'ClusterIP',
        sessionAffinity: (rule.spec?.sessionAffinity ?? '') === '' ? 'None' : rule.spec?.sessionAffinity,
        ...(isManual ? {} : { selector: selectorOf(rule.spec?.selector ?? []) }),
        ports: ports.map((port) => ({
          name: port.name ?? '',
          port: port.port ?? 0,
          targetPort: port.targetPort ?? port.port ?? 0,
          protocol: (port.protocol ?? '') === '' ? 'TCP' : port.protocol,
        })),
      },
    };
    const present = services.get(namespace, name);
    if (present === undefined) services.create(wanted);
    else {
      const spec = { ...present.spec, ...wanted.spec };
      const annotations = { ...present.metadata.annotations, ...wanted.metadata.annotations };
      services.update({ ...present, metadata: { ...present.metadata, annotations }, spec });
    }
    if (isManual && endpoints.get(namespace, name) === undefined) {
      endpoints.create({
        apiVersion: 'v1',
        kind: 'Endpoints',
        metadata: { name, namespace },
        subsets: [
          {
            addresses: (rule.spec?.endpoints ?? []).map((ip) => ({ ip })),
            ports: wanted.spec.ports.map((port) => ({
              name: port.name,
              port: port.targetPort,
              protocol: port.protocol,
            })),
          },
        ],
      });
    }
    const told = ports.map(({ port, protocol }) => `${port ?? 0}/${(protocol ?? '') === '' ? 'TCP' : protocol}`);
    rules.updateStatus(rule, { service: `${namespace}/${name}`, ports: told.join(',') });
  }

  return {
    name: 'kube-ovn-switch-lb',
    keysOf: keysByResource({
      [`switch-lb-rules.${group}`]: (object) => [keyFor(object as SwitchLbRule)],
      services: ({ metadata }, { type }) => {
        if (type !== 'DELETED' || metadata.annotations?.[marks.switchLbVip] === undefined) return [];
        return [`${metadata.namespace ?? ''}/${metadata.name.replace(/^slr-/, '')}`];
      },
    }),
    reconcile(key) {
      const [namespace = '', name = ''] = key.split('/');
      const rule = rules.get(undefined, name);
      if (rule !== undefined && keyFor(rule) === key) {
        if ((rule.spec?.vip ?? '') !== '') write(rule);
        return undefined;
      }
      const service = services.get(namespace, serviceName(name));
      if (service?.metadata.annotations?.[marks.switchLbVip] !== undefined) services.delete(service);
      return undefined;
    },
  };
}

function keyFor({ metadata, spec }: SwitchLbRule): string {
  return `${spec?.namespace ?? 'default'}/${metadata.name}`;
}

function serviceName(rule: string): string {
  return `slr-${rule}`;
}

/** `app: web`; entries of another form are passed over. */
function selectorOf(entries: readonly string[]): Readonly<Record<string, string>> {
  const pairs = entries.map((entry) => entry.split(':')).filter((parts) => parts.length === 2);
  return Object.fromEntries(pairs.map(([key = '', value = '']) => [key.trim(), value.trim()]));
}
