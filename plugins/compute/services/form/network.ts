import type { ChosenAddresses, NetworkMode, PodAddressing } from '../../api.ts';
import type { ContainerForm } from './containers.ts';
import { type Draft, type Json, listAt } from './draft.ts';
import type { Maybe } from './maybe.ts';

/** How pods shall be on the network (NET-41). */
export interface NetworkForm {
  readonly mode: NetworkMode;
  readonly floatingIp?: Maybe<ChosenAddresses>;
}

interface Containers {
  readonly hostNetwork?: Maybe<boolean>;
  readonly containers?: Maybe<readonly ContainerForm[]>;
  readonly initContainers?: Maybe<readonly ContainerForm[]>;
}

const lists = ['containers', 'initContainers'] as const;
const onHost = 'ClusterFirstWithHostNet';

/**
 * Writes one mode into a template whose containers are written already, and takes away what makes up the others: `hostNetwork`, ports of
 * nodes that the form does not ask for, chosen addresses. On the network of its node a pod still asks the cluster for names.
 */
export function writeNetwork(
  template: Draft,
  form: Containers & { readonly network?: Maybe<NetworkForm> },
  addressing: PodAddressing | undefined,
): void {
  const { network } = form;
  if (!network) return;
  const { mode, floatingIp } = network;
  const from = ['network', 'mode'];
  const isOnHost = mode === 'HOST';
  if (form.hostNetwork !== undefined && form.hostNetwork !== null && form.hostNetwork !== isOnHost) {
    template.refuse(['hostNetwork'], 'other_mode', `hostNetwork must be ${isOnHost} in the network mode ${mode}`);
  }
  checkChosen(template, network);
  template.inside('spec', [], (spec) => {
    spec.set('hostNetwork', isOnHost ? true : null, from);
    const { dnsPolicy = 'ClusterFirst' } = spec.object;
    if (isOnHost && dnsPolicy === 'ClusterFirst') spec.set('dnsPolicy', onHost, from);
    if (!isOnHost && dnsPolicy === onHost) spec.set('dnsPolicy', null, from);
    for (const list of lists) writeHostPorts(template, spec, list, form, mode);
    const isMapped = listAt(spec.object, 'containers').some((one) => listAt(one, 'ports').some(hasHostPort));
    if (mode === 'NAT' && !isMapped) {
      template.refuse(from, 'host_port_required', 'In the network mode NAT at least one port must have a hostPort');
    }
  });
  template.inside('metadata', [], (metadata) => {
    metadata.inside('annotations', [], (map) => {
      const wanted = mode === 'FLOATING_IP' ? (floatingIp ?? {}) : undefined;
      const at = mode === 'FLOATING_IP' ? ['network', 'floatingIp'] : from;
      for (const [key, value] of Object.entries(addressing?.annotationsFor(wanted) ?? {})) map.set(key, value, at);
    });
  });
}

const hasHostPort = ({ hostPort }: Json): boolean => typeof hostPort === 'number' && hostPort > 0;

function checkChosen(template: Draft, { mode, floatingIp }: NetworkForm): void {
  const from = ['network', 'floatingIp'];
  if (mode !== 'FLOATING_IP') {
    if (floatingIp) template.refuse(from, 'other_mode', `floatingIp is for the network mode FLOATING_IP, not ${mode}`);
    return;
  }
  const { pool, addresses } = floatingIp ?? {};
  const hasAddresses = (addresses ?? []).length > 0;
  if (Boolean(pool) === hasAddresses) {
    template.refuse(from, 'one_of', 'floatingIp must have either the name of a pool or addresses');
  }
}

/** What the form asks for in words is refused where the mode has no such port; what came with another mode goes. */
function writeHostPorts(
  template: Draft,
  spec: Draft,
  list: (typeof lists)[number],
  form: Containers,
  mode: NetworkMode,
): void {
  if (mode === 'NAT') return;
  const asked = new Map<string, readonly [number, number]>();
  for (const [index, { name, newName, ports }] of (form[list] ?? []).entries()) {
    for (const [at, port] of (ports ?? []).entries()) {
      if (!port.hostPort || port.remove) continue;
      asked.set(keyOf(newName ?? name, port), [index, at]);
    }
  }
  for (const container of listAt(spec.object, list)) {
    for (const port of listAt(container, 'ports')) {
      if (!hasHostPort(port) || (mode === 'HOST' && port.hostPort === port.containerPort)) continue;
      const given = asked.get(keyOf(container.name, port));
      if (!given) {
        delete port.hostPort;
        continue;
      }
      const message =
        mode === 'HOST'
          ? `In the network mode HOST hostPort must be the containerPort ${port.containerPort}, got ${port.hostPort}`
          : `In the network mode ${mode} no port can have a hostPort`;
      template.refuse([list, given[0], 'ports', given[1], 'hostPort'], 'other_mode', message);
    }
  }
}

const keyOf = (
  container: unknown,
  { containerPort, protocol }: { containerPort?: unknown; protocol?: unknown },
): string => `${String(container)} ${String(containerPort)}/${String(protocol ?? 'TCP')}`;
