import { anyWorkloadKinds, podKind, type WorkloadObject } from 'longshore/plugins/compute';
import {
  type DeclaredKind,
  declareKind,
  type KindRef,
  type KubeObject,
  kindRef,
  type WorkspaceKind,
} from 'longshore/sdk';
import { podTemplateOf } from '../services/workload-labels.ts';

/** A rule as `kubeovn.io/v1` has it (1.16); of text it may lack anything. */
export interface OvnSecurityRule {
  /** `ipv4` or `ipv6`. */
  readonly ipVersion?: string;
  /** `all`, `icmp`, `tcp` or `udp`. */
  readonly protocol?: string;
  /** 1 to 16384; the lowest one counts. */
  readonly priority?: number;
  /** `address` or `securityGroup`. */
  readonly remoteType?: string;
  readonly remoteAddress?: string;
  readonly remoteSecurityGroup?: string;
  readonly portRangeMin?: number;
  readonly portRangeMax?: number;
  /** `allow` or `drop`. */
  readonly policy?: string;
}

export interface OvnSecurityGroup {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly spec?: {
    readonly ingressRules?: readonly OvnSecurityRule[];
    readonly egressRules?: readonly OvnSecurityRule[];
    readonly allowSameGroupTraffic?: boolean;
  };
  readonly status?: {
    readonly ingressLastSyncSuccess?: boolean;
    readonly egressLastSyncSuccess?: boolean;
  };
}

export type SecurityGroupObject = KubeObject<OvnSecurityGroup>;

export const securityGroupKind = kindRef<OvnSecurityGroup>({
  group: 'kubeovn.io',
  version: 'v1',
  kind: 'SecurityGroup',
  plural: 'security-groups',
  isNamespaced: false,
});

/** On a pod: the groups that it is in, with commas between them. */
export const groupsAnnotation = 'ovn.kubernetes.io/security_groups';
/** On a group: the VPC that it is for, for good. Kube-OVN itself does not tie them. */
export const groupVpcAnnotation = 'longshore.dev/vpc';

type Annotations = Readonly<Record<string, unknown>> | undefined;

/** Names of the groups that annotations of a pod name, each once. */
export function groupNamesIn(annotations: Annotations): readonly string[] {
  const text = annotations?.[groupsAnnotation];
  if (typeof text !== 'string') return [];
  return [...new Set(text.split(',').map((name) => name.trim()))].filter((name) => name !== '');
}

export const groupNamesOf = (workload: WorkloadObject): readonly string[] =>
  groupNamesIn(podTemplateOf(workload)?.metadata?.annotations);

export const vpcNameOfGroup = ({ metadata }: Pick<SecurityGroupObject, 'metadata'>): string | undefined =>
  metadata.annotations?.[groupVpcAnnotation];

/** What is read of security groups, and who is in one. */
export const groupDeclaredKinds: readonly DeclaredKind[] = [
  declareKind({ kind: securityGroupKind, indexes: { vpc: (group) => [vpcNameOfGroup(group) ?? []].flat() } }),
  declareKind({ kind: podKind, indexes: { securityGroup: ({ metadata }) => groupNamesIn(metadata.annotations) } }),
  ...anyWorkloadKinds.map((kind) =>
    declareKind({
      kind: kind as KindRef<unknown>,
      indexes: { securityGroup: (workload) => groupNamesOf(workload as unknown as WorkloadObject) },
    }),
  ),
];

/** What members may say of their groups. The tier reaches over the groups of others, and is for administrators. */
export const groupWorkspaceKinds: readonly WorkspaceKind[] = [
  { kind: securityGroupKind, fields: { ingressRules: 'any', egressRules: 'any', allowSameGroupTraffic: 'any' } },
];
