import { AnswerError, CapabilityMissingError } from '../kernel/answer-error.ts';
import { type Clock, sleep } from '../kernel/clock.ts';
import { errorRowOf } from '../kernel/error-table.ts';
import type { Failpoints } from '../kernel/failpoints.ts';
import type { Logger } from '../kernel/logger.ts';
import type { ServiceRef } from '../kernel/service-ref.ts';
import { inSpan, type TraceSpan, type Tracing } from '../kernel/tracing.ts';
import { decideRetry } from './decide-retry.ts';
import { FenceLostError } from './fence.ts';
import type { ReconcileResult, Reconciler } from './reconciler.ts';
import type { ClaimedKey, WorkQueue } from './work-queue.ts';

export interface KeyWorkOptions {
  readonly queue: WorkQueue;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly failpoints: Failpoints;
  readonly tracing: Tracing;
  readonly leaseMs: number;
  /** Aborts when the gateway stops. */
  readonly stopSignal: AbortSignal;
  readonly random: () => number;
  /** A service that a plugin has provided; undefined where none has. */
  readonly service: <T>(ref: ServiceRef<T>) => T | undefined;
}

const timeoutMs = 5 * 60 * 1000;
/** How long a reconciler whose signal was aborted may take to notice, in ms. */
const graceMs = 1_000;

/** Looks at one claimed key: keeps the lease, calls the reconciler, gives the key back. Never throws. */
export async function workOnKey(reconciler: Reconciler, claimed: ClaimedKey, options: KeyWorkOptions): Promise<void> {
  const span = options.tracing.start(`reconcile ${reconciler.name}`, 'internal', {
    'longshore.reconciler': reconciler.name,
    'longshore.key': claimed.fence.key,
    'longshore.attempt': claimed.attempt,
  });
  try {
    await inSpan(span, () => workInSpan(reconciler, claimed, options, span));
  } finally {
    span?.end();
  }
}

async function workInSpan(
  reconciler: Reconciler,
  claimed: ClaimedKey,
  options: KeyWorkOptions,
  span: TraceSpan | undefined,
): Promise<void> {
  const { clock } = options;
  const logger = options.logger.child({ reconciler: reconciler.name, key: claimed.fence.key });
  const lease = keepLease(claimed, options);
  const stopTimeout = clock.schedule(reconciler.timeoutMs ?? timeoutMs, () => lease.abort('late'));
  const onStop = () => lease.abort('stopping');
  options.stopSignal.addEventListener('abort', onStop, { once: true });
  if (options.stopSignal.aborted) onStop();
  try {
    const result = await untilAborted(lease.signal, clock, () =>
      reconciler.reconcile(claimed.fence.key, {
        signal: lease.signal,
        fence: claimed.fence,
        clock,
        failpoints: options.failpoints,
        logger,
        service(ref) {
          const service = options.service(ref);
          if (service === undefined) throw new CapabilityMissingError(ref.id, `No plugin provides '${ref.id}' here`);
          return service;
        },
        attempt: claimed.attempt,
      }),
    );
    await options.failpoints.reach('queue.before-finish');
    lease.stop();
    await finish(claimed, result, options);
  } catch (error) {
    lease.stop();
    span?.fail(error instanceof AnswerError ? error.code : 'INTERNAL');
    await giveBack(claimed, error, lease.ending, options, logger).catch((cause: unknown) => {
      logger.warn({ err: cause }, 'a key stays leased until its lease runs out');
    });
  } finally {
    stopTimeout();
    options.stopSignal.removeEventListener('abort', onStop);
  }
}

async function finish(claimed: ClaimedKey, result: ReconcileResult, options: KeyWorkOptions): Promise<void> {
  const { queue, clock } = options;
  if (result.kind === 'settled') await queue.settle(claimed);
  else await queue.postpone(claimed, clock.now() + Math.max(0, result.afterMs));
}

async function giveBack(
  claimed: ClaimedKey,
  error: unknown,
  ending: Ending | undefined,
  options: KeyWorkOptions,
  logger: Logger,
): Promise<void> {
  const { queue, clock } = options;
  if (ending === 'lost' || error instanceof FenceLostError) {
    logger.info({}, 'another worker has this key by now');
    return;
  }
  if (ending === 'stopping') {
    // No fault of the key's: another replica goes on at once.
    await queue.postpone(claimed, clock.now());
    return;
  }
  const row = errorRowOf(error);
  logger[row.logLevel](
    { err: error, attempt: claimed.attempt },
    ending === 'late' ? 'a reconciler took too long' : 'a reconciler failed',
  );
  const retry = decideRetry(error, claimed.attempt, options.random());
  if (retry.do === 'settle') await queue.settle(claimed);
  else await queue.postpone(claimed, clock.now() + retry.afterMs, describe(error));
}

/** Shown to administrators: only errors of the table are known to carry no secrets. */
function describe(error: unknown): string {
  return error instanceof AnswerError ? `${error.code}: ${error.message.slice(0, 500)}` : 'INTERNAL: see the log';
}

/** A reconciler that does not mind its signal must not hold a worker for ever. */
function untilAborted<T>(signal: AbortSignal, clock: Clock, work: () => Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => {
      sleep(clock, graceMs).then(() => reject(signal.reason), reject);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    (async () => work())()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** Why the work was told to end before it did by itself. */
type Ending = 'lost' | 'late' | 'stopping';

const endingReasons = {
  lost: 'the lease was lost',
  late: 'it took too long',
  stopping: 'the gateway stops',
} as const satisfies Record<Ending, string>;

interface KeptLease {
  readonly signal: AbortSignal;
  readonly ending: Ending | undefined;
  abort(ending: Ending): void;
  stop(): void;
}

/** Renews three times per lease; aborts when it is lost, and at the latest when it has run out unrenewed. */
function keepLease(claimed: ClaimedKey, options: KeyWorkOptions): KeptLease {
  const { clock, queue, leaseMs } = options;
  const controller = new AbortController();
  let expiresAt = claimed.leaseExpiresAt;
  let cancel = () => {};
  let isStopped = false;
  let ending: Ending | undefined;

  function abort(why: Ending): void {
    if (isStopped) return;
    stop();
    ending = why;
    controller.abort(new Error(endingReasons[why]));
  }
  function stop(): void {
    isStopped = true;
    cancel();
  }
  function renewLater(): void {
    if (isStopped) return;
    cancel = clock.schedule(Math.max(0, Math.min(leaseMs / 3, expiresAt - clock.now())), renew);
  }
  function renew(): void {
    if (clock.now() >= expiresAt) {
      abort('lost');
      return;
    }
    // Should the answer not come, the lease still ends in time.
    cancel = clock.schedule(expiresAt - clock.now(), () => abort('lost'));
    const onAnswer = (renewedUntil: number | undefined) => {
      cancel();
      if (renewedUntil === undefined) abort('lost');
      else expiresAt = renewedUntil;
      renewLater();
    };
    const onFailure = () => {
      cancel();
      renewLater();
    };
    queue.renew(claimed.fence, leaseMs).then(onAnswer, onFailure);
  }
  renewLater();
  return {
    signal: controller.signal,
    get ending() {
      return ending;
    },
    abort,
    stop,
  };
}
