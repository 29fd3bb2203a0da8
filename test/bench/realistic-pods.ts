/** Templates that the pods of a large cluster were made from: one for each 40 pods of 20,000. */
const templates = 500;
const suffixes = 'bcdfghjklmnpqrstvwxz2456789';

/**
 * The JSON of one pod of a large cluster as an API server writes it in a list, about 8 KB: members in its order, managed
 * fields included, 500 templates, and what differs from pod to pod (names, uids, addresses, digests, times, the volume of
 * the service account's token). `turn` above 0 is the same pod after that many changes of its status.
 */
export function realisticPod(index: number, turn = 0): string {
  const number = index % templates;
  const at = Math.floor(index / templates);
  const template = templateOf(number);
  const hash = lettersOf(number * 7_919 + 104_729, 9);
  const app = `${template.app}-${hash}`;
  const token = `kube-api-access-${lettersOf(index * 31 + 7, 5)}`;
  const createdAt = timeOf(index * 3);
  const startedAt = timeOf(index * 3 + 2);
  const readyAt = timeOf(index * 3 + 9 + turn * 60);
  const ip = `10.${20 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`;
  const node = `ip-10-0-${(at * 13 + number) % 16}-${(index * 17) % 250}.eu-central-1.compute.internal`;
  const mounts = [
    { name: 'config', readOnly: true, mountPath: '/etc/app' },
    { name: 'scratch', mountPath: '/var/cache/app' },
    { name: token, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
  ];
  const pod = {
    metadata: {
      name: `${app}-${lettersOf(index * 13 + 5, 5)}`,
      generateName: `${app}-`,
      namespace: `team-${number % 40}`,
      uid: uidOf(index),
      resourceVersion: String(400_000_000 + index * 3 + turn * 100_000),
      creationTimestamp: createdAt,
      labels: { ...template.labels, 'pod-template-hash': hash },
      annotations: {
        ...template.annotations,
        'cni.projectcalico.org/containerID': digestOf(index * 5),
        'cni.projectcalico.org/podIP': `${ip}/32`,
      },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: app,
          uid: uidOf(1_000_000 + number),
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
      managedFields: managedFieldsOf(createdAt, readyAt, ip),
    },
    spec: {
      volumes: [
        ...template.volumes,
        {
          name: token,
          projected: {
            sources: [
              { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
              { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
              {
                downwardAPI: {
                  items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
                },
              },
            ],
            defaultMode: 420,
          },
        },
      ],
      containers: template.containers.map((container) => ({ ...container, volumeMounts: mounts })),
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      serviceAccountName: template.app,
      serviceAccount: template.app,
      nodeName: node,
      securityContext: { runAsUser: 10_001, runAsNonRoot: true, fsGroup: 10_001 },
      affinity: template.affinity,
      schedulerName: 'default-scheduler',
      tolerations: ['not-ready', 'unreachable'].map((taint) => ({
        key: `node.kubernetes.io/${taint}`,
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: 300,
      })),
      priority: 0,
      enableServiceLinks: true,
      preemptionPolicy: 'PreemptLowerPriority',
    },
    status: {
      phase: 'Running',
      conditions: ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(
        (type) => ({
          type,
          status: 'True',
          lastProbeTime: null,
          lastTransitionTime: type.endsWith('eady') ? readyAt : type === 'PodScheduled' ? createdAt : startedAt,
        }),
      ),
      hostIP: `10.0.${(at * 13 + number) % 16}.${(index * 17) % 250}`,
      hostIPs: [{ ip: `10.0.${(at * 13 + number) % 16}.${(index * 17) % 250}` }],
      podIP: ip,
      podIPs: [{ ip }],
      startTime: createdAt,
      containerStatuses: template.containers.map(({ name, image }, position) => ({
        name,
        state: { running: { startedAt } },
        lastState: {},
        ready: true,
        restartCount: turn,
        image,
        imageID: `${image.split(':')[0]}@sha256:${digestOf(number * 2 + position)}`,
        containerID: `containerd://${digestOf(index * 2 + position)}`,
        started: true,
      })),
      qosClass: 'Burstable',
    },
  };
  return JSON.stringify(pod);
}

function templateOf(number: number) {
  const app = `${['checkout', 'catalog', 'search', 'billing', 'profile'][number % 5]}-${number}`;
  const labels = {
    app,
    'app.kubernetes.io/name': app,
    'app.kubernetes.io/part-of': 'shop',
    'app.kubernetes.io/version': `1.${number % 30}.${number % 7}`,
    team: `team-${number % 40}`,
  };
  const probe = (path: string, periodSeconds: number) => ({
    httpGet: { path, port: 'http', scheme: 'HTTP' },
    timeoutSeconds: 1,
    periodSeconds,
    successThreshold: 1,
    failureThreshold: 3,
  });
  const env = Array.from({ length: 5 }, (_, position) => ({
    name: `SETTING_${position}`,
    value: `http://service-${position}.team-${number % 40}.svc:8080/${number}`,
  }));
  const containerOf = (name: string, image: string) => ({
    name,
    image,
    args: ['--config=/etc/app/config.yaml', `--name=${app}`],
    ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
    env: [
      ...(name === 'app' ? env : env.slice(0, 2)),
      { name: 'POD_IP', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.podIP' } } },
    ],
    resources: { limits: { cpu: '1', memory: '512Mi' }, requests: { cpu: '100m', memory: '256Mi' } },
    ...(name === 'app' ? { livenessProbe: probe('/livez', 10) } : {}),
    readinessProbe: probe('/readyz', 5),
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: 'IfNotPresent',
    securityContext: { capabilities: { drop: ['ALL'] }, allowPrivilegeEscalation: false },
  });
  return {
    app,
    labels,
    annotations: {
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': '8080',
      'checksum/config': digestOf(number),
    },
    volumes: [
      { name: 'config', configMap: { name: `${app}-config`, defaultMode: 420 } },
      { name: 'scratch', emptyDir: {} },
    ],
    containers: [
      containerOf('app', `registry.example.com/shop/${app}:1.${number % 30}.${number % 7}`),
      containerOf('proxy', 'registry.example.com/mesh/proxy:1.24.3'),
    ],
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 100,
            podAffinityTerm: {
              labelSelector: { matchLabels: { app } },
              topologyKey: 'topology.kubernetes.io/zone',
            },
          },
        ],
      },
    },
  };
}

