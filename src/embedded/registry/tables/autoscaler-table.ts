import { formatAge } from '../../machinery/format-age.ts';
import { asObject, asObjectList, asString, type JsonObject, readPath } from '../../machinery/json.ts';
import type { TableLayout } from '../resource-strategy.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';

const shownMetrics = 2;
const unknown = '<unknown>';

/** HorizontalPodAutoscalers as `kubectl get hpa` shows them. */
export const autoscalerTable: TableLayout = {
  columns: [
    nameColumn,
    textColumn('Reference', 'The target resource to scale.'),
    textColumn('Targets', 'The metrics the replica count is computed from: what they are and what they should be.'),
    textColumn('MinPods', 'The lower limit of the replica count.'),
    textColumn('MaxPods', 'The upper limit of the replica count.'),
    textColumn('Replicas', 'The replica count as the autoscaler saw it last.'),
    ageColumn,
  ],
  cells(object, nowMs) {
    const spec = asObject(object.spec) ?? {};
    const target = asObject(spec.scaleTargetRef);
    const current = readPath(object, 'status', 'currentReplicas');
    return [
      object.metadata.name,
      `${asString(target?.kind) ?? ''}/${asString(target?.name) ?? ''}`,
      describeMetrics(asObjectList(spec.metrics), asObjectList(readPath(object, 'status', 'currentMetrics'))),
      spec.minReplicas === undefined ? '<unset>' : String(spec.minReplicas),
      spec.maxReplicas ?? 0,
      typeof current === 'number' ? current : 0,
      formatAge(object.metadata.creationTimestamp, nowMs),
    ];
  },
};

function describeMetrics(specs: readonly JsonObject[], statuses: readonly JsonObject[]): string {
  if (specs.length === 0) return '<none>';
  const list = specs.map((spec, index) => describeMetric(spec, statuses[index] ?? {})).slice(0, shownMetrics);
  const more = specs.length - list.length;
  return `${list.join(', ')}${more > 0 ? ` + ${more} more...` : ''}`;
}

function describeMetric(spec: JsonObject, status: JsonObject): string {
  const type = asString(spec.type) ?? '';
  const member = `${type.charAt(0).toLowerCase()}${type.slice(1)}`;
  const source = asObject(spec[member]);
  if (source === undefined) return '<unknown type>';
  const target = asObject(source.target) ?? {};
  const current = asObject(asObject(status[member])?.current) ?? {};
  const show = (value: unknown): string => (value === undefined ? unknown : String(value));
  if (type === 'Resource' || type === 'ContainerResource') {
    const name = asString(source.name) ?? '';
    if (target.averageValue !== undefined)
      return `${name}: ${show(current.averageValue)}/${String(target.averageValue)}`;
    const used = current.averageUtilization === undefined ? unknown : `${String(current.averageUtilization)}%`;
    const wanted = target.averageUtilization === undefined ? '<auto>' : `${String(target.averageUtilization)}%`;
    return `${name}: ${used}/${wanted}`;
  }
  if (type === 'Pods') return `${show(current.averageValue)}/${String(target.averageValue)}`;
  return target.averageValue === undefined
    ? `${show(current.value)}/${String(target.value)}`
    : `${show(current.averageValue)}/${String(target.averageValue)} (avg)`;
}
