import { canonicalJson } from '../../controllers/canonical-json.ts';
import { type Controller, keysByResource } from '../../controllers/controller.ts';
import type { Pod, StatefulSet } from '../../controllers/kubernetes-shapes.ts';
import { fieldManager, group, marks, names, type Subnet, type VpcNatGateway } from './kinds.ts';
import { gatewayWorkloadName, type OvnWorld } from './ovn-world.ts';

const image = 'docker.io/kubeovn/vpc-nat-gateway:v1.16.2';

/**
 * Runs each NAT gateway as a StatefulSet of one pod in kube-system; any change of the pod's part of the spec starts it anew.
 * A gateway has no finalizer and no owner references: its EIPs and rules stay behind it.
 */
export function createNatGatewayController({ context, kinds, complain, calm }: OvnWorld): Controller {
  const { gateways, vpcs, subnets } = kinds;
  const workloads = context.kind<StatefulSet>('apps', 'statefulsets', fieldManager);
  const pods = context.kind<Pod>('', 'pods', fieldManager);

  function run(gateway: VpcNatGateway): string | undefined {
    const { name } = gateway.metadata;
    const spec = gateway.spec ?? {};
    const missing = (kind: string, wanted: string): string =>
      `failed to get ${kind} '${wanted}', err: ${kind}.${group} "${wanted}" not found`;
    if (vpcs.get(undefined, spec.vpc ?? '') === undefined) return missing('vpc', spec.vpc ?? '');
    if (subnets.get(undefined, spec.subnet ?? '') === undefined) return missing('subnet', spec.subnet ?? '');
    const outside = subnets.get(undefined, spec.externalSubnets?.[0] ?? names.natSubnet);
    if (outside === undefined) return missing('subnet', spec.externalSubnets?.[0] ?? names.natSubnet);
    const wanted = workloadOf(gateway, outside);
    const present = workloads.get(names.system, gatewayWorkloadName(name));
    if (present === undefined) workloads.create(wanted);
    else if (canonicalJson(podPart(present)) !== canonicalJson(podPart(wanted))) {
      workloads.update({ ...present, spec: { ...present.spec, template: wanted.spec.template } });
    }
    gateways.updateStatus(gateway, {
      ...gateway.status,
      externalSubnets: [...(spec.externalSubnets ?? [])],
      selector: [...(spec.selector ?? [])],
      tolerations: [...(spec.tolerations ?? [])],
      affinity: spec.affinity ?? {},
      qosPolicy: spec.qosPolicy ?? '',
    });
    return undefined;
  }

  /** Set once the pod runs and its rules can be written. */
  function markPod(name: string): void {
    const pod = pods.get(names.system, `${gatewayWorkloadName(name)}-0`);
    if (pod?.status?.phase !== 'Running' || pod.metadata.annotations?.[marks.natGatewayInit] === 'true') return;
    const annotations = {
      ...pod.metadata.annotations,
      [marks.natGatewayInit]: 'true',
      [marks.natGatewayActivated]: 'true',
    };
    pods.update({ ...pod, metadata: { ...pod.metadata, annotations } });
  }

  return {
    name: 'kube-ovn-nat-gateway',
    keysOf: keysByResource({
      [`vpc-nat-gateways.${group}`]: ({ metadata }) => [metadata.name],
      pods: ({ metadata }) => {
        const gateway = metadata.annotations?.[marks.natGateway];
        return gateway === undefined || metadata.namespace !== names.system ? [] : [gateway];
      },
    }),
    reconcile(name) {
      const gateway = gateways.get(undefined, name);
      if (gateway === undefined) {
        const workload = workloads.get(names.system, gatewayWorkloadName(name));
        if (workload !== undefined) workloads.delete(workload);
      } else if (gateway.metadata.deletionTimestamp === undefined) {
        const problem = run(gateway);
        if (problem !== undefined) return complain(`gateway ${name}`, problem);
        markPod(name);
      }
      calm(`gateway ${name}`);
      return undefined;
    },
  };
}

function workloadOf(gateway: VpcNatGateway, outside: Subnet) {
  const { name } = gateway.metadata;
  const spec = gateway.spec ?? {};
  const labels = { app: gatewayWorkloadName(name), [marks.natGatewayPod]: 'true' };
  const provider = outside.spec?.provider ?? '';
  const [network = '', namespace = names.system] = provider.split('.');
  const annotations = {
    ...spec.annotations,
    [marks.natGateway]: name,
    'k8s.v1.cni.cncf.io/networks': `${namespace}/${network}`,
    [marks.logicalSwitch]: spec.subnet ?? '',
    'ovn.kubernetes.io/ip_address': spec.lanIp ?? '',
    // The attached network then has no addresses of its own.
    ...(spec.noDefaultEIP === true ? { [`${provider}.kubernetes.io/allocated`]: 'true' } : {}),
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: gatewayWorkloadName(name), namespace: names.system, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      serviceName: '',
      template: {
        metadata: { labels, annotations },
        spec: {
          terminationGracePeriodSeconds: 0,
          containers: [
            {
              name: 'vpc-nat-gw',
              image,
              command: ['sleep', 'infinity'],
              imagePullPolicy: 'IfNotPresent',
              env: [{ name: 'GATEWAY_V4', value: (outside.spec?.gateway ?? '').split(',')[0] ?? '' }],
              securityContext: { privileged: true, allowPrivilegeEscalation: true },
            },
          ],
          nodeSelector: nodeSelectorOf(spec.selector ?? []),
          tolerations: spec.tolerations ?? [],
          affinity: spec.affinity ?? {},
        },
      },
      updateStrategy: { type: 'RollingUpdate' },
    },
  };
}

/** What of the workload is made from the gateway's spec and survives the API server's defaults as it is. */
function podPart({ spec }: { readonly spec: object }): unknown {
  const { template } = spec as { readonly template: { readonly metadata?: object; readonly spec?: object } };
  const { annotations } = (template.metadata ?? {}) as { readonly annotations?: object };
  const { nodeSelector = {}, tolerations = [], affinity = {} } = (template.spec ?? {}) as Record<string, unknown>;
  return { annotations, nodeSelector, tolerations, affinity };
}

/** `kubernetes.io/os: linux`; entries of another form are passed over. */
function nodeSelectorOf(selector: readonly string[]): Readonly<Record<string, string>> {
  const pairs = selector.map((entry) => entry.trim().split(':')).filter((parts) => parts.length === 2);
  return Object.fromEntries(pairs.map(([key = '', value = '']) => [key.trim(), value.trim()]));
}