/** What the controller and the kubelet own, as a pod of two containers has it. */
function managedFieldsOf(createdAt: string, readyAt: string, ip: string): object[] {
  const fields = (names: readonly string[]) => Object.fromEntries(names.map((name) => [`f:${name}`, {}]));
  const probe = {
    '.': {},
    ...fields(['failureThreshold', 'periodSeconds', 'successThreshold', 'timeoutSeconds']),
    'f:httpGet': { '.': {}, ...fields(['path', 'port', 'scheme']) },
  };
  const container = {
    '.': {},
    ...fields(['args', 'env', 'image', 'imagePullPolicy', 'livenessProbe', 'name', 'terminationMessagePath']),
    'f:readinessProbe': probe,
    'f:resources': { '.': {}, 'f:limits': fields(['cpu', 'memory']), 'f:requests': fields(['cpu', 'memory']) },
    'f:volumeMounts': {
      '.': {},
      'k:{"mountPath":"/etc/app"}': { '.': {}, ...fields(['mountPath', 'name', 'readOnly']) },
    },
  };
  const condition = { '.': {}, ...fields(['lastProbeTime', 'lastTransitionTime', 'status', 'type']) };
  return [
    {
      manager: 'kube-controller-manager',
      operation: 'Update',
      apiVersion: 'v1',
      time: createdAt,
      fieldsType: 'FieldsV1',
      fieldsV1: {
        'f:metadata': {
          'f:generateName': {},
          'f:labels': { '.': {}, ...fields(['app', 'pod-template-hash', 'team']) },
        },
        'f:spec': {
          'f:containers': { 'k:{"name":"app"}': container, 'k:{"name":"proxy"}': container },
          ...fields(['dnsPolicy', 'enableServiceLinks', 'restartPolicy', 'schedulerName', 'securityContext']),
        },
      },
    },
    {
      manager: 'kubelet',
      operation: 'Update',
      apiVersion: 'v1',
      time: readyAt,
      fieldsType: 'FieldsV1',
      fieldsV1: {
        'f:status': {
          'f:conditions': { 'k:{"type":"ContainersReady"}': condition, 'k:{"type":"Ready"}': condition },
          'f:podIPs': { '.': {}, [`k:{"ip":"${ip}"}`]: { '.': {}, 'f:ip': {} } },
          ...fields(['containerStatuses', 'hostIP', 'phase', 'podIP', 'startTime']),
        },
      },
      subresource: 'status',
    },
  ];
}

function uidOf(number: number): string {
  const hex = (Math.imul(number + 1, 2_654_435_761) >>> 0).toString(16).padStart(8, '0');
  return `${hex}-7c1d-4f60-9b7e-${number.toString(16).padStart(12, '0')}`;
}

/** 64 hexadecimal digits. */
function digestOf(number: number): string {
  let digest = '';
  for (let part = 0; part < 8; part += 1) {
    digest += (Math.imul(number + 1, 2_654_435_761 + part * 40_503) >>> 0).toString(16).padStart(8, '0');
  }
  return digest;
}

function lettersOf(number: number, length: number): string {
  let letters = '';
  for (let rest = Math.imul(number, 2_654_435_761) >>> 0; letters.length < length; rest = Math.floor(rest / 27) + 97) {
    letters += suffixes[rest % 27];
  }
  return letters;
}

function timeOf(seconds: number): string {
  return new Date(Date.UTC(2026, 0, 1) + seconds * 1_000).toISOString().replace('.000', '');
}
