import type { InputFieldMap, InputShapeFromFields } from '@pothos/core';
import { RequestError } from '../../kernel/request-error.ts';
import type { StreamMessage } from '../../live/stream-message.ts';
import { resyncReasons, streamMessageTypes } from '../../live/stream-message.ts';
import { mostThrottleMs } from '../../live/throttle-windows.ts';
import type { FieldBuilder, LongshoreBuilder, TypeRef } from '../builder.ts';
import { typeRef } from '../builder.ts';
import type { RequestContext } from '../request-context.ts';
import { type Allow, assertRootFieldAllowed, recordRootField } from './guard-root-field.ts';

/** Arguments of every stream besides its own. */
export interface StreamArguments {
  readonly snapshot: boolean;
  readonly after?: string | null | undefined;
  /** How long changes are held together, in ms: 0 to 60,000, as the maker has checked. */
  readonly throttleMs?: number | undefined;
}

export interface SubscriptionSpec<T, Args extends InputFieldMap> {
  readonly name: string;
  readonly description: string;
  readonly allow: Allow;
  /** Field that carries the thing, named after it: `pod`, `event`, `line`. */
  readonly itemField: string;
  readonly itemType: unknown;
  readonly itemDescription: string;
  readonly args?: (t: FieldBuilder<unknown>['arg']) => Args;
  /** Where there is nothing to replay the stream has no `snapshot` argument; `after` is always there. */
  readonly hasSnapshot?: boolean;
  /** Whether `throttleMs` is offered: `subscribe` then hands it on to the rooms below. Nothing that is no state of a thing, such as a line, has it. */
  readonly isThrottled?: boolean;
  /**
   * Opens the stream; what the caller may not see must not be in it. Ends when `context.signal` aborts. Hand on what the
   * rooms below answer as it is: a wrapper around it is executed for each subscriber instead of once for all.
   */
  readonly subscribe: (
    args: InputShapeFromFields<Args> & StreamArguments,
    context: RequestContext,
  ) => AsyncIterable<StreamMessage<T>> | Promise<AsyncIterable<StreamMessage<T>>>;
}

/** A root field that streams, with the one contract all streams have. */
export function registerSubscription<T, Args extends InputFieldMap = Record<never, never>>(
  builder: LongshoreBuilder,
  spec: SubscriptionSpec<T, Args>,
): void {
  const guard = recordRootField(builder, 'Subscription', spec.name, spec.allow);
  const message = registerMessage(builder, spec);
  const isThrottled = spec.isThrottled === true;
  builder.subscriptionField(
    spec.name,
    (t) =>
      t.field({
        type: message,
        description: spec.description,
        args: {
          ...(spec.args?.(t.arg as never) ?? {}),
          ...(spec.hasSnapshot === false
            ? {}
            : {
                snapshot: t.arg.boolean({
                  required: true,
                  defaultValue: true,
                  description: 'Whether what is there now comes first, as ADDED, ended by one SNAPSHOT.',
                }),
              }),
          after: t.arg({ type: 'Cursor', description: 'Resume behind this message; wins over snapshot.' }),
          ...(isThrottled
            ? {
                throttleMs: t.arg.int({
                  required: true,
                  defaultValue: 0,
                  description: `For how many milliseconds changes are held together, 0 to ${mostThrottleMs}: of one thing only the newest state is told then, and nothing of what came and went. 0 tells each at once. Windows end at whole multiples of their length, and early where very much changes; whoever resumes in the midst of one may be told a change again.`,
                }),
              }
            : {}),
        } as never,
        subscribe: (_root: unknown, args: unknown, context: RequestContext) => {
          assertRootFieldAllowed(guard, `subscription ${spec.name}`, context);
          if (isThrottled) checkThrottle((args as StreamArguments).throttleMs ?? 0);
          return spec.subscribe(args as never, context);
        },
        resolve: (event: unknown) => event,
      } as never) as never,
  );
}

function checkThrottle(throttleMs: number): void {
  if (throttleMs >= 0 && throttleMs <= mostThrottleMs) return;
  throw new RequestError('BAD_USER_INPUT', `throttleMs must be 0 to ${mostThrottleMs}, got ${throttleMs}`);
}

function registerMessage<T, Args extends InputFieldMap>(
  builder: LongshoreBuilder,
  spec: SubscriptionSpec<T, Args>,
): TypeRef<StreamMessage<T>> {
  const message = typeRef<StreamMessage<T>>(`${capitalize(spec.name)}Message`);
  builder.objectType(message, {
    description: `One message of the stream \`${spec.name}\`.`,
    fields: (t) => ({
      type: t.field({
        type: 'StreamMessageType' as never,
        description: 'What happened.',
        resolve: (event) => event.type as never,
      }),
      cursor: t.field({
        type: 'Cursor',
        description: 'Resume behind this message with `after`.',
        resolve: (event) => event.cursor,
      }),
      reason: t.field({
        type: 'ResyncReason' as never,
        nullable: true,
        description: 'Why a RESYNC was necessary; null for other messages.',
        resolve: (event) => (event.reason ?? null) as never,
      }),
      [spec.itemField]: t.field({
        type: spec.itemType as never,
        nullable: true,
        description: spec.itemDescription,
        resolve: (event: StreamMessage<T>) => (event.item ?? null) as never,
      } as never),
    }),
  });
  return message;
}

const capitalize = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** The enums that every stream's messages share. */
export function registerStreamTypes(builder: LongshoreBuilder): void {
  const types: Record<(typeof streamMessageTypes)[number], string> = {
    SNAPSHOT: 'Everything that was there has been sent; from here on come changes.',
    ADDED: 'It is new, or new to this filter; also every object of a snapshot.',
    MODIFIED: 'It has changed.',
    DELETED: 'It is gone, or has left this filter; carries the last state known.',
    RESYNC: 'Changes may be missing: forget what you have, a new snapshot follows on this stream.',
    HEARTBEAT: 'Nothing happened for 30 seconds; the stream is alive.',
  };
  builder.enumType('StreamMessageType', {
    description: 'What a message of a stream says.',
    values: Object.fromEntries(streamMessageTypes.map((name) => [name, { description: types[name] }])),
  });
  const reasons: Record<(typeof resyncReasons)[number], string> = {
    CURSOR_EXPIRED: 'The cursor is older than what is kept.',
    SLOW_READER: 'You read too slowly and the queue was full.',
    WATCH_GAP: 'The watch of a cluster was interrupted in a way that may have lost changes.',
    RIGHTS_CHANGED: 'What you may see has changed.',
    CLUSTER_REMOVED: 'A cluster is served no more: what was there of it is not in the new snapshot.',
  };
  builder.enumType('ResyncReason', {
    description: 'Why a stream begins anew.',
    values: Object.fromEntries(resyncReasons.map((name) => [name, { description: reasons[name] }])),
  });
}
