import { compareVersions } from '../../machinery/compare-versions.ts';
import { asObject, asObjectList, asString, type JsonObject } from '../../machinery/json.ts';

/** What every request for a deprecated version is warned of; undefined for any other version. */
export function deprecationWarning(spec: JsonObject, version: JsonObject): string | undefined {
  if (version.deprecated !== true) return undefined;
  const own = asString(version.deprecationWarning);
  if (own !== undefined) return own;
  const group = String(spec.group);
  const kind = String(asObject(spec.names)?.kind);
  const name = String(version.name);
  const message = `${group}/${name} ${kind} is deprecated`;
  const [newest] = asObjectList(spec.versions)
    .filter((each) => each.served === true && each.deprecated !== true)
    .map((each) => String(each.name))
    .filter((each) => compareVersions(each, name) < 0)
    .sort(compareVersions);
  return newest === undefined ? message : `${message}; use ${group}/${newest} ${kind}`;
}
