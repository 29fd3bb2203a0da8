import { partLabels, restricted, type SampleObject, selectorLabels } from './sample-object.ts';

const namespace = 'shop';
const application = 'vote';

/** The vote application: a web front, a Redis behind it, and a worker that does not get up. */
export function shopObjects(redisPassword: string): readonly SampleObject[] {
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
      group: '',
      plural: 'configmaps',
      object: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'vote-settings', namespace, labels: partLabels(application, 'front') },
        data: { TITLE: 'Longshore Voting App', VOTE1VALUE: 'Cats', VOTE2VALUE: 'Dogs', SHOWHOST: 'true' },
      },
    },
    {
      group: '',
      plural: 'secrets',
      object: {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'vote-redis', namespace, labels: partLabels(application, 'back') },
        type: 'Opaque',
        data: { password: Buffer.from(redisPassword).toString('base64') },
      },
    },
    deployment('vote-back', 'back', 1, {
      name: 'redis',
      image: 'registry.local/redis:7.4',
      args: ['--requirepass', '$(REDIS_PASSWORD)'],
      env: [passwordFor('REDIS_PASSWORD')],
      ports: [{ name: 'redis', containerPort: 6379 }],
      resources: resources('100m', '128Mi', '250m', '256Mi'),
      readinessProbe: { tcpSocket: { port: 'redis' }, periodSeconds: 5 },
      livenessProbe: { tcpSocket: { port: 'redis' }, initialDelaySeconds: 10, periodSeconds: 10 },
      securityContext: restricted,
    }),
    service('vote-back', 'back', { ports: [{ name: 'redis', port: 6379, targetPort: 'redis' }] }),
    deployment('vote-front', 'front', 3, {
      name: 'vote-front',
      image: 'registry.local/azure-vote-front:v1',
      env: [{ name: 'REDIS', value: 'vote-back' }, passwordFor('REDIS_PWD'), { name: 'PORT', value: '8080' }],
      envFrom: [{ configMapRef: { name: 'vote-settings' } }],
      ports: [{ name: 'http', containerPort: 8080 }],
      resources: resources('100m', '128Mi', '250m', '256Mi'),
      readinessProbe: { httpGet: { path: '/healthz', port: 'http' }, initialDelaySeconds: 1, periodSeconds: 5 },
      livenessProbe: { httpGet: { path: '/healthz', port: 'http' }, initialDelaySeconds: 10, periodSeconds: 10 },
      securityContext: restricted,
    }),
    service('vote-front', 'front', { type: 'LoadBalancer', ports: [{ name: 'http', port: 80, targetPort: 'http' }] }),
    deployment(
      'vote-worker',
      'worker',
      1,
      {
        name: 'worker',
        image: 'registry.local/vote-worker:v1',
        env: [{ name: 'QUEUE', value: 'vote-back:6379' }, passwordFor('QUEUE_PASSWORD')],
        resources: resources('50m', '64Mi', '100m', '128Mi'),
        securityContext: restricted,
      },
      {
        'embedded.longshore.dev/simulate': 'crash',
        'embedded.longshore.dev/exit-code': '1',
        'embedded.longshore.dev/after-seconds': '4',
      },
    ),
  ];
}

function deployment(
  name: string,
  component: string,
  replicas: number,
  container: object,
  annotations?: Readonly<Record<string, string>>,
): SampleObject {
  return {
    group: 'apps',
    plural: 'deployments',
    object: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace, labels: partLabels(application, component) },
      spec: {
        replicas,
        selector: { matchLabels: selectorLabels(application, component) },
        template: {
          metadata: {
            labels: partLabels(application, component),
            ...(annotations === undefined ? {} : { annotations }),
          },
          spec: { containers: [container] },
        },
      },
    },
  };
}

function service(name: string, component: string, spec: object): SampleObject {
  return {
    group: '',
    plural: 'services',
    object: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace, labels: partLabels(application, component) },
      spec: { selector: selectorLabels(application, component), ...spec },
    },
  };
}

function passwordFor(variable: string): object {
  return { name: variable, valueFrom: { secretKeyRef: { name: 'vote-redis', key: 'password' } } };
}

function resources(cpu: string, memory: string, cpuLimit: string, memoryLimit: string): object {
  return { requests: { cpu, memory }, limits: { cpu: cpuLimit, memory: memoryLimit } };
}
