import type { PodObject } from 'longshore/plugins/compute';

/** How a file browser stands, with what each says. */
export const fileBrowserStates = {
  OPENING: 'Its pod is being started, which takes some 20 seconds; `message` says what it waits for.',
  OPEN: 'Files can be listed, fetched and changed.',
  CLOSING: 'Its pod is ending.',
  FAILED: 'Its pod could not be started, or was ended: `reason` and `message` say why. Opening it again replaces it.',
} as const;
export type FileBrowserState = keyof typeof fileBrowserStates;

export interface BrowserStanding {
  readonly state: FileBrowserState;
  /** As Kubernetes has it, e.g. `Unschedulable`, `ErrImagePull`. */
  readonly reason: string | undefined;
  readonly message: string | undefined;
}

/** A kubelet tries these again, but what is wrong is for somebody to cure. */
const hopeless: ReadonlySet<string> = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
]);

/** How the file browser behind a pod stands. Pure: by the pod alone. */
export function standingOfBrowser({ metadata, status }: Pick<PodObject, 'metadata' | 'status'>): BrowserStanding {
  const [container] = status?.containerStatuses ?? [];
  const { running, waiting, terminated } = container?.state ?? {};
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled');
  const say = (state: FileBrowserState, reason?: string, message?: string): BrowserStanding => ({
    state,
    reason: reason || undefined,
    message: message || undefined,
  });
  if (metadata.deletionTimestamp !== undefined) return say('CLOSING');
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') {
    return say('FAILED', status.reason ?? terminated?.reason, status.message ?? terminated?.message);
  }
  if (running) return say('OPEN');
  if (waiting?.reason && hopeless.has(waiting.reason)) return say('FAILED', waiting.reason, waiting.message);
  if (scheduled?.status === 'False') return say('OPENING', scheduled.reason, scheduled.message);
  return say('OPENING', waiting?.reason, waiting?.message);
}
