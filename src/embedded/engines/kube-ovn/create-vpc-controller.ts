import { type Controller, keysByResource } from '../../controllers/controller.ts';
import type { ClusterObject } from '../../store/types.ts';
import { parseAddress, parseNetwork } from './address-math.ts';
import { group, isDeleting, isOvnSubnet, names, type Subnet, type Vpc, withFinalizer } from './kinds.ts';
import type { OvnWorld } from './ovn-world.ts';

/**
 * Makes the router of a Vpc and lists its subnets. As in the original, a Vpc may go as soon as all its subnets are marked
 * for deletion, and nobody asks for NAT rules of its router: those are stranded then.
 */
export function createVpcController({ kinds, complain, calm }: OvnWorld): Controller {
  const { vpcs, subnets } = kinds;

  function statusOf(vpc: Vpc): object {
    const { name } = vpc.metadata;
    const spec = vpc.spec ?? {};
    const own = subnets
      .list()
      .filter((subnet) => subnet.spec?.vpc === name && !isDeleting(subnet) && isOvnSubnet(subnet));
    const isDefault = name === names.defaultVpc;
    const chosen = own.find(
      ({ metadata, spec: subnet }) =>
        subnet?.default === true || (!isDefault && metadata.name === (spec.defaultSubnet ?? '')),
    );
    const balancer = (kind: string): string =>
      isDefault ? `cluster-${kind.replace('sess', 'session')}-loadbalancer` : `vpc-${name}-${kind}-load`;
    return {
      ...vpc.status,
      standby: true,
      default: isDefault,
      router: name,
      subnets: own.map(({ metadata }) => metadata.name).sort(),
      defaultLogicalSwitch: chosen?.metadata.name ?? '',
      vpcPeerings: (spec.vpcPeerings ?? []).map(({ remoteVpc }) => remoteVpc ?? ''),
      enableExternal: spec.enableExternal ?? false,
      enableBfd: spec.enableBfd ?? false,
      extraExternalSubnets: [...(spec.extraExternalSubnets ?? [])],
      tcpLoadBalancer: balancer('tcp'),
      tcpSessionLoadBalancer: balancer('tcp-sess'),
      udpLoadBalancer: balancer('udp'),
      udpSessionLoadBalancer: balancer('udp-sess'),
      sctpLoadBalancer: balancer('sctp'),
      sctpSessionLoadBalancer: balancer('sctp-sess'),
    };
  }

  const ofSubnet = (object: ClusterObject | undefined): string[] => {
    const vpc = (object as Subnet | undefined)?.spec?.vpc;
    return vpc === undefined ? [] : [vpc];
  };

  return {
    name: 'kube-ovn-vpc',
    keysOf: keysByResource({
      [`vpcs.${group}`]: ({ metadata }) => [metadata.name],
      [`subnets.${group}`]: (object, { previous }) => [...ofSubnet(object), ...ofSubnet(previous)],
    }),
    reconcile(name) {
      const key = `vpc ${name}`;
      const vpc = vpcs.get(undefined, name);
      if (vpc === undefined) {
        calm(key);
        return undefined;
      }
      const problem = routeProblem(vpc);
      if (problem !== undefined) return complain(key, problem);
      calm(key);
      const held = isDeleting(vpc) ? vpc : withFinalizer(vpc, true);
      const current = vpcs.updateStatus(held === vpc ? vpc : vpcs.update(held), statusOf(vpc));
      if (isDeleting(current) && (current.status?.subnets ?? []).length === 0) {
        vpcs.update(withFinalizer(current, false));
      }
      return undefined;
    },
  };
}

function routeProblem({ spec }: Vpc): string | undefined {
  for (const { policy, cidr = '', nextHopIP = '' } of spec?.staticRoutes ?? []) {
    if (!['', 'policyDst', 'policySrc'].includes(policy ?? '')) return `unknown policy type: "${policy}"`;
    if (cidr.includes('/') ? parseNetwork(cidr) === undefined : parseAddress(cidr) === undefined) {
      return `invalid ${cidr.includes('/') ? 'cidr' : 'ip'} "${cidr}"`;
    }
    if (parseAddress(nextHopIP) === undefined) return `invalid next hop ip "${nextHopIP}"`;
  }
  const peer = (spec?.vpcPeerings ?? []).find(({ localConnectIP }) => parseNetwork(localConnectIP ?? '') === undefined);
  return peer === undefined ? undefined : `invalid cidr ${peer.localConnectIP ?? ''}`;
}
