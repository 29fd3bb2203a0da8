import type { Settings } from '../../config/settings.ts';
import { type Clock, sleep } from '../../kernel/clock.ts';
import type { PluginRun } from '../../kernel/run-plugins.ts';
import type { Health } from '../health/create-health.ts';
import type { Doors } from '../open-doors.ts';
import type { Work } from '../start-work.ts';
import { spreadMoves } from './spread-moves.ts';
import { untilIdle } from './until-idle.ts';

export interface DrainOptions {
  readonly settings: Pick<Settings, 'drainSeconds' | 'drainNoticeSeconds' | 'drainSpreadSeconds'>;
  readonly clock: Clock;
  readonly health: Health;
  readonly doors: Doors;
  readonly plugins: Pick<PluginRun, 'drain'>;
  readonly work: Pick<Work, 'drain'>;
  /** Aborts when somebody is in a hurry. */
  readonly hurry?: AbortSignal | undefined;
}

/** In a hurry everything has this long for its last words, in ms. */
const lastWordsMs = 1_000;

/**
 * The planned end of a replica, so that nobody notices: not ready at once, while it still serves until balancers have seen that; leases
 * are given back meanwhile; then streams move with their cursors, one after the other; then the port closes, and requests under way end.
 */
export async function drainGateway(options: DrainOptions): Promise<void> {
  const { settings, clock, health, doors, hurry } = options;
  const { drainSeconds, drainNoticeSeconds, drainSpreadSeconds } = settings;
  const { webSockets, eventStreams, terminals, downloads, uploads, fairShares, listener } = doors;
  const endsAt = clock.now() + drainSeconds * 1000;
  const within = (seconds: number) => Math.max(0, Math.min(seconds * 1000, endsAt - clock.now()));

  health.drain();
  const background = Promise.all([
    options.plugins.drain(within(drainSeconds)),
    options.work.drain(within(drainSeconds)),
  ]);
  const noticeMs = within(drainNoticeSeconds);
  if (noticeMs > 0) await sleep(clock, noticeMs, hurry);

  const streams = [webSockets, eventStreams, terminals];
  for (const door of streams) door.closeEntrance();
  downloads.drain();
  uploads.drain();
  await spreadMoves({ doors: streams, windowMs: within(drainSpreadSeconds), clock, hurry });

  listener.server.close();
  const isIdle = () => [fairShares, ...streams, downloads, uploads].every(({ count }) => count === 0);
  await untilHurry(Promise.all([background, untilIdle(isIdle, within(drainSeconds), clock, hurry)]), hurry);
  if (hurry?.aborted) await untilIdle(isIdle, lastWordsMs, clock);
}

/** Whatever resolves first: the work, or that somebody is in a hurry. */
function untilHurry(work: Promise<unknown>, hurry: AbortSignal | undefined): Promise<unknown> {
  if (!hurry) return work;
  const hurried = new Promise<void>((resolve) => {
    if (hurry.aborted) resolve();
    else hurry.addEventListener('abort', () => resolve(), { once: true });
  });
  return Promise.race([work, hurried]);
}
