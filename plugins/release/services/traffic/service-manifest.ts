import { isDeepStrictEqual } from 'node:util';
import type { ServiceObject } from 'longshore/plugins/compute';
import { bindingLabelOf, boundValue } from 'longshore/plugins/network';
import { type ReleaseTarget, serviceIdAnnotation, serviceLabel, versionLabel } from '../../engines/engine.ts';
import type { AccessSpec } from '../app-services/version-spec.ts';

interface Port {
  readonly name?: string | undefined;
  readonly protocol: string;
  readonly port: number;
  readonly targetPort: number;
  readonly nodePort?: number;
}

export interface ServiceManifest {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly type: string;
    readonly clusterIP?: string;
    readonly selector: Readonly<Record<string, string>>;
    readonly ports: readonly Port[];
  };
}

/** Whose a Service is. */
type ServiceOwner = Pick<ReleaseTarget, 'namespace' | 'labels' | 'service' | 'serviceId'>;

const types = {
  CLUSTER_IP: 'ClusterIP',
  HEADLESS: 'ClusterIP',
  NODE_PORT: 'NodePort',
  LOAD_BALANCER: 'LoadBalancer',
} as const satisfies Record<AccessSpec['type'], string>;

/** The Service by which a version is reached: of pods of any version (REL-25). `isBound`: of those that were not taken off (REL-38). */
export function serviceOf(target: ServiceOwner, access: AccessSpec, isBound: boolean): ServiceManifest {
  const { name, type, ports } = access;
  const selector = {
    [serviceLabel]: target.service,
    ...(isBound ? { [bindingLabelOf({ metadata: { name } })]: boundValue } : {}),
  };
  const isHeadless = type === 'HEADLESS';
  return {
    metadata: metadataOf(target, name),
    spec: {
      type: types[type],
      ...(isHeadless ? { clusterIP: 'None' } : {}),
      selector,
      ports: ports.map(({ nodePort, ...port }) => ({ ...named(port), ...(nodePort === null ? {} : { nodePort }) })),
    },
  };
}

export const nextName = (name: string): string => `${name}-next`;

/** The Service of the new version's pods alone, to which a route leads its share of the traffic (REL-37). */
export function nextServiceOf(target: ReleaseTarget, { name, ports }: AccessSpec): ServiceManifest {
  return {
    metadata: metadataOf(target, nextName(name)),
    spec: {
      type: 'ClusterIP',
      selector: { [serviceLabel]: target.service, [versionLabel]: target.versionId },
      ports: ports.map(({ nodePort: _nodePort, ...port }) => named(port)),
    },
  };
}

/** A cluster keeps no empty names, and what it has is compared with this. */
const named = <P extends { readonly name?: string | undefined }>({ name, ...port }: P) => ({
  ...(name ? { name } : {}),
  ...port,
});

const metadataOf = ({ namespace, labels, service, serviceId }: ServiceOwner, name: string) => ({
  name,
  namespace,
  labels: { ...labels, [serviceLabel]: service },
  annotations: { [serviceIdAnnotation]: serviceId },
});

/** Headless or not is said once; a Service that changes that is made anew. */
export const mustBeMadeAnew = ({ spec }: ServiceObject, manifest: ServiceManifest): boolean =>
  (spec?.clusterIP === 'None') !== (manifest.spec.clusterIP === 'None');

/** What makes the Service that is there the one of a manifest; undefined where it is. Ports keep the ports of nodes that they have. */
export function serviceChange({ spec }: ServiceObject, manifest: ServiceManifest): object | undefined {
  const wanted = manifest.spec;
  const takesNodePorts = wanted.type !== 'ClusterIP';
  const known = spec?.ports ?? [];
  const nodePortOf = (port: Port): number | undefined =>
    known.find((one) => one.port === port.port && (one.protocol ?? 'TCP') === port.protocol)?.nodePort;
  const ports = wanted.ports.map((port) => {
    const nodePort = takesNodePorts ? (port.nodePort ?? nodePortOf(port)) : undefined;
    return { ...port, ...(nodePort ? { nodePort } : {}) };
  });
  const seen = known.map(({ name, protocol, port, targetPort, nodePort }) => ({
    ...named({ name, protocol: protocol ?? 'TCP', port, targetPort }),
    ...(takesNodePorts && nodePort ? { nodePort } : {}),
  }));
  const isSame =
    (spec?.type ?? 'ClusterIP') === wanted.type &&
    isDeepStrictEqual(spec?.selector, wanted.selector) &&
    isDeepStrictEqual(seen, ports);
  if (isSame) return undefined;
  const gone = Object.keys(spec?.selector ?? {}).filter((key) => !Object.hasOwn(wanted.selector, key));
  const selector = { ...Object.fromEntries(gone.map((key) => [key, null])), ...wanted.selector };
  return { spec: { type: wanted.type, selector, ports } };
}
