import {
  type Connection,
  defineList,
  type LongshoreBuilder,
  type RequestContext,
  RequestError,
  registerList,
  stringFilterRef,
} from 'longshore/sdk';
import { type KubernetesEventObject, kubernetesEventTypeRef } from '../api.ts';
import { encodeEventCursor, parseEventCursor } from '../services/events/event-cursor.ts';
import { eventHistoryRef } from '../services/events/event-history.ts';
import { registerEventCounts } from './event-counts.ts';
import { type AskedEventFilter, longestSearch, toHistoryFilter } from './event-history-filter.ts';

const readEvent = { action: 'READ', subject: 'core/Event' } as const;

interface HistoryArguments {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly filter?: AskedEventFilter | null;
  readonly orderBy?: readonly { readonly direction: 'ASC' | 'DESC' }[] | null;
}

interface HistoryConnection extends Connection<KubernetesEventObject> {
  readonly streamCursor: string;
}

/** Events beyond the hour that clusters keep them: searched, counted, and joined with the stream (CMP-107). */
export function registerEventHistory(builder: LongshoreBuilder): void {
  const list = defineList(builder, {
    name: 'KubernetesEventHistory',
    node: kubernetesEventTypeRef,
    plural: 'kept events',
    filter: (t) => ({
      cluster: t.string({ description: 'Only of this cluster; of all that you may see where it is not set.' }),
      namespaces: t.stringList({ description: 'Only in these namespaces, 1,000 at the most.' }),
      name: t.field({ type: stringFilterRef, description: "Test of the event's own name." }),
      search: t.string({
        description: `Only with this text in the message, the reason or the name of what it is about: 1 to ${longestSearch} characters, capitals count as small letters.`,
      }),
      types: t.field({ type: ['KubernetesEventType' as never], description: 'Only of these types.' }),
      reasons: t.stringList({ description: 'Only with one of these reasons.' }),
      components: t.stringList({ description: 'Only reported by one of these, e.g. `kubelet`.' }),
      since: t.field({ type: 'DateTime', description: 'Only last seen at or after this time.' }),
      until: t.field({ type: 'DateTime', description: 'Only last seen before this time.' }),
      involvedObject: t.field({ type: 'InvolvedObjectFilter' as never, description: 'Only about these objects.' }),
    }),
    matches: () => () => true,
    orders: { LAST_SEEN: { description: 'By when it was last seen.', value: () => null } },
    place: ({ metadata }) => ({ cluster: '', namespace: '', name: metadata.uid }),
  });
  builder.objectField(list.connection as never, 'streamCursor', (t) =>
    t.field({
      type: 'Cursor',
      description:
        'Where the subscription `kubernetesEvents` goes on, as its `after`: it then tells each event that this answer does not know of, once, and each later state of those it does.',
      resolve: (page) => (page as HistoryConnection).streamCursor,
    }),
  );
  registerList(builder, {
    name: 'kubernetesEventHistory',
    description:
      'What clusters reported about their objects, newest first, for longer than they keep it themselves: for how long, how much and how far back it is shown, profiles say (`events.keepDays`, `events.keepMost`, `events.windowHours`). Each event stands in its last state.',
    allow: readEvent,
    list: {
      ...list,
      args: (t) => {
        const { first, after, filter, orderBy } = list.args(t);
        return { first, after, filter, orderBy } as never;
      },
    },
    page: (args, context) => loadPage(args as never, context) as never,
  });
  registerEventCounts(builder, list.filterType as never);
}

async function loadPage(args: HistoryArguments, context: RequestContext): Promise<HistoryConnection> {
  const first = args.first ?? 50;
  if (first < 0 || first > 1000) throw new RequestError('BAD_USER_INPUT', `first must be 0 to 1000, got ${first}`);
  const after = args.after ? parseEventCursor(args.after) : undefined;
  const history = context.service(eventHistoryRef);
  const { filter, problems } = await toHistoryFilter(args.filter ?? {}, context);
  const isOldestFirst = args.orderBy?.[0]?.direction === 'ASC';
  const page = await history.page(filter, { first, after, isOldestFirst });
  return {
    edges: page.rows.map((row) => ({ cursor: encodeEventCursor(row), node: row.event })),
    hasNextPage: page.hasMore,
    hasPreviousPage: after !== undefined,
    problems,
    streamCursor: page.streamCursor,
    // Counting is a query of its own: only who asks for the number pays for it.
    get totalCount() {
      return history.total(filter) as unknown as number;
    },
  };
}
