import {
  encodeGlobalId,
  type OperationRecord,
  parseGlobalId,
  type RecordedWrite,
  type RequestContext,
  subjectOf,
} from 'longshore/sdk';
import { groupOf } from '../services/events/read-event.ts';
import { isOperationId } from '../services/operation/operation-cursor.ts';
import { operationSubject } from '../services/operation/visible-operations.ts';

export const idOfRecord = (id: string): string =>
  encodeGlobalId({ of: 'row', plugin: 'core', type: 'OperationRecord', key: id });

export const isVisibleRecord = (record: OperationRecord, context: RequestContext): boolean =>
  context.access.allowed('READ', { subject: operationSubject, row: record });

/** One record by its UUID; null where it is not there or not for this caller. */
export async function loadRecord(id: string, context: RequestContext): Promise<OperationRecord | null> {
  if (!isOperationId(id)) return null;
  const record = await context.operations.get(id);
  return record && isVisibleRecord(record, context) ? record : null;
}

/** The same by its global id. */
export async function findRecord(id: string, context: RequestContext): Promise<OperationRecord | null> {
  const parsed = parseGlobalId(id);
  if (parsed?.of !== 'row' || parsed.plugin !== 'core' || parsed.type !== 'OperationRecord') return null;
  return loadRecord(parsed.key, context);
}

/** A record may be seen for its target's sake and still have written elsewhere. */
export function isVisibleWrite(write: RecordedWrite, context: RequestContext): boolean {
  const { cluster, apiVersion, kind, namespace, name } = write;
  return isReadable({ cluster, group: groupOf(apiVersion), kind, namespace, name }, context);
}

/** What changed in an object is for who may read the object. Other things say themselves who may read their records. */
export function isVisibleChange(of: string, context: RequestContext): boolean {
  const parsed = parseGlobalId(of);
  return parsed?.of !== 'kubernetes' || isReadable(parsed, context);
}

function isReadable(
  place: { cluster: string; group: string; kind: string; namespace: string | undefined; name: string },
  context: RequestContext,
): boolean {
  const { cluster, group, kind, namespace, name } = place;
  const subject = subjectOf({ group, kind });
  return context.access.allowed('READ', {
    subject,
    cluster,
    namespace: subject === 'core/Namespace' ? name : namespace,
    name,
  });
}
