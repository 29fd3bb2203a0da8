import type { DocumentNode, ExecutionResult, OperationDefinitionNode } from 'graphql';
import type { StreamMessage } from '../../live/stream-message.ts';
import { maskOnce } from '../execution/use-mask.ts';
import type { RequestContext } from '../request-context.ts';
import { isCoveredBy } from '../reuse/request-reads.ts';
import { selectedVariables } from './selected-variables.ts';
import { cut, type ExecuteMessage, type Outcome } from './stream-group.ts';
import type { StreamGroups } from './stream-groups.ts';

export interface MessageRendererOptions {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: RequestContext;
  readonly execute: ExecuteMessage;
  readonly groups: StreamGroups;
}

/** What one subscriber is sent for the messages of its stream. */
export interface MessageRenderer {
  /** JSON of the result; undefined where the reader has everything of it already. */
  render(message: StreamMessage<unknown>): string | undefined | Promise<string | undefined>;
  leave(): void;
}

export function createMessageRenderer(options: MessageRendererOptions): MessageRenderer {
  const { context, operation, variables, execute } = options;
  const selected = selectedVariables(options.document, operation).map((name) => [name, variables[name]]);
  const { group, leave } = options.groups.join(operation, `${context.access.canonical} ${JSON.stringify(selected)}`);
  const outcomeOf = (message: StreamMessage<unknown>) => group.render(message, context, execute);

  function print(outcome: Outcome, cursor: string): string {
    const { pieces } = 'failed' in outcome ? cut(masked(outcome.failed, context)) : outcome;
    return pieces.length === 1 ? (pieces[0] ?? '') : pieces.join(cursor);
  }

  /** Rendered as if it were the change: then they differ in what is selected of the object, or not at all. */
  function isNews(outcome: Outcome, message: StreamMessage<unknown>, previous: unknown): boolean | Promise<boolean> {
    const verdict = verdictOn(outcome, previous);
    if (verdict !== undefined) return verdict;
    return then(outcomeOf({ ...message, item: previous }), (other) => {
      const isNew = !isSame(outcome, other);
      remember(outcome, other, previous, isNew);
      return isNew;
    });
  }

  return {
    leave,
    render(message) {
      const now = outcomeOf(message);
      const { previous, cursor } = message;
      if (message.type !== 'MODIFIED' || previous === undefined) return then(now, (outcome) => print(outcome, cursor));
      return then(now, (outcome) =>
        then(isNews(outcome, message, previous), (isNew) => (isNew ? print(outcome, cursor) : undefined)),
      );
    },
  };
}

/** Of the same two states the next subscriber asks too; the outcome itself is known to be good. */
function verdictOn(outcome: Outcome, previous: unknown): boolean | undefined {
  return 'failed' in outcome || !isObject(previous) ? undefined : outcome.verdicts.get(previous);
}

function remember(outcome: Outcome, other: Outcome, previous: unknown, isNew: boolean): void {
  if ('failed' in outcome || 'failed' in other || !isObject(previous)) return;
  // As long as the one is good, so is the other.
  if (outcome.sources && other.sources && isCoveredBy(other.sources, outcome.sources))
    outcome.verdicts.set(previous, isNew);
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function isSame(one: Outcome, other: Outcome): boolean {
  if (one === other) return true;
  if ('failed' in one || 'failed' in other || one.pieces.length !== other.pieces.length) return false;
  return one.pieces.every((piece, index) => piece === other.pieces[index]);
}

function masked({ data, errors = [] }: ExecutionResult, { requestId, logger }: RequestContext): object {
  return { data, errors: errors.map((error) => maskOnce(error, requestId, logger).toJSON()) };
}

function then<A, B>(value: A | Promise<A>, next: (value: A) => B | Promise<B>): B | Promise<B> {
  return value instanceof Promise ? value.then(next) : next(value);
}
