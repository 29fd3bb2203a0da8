import { describeSettings } from '../../config/describe-settings.ts';
import type { Settings } from '../../config/settings.ts';
import { guardStrayErrors } from '../../kernel/guard-stray-errors.ts';
import type { Logger } from '../../kernel/logger.ts';
import { createPluginFinder, type PluginFinder } from '../../kernel/plugin-finder.ts';
import type { PluginRun } from '../../kernel/run-plugins.ts';
import { startWatchdog } from '../../kernel/watchdog.ts';
import { startGateway } from '../start-gateway.ts';
import { createLogger, outliveReader } from '../telemetry/create-logger.ts';

/** Runs a gateway until SIGTERM or SIGINT, then drains it; a second signal ends it at once. Answers the exit code. */
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

  const ending = await Promise.race([signals.first, guard.fatal]);
  logger.info({ ending }, 'going down');
  await Promise.race([ending === 'FATAL' ? gateway.stop() : gateway.drain(), signals.second]);
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

function listenForSignals(): { readonly first: Promise<string>; readonly second: Promise<string> } {
  const first = Promise.withResolvers<string>();
  const second = Promise.withResolvers<string>();
  let count = 0;
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.on(name, () => {
      count += 1;
      (count === 1 ? first : second).resolve(name);
    });
  }
  return { first: first.promise, second: second.promise };
}
