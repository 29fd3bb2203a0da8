import type { Convert } from './conversion.ts';
import { convertAutoscaler } from './convert-autoscaler.ts';
import { convertIngress } from './convert-ingress.ts';
import { convertBinding, convertDisruptionBudget, convertPriorityLevel } from './convert-others.ts';
import { convertWorkload } from './convert-workload.ts';

/** What took the place of a kind in a retired group or version; or why nothing can. */
export type Successor =
  | { readonly apiVersion: string; readonly convert?: Convert | undefined }
  | { readonly refusal: string };

const rbac = 'rbac.authorization.k8s.io';
const rollingDefaults = 'maxSurge and maxUnavailable are 25%, ten old versions are kept, a roll-out has 600 s';
const oldDeployment = convertWorkload(rollingDefaults, 'rollbackTo');
const asItWas = convertWorkload('');
const oldSet = convertWorkload('updateStrategy is RollingUpdate where it was OnDelete');
const oldDaemonSet = convertWorkload('updateStrategy is RollingUpdate where it was OnDelete', 'templateGeneration');

const podSecurityPolicy =
  'PodSecurityPolicy is gone since Kubernetes 1.25: label the namespace for Pod Security, or use a policy engine';
const webhooks =
  'admissionregistration.k8s.io/v1 needs sideEffects and admissionReviewVersions of each webhook, which only its author knows';

/**
 * Kinds that Kubernetes has retired, by apiVersion and kind (CON-38).
 * Source: https://kubernetes.io/docs/reference/using-api/deprecation-guide/
 */
const table: Readonly<Record<string, Readonly<Record<string, Successor>>>> = {
  'extensions/v1beta1': {
    Deployment: { apiVersion: 'apps/v1', convert: oldDeployment },
    DaemonSet: { apiVersion: 'apps/v1', convert: oldDaemonSet },
    ReplicaSet: { apiVersion: 'apps/v1', convert: asItWas },
    Ingress: { apiVersion: 'networking.k8s.io/v1', convert: convertIngress },
    NetworkPolicy: { apiVersion: 'networking.k8s.io/v1' },
    PodSecurityPolicy: { refusal: podSecurityPolicy },
  },
  'apps/v1beta1': {
    Deployment: { apiVersion: 'apps/v1', convert: oldDeployment },
    StatefulSet: { apiVersion: 'apps/v1', convert: oldSet },
    ControllerRevision: { apiVersion: 'apps/v1' },
  },
  'apps/v1beta2': {
    Deployment: { apiVersion: 'apps/v1', convert: asItWas },
    StatefulSet: { apiVersion: 'apps/v1', convert: asItWas },
    DaemonSet: { apiVersion: 'apps/v1', convert: asItWas },
    ReplicaSet: { apiVersion: 'apps/v1', convert: asItWas },
    ControllerRevision: { apiVersion: 'apps/v1' },
  },
  'networking.k8s.io/v1beta1': {
    Ingress: { apiVersion: 'networking.k8s.io/v1', convert: convertIngress },
    IngressClass: { apiVersion: 'networking.k8s.io/v1' },
  },
  'policy/v1beta1': {
    PodDisruptionBudget: { apiVersion: 'policy/v1', convert: convertDisruptionBudget },
    PodSecurityPolicy: { refusal: podSecurityPolicy },
  },
  'batch/v1beta1': { CronJob: { apiVersion: 'batch/v1' } },
  'batch/v2alpha1': { CronJob: { apiVersion: 'batch/v1' } },
  'autoscaling/v2beta1': { HorizontalPodAutoscaler: { apiVersion: 'autoscaling/v2', convert: convertAutoscaler } },
  'autoscaling/v2beta2': { HorizontalPodAutoscaler: { apiVersion: 'autoscaling/v2' } },
  [`${rbac}/v1beta1`]: allOf(['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'], `${rbac}/v1`),
  [`${rbac}/v1alpha1`]: {
    ...allOf(['Role', 'ClusterRole'], `${rbac}/v1`),
    ...allOf(['RoleBinding', 'ClusterRoleBinding'], `${rbac}/v1`, convertBinding),
  },
  'storage.k8s.io/v1beta1': allOf(
    ['StorageClass', 'VolumeAttachment', 'CSIDriver', 'CSINode', 'CSIStorageCapacity'],
    'storage.k8s.io/v1',
  ),
  'scheduling.k8s.io/v1beta1': { PriorityClass: { apiVersion: 'scheduling.k8s.io/v1' } },
  'scheduling.k8s.io/v1alpha1': { PriorityClass: { apiVersion: 'scheduling.k8s.io/v1' } },
  'coordination.k8s.io/v1beta1': { Lease: { apiVersion: 'coordination.k8s.io/v1' } },
  'node.k8s.io/v1beta1': { RuntimeClass: { apiVersion: 'node.k8s.io/v1' } },
  'snapshot.storage.k8s.io/v1beta1': allOf(
    ['VolumeSnapshot', 'VolumeSnapshotClass', 'VolumeSnapshotContent'],
    'snapshot.storage.k8s.io/v1',
  ),
  'flowcontrol.apiserver.k8s.io/v1beta1': flowControl(convertPriorityLevel),
  'flowcontrol.apiserver.k8s.io/v1beta2': flowControl(convertPriorityLevel),
  'flowcontrol.apiserver.k8s.io/v1beta3': flowControl(),
  'apiextensions.k8s.io/v1beta1': {
    CustomResourceDefinition: {
      refusal:
        'apiextensions.k8s.io/v1 needs a structural schema of each version, which only the author of the definition knows',
    },
  },
  'admissionregistration.k8s.io/v1beta1': {
    MutatingWebhookConfiguration: { refusal: webhooks },
    ValidatingWebhookConfiguration: { refusal: webhooks },
  },
  'certificates.k8s.io/v1beta1': {
    CertificateSigningRequest: { refusal: 'certificates.k8s.io/v1 needs signerName and usages said by who asks' },
  },
  'discovery.k8s.io/v1beta1': {
    EndpointSlice: { refusal: 'Endpoint slices are written by the cluster; write the Service' },
  },
};

/** Undefined for what was never retired. */
export function successorOf(apiVersion: string, kind: string): Successor | undefined {
  const kinds = Object.hasOwn(table, apiVersion) ? table[apiVersion] : undefined;
  return kinds && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
}

function allOf(kinds: readonly string[], apiVersion: string, convert?: Convert): Readonly<Record<string, Successor>> {
  return Object.fromEntries(kinds.map((kind) => [kind, { apiVersion, convert }]));
}

function flowControl(convert?: Convert): Readonly<Record<string, Successor>> {
  const apiVersion = 'flowcontrol.apiserver.k8s.io/v1';
  return { FlowSchema: { apiVersion }, PriorityLevelConfiguration: { apiVersion, convert } };
}
