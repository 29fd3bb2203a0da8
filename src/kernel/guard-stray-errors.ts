import type { Logger } from './logger.ts';
import { currentPlugin } from './plugin-context.ts';
import type { PluginFinder } from './plugin-finder.ts';

export interface StrayErrorOptions {
  readonly logger: Logger;
  /** A function where the guard stands before the plugins are loaded; until it answers, only the chain of callbacks tells. */
  readonly finder: PluginFinder | (() => PluginFinder | undefined);
  /** Told once for each error that is a plugin's. */
  readonly onPluginError?: (plugin: string, message: string) => void;
  /** An exception that is nobody's: the process must end. Called at most once. */
  readonly onFatal: (error: unknown) => void;
}

/**
 * Keeps the process alive through what plugins forget to catch: a rejected promise, whoever left it, and an exception in a
 * plugin's own timer or event handler. Each is logged with the plugin it belongs to. An exception of no plugin is fatal.
 * Returns the function that takes the guard away.
 */
export function guardStrayErrors(options: StrayErrorOptions): () => void {
  const { logger } = options;
  let isEnding = false;

  function pluginOf(error: unknown): string | undefined {
    const stack = error instanceof Error ? error.stack : undefined;
    const finder = typeof options.finder === 'function' ? options.finder() : options.finder;
    return (stack === undefined ? undefined : finder?.ofStack(stack)) ?? currentPlugin();
  }

  function report(plugin: string, error: unknown, what: string): void {
    const message = `${what}: ${error instanceof Error ? error.message : typeof error}`.slice(0, 300);
    logger.error({ plugin, err: error }, `Plugin '${plugin}' left ${what}`);
    options.onPluginError?.(plugin, message);
  }

  function onRejection(error: unknown): void {
    const plugin = pluginOf(error);
    if (plugin === undefined) logger.error({ err: error }, 'A rejected promise was not handled');
    else report(plugin, error, 'a rejected promise unhandled');
  }

  function onException(error: unknown): void {
    const plugin = pluginOf(error);
    if (plugin !== undefined) {
      report(plugin, error, 'an exception uncaught');
    } else if (!isEnding) {
      isEnding = true;
      logger.error({ err: error }, 'An exception was not caught');
      options.onFatal(error);
    }
  }

  process.on('unhandledRejection', onRejection);
  process.on('uncaughtException', onException);
  return () => {
    process.off('unhandledRejection', onRejection);
    process.off('uncaughtException', onException);
  };
}
