import type { Settings } from '../config/settings.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Failpoints } from '../kernel/failpoints.ts';
import type { Logger } from '../kernel/logger.ts';
import type { HostModules } from '../kernel/share-host-modules.ts';

/** What every part of the start needs. */
export interface Runtime {
  readonly settings: Settings;
  /** `postgres://…`, `memory:`, `memory:<image>`, or undefined for the embedded database in the data folder. */
  readonly databaseUrl: string | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly failpoints: Failpoints;
  /** Modules that plugins get instead of their own copies; for test harnesses. */
  readonly hostModules?: HostModules | undefined;
  /** Divides the simulated delays of the embedded cluster; for test harnesses. */
  readonly clusterSpeed?: number | undefined;
}
