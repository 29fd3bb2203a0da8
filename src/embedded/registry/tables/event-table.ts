import { formatAge } from '../../machinery/format-age.ts';
import { asObject, asString } from '../../machinery/json.ts';
import type { TableLayout } from '../resource-strategy.ts';
import { nameColumn, textColumn } from './columns.ts';

export const eventTable: TableLayout = {
  columns: [
    textColumn('Last Seen', 'Time since the event was last seen.'),
    textColumn('Type', 'Normal or Warning.'),
    textColumn('Reason', 'Why it happened, in one word.'),
    textColumn('Object', 'The object the event is about.'),
    textColumn('Subobject', 'The part of the object the event is about.', 1),
    textColumn('Source', 'Who reported the event.', 1),
    textColumn('Message', 'What happened.'),
    textColumn('First Seen', 'Time since the event was first seen.', 1),
    textColumn('Count', 'How often it happened.', 1),
    { ...nameColumn, priority: 1 },
  ],
  cells(event, nowMs) {
    const about = asObject(event.involvedObject) ?? {};
    const source = asObject(event.source) ?? {};
    const first = asString(event.firstTimestamp) ?? asString(event.eventTime);
    const series = asObject(event.series);
    const last = asString(series?.lastObservedTime) ?? asString(event.lastTimestamp) ?? first;
    const host = asString(source.host);
    const reporter = asString(source.component) ?? asString(event.reportingComponent) ?? '';
    return [
      formatAge(last, nowMs),
      asString(event.type) ?? '',
      asString(event.reason) ?? '',
      `${String(about.kind ?? '').toLowerCase()}/${String(about.name ?? '')}`,
      asString(about.fieldPath) ?? '',
      host === undefined ? reporter : `${reporter}, ${host}`,
      (asString(event.message) ?? '').trim(),
      formatAge(first, nowMs),
      Number(series?.count ?? (event.count || 1)),
      event.metadata.name,
    ];
  },
};
