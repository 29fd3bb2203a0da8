/** What was looked at, for whoever runs the gateway. */
export const findingAreas = ['CONFIGURATION', 'DATABASE', 'CLUSTER', 'PLUGIN'] as const;
export type FindingArea = (typeof findingAreas)[number];

/** OK: it works. WARNING: it works in part, or might not for long. FAILURE: it does not. */
export const findingStates = ['OK', 'WARNING', 'FAILURE'] as const;

/** One thing that `longshore doctor` and the query `diagnosis` say. Never with a secret in it. */
export interface Finding {
  readonly area: FindingArea;
  /** Which one, e.g. the name of a cluster, of a plugin or of a setting. */
  readonly subject: string;
  readonly state: (typeof findingStates)[number];
  /** What was found, in one sentence. */
  readonly message: string;
  /** What cures it, or would give more; undefined where nothing is to be done. */
  readonly cure: string | undefined;
}
