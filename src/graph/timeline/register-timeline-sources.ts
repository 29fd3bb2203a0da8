import type { LongshoreBuilder } from '../builder.ts';
import { registryOf } from '../schema/schema-registry.ts';
import type { TimelineSource } from './timeline-source.ts';

/** Makes the enum of all sources that plugins bring. Throws for a name that is taken or misspelt, with the plugin's. */
export function registerTimelineSources(
  builder: LongshoreBuilder,
  plugins: readonly { readonly name: string; readonly timelines?: readonly TimelineSource[] }[],
): void {
  const { timelines } = registryOf(builder);
  for (const plugin of plugins) {
    for (const source of plugin.timelines ?? []) {
      if (timelines.has(source.name)) {
        throw new Error(`Plugin '${plugin.name}' adds the timeline source '${source.name}', which exists already`);
      }
      if (!/^[A-Z][A-Z0-9_]*$/.test(source.name)) {
        throw new Error(
          `Plugin '${plugin.name}' adds the timeline source '${source.name}', which is not SCREAMING_SNAKE`,
        );
      }
      timelines.set(source.name, source);
    }
  }
  if (timelines.size === 0) return;
  builder.enumType('TimelineSource', {
    description: 'Where an entry of a timeline comes from.',
    values: Object.fromEntries([...timelines.values()].map(({ name, description }) => [name, { description }])),
  });
}
