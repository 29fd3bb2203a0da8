import type { ClusterClock, ClusterStore } from '../store/types.ts';
import type { ContainerKills } from './container-kills.ts';
import type { EventRecorder } from './create-event-recorder.ts';
import type { PodIndex } from './create-pod-index.ts';
import type { PodNetwork } from './pod-network.ts';
import type { VolumeSources } from './volumes/volume-sources.ts';

/** Receives what controllers have to say; pino's shape. */
export interface ControllerLogger {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** What every controller is built from. */
export interface ClusterContext {
  readonly store: ClusterStore;
  readonly clock: ClusterClock;
  readonly logger: ControllerLogger;
  /** Divides simulated delays (pulls, starts, back-off); what specs declare in seconds keeps its length. */
  readonly speed: number;
  readonly events: EventRecorder;
  readonly podIndex: PodIndex;
  /** What is done to containers on their nodes, past their kubelets. */
  readonly containerKills: ContainerKills;
  /** Who gives pods their addresses; an engine may take it over. */
  readonly podNetwork: PodNetwork;
  /** Kinds that volumes can be made from; engines add theirs. */
  readonly volumeSources: VolumeSources;
  /** A uniformly distributed number in [0, 1). */
  readonly random: () => number;
}
