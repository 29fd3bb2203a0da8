import { type Controller, keysByResource } from '../../controllers/controller.ts';
import type { Namespace } from '../../controllers/kubernetes-shapes.ts';
import { decideNamespaceSubnets } from './decide-namespace-subnets.ts';
import { fieldManager, group, isDeleting, marks } from './kinds.ts';
import type { OvnWorld } from './ovn-world.ts';

/** Writes on every namespace which subnets its pods get addresses from. */
export function createNamespaceController({ context, kinds }: OvnWorld): Controller {
  const namespaces = context.kind<Namespace>('', 'namespaces', fieldManager);
  const all = (): string[] => namespaces.list().map(({ metadata }) => metadata.name);
  return {
    name: 'kube-ovn-namespace',
    keysOf: keysByResource({
      namespaces: ({ metadata }) => [metadata.name],
      [`vpcs.${group}`]: all,
      [`subnets.${group}`]: (object, { type, previous }) =>
        type === 'MODIFIED' && previous?.metadata.generation === object.metadata.generation ? [] : all(),
    }),
    reconcile(name) {
      const namespace = namespaces.get(undefined, name);
      if (namespace === undefined || isDeleting(namespace)) return undefined;
      const bound = decideNamespaceSubnets(namespace, kinds.subnets.list(), kinds.vpcs.list());
      if (bound.length === 0) return undefined;
      const wanted = {
        [marks.logicalSwitch]: bound.map(({ metadata }) => metadata.name).join(','),
        [marks.cidr]: bound.map(({ spec }) => spec?.cidrBlock ?? '').join(';'),
        [marks.excludeIps]: bound.map(({ spec }) => (spec?.excludeIps ?? []).join(',')).join(';'),
      };
      const present = namespace.metadata.annotations ?? {};
      if (Object.entries(wanted).every(([key, value]) => present[key] === value)) return undefined;
      const annotations = { ...present, ...wanted };
      namespaces.update({ ...namespace, metadata: { ...namespace.metadata, annotations } });
      return undefined;
    },
  };
}
