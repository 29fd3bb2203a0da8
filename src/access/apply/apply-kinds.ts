/**
 * What developers may apply where a cluster's settings say nothing else: what runs their applications and how it is
 * reached, within their namespaces. Written as subjects: group and kind.
 */
export const defaultApplyKinds: readonly string[] = [
  'core/ConfigMap',
  'core/PersistentVolumeClaim',
  'core/Pod',
  'core/Secret',
  'core/Service',
  'apps/DaemonSet',
  'apps/Deployment',
  'apps/ReplicaSet',
  'apps/StatefulSet',
  'apps.kruise.io/CloneSet',
  'apps.kruise.io/StatefulSet',
  'autoscaling/HorizontalPodAutoscaler',
  'batch/CronJob',
  'batch/Job',
  'gateway.networking.k8s.io/GRPCRoute',
  'gateway.networking.k8s.io/Gateway',
  'gateway.networking.k8s.io/HTTPRoute',
  'gateway.networking.k8s.io/TCPRoute',
  'gateway.networking.k8s.io/UDPRoute',
  'networking.k8s.io/Ingress',
  'networking.k8s.io/NetworkPolicy',
  'policy/PodDisruptionBudget',
  'snapshot.storage.k8s.io/VolumeSnapshot',
];

/** Groups whose kinds decide what others may do; no setting opens them to developers. */
const powerGroups = new Set([
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'certificates.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'rbac.authorization.k8s.io',
]);

/** Kinds that hand out identities or bound them. */
const powerKinds = new Set([
  'core/LimitRange',
  'core/Namespace',
  'core/Node',
  'core/PersistentVolume',
  'core/ResourceQuota',
  'core/ServiceAccount',
]);

/** Whether a kind lends power over others, so that nobody but an administrator may apply it. */
export function isPowerKind(subject: string): boolean {
  return powerKinds.has(subject) || powerGroups.has(subject.slice(0, subject.indexOf('/')));
}

/** `Service` of a setting is `core/Service` here. */
export function applyKindSubject(kindName: string): string {
  return kindName.includes('/') ? kindName : `core/${kindName}`;
}

/**
 * Types of Secrets that are no key to the cluster itself. The values of others (service-account tokens, bootstrap
 * tokens, Helm releases) are for administrators alone, to write and to read.
 */
export const harmlessSecretTypes: readonly string[] = [
  'Opaque',
  'kubernetes.io/basic-auth',
  'kubernetes.io/dockercfg',
  'kubernetes.io/dockerconfigjson',
  'kubernetes.io/ssh-auth',
  'kubernetes.io/tls',
];
