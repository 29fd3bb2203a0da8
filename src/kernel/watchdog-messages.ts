import type { PluginFolders } from './plugin-finder.ts';

/** What the watchdog's worker thread is started with. */
export interface WatchdogWorkerData {
  /** `beatSlot` counts up while the main thread runs; `debuggedSlot` is 1 while a debugger is attached to it. */
  readonly shared: Int32Array;
  readonly folders: PluginFolders;
  readonly logFormat: 'json' | 'pretty';
  readonly logDescriptor: number;
  readonly thresholdMs: number;
}

export const beatSlot = 0;
export const debuggedSlot = 1;

/** One time that the event loop stood still. */
export interface BlockedLoop {
  /** Undefined where no plugin's code was on the stack. */
  readonly plugin: string | undefined;
  /** Function and place that ran; undefined where the main thread was inside native code and could not be asked. */
  readonly at: string | undefined;
  /** How long it had stood when it was noticed; it may have gone on. */
  readonly blockedMs: number;
}
