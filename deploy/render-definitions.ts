import { stringify } from 'yaml';
import type { EngineObject } from '../src/embedded/engines/engine.ts';

/** CustomResourceDefinitions as files that `kubectl apply -f` takes, by their names. */
export function renderDefinitions(definitions: readonly EngineObject[]): ReadonlyMap<string, string> {
  return new Map(
    definitions.map((definition) => [
      `${definition.metadata.name}.yaml`,
      `# Generated from src/embedded/engines/longshore by \`npm run generate\`.\n${stringify(definition, { aliasDuplicateObjects: false, lineWidth: 0 })}`,
    ]),
  );
}
