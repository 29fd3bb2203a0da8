import { type GraphQLSchema, isObjectType } from 'graphql';
import type { SchemaOwnership } from './track-ownership.ts';

/** What has a global id can be acted on, so a console must be able to ask what its user may do to it (CORE-09). */
export function assertViewerCan(schema: GraphQLSchema, ownership: SchemaOwnership): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || !type.getInterfaces().some(({ name }) => name === 'Node')) continue;
    if (type.getFields().viewerCan === undefined) {
      const plugin = ownership.types.get(type.name) ?? 'longshore';
      throw new Error(
        `Plugin '${plugin}' defines the node ${type.name} without viewerCan: add ...viewerCanField(t, …)`,
      );
    }
  }
}
