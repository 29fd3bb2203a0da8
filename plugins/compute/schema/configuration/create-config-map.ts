import { descriptionText, type Label } from 'longshore/plugins/core';
import {
  checkText,
  encodeGlobalId,
  isOfKind,
  type LongshoreBuilder,
  objectSuccess,
  registerMutation,
  subjectOf,
} from 'longshore/sdk';
import { type ConfigMapObject, configMapKind, configMapTypeRef } from '../../api.ts';
import { configName } from '../../profile-keys/names.ts';
import { dataOfEntries } from '../../services/configuration/config-map-data.ts';
import {
  checkEntries,
  checkKeys,
  type DataEntryInput,
  readEntries,
} from '../../services/configuration/data-entries.ts';
import { checkDataSize } from '../../services/configuration/data-size.ts';
import { metadataOf } from '../../services/configuration/new-metadata.ts';
import { dataEntryInputRef } from './data-entry-input.ts';
import { newConfigFields } from './new-config-fields.ts';

/** Making a ConfigMap by form (CMP-89). */
export function registerCreateConfigMap(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'createConfigMap',
    description:
      'Makes a ConfigMap, maybe without keys: `updateConfigMap` adds some later. All values together may have 1 MiB.',
    allow: { action: 'CREATE', subject: subjectOf(configMapKind) },
    input: (t) => ({
      ...newConfigFields(t, 'config.name'),
      data: t.field({ type: [dataEntryInputRef], description: 'Its keys with their values.' }),
      isImmutable: t.boolean({
        required: true,
        defaultValue: false,
        description: 'Whether no value can ever be changed again: clusters need not watch it then.',
      }),
    }),
    success: objectSuccess('The ConfigMap was made.', 'configMap', configMapTypeRef),
    validate: ({ data }) => {
      const issues = checkEntries(data ?? [], ['data']);
      return issues.length > 0 ? issues : checkDataSize(sizeOf(data ?? []), ['data']);
    },
    load: ({ cluster, namespace, name }, context) => ({
      value: context.cluster(cluster),
      instance: { subject: subjectOf(configMapKind), cluster, namespace, name },
      record: {
        plugin: 'compute',
        type: 'ConfigMap',
        id: idOf(cluster, namespace, name),
        cluster,
        namespace,
        kind: 'ConfigMap',
        name,
      },
    }),
    check: ({ cluster, namespace, name, description, data }, _cluster, { services }) => {
      const profile = services.profiles.at({ cluster, namespace });
      return [
        ...checkText(profile.get(configName), 'name', name),
        ...checkText(profile.get(descriptionText), 'description', description ?? ''),
        ...checkKeys(data ?? [], ['data'], profile),
      ];
    },
    run: async (input, cluster, ticket, context) => {
      const { namespace, name, description, labels, data, isImmutable } = input;
      const manifest = {
        metadata: metadataOf(namespace, name, description, labels as readonly Label[] | null | undefined),
        ...dataOfEntries(readEntries(data ?? [])),
        ...(isImmutable ? { immutable: true } : {}),
      };
      const { object, warnings } = await cluster.writer(context.principal).create(ticket, configMapKind, manifest);
      return {
        value: object as ConfigMapObject,
        resultId: idOf(cluster.name, namespace, name),
        before: undefined,
        after: object,
        warnings,
      };
    },
    replay: (node): ConfigMapObject | null => (isOfKind(node, configMapKind) ? node : null),
  });
}

const sizeOf = (data: readonly DataEntryInput[]): number =>
  readEntries(data).reduce((sum, { bytes }) => sum + bytes.byteLength, 0);

const idOf = (cluster: string, namespace: string, name: string): string =>
  encodeGlobalId({ of: 'kubernetes', cluster, group: '', kind: 'ConfigMap', namespace, name });
