import type { ExecutionResult } from 'graphql';
import { maskOnce } from '../../graph/execution/use-mask.ts';
import type { RequestContext } from '../../graph/request-context.ts';
import type {
  StandingMessage,
  StandingSubscription,
  StandingSubscriptions,
} from '../../graph/streams/standing-subscriptions.ts';
import { RequestError, requestCodes } from '../../kernel/request-error.ts';
import type { GraphqlEngine } from './create-graphql-engine.ts';
import { own, readStandingDocument, type StandingDocument } from './standing-document.ts';
import type { TrustedDocuments } from './trusted-documents.ts';

/** See `StandingSubscriptions`: the same engine that answers sockets, without one. */
export function createStandingSubscriptions(options: {
  readonly engine: GraphqlEngine;
  readonly trustedDocuments: TrustedDocuments;
}): StandingSubscriptions {
  const { engine, trustedDocuments } = options;

  function prepare(subscription: StandingSubscription, after: string | undefined, context: RequestContext) {
    const { document: query, variables } = subscription;
    const enveloped = engine.getEnveloped({
      requestId: context.requestId,
      contextOf: () => context,
      params: { query, variables },
    });
    const { schema, parse, validate } = enveloped;
    try {
      const parsed = parse(trustedDocuments.textOf({ query }) ?? '');
      const errors = validate(schema, parsed);
      if (errors.length > 0) throw errors[0];
      return { ...enveloped, standing: readStandingDocument(schema, parsed, after) };
    } catch (error) {
      throw refusalOf(error, context);
    }
  }

  return {
    check: (subscription, context) => prepare(subscription, undefined, context).standing,
    async open(subscription, after, context) {
      const { schema, subscribe, contextFactory, standing } = prepare(subscription, after, context);
      let answer: unknown;
      try {
        answer = await subscribe({
          schema,
          document: standing.document,
          variableValues: subscription.variables,
          contextValue: await contextFactory(),
        });
      } catch (error) {
        throw refusalOf(error, context);
      }
      if (!isStream(answer)) throw refusalOf((answer as ExecutionResult).errors?.[0], context);
      return messagesOf(answer, standing, context);
    },
  };
}

function messagesOf(
  results: AsyncIterable<ExecutionResult>,
  standing: StandingDocument,
  context: RequestContext,
): AsyncIterableIterator<StandingMessage> {
  const source = results[Symbol.asyncIterator]();
  const ended = { done: true as const, value: undefined };
  // No generator: its `return` would wait for a message that may never come.
  const messages: AsyncIterableIterator<StandingMessage> = {
    async next() {
      const { done, value } = await source.next();
      return done ? ended : { done: false, value: toMessage(value, standing, context) };
    },
    return: async () => {
      await source.return?.();
      return ended;
    },
    [Symbol.asyncIterator]: () => messages,
  };
  return messages;
}

interface Selected {
  readonly [own.type]: StandingMessage['type'];
  readonly [own.cursor]: string;
  readonly [own.reason]: StandingMessage['reason'] | null;
  readonly [own.item]: { readonly id: string } | null;
}

/** Where nothing can be told of it at all the stream is broken: it must not be taken for a message that was had. */
function toMessage(
  { data, errors, extensions }: ExecutionResult,
  { key }: StandingDocument,
  context: RequestContext,
): StandingMessage {
  const selected = data?.[key] as Selected | null | undefined;
  if (!selected) throw refusalOf(errors?.[0], context);
  const { [own.type]: type, [own.cursor]: cursor, [own.reason]: reason, [own.item]: item, ...rest } = selected;
  const shown = { data: { ...data, [key]: rest } };
  return {
    type,
    cursor,
    reason: reason ?? undefined,
    itemId: item?.id,
    result: { ...shown, ...(errors?.length ? { errors } : {}), ...(extensions ? { extensions } : {}) },
  };
}

/** As callers are told of it: with the code and the masked words of any other operation. */
function refusalOf(error: unknown, { requestId, logger }: RequestContext): RequestError {
  if (error instanceof RequestError) return error;
  const { message, extensions } = maskOnce(error, requestId, logger);
  const code = requestCodes.find((each) => each === extensions.code) ?? 'INTERNAL';
  return new RequestError(code, message, { cause: error });
}

function isStream(answer: unknown): answer is AsyncIterable<ExecutionResult> {
  return typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer;
}
