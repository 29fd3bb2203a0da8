import { partLabels, restricted, type SampleObject, selectorLabels } from './sample-object.ts';

const namespace = 'platform';

/** What a platform team runs beside the applications: one workload of each remaining kind. */
export function platformObjects(): readonly SampleObject[] {
  return [
    {
      group: '',
      plural: 'namespaces',
      object: {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: namespace, labels: { 'kubernetes.io/metadata.name': namespace } },
      },
    },
    {
      group: 'apps',
      plural: 'daemonsets',
      object: {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        metadata: { name: 'node-exporter', namespace, labels: partLabels('node-exporter', 'metrics') },
        spec: {
          selector: { matchLabels: selectorLabels('node-exporter', 'metrics') },
          template: {
            metadata: { labels: partLabels('node-exporter', 'metrics') },
            spec: {
              containers: [
                {
                  name: 'node-exporter',
                  image: 'registry.local/node-exporter:v1.9',
                  ports: [{ name: 'metrics', containerPort: 9100 }],
                  resources: { requests: { cpu: '50m', memory: '32Mi' }, limits: { memory: '64Mi' } },
                  securityContext: restricted,
                },
              ],
            },
          },
        },
      },
    },
    {
      group: '',
      plural: 'services',
      object: {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'metrics-store', namespace, labels: partLabels('metrics-store', 'storage') },
        spec: {
          clusterIP: 'None',
          selector: selectorLabels('metrics-store', 'storage'),
          ports: [{ name: 'http', port: 9090, targetPort: 'http' }],
        },
      },
    },
    {
      group: 'apps',
      plural: 'statefulsets',
      object: {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { name: 'metrics-store', namespace, labels: partLabels('metrics-store', 'storage') },
        spec: {
          replicas: 2,
          serviceName: 'metrics-store',
          selector: { matchLabels: selectorLabels('metrics-store', 'storage') },
          template: {
            metadata: { labels: partLabels('metrics-store', 'storage') },
            spec: {
              containers: [
                {
                  name: 'store',
                  image: 'registry.local/metrics-store:v3',
                  ports: [{ name: 'http', containerPort: 9090 }],
                  resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '512Mi' } },
                  readinessProbe: { httpGet: { path: '/-/ready', port: 'http' }, periodSeconds: 5 },
                  volumeMounts: [{ name: 'data', mountPath: '/var/lib/metrics' }],
                  securityContext: restricted,
                },
              ],
            },
          },
          volumeClaimTemplates: [
            {
              apiVersion: 'v1',
              kind: 'PersistentVolumeClaim',
              metadata: { name: 'data' },
              spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
            },
          ],
        },
      },
    },
    {
      group: 'batch',
      plural: 'cronjobs',
      object: {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'usage-report', namespace, labels: partLabels('usage-report', 'report') },
        spec: {
          schedule: '*/15 * * * *',
          concurrencyPolicy: 'Forbid',
          successfulJobsHistoryLimit: 2,
          jobTemplate: { spec: jobSpec('usage-report', 'report', '12') },
        },
      },
    },
    {
      group: 'batch',
      plural: 'jobs',
      object: {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'inventory-scan', namespace, labels: partLabels('inventory-scan', 'scan') },
        spec: jobSpec('inventory-scan', 'scan', '8'),
      },
    },
  ];
}

function jobSpec(application: string, component: string, runSeconds: string): object {
  return {
    backoffLimit: 2,
    template: {
      metadata: {
        labels: partLabels(application, component),
        annotations: { 'embedded.longshore.dev/run-seconds': runSeconds },
      },
      spec: {
        restartPolicy: 'Never',
        containers: [
          {
            name: component,
            image: `registry.local/${application}:v1`,
            resources: { requests: { cpu: '50m', memory: '32Mi' }, limits: { memory: '64Mi' } },
            securityContext: restricted,
          },
        ],
      },
    },
  };
}
