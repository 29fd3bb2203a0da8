import type { EmbeddedEngine, EngineObject } from '../engine.ts';
import { createIpController } from './create-ip-controller.ts';
import { createIptablesEipController } from './create-iptables-eip-controller.ts';
import { createIptablesRuleController } from './create-iptables-rule-controller.ts';
import { createNamespaceController } from './create-namespace-controller.ts';
import { createNatGatewayController } from './create-nat-gateway-controller.ts';
import { createOvnNatController } from './create-ovn-nat-controller.ts';
import { createPodController } from './create-pod-controller.ts';
import { createPoolController } from './create-pool-controller.ts';
import { createSecurityGroupController } from './create-security-group-controller.ts';
import { createSubnetController } from './create-subnet-controller.ts';
import { createSwitchLbController } from './create-switch-lb-controller.ts';
import { createUnderlayController } from './create-underlay-controller.ts';
import { createVipController } from './create-vip-controller.ts';
import { createVpcController } from './create-vpc-controller.ts';
import { createVpcDnsController } from './create-vpc-dns-controller.ts';
import { group, names, type SubnetSpec } from './kinds.ts';
import { natDefinitions } from './nat-definitions.ts';
import { networkDefinitions } from './network-definitions.ts';
import { createOvnWorld } from './ovn-world.ts';
import { podAddressOf } from './pod-address.ts';
import { createSubnetCounter, createSubnetUse } from './subnet-use.ts';

const outsideProvider = `${names.natSubnet}.${names.system}`;

/** Kube-OVN 1.16 as the network of the cluster: Vpcs, subnets, addresses of pods, gateways, EIPs and NAT rules. */
export const kubeOvnEngine: EmbeddedEngine = {
  name: 'kube-ovn',
  objects: [
    ...networkDefinitions,
    ...natDefinitions,
    { apiVersion: `${group}/v1`, kind: 'Vpc', metadata: { name: names.defaultVpc }, spec: {} },
    subnet(names.defaultSubnet, {
      vpc: names.defaultVpc,
      default: true,
      provider: 'ovn',
      cidrBlock: '10.16.0.0/16',
      gateway: '10.16.0.1',
      excludeIps: ['10.16.0.1'],
      natOutgoing: true,
      gatewayType: 'distributed',
      protocol: 'IPv4',
      enableLb: true,
    }),
    subnet(names.nodeSubnet, {
      vpc: names.defaultVpc,
      default: false,
      provider: 'ovn',
      cidrBlock: '100.64.0.0/16',
      gateway: '100.64.0.1',
      excludeIps: ['100.64.0.1'],
      protocol: 'IPv4',
    }),
    // What an administrator adds so that gateways have an outside: addresses for documentation (RFC 5737).
    subnet(names.natSubnet, {
      provider: outsideProvider,
      cidrBlock: '192.0.2.0/25',
      gateway: '192.0.2.1',
      protocol: 'IPv4',
    }),
    subnet(names.externalSubnet, {
      vpc: names.defaultVpc,
      provider: 'ovn',
      cidrBlock: '192.0.2.128/25',
      gateway: '192.0.2.129',
      protocol: 'IPv4',
    }),
    {
      apiVersion: 'k8s.cni.cncf.io/v1',
      kind: 'NetworkAttachmentDefinition',
      metadata: { name: names.natSubnet, namespace: names.system },
      spec: {
        config: JSON.stringify({
          cniVersion: '0.3.0',
          type: 'macvlan',
          master: 'eth1',
          mode: 'bridge',
          ipam: { type: 'kube-ovn', provider: outsideProvider },
        }),
      },
    },
    configMap('ovn-vpc-nat-gw-config', { 'enable-vpc-nat-gw': 'true' }),
    configMap('ovn-vpc-nat-config', { image: 'docker.io/kubeovn/vpc-nat-gateway:v1.16.2' }),
  ],
  createControllers(context) {
    const world = createOvnWorld(context);
    const use = createSubnetUse(world);
    context.podNetwork.register(podAddressOf);
    return [
      createVpcController(world),
      createSubnetController(world, use),
      createSubnetCounter(world, use),
      createNamespaceController(world),
      createPodController(world),
      createIpController(world),
      createVipController(world),
      createPoolController(world),
      createNatGatewayController(world),
      createIptablesEipController(world),
      createIptablesRuleController(world),
      createOvnNatController(world),
      createSwitchLbController(world),
      createUnderlayController(world),
      createSecurityGroupController(world),
      createVpcDnsController(world),
    ];
  },
};

function subnet(name: string, spec: SubnetSpec): EngineObject {
  return { apiVersion: `${group}/v1`, kind: 'Subnet', metadata: { name }, spec };
}

function configMap(name: string, data: Readonly<Record<string, string>>): EngineObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: names.system }, data };
}
