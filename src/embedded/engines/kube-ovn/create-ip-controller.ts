import { type Controller, keysByResource } from '../../controllers/controller.ts';
import type { Node } from '../../controllers/kubernetes-shapes.ts';
import { ipFields, ipLabels, textOf } from './create-pod-controller.ts';
import { fieldManager, finalizer, group, type Ip, isDeleting, marks, names, withFinalizer } from './kinds.ts';
import type { OvnWorld } from './ovn-world.ts';

const nodePrefix = 'node-';

/**
 * Gives back the addresses of IPs that are deleted, gives each node one of the subnet `join`, and keeps those that
 * somebody reserves for a pod by making an IP of its name (`<pod>.<namespace>`).
 */
export function createIpController({ context, kinds, book, newMac, complain, calm }: OvnWorld): Controller {
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

  function reserve(ip: Ip): string | undefined {
    const { podName = '', namespace = '', podType = '', nodeName = '', v4IpAddress = '', v6IpAddress = '' } = ip.spec;
    if ((ip.spec.subnet ?? '') === '') return 'subnet parameter cannot be empty';
    if (!['', 'StatefulSet', 'VirtualMachine'].includes(podType)) return `podType ${podType} is not supported`;
    const subnet = subnets.get(undefined, ip.spec.subnet ?? '');
    if (subnet === undefined)
      return `failed to get subnet ${ip.spec.subnet}: subnet.${group} "${ip.spec.subnet}" not found`;
    // An IP of another name is nobody's.
    if (ip.metadata.name !== `${podName}.${namespace}`) return undefined;
    const wanted = [v4IpAddress, v6IpAddress].filter((address) => address !== '').join(',');
    const taken = book.take(subnet, ip.metadata.name, wanted);
    if ('problem' in taken) return `failed to acquire ip address ${taken.problem}`;
    const labels = { ...ip.metadata.labels, ...ipLabels(subnet.metadata.name, nodeName), [marks.ipReserved]: 'true' };
    const held = withFinalizer(ip, true);
    const spec = { ...ip.spec, ...ipFields(taken.lease, ip.spec.macAddress ?? newMac()) };
    ips.update({ ...held, metadata: { ...held.metadata, labels }, spec });
    return undefined;
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
        // Also of one whose finalizer somebody took away.
        else book.release(name);
        return undefined;
      }
      if (!isDeleting(ip)) {
        const problem = (ip.metadata.finalizers ?? []).length === 0 ? reserve(ip) : undefined;
        if (problem !== undefined) return complain(`ip ${name}`, problem);
        calm(`ip ${name}`);
        return undefined;
      }
      book.release(name);
      ips.update(withFinalizer(ip, false));
      return undefined;
    },
  };
}
