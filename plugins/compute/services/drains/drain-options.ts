/** How a node's removal treats its machine (CMP-26). */
export const nodeRemovalModes = {
  NODE_ONLY: "The cluster forgets the node; its machine is somebody else's to keep or destroy.",
  DELETE_MACHINE: 'Its machine is destroyed, by the Cluster API that made it.',
  CLEAR_MACHINE:
    'Its disks are formatted and the machine is kept for re-use, where it is a host of a pool (BareMetalHost).',
} as const;
export type NodeRemovalMode = keyof typeof nodeRemovalModes;

export interface NodeDrainOptions {
  /** Seconds that pods have to end; their own where null. */
  readonly gracePeriodSeconds: number | null;
  /** How long pods may take to go, in seconds, from the moment that they are first asked. */
  readonly timeoutSeconds: number;
  /** Codes of warnings that were. */
  readonly acknowledged: readonly string[];
  /** Where the node is removed afterwards. */
  readonly removal?: NodeRemoval;
}

export interface NodeRemoval {
  readonly mode: NodeRemovalMode;
  /** The Machine of Cluster API that goes with the node, and where. */
  readonly machine?: RemovedMachine;
  /** Of one that is kept: what is written on its host. */
  readonly cleared?: {
    readonly rootPasswordSecret: string;
    /** The node that it was: `cluster/node`. */
    readonly from: string;
    /** UUID of the workspace that it stays with; null for none. */
    readonly workspace: string | null;
  };
}

export interface RemovedMachine {
  /** The management cluster. */
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Name of its Cluster. */
  readonly managedCluster: string;
  /** The host of the pool that it is. */
  readonly host?: string;
}
