import { type Controller, keysByResource } from '../../controllers/controller.ts';
import type { Node } from '../../controllers/kubernetes-shapes.ts';
import { fieldManager, group, type ProviderNetwork, type Subnet, type Vlan } from './kinds.ts';
import type { OvnWorld } from './ovn-world.ts';

/** Plugs nodes into physical networks, and tells Vlans that meet in one. */
export function createUnderlayController({ context, kinds }: OvnWorld): Controller {
  const networks = context.kind<ProviderNetwork>(group, 'provider-networks', fieldManager);
  const nodes = context.kind<Node>('', 'nodes', fieldManager);
  const { vlans, subnets } = kinds;

  function lookAtVlan(vlan: Vlan): void {
    const { id = 0, provider } = vlan.spec ?? {};
    const isRival = (other: Vlan): boolean =>
      other.metadata.name !== vlan.metadata.name && other.spec?.provider === provider && (other.spec?.id ?? 0) === id;
    // Of two that meet the older one stays.
    const conflict =
      id !== 0 &&
      vlans.list().some((other) => isRival(other) && isOlder(other, vlan) && other.status?.conflict !== true);
    const own = subnets.list().filter(({ spec }) => spec?.vlan === vlan.metadata.name);
    vlans.updateStatus(vlan, { conflict, subnets: own.map(({ metadata }) => metadata.name).sort() });
  }

  function lookAtNetwork(network: ProviderNetwork): void {
    const excluded = network.spec?.excludeNodes ?? [];
    const readyNodes = nodes
      .list()
      .map(({ metadata }) => metadata.name)
      .filter((name) => !excluded.includes(name));
    const own = vlans
      .list()
      .filter(({ spec, status }) => spec?.provider === network.metadata.name && status?.conflict !== true);
    networks.updateStatus(network, { ready: true, readyNodes, vlans: own.map(({ metadata }) => metadata.name) });
  }

  const allNetworks = (): string[] => networks.list().map(({ metadata }) => `provider-networks/${metadata.name}`);
  const allVlans = (): string[] => vlans.list().map(({ metadata }) => `vlans/${metadata.name}`);
  return {
    name: 'kube-ovn-underlay',
    keysOf: keysByResource({
      [`vlans.${group}`]: () => [...allVlans(), ...allNetworks()],
      [`provider-networks.${group}`]: allNetworks,
      [`subnets.${group}`]: (object) => ((object as Subnet).spec?.vlan === undefined ? [] : allVlans()),
      nodes: (_object, { type }) => (type === 'MODIFIED' ? [] : allNetworks()),
    }),
    reconcile(key) {
      const [plural, name = ''] = key.split('/');
      const vlan = plural === 'vlans' ? vlans.get(undefined, name) : undefined;
      const network = plural === 'vlans' ? undefined : networks.get(undefined, name);
      if (vlan !== undefined) lookAtVlan(vlan);
      if (network !== undefined) lookAtNetwork(network);
      return undefined;
    },
  };
}

function isOlder({ metadata: one }: Vlan, { metadata: other }: Vlan): boolean {
  const [left, right] = [one.creationTimestamp ?? '', other.creationTimestamp ?? ''];
  return left === right ? one.name < other.name : left < right;
}
