import type { LongshoreBuilder } from '../builder.ts';
import { registryOf } from './schema-registry.ts';

/** Which plugin a type or a field of somebody else's type came from: for messages and for one SDL file per plugin. */
export interface SchemaOwnership {
  /** Plugin by type name. */
  readonly types: ReadonlyMap<string, string>;
  /** Plugin by `Type.field`, for fields added from outside the type's own definition. */
  readonly fields: ReadonlyMap<string, string>;
}

const definingMethods = ['objectType', 'interfaceType', 'unionType', 'enumType', 'scalarType', 'inputType'] as const;
const rootTypes = { queryField: 'Query', mutationField: 'Mutation', subscriptionField: 'Subscription' } as const;

type Method = (...args: unknown[]) => unknown;

/**
 * Watches what is registered under `registry.plugin`. Two plugins that define the same type or field stop here, with
 * both names, before the schema library sees the second.
 */
export function trackOwnership(builder: LongshoreBuilder): SchemaOwnership {
  const registry = registryOf(builder);
  const types = new Map<string, string>();
  const fields = new Map<string, string>();
  const methods = builder as unknown as Record<string, Method>;

  const claim = (owned: Map<string, string>, what: string, name: string): void => {
    const owner = owned.get(name);
    if (owner !== undefined) {
      throw new Error(
        `Plugin '${registry.plugin}' defines the ${what} '${name}', which plugin '${owner}' defines already`,
      );
    }
    owned.set(name, registry.plugin);
  };
  const wrap = (name: string, before: (args: unknown[]) => void): void => {
    const original = methods[name]?.bind(builder);
    if (!original) throw new Error(`The schema builder has no method '${name}'`);
    methods[name] = (...args) => {
      before(args);
      return original(...args);
    };
  };

  for (const method of definingMethods) wrap(method, ([type]) => claim(types, 'type', nameOf(type)));
  for (const method of ['objectField', 'interfaceField']) {
    wrap(method, ([type, field]) => claim(fields, 'field', `${nameOf(type)}.${String(field)}`));
  }
  for (const [method, type] of Object.entries(rootTypes)) {
    wrap(method, ([field]) => claim(fields, 'field', `${type}.${String(field)}`));
  }
  for (const method of ['objectFields', 'interfaceFields']) {
    wrap(method, (args) => {
      const [type, thunk] = args as [unknown, (t: unknown) => Record<string, unknown>];
      const { plugin } = registry;
      // The names are known only when the thunk runs, long after this plugin's turn.
      args[1] = (t: unknown) => {
        const added = thunk(t);
        for (const field of Object.keys(added)) fields.set(`${nameOf(type)}.${field}`, plugin);
        return added;
      };
    });
  }
  for (const method of ['queryFields', 'mutationFields', 'subscriptionFields']) {
    wrap(method, () => {
      throw new Error(
        `Plugin '${registry.plugin}' adds root fields by ${method}; use registerQuery, registerList, registerMutation or registerSubscription`,
      );
    });
  }
  return { types, fields };
}

function nameOf(type: unknown): string {
  return typeof type === 'string' ? type : String((type as { name?: unknown }).name);
}
