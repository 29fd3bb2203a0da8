import type { ExecutionResult } from 'graphql';
import type { StreamMessage } from '../../live/stream-message.ts';
import type { RequestContext } from '../request-context.ts';
import { type AnswerSource, isCurrent } from '../reuse/request-reads.ts';

/** A result as text, in the pieces that the cursor stands between; without errors. */
export interface Rendered {
  readonly pieces: readonly string[];
  /** What it was made from besides the message; undefined where it is of this subscriber alone. */
  readonly sources: readonly AnswerSource[] | undefined;
  /** Whether it differs from what was rendered for a state before, for as long as `sources` stand. */
  readonly verdicts: WeakMap<object, boolean>;
}

/** A result with errors: their request id makes it this subscriber's own. */
export interface Failed {
  readonly failed: ExecutionResult;
}

export type Outcome = Rendered | Failed;

/** Executes the operation on one message with a fresh context of this subscriber. */
export type ExecuteMessage = (message: StreamMessage<unknown>) => {
  result: ExecutionResult | Promise<ExecutionResult>;
  context: RequestContext;
};

/**
 * Subscribers of one document with the same rights, and the same variables where it selects by them: what is rendered
 * for one serves them all. Execution costs once per change and group, whatever the number of subscribers.
 */
export interface StreamGroup {
  render(message: StreamMessage<unknown>, context: RequestContext, execute: ExecuteMessage): Outcome | Promise<Outcome>;
}

/** What stands for the cursor while a message is rendered; no text of a cluster can be it. */
const cursorMark = `cursor:${crypto.randomUUID()}`;

/** The JSON of a result, cut where each subscriber's own cursor goes. */
export function cut(result: object): Pick<Rendered, 'pieces'> {
  return { pieces: JSON.stringify(result).split(cursorMark) };
}

/** What is rendered, or being rendered, by kind of message. */
type Memo = Map<string, Rendered | Promise<Outcome | undefined>>;

/** Rendered messages without an object: a handful, since they differ in type and reason alone. */
const maxBare = 64;

export function createStreamGroup(): StreamGroup {
  const ofItems = new WeakMap<object, Memo>();
  const bare: Memo = new Map();

  function memoOf({ item }: StreamMessage<unknown>): Memo | undefined {
    if (item === undefined || item === null) return bare;
    if (typeof item !== 'object') return undefined;
    let memo = ofItems.get(item);
    if (!memo) {
      memo = new Map();
      ofItems.set(item, memo);
    }
    return memo;
  }

  function render(message: StreamMessage<unknown>, context: RequestContext, execute: ExecuteMessage) {
    const memo = memoOf(message);
    const key = `${message.type} ${message.reason ?? ''}`;
    const known = memo?.get(key);
    if (known instanceof Promise) {
      // Whether it may be shared is known when it is there; nobody waits for a second one.
      return known.then((other) => (isGood(other, context) ? other : run()));
    }
    return isGood(known, context) ? known : run();

    function run(): Outcome | Promise<Outcome> {
      const { result, context: own } = execute({ ...message, cursor: cursorMark });
      if (!(result instanceof Promise)) return finish(result, own);
      const outcome = result.then((done) => finish(done, own));
      keep(outcome.catch(() => undefined));
      return outcome;
    }

    function finish(done: ExecutionResult, own: RequestContext): Outcome {
      if (done.errors) {
        memo?.delete(key);
        return { failed: done };
      }
      const rendered = { ...cut({ data: done.data }), sources: own.reads.sources(), verdicts: new WeakMap() };
      if (rendered.sources) keep(rendered);
      else memo?.delete(key);
      return rendered;
    }

    function keep(made: Rendered | Promise<Outcome | undefined>): void {
      if (memo === bare && memo.size >= maxBare) memo.clear();
      memo?.set(key, made);
    }
  }

  return { render };
}

function isGood(outcome: Outcome | Promise<unknown> | undefined, { reads }: RequestContext): outcome is Rendered {
  if (outcome === undefined || outcome instanceof Promise || 'failed' in outcome) return false;
  return outcome.sources !== undefined && isCurrent(outcome.sources, reads.principal);
}
