import type { Node } from './kubernetes-shapes.ts';
import { reportConditions } from './node-conditions.ts';

const kubernetesVersion = 'v1.36.2';

/** The names and zones of the simulated nodes: two nodes in the first zone for each in the second. */
export function nodeName(index: number): string {
  const zone = index % 3 === 2 ? 'b' : 'a';
  const number = zone === 'b' ? Math.floor(index / 3) + 1 : Math.floor(index / 3) * 2 + (index % 3) + 1;
  return `embedded-${zone}${number}`;
}

/** A node as its kubelet registers it. The status follows separately, as on any cluster. */
export function buildNode(index: number): object {
  const name = nodeName(index);
  const zone = name.startsWith('embedded-b') ? 'embedded-b' : 'embedded-a';
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/os': 'linux',
        'kubernetes.io/hostname': name,
        'node.kubernetes.io/instance-type': 'embedded.large',
        'topology.kubernetes.io/region': 'embedded',
        'topology.kubernetes.io/zone': zone,
      },
      annotations: { 'node.alpha.kubernetes.io/ttl': '0' },
    },
    spec: { ...podNetwork(index), providerID: `embedded://${zone}/${name}` },
  };
}

/** The pod network of the node with this index: one /24 of 10.244.0.0/16. */
export function podNetwork(index: number): { readonly podCIDR: string; readonly podCIDRs: readonly string[] } {
  const podCIDR = `10.244.${index}.0/24`;
  return { podCIDR, podCIDRs: [podCIDR] };
}

/** What a kubelet reports of a healthy node with eight cores and 32 GiB. */
export function buildNodeStatus(node: Node, index: number, nowMs: number) {
  const machine = uuidFrom(node.metadata.uid ?? node.metadata.name);
  return {
    ...node.status,
    capacity: {
      cpu: '8',
      'ephemeral-storage': '102350Mi',
      'hugepages-1Gi': '0',
      'hugepages-2Mi': '0',
      memory: '32Gi',
      pods: '110',
    },
    allocatable: {
      cpu: '7800m',
      'ephemeral-storage': '92115Mi',
      'hugepages-1Gi': '0',
      'hugepages-2Mi': '0',
      memory: '31Gi',
      pods: '110',
    },
    conditions: reportConditions(node, nowMs).conditions,
    addresses: [
      { type: 'InternalIP', address: `10.89.${Math.floor(index / 200)}.${10 + (index % 200)}` },
      { type: 'Hostname', address: node.metadata.name },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: {
      architecture: 'amd64',
      bootID: machine,
      containerRuntimeVersion: 'containerd://2.1.4',
      kernelVersion: '6.12.0-embedded',
      kubeProxyVersion: '',
      kubeletVersion: kubernetesVersion,
      machineID: machine.replaceAll('-', ''),
      operatingSystem: 'linux',
      osImage: 'Longshore embedded node',
      systemUUID: machine,
    },
  };
}

/** The uid itself where it looks like one; a node's machine keeps its identity as long as the object does. */
function uuidFrom(uid: string): string {
  return /^[0-9a-f-]{36}$/.test(uid) ? uid : '00000000-0000-4000-8000-000000000000';
}
