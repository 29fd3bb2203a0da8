import { type Controller, keysByResource } from '../../controllers/controller.ts';
import type { Deployment } from '../../controllers/kubernetes-shapes.ts';
import { fieldManager, group, names, type SwitchLbRule, type VpcDns } from './kinds.ts';
import type { OvnWorld } from './ovn-world.ts';

/** The address that name servers answer at in every Vpc. */
const dnsVip = '10.96.0.3';
const image = 'registry.k8s.io/coredns/coredns:v1.12.4';

/** Runs a name server for a Vpc, one at most. */
export function createVpcDnsController({ context, kinds, complain, calm }: OvnWorld): Controller {
  const servers = context.kind<VpcDns>(group, 'vpc-dnses', fieldManager);
  const deployments = context.kind<Deployment>('apps', 'deployments', fieldManager);
  const balancers = context.kind<SwitchLbRule>(group, 'switch-lb-rules', fieldManager);

  function problemOf({ metadata, spec }: VpcDns): string | undefined {
    const { vpc = '', subnet = '' } = spec ?? {};
    if (kinds.vpcs.get(undefined, vpc) === undefined)
      return `failed to get vpc '${vpc}', err: vpc.${group} "${vpc}" not found`;
    if (kinds.subnets.get(undefined, subnet) === undefined) {
      return `failed to get subnet '${subnet}', err: subnet.${group} "${subnet}" not found`;
    }
    const rival = servers.list().find((other) => {
      const isActive = (other.status as { readonly active?: boolean } | undefined)?.active === true;
      return isActive && other.spec?.vpc === vpc && other.metadata.name !== metadata.name;
    });
    if (rival === undefined) return undefined;
    return `failed to deploy ${metadata.name}, only one vpc-dns can be deployed in a vpc`;
  }

  function run(dns: VpcDns): void {
    const name = workloadName(dns.metadata.name);
    const labels = { 'k8s-app': name };
    if (deployments.get(names.system, name) === undefined) {
      deployments.create({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name, namespace: names.system, labels },
        spec: {
          replicas: dns.spec?.replicas ?? 1,
          selector: { matchLabels: labels },
          template: {
            metadata: {
              labels,
              annotations: { 'ovn.kubernetes.io/logical_switch': dns.spec?.subnet ?? '' },
            },
            spec: { containers: [{ name: 'coredns', image, args: ['-conf', '/etc/coredns/Corefile'] }] },
          },
        },
      });
    }
    if (balancers.get(undefined, name) === undefined) {
      const port = (protocol: string, portName: string) => ({ name: portName, port: 53, targetPort: 53, protocol });
      balancers.create({
        apiVersion: `${group}/v1`,
        kind: 'SwitchLBRule',
        metadata: { name },
        spec: {
          vip: dnsVip,
          namespace: names.system,
          selector: [`k8s-app: ${name}`],
          ports: [port('UDP', 'dns'), port('TCP', 'dns-tcp')],
        },
      });
    }
  }

  return {
    name: 'kube-ovn-vpc-dns',
    keysOf: keysByResource({ [`vpc-dnses.${group}`]: ({ metadata }) => [metadata.name] }),
    reconcile(name) {
      const dns = servers.get(undefined, name);
      if (dns === undefined) {
        const deployment = deployments.get(names.system, workloadName(name));
        const balancer = balancers.get(undefined, workloadName(name));
        if (deployment !== undefined) deployments.delete(deployment, { propagationPolicy: 'Background' });
        if (balancer !== undefined) balancers.delete(balancer);
        calm(`vpc-dns ${name}`);
        return undefined;
      }
      const problem = problemOf(dns);
      servers.updateStatus(dns, { ...(dns.status as object | undefined), active: problem === undefined });
      if (problem !== undefined) return complain(`vpc-dns ${name}`, problem);
      calm(`vpc-dns ${name}`);
      run(dns);
      return undefined;
    },
  };
}

function workloadName(name: string): string {
  return `vpc-dns-${name}`;
}
