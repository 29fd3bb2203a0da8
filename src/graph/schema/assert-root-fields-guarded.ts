import type { GraphQLSchema } from 'graphql';
import type { SchemaRegistry } from './schema-registry.ts';

/** A root field that no maker has made has no guard: the gateway does not start with it. */
export function assertRootFieldsGuarded(schema: GraphQLSchema, registry: SchemaRegistry): void {
  for (const type of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    for (const field of Object.keys(type?.getFields() ?? {})) {
      if (!registry.rootFields.has(`${type?.name}.${field}`)) {
        throw new Error(
          `${type?.name}.${field} has no guard: make root fields with registerQuery, registerList, registerMutation or registerSubscription`,
        );
      }
    }
  }
}
