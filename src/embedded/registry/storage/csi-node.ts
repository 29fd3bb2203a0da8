import { formatAge } from '../../machinery/format-age.ts';
import { asObject, asObjectList, asString, ensureObject } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { ageColumn, nameColumn, numberColumn } from '../tables/columns.ts';

/** Which storage drivers a node has. */
export const csiNodes = defineResource(
  { group: 'storage.k8s.io', version: 'v1', kind: 'CSINode', plural: 'csinodes', isClusterScoped: true },
  {
    returnsDeleted: true,
    setDefaults(draft) {
      const spec = ensureObject(draft, 'spec');
      spec.drivers ??= null;
    },
    validate(draft, errors) {
      const names = new Set<string>();
      asObjectList(asObject(draft.spec)?.drivers).forEach((driver, at) => {
        const field = `spec.drivers[${at}]`;
        const name = asString(driver.name) ?? '';
        if (name === '') errors.required(`${field}.name`);
        else if (names.has(name)) errors.duplicate(`${field}.name`, name);
        names.add(name);
        if ((driver.nodeID ?? '') === '') errors.required(`${field}.nodeID`);
      });
    },
    table: {
      columns: [nameColumn, numberColumn('Drivers', 'How many drivers the node has.'), ageColumn],
      cells: ({ metadata, spec }, nowMs) => [
        metadata.name,
        asObjectList(asObject(spec)?.drivers).length,
        formatAge(metadata.creationTimestamp, nowMs),
      ],
    },
  },
);
