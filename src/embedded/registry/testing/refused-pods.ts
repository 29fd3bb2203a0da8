import { container, pod, podWith, type RefusedWrite } from './refused-write.ts';

const at = '/api/v1/namespaces/refusals/pods';

/** Pods with one mistake each. */
export const refusedPods: readonly RefusedWrite[] = [
  { title: 'a pod without containers', at, body: pod({ containers: [] }) },
  { title: 'a pod without a spec', at, body: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' } } },
  { title: 'a container without a name', at, body: pod({ containers: [{ image: 'a' }] }) },
  { title: 'a container with a bad name', at, body: podWith({ name: 'Bad_Name' }) },
  { title: 'a container with a long name', at, body: podWith({ name: 'a'.repeat(64) }) },
  { title: 'a container without an image', at, body: pod({ containers: [{ name: 'a' }] }) },
  { title: 'an image with blanks around it', at, body: podWith({ image: ' a ' }) },
  { title: 'two containers of one name', at, body: pod({ containers: [container(), container()] }) },
  {
    title: 'an init container with the name of a container',
    at,
    body: pod({ initContainers: [container()], containers: [container()] }),
  },
  { title: 'an unknown pull policy', at, body: podWith({ imagePullPolicy: 'Sometimes' }) },
  { title: 'a port of zero', at, body: podWith({ ports: [{ containerPort: 0 }] }) },
  { title: 'a port beyond the range', at, body: podWith({ ports: [{ containerPort: 70_000 }] }) },
  { title: 'a bad port name', at, body: podWith({ ports: [{ containerPort: 80, name: 'Bad_Port' }] }) },
  { title: 'a long port name', at, body: podWith({ ports: [{ containerPort: 80, name: 'a-name-with-17-ch' }] }) },
  { title: 'a port name without letters', at, body: podWith({ ports: [{ containerPort: 80, name: '123' }] }) },
  { title: 'a port name with two dashes', at, body: podWith({ ports: [{ containerPort: 80, name: 'a--b' }] }) },
  {
    title: 'two ports of one name',
    at,
    body: podWith({
      ports: [
        { containerPort: 80, name: 'web' },
        { containerPort: 81, name: 'web' },
      ],
    }),
  },
  { title: 'an unknown protocol', at, body: podWith({ ports: [{ containerPort: 80, protocol: 'HTTP' }] }) },
  { title: 'a host port beyond the range', at, body: podWith({ ports: [{ containerPort: 80, hostPort: 70_000 }] }) },
  {
    title: 'a host port taken twice',
    at,
    body: podWith({
      ports: [
        { containerPort: 80, hostPort: 8080 },
        { containerPort: 81, hostPort: 8080 },
      ],
    }),
  },
  {
    title: 'a host port that is not the port on the network of the host',
    at,
    body: pod({ hostNetwork: true, containers: [container({ ports: [{ containerPort: 80, hostPort: 81 }] })] }),
  },
  { title: 'a variable without a name', at, body: podWith({ env: [{ value: 'a' }] }) },
  { title: 'a variable with an equal sign', at, body: podWith({ env: [{ name: 'A=B' }] }) },
  {
    title: 'a variable with two sources',
    at,
    body: podWith({ env: [{ name: 'A', value: 'b', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] }),
  },
  { title: 'a variable from nothing', at, body: podWith({ env: [{ name: 'A', valueFrom: {} }] }) },
  {
    title: 'a variable from an unknown field',
    at,
    body: podWith({ env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec.containers' } } }] }),
  },
  {
    title: 'a variable from a secret without a key',
    at,
    body: podWith({ env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 's' } } }] }),
  },
  {
    title: 'a variable from a resource without a name',
    at,
    body: podWith({ env: [{ name: 'A', valueFrom: { resourceFieldRef: { resource: 'limits.gold' } } }] }),
  },
  { title: 'variables from nowhere', at, body: podWith({ envFrom: [{}] }) },
  {
    title: 'variables from a map with a bad name',
    at,
    body: podWith({ envFrom: [{ configMapRef: { name: 'Bad_Name' } }] }),
  },
  { title: 'a mount without a volume', at, body: podWith({ volumeMounts: [{ name: 'no', mountPath: '/a' }] }) },
  {
    title: 'a mount without a path',
    at,
    body: pod({ volumes: [{ name: 'v' }], containers: [container({ volumeMounts: [{ name: 'v', mountPath: '' }] })] }),
  },
  {
    title: 'two mounts at one path',
    at,
    body: pod({
      volumes: [{ name: 'v' }],
      containers: [
        container({
          volumeMounts: [
            { name: 'v', mountPath: '/a' },
            { name: 'v', mountPath: '/a' },
          ],
        }),
      ],
    }),
  },
  {
    title: 'a sub path that leaves the volume',
    at,
    body: pod({
      volumes: [{ name: 'v' }],
      containers: [container({ volumeMounts: [{ name: 'v', mountPath: '/a', subPath: '../b' }] })],
    }),
  },
  {
    title: 'an absolute sub path',
    at,
    body: pod({
      volumes: [{ name: 'v' }],
      containers: [container({ volumeMounts: [{ name: 'v', mountPath: '/a', subPath: '/b' }] })],
    }),
  },
  {
    title: 'a request above its limit',
    at,
    body: podWith({ resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } }),
  },
  { title: 'a negative limit', at, body: podWith({ resources: { limits: { memory: '-1' } } }) },
  { title: 'an unknown resource', at, body: podWith({ resources: { limits: { gold: '1' } } }) },
  { title: 'half of a device', at, body: podWith({ resources: { limits: { 'example.com/gpu': '500m' } } }) },
  {
    title: 'a device requested and not limited',
    at,
    body: podWith({ resources: { requests: { 'example.com/gpu': '1' } } }),
  },
  {
    title: 'a device with another request than limit',
    at,
    body: podWith({ resources: { requests: { 'example.com/gpu': '1' }, limits: { 'example.com/gpu': '2' } } }),
  },
  { title: 'memory pages without memory', at, body: podWith({ resources: { limits: { 'hugepages-2Mi': '2Mi' } } }) },
  { title: 'a probe without a handler', at, body: podWith({ livenessProbe: {} }) },
  {
    title: 'a probe with two handlers',
    at,
    body: podWith({ livenessProbe: { exec: { command: ['a'] }, tcpSocket: { port: 80 } } }),
  },
  { title: 'a probe of no command', at, body: podWith({ livenessProbe: { exec: {} } }) },
  { title: 'a probe of no port', at, body: podWith({ livenessProbe: { httpGet: { path: '/' } } }) },
  { title: 'a probe of a bad port name', at, body: podWith({ livenessProbe: { tcpSocket: { port: 'Bad_Port' } } }) },
  {
    title: 'a probe with an unknown scheme',
    at,
    body: podWith({ livenessProbe: { httpGet: { port: 80, scheme: 'FTP' } } }),
  },
  {
    title: 'a liveness probe that must succeed twice',
    at,
    body: podWith({ livenessProbe: { tcpSocket: { port: 80 }, successThreshold: 2 } }),
  },
  {
    title: 'a startup probe that must succeed twice',
    at,
    body: podWith({ startupProbe: { tcpSocket: { port: 80 }, successThreshold: 2 } }),
  },
  {
    title: 'a probe with negative numbers',
    at,
    body: podWith({
      readinessProbe: {
        tcpSocket: { port: 80 },
        initialDelaySeconds: -1,
        periodSeconds: -1,
        timeoutSeconds: -1,
        failureThreshold: -1,
        successThreshold: -1,
      },
    }),
  },
  {
    title: 'a readiness probe that grants termination time',
    at,
    body: podWith({ readinessProbe: { tcpSocket: { port: 80 }, terminationGracePeriodSeconds: 5 } }),
  },
  {
    title: 'an init container with a probe',
    at,
    body: pod({ initContainers: [container({ name: 'i', readinessProbe: { tcpSocket: { port: 80 } } })] }),
  },
  {
    title: 'an init container with a life cycle',
    at,
    body: pod({ initContainers: [container({ name: 'i', lifecycle: { preStop: { exec: { command: ['a'] } } } })] }),
  },
  { title: 'a life cycle without a handler', at, body: podWith({ lifecycle: { postStart: {} } }) },
  {
    title: 'an unknown termination message policy',
    at,
    body: podWith({ terminationMessagePolicy: 'Never' }),
  },
  {
    title: 'a privileged container that must not escalate',
    at,
    body: podWith({ securityContext: { privileged: true, allowPrivilegeEscalation: false } }),
  },
  { title: 'a negative user', at, body: podWith({ securityContext: { runAsUser: -1 } }) },
  {
    title: 'a seccomp profile of an unknown type',
    at,
    body: podWith({ securityContext: { seccompProfile: { type: 'Loose' } } }),
  },
  {
    title: 'a local seccomp profile without a file',
    at,
    body: podWith({ securityContext: { seccompProfile: { type: 'Localhost' } } }),
  },
  { title: 'an unknown restart policy', at, body: pod({ restartPolicy: 'Sometimes' }) },
  { title: 'an unknown DNS policy', at, body: pod({ dnsPolicy: 'Sometimes' }) },
  { title: 'no name servers where there must be some', at, body: pod({ dnsPolicy: 'None' }) },
  {
    title: 'too many name servers',
    at,
    body: pod({ dnsConfig: { nameservers: ['1.1.1.1', '1.1.1.2', '1.1.1.3', '1.1.1.4'] } }),
  },
  { title: 'a name server that is no address', at, body: pod({ dnsConfig: { nameservers: ['dns'] } }) },
  { title: 'a deadline of zero', at, body: pod({ activeDeadlineSeconds: 0 }) },
  { title: 'a bad service account name', at, body: pod({ serviceAccountName: 'Bad_Name' }) },
  { title: 'a bad node name', at, body: pod({ nodeName: 'Bad_Name' }) },
  { title: 'a bad host name', at, body: pod({ hostname: 'bad.name' }) },
  { title: 'a bad subdomain', at, body: pod({ subdomain: 'Bad' }) },
  { title: 'a bad node selector', at, body: pod({ nodeSelector: { 'a b': 'c' } }) },
  { title: 'a host alias that is no address', at, body: pod({ hostAliases: [{ ip: 'here', hostnames: ['a'] }] }) },
  { title: 'a toleration with an unknown operator', at, body: pod({ tolerations: [{ key: 'a', operator: 'Like' }] }) },
  { title: 'a toleration of nothing', at, body: pod({ tolerations: [{ operator: 'Equal', value: 'a' }] }) },
  {
    title: 'a toleration that exists with a value',
    at,
    body: pod({ tolerations: [{ key: 'a', operator: 'Exists', value: 'b' }] }),
  },
  {
    title: 'a toleration for a time of another effect',
    at,
    body: pod({ tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoSchedule', tolerationSeconds: 5 }] }),
  },
  {
    title: 'a toleration with an unknown effect',
    at,
    body: pod({ tolerations: [{ key: 'a', operator: 'Exists', effect: 'Never' }] }),
  },
  {
    title: 'a node affinity without terms',
    at,
    body: pod({
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } },
    }),
  },
  {
    title: 'a node affinity with a wrong operator and values',
    at,
    body: pod({
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'a', operator: 'Like' }] },
              { matchExpressions: [{ key: 'a', operator: 'In' }] },
              { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] },
              { matchExpressions: [{ key: 'a', operator: 'Gt', values: ['1', '2'] }] },
            ],
          },
        },
      },
    }),
  },
  {
    title: 'a preferred node affinity with a weight of 0',
    at,
    body: pod({
      affinity: {
        nodeAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 0, preference: { matchExpressions: [{ key: 'a', operator: 'Exists' }] } },
          ],
        },
      },
    }),
  },
  {
    title: 'a pod affinity without a topology',
    at,
    body: pod({
      affinity: {
        podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: {}, topologyKey: '' }] },
      },
    }),
  },
  {
    title: 'a preferred pod affinity with a weight of 101',
    at,
    body: pod({
      affinity: {
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 101, podAffinityTerm: { topologyKey: 'zone', labelSelector: {} } },
          ],
        },
      },
    }),
  },
  {
    title: 'a topology spread without skew, key and action',
    at,
    body: pod({ topologySpreadConstraints: [{ maxSkew: 0, topologyKey: '', whenUnsatisfiable: 'Maybe' }] }),
  },
  {
    title: 'a topology spread given twice',
    at,
    body: pod({
      topologySpreadConstraints: [
        { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: {} },
        { maxSkew: 2, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: {} },
      ],
    }),
  },
  { title: 'a volume without a name', at, body: pod({ volumes: [{ emptyDir: {} }] }) },
  { title: 'a volume with a bad name', at, body: pod({ volumes: [{ name: 'a.b', emptyDir: {} }] }) },
  { title: 'two volumes of one name', at, body: pod({ volumes: [{ name: 'v' }, { name: 'v' }] }) },
  {
    title: 'a volume of two types',
    at,
    body: pod({ volumes: [{ name: 'v', emptyDir: {}, hostPath: { path: '/a' } }] }),
  },
  { title: 'a claim without a name', at, body: pod({ volumes: [{ name: 'v', persistentVolumeClaim: {} }] }) },
  { title: 'a secret volume without a name', at, body: pod({ volumes: [{ name: 'v', secret: {} }] }) },
  { title: 'a map volume without a name', at, body: pod({ volumes: [{ name: 'v', configMap: {} }] }) },
  {
    title: 'a volume item without key and path',
    at,
    body: pod({ volumes: [{ name: 'v', configMap: { name: 'c', items: [{}] } }] }),
  },
  {
    title: 'a volume item with a bad mode and path',
    at,
    body: pod({
      volumes: [
        { name: 'v', configMap: { name: 'c', defaultMode: 1000, items: [{ key: 'a', path: '../b', mode: -1 }] } },
      ],
    }),
  },
  { title: 'a host path without a path', at, body: pod({ volumes: [{ name: 'v', hostPath: { path: '' } }] }) },
  {
    title: 'a host path of an unknown type',
    at,
    body: pod({ volumes: [{ name: 'v', hostPath: { path: '/a', type: 'Pipe' } }] }),
  },
  {
    title: 'a host path that climbs',
    at,
    body: pod({ volumes: [{ name: 'v', hostPath: { path: '/a/../b' } }] }),
  },
  {
    title: 'an empty directory of negative size',
    at,
    body: pod({ volumes: [{ name: 'v', emptyDir: { sizeLimit: '-1' } }] }),
  },
  { title: 'a network share without server and path', at, body: pod({ volumes: [{ name: 'v', nfs: { path: 'a' } }] }) },
  {
    title: 'downward items from an unknown field',
    at,
    body: pod({
      volumes: [{ name: 'v', downwardAPI: { items: [{ path: 'a', fieldRef: { fieldPath: 'spec.nodeName' } }] } }],
    }),
  },
  {
    title: 'a projected token that lives too short a time',
    at,
    body: pod({
      volumes: [{ name: 'v', projected: { sources: [{ serviceAccountToken: { path: 'a', expirationSeconds: 60 } }] } }],
    }),
  },
  { title: 'an unknown preemption policy', at, body: pod({ preemptionPolicy: 'Always' }) },
  { title: 'a priority class that is not there', at, body: pod({ priorityClassName: 'no-such' }) },
  { title: 'a priority by number', at, body: pod({ priority: 7 }) },
  { title: 'a runtime class that is not there', at, body: pod({ runtimeClassName: 'no-such' }) },
  { title: 'a bad pod name', at, body: { ...(pod({}) as object), metadata: { name: 'Bad_Name' } } },
  { title: 'no name at all', at, body: { ...(pod({}) as object), metadata: {} } },
  {
    title: 'a scheduling gate with a bad name',
    at,
    body: pod({ schedulingGates: [{ name: '' }, { name: 'a b' }] }),
  },
  { title: 'a readiness gate with a bad name', at, body: pod({ readinessGates: [{ conditionType: 'a b' }] }) },
  { title: 'a sysctl with a bad name', at, body: pod({ securityContext: { sysctls: [{ name: 'A b', value: '1' }] } }) },
  { title: 'an unknown operating system', at, body: pod({ os: { name: 'plan9' } }) },
  {
    title: 'ephemeral containers at creation',
    at,
    body: pod({ ephemeralContainers: [container({ name: 'e' })] }),
  },
  {
    title: 'another environment',
    at,
    first: [{ at, body: pod({}) }],
    patch: { spec: { containers: [container({ env: [{ name: 'A', value: 'b' }] })] } },
    name: 'x',
  },
  {
    title: 'a further container',
    at,
    first: [{ at, body: pod({}) }],
    patch: { spec: { containers: [container(), container({ name: 'two' })] } },
    name: 'x',
  },
  { title: 'another node', at, first: [{ at, body: pod({}) }], patch: { spec: { nodeName: 'a' } }, name: 'x' },
  {
    title: 'a longer deadline',
    at,
    first: [{ at, body: pod({ activeDeadlineSeconds: 5 }) }],
    patch: { spec: { activeDeadlineSeconds: 6 } },
    name: 'x',
  },
  {
    title: 'an image of nothing',
    at,
    first: [{ at, body: pod({}) }],
    patch: { spec: { containers: [container({ image: '' })] } },
    name: 'x',
  },
];
