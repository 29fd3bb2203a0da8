import type { Principal } from '../kernel/principal.ts';

export interface PodLogRequest {
  readonly namespace: string;
  readonly pod: string;
  /** Required by the cluster where the pod has more than one container. */
  readonly container?: string;
  /** Goes on with later lines until the container ends. */
  readonly follow: boolean;
  /** Lines of the last terminated instance. */
  readonly previous?: boolean;
  /** Only the newest lines, 0 or more. */
  readonly tailLines?: number;
  /** Only lines after this time, RFC 3339. */
  readonly sinceTime?: string;
  /** As whom; required where the cluster impersonates, which must not lend the gateway's own rights. */
  readonly principal?: Principal;
}

export interface PodLogLine {
  /** RFC 3339 with up to nanoseconds, as the container runtime wrote it. */
  readonly time: string;
  /** Without the line break. A line over 256 KiB is cut there, and `isCut` says so. */
  readonly text: string;
  readonly isCut: boolean;
  /** RFC 3339: lines since then and before this one may be missing, since the log was rotated while nobody could read it. */
  readonly missingSince?: string | undefined;
}
