import { randomInt } from 'node:crypto';
import type { RegisteredResource } from '../../registry/resource-strategy.ts';
import { homeOf, type StoredEvent } from '../../store/object-storage.ts';
import { apiVersionOf } from '../../store/to-draft.ts';
import type { ClusterObject, WatchEventType } from '../../store/types.ts';
import type { Answer, ApiContext, ApiRequest, Handler } from '../api-context.ts';
import { type ListOptions, parseListOptions } from '../list-options.ts';
import { type Presentation, presentObject, presentTable } from '../present.ts';
import { presentationOf } from '../presentation-of.ts';
import { resourceOf } from '../resource-of.ts';
import { parseSelection, type Selection } from '../selection.ts';
import { expired, type StatusError, tooLargeResourceVersion } from '../status-error.ts';
import { createOutbox } from '../stream-outbox.ts';

/** How often a quiet watch hears where the server stands. */
const bookmarkEveryMs = 10_000;
/** A watch without timeoutSeconds ends after 30 to 60 minutes, so that clients spread over servers anew. */
const minLifetimeSeconds = 1800;
const outboxLimits = { maxLines: 10_000, maxBytes: 16 * 1024 * 1024 };

export const handleWatch: Handler = (context, request) => {
  const resource = resourceOf(context, request);
  const options = parseListOptions(request.query, true);
  const selection = parseSelection(resource, request.query, request.info.name);
  return openWatch(context, request, resource, options, selection);
};

/**
 * Streams changes until the timeout, a stop or the client ends it. Everything up to the subscription happens in one
 * turn of the event loop, so no change is lost or seen twice between the initial state and the live stream.
 */
function openWatch(
  context: ApiContext,
  request: ApiRequest,
  resource: RegisteredResource,
  options: ListOptions,
  selection: Selection,
): Answer {
  const { storage } = context.registry;
  const { definition } = resource;
  const { namespace } = request.info;
  const { response } = request;
  const printer = createEventPrinter(context, request, resource);
  const startsAtNow = options.resourceVersion === '' || options.resourceVersion === '0';
  const from = Number(options.resourceVersion || '0');
  const sendsState = options.sendsInitialEvents ?? startsAtNow;
  if (sendsState && from > storage.revision) {
    throw tooLargeResourceVersion(options.resourceVersion, String(storage.revision));
  }

  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
  response.flushHeaders();
  const cut = (): void => {
    close();
    response.destroy();
  };
  const outbox = createOutbox(response, outboxLimits, cut);

  const opened = storage.revision;
  if (sendsState) {
    const state = storage.list(definition, namespace).filter(selection.matches);
    outbox.pushAll(mapLines(state, (object) => printer.change('ADDED', object)));
    if (options.sendsInitialEvents === true && options.wantsBookmarks) {
      outbox.push(printer.bookmark(opened, { 'k8s.io/initial-events-end': 'true' }));
    }
  } else if (!startsAtNow && from < storage.oldestRevision(definition)) {
    outbox.push(printer.error(expired(`too old resource version: ${from} (${storage.oldestRevision(definition)})`)));
    outbox.end();
    return 'streamed';
  } else if (!startsAtNow) {
    const missed = storage.eventsAfter(definition, from);
    outbox.pushAll(mapLines(missed, (event) => printEvent(event, namespace, selection, printer)));
  }

  const home = homeOf(definition);
  const { catalog } = context.registry;
  const isServed = (): boolean =>
    catalog.findServed(definition.group, definition.version, definition.plural) === resource;
  const unsubscribe = storage.subscribe((event, changed) => {
    // A custom resource whose definition changed or went is another resource: its watches end here.
    if (resource.customResource !== undefined && !isServed()) {
      close();
      outbox.end();
      return;
    }
    if (changed.plural !== home.plural || changed.group !== home.group) return;
    // A watch from a version that is still to come waits for it.
    if (event.revision <= from) return;
    const line = printEvent(event, namespace, selection, printer);
    if (line !== '') outbox.push(line);
  });
  let cancelBookmark = (): void => undefined;
  const scheduleBookmark = (): void => {
    cancelBookmark = context.clock.schedule(bookmarkEveryMs, () => {
      outbox.push(printer.bookmark(storage.revision));
      scheduleBookmark();
    });
  };
  if (options.wantsBookmarks) scheduleBookmark();
  const lifetimeSeconds = options.timeoutSeconds ?? randomInt(minLifetimeSeconds, 2 * minLifetimeSeconds);
  const cancelTimeout = context.clock.schedule(lifetimeSeconds * 1000, () => {
    if (options.wantsBookmarks) outbox.push(printer.bookmark(storage.revision));
    close();
    outbox.end();
  });
  const forget = context.watches.add(cut);
  function close(): void {
    unsubscribe();
    cancelBookmark();
    cancelTimeout();
    forget();
  }
  response.once('close', close);
  return 'streamed';
}

