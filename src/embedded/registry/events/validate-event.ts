import { asObject, asString, isEqualJson, type JsonObject } from '../../machinery/json.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { problemsOfQualifiedName } from '../validation/names.ts';

const longestText = 128;
const longestNote = 1024;

/** What events of both versions keep to; `event` in the form of the core version. */
export function validateEvent(event: JsonObject, reporterField: string, errors: FieldErrors): void {
  const about = asObject(event.involvedObject)?.namespace ?? '';
  const { namespace } = asObject(event.metadata) ?? {};
  const differ = () => errors.invalid('involvedObject.namespace', about, 'does not match event.namespace');
  if (isUnset(event.eventTime)) {
    if (namespace !== (about === '' ? 'default' : about)) differ();
    return;
  }
  if (about === '' && namespace !== 'default' && namespace !== 'kube-system') differ();
  const reporter = asString(event.reportingComponent) ?? '';
  if (reporter === '') errors.required(reporterField);
  errors.eachInvalid(reporterField, reporter, problemsOfQualifiedName(reporter));
  for (const field of ['reportingInstance', 'action', 'reason']) {
    const text = asString(event[field]) ?? '';
    if (text === '') errors.required(field);
    if (text.length > longestText) errors.invalid(field, '', `can have at most ${longestText} characters`);
  }
  if ((asString(event.message) ?? '').length > longestNote) {
    errors.invalid('message', '', `can have at most ${longestNote} characters`);
  }
}

/** What a new event of events.k8s.io/v1 keeps to besides. */
export function validateNewEvent(event: JsonObject, errors: FieldErrors): void {
  validateSeries(event, errors);
  if (isUnset(event.eventTime)) errors.required('eventTime');
  if (event.type !== 'Normal' && event.type !== 'Warning') {
    errors.invalid('type', '', `has invalid value: ${asString(event.type) ?? ''}`);
  }
  const { component, host } = asObject(event.source) ?? {};
  const isOld = {
    firstTimestamp: !isUnset(event.firstTimestamp),
    lastTimestamp: !isUnset(event.lastTimestamp),
    count: (event.count ?? 0) !== 0,
    source: !isUnset(component) || !isUnset(host),
  };
  for (const [field, isSet] of Object.entries(isOld)) if (isSet) errors.invalid(field, '', 'needs to be unset');
}

const kept = [
  'involvedObject',
  'reason',
  'message',
  'source',
  'firstTimestamp',
  'lastTimestamp',
  'count',
  'type',
  'eventTime',
  'action',
  'related',
  'reportingComponent',
  'reportingInstance',
];

/** Of an event of events.k8s.io/v1 only the series can change. */
export function validateEventUpdate(event: JsonObject, before: JsonObject, errors: FieldErrors): void {
  if (!isEqualJson(event.series, before.series)) validateSeries(event, errors);
  for (const field of kept) {
    if (isEqualJson(event[field] ?? null, before[field] ?? null)) continue;
    const name = field === 'reportingComponent' ? 'reportingController' : field;
    errors.invalid(name, event[field] ?? null, 'field is immutable');
  }
}

function validateSeries(event: JsonObject, errors: FieldErrors): void {
  const series = asObject(event.series);
  if (series === undefined) return;
  if (Number(series.count ?? 0) < 2) errors.invalid('series.count', '', 'should be at least 2');
  if (isUnset(series.lastObservedTime)) errors.required('series.lastObservedTime');
}

const isUnset = (value: unknown): boolean => value === undefined || value === null || value === '';
