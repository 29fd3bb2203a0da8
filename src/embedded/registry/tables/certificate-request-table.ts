import { formatAge, formatDuration } from '../../machinery/format-age.ts';
import { asObject, asObjectList } from '../../machinery/json.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { TableLayout } from '../resource-strategy.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';

export const certificateRequestTable: TableLayout = {
  columns: [
    nameColumn,
    ageColumn,
    textColumn('SignerName', 'Who is asked to sign.'),
    textColumn('Requestor', 'The user that asks.'),
    textColumn('RequestedDuration', 'How long the certificate should be valid.'),
    textColumn('Condition', 'Whether it was approved or denied, and issued.'),
  ],
  cells(request, nowMs) {
    const spec = asObject(request.spec) ?? {};
    const seconds = spec.expirationSeconds;
    return [
      request.metadata.name,
      formatAge(request.metadata.creationTimestamp, nowMs),
      spec.signerName,
      spec.username ?? '',
      typeof seconds === 'number' ? formatDuration(seconds * 1000) : '<none>',
      describeCondition(request),
    ];
  },
};

function describeCondition(request: ClusterObject): string {
  const status = asObject(request.status) ?? {};
  const types = new Set(asObjectList(status.conditions).map(({ type }) => type));
  const decision = types.has('Denied') ? 'Denied' : types.has('Approved') ? 'Approved' : 'Pending';
  return `${decision}${types.has('Failed') ? ',Failed' : ''}${(status.certificate ?? '') === '' ? '' : ',Issued'}`;
}