interface EventPrinter {
  change(type: WatchEventType, object: ClusterObject): string;
  bookmark(revision: number, annotations?: Readonly<Record<string, string>>): string;
  error(refusal: StatusError): string;
}

/** One event as a line; empty when it is about an object this watch does not select and did not select before. */
function printEvent(
  event: StoredEvent,
  namespace: string | undefined,
  selection: Selection,
  printer: EventPrinter,
): string {
  if (namespace !== undefined && event.object.metadata.namespace !== namespace) return '';
  const isIn = event.type !== 'DELETED' && selection.matches(event.object);
  const wasIn = event.previous !== undefined && selection.matches(event.previous);
  if (isIn) return printer.change(wasIn ? 'MODIFIED' : 'ADDED', event.object);
  if (!wasIn) return '';
  // An object that stops matching is shown as it last matched, under the resourceVersion at which it stopped.
  const last = event.type === 'DELETED' || event.previous === undefined ? event.object : event.previous;
  const { resourceVersion } = event.object.metadata;
  const shown =
    last === event.object
      ? last
      : { ...last, metadata: { ...last.metadata, ...(resourceVersion && { resourceVersion }) } };
  return printer.change('DELETED', shown);
}

function createEventPrinter(context: ApiContext, request: ApiRequest, resource: RegisteredResource): EventPrinter {
  const presentation = presentationOf(context, request, resource);
  let hasSentColumns = false;
  const show = (object: ClusterObject): string => {
    const now: Presentation = { ...presentation, nowMs: context.clock.now() };
    if (now.form !== 'table') return presentObject(now, object);
    const text = presentTable(now, object, !hasSentColumns);
    hasSentColumns = true;
    return text;
  };
  return {
    change: (type, object) => `{"type":"${type}","object":${show(object)}}\n`,
    bookmark(revision, annotations) {
      const metadata = {
        resourceVersion: String(revision),
        ...(annotations && { annotations }),
      };
      return `{"type":"BOOKMARK","object":${bookmarkText(presentation, metadata, context.clock.now())}}\n`;
    },
    error: (refusal) => `${JSON.stringify({ type: 'ERROR', object: refusal.status })}\n`,
  };
}

function bookmarkText(presentation: Presentation, metadata: object, nowMs: number): string {
  const { definition } = presentation.resource;
  const object = { kind: definition.kind, apiVersion: apiVersionOf(definition), metadata };
  switch (presentation.form) {
    case 'object':
      return JSON.stringify(object);
    case 'metadata':
      return JSON.stringify({ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata });
    case 'table': {
      // A row about nothing, whose metadata is what matters.
      return presentTable({ ...presentation, nowMs }, object as unknown as ClusterObject, false);
    }
  }
}

function* mapLines<T>(items: readonly T[], print: (item: T) => string): Generator<string> {
  for (const item of items) yield print(item);
}
