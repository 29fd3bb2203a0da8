import { readYamlFile } from './read-yaml-file.ts';

/** Reads a YAML (or JSON) file of settings. Throws `ConfigError`. */
export function readConfigFile(path: string): Record<string, unknown> {
  return readYamlFile(path, 'configFile', 'settings').value;
}
