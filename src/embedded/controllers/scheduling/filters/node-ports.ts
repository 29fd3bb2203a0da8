import type { Pod } from '../../kubernetes-shapes.ts';
import type { FilterRule } from '../scheduling-rules.ts';

interface HostPort {
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
}

/** Two pods of one node cannot listen on the same port of it. */
export const nodePorts: FilterRule = {
  plugin: 'NodePorts',
  prepare(pod) {
    const wanted = hostPorts(pod);
    if (wanted.length === 0) return undefined;
    return ({ pods }) => {
      const taken = pods.flatMap(hostPorts);
      const isTaken = wanted.some((port) => taken.some((other) => collide(port, other)));
      return isTaken
        ? {
            plugin: 'NodePorts',
            reasons: ["node(s) didn't have free ports for the requested pod ports"],
            mayBePreempted: true,
          }
        : undefined;
    };
  },
};

const portsOfSpecs = new WeakMap<object, readonly HostPort[]>();

/** Ports of the node that the pod's containers and sidecars listen on. */
function hostPorts(pod: Pod): readonly HostPort[] {
  const known = portsOfSpecs.get(pod.spec);
  if (known !== undefined) return known;
  const sidecars = (pod.spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  const ports = [...pod.spec.containers, ...sidecars].flatMap((container) =>
    (container.ports ?? []).flatMap(({ hostPort, hostIP, protocol }) =>
      (hostPort ?? 0) > 0
        ? [{ ip: (hostIP ?? '') === '' ? '0.0.0.0' : (hostIP ?? ''), protocol: protocol ?? 'TCP', port: hostPort ?? 0 }]
        : [],
    ),
  );
  portsOfSpecs.set(pod.spec, ports);
  return ports;
}

function collide(left: HostPort, right: HostPort): boolean {
  if (left.port !== right.port || left.protocol !== right.protocol) return false;
  return left.ip === right.ip || left.ip === '0.0.0.0' || right.ip === '0.0.0.0';
}
