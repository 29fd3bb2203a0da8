import type { Container, Node, Pod, PodSpec, ResourceList } from '../kubernetes-shapes.ts';
import { NodeInfo } from '../scheduling/node-info.ts';
import type { SchedulingWorld } from '../scheduling/scheduling-rules.ts';

let sequence = 0;

export interface SampleNode {
  readonly labels?: Record<string, string>;
  readonly spec?: Node['spec'];
  readonly allocatable?: ResourceList;
  readonly pods?: readonly Pod[];
  readonly images?: NonNullable<Node['status']>['images'];
}

/** A node of two cores and 4 GiB in the given state. */
export function sampleNode(name: string, changes: SampleNode = {}): NodeInfo {
  const allocatable = { cpu: '2', memory: '4Gi', pods: '110', ...changes.allocatable };
  return new NodeInfo(
    {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels: { 'kubernetes.io/hostname': name, ...changes.labels } },
      spec: changes.spec ?? {},
      status: { allocatable, ...(changes.images === undefined ? {} : { images: changes.images }) },
    },
    changes.pods ?? [],
  );
}

export interface SamplePod extends Partial<PodSpec> {
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: Record<string, string>;
  readonly requests?: ResourceList;
  readonly container?: Partial<Container>;
  readonly status?: NonNullable<Pod['status']>;
}

/** A pod of one container that asks for 100 millicores unless said otherwise. */
export function samplePod(changes: SamplePod = {}): Pod {
  sequence += 1;
  const {
    name = `pod-${sequence}`,
    namespace = 'default',
    labels = { app: 'web' },
    requests,
    container,
    status,
    ...spec
  } = changes;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels, uid: `uid-${sequence}` },
    spec: {
      containers: [
        { name: 'main', image: 'web:1', resources: { requests: requests ?? { cpu: '100m' } }, ...container },
      ],
      ...spec,
    },
    ...(status === undefined ? {} : { status }),
  };
}

export function sampleWorld(nodes: readonly NodeInfo[], changes: Partial<SchedulingWorld> = {}): SchedulingWorld {
  return {
    nodes,
    namespaceLabels: () => ({}),
    defaultSelector: () => undefined,
    volumes: { problem: () => undefined, nodeProblem: () => undefined, exclusiveClaims: () => [] },
    ...changes,
  };
}
