import { asObject, asString, setDefault } from '../../machinery/json.ts';
import type { ClusterObject } from '../../store/types.ts';
import { defineResource } from '../define-resource.ts';
import { eventTable } from '../tables/event-table.ts';

const involved = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];

export const events = defineResource(
  { group: '', version: 'v1', kind: 'Event', plural: 'events', shortNames: ['ev'] },
  {
    createsOnUpdate: true,
    setDefaults(draft) {
      setDefault(draft, 'source', {});
      setDefault(draft, 'reportingComponent', '');
      setDefault(draft, 'reportingInstance', '');
    },
    validate(draft, errors) {
      const about = asObject(draft.involvedObject);
      const expected = about === undefined || (about.namespace ?? '') === '' ? 'default' : about.namespace;
      if (about === undefined) errors.required('involvedObject');
      else if (draft.metadata.namespace !== expected) {
        errors.invalid('involvedObject.namespace', about.namespace ?? '', 'does not match event.namespace');
      }
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
