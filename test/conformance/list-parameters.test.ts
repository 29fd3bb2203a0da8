import { expect } from 'vitest';
import type { CaseContext } from './support/case-context.ts';
import { conformanceArea } from './support/conformance-area.ts';
import type { Json } from './support/json.ts';
import { configMap } from './support/objects.ts';

const { conformanceCase } = conformanceArea('list parameters');

const ofCase = { labelSelector: 'of=case' };

async function someMaps(t: CaseContext, ...names: string[]): Promise<string> {
  const path = `/api/v1/namespaces/${await t.namespace()}/configmaps`;
  for (const name of names) await t.create(path, configMap(name, { metadata: { name, labels: { of: 'case' } } }));
  return path;
}

const namesOf = (list: Json): string[] => list.items.map((item: Json) => item.metadata.name);

conformanceCase(
  {
    title: 'takes a resourceVersion with a limit for exactly that version',
    source: 'API concepts: list, resourceVersion="{value other than 0}", limit set, match unset',
  },
  async (t) => {
    const path = await someMaps(t, 'a', 'b');
    const { resourceVersion } = (await t.api.get(path, ofCase)).body.metadata;
    await t.create(path, configMap('aa', { metadata: { name: 'aa', labels: { of: 'case' } } }));
    const { body } = await t.api.get(path, { ...ofCase, limit: 10, resourceVersion });
    expect(namesOf(body)).toEqual(['a', 'b']);
    expect(body.metadata.resourceVersion).toBe(resourceVersion);
  },
);

conformanceCase(
  {
    title: 'answers a list at any state whole, whatever its limit',
    source: 'API concepts: list, resourceVersion="0": any; served from the watch cache, which does not page',
  },
  async (t) => {
    const path = await someMaps(t, 'a', 'b', 'c');
    await expect
      .poll(async () => namesOf((await t.api.get(path, { ...ofCase, limit: 1, resourceVersion: '0' })).body))
      .toEqual(['a', 'b', 'c']);
  },
);

conformanceCase(
  {
    title: 'refuses each combination of list parameters that contradicts itself, in these words',
    source: 'API concepts: resourceVersionMatch; internalversion validation of ListOptions',
  },
  async (t) => {
    const path = await someMaps(t, 'a', 'b');
    const { metadata } = (await t.api.get(path, { ...ofCase, limit: 1 })).body;
    const { continue: token, resourceVersion } = metadata;
    const cases: readonly (readonly [Record<string, string>, number, string])[] = [
      [{ resourceVersionMatch: 'Exact' }, 422, 'resourceVersionMatch is forbidden unless resourceVersion is provided'],
      [{ resourceVersionMatch: 'Exact', resourceVersion: '0' }, 422, 'is forbidden for resourceVersion "0"'],
      [{ resourceVersionMatch: 'Foo', resourceVersion }, 422, 'supported values: "Exact", "NotOlderThan", ""'],
      [{ continue: token, resourceVersion, resourceVersionMatch: 'Exact' }, 422, 'when continue is provided'],
      [{ continue: token, resourceVersion }, 400, 'specifying resource version is not allowed when using continue'],
      [{ sendInitialEvents: 'true' }, 422, 'sendInitialEvents is forbidden for list'],
      [{ resourceVersion: 'abc' }, 400, 'invalid resource version: resourceVersion: Invalid value: "abc"'],
      [{ limit: 'x' }, 400, 'strconv.ParseInt: parsing "x": invalid syntax'],
      [{ continue: 'e30' }, 400, 'invalid continue token: continue key is not valid'],
    ];
    for (const [query, status, words] of cases) {
      const answer = await t.api.get(path, query);
      expect(answer.status, JSON.stringify(query)).toBe(status);
      expect(answer.body.message).toContain(words);
    }
  },
);

conformanceCase(
  {
    title: 'says what it does not understand of a selector',
    source: 'concepts/overview/working-with-objects/labels: API; field-selectors',
  },
  async ({ api, namespace }) => {
    const path = `/api/v1/namespaces/${await namespace()}/configmaps`;
    const cases: readonly (readonly [Record<string, string>, string])[] = [
      [{ labelSelector: 'a in (' }, "unable to parse requirement: found '', expected: ',', ')' or identifier"],
      [{ labelSelector: 'a in (b' }, "unable to parse requirement: found '', expected: ',' or ')'"],
      [{ labelSelector: '=b' }, "found '=', expected: !, identifier, or 'end of string'"],
      [{ labelSelector: 'a=b=c' }, "found '=', expected: ',' or 'end of string'"],
      [{ labelSelector: 'a,,b' }, "found ',', expected: identifier after ','"],
      [
        { labelSelector: 'bad key=x' },
        "unable to parse requirement: found 'key', expected: in, notin, =, ==, !=, gt, lt",
      ],
      [{ fieldSelector: 'foo=bar' }, '"foo" is not a known field selector: only "metadata.name", "metadata.namespace"'],
      [{ fieldSelector: 'metadata.name=a=b' }, 'invalid field selector: unescaped character in value: 61'],
    ];
    for (const [query, message] of cases) {
      expect((await api.get(path, query)).body, JSON.stringify(query)).toMatchObject({ code: 400, message });
    }
  },
);

