/** Why a pod does not run as it should, told apart so that a console can help (CMP-108). */
export const podFindingCodes = {
  INSUFFICIENT_RESOURCES: 'No node has enough of what it requests: lower the requests, add nodes, or free some.',
  NODE_SELECTOR_MISMATCH: 'No node has the labels that its node selector or node affinity asks for.',
  POD_AFFINITY_MISMATCH: 'Rules about other pods (affinity, anti-affinity, spreading) leave no node.',
  TAINT_NOT_TOLERATED: 'Nodes that would do keep it away by a taint: tolerate it, or remove it.',
  NODE_UNSCHEDULABLE: 'Nodes that would do are cordoned.',
  PORT_TAKEN: 'The host ports it wants are taken on every node.',
  VOLUME_NOT_BOUND: 'A PersistentVolumeClaim it mounts does not exist, or has no volume yet.',
  VOLUME_ELSEWHERE: 'Its volume can only be reached from nodes that do not take it.',
  TOO_MANY_PODS: 'Nodes that would do hold as many pods as they may.',
  NO_NODES: 'The cluster has no node.',
  SCHEDULING_GATED: 'It is held back by its scheduling gates until somebody removes them.',
  NOT_SCHEDULED: 'No node takes it, for another reason, which the message tells.',
  IMAGE_NOT_FOUND: 'The registry has no such image or tag.',
  IMAGE_PULL_DENIED: 'The registry refuses: the image is private and no pull secret fits.',
  IMAGE_NAME_INVALID: 'What stands as image is none.',
  IMAGE_PULL_FAILED: 'The image could not be pulled: the registry cannot be reached, or broke off.',
  IMAGE_NOT_PRESENT: 'The image is not on the node, and `imagePullPolicy: Never` forbids to pull it.',
  CONFIGURATION_MISSING: 'A ConfigMap, a Secret or a key that the container uses is not there.',
  START_FAILED: 'The container could not be started: the command is not in the image, or may not be run.',
  CRASHED: 'The program ended with an error; its log, also of the run before, says why.',
  OUT_OF_MEMORY: 'It used more memory than its limit and was killed.',
  DEADLINE_EXCEEDED: 'It ran longer than it may (`activeDeadlineSeconds`).',
  EVICTED: 'Its node ran short of memory, disk or process ids and evicted it.',
  NODE_LOST: 'Its node has not been heard of: whether it runs is not known.',
  VOLUME_NOT_MOUNTED:
    'A volume could not be attached or mounted: what it refers to is missing, or another node holds it.',
  NO_ADDRESS:
    'Its network has no address for it: none is left in its subnet or pool, or the one that it asks for is taken. Free some, or import more.',
  SANDBOX_FAILED: 'Its sandbox or network could not be set up on the node.',
  NOT_READY: 'It runs, but its readiness probe does not succeed: no traffic reaches it.',
  NOT_STARTED: 'It runs, but its startup probe has not succeeded yet.',
  HELD_BY_FINALIZERS: 'It is deleted as soon as whoever set its finalizers removes them.',
} as const;
export type PodFindingCode = keyof typeof podFindingCodes;

export interface PodFinding {
  readonly code: PodFindingCode;
  /** Which container it is about; undefined where it is about the pod. */
  readonly container: string | undefined;
  /** What the cluster says, in its words. */
  readonly message: string;
}
