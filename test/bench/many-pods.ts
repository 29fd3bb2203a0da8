import type { ClusterStore } from '../../src/embedded/store/types.ts';

/** Pods as a real cluster has them: owner, labels, two containers with resources, statuses, conditions. */
export function createPods(store: ClusterStore, namespace: string, count: number): void {
  const pods = store.resource('', 'pods');
  store.create(store.resource('', 'namespaces'), {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace },
  });
  for (let index = 0; index < count; index += 1) {
    const name = `web-${String(index).padStart(5, '0')}`;
    const created = store.create(pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name,
        namespace,
        labels: {
          'app.kubernetes.io/name': 'web',
          tier: index % 2 === 0 ? 'front' : 'back',
          'pod-template-hash': '5d4f8',
        },
        annotations: { 'prometheus.io/scrape': 'true', note: `pod number ${index}` },
        ownerReferences: [
          {
            apiVersion: 'apps/v1',
            kind: 'ReplicaSet',
            name: 'web-5d4f8',
            uid: '0b0b0b0b-0000-4000-8000-000000000001',
            controller: true,
          },
        ],
      },
      spec: {
        nodeName: `node-${index % 20}`,
        serviceAccountName: 'default',
        containers: ['app', 'proxy'].map((container) => ({
          name: container,
          image: `registry.example/${container}:1.${index % 7}`,
          resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '500m', memory: '256Mi' } },
          ports: [{ name: 'http', containerPort: 8080 }],
          env: [{ name: 'MODE', value: 'production' }],
        })),
      },
    });
    store.updateStatus(pods, { ...created, status: podStatusOf(index) });
  }
}

/** The status of a pod that runs. */
export function podStatusOf(index: number): object {
  const time = '2026-01-01T00:00:00Z';
  const ready = (type: string) => ({ type, status: 'True', lastProbeTime: null, lastTransitionTime: time });
  return {
    phase: 'Running',
    hostIP: '10.0.0.1',
    podIP: `10.1.${index >> 8}.${index & 255}`,
    podIPs: [{ ip: `10.1.${index >> 8}.${index & 255}` }],
    qosClass: 'Burstable',
    startTime: time,
    conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map(ready),
    containerStatuses: ['app', 'proxy'].map((name) => ({
      name,
      ready: true,
      started: true,
      restartCount: index % 3,
      image: `registry.example/${name}:1.${index % 7}`,
      imageID: `registry.example/${name}@sha256:${'0'.repeat(64)}`,
      containerID: `containerd://${'a'.repeat(64)}`,
      state: { running: { startedAt: time } },
      lastState: {},
    })),
  };
}
