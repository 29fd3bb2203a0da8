import { type GraphQLSchema, validateSchema } from 'graphql';
import type { PluginManifest } from '../../kernel/manifest.ts';
import { kubePreconditionReasons } from '../../kube/transport/translate-failure.ts';
import { createBuilder, type LongshoreBuilder } from '../builder.ts';
import { registerChangeTypes } from '../changes/change-types.ts';
import { registerDownloads } from '../downloads/register-downloads.ts';
import { registerAnswerTypes } from '../errors/answer-types.ts';
import { registerWarningType } from '../errors/warning-type.ts';
import { idOfObject } from '../global-id.ts';
import { registerListTypes } from '../lists/page-info.ts';
import { registerStringFilter } from '../lists/string-filter.ts';
import { commonWarningCodes } from '../makers/mutation/warnings.ts';
import { registerStreamTypes } from '../makers/register-subscription.ts';
import { nodeRef } from '../nodes/node-ref.ts';
import { isKubeObject, resolveTypeOfNode } from '../nodes/resolve-type-of-node.ts';
import { registerScalars } from '../scalars/register-scalars.ts';
import { registerTimelineSources } from '../timeline/register-timeline-sources.ts';
import { registerUploads } from '../uploads/register-uploads.ts';
import { assertDescribed } from './assert-described.ts';
import { assertRootFieldsGuarded } from './assert-root-fields-guarded.ts';
import { assertViewerCan } from './assert-viewer-can.ts';
import { registryOf, type SchemaRegistry } from './schema-registry.ts';
import { type SchemaOwnership, trackOwnership } from './track-ownership.ts';

declare module '../../kernel/manifest.ts' {
  interface ManifestSlots {
    /** Functions that register types and fields with the builder; one file per GraphQL type or mutation family. */
    readonly schema?: readonly ((builder: LongshoreBuilder) => void)[];
    /** Members it adds to the enum `PreconditionReason`, with their descriptions. */
    readonly reasons?: Readonly<Record<string, string>>;
    /** Members it adds to the enum `WarningCode`, with their descriptions: what its mutations' `warn` may find. */
    readonly warnings?: Readonly<Record<string, string>>;
  }
}

export interface BuiltSchema {
  readonly schema: GraphQLSchema;
  readonly registry: SchemaRegistry;
  readonly ownership: SchemaOwnership;
}

/** The part of a plugin that the schema is made from. */
export type SchemaPlugin = Pick<
  PluginManifest,
  | 'name'
  | 'schema'
  | 'services'
  | 'reasons'
  | 'warnings'
  | 'manifestChecks'
  | 'deletionChecks'
  | 'changeGuards'
  | 'nameChecks'
>;

/** Owner of what every plugin shares: scalars, lists, errors, messages. */
const foundation = 'longshore';

/**
 * One schema from all plugins, in the given order. Throws one sentence that names the plugin: for a root field no
 * maker has made, a type or field defined twice, an element without a description.
 * `actions` are all members of the enum `Action`, with their descriptions.
 */
export function buildSchema(plugins: readonly SchemaPlugin[], actions: Readonly<Record<string, string>>): BuiltSchema {
  const builder = createBuilder();
  const registry = registryOf(builder);
  const ownership = trackOwnership(builder);

  registry.plugin = foundation;
  const reasons = membersOf('reason', commonReasons, plugins, (plugin) => plugin.reasons);
  const warnings = membersOf('warning', commonWarningCodes, plugins, (plugin) => plugin.warnings);
  registerFoundation(builder, reasons, warnings, actions);
  registerTimelineSources(builder, plugins);
  registerDownloads(builder, plugins);
  registerUploads(builder, plugins);
  for (const plugin of plugins) collectNameChecks(plugin, registry);
  for (const { changeGuards = [] } of plugins) registry.changeGuards.push(...changeGuards);
  for (const { id } of plugins.flatMap(({ services = [] }) => services)) registry.provided.add(id);
  for (const plugin of plugins) {
    registry.plugin = plugin.name;
    registry.manifestChecks.push(...(plugin.manifestChecks ?? []));
    registry.deletionChecks.push(...(plugin.deletionChecks ?? []));
    for (const register of plugin.schema ?? []) {
      try {
        register(builder);
      } catch (error) {
        throw new Error(`Plugin '${plugin.name}' cannot register its schema: ${messageOf(error)}`, { cause: error });
      }
    }
  }
  registry.plugin = foundation;
  assertWarningsKnown(registry, warnings);
  const schema = toSchema(builder, ownership);
  assertRootFieldsGuarded(schema, registry, ownership);
  assertViewerCan(schema, ownership);
  assertDescribed(schema, ownership);
  return { schema, registry, ownership };
}

