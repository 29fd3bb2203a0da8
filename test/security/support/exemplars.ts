/**
 * What an object of a kind needs beside its metadata, so that a cluster takes it. A kind that is not here is tried with
 * metadata alone; where the cluster refuses that, the matrix fails and names the kind.
 */
export function exemplarBody(subject: string, namespace: string | undefined, marker: string): object {
  return bodies[subject]?.(namespace, marker) ?? {};
}

/** Labels that a kind's objects must carry to be what some list lists. */
export const exemplarLabels: Readonly<Record<string, object>> = {
  'core/PersistentVolumeClaim': { labels: { 'longshore.dev/disk': 'ordinary' } },
};

const labels = { 'matrix.test/app': 'matrix' };
const startedAt = new Date().toISOString();
const container = { name: 'main', image: 'registry.example/matrix:1' };
const template = { metadata: { labels }, spec: { containers: [container] } };
const selector = { matchLabels: labels };
const route = { rules: [{ backendRefs: [{ name: 'made-up', port: 80 }] }] };

const bodies: Readonly<Record<string, (namespace: string | undefined, marker: string) => object>> = {
  'core/ConfigMap': (_namespace, marker) => ({ data: { key: marker } }),
  'core/Secret': (_namespace, marker) => ({ type: 'Opaque', data: { key: Buffer.from(marker).toString('base64') } }),
  'core/Service': () => ({ spec: { selector: labels, ports: [{ port: 80 }] } }),
  'core/Pod': () => ({ spec: { containers: [container] } }),
  'core/Event': (namespace, marker) => ({
    involvedObject: { apiVersion: 'v1', kind: 'ConfigMap', name: 'something', namespace, uid: `uid-of-${marker}` },
    reason: 'Matrix',
    message: marker,
    type: 'Normal',
    // Old ones are forgotten.
    firstTimestamp: startedAt,
    lastTimestamp: startedAt,
    count: 1,
  }),
  'core/PersistentVolumeClaim': () => ({
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  }),
  'core/PersistentVolume': () => ({
    spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/matrix' } },
  }),
  'gateway.networking.k8s.io/GatewayClass': () => ({ spec: { controllerName: 'matrix.test/controller' } }),
  'gateway.networking.k8s.io/Gateway': () => ({
    spec: { gatewayClassName: 'embedded', listeners: [{ name: 'web', port: 9000, protocol: 'TCP' }] },
  }),
  'gateway.networking.k8s.io/GRPCRoute': () => ({ spec: route }),
  'gateway.networking.k8s.io/HTTPRoute': () => ({ spec: route }),
  'gateway.networking.k8s.io/TCPRoute': () => ({ spec: route }),
  'gateway.networking.k8s.io/UDPRoute': () => ({ spec: route }),
  'apps/Deployment': () => ({ spec: { replicas: 0, selector, template } }),
  'apps/StatefulSet': () => ({ spec: { replicas: 0, serviceName: 'matrix', selector, template } }),
  'apps/ReplicaSet': () => ({ spec: { replicas: 0, selector, template } }),
  'apps/DaemonSet': () => ({
    spec: {
      selector,
      template: { ...template, spec: { ...template.spec, nodeSelector: { 'matrix.test/none': 'x' } } },
    },
  }),
  'batch/Job': () => ({
    spec: { suspend: true, template: { spec: { restartPolicy: 'Never', containers: [container] } } },
  }),
  'batch/CronJob': () => ({
    spec: {
      suspend: true,
      schedule: '0 0 1 1 *',
      jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [container] } } } },
    },
  }),
  'cluster.x-k8s.io/Cluster': () => ({
    spec: {
      topology: { classRef: { name: 'base', namespace: 'fleet' }, version: 'v1.35.2', controlPlane: { replicas: 1 } },
    },
  }),
  'discovery.k8s.io/EndpointSlice': () => ({ addressType: 'IPv4', endpoints: [] }),
  'kubeovn.io/Vpc': () => ({ spec: {} }),
  'kubeovn.io/Subnet': () => ({ spec: { vpc: 'matrix', cidrBlock: '10.77.0.0/24' } }),
  'kubeovn.io/IPPool': () => ({ spec: { subnet: 'matrix', ips: ['10.77.0.100'] } }),
  'kubeovn.io/SecurityGroup': () => ({ spec: { ingressRules: [], egressRules: [] } }),
  'kubeovn.io/VpcNatGateway': () => ({ spec: { vpc: 'matrix', subnet: 'matrix', lanIp: '10.77.0.254' } }),
  'kubeovn.io/IptablesEIP': () => ({ spec: { natGwDp: 'matrix' } }),
  'kubeovn.io/IptablesSnatRule': () => ({ spec: { eip: 'matrix', internalCIDR: '10.77.0.0/24' } }),
  'kubeovn.io/IptablesDnatRule': () => ({
    spec: { eip: 'matrix', externalPort: '80', internalPort: '80', internalIp: '10.77.0.9', protocol: 'tcp' },
  }),
  'kubeovn.io/IptablesFIPRule': () => ({ spec: { eip: 'matrix', internalIp: '10.77.0.9' } }),
  'kubeovn.io/QoSPolicy': () => ({ spec: { shared: false, bindingType: 'EIP' } }),
  'networking.k8s.io/Ingress': () => ({
    spec: { defaultBackend: { service: { name: 'matrix', port: { number: 80 } } } },
  }),
  'networking.k8s.io/NetworkPolicy': () => ({ spec: { podSelector: {}, policyTypes: ['Ingress'] } }),
  'policy/PodDisruptionBudget': () => ({ spec: { minAvailable: 0, selector } }),
  'autoscaling/HorizontalPodAutoscaler': () => ({
    spec: { maxReplicas: 1, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'matrix-none' } },
  }),
  'storage.k8s.io/StorageClass': () => ({ provisioner: 'matrix.test/none' }),
  'snapshot.storage.k8s.io/VolumeSnapshot': () => ({ spec: { source: { persistentVolumeClaimName: 'matrix-none' } } }),
  'snapshot.storage.k8s.io/VolumeSnapshotClass': () => ({ driver: 'matrix.test/none', deletionPolicy: 'Delete' }),
  'rbac.authorization.k8s.io/Role': () => ({ rules: [] }),
};