conformanceCase(
  {
    title: 'tells a watch from anywhere where its initial events end',
    source: 'KEP-3157: legacy watches from "" or "0" are WatchList requests',
  },
  async (t) => {
    const path = await someMaps(t, 'a', 'b');
    await using watch = await t.api.watch(path, {
      ...ofCase,
      watch: true,
      resourceVersion: '0',
      allowWatchBookmarks: true,
    });
    const { object } = await watch.next(({ type }) => type === 'BOOKMARK');
    expect(object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
    expect(watch.names()).toEqual(expect.arrayContaining(['ADDED a', 'ADDED b']));
  },
);

conformanceCase(
  {
    title: 'refuses watch parameters that contradict each other',
    source: 'internalversion validation of ListOptions: watch',
  },
  async ({ api, namespace }) => {
    const path = `/api/v1/namespaces/${await namespace()}/configmaps`;
    const cases: readonly (readonly [Record<string, string>, number, string])[] = [
      [{ sendInitialEvents: 'true' }, 422, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'],
      [{ resourceVersionMatch: 'NotOlderThan' }, 422, 'is forbidden for watch unless sendInitialEvents is provided'],
      [{ continue: 'abc' }, 422, 'resourceVersionMatch is forbidden when continue is provided'],
      [{ resourceVersion: 'abc' }, 500, 'resourceVersion: Invalid value: "abc"'],
    ];
    for (const [query, status, words] of cases) {
      await using watch = await api.watch(path, { watch: true, ...query });
      expect(watch.status, JSON.stringify(query)).toBe(status);
      expect(watch.refusal.message).toContain(words);
    }
  },
);

conformanceCase(
  {
    title: 'gets an object by its path, even where a watch is asked for',
    source: 'API concepts: watch is a verb of collections; one object is selected by metadata.name',
  },
  async (t) => {
    const path = await someMaps(t, 'a');
    expect((await t.api.get(`${path}/a`, { watch: true })).body).toMatchObject({ kind: 'ConfigMap' });
    expect((await t.api.get(`${path}/none`, { watch: true })).status).toBe(404);
  },
);

conformanceCase(
  { title: 'deletes a collection in pages', source: 'API concepts: deletecollection takes the parameters of a list' },
  async (t) => {
    const path = await someMaps(t, 'a', 'b', 'c');
    const { body } = await t.api.delete(path, undefined, { ...ofCase, limit: 2 });
    expect(namesOf(body)).toEqual(['a', 'b']);
    expect(body.metadata.continue).not.toBe('');
    expect(namesOf((await t.api.get(path, ofCase)).body)).toEqual(['c']);
    const refused = await t.api.delete(path, undefined, { ...ofCase, resourceVersionMatch: 'Exact' });
    expect(refused.status).toBe(422);
  },
);

conformanceCase(
  {
    title: 'takes the options of a deletion from its body, or else from its query',
    source: 'meta/v1 DeleteOptions: sent as body or as query parameters',
  },
  async (t) => {
    const path = await someMaps(t, 'a', 'b');
    expect((await t.api.delete(`${path}/a`, undefined, { dryRun: 'All' })).status).toBe(200);
    expect((await t.api.get(`${path}/a`)).status).toBe(200);
    expect((await t.api.delete(`${path}/a`, { dryRun: ['All'] })).status).toBe(200);
    expect((await t.api.get(`${path}/a`)).status).toBe(200);
    expect((await t.api.delete(`${path}/a`, {}, { dryRun: 'All' })).status).toBe(200);
    expect((await t.api.get(`${path}/a`)).status).toBe(404);
    const { body } = await t.api.delete(`${path}/b`, { preconditions: { resourceVersion: '1' } });
    expect(body.message).toContain(
      'Operation cannot be fulfilled on ConfigMap "b": the ResourceVersion in the precondition (1)',
    );
  },
);
