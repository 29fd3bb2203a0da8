import { type Controller, keysByResource } from '../../controllers/controller.ts';
import type { Node } from '../../controllers/kubernetes-shapes.ts';
import { ipFields, ipLabels, textOf } from './create-pod-controller.ts';
import { fieldManager, finalizer, group, isDeleting, marks, names, withFinalizer } from './kinds.ts';
import type { OvnWorld } from './ovn-world.ts';

const nodePrefix = 'node-';

/** Gives back the addresses of IPs that are deleted, and gives each node one of the subnet `join`. */
export function createIpController({ context, kinds, book, newMac }: OvnWorld): Controller {
  const { ips, subnets } = kinds;
  const nodes = context.kind<Node>('', 'nodes', fieldManager);

  function joinNode(node: Node): void {
    const subnet = subnets.get(undefined, names.nodeSubnet);
    const port = `${nodePrefix}${node.metadata.name}`;
    if (subnet === undefined || ips.get(undefined, port) !== undefined) return;
    const taken = book.take(subnet, port);
    if ('problem' in taken) return;
    const mac = newMac();
    ips.create({
      apiVersion: `${group}/v1`,
      kind: 'IP',
      metadata: {
        name: port,
        labels: ipLabels(names.nodeSubnet, node.metadata.name),
        finalizers: [finalizer],
        ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: node.metadata.name, uid: node.metadata.uid ?? '' }],
      },
      spec: {
        podName: node.metadata.name,
        namespace: '',
        nodeName: node.metadata.name,
        subnet: names.nodeSubnet,
        ...ipFields(taken.lease, mac),
        podType: '',
      },
    });
    const annotations = {
      ...node.metadata.annotations,
      'ovn.kubernetes.io/allocated': 'true',
      'ovn.kubernetes.io/ip_address': textOf(taken.lease),
      'ovn.kubernetes.io/mac_address': mac,
      'ovn.kubernetes.io/gateway': subnet.spec?.gateway ?? '',
      'ovn.kubernetes.io/port_name': port,
      [marks.cidr]: subnet.spec?.cidrBlock ?? '',
      [marks.logicalSwitch]: names.nodeSubnet,
    };
    nodes.update({ ...node, metadata: { ...node.metadata, annotations } });
  }

  return {
    name: 'kube-ovn-ip',
    keysOf: keysByResource({
      [`ips.${group}`]: ({ metadata }) => [metadata.name],
      nodes: ({ metadata }, { type }) => (type === 'MODIFIED' ? [] : [`${nodePrefix}${metadata.name}`]),
    }),
    reconcile(name) {
      const ip = ips.get(undefined, name);
      if (ip === undefined) {
        const node = name.startsWith(nodePrefix) ? nodes.get(undefined, name.slice(nodePrefix.length)) : undefined;
        if (node !== undefined) joinNode(node);
        return undefined;
      }
      if (!isDeleting(ip)) return undefined;
      book.release(ip.spec.subnet ?? '', name);
      ips.update(withFinalizer(ip, false));
      return undefined;
    },
  };
}
