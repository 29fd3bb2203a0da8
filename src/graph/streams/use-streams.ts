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
import type { CompiledPlans } from '../execution/compiled-plans.ts';
import type { RequestContext } from '../request-context.ts';
import { createMessageRenderer } from './message-renderer.ts';
import { resultsOf } from './results-of.ts';
import type { ExecuteMessage } from './stream-group.ts';
import { createStreamGroups } from './stream-groups.ts';
import type { TextTransport } from './text-stream.ts';
import { textStreamOf } from './text-stream-of.ts';

export interface StreamsOptions {
  readonly plans: CompiledPlans;
  readonly hideSuggestions: boolean;
}

/** What a transport adds to the context where it takes messages as text. */
export interface TextTransportContext {
  readonly textTransport?: TextTransport;
}

/**
 * Executes subscriptions in groups: once per change for all subscribers who would get the same bytes. A change in which
 * nothing selected differs is not sent. Streams that cannot be read without promises go the usual way.
 */
export function useStreams({ plans, hideSuggestions }: StreamsOptions): Plugin {
  const groups = createStreamGroups();

  async function subscribe(given: ExecutionArgs): Promise<AsyncIterable<ExecutionResult> | ExecutionResult> {
    const { self, textTransport } = given.contextValue as RequestContext & TextTransportContext;
    const args = validateSubscriptionArgs({ ...given, contextValue: self, hideSuggestions });
    if (!('schema' in args)) return { errors: args };
    const source = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in source)) return source;
    if (!isMessageSource(source)) return mapSourceToResponseEvent(args, source);
    const renderer = createMessageRenderer({
      document: given.document,
      operation: args.operation,
      variables: given.variableValues ?? {},
      context: self,
      execute: executeWith(args, given),
      groups,
    });
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
