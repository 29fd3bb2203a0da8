import type { PlannedHost } from '../machines/plan-hosts.ts';
import type { ClusterManifest } from './cluster-manifest.ts';
import type { TopologyGroup } from './kinds.ts';

/** What is to be done to a managed cluster, as its row keeps it: no secrets. */
export interface ChangePlan {
  /** Minutes within which machines must be there; those without a first step, where the management cluster is away. */
  readonly stageMinutes: number;
  readonly stalledMinutes: number | null;
  readonly create?: {
    readonly manifest: ClusterManifest;
    /** Profile that the cluster is registered with; null for the platform's. */
    readonly profile: string | null;
    readonly description: string;
    /** Key of the label that names a node's deployment unit. */
    readonly unitLabel: string;
  };
  readonly expand?: {
    /** The groups that change, as they shall be; what they were, by name: null for those that are new. */
    readonly after: readonly TopologyGroup[];
    readonly before: Readonly<Record<string, number | null>>;
    /** Machines that were there. */
    readonly known: readonly string[];
    readonly added: number;
    /** Machines that are there already, and become some of them. */
    readonly hosts: readonly PlannedHost[];
    readonly unitLabel: string;
  };
}
