import { AsyncLocalStorage } from 'node:async_hooks';

const running = new AsyncLocalStorage<string>();

/** Runs a function so that whatever it starts, timers and promises too, is known to be this plugin's. */
export function runAsPlugin<T>(plugin: string, call: () => T): T {
  return running.run(plugin, call);
}

/** The plugin that began the present chain of callbacks; undefined where it was none. */
export function currentPlugin(): string | undefined {
  return running.getStore();
}
