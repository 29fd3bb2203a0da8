import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  executeSubscriptionEvent,
  mapSourceToResponseEvent,
  type ValidatedSubscriptionArgs,
  validateSubscriptionArgs,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { isMessageSource } from '../../live/message-source.ts';
import type { StreamMessage } from '../../live/stream-message.ts';
import type { CompiledPlans } from '../execution/compiled-plans.ts';
import type { RequestContext } from '../request-context.ts';
import { createFarewells, type Farewells } from './farewells.ts';
import { createMessageRenderer } from './message-renderer.ts';
import { partPlainStream } from './part-plain-stream.ts';
import { resultsOf } from './results-of.ts';
import type { ExecuteMessage } from './stream-group.ts';
import { createStreamGroups } from './stream-groups.ts';
import type { TextTransport } from './text-stream.ts';
import { textStreamOf } from './text-stream-of.ts';

export interface StreamsOptions {
  readonly plans: CompiledPlans;
  readonly hideSuggestions: boolean;
}

/** What a transport adds to the context. */
export interface StreamTransportContext {
  /** Where it takes messages as text. */
  readonly textTransport?: TextTransport;
  /** Where its streams may have to go on at another replica. */
  readonly farewells?: Farewells;
}

/**
 * Executes subscriptions in groups: once per change for all subscribers who would get the same bytes. A change in which
 * nothing selected differs is not sent. Streams that cannot be read without promises go the usual way.
 */
export function useStreams({ plans, hideSuggestions }: StreamsOptions): Plugin {
  const groups = createStreamGroups();

  async function subscribe(given: ExecutionArgs): Promise<AsyncIterable<ExecutionResult> | ExecutionResult> {
    const transport = given.contextValue as RequestContext & StreamTransportContext;
    const { self, textTransport, farewells = createFarewells() } = transport;
    const args = validateSubscriptionArgs({ ...given, contextValue: self, hideSuggestions });
    if (!('schema' in args)) return { errors: args };
    const source = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in source)) return source;
    if (!isMessageSource(source)) {
      const messages = partPlainStream(source as AsyncIterable<StreamMessage<unknown>>, farewells);
      return mapSourceToResponseEvent(args, messages);
    }
    const takeBack = farewells.add(() => source.farewell());
    const { render, leave } = createMessageRenderer({
      document: given.document,
      operation: args.operation,
      variables: given.variableValues ?? {},
      context: self,
      execute: executeWith(args, given),
      groups,
    });
    const renderer = {
      render,
      leave() {
        takeBack();
        leave();
      },
    };
    return textTransport ? textTransport.carry(textStreamOf(source, renderer)) : resultsOf(source, renderer);
  }

  function executeWith(args: ValidatedSubscriptionArgs, { document, variableValues }: ExecutionArgs): ExecuteMessage {
    return (message) => {
      const context = (args.contextValue as RequestContext).fork();
      context.reads.begin();
      const plan = plans.find(args.schema, document, args.operation);
      const result = plan
        ? plan(message, context, variableValues ?? {})
        : executeSubscriptionEvent({ ...args, rootValue: message, contextValue: context });
      return { result, context };
    };
  }

  return { onSubscribe: ({ setSubscribeFn }) => setSubscribeFn(subscribe as never) };
}
