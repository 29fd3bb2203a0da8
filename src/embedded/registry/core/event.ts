import { asObject, asString, setDefault } from '../../machinery/json.ts';
import type { ClusterObject } from '../../store/types.ts';
import { defineResource } from '../define-resource.ts';
import { validateEvent } from '../events/validate-event.ts';
import { eventTable } from '../tables/event-table.ts';

const involved = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];

export const events = defineResource(
  { group: '', version: 'v1', kind: 'Event', plural: 'events', shortNames: ['ev'] },
  {
    createsOnUpdate: true,
    setDefaults(draft) {
      setDefault(draft, 'source', {});
      // Times that nobody set are null on the wire, never absent.
      for (const time of ['eventTime', 'firstTimestamp', 'lastTimestamp']) setDefault(draft, time, null);
      setDefault(draft, 'reportingComponent', '');
      setDefault(draft, 'reportingInstance', '');
    },
    validate(draft, errors) {
      validateEvent(draft, 'reportingComponent', errors);
    },
    selectableFields: {
      ...Object.fromEntries(
        involved.map((key) => [
          `involvedObject.${key}`,
          (event: ClusterObject) => asString(asObject(event.involvedObject)?.[key]) ?? '',
        ]),
      ),
      reason: (event) => asString(event.reason) ?? '',
      type: (event) => asString(event.type) ?? '',
      reportingComponent: (event) => asString(event.reportingComponent) ?? '',
      source: (event) => asString(asObject(event.source)?.component) ?? '',
    },
    table: eventTable,
  },
);
