/** What a pre-flight can find that stands against a release. Never change what one means: consoles switch on them. */
export const preflightErrors = {
  QUOTA_EXCEEDED:
    'A quota of the namespace has not enough left for the pods that come on top of those that run, surge included.',
  UNIT_WITHOUT_NODES: 'No node of the deployment unit takes such pods.',
  REFERENCE_MISSING:
    'Something that its pods need is not there: ConfigMap, Secret, claim, service account or storage class.',
  IMAGE_INVALID: 'An image reference has no valid form.',
  IMAGE_MISSING: 'The registry does not have the image.',
  REFUSED_BY_CLUSTER: "The cluster's own dry run refused a pod of it: by its schema, or by a policy.",
  NAME_TAKEN: 'Something of somebody else has the name of one of its workloads.',
  ROLLED_OUT_ELSEWHERE:
    'A Rollout of OpenKruise stops its workload whenever that changes, or sets the weights of its route: the release would not come to its end.',
  SCALER_CANNOT_FOLLOW:
    'A HorizontalPodAutoscaler scales it, and could not follow it from one Deployment to the next: that takes OpenKruise.',
  VOLUME_OUT_OF_REACH: 'No node of the deployment unit reaches a volume that a pod of it needs.',
} as const;

/** What has to be acknowledged before a release; members of `WarningCode` too. */
export const preflightWarnings = {
  NO_ROOM: 'The nodes of a deployment unit have no room for all of its pods now: some would wait (REL-18).',
  IMAGE_UNPINNED: 'An image without a tag, or with `latest`, may be another one tomorrow: no way back leads to it.',
  CLUSTER_WARNING: 'The cluster takes a pod of it, and warns.',
  SCALED_ELSEWHERE: 'A HorizontalPodAutoscaler says how many pods there are; the number of the version does not hold.',
  OWNED_ELSEWHERE: 'Another tool writes the same fields of its workload, and may undo the release.',
  PODS_REPLACED: 'Pods are made anew though the version asks for IN_PLACE (REL-08).',
  MODE_SWITCHED: 'The upgrade mode is another one than at the last release: there is a short outage (REL-07).',
  BETA_IS_ALL: 'A beta group is on, and each deployment unit has one pod only: the beta group is all of them (REL-30).',
  FEWER_GROUPS: 'There are fewer pods than groups that are asked for.',
  NOT_CHECKED: 'Part of it could not be looked at just now.',
} as const;

export type PreflightError = keyof typeof preflightErrors;
export type PreflightWarning = keyof typeof preflightWarnings;

/** One thing that was found before a release. Errors block it; warnings have to be acknowledged. */
export type PreflightFinding = {
  readonly message: string;
  /** Deployment unit that it is about; undefined for the whole service. */
  readonly unit: string | undefined;
  /** Global id of the object that it is about; undefined where there is none. Whether somebody may see it is asked elsewhere. */
  readonly subjectId: string | undefined;
} & (
  | { readonly severity: 'ERROR'; readonly code: PreflightError }
  | { readonly severity: 'WARNING'; readonly code: PreflightWarning }
);

interface About {
  readonly unit?: string;
  readonly subjectId?: string;
}

export function error(code: PreflightError, message: string, about: About = {}): PreflightFinding {
  return { severity: 'ERROR', code, message, unit: unitOf(about), subjectId: about.subjectId };
}

export function warning(code: PreflightWarning, message: string, about: About = {}): PreflightFinding {
  return { severity: 'WARNING', code, message, unit: unitOf(about), subjectId: about.subjectId };
}

const unitOf = ({ unit }: About): string | undefined => (unit === '' ? undefined : unit);