function registerFoundation(
  builder: LongshoreBuilder,
  reasons: Readonly<Record<string, string>>,
  warnings: Readonly<Record<string, string>>,
  actions: Readonly<Record<string, string>>,
): void {
  builder.queryType({ description: 'What can be read.' });
  builder.mutationType({
    description: 'What can be changed. Every mutation answers with data: its success, or what stood against it.',
  });
  builder.subscriptionType({
    description: 'What can be followed. Every stream resumes where it stopped or says that it cannot.',
  });
  registerScalars(builder);
  builder.interfaceType(nodeRef, {
    description: 'Anything with a global id (Relay Global Object Identification).',
    fields: (t) => ({
      id: t.id({
        description: 'Opaque, and the same for ever for this name, also when the thing is made again.',
        resolve: (node) => (isKubeObject(node) ? idOfObject(node) : node.id),
      }),
    }),
    resolveType: resolveTypeOfNode as never,
  });
  registerListTypes(builder);
  registerStringFilter(builder);
  registerWarningType(builder, warnings);
  registerAnswerTypes(builder, reasons);
  registerChangeTypes(builder);
  registerStreamTypes(builder);
  builder.enumType('Action', {
    description: 'What one can do to an object; what `viewerCan` asks about.',
    values: Object.fromEntries(Object.entries(actions).map(([name, description]) => [name, { description }])),
  });
}

/** A type's own fields are known only here, so only here can one meet a field that a plugin has added to the type. */
function completeSchema(builder: LongshoreBuilder, ownership: SchemaOwnership): GraphQLSchema {
  try {
    return builder.toSchema();
  } catch (error) {
    const [, field, type = ''] = /^Duplicate field (\w+) on (\w+)/.exec(messageOf(error)) ?? [];
    const plugin = ownership.fields.get(`${type}.${field}`);
    const owner = ownership.types.get(type);
    if (plugin === undefined || owner === undefined) throw error;
    throw new Error(
      `Plugin '${plugin}' defines the field '${type}.${field}', which plugin '${owner}' defines already`,
      {
        cause: error,
      },
    );
  }
}

/** Reasons every installation has; plugins add theirs. */
const commonReasons: Readonly<Record<string, string>> = {
  BEING_DELETED: 'The object is being deleted.',
  BATCH_NOT_OFFERED: "The profile of the thing's place wants it done one by one.",
  ACKNOWLEDGEMENT_REQUIRED: 'There are warnings to acknowledge first; `unacknowledged` lists them.',
  ...kubePreconditionReasons,
};

/** Members of an enum that plugins add to, by the manifest's word for one of them. */
function membersOf(
  word: 'reason' | 'warning',
  common: Readonly<Record<string, string>>,
  plugins: readonly SchemaPlugin[],
  added: (plugin: SchemaPlugin) => Readonly<Record<string, string>> | undefined,
): Record<string, string> {
  const members: Record<string, string> = { ...common };
  for (const plugin of plugins) {
    for (const [name, description] of Object.entries(added(plugin) ?? {})) {
      if (name in members) throw new Error(`Plugin '${plugin.name}' adds the ${word} '${name}', which exists already`);
      if (!/^[A-Z][A-Z0-9_]*$/.test(name)) {
        throw new Error(`Plugin '${plugin.name}' adds the ${word} '${name}', which is not SCREAMING_SNAKE`);
      }
      members[name] = description;
    }
  }
  return members;
}

function collectNameChecks({ name, nameChecks = [] }: SchemaPlugin, registry: SchemaRegistry): void {
  for (const check of nameChecks) {
    if (registry.nameChecks.has(check.of)) {
      throw new Error(`Plugin '${name}' checks names of '${check.of}', which another plugin does already`);
    }
    registry.nameChecks.set(check.of, check);
  }
}

function assertWarningsKnown({ mutations }: SchemaRegistry, known: Readonly<Record<string, string>>): void {
  for (const { name, warn } of mutations.values()) {
    const unknown = warn?.codes.find((code) => !(code in known));
    if (unknown !== undefined) {
      throw new Error(
        `The mutation '${name}' may raise the warning '${unknown}', which no plugin lists under warnings`,
      );
    }
  }
}

function toSchema(builder: LongshoreBuilder, ownership: SchemaOwnership): GraphQLSchema {
  const schema = completeSchema(builder, ownership);
  const [first] = validateSchema(schema);
  if (first) throw new Error(`The schema is not valid: ${first.message}`, { cause: first });
  return schema;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
