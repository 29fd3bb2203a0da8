import {
  clusterRef,
  kubernetesObjectRef,
  type LongshoreBuilder,
  nodeRef,
  operationRecordRef,
  resolveTypeOfNode,
} from 'longshore/sdk';

/** As much of the core plugin as the schema of compute leans on, so that its tests stand by themselves. */
export const coreStandIn = {
  name: 'core',
  version: '1.0.0',
  description: 'Stands in for core.',
  schema: [
    (builder: LongshoreBuilder) => {
      builder.objectType(builder.objectRef<{ key: string; value: string }>('Label'), {
        description: 'A label.',
        fields: (t) => ({
          key: t.exposeString('key', { description: 'Key.' }),
          value: t.exposeString('value', { description: 'Value.' }),
        }),
      });
      builder.objectType(clusterRef, {
        description: 'A cluster.',
        fields: (t) => ({ name: t.exposeString('name', { description: 'Name.' }) }),
      });
      builder.objectType(operationRecordRef, {
        description: 'A record.',
        fields: (t) => ({ id: t.exposeID('id', { description: 'Id.' }) }),
      });
      builder.interfaceType(kubernetesObjectRef, {
        description: 'An object.',
        interfaces: [nodeRef],
        resolveType: (object, context) => resolveTypeOfNode(object, context) as never,
        fields: (t) => ({
          name: t.string({ description: 'Name.', resolve: (object) => object.metadata.name }),
          namespace: t.string({
            nullable: true,
            description: 'Namespace.',
            resolve: (object) => object.metadata.namespace ?? null,
          }),
          kind: t.exposeString('kind', { description: 'Kind.' }),
        }),
      });
    },
  ],
} as const;
