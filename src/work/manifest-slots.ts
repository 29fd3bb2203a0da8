import type { Job } from './job.ts';
import type { Reconciler } from './reconciler.ts';

declare module '../kernel/manifest.ts' {
  interface ManifestSlots {
    /** Loops of the plugin; keys are put into their queue by its services. */
    readonly reconcilers?: readonly Reconciler[];
    /** What it does at certain times, once over all replicas. */
    readonly jobs?: readonly Job[];
  }
}
