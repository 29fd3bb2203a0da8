import type { GraphQLSchema } from 'graphql';
import type { SchemaRegistry } from './schema-registry.ts';
import type { SchemaOwnership } from './track-ownership.ts';

/** A root field that no maker has made has no guard: the gateway does not start with it. */
export function assertRootFieldsGuarded(
  schema: GraphQLSchema,
  registry: SchemaRegistry,
  ownership: SchemaOwnership,
): void {
  for (const type of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    for (const field of Object.keys(type?.getFields() ?? {})) {
      const name = `${type?.name}.${field}`;
      if (!registry.rootFields.has(name)) {
        throw new Error(
          `Plugin '${ownership.fields.get(name) ?? 'longshore'}' adds ${name} without a guard: make root fields with registerQuery, registerList, registerMutation or registerSubscription`,
        );
      }
    }
  }
}
