import { applicationLabel, descriptionAnnotation } from 'longshore/plugins/core';
import type { Profile } from 'longshore/sdk';
import { serviceLbAlgorithmDefault, serviceLbForwardedFor, serviceLbHealthCheck } from '../../profile-keys/services.ts';
import { lbAnnotation, lbAnnotations } from './lb-annotations.ts';
import { type SeenService, type SeenServicePort, wordOfService } from './seen-service.ts';
import type { LoadBalancerForm, Maybe, ServiceForm, ServicePortForm, ServiceWord } from './service-form.ts';
import { mergeMap, setField } from './write-maps.ts';

type Json = Record<string, unknown>;

export interface ServiceRequest {
  readonly namespace: string;
  readonly name: string;
  readonly form: ServiceForm;
  readonly profile: Profile;
  /** The Service as it is; undefined where it is made. It is left as it is. */
  readonly existing: SeenService | undefined;
  /** How its load balancer may spread requests; by `service.lbAlgorithms` of the profile where nothing is said. */
  readonly algorithms?: readonly string[];
}

/** The manifest that a form makes, or makes of the Service that is there: what the form does not mention stays. Pure. */
export function writeService({ namespace, name, form, profile, existing }: ServiceRequest): Json {
  const manifest = (
    existing
      ? JSON.parse(JSON.stringify(existing))
      : { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace } }
  ) as Json;
  const metadata = manifest.metadata as Json;
  const before = existing ? wordOfService(existing) : undefined;
  const word = (form.type ?? before ?? 'CLUSTER_IP') as ServiceWord;
  const label = profile.get(applicationLabel);
  mergeMap(metadata, 'labels', form.labels, form.removeLabels, label === null ? {} : { [label]: form.application });
  const balancer = isBalanced(word) ? withDefaults(form.loadBalancer, profile, existing) : undefined;
  mergeMap(metadata, 'annotations', form.annotations, form.removeAnnotations, {
    [descriptionAnnotation]: form.description === '' ? null : form.description,
    ...(balancer ? lbAnnotations(balancer, profile) : {}),
  });
  if (word === 'CUSTOM') {
    if (form.spec !== undefined) manifest.spec = form.spec;
    return manifest;
  }
  const spec = (manifest.spec ?? {}) as Json;
  manifest.spec = spec;
  writeType(spec, word, before);
  writePorts(spec, form, word, existing);
  if (form.selector) spec.selector = Object.fromEntries(form.selector.map(({ key, value }) => [key, value]));
  setField(spec, 'clusterIP', form.clusterIP);
  if (form.clusterIP !== undefined) delete spec.clusterIPs;
  setField(spec, 'externalName', form.externalName);
  writeAffinity(spec, form);
  setField(spec, 'externalTrafficPolicy', trafficPolicyOf(form.externalTrafficPolicy));
  if (form.loadBalancer && isBalanced(word)) {
    setField(spec, 'loadBalancerClass', form.loadBalancer.className);
    setField(spec, 'loadBalancerSourceRanges', form.loadBalancer.sourceRanges);
  }
  return manifest;
}

export const isBalanced = (word: ServiceWord): boolean => word === 'LOAD_BALANCER' || word === 'CONTAINER_NATIVE_LB';

const typeNames = {
  CLUSTER_IP: 'ClusterIP',
  NODE_PORT: 'NodePort',
  LOAD_BALANCER: 'LoadBalancer',
  CONTAINER_NATIVE_LB: 'LoadBalancer',
  EXTERNAL_NAME: 'ExternalName',
} as const;

/** What only the type before had goes with it; a cluster would refuse it. */
function writeType(spec: Json, word: Exclude<ServiceWord, 'CUSTOM'>, before: string | undefined): void {
  spec.type = typeNames[word];
  if (!isBalanced(word)) {
    for (const field of ['allocateLoadBalancerNodePorts', 'loadBalancerClass', 'loadBalancerSourceRanges']) {
      delete spec[field];
    }
    delete spec.healthCheckNodePort;
  } else if (word === 'CONTAINER_NATIVE_LB') spec.allocateLoadBalancerNodePorts = false;
  else if (before === 'CONTAINER_NATIVE_LB') spec.allocateLoadBalancerNodePorts = true;
  if (word === 'CLUSTER_IP' || word === 'EXTERNAL_NAME') delete spec.externalTrafficPolicy;
  if (word === 'EXTERNAL_NAME') {
    for (const field of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'internalTrafficPolicy']) {
      delete spec[field];
    }
    delete spec.selector;
  } else delete spec.externalName;
}

