import type { Database } from '../data/database.ts';
import { CapabilityMissingError } from '../kernel/answer-error.ts';
import { type Clock, sleep } from '../kernel/clock.ts';
import type { Failpoints } from '../kernel/failpoints.ts';
import type { Logger } from '../kernel/logger.ts';
import type { ServiceRef } from '../kernel/service-ref.ts';
import type { LeasedLoop, LeasedLoopTools } from './leased-loop.ts';
import type { HeldLease, Leases } from './leases.ts';

export interface LeasedLoopsOptions {
  readonly loops: readonly LeasedLoop[];
  readonly leases: Leases;
  readonly database: Pick<Database, 'onSignal' | 'onSignalGap'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly failpoints: Failpoints;
  readonly service: <T>(ref: ServiceRef<T>) => T | undefined;
}

/** How often it is looked which keys are wanted, although nobody said that they changed, in ms. */
const lookMs = 5_000;
/** How long a key of a replica that died waits for another, in ms: a look at a lease that others hold costs a statement. */
const ttlMs = 30_000;

/** Tries for the lease of every key that is wanted, and gives up those that are not wanted any more. Throws on a name used twice. */
export function runLeasedLoops(options: LeasedLoopsOptions): { stop(): Promise<void> } {
  const names = options.loops.map(({ name }) => name);
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) throw new Error(`two leased loops are named '${twice}'`);
  const stopping = new AbortController();
  const running = options.loops.map((loop) => run(loop, options, stopping.signal));
  return {
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

async function run(loop: LeasedLoop, options: LeasedLoopsOptions, stopped: AbortSignal): Promise<void> {
  const { clock, database, leases, failpoints } = options;
  const logger = options.logger.child({ loop: loop.name });
  const tools: LeasedLoopTools = {
    clock,
    failpoints,
    logger,
    service(ref) {
      const service = options.service(ref);
      if (service === undefined) throw new CapabilityMissingError(ref.id, `No plugin provides '${ref.id}' here`);
      return service;
    },
  };
  const held = new Map<string, HeldLease>();
  let woken = new AbortController();
  const wake = () => woken.abort();
  const ends = [database.onSignal(loop.name, wake), database.onSignalGap(wake)];

  function take(wanted: ReadonlySet<string>): void {
    for (const [key, lease] of held) {
      if (wanted.has(key)) continue;
      held.delete(key);
      void lease.stop();
    }
    for (const key of wanted) {
      if (held.has(key)) continue;
      const name = `${loop.name}/${key}`;
      const whileHeld = (fence: Parameters<Parameters<Leases['hold']>[0]['whileHeld']>[0], signal: AbortSignal) =>
        loop.whileHeld(key, { ...tools, logger: logger.child({ key }), fence, signal });
      held.set(key, leases.hold({ name, ttlMs, whileHeld }));
    }
  }

  while (!stopped.aborted) {
    woken = new AbortController();
    try {
      take(new Set(await loop.keys(tools)));
    } catch (error) {
      logger.warn({ err: error }, 'the keys of a loop cannot be read');
    }
    await sleep(clock, lookMs, AbortSignal.any([stopped, woken.signal]));
  }
  for (const end of ends) end();
  await Promise.all([...held.values()].map((lease) => lease.stop()));
}
