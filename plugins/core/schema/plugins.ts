import {
  defineList,
  type LongshoreBuilder,
  matchesText,
  type PluginState,
  registerList,
  type StringFilter,
  typeRef,
} from 'longshore/sdk';

/** Which plugins this gateway runs, and why one is not there. */
export function registerPlugins(builder: LongshoreBuilder): void {
  const state = builder.enumType('PluginStatus', {
    description: 'Whether a configured plugin runs.',
    values: {
      ENABLED: { description: 'It runs.' },
      DISABLED: { description: 'It does not run because something it needs does not.' },
      FAILED: {
        description: 'It does not run by its own fault; the gateway started without it because it is optional.',
      },
    } as const,
  });
  const plugin = typeRef<PluginState>('Plugin');
  builder.objectType(plugin, {
    description: 'A configured plugin.',
    fields: (t) => ({
      name: t.exposeString('name', {
        description: 'Its name, or the entry of the configuration where it could not be loaded.',
      }),
      version: t.string({
        nullable: true,
        description: 'Its semantic version; null where it could not be loaded.',
        resolve: (row) => row.version ?? null,
      }),
      state: t.field({ type: state, description: 'Whether it runs.', resolve: (row) => row.state }),
      reason: t.string({
        nullable: true,
        description: 'Why it does not run.',
        resolve: (row) => row.reason ?? null,
      }),
      warnings: t.stringList({
        nullable: true,
        description:
          'The last things that went wrong while it ran, newest last; null for who does not administer the gateway.',
        resolve: (row, _args, context) =>
          context.access.allowed('UPDATE', { subject: 'core/Plugin', name: row.name }) ? [...row.warnings] : null,
      }),
    }),
  });
  const list = defineList(builder, {
    name: 'Plugin',
    node: plugin,
    plural: 'plugins',
    filter: (t) => ({
      name: t.field({ type: 'StringFilter' as never, description: 'Test of the name.' }),
      states: t.field({ type: [state], description: 'Only in these states.' }),
    }),
    matches:
      ({ name, states }) =>
      (row) =>
        matchesText(name as StringFilter | undefined, row.name) && (!states || states.includes(row.state)),
    orders: { NAME: { description: 'By name.', value: (row) => row.name } },
    place: (row) => ({ cluster: '', namespace: '', name: row.name }),
  });
  registerList(builder, {
    name: 'plugins',
    description: 'Every configured plugin, also those that do not run.',
    allow: { action: 'READ', subject: 'core/Plugin' },
    list,
    rows: (_args, context) => ({ items: context.services.pluginStates() }),
  });
}
