import { asObject, asString, type JsonObject, setDefault } from '../../machinery/json.ts';
import type { ClusterObject } from '../../store/types.ts';
import { events as coreEvents } from '../core/event.ts';
import { defineResource } from '../define-resource.ts';
import type { RegisteredResource, ResourceCodec } from '../resource-strategy.ts';
import { eventTable } from '../tables/event-table.ts';
import { validateEvent, validateEventUpdate, validateNewEvent } from './validate-event.ts';

/** Names of the same fields in the core version and in events.k8s.io/v1. */
const renamed = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['reportingComponent', 'reportingController'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
] as const;
const toNew = new Map<string, string>(renamed);
const toCore = new Map<string, string>(renamed.map(([core, other]) => [other, core]));

const rename = (object: object, names: ReadonlyMap<string, string>, apiVersion: string): JsonObject => ({
  ...Object.fromEntries(Object.entries(object).map(([key, value]) => [names.get(key) ?? key, value])),
  apiVersion,
});
const asCore = (object: object): JsonObject => rename(object, toCore, 'v1');

const shown = new WeakMap<ClusterObject, ClusterObject>();
const codec: ResourceCodec = {
  toStorage: (object) => asCore(object) as unknown as ClusterObject,
  fromStorage(stored) {
    if (stored.apiVersion !== 'v1') return stored;
    const made = shown.get(stored) ?? (rename(stored, toNew, 'events.k8s.io/v1') as unknown as ClusterObject);
    shown.set(stored, made);
    return made;
  },
};

const about = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];

const described = defineResource(
  { group: 'events.k8s.io', version: 'v1', kind: 'Event', plural: 'events', shortNames: ['ev'] },
  {
    createsOnUpdate: true,
    setDefaults(draft) {
      setDefault(draft, 'deprecatedSource', {});
      for (const time of ['eventTime', 'deprecatedFirstTimestamp', 'deprecatedLastTimestamp']) {
        setDefault(draft, time, null);
      }
      setDefault(draft, 'regarding', {});
      setDefault(draft, 'reportingController', '');
      setDefault(draft, 'reportingInstance', '');
    },
    validate(draft, errors, current) {
      const event = asCore(draft);
      validateEvent(event, 'reportingController', errors);
      if (current === undefined) validateNewEvent(event, errors);
      else validateEventUpdate(event, asCore(current), errors);
    },
    selectableFields: {
      ...Object.fromEntries(
        about.map((key) => [
          `regarding.${key}`,
          (event: ClusterObject) => asString(asObject(event.regarding)?.[key]) ?? '',
        ]),
      ),
      reason: (event) => asString(event.reason) ?? '',
      type: (event) => asString(event.type) ?? '',
      reportingController: (event) => asString(event.reportingController) ?? '',
    },
    table: {
      columns: eventTable.columns,
      cells: (event, nowMs) => eventTable.cells(codec.toStorage(event), nowMs),
    },
  },
);

/** events.k8s.io/v1: the events of the core group by the names of their newer form. */
export const events: RegisteredResource = {
  ...described,
  definition: { ...described.definition, storedAs: coreEvents.definition },
  codec,
};
