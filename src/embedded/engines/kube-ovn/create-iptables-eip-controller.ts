import { type Controller, keysByResource } from '../../controllers/controller.ts';
import type { ClusterObject } from '../../store/types.ts';
import {
  group,
  type IptablesEip,
  type IptablesRule,
  iptablesPlurals,
  isDeleting,
  marks,
  names,
  withFinalizer,
} from './kinds.ts';
import type { OvnWorld } from './ovn-world.ts';

/**
 * Gives EIPs of NAT gateways an address of the external subnet, once the gateway's pod runs. An EIP that is deleted stays
 * until no rule uses it; when the subnet has no address left the EIP is just not ready: only the log says why.
 */
export function createIptablesEipController(world: OvnWorld): Controller {
  const { kinds, book, newMac, gatewayPod, complain, calm } = world;
  const { eips, subnets, gateways, iptablesRules } = kinds;

  /** How rules use the address: `dnat,fip,snat`, or what there is of it. */
  function usesOf({ spec }: IptablesEip): string {
    const isUser = ({ metadata }: IptablesRule): boolean => metadata.labels?.[marks.eipV4] === spec?.v4ip;
    if ((spec?.v4ip ?? '') === '') return '';
    const uses = [
      iptablesRules['iptables-dnat-rules'].list().some(isUser) ? 'dnat' : '',
      iptablesRules['iptables-fip-rules'].list().some(isUser) ? 'fip' : '',
      iptablesRules['iptables-snat-rules'].list().some(isUser) ? 'snat' : '',
    ];
    return uses.filter((use) => use !== '').join(',');
  }

  function assign(eip: IptablesEip): string | undefined {
    const { name, labels } = eip.metadata;
    const spec = eip.spec ?? {};
    const wanted = subnetNameOf(eip);
    const subnet = subnets.get(undefined, wanted);
    if (subnet === undefined) return `subnet.${group} "${wanted}" not found`;
    const pod = gatewayPod(spec.natGwDp ?? '');
    if ('problem' in pod) return pod.problem;
    const taken = book.take(subnet, ownerOf(name), spec.v4ip);
    if ('problem' in taken) return taken.problem;
    const { v4, v6 } = taken.lease;
    if (v4 === '') return `subnet ${wanted} does not support ipv4`;
    const held = withFinalizer(eip, true);
    const written = eips.update({
      ...held,
      metadata: {
        ...held.metadata,
        labels: {
          ...labels,
          [marks.subnet]: wanted,
          [marks.natGatewayName]: spec.natGwDp ?? '',
          [marks.eipV4]: v4,
          'ovn.kubernetes.io/qos': spec.qosPolicy ?? '',
        },
      },
      spec: { ...spec, v4ip: v4, v6ip: v6, macAddress: spec.macAddress ?? newMac(), externalSubnet: wanted },
    });
    eips.updateStatus(written, { ready: true, ip: v4, nat: '', redo: '', qosPolicy: spec.qosPolicy ?? '' });
    return undefined;
  }

  function follow(eip: IptablesEip): string | undefined {
    const spec = eip.spec ?? {};
    const address = eip.status?.ip ?? '';
    if ((spec.v4ip ?? '') !== address) {
      return `not support eip change ip, old ip '${address}', new ip '${spec.v4ip ?? ''}'`;
    }
    eips.updateStatus(eip, { ...eip.status, nat: usesOf(eip), qosPolicy: spec.qosPolicy ?? '' });
    return undefined;
  }

  function letGo(eip: IptablesEip): string | undefined {
    const wanted = subnetNameOf(eip);
    if (subnets.get(undefined, wanted) === undefined) return `subnet.${group} "${wanted}" not found`;
    const nat = usesOf(eip);
    const current = eip.status === undefined ? eip : eips.updateStatus(eip, { ...eip.status, nat });
    if (nat !== '') return undefined;
    const gateway = eip.spec?.natGwDp ?? '';
    // With the gateway itself gone there is nothing to clean up in its pod.
    if (gateways.get(undefined, gateway) !== undefined) {
      const pod = gatewayPod(gateway);
      if ('problem' in pod) return pod.problem;
    }
    book.release(ownerOf(eip.metadata.name));
    const freed = withFinalizer(current, false);
    if (freed !== current) eips.update(freed);
    return undefined;
  }

  const ofRule = (object: ClusterObject | undefined): string[] => {
    const rule = object as IptablesRule | undefined;
    return [rule?.spec?.eip, rule?.metadata.annotations?.[marks.eip]].flatMap((name) => name ?? []);
  };

  return {
    name: 'kube-ovn-iptables-eip',
    keysOf: keysByResource({
      [`iptables-eips.${group}`]: ({ metadata }) => [metadata.name],
      ...Object.fromEntries(
        iptablesPlurals.map((plural) => [
          `${plural}.${group}`,
          (object: ClusterObject, { previous }: { readonly previous: ClusterObject | undefined }) => [
            ...ofRule(object),
            ...ofRule(previous),
          ],
        ]),
      ),
      pods: ({ metadata }) => {
        const gateway = metadata.annotations?.[marks.natGateway];
        if (gateway === undefined) return [];
        return eips
          .list()
          .filter(({ spec }) => spec?.natGwDp === gateway)
          .map((eip) => eip.metadata.name);
      },
    }),
    reconcile(name) {
      const eip = eips.get(undefined, name);
      if (eip === undefined) book.release(ownerOf(name));
      const step =
        eip === undefined ? undefined : isDeleting(eip) ? letGo : eip.status?.ip === undefined ? assign : follow;
      const problem = eip === undefined ? undefined : step?.(eip);
      if (problem !== undefined) return complain(`eip ${name}`, problem);
      calm(`eip ${name}`);
      return undefined;
    },
  };
}

function subnetNameOf({ spec }: IptablesEip): string {
  return (spec?.externalSubnet ?? '') === '' ? names.natSubnet : (spec?.externalSubnet ?? '');
}

function ownerOf(name: string): string {
  return `eip/${name}`;
}
