import type { ClusterTransport } from '../transport/cluster-transport.ts';
import { aggregatedAccept, parseAggregated, parseLegacyGroups, parseResourceList } from './parse-discovery.ts';
import { type ServedApi, type ServedResource, versionKey } from './served-api.ts';

/**
 * Asks a cluster what it serves: two requests where it knows aggregated discovery, else one for each group and version.
 * A group whose server does not answer is marked broken and keeps what was known of it before; the rest is unharmed.
 */
export async function readApi(
  transport: ClusterTransport,
  before: ServedApi | undefined,
  signal: AbortSignal,
): Promise<ServedApi> {
  const get = async (path: string, accept?: string) => (await transport.json({ path, accept, signal })).body;
  const [coreBody, groupsBody] = await Promise.all([get('/api', aggregatedAccept), get('/apis', aggregatedAccept)]);
  const core = parseAggregated(coreBody);
  const groups = parseAggregated(groupsBody);
  if (core !== undefined && groups !== undefined) {
    const versions = new Map([...core.versions, ...groups.versions]);
    return withKnown({ versions, brokenGroups: groups.brokenGroups }, before);
  }
  const versions = new Map<string, ReadonlyMap<string, ServedResource>>();
  const brokenGroups = new Set<string>();
  const pairs = parseLegacyGroups(coreBody, groupsBody);
  // In the server's order, whichever answers first: the preferred version stands first.
  for (const pair of pairs) versions.set(versionKey(pair), new Map());
  await Promise.all(
    pairs.map(async ({ group, version }) => {
      try {
        const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
        versions.set(versionKey({ group, version }), parseResourceList(group, version, await get(path)));
      } catch (error) {
        if (group === '' || signal.aborted) throw error;
        brokenGroups.add(group);
      }
    }),
  );
  return withKnown({ versions, brokenGroups }, before);
}

function withKnown(api: ServedApi, before: ServedApi | undefined): ServedApi {
  if (before === undefined || api.brokenGroups.size === 0) return api;
  const versions = new Map(api.versions);
  for (const [key, resources] of before.versions) {
    const group = key.slice(0, key.indexOf('/'));
    if (api.brokenGroups.has(group) && (versions.get(key)?.size ?? 0) === 0) versions.set(key, resources);
  }
  return { versions, brokenGroups: api.brokenGroups };
}
