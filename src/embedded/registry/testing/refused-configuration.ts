import { container, object, type RefusedWrite } from './refused-write.ts';

const core = '/api/v1/namespaces/refusals';
const maps = `${core}/configmaps`;
const secrets = `${core}/secrets`;
const claims = `${core}/persistentvolumeclaims`;
const quotas = `${core}/resourcequotas`;
const ranges = `${core}/limitranges`;
const volumes = '/api/v1/persistentvolumes';
const nodes = '/api/v1/nodes';
const namespaces = '/api/v1/namespaces';
const storageClasses = '/apis/storage.k8s.io/v1/storageclasses';
const priorityClasses = '/apis/scheduling.k8s.io/v1/priorityclasses';
const runtimeClasses = '/apis/node.k8s.io/v1/runtimeclasses';
const drivers = '/apis/storage.k8s.io/v1/csidrivers';
const leases = '/apis/coordination.k8s.io/v1/namespaces/refusals/leases';
const roles = '/apis/rbac.authorization.k8s.io/v1/namespaces/refusals/roles';
const bindings = '/apis/rbac.authorization.k8s.io/v1/namespaces/refusals/rolebindings';
const templates = `${core}/podtemplates`;

function map(extra: object = {}): object {
  return object('v1', 'ConfigMap', extra);
}

function named(metadata: object): object {
  return map({ metadata: { name: 'x', ...metadata } });
}

function secret(extra: object): object {
  return object('v1', 'Secret', extra);
}

function claim(spec: object = {}): object {
  return object('v1', 'PersistentVolumeClaim', {
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
  });
}

function volume(spec: object = {}): object {
  return object('v1', 'PersistentVolume', {
    spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/a' }, ...spec },
  });
}

function quota(spec: object): object {
  return object('v1', 'ResourceQuota', { spec });
}

function range(...limits: readonly object[]): object {
  return object('v1', 'LimitRange', { spec: { limits } });
}

function storageClass(extra: object = {}): object {
  return object('storage.k8s.io/v1', 'StorageClass', { provisioner: 'example.com/disk', ...extra });
}

function priorityClass(extra: object = {}): object {
  return object('scheduling.k8s.io/v1', 'PriorityClass', { value: 7, ...extra });
}

