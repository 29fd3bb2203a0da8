import {
  defineKubernetesList,
  type LongshoreBuilder,
  listKubernetesObjects,
  readObject,
  registerKubernetesType,
  registerList,
  registerQuery,
  subjectOf,
  typeRef,
  updateTimeOf,
} from 'longshore/sdk';
import { configMapKind, configMapTypeRef } from '../api.ts';
import { type ConfigMapKeyFacts, configMapKeys } from '../services/config-map-entries.ts';

const keyRef = typeRef<ConfigMapKeyFacts>('ConfigMapKey');
const entryRef = typeRef<readonly [key: string, value: string]>('ConfigMapEntry');
const allow = { action: 'READ', subject: subjectOf(configMapKind) };

export function registerConfigMap(builder: LongshoreBuilder): void {
  registerConfigMapType(builder);
  const list = defineKubernetesList(builder, {
    name: 'ConfigMap',
    node: configMapTypeRef,
    plural: 'ConfigMaps',
    isNamespaced: true,
    orders: { UPDATED_AT: { description: 'By `updatedAt`.', value: updateTimeOf } },
  });
  registerQuery(builder, {
    name: 'configMap',
    description: 'One ConfigMap by its name; null where it is not there for you.',
    allow,
    type: configMapTypeRef,
    nullable: true,
    args: (t) => ({
      cluster: t.string({ required: true, description: "The cluster's name." }),
      namespace: t.string({ required: true, description: 'Its namespace.' }),
      name: t.string({ required: true, description: 'Its name.' }),
    }),
    resolve: ({ cluster, namespace, name }, context) => readObject(context, configMapKind, cluster, namespace, name),
  });
  registerList(builder, {
    name: 'configMaps',
    description: 'ConfigMaps of all clusters that you may see.',
    allow,
    list,
    rows: (args, context) => listKubernetesObjects([configMapKind], args, context),
  });
}

function registerConfigMapType(builder: LongshoreBuilder): void {
  builder.objectType(keyRef, {
    description: 'A key of a ConfigMap, without its value.',
    fields: (t) => ({
      key: t.exposeString('key', { description: 'The key.' }),
      byteLength: t.exposeInt('byteLength', { description: 'Bytes of the value as a container sees it.' }),
      isBinary: t.exposeBoolean('isBinary', { description: 'Whether it stands under `binaryData`.' }),
    }),
  });
  builder.objectType(entryRef, {
    description: 'A key of a ConfigMap with its text.',
    fields: (t) => ({
      key: t.string({ description: 'The key.', resolve: ([key]) => key }),
      value: t.string({ description: 'Its text.', resolve: ([, value]) => value }),
    }),
  });
  registerKubernetesType(builder, {
    ref: configMapTypeRef,
    kind: configMapKind,
    description: 'Settings that are no secret, by key (core/v1).',
    fields: (t) => ({
      keys: t.field({
        type: [keyRef],
        description: 'All keys with the size of their values, by name.',
        resolve: configMapKeys,
      }),
      data: t.field({
        type: [entryRef],
        description: 'Its texts. Binary values are not among them: see `binaryKeys`, and `json` for the values.',
        resolve: ({ data }) => Object.entries(data ?? {}),
      }),
      binaryKeys: t.stringList({
        description: 'Keys with binary values.',
        resolve: ({ binaryData }) => Object.keys(binaryData ?? {}),
      }),
      updatedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description:
          'When it was last written, to the second, by the managed fields of its cluster; null where that keeps none. Clusters note no time for a write of others that only took keys away.',
        resolve: (object) => updateTimeOf(object) ?? null,
      }),
      isImmutable: t.boolean({
        description: 'Whether it can never be changed again.',
        resolve: ({ immutable }) => immutable === true,
      }),
    }),
  });
}
