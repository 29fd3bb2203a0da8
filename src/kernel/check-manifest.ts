import type { PluginManifest } from './manifest.ts';
import { isRange, parseVersion } from './semver-range.ts';

/** What is wrong with a manifest by itself, one sentence each; types alone do not bind a plugin written in JavaScript. */
export function checkManifest(manifest: PluginManifest): string[] {
  const { name, version, description, requires = {}, optional = {}, services = [], uses = {} } = manifest;
  const problems: string[] = [];
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(name)) {
    problems.push(
      `Plugin name '${name}' must be 1 to 40 lower-case letters, digits and dashes, and begin with a letter.`,
    );
  }
  if (!parseVersion(version))
    problems.push(`Plugin '${name}' has version '${version}', which is no semantic version such as 1.2.3.`);
  if (typeof description !== 'string' || description.trim() === '') {
    problems.push(`Plugin '${name}' has no description. Say in its manifest what it is for.`);
  }
  for (const [member, ranges] of [
    ['requires', requires],
    ['optional', optional],
  ] as const) {
    for (const [other, range] of Object.entries(ranges)) {
      if (!isRange(range))
        problems.push(
          `Plugin '${name}' ${member} '${other}' in the range '${range}', which cannot be read. Write one such as '^1.2'.`,
        );
    }
  }
  for (const ref of [...services, ...Object.values(uses)]) {
    if (typeof ref?.id !== 'string' || !/^[a-z][a-z0-9-]*\.[\w.-]+$/i.test(ref.id)) {
      problems.push(
        `Plugin '${name}' names a service '${String(ref?.id)}'. Make references with serviceRef('<plugin>.<service>').`,
      );
    }
  }
  const ids = services.map(({ id }) => id);
  for (const id of new Set(ids.filter((each, index) => ids.indexOf(each) !== index))) {
    problems.push(`Plugin '${name}' lists service '${id}' twice. Remove one.`);
  }
  return problems;
}
