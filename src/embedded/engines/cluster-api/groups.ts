/** The API groups of Cluster API 1.14 and of its in-memory infrastructure provider; all are served as one version. */
export const coreGroup = 'cluster.x-k8s.io';
export const controlPlaneGroup = 'controlplane.cluster.x-k8s.io';
export const bootstrapGroup = 'bootstrap.cluster.x-k8s.io';
export const infrastructureGroup = 'infrastructure.cluster.x-k8s.io';
export const version = 'v1beta2';
/** Of the hosts that Metal³ keeps. */
export const hostGroup = 'metal3.io';
export const hostVersion = 'v1alpha1';
