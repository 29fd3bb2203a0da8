import type { RecordedChange, RecordedChanges } from './operation-records.ts';
import { storable } from './operation-rows.ts';

const mostChanges = 200;
/** JSON of one side of one change, and of all changes of a record, in bytes. */
const longestSide = 1_024;
const longestInAll = 32_768;

/** What is kept of the changes: the first ones that fit. What is too long by itself is told by its length. */
export function boundChanges({ list, isCut }: RecordedChanges): RecordedChanges {
  const kept: RecordedChange[] = [];
  let bytes = 0;
  for (const change of list) {
    const bounded = {
      ...change,
      path: storable(change.path),
      before: bound(change.before),
      after: bound(change.after),
    };
    bytes += Buffer.byteLength(JSON.stringify(bounded));
    if (kept.length >= mostChanges || bytes > longestInAll) return { list: kept, isCut: true };
    kept.push(bounded);
  }
  return { list: kept, isCut };
}

function bound(side: unknown): unknown {
  const json = JSON.stringify(side);
  if (json === undefined) return null;
  const bytes = Buffer.byteLength(json);
  if (bytes > longestSide) return `(${bytes} bytes)`;
  return JSON.parse(json, (_key, value: unknown) => (typeof value === 'string' ? storable(value) : value));
}
