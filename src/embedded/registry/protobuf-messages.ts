import type { ProtobufField, ProtobufMessages } from '../machinery/protobuf.ts';

/**
 * Field numbers of the messages that clients insist on sending as protobuf: what `kubectl create` makes and what
 * client-go's typed clients store. A field that is missing here is refused, never lost. `[]` marks lists, `{}` maps,
 * `?` optional scalars; `ignored` is status, which no creation takes.
 */
export const protobufMessages: ProtobufMessages = read({
  ObjectMeta:
    '1 name string, 2 generateName string, 3 namespace string, 4 selfLink string, 5 uid string, 6 resourceVersion string, 7 generation int, 8 creationTimestamp Time, 9 deletionTimestamp Time, 10 deletionGracePeriodSeconds int?, 11 labels string{}, 12 annotations string{}, 13 ownerReferences OwnerReference[], 14 finalizers string[], 17 managedFields ignored',
  OwnerReference:
    '1 kind string, 3 name string, 4 uid string, 5 apiVersion string, 6 controller bool?, 7 blockOwnerDeletion bool?',
  Time: '1 seconds int?, 2 nanos int',
  Quantity: '1 string string',
  IntOrString: '1 type int, 2 intVal int, 3 strVal string',
  LabelSelector: '1 matchLabels string{}, 2 matchExpressions LabelSelectorRequirement[]',
  LabelSelectorRequirement: '1 key string, 2 operator string, 3 values string[]',
  Namespace: '1 metadata ObjectMeta, 2 spec NamespaceSpec, 3 status ignored',
  NamespaceSpec: '1 finalizers string[]',
  ConfigMap: '1 metadata ObjectMeta, 2 data string{}, 3 binaryData bytes{}, 4 immutable bool?',
  Secret: '1 metadata ObjectMeta, 2 data bytes{}, 3 type string, 4 stringData string{}, 5 immutable bool?',
  ServiceAccount:
    '1 metadata ObjectMeta, 2 secrets ObjectReference[], 3 imagePullSecrets LocalObjectReference[], 4 automountServiceAccountToken bool?',
  ObjectReference:
    '1 kind string, 2 namespace string, 3 name string, 4 uid string, 5 apiVersion string, 6 resourceVersion string, 7 fieldPath string',
  LocalObjectReference: '1 name string',
  ResourceQuota: '1 metadata ObjectMeta, 2 spec ResourceQuotaSpec, 3 status ignored',
  ResourceQuotaSpec: '1 hard Quantity{}, 2 scopes string[]',
  Service: '1 metadata ObjectMeta, 2 spec ServiceSpec, 3 status ignored',
  ServiceSpec:
    '1 ports ServicePort[], 2 selector string{}, 3 clusterIP string, 4 type string, 5 externalIPs string[], 7 sessionAffinity string, 8 loadBalancerIP string, 9 loadBalancerSourceRanges string[], 10 externalName string, 11 externalTrafficPolicy string, 12 healthCheckNodePort int, 13 publishNotReadyAddresses bool',
  ServicePort:
    '1 name string, 2 protocol string, 3 port int, 4 targetPort IntOrString, 5 nodePort int, 6 appProtocol string?',
  Deployment: '1 metadata ObjectMeta, 2 spec DeploymentSpec, 3 status ignored',
  DeploymentSpec:
    '1 replicas int?, 2 selector LabelSelector, 3 template PodTemplateSpec, 4 strategy DeploymentStrategy, 5 minReadySeconds int, 6 revisionHistoryLimit int?, 7 paused bool, 9 progressDeadlineSeconds int?',
  DeploymentStrategy: '1 type string, 2 rollingUpdate RollingUpdateDeployment',
  RollingUpdateDeployment: '1 maxUnavailable IntOrString, 2 maxSurge IntOrString',
  Job: '1 metadata ObjectMeta, 2 spec JobSpec, 3 status ignored',
  JobSpec:
    '1 parallelism int?, 2 completions int?, 3 activeDeadlineSeconds int?, 4 selector LabelSelector, 5 manualSelector bool?, 6 template PodTemplateSpec, 7 backoffLimit int?, 8 ttlSecondsAfterFinished int?',
  CronJob: '1 metadata ObjectMeta, 2 spec CronJobSpec, 3 status ignored',
  CronJobSpec:
    '1 schedule string, 2 startingDeadlineSeconds int?, 3 concurrencyPolicy string, 4 suspend bool?, 5 jobTemplate JobTemplateSpec, 6 successfulJobsHistoryLimit int?, 7 failedJobsHistoryLimit int?, 8 timeZone string?',
  JobTemplateSpec: '1 metadata ObjectMeta, 2 spec JobSpec',
  PodTemplateSpec: '1 metadata ObjectMeta, 2 spec PodSpec',
  PodSpec:
    '2 containers Container[], 3 restartPolicy string, 4 terminationGracePeriodSeconds int?, 5 activeDeadlineSeconds int?, 6 dnsPolicy string, 7 nodeSelector string{}, 8 serviceAccountName string, 9 serviceAccount string, 10 nodeName string, 11 hostNetwork bool, 12 hostPID bool, 13 hostIPC bool, 15 imagePullSecrets LocalObjectReference[], 16 hostname string, 17 subdomain string, 19 schedulerName string, 20 initContainers Container[], 21 automountServiceAccountToken bool?, 24 priorityClassName string, 25 priority int?, 27 shareProcessNamespace bool?',
  Container:
    '1 name string, 2 image string, 3 command string[], 4 args string[], 5 workingDir string, 6 ports ContainerPort[], 7 env EnvVar[], 8 resources ResourceRequirements, 13 terminationMessagePath string, 14 imagePullPolicy string, 16 stdin bool, 17 stdinOnce bool, 18 tty bool, 20 terminationMessagePolicy string',
  ContainerPort: '1 name string, 2 hostPort int, 3 containerPort int, 4 protocol string, 5 hostIP string',
  EnvVar: '1 name string, 2 value string',
  ResourceRequirements: '1 limits Quantity{}, 2 requests Quantity{}',
  PodDisruptionBudget: '1 metadata ObjectMeta, 2 spec PodDisruptionBudgetSpec, 3 status ignored',
  PodDisruptionBudgetSpec:
    '1 minAvailable IntOrString, 2 selector LabelSelector, 3 maxUnavailable IntOrString, 4 unhealthyPodEvictionPolicy string?',
  Role: '1 metadata ObjectMeta, 2 rules PolicyRule[]',
  ClusterRole: '1 metadata ObjectMeta, 2 rules PolicyRule[]',
  PolicyRule:
    '1 verbs string[], 2 apiGroups string[], 3 resources string[], 4 resourceNames string[], 5 nonResourceURLs string[]',
  RoleBinding: '1 metadata ObjectMeta, 2 subjects Subject[], 3 roleRef RoleRef',
  ClusterRoleBinding: '1 metadata ObjectMeta, 2 subjects Subject[], 3 roleRef RoleRef',
  Subject: '1 kind string, 2 apiGroup string, 3 name string, 4 namespace string',
  RoleRef: '1 apiGroup string, 2 kind string, 3 name string',
  SelfSubjectReview: '1 metadata ObjectMeta, 2 status ignored',
  SelfSubjectAccessReview: '1 metadata ObjectMeta, 2 spec AccessReviewSpec, 3 status ignored',
  SubjectAccessReview: '1 metadata ObjectMeta, 2 spec AccessReviewSpec, 3 status ignored',
  LocalSubjectAccessReview: '1 metadata ObjectMeta, 2 spec AccessReviewSpec, 3 status ignored',
  AccessReviewSpec:
    '1 resourceAttributes ResourceAttributes, 2 nonResourceAttributes NonResourceAttributes, 3 user string, 4 groups string[], 6 uid string',
  ResourceAttributes:
    '1 namespace string, 2 verb string, 3 group string, 4 version string, 5 resource string, 6 subresource string, 7 name string',
  NonResourceAttributes: '1 path string, 2 verb string',
  SelfSubjectRulesReview: '1 metadata ObjectMeta, 2 spec RulesReviewSpec, 3 status ignored',
  RulesReviewSpec: '1 namespace string',
  DeleteOptions:
    '1 gracePeriodSeconds int?, 2 preconditions Preconditions, 3 orphanDependents bool?, 4 propagationPolicy string?, 5 dryRun string[]',
  Preconditions: '1 uid string?, 2 resourceVersion string?',
  Eviction: '1 metadata ObjectMeta, 2 deleteOptions DeleteOptions',
  TokenRequest: '1 metadata ObjectMeta, 2 spec TokenRequestSpec, 3 status ignored',
  TokenRequestSpec: '1 audiences string[], 3 boundObjectRef BoundObjectReference, 4 expirationSeconds int?',
  BoundObjectReference: '1 kind string, 2 apiVersion string, 3 name string, 4 uid string',
  TokenReview: '1 metadata ObjectMeta, 2 spec TokenReviewSpec, 3 status ignored',
  TokenReviewSpec: '1 token string, 2 audiences string[]',
  Scale: '1 metadata ObjectMeta, 2 spec ScaleSpec, 3 status ignored',
  ScaleSpec: '1 replicas int',
  Unknown: '1 typeMeta TypeMeta, 2 raw bytes, 3 contentEncoding string, 4 contentType string',
  TypeMeta: '1 apiVersion string, 2 kind string',
});

function read(lines: Readonly<Record<string, string>>): ProtobufMessages {
  return Object.fromEntries(
    Object.entries(lines).map(([message, text]) => [
      message,
      Object.fromEntries(text.split(', ').map((field) => [Number(field.split(' ')[0]), readField(field)])),
    ]),
  );
}

function readField(text: string): ProtobufField {
  const [, name = '', type = ''] = text.split(' ');
  if (type.endsWith('[]')) return { name, type: type.slice(0, -2), kind: 'list' };
  if (type.endsWith('{}')) return { name, type: type.slice(0, -2), kind: 'map' };
  return { name, type, kind: 'one' };
}
