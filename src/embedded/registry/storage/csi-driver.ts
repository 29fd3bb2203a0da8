import { formatAge } from '../../machinery/format-age.ts';
import { asList, asObject, asObjectList, ensureObject, isEqualJson, setDefault } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { ageColumn, booleanColumn, nameColumn, textColumn } from '../tables/columns.ts';

const modes = ['Persistent', 'Ephemeral'];
const groupPolicies = ['File', 'None', 'ReadWriteOnceWithFSType'];

/** What a storage driver says of itself. */
export const csiDrivers = defineResource(
  { group: 'storage.k8s.io', version: 'v1', kind: 'CSIDriver', plural: 'csidrivers', isClusterScoped: true },
  {
    returnsDeleted: true,
    generation: 'spec',
    setDefaults(draft) {
      const spec = ensureObject(draft, 'spec');
      setDefault(spec, 'attachRequired', true);
      setDefault(spec, 'podInfoOnMount', false);
      setDefault(spec, 'storageCapacity', false);
      setDefault(spec, 'fsGroupPolicy', 'ReadWriteOnceWithFSType');
      if (asList(spec.volumeLifecycleModes).length === 0) spec.volumeLifecycleModes = ['Persistent'];
      setDefault(spec, 'requiresRepublish', false);
      setDefault(spec, 'seLinuxMount', false);
    },
    validate(draft, errors) {
      const spec = asObject(draft.spec) ?? {};
      errors.oneOf('spec.fsGroupPolicy', spec.fsGroupPolicy, groupPolicies);
      for (const mode of asList(spec.volumeLifecycleModes)) errors.oneOf('spec.volumeLifecycleModes', mode, modes);
      const audiences = new Set<unknown>();
      asObjectList(spec.tokenRequests).forEach(({ audience = '', expirationSeconds }, at) => {
        const field = `spec.tokenRequests[${at}]`;
        if (audiences.has(audience)) errors.duplicate(`${field}.audience`, audience);
        audiences.add(audience);
        if (typeof expirationSeconds === 'number' && expirationSeconds < 600) {
          errors.invalid(
            `${field}.expirationSeconds`,
            expirationSeconds,
            'may not specify a duration less than 10 minutes',
          );
        }
      });
    },
    validateUpdate(draft, current, errors) {
      for (const key of ['attachRequired', 'volumeLifecycleModes']) {
        const next = asObject(draft.spec)?.[key];
        if (!isEqualJson(next, asObject(current.spec)?.[key])) {
          errors.invalid(`spec.${key}`, next, 'field is immutable');
        }
      }
    },
    table: {
      columns: [
        nameColumn,
        booleanColumn('AttachRequired', 'Whether volumes are attached to a node before they are mounted.'),
        booleanColumn('PodInfoOnMount', 'Whether the driver hears of the pod when it mounts.'),
        booleanColumn('StorageCapacity', 'Whether the driver tells what room it has.'),
        textColumn('TokenRequests', 'Tokens that the driver wants to have.'),
        booleanColumn('RequiresRepublish', 'Whether the driver wants to be called again and again.'),
        textColumn('Modes', 'The lives a volume may lead.'),
        ageColumn,
      ],
      cells(driver, nowMs) {
        const spec = asObject(driver.spec) ?? {};
        const tokens = asObjectList(spec.tokenRequests).map(({ audience }) => String(audience ?? ''));
        return [
          driver.metadata.name,
          spec.attachRequired,
          spec.podInfoOnMount,
          spec.storageCapacity,
          tokens.length === 0 ? '<unset>' : tokens.join(','),
          spec.requiresRepublish,
          asList(spec.volumeLifecycleModes).join(','),
          formatAge(driver.metadata.creationTimestamp, nowMs),
        ];
      },
    },
  },
);
