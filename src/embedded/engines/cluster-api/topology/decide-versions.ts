export interface GroupVersion {
  readonly topologyName: string;
  /** What its template asks for now; undefined for a group that is not there yet. */
  readonly version: string | undefined;
  /** Whether machines of it are still being replaced. */
  readonly isRollingOut: boolean;
}

export interface VersionPlan {
  /** The version of each group's template. */
  readonly versions: ReadonlyMap<string, string>;
  /** Groups that wait for their turn. */
  readonly pending: readonly string[];
}

/**
 * Which version each group of workers is asked for while a cluster is upgraded: workers follow when the control plane is
 * done, one group after another; new groups have the version the control plane has already.
 */
export function decideVersions(
  wanted: string,
  controlPlane: { readonly version: string | undefined; readonly isStable: boolean },
  groups: readonly GroupVersion[],
): VersionPlan {
  const isReady = controlPlane.version === undefined || (controlPlane.version === wanted && controlPlane.isStable);
  let isTaken = groups.some(({ isRollingOut }) => isRollingOut);
  const versions = new Map<string, string>();
  const pending: string[] = [];
  for (const { topologyName, version } of groups) {
    if (version === wanted) versions.set(topologyName, wanted);
    else if (version === undefined) versions.set(topologyName, isReady ? wanted : (controlPlane.version ?? wanted));
    else if (isReady && !isTaken) {
      versions.set(topologyName, wanted);
      isTaken = true;
    } else {
      versions.set(topologyName, version);
      pending.push(topologyName);
    }
  }
  return { versions, pending };
}
