import {
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import type { SchemaOwnership } from './track-ownership.ts';

/** Descriptions are the reference manual: an element without one stops the start, with the plugin's name. */
export function assertDescribed(schema: GraphQLSchema, ownership: SchemaOwnership): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    const missing = firstUndescribed(type);
    if (missing === undefined) continue;
    const plugin = ownership.fields.get(missing) ?? ownership.types.get(type.name) ?? 'longshore';
    throw new Error(`Plugin '${plugin}' gives ${missing} no description`);
  }
}

function firstUndescribed(type: GraphQLNamedType): string | undefined {
  if (!type.description) return type.name;
  if (isEnumType(type)) {
    const value = type.getValues().find((member) => !member.description);
    return value && `${type.name}.${value.name}`;
  }
  if (isInputObjectType(type)) {
    const field = Object.values(type.getFields()).find((member) => !member.description);
    return field && `${type.name}.${field.name}`;
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return undefined;
  for (const field of Object.values(type.getFields())) {
    if (!field.description) return `${type.name}.${field.name}`;
    const argument = field.args.find((member) => !member.description);
    if (argument) return `${type.name}.${field.name}(${argument.name})`;
  }
  return undefined;
}