/** Configuration, storage and the cluster's own objects, with one mistake each. */
export const refusedConfiguration: readonly RefusedWrite[] = [
  { title: 'a bad label key', at: maps, body: named({ labels: { 'a b': 'c' } }) },
  { title: 'a label key with a bad prefix', at: maps, body: named({ labels: { 'Bad_Prefix/a': 'c' } }) },
  { title: 'a label key with an empty prefix', at: maps, body: named({ labels: { '/a': 'c' } }) },
  { title: 'a label key with two slashes', at: maps, body: named({ labels: { 'a/b/c': 'c' } }) },
  { title: 'a long label key', at: maps, body: named({ labels: { ['a'.repeat(64)]: 'c' } }) },
  { title: 'a bad label value', at: maps, body: named({ labels: { a: 'b c' } }) },
  { title: 'a long label value', at: maps, body: named({ labels: { a: 'b'.repeat(64) } }) },
  { title: 'a bad annotation key', at: maps, body: named({ annotations: { 'a b': 'c' } }) },
  { title: 'annotations that are too large', at: maps, body: named({ annotations: { a: 'b'.repeat(262_144) } }) },
  { title: 'a bad object name', at: maps, body: named({ name: 'Bad_Name' }) },
  { title: 'a long object name', at: maps, body: named({ name: 'a'.repeat(254) }) },
  { title: 'a bad generated name', at: maps, body: map({ metadata: { generateName: 'Bad_Name-' } }) },
  { title: 'a finalizer without a domain', at: maps, body: named({ finalizers: ['mine'] }) },
  { title: 'a bad finalizer', at: maps, body: named({ finalizers: ['a b'] }) },
  {
    title: 'an owner without a name',
    at: maps,
    body: named({ ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: '', uid: '' }] }),
  },
  {
    title: 'an owner that is an event',
    at: maps,
    body: named({ ownerReferences: [{ apiVersion: 'v1', kind: 'Event', name: 'a', uid: 'b' }] }),
  },
  {
    title: 'two controllers of one object',
    at: maps,
    body: named({
      ownerReferences: [
        { apiVersion: 'v1', kind: 'Pod', name: 'a', uid: 'b', controller: true },
        { apiVersion: 'v1', kind: 'Pod', name: 'c', uid: 'd', controller: true },
      ],
    }),
  },
  { title: 'a map with a bad key', at: maps, body: map({ data: { 'a b': 'c' } }) },
  { title: 'a map with a key of two dots', at: maps, body: map({ data: { '..': 'c' } }) },
  { title: 'a map with a key that starts with two dots', at: maps, body: map({ data: { '..a': 'c' } }) },
  { title: 'a map with one key twice', at: maps, body: map({ data: { a: 'c' }, binaryData: { a: 'Yg==' } }) },
  { title: 'a map that is too large', at: maps, body: map({ data: { a: 'b'.repeat(1_048_577) } }) },
  {
    title: 'a map that may not change',
    at: maps,
    first: [{ at: maps, body: map({ immutable: true, data: { a: 'b' } }) }],
    patch: { data: { a: 'c' } },
    name: 'x',
  },
  {
    title: 'a map that may change again',
    at: maps,
    first: [{ at: maps, body: map({ immutable: true, data: { a: 'b' } }) }],
    patch: { immutable: false },
    name: 'x',
  },
  { title: 'a secret with a bad key', at: secrets, body: secret({ data: { 'a b': 'Yg==' } }) },
  { title: 'a secret that is too large', at: secrets, body: secret({ stringData: { a: 'b'.repeat(1_048_577) } }) },
  { title: 'a certificate secret without its keys', at: secrets, body: secret({ type: 'kubernetes.io/tls' }) },
  { title: 'a registry secret without its key', at: secrets, body: secret({ type: 'kubernetes.io/dockerconfigjson' }) },
  {
    title: 'a registry secret that is no JSON',
    at: secrets,
    body: secret({ type: 'kubernetes.io/dockerconfigjson', stringData: { '.dockerconfigjson': 'no' } }),
  },
  { title: 'an old registry secret without its key', at: secrets, body: secret({ type: 'kubernetes.io/dockercfg' }) },
  { title: 'a login secret without its keys', at: secrets, body: secret({ type: 'kubernetes.io/basic-auth' }) },
  { title: 'a shell key secret without its key', at: secrets, body: secret({ type: 'kubernetes.io/ssh-auth' }) },
  {
    title: 'a token secret without its account',
    at: secrets,
    body: secret({ type: 'kubernetes.io/service-account-token' }),
  },
  {
    title: 'a secret of another type',
    at: secrets,
    first: [{ at: secrets, body: secret({}) }],
    patch: { type: 'example.com/other' },
    name: 'x',
  },
  {
    title: 'a secret that may not change',
    at: secrets,
    first: [{ at: secrets, body: secret({ immutable: true }) }],
    patch: { data: { a: 'Yg==' } },
    name: 'x',
  },
  { title: 'a claim without access modes', at: claims, body: claim({ accessModes: [] }) },
  { title: 'a claim of an unknown access mode', at: claims, body: claim({ accessModes: ['WriteOnce'] }) },
  {
    title: 'a claim for one pod and others',
    at: claims,
    body: claim({ accessModes: ['ReadWriteOncePod', 'ReadWriteOnce'] }),
  },
  { title: 'a claim of no size', at: claims, body: claim({ resources: {} }) },
  { title: 'a claim of size zero', at: claims, body: claim({ resources: { requests: { storage: '0' } } }) },
  { title: 'a claim of a bad class', at: claims, body: claim({ storageClassName: 'Bad_Name' }) },
  { title: 'a claim of an unknown mode', at: claims, body: claim({ volumeMode: 'Tape' }) },
  {
    title: 'a claim of another class',
    at: claims,
    first: [{ at: claims, body: claim({ storageClassName: 'a' }) }],
    patch: { spec: { storageClassName: 'b' } },
    name: 'x',
  },
  {
    title: 'a claim with other access modes',
    at: claims,
    first: [{ at: claims, body: claim({ storageClassName: 'a' }) }],
    patch: { spec: { accessModes: ['ReadWriteMany'] } },
    name: 'x',
  },
  {
    title: 'a claim that grows before it is bound',
    at: claims,
    first: [{ at: claims, body: claim({ storageClassName: 'a' }) }],
    patch: { spec: { resources: { requests: { storage: '2Gi' } } } },
    name: 'x',
  },
  {
    title: 'a claim that shrinks',
    at: claims,
    first: [{ at: claims, body: claim({ storageClassName: 'a' }) }],
    patch: { spec: { resources: { requests: { storage: '512Mi' } } } },
    name: 'x',
  },
  { title: 'a volume without access modes', at: volumes, body: volume({ accessModes: [] }) },
  { title: 'a volume without a size', at: volumes, body: volume({ capacity: {} }) },
  { title: 'a volume with more than a size', at: volumes, body: volume({ capacity: { storage: '1Gi', cpu: '1' } }) },
  { title: 'a volume of nothing', at: volumes, body: volume({ hostPath: undefined }) },
  { title: 'a volume of two things', at: volumes, body: volume({ nfs: { server: 'a', path: '/b' } }) },
  {
    title: 'a volume that is kept in an unknown way',
    at: volumes,
    body: volume({ persistentVolumeReclaimPolicy: 'Burn' }),
  },
  { title: 'a volume of an unknown mode', at: volumes, body: volume({ volumeMode: 'Tape' }) },
  { title: 'a volume of a bad class', at: volumes, body: volume({ storageClassName: 'Bad_Name' }) },
  { title: 'a local volume without a node', at: volumes, body: volume({ hostPath: undefined, local: { path: '/a' } }) },
  {
    title: 'a volume of a driver without a name',
    at: volumes,
    body: volume({ hostPath: undefined, csi: { driver: '', volumeHandle: '' } }),
  },
  {
    title: 'a volume of another source',
    at: volumes,
    first: [{ at: volumes, body: volume() }],
    patch: { spec: { hostPath: { path: '/b' } } },
    name: 'x',
  },
  { title: 'a quota of an unknown resource', at: quotas, body: quota({ hard: { gold: '1' } }) },
  { title: 'a negative quota', at: quotas, body: quota({ hard: { pods: '-1' } }) },
  { title: 'a quota of half a pod', at: quotas, body: quota({ hard: { pods: '500m' } }) },
  { title: 'a quota of an unknown scope', at: quotas, body: quota({ hard: { pods: '1' }, scopes: ['Night'] }) },
  {
    title: 'a quota of scopes that exclude each other',
    at: quotas,
    body: quota({ hard: { pods: '1' }, scopes: ['BestEffort', 'NotBestEffort'] }),
  },
  {
    title: 'a quota of a scope that does not fit',
    at: quotas,
    body: quota({ hard: { services: '1' }, scopes: ['BestEffort'] }),
  },
  {
    title: 'a quota with a bad scope selector',
    at: quotas,
    body: quota({
      hard: { pods: '1' },
      scopeSelector: { matchExpressions: [{ scopeName: 'BestEffort', operator: 'In', values: ['a'] }] },
    }),
  },
  {
    title: 'a quota by class without values',
    at: quotas,
    body: quota({
      hard: { pods: '1' },
      scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: [] }] },
    }),
  },
  {
    title: 'a quota of other scopes',
    at: quotas,
    first: [{ at: quotas, body: quota({ hard: { pods: '1' }, scopes: ['BestEffort'] }) }],
    patch: { spec: { scopes: ['NotBestEffort'] } },
    name: 'x',
  },
  {
    title: 'a range whose minimum is above its maximum',
    at: ranges,
    body: range({ type: 'Container', min: { cpu: '2' }, max: { cpu: '1' } }),
  },
  {
    title: 'a range whose default is above its maximum',
    at: ranges,
    body: range({ type: 'Container', default: { cpu: '2' }, max: { cpu: '1' } }),
  },
  {
    title: 'a range whose default request is above its default',
    at: ranges,
    body: range({ type: 'Container', default: { cpu: '1' }, defaultRequest: { cpu: '2' } }),
  },
  { title: 'a range for pods with a default', at: ranges, body: range({ type: 'Pod', default: { cpu: '1' } }) },
  {
    title: 'a range given twice',
    at: ranges,
    body: range({ type: 'Container', min: { cpu: '1' } }, { type: 'Container', min: { cpu: '1' } }),
  },
  {
    title: 'a range for claims without storage',
    at: ranges,
    body: range({ type: 'PersistentVolumeClaim', max: { cpu: '1' } }),
  },
  {
    title: 'a range with a ratio below one',
    at: ranges,
    body: range({ type: 'Container', maxLimitRequestRatio: { cpu: '500m' } }),
  },
  { title: 'a range of an unknown type', at: ranges, body: range({ type: 'Bad Type', min: { cpu: '1' } }) },
  { title: 'a storage class without a provisioner', at: storageClasses, body: storageClass({ provisioner: '' }) },
  { title: 'a storage class with a bad provisioner', at: storageClasses, body: storageClass({ provisioner: 'a b' }) },
  {
    title: 'a storage class that keeps in an unknown way',
    at: storageClasses,
    body: storageClass({ reclaimPolicy: 'Recycle' }),
  },
  {
    title: 'a storage class that binds in an unknown way',
    at: storageClasses,
    body: storageClass({ volumeBindingMode: 'Later' }),
  },
  {
    title: 'a storage class with other parameters',
    at: storageClasses,
    first: [{ at: storageClasses, body: storageClass() }],
    patch: {
      parameters: { a: 'b' },
      provisioner: 'example.com/other',
      reclaimPolicy: 'Retain',
      volumeBindingMode: 'WaitForFirstConsumer',
    },
    name: 'x',
  },
  { title: 'a priority above the system', at: priorityClasses, body: priorityClass({ value: 1_000_000_001 }) },
  {
    title: 'a priority class with the prefix of the system',
    at: priorityClasses,
    body: priorityClass({ metadata: { name: 'system-x' } }),
  },
  {
    title: 'a priority class that preempts in an unknown way',
    at: priorityClasses,
    body: priorityClass({ preemptionPolicy: 'Maybe' }),
  },
  {
    title: 'a priority class of another value',
    at: priorityClasses,
    first: [{ at: priorityClasses, body: priorityClass() }],
    patch: { value: 8 },
    name: 'x',
  },
  {
    title: 'a second default priority',
    at: priorityClasses,
    first: [{ at: priorityClasses, body: priorityClass({ metadata: { name: 'y' }, globalDefault: true }) }],
    body: priorityClass({ globalDefault: true }),
  },
  {
    title: 'a runtime class without a handler',
    at: runtimeClasses,
    body: object('node.k8s.io/v1', 'RuntimeClass', { handler: '' }),
  },
  {
    title: 'a runtime class with a bad handler',
    at: runtimeClasses,
    body: object('node.k8s.io/v1', 'RuntimeClass', { handler: 'Bad_Name' }),
  },
  {
    title: 'a runtime class of another handler',
    at: runtimeClasses,
    first: [{ at: runtimeClasses, body: object('node.k8s.io/v1', 'RuntimeClass', { handler: 'a' }) }],
    patch: { handler: 'b' },
    name: 'x',
  },
  {
    title: 'a driver of an unknown life cycle',
    at: drivers,
    body: object('storage.k8s.io/v1', 'CSIDriver', { spec: { volumeLifecycleModes: ['Eternal'] } }),
  },
  { title: 'a namespace with a dot', at: namespaces, body: object('v1', 'Namespace', { metadata: { name: 'a.b' } }) },
  {
    title: 'a namespace with a long name',
    at: namespaces,
    body: object('v1', 'Namespace', { metadata: { name: 'a'.repeat(64) } }),
  },
  {
    title: 'a namespace with a bad security level',
    at: namespaces,
    body: object('v1', 'Namespace', {
      metadata: { name: 'x', labels: { 'pod-security.kubernetes.io/enforce': 'lax' } },
    }),
  },
  {
    title: 'a namespace with a bad security version',
    at: namespaces,
    body: object('v1', 'Namespace', {
      metadata: { name: 'x', labels: { 'pod-security.kubernetes.io/enforce-version': 'newest' } },
    }),
  },
  {
    title: 'a node with a bad taint',
    at: nodes,
    body: object('v1', 'Node', { spec: { taints: [{ key: 'a b', effect: 'Never' }, { key: 'c' }] } }),
  },
  {
    title: 'a node with one taint twice',
    at: nodes,
    body: object('v1', 'Node', {
      spec: {
        taints: [
          { key: 'a', effect: 'NoSchedule' },
          { key: 'a', value: 'b', effect: 'NoSchedule' },
        ],
      },
    }),
  },
  {
    title: 'a node with a bad range',
    at: nodes,
    body: object('v1', 'Node', { spec: { podCIDR: '10.0.0.0', podCIDRs: ['10.0.0.0'] } }),
  },
  {
    title: 'a node of another provider',
    at: nodes,
    first: [{ at: nodes, body: object('v1', 'Node', { spec: { providerID: 'a' } }) }],
    patch: { spec: { providerID: 'b' } },
    name: 'x',
  },
  {
    title: 'a lease of no time',
    at: leases,
    body: object('coordination.k8s.io/v1', 'Lease', { spec: { leaseDurationSeconds: 0, leaseTransitions: -1 } }),
  },
  {
    title: 'a role without verbs',
    at: roles,
    body: object('rbac.authorization.k8s.io/v1', 'Role', {
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: [] }],
    }),
  },
  {
    title: 'a role for paths in a namespace',
    at: roles,
    body: object('rbac.authorization.k8s.io/v1', 'Role', { rules: [{ nonResourceURLs: ['/a'], verbs: ['get'] }] }),
  },
  {
    title: 'a role for nothing',
    at: roles,
    body: object('rbac.authorization.k8s.io/v1', 'Role', { rules: [{ verbs: ['get'] }] }),
  },
  {
    title: 'a binding to an unknown kind',
    at: bindings,
    body: object('rbac.authorization.k8s.io/v1', 'RoleBinding', {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'a' },
    }),
  },
  {
    title: 'a binding of an unknown subject',
    at: bindings,
    body: object('rbac.authorization.k8s.io/v1', 'RoleBinding', {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [
        { kind: 'Robot', name: 'a' },
        { kind: 'ServiceAccount', name: 'b' },
      ],
    }),
  },
  {
    title: 'a binding to another role',
    at: bindings,
    first: [
      {
        at: bindings,
        body: object('rbac.authorization.k8s.io/v1', 'RoleBinding', {
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
        }),
      },
    ],
    patch: { roleRef: { name: 'edit' } },
    name: 'x',
  },
  {
    title: 'a pod template without containers',
    at: templates,
    body: object('v1', 'PodTemplate', { template: { spec: { containers: [] } } }),
  },
  {
    title: 'a pod template with a bad pull policy',
    at: templates,
    body: object('v1', 'PodTemplate', {
      template: { spec: { containers: [container({ imagePullPolicy: 'Maybe' })] } },
    }),
  },
  { title: 'an object of another namespace', at: maps, body: named({ namespace: 'other' }) },
  { title: 'an object with a revision', at: maps, body: named({ resourceVersion: '5' }) },
  { title: 'an object that is there', at: maps, first: [{ at: maps, body: map({}) }], body: map({}) },
];