/** Ports are given whole; one that stays as it was keeps its port of the nodes. */
function writePorts(spec: Json, form: ServiceForm, word: ServiceWord, existing: SeenService | undefined): void {
  const known = existing?.spec?.ports ?? [];
  if (form.ports !== undefined) spec.ports = (form.ports ?? []).map((port, index) => writePort(port, index, known));
  if (word === 'CLUSTER_IP' || word === 'EXTERNAL_NAME' || word === 'CONTAINER_NATIVE_LB') {
    // What the form itself asks for is refused, not dropped.
    const asked = new Set((form.ports ?? []).flatMap(({ nodePort }) => nodePort ?? []));
    for (const port of (spec.ports ?? []) as Json[]) {
      if (!asked.has(port.nodePort as number)) delete port.nodePort;
    }
  }
  if (Array.isArray(spec.ports) && spec.ports.length === 0) delete spec.ports;
}

function writePort(form: ServicePortForm, index: number, known: readonly SeenServicePort[]): Json {
  const spoken = form.protocol === 'HTTP' || form.protocol === 'HTTPS' ? form.protocol.toLowerCase() : undefined;
  const protocol = spoken ? 'TCP' : (form.protocol ?? 'TCP');
  const before = known.find((one) => one.port === form.port && (one.protocol ?? 'TCP') === protocol);
  const nodePort = form.nodePort ?? (form.nodePort === null ? undefined : before?.nodePort);
  const appProtocol = spoken ?? (form.protocol ? undefined : before?.appProtocol);
  return {
    name: form.name ?? before?.name ?? portName(form.port, index),
    protocol,
    ...(appProtocol ? { appProtocol } : {}),
    port: form.port,
    targetPort: form.targetPort ?? before?.targetPort ?? form.port,
    ...(nodePort ? { nodePort } : {}),
  };
}

/** NET-11: `port-config-id-n`; its own port is what tells one from another. */
export const portName = (port: number, index: number): string => `port-config-${port}-${index + 1}`;

function writeAffinity(spec: Json, { sessionAffinity, sessionAffinitySeconds }: ServiceForm): void {
  if (sessionAffinity) spec.sessionAffinity = sessionAffinity === 'CLIENT_IP' ? 'ClientIP' : 'None';
  if (spec.sessionAffinity !== 'ClientIP') delete spec.sessionAffinityConfig;
  else if (sessionAffinitySeconds)
    spec.sessionAffinityConfig = { clientIP: { timeoutSeconds: sessionAffinitySeconds } };
}

const trafficPolicyOf = (word: Maybe<string>): Maybe<string> =>
  word ? (word === 'LOCAL' ? 'Local' : 'Cluster') : word;

/** What the form for load balancers begins with, as far as the platform can tell them (CON-21, CON-22, Appendix B). */
function withDefaults(
  form: Maybe<LoadBalancerForm>,
  profile: Profile,
  existing: SeenService | undefined,
): LoadBalancerForm | undefined {
  if (existing?.spec?.type === 'LoadBalancer') return form ?? undefined;
  const offered = <T>(option: Parameters<typeof lbAnnotation>[1], value: T) =>
    lbAnnotation(profile, option) === undefined ? undefined : value;
  const defaults: LoadBalancerForm = {
    algorithm: offered('ALGORITHM', profile.get(serviceLbAlgorithmDefault)),
    forwardsClientIP: offered('X_FORWARDED_FOR', profile.get(serviceLbForwardedFor)),
    hasHealthCheck: offered('HEALTH_CHECK', profile.get(serviceLbHealthCheck)),
  };
  const given = Object.fromEntries(Object.entries(form ?? {}).filter(([, value]) => value !== undefined));
  return { ...defaults, ...given };
}
