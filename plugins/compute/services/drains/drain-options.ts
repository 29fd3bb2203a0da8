/** How a node's removal treats its machine (CMP-26). */
export const nodeRemovalModes = {
  NODE_ONLY: "The cluster forgets the node; its machine is somebody else's to keep or destroy.",
  DELETE_MACHINE: 'Its machine is destroyed, by the Cluster API that made it.',
  CLEAR_MACHINE: 'Its disks are formatted and the machine is kept for re-use, by a provider that can do that.',
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
  /** What is deleted in place of the node: its Machine of Cluster API. */
  readonly machine?: { readonly version: string; readonly namespace: string; readonly name: string };
}
