import type { Node, Pod, Service } from './kubernetes-shapes.ts';
import { matchesLabels } from './matches-selector.ts';
import { isFinished, isReady } from './pod-state.ts';

export interface Endpoint {
  readonly addresses: readonly string[];
  readonly conditions: { readonly ready: boolean; readonly serving: boolean; readonly terminating: boolean };
  readonly nodeName?: string;
  readonly zone?: string;
  readonly hostname?: string;
  readonly targetRef: {
    readonly kind: 'Pod';
    readonly namespace?: string;
    readonly name: string;
    readonly uid?: string;
  };
}

export interface EndpointPort {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly appProtocol?: string;
}

export interface ServiceEndpoints {
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

/** The endpoints of a Service: its pods that have an address, ready or not, ordered by name. */
export function decideEndpoints(service: Service, pods: readonly Pod[], nodes: readonly Node[]): ServiceEndpoints {
  const selector = service.spec.selector ?? {};
  const backends = pods
    .filter((pod) => matchesLabels(selector, pod.metadata.labels))
    .filter((pod) => !isFinished(pod) && (pod.status?.podIP ?? '') !== '')
    .sort((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1));
  const zones = new Map(
    nodes.map((node) => [node.metadata.name, node.metadata.labels?.['topology.kubernetes.io/zone']]),
  );
  return {
    ports: portsOf(service, backends),
    endpoints: backends.map((pod) => endpointOf(service, pod, zones.get(pod.spec.nodeName ?? ''))),
  };
}

function endpointOf(service: Service, pod: Pod, zone: string | undefined): Endpoint {
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const serving = isReady(pod);
  const { namespace, name, uid } = pod.metadata;
  return {
    addresses: [pod.status?.podIP ?? ''],
    conditions: {
      ready: service.spec.publishNotReadyAddresses === true || (serving && !terminating),
      serving,
      terminating,
    },
    ...(pod.spec.hostname !== undefined && pod.spec.subdomain === service.metadata.name
      ? { hostname: pod.spec.hostname }
      : {}),
    ...(pod.spec.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }),
    ...(zone === undefined ? {} : { zone }),
    targetRef: {
      kind: 'Pod',
      ...(namespace === undefined ? {} : { namespace }),
      name,
      ...(uid === undefined ? {} : { uid }),
    },
  };
}

/** Target ports by name are looked up in the pods; a name that no pod has leaves the port out. */
function portsOf(service: Service, backends: readonly Pod[]): EndpointPort[] {
  return (service.spec.ports ?? []).flatMap((port) => {
    const target = port.targetPort ?? port.port;
    const number = typeof target === 'number' ? target : namedPort(target, backends);
    if (number === undefined) return [];
    return [
      {
        name: port.name ?? '',
        port: number,
        protocol: port.protocol ?? 'TCP',
        ...(port.appProtocol === undefined ? {} : { appProtocol: port.appProtocol }),
      },
    ];
  });
}

function namedPort(name: string, backends: readonly Pod[]): number | undefined {
  if (/^\d+$/.test(name)) return Number(name);
  for (const pod of backends) {
    const port = pod.spec.containers.flatMap(({ ports }) => ports ?? []).find((candidate) => candidate.name === name);
    if (port !== undefined) return port.containerPort;
  }
  return undefined;
}
