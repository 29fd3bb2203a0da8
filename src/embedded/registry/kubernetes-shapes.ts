import { type ListKey, type Shape, untypedShape } from '../machinery/shape.ts';

/** One field that is not simply merged: what the real types say by list type, map type and patch merge key. */
interface FieldRule {
  readonly type?: string;
  readonly list?: 'set' | 'map';
  readonly keys?: readonly ListKey[];
  readonly mergeKey?: string;
  readonly isMergedSet?: boolean;
  readonly isAtomic?: boolean;
}

const protocol: ListKey = { name: 'protocol', default: 'TCP' };
const atomic: FieldRule = { isAtomic: true };
const selector: FieldRule = { isAtomic: true, type: 'LabelSelector' };
const conditions = listOf('Condition', 'type');

/**
 * Every place of the served types where a list has keys or an object is replaced whole, as in Kubernetes' own
 * `listType`, `mapType` and `patchMergeKey` markers. Fields that are not named merge plainly; their lists are replaced.
 */
const types: Readonly<Record<string, Readonly<Record<string, FieldRule>>>> = {
  ObjectMeta: { ownerReferences: listOf('OwnerReference', 'uid'), finalizers: { list: 'set', isMergedSet: true } },
  Condition: {},
  OwnerReference: {},
  LabelSelector: {},
  Named: {},
  Pod: { metadata: of('ObjectMeta'), spec: of('PodSpec'), status: of('PodStatus') },
  PodTemplate: { metadata: of('ObjectMeta'), spec: of('PodSpec') },
  PodSpec: {
    containers: listOf('Container', 'name'),
    initContainers: listOf('Container', 'name'),
    ephemeralContainers: listOf('Container', 'name'),
    volumes: listOf('Volume', 'name'),
    imagePullSecrets: listOf('Named', 'name'),
    hostAliases: listOf('Named', 'ip'),
    topologySpreadConstraints: {
      type: 'TopologySpreadConstraint',
      list: 'map',
      keys: [{ name: 'topologyKey' }, { name: 'whenUnsatisfiable' }],
      mergeKey: 'topologyKey',
    },
    schedulingGates: listOf('Named', 'name'),
    resourceClaims: listOf('Named', 'name'),
    nodeSelector: atomic,
    affinity: of('Affinity'),
  },
  TopologySpreadConstraint: { labelSelector: selector },
  Affinity: { nodeAffinity: of('NodeAffinity') },
  NodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: atomic },
  Container: {
    ports: { type: 'Named', list: 'map', keys: [{ name: 'containerPort' }, protocol], mergeKey: 'containerPort' },
    env: listOf('EnvVar', 'name'),
    volumeMounts: listOf('Named', 'mountPath'),
    volumeDevices: listOf('Named', 'devicePath'),
    resources: of('ResourceRequirements'),
  },
  ResourceRequirements: { claims: { type: 'Named', list: 'map', keys: [{ name: 'name' }] } },
  EnvVar: { valueFrom: of('EnvVarSource') },
  EnvVarSource: { fieldRef: atomic, resourceFieldRef: atomic, configMapKeyRef: atomic, secretKeyRef: atomic },
  Volume: { ephemeral: of('EphemeralVolume') },
  EphemeralVolume: { volumeClaimTemplate: of('PersistentVolumeClaim') },
  PodStatus: {
    conditions,
    podIPs: listOf('Named', 'ip'),
    hostIPs: { mergeKey: 'ip', type: 'Named' },
    resourceClaimStatuses: listOf('Named', 'name'),
  },
  Workload: { metadata: of('ObjectMeta'), spec: of('WorkloadSpec'), status: of('Conditioned') },
  WorkloadSpec: { selector, template: of('PodTemplate') },
  Conditioned: { conditions },
  Job: { metadata: of('ObjectMeta'), spec: of('WorkloadSpec'), status: of('JobStatus') },
  JobStatus: { conditions: { type: 'Condition', mergeKey: 'type' } },
  CronJob: { metadata: of('ObjectMeta'), spec: of('CronJobSpec') },
  CronJobSpec: { jobTemplate: of('Job') },
  Service: { metadata: of('ObjectMeta'), spec: of('ServiceSpec'), status: of('Conditioned') },
  ServiceSpec: {
    ports: { type: 'Named', list: 'map', keys: [{ name: 'port' }, protocol], mergeKey: 'port' },
    selector: atomic,
  },
  Node: { metadata: of('ObjectMeta'), spec: of('NodeSpec'), status: of('NodeStatus') },
  NodeSpec: { podCIDRs: { list: 'set', isMergedSet: true }, configSource: of('Named'), taints: {} },
  NodeStatus: { conditions, addresses: listOf('Named', 'type') },
  PersistentVolumeClaim: { metadata: of('ObjectMeta'), spec: of('ClaimSpec'), status: of('Conditioned') },
  ClaimSpec: { selector, dataSource: atomic },
  ServiceAccount: {
    metadata: of('ObjectMeta'),
    secrets: listOf('Named', 'name'),
    imagePullSecrets: {},
  },
  RoleBinding: { metadata: of('ObjectMeta'), roleRef: atomic },
  Event: { metadata: of('ObjectMeta'), involvedObject: atomic, related: atomic },
  Ingress: { metadata: of('ObjectMeta'), spec: of('IngressSpec') },
  IngressSpec: { defaultBackend: of('IngressBackend') },
  IngressBackend: { resource: atomic },
  NetworkPolicy: { metadata: of('ObjectMeta'), spec: of('NetworkPolicySpec') },
  NetworkPolicySpec: { podSelector: selector },
  DisruptionBudget: { metadata: of('ObjectMeta'), spec: of('WorkloadSpec'), status: of('Conditioned') },
  Plain: { metadata: of('ObjectMeta'), status: of('Conditioned') },
};

const shapes = new Map<string, Shape>();

/** The shape of one of the built-in types. An unknown name is a mistake in the registry and throws. */
export function kubernetesShape(type: string): Shape {
  if (types[type] === undefined) throw new Error(`no shape is known for type ${type}`);
  return structShape(type);
}

function structShape(type: string): Shape {
  const known = shapes.get(type);
  if (known !== undefined) return known;
  const made = shapeOf({ type });
  shapes.set(type, made);
  return made;
}

function shapeOf(rule: FieldRule): Shape {
  const fields = rule.type === undefined ? undefined : types[rule.type];
  const cache = new Map<string, Shape>();
  return {
    list: rule.list ?? 'atomic',
    keys: rule.keys ?? [],
    ...(rule.mergeKey === undefined ? {} : { mergeKey: rule.mergeKey }),
    ...(rule.isMergedSet === undefined ? {} : { isMergedSet: rule.isMergedSet }),
    isAtomic: rule.isAtomic ?? false,
    field(name) {
      const fieldRule = fields?.[name];
      if (fieldRule === undefined || !Object.hasOwn(fields ?? {}, name)) return untypedShape;
      const present = cache.get(name) ?? shapeOf(fieldRule);
      cache.set(name, present);
      return present;
    },
    get item() {
      return rule.type === undefined ? untypedShape : structShape(rule.type);
    },
  };
}

function of(type: string): FieldRule {
  return { type };
}

function listOf(type: string, key: string): FieldRule {
  return { type, list: 'map', keys: [{ name: key }], mergeKey: key };
}
