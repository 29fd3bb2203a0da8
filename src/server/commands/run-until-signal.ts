import type { Settings } from '../../config/settings.ts';
import { guardStrayErrors } from '../../kernel/guard-stray-errors.ts';
import { createPluginFinder } from '../../kernel/plugin-finder.ts';
import { startWatchdog } from '../../kernel/watchdog.ts';
import { startGateway } from '../start-gateway.ts';
import { createLogger } from '../telemetry/create-logger.ts';

/** Runs a gateway until SIGTERM or SIGINT, then drains it; a second signal ends it at once. Answers the exit code. */
export async function runUntilSignal(settings: Settings): Promise<number> {
  const logger = createLogger(settings);
  const signals = nextSignal();
  const gateway = await startGateway({ settings, logger });
  const { plugins } = gateway.foundation;
  const finder = createPluginFinder(plugins.folders());
  const failed = Promise.withResolvers<number>();
  const unguard = guardStrayErrors({
    logger,
    finder,
    onPluginError: (plugin, message) => plugins.warn(plugin, message),
    onFatal: () => failed.resolve(1),
  });
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

  const ending = await Promise.race([signals.first, failed.promise]);
  logger.info({ ending }, 'going down');
  await Promise.race([typeof ending === 'number' ? gateway.stop() : gateway.drain(), signals.second]);
  await endWatchdog();
  unguard();
  return typeof ending === 'number' ? ending : 0;
}

function nextSignal(): { readonly first: Promise<string>; readonly second: Promise<string> } {
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
