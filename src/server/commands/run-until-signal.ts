import { describeSettings } from '../../config/describe-settings.ts';
import type { Settings } from '../../config/settings.ts';
import { sleep, systemClock } from '../../kernel/clock.ts';
import { guardStrayErrors } from '../../kernel/guard-stray-errors.ts';
import type { Logger } from '../../kernel/logger.ts';
import { createPluginFinder, type PluginFinder } from '../../kernel/plugin-finder.ts';
import type { PluginRun } from '../../kernel/run-plugins.ts';
import { startWatchdog } from '../../kernel/watchdog.ts';
import { startGateway } from '../start-gateway.ts';
import { createLogger, outliveReader } from '../telemetry/create-logger.ts';

/** How long the end may take once somebody is in a hurry, in ms. */
const hurriedEndMs = 8_000;

/**
 * Runs a gateway until SIGTERM or SIGINT, then drains it; a second signal cuts the drain short, a third ends it at once. Answers the
 * exit code.
 */
export async function runUntilSignal(settings: Settings): Promise<number> {
  const logger = createLogger(settings);
  outliveReader(process.stdout);
  logger.debug({ effective: describeSettings(settings) }, 'settings, secrets masked');
  const signals = listenForSignals();
  const guard = guardProcess(logger);
  const gateway = await startGateway({ settings, logger, onPlugins: guard.watch });
  const { plugins } = gateway.foundation;
  const endWatchdog = startWatchdog({
    logger,
    folders: plugins.folders(),
    logFormat: settings.logFormat,
    logDescriptor: 2,
    onBlocked: ({ plugin, blockedMs }) => {
      if (plugin !== undefined) plugins.warn(plugin, `blocked the event loop for ${blockedMs} ms`);
    },
  });
  process.stdout.write(`\n${gateway.report()}`);

  const ending = await Promise.race([signals.nth(1), guard.fatal]);
  logger.info({ ending }, 'going down');
  const hurry = new AbortController();
  const hurriedEnd = signals.nth(2).then(() => {
    logger.info({}, 'going down in a hurry');
    hurry.abort();
    return sleep(systemClock, hurriedEndMs);
  });
  const ended = ending === 'FATAL' ? gateway.stop() : gateway.drain(hurry.signal);
  await Promise.race([ended, hurriedEnd, signals.nth(3)]);
  await endWatchdog();
  return ending === 'FATAL' ? 1 : 0;
}

/** Stray errors are told apart from the first moment on: plugins can leave them while they are imported. */
function guardProcess(logger: Logger): { readonly fatal: Promise<'FATAL'>; watch(plugins: PluginRun): void } {
  const fatal = Promise.withResolvers<'FATAL'>();
  let run: PluginRun | undefined;
  let finder: PluginFinder | undefined;
  guardStrayErrors({
    logger,
    finder: {
      ofLocation: (url, line, column) => finder?.ofLocation(url, line, column),
      ofStack: (stack) => finder?.ofStack(stack),
    },
    onPluginError: (plugin, message) => run?.warn(plugin, message),
    onFatal: () => fatal.resolve('FATAL'),
  });
  return {
    fatal: fatal.promise,
    watch(plugins) {
      run = plugins;
      finder = createPluginFinder(plugins.folders());
    },
  };
}

function listenForSignals(): { nth(count: number): Promise<string> } {
  const heard: string[] = [];
  const waiting = new Map<number, (name: string) => void>();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.on(name, () => {
      heard.push(name);
      waiting.get(heard.length)?.(name);
    });
  }
  return {
    nth: (count) =>
      new Promise((resolve) => {
        const name = heard[count - 1];
        if (name === undefined) waiting.set(count, resolve);
        else resolve(name);
      }),
  };
}
