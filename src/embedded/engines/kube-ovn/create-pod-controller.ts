import { type Controller, keyOf, keysByResource, ownKey, splitKey } from '../../controllers/controller.ts';
import { createObjectIndex } from '../../controllers/create-object-index.ts';
import type { Namespace, Pod, StatefulSet } from '../../controllers/kubernetes-shapes.ts';
import { isFinished } from '../../controllers/pod-state.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { Lease, TakenAddress } from './create-address-book.ts';
import { decideNamespaceSubnets } from './decide-namespace-subnets.ts';
import { fieldManager, finalizer, group, type Ip, marks, ovnProvider, type Subnet } from './kinds.ts';
import type { OvnWorld } from './ovn-world.ts';
import { type PodNetwork, podNetworks, podTypeOf, wantedAddresses, wantedPool } from './pod-networks.ts';
import { scopeOf } from './pool-ranges.ts';

/**
 * Gives pods their addresses, writes them on the pod and into an IP of its own, and takes them back when the pod has ended.
 * A pod of a StatefulSet that is made again gets the address it had.
 */
export function createPodController(world: OvnWorld): Controller {
  const { context, kinds, book, complain, calm } = world;
  const { ips, subnets, vpcs } = kinds;
  const pods = context.kind<Pod>('', 'pods', fieldManager);
  const namespaces = context.kind<Namespace>('', 'namespaces', fieldManager);
  const statefulSets = context.kind<StatefulSet>('apps', 'statefulsets', fieldManager);
  const ofPod = createObjectIndex<Ip>(context.store, ips.resource, podKeys);
  const waiting = new Set<string>();

  function candidates(pod: Pod, { provider, annotation }: PodNetwork): Subnet[] {
    const named = pod.metadata.annotations?.[annotation('logical_switch')] ?? '';
    if (named !== '') return [subnets.get(undefined, named)].filter((subnet) => subnet !== undefined);
    if (provider !== ovnProvider) return subnets.list().filter(({ spec }) => spec?.provider === provider);
    const namespace = namespaces.get(undefined, pod.metadata.namespace ?? '');
    return namespace === undefined ? [] : decideNamespaceSubnets(namespace, subnets.list(), vpcs.list());
  }

  /** The first address that one of the subnets gives; the last one's reason where none does. */
  function take(
    pod: Pod,
    network: PodNetwork,
    from: readonly Subnet[],
  ): { subnet: Subnet; taken: TakenAddress } | undefined {
    const pool = wantedPool(pod, network);
    const wanted = pool === undefined ? wantedAddresses(pod, network) : [];
    const tries = from.flatMap((subnet) =>
      (wanted.length === 0 ? [undefined] : wanted).map((address) => ({ subnet, address })),
    );
    let last: { subnet: Subnet; taken: TakenAddress } | undefined;
    for (const { subnet, address } of tries) {
      const scope = scopeOf(kinds.pools.list(), subnet, pod.metadata.namespace ?? '', pool);
      const taken =
        scope === undefined
          ? { problem: 'IPPoolNotFound' as const }
          : book.take(subnet, network.ipName, address, scope);
      last = { subnet, taken };
      if ('lease' in taken) return last;
    }
    return last;
  }

  function isAllocated(pod: Pod, { annotation }: PodNetwork): boolean {
    return pod.metadata.annotations?.[annotation('allocated')] === 'true';
  }

  function allocate(pod: Pod, network: PodNetwork): Pod | string {
    const found = take(pod, network, candidates(pod, network));
    if (found === undefined) return 'NoSubnet';
    if ('problem' in found.taken) return found.taken.problem;
    const { subnet, taken } = found;
    const mac = pod.metadata.annotations?.[network.annotation('mac_address')] ?? macOf(network) ?? world.newMac();
    writeIp(pod, network, subnet, taken.lease, mac);
    const { annotation } = network;
    const vpc = subnet.spec?.vpc ?? '';
    const annotations = {
      ...pod.metadata.annotations,
      [annotation('allocated')]: 'true',
      [annotation('ip_address')]: textOf(taken.lease),
      [annotation('mac_address')]: mac,
      [annotation('cidr')]: subnet.spec?.cidrBlock ?? '',
      [annotation('gateway')]: subnet.spec?.gateway ?? '',
      ...(network.provider === ovnProvider
        ? {
            [annotation('logical_switch')]: subnet.metadata.name,
            ...(vpc === '' ? {} : { [annotation('logical_router')]: vpc }),
            [annotation('pod_nic_type')]: 'veth-pair',
            [annotation('routed')]: 'true',
          }
        : {}),
    };
    return pods.update({ ...pod, metadata: { ...pod.metadata, annotations } });
  }

  function macOf({ ipName }: PodNetwork): string | undefined {
    return ips.get(undefined, ipName)?.spec.macAddress;
  }

  function writeIp(pod: Pod, { ipName }: PodNetwork, subnet: Subnet, lease: Lease, mac: string): void {
    const { name, namespace = '' } = pod.metadata;
    const present = ips.get(undefined, ipName);
    const nodeName = pod.spec.nodeName ?? '';
    const metadata = {
      name: ipName,
      labels: {
        ...present?.metadata.labels,
        ...ipLabels(subnet.metadata.name, nodeName),
        [marks.ipReserved]: present?.metadata.labels?.[marks.ipReserved] ?? 'false',
      },
      finalizers: [finalizer],
    };
    const spec = {
      podName: name,
      namespace,
      nodeName,
      subnet: subnet.metadata.name,
      ...ipFields(lease, mac),
      podType: podTypeOf(pod),
    };
    if (present === undefined) ips.create({ apiVersion: `${group}/v1`, kind: 'IP', metadata, spec });
    else ips.update({ ...present, metadata: { ...present.metadata, ...metadata }, spec });
  }

  /** The node is known after the address is. */
  function tellNode(pod: Pod): void {
    const nodeName = pod.spec.nodeName ?? '';
    for (const ip of ofPod.get(keyOf(pod))) {
      if (nodeName === '' || ip.spec.nodeName === nodeName) continue;
      const labels = { ...ip.metadata.labels, [marks.nodeName]: nodeName };
      ips.update({ ...ip, metadata: { ...ip.metadata, labels }, spec: { ...ip.spec, nodeName } });
    }
  }

  /** Whether the address is reserved for the pod's name, or a StatefulSet will make the pod again. */
  function isAwaited(ip: Ip): boolean {
    if (ip.metadata.labels?.[marks.ipReserved] === 'true') return true;
    if (ip.spec.podType !== 'StatefulSet') return false;
    const { podName = '', namespace } = ip.spec;
    const dash = podName.lastIndexOf('-');
    const owner = statefulSets.get(namespace, podName.slice(0, dash));
    if (owner === undefined || owner.metadata.deletionTimestamp !== undefined) return false;
    return Number(podName.slice(dash + 1)) < (owner.spec.ordinals?.start ?? 0) + (owner.spec.replicas ?? 1);
  }

  function giveBack(key: string): void {
    waiting.delete(key);
    for (const ip of ofPod.get(key)) {
      if (ip.metadata.deletionTimestamp === undefined && !isAwaited(ip)) ips.delete(ip);
    }
  }

  const waitingKeys = (): string[] => [...waiting];
  const podsOfSet = (object: ClusterObject): string[] =>
    ips
      .list()
      .filter(({ spec }) => spec.podType === 'StatefulSet' && spec.namespace === object.metadata.namespace)
      .filter(({ spec }) => spec.podName?.slice(0, spec.podName.lastIndexOf('-')) === object.metadata.name)
      .flatMap(podKeys);

  return {
    name: 'kube-ovn-pod',
    keysOf: keysByResource({
      pods: ownKey,
      'statefulsets.apps': (object, { type, previous }) =>
        type === 'DELETED' || previous?.metadata.generation !== object.metadata.generation ? podsOfSet(object) : [],
      [`subnets.${group}`]: (object, { previous }) =>
        previous?.metadata.generation === object.metadata.generation ? [] : waitingKeys(),
      [`ippools.${group}`]: waitingKeys,
      [`ips.${group}`]: (object, { type }) => (type === 'DELETED' ? [...podKeys(object as Ip), ...waiting] : []),
      [`vips.${group}`]: waitingKeys,
    }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const pod = pods.get(namespace, name);
      if (pod === undefined || isFinished(pod)) {
        giveBack(key);
        calm(`pod ${key}`);
        return undefined;
      }
      if (pod.spec.hostNetwork === true || pod.metadata.deletionTimestamp !== undefined) return undefined;
      const networks = podNetworks(pod, subnets.list());
      // What ran before Kube-OVN came keeps the address of its node's network.
      const [own] = networks;
      if (pod.status?.podIP !== undefined && own !== undefined && !isAllocated(pod, own)) return undefined;
      let current = pod;
      for (const network of networks) {
        if (isAllocated(current, network)) continue;
        // The end of a namesake's address wakes the pod.
        if (ips.get(undefined, network.ipName)?.metadata.deletionTimestamp !== undefined) return undefined;
        const answer = allocate(current, network);
        if (typeof answer === 'string') {
          waiting.add(key);
          const event = { type: 'Warning', reason: 'AcquireAddressFailed', message: answer } as const;
          context.events.record(current, { ...event, component: fieldManager });
          return complain(`pod ${key}`, answer);
        }
        current = answer;
      }
      waiting.delete(key);
      calm(`pod ${key}`);
      tellNode(current);
      return undefined;
    },
  };
}

export function ipLabels(subnet: string, node: string): Readonly<Record<string, string>> {
  return { [marks.subnet]: subnet, [marks.nodeName]: node, [subnet]: '', [marks.ipReserved]: 'false' };
}

/** Address fields of an IP. */
export function ipFields(lease: Lease, macAddress: string) {
  return {
    ipAddress: textOf(lease),
    v4IpAddress: lease.v4,
    v6IpAddress: lease.v6,
    macAddress,
    attachIps: [],
    attachMacs: [],
    attachSubnets: [],
  };
}

/** `v4,v6`, or what there is of it. */
export function textOf({ v4, v6 }: Lease): string {
  return [v4, v6].filter((address) => address !== '').join(',');
}

function podKeys({ spec }: Ip): string[] {
  return spec.namespace === undefined || spec.namespace === '' ? [] : [`${spec.namespace}/${spec.podName ?? ''}`];
}
