import { descriptionText } from 'longshore/plugins/core';
import {
  checkDeletion,
  checkText,
  idOfObject,
  isOfKind,
  type LongshoreBuilder,
  loadOfKind,
  objectSuccess,
  origin,
  registerMutation,
  subjectOf,
} from 'longshore/sdk';
import { type ConfigMapObject, configMapKind, configMapTypeRef } from '../../api.ts';
import { changedAnnotations } from '../../services/configuration/changed-annotations.ts';
import { bytesAfter, patchOfEntries } from '../../services/configuration/config-map-data.ts';
import { checkEntries, checkKeys, readEntries } from '../../services/configuration/data-entries.ts';
import { checkDataSize } from '../../services/configuration/data-size.ts';
import { checkMissing, checkRemove, withoutKeys } from '../../services/configuration/removed-keys.ts';
import { requireMutable } from '../../services/configuration/require-mutable.ts';
import { tellUsers } from '../../services/configuration/tell-users.ts';
import { changedConfigFields, checkAnyChange } from './changed-config-fields.ts';

/** Changing a ConfigMap by form, key by key (CMP-91); its YAML is edited by `updateManifest`. */
export function registerUpdateConfigMap(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'updateConfigMap',
    description:
      'Adds, changes and removes keys of a ConfigMap; the others stay as they are. What uses it is told in `warnings`. Removing a key that something uses is an `InUseError`, or asks for `acknowledge: [IN_USE]`, as the profile says.',
    allow: { action: 'UPDATE', subject: subjectOf(configMapKind) },
    input: (t) => changedConfigFields(t, 'ConfigMap'),
    success: objectSuccess('The ConfigMap is changed.', 'configMap', configMapTypeRef),
    validate: (input) => [
      ...checkAnyChange(input),
      ...checkEntries(input.set ?? [], ['set']),
      ...checkRemove(input.remove ?? [], input.set ?? []),
    ],
    load: ({ id }, context) => loadOfKind(String(id), configMapKind, context),
    check: ({ set, remove, description }, object, { services }) => {
      if ((set ?? []).length > 0 || (remove ?? []).length > 0) requireMutable(object);
      const { cluster } = object[origin];
      const profile = services.profiles.at({ cluster, namespace: object.metadata.namespace });
      return [
        ...checkText(profile.get(descriptionText), 'description', description ?? ''),
        ...checkKeys(set ?? [], ['set'], profile),
        ...checkMissing(remove ?? [], object),
        ...checkDataSize(bytesAfter(object, readEntries(set ?? []), remove ?? []), ['set']),
      ];
    },
    warn: {
      codes: ['IN_USE'],
      find: ({ remove }, object: ConfigMapObject, context) =>
        remove && remove.length > 0 ? checkDeletion(object as never, withoutKeys(object, remove), context) : [],
    },
    run: async (input, object, ticket, context) => {
      const { set, remove, resourceVersion, makeImmutable } = input;
      const { namespace, name, uid } = object.metadata;
      const entries = readEntries(set ?? []);
      const annotations = changedAnnotations(input, context.clock.now());
      const patch = {
        ...patchOfEntries(entries, remove ?? []),
        ...(Object.keys(annotations).length > 0 ? { metadata: { annotations } } : {}),
        ...(makeImmutable ? { immutable: true } : {}),
      };
      const changed = [...entries.map(({ key }) => key), ...(remove ?? [])];
      const users = changed.length > 0 ? await tellUsers(object, changed, context) : [];
      const { object: after, warnings } = await context
        .cluster(object[origin].cluster)
        .writer(context.principal)
        .patch(ticket, configMapKind, namespace, name, patch, {
          uid,
          ...(resourceVersion ? { resourceVersion } : {}),
        });
      return {
        value: after,
        resultId: idOfObject(object),
        before: object,
        after,
        warnings: [...users, ...warnings],
      };
    },
    replay: (node): ConfigMapObject | null => (isOfKind(node, configMapKind) ? node : null),
  });
}
