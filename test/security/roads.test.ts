import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workspaceLabel } from '../../src/access/workspace-kinds.ts';
import type { ClusterObject } from '../../src/embedded/store/types.ts';
import { ask } from '../support/ask.ts';
import { until } from '../support/until.ts';
import { answersTo, deepOperations } from './support/deep.ts';
import { type Caller, callerNamed } from './support/principals.ts';
import { askedBy, nodeTypesOf, roadsOf } from './support/road-table.ts';
import { type Answer, overHttp, overWebSocket } from './support/transports.ts';
import { startWorld, type Thing, type World } from './support/world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
  tieKnots(world);
  const { admin, gateway } = world;
  await until(async () => {
    const { nodes } = await ask<{ nodes: unknown[] }, object>(
      gateway,
      'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
      { ids: knots.map(({ namespace, name }) => idOfConfigMap(namespace, name)) },
      { token: admin.token ?? null },
    );
    expect(nodes).not.toContain(null);
  });
}, 120_000);

afterAll(() => world?.[Symbol.asyncDispose]());

/** Roads that the walks below leave out, each with what proves it instead. A new one fails the build until it is walked or stands here. */
const roadsNotWalked: Readonly<Record<string, string>> = {
  'AddedWorkload.workload':
    'only an answer of addApplicationWorkloads leads to it, and to nothing but what that call has made: every-mutation.test.ts',
  'AppliedDocument.object':
    'only an answer of applyManifest leads to it: the cells of applyManifest in the authorization matrix',
  'ConfirmationItem.node':
    'asked of what the mutation would load: `confirmation` in confirmation.test.ts shows nothing hidden',
  'DiskChoice.storageClass':
    'read through the caller’s own list of StorageClasses, which `storageClasses` walks: disks.test.ts',
  'NodeAnomaly.node': 'no node of this world has an anomaly; they are read by the reader of the caller',
  'PreflightFinding.subject': 'asks the cluster each time; what it names is found as `node` finds it',
  'ReleasePod.pod': 'no release of this world has pods; they are read by the reader of the caller',
  'ReleasePreview.service': 'only in the answer to who makes an order, who has to see and may change the service',
  'ReleasePreview.version': 'only in the answer to who makes an order of it',
  'RollbackPreview.version': 'nothing of this world was ever released; it is found as `node` finds it',
};

/** Types that no walked road leads to, each with the reason. */
const typesNotReached: Readonly<Record<string, string>> = {};

/** Objects of one namespace that point into another one. */
const knots = [
  { namespace: 'team-b', name: 'knot-owned-by-shop', owner: 'own' },
  { namespace: 'shop', name: 'knot-owned-by-team', owner: 'other namespace' },
] as const;

const idOfConfigMap = (namespace: string, name: string): string =>
  Buffer.from(['k8s', 'alpha', '', 'ConfigMap', namespace, name].join('|')).toString('base64url');

function tieKnots({ clusters: { alpha }, things }: World): void {
  const { store } = alpha;
  for (const { namespace, name, owner } of knots) {
    const deployment = things.get('apps/Deployment')?.find(({ position }) => position === owner);
    store.create(store.resource('', 'configmaps'), {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name,
        namespace,
        annotations: { 'matrix.test/marker': `marker-of-${name}` },
        ownerReferences: [
          {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            name: deployment?.name,
            uid: deployment?.mark,
            controller: true,
          },
        ],
      },
    });
  }
  // An event of one namespace about the uid of a thing in another: whoever may write events can write this.
  const hidden = things.get('core/ConfigMap')?.find(({ position }) => position === 'other namespace');
  store.create(store.resource('', 'events'), {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'knot-event', namespace: 'shop' },
    involvedObject: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: hidden?.name, uid: hidden?.mark },
    reason: 'Knot',
    message: 'about another namespace',
    type: 'Normal',
  });
}

describe('roads to an object', { timeout: 180_000 }, () => {
  it.each([
    'homeless',
    'shop-developer',
    'team-developer',
    'everywhere-developer',
    'workspace-admin',
    'project-developer',
    'auditor',
    'static-admin',
  ])('leads %s to nothing that the rules hide, by lists, relations, owners, events, records and cursors', async (title) => {
    const caller = callerNamed(world.callers, title);
    const transport = overHttp(world.gateway.url, caller.token);
    const things = [...world.things.values()].flat().filter(({ position }) => position === 'own');
    const operations = deepOperations(world, 'Query', { depth: 2, things });
    const hidden = hiddenMarks(caller);
    const hides = finderOf(hidden);
    const shows = finderOf(new Map(things.flatMap(({ mark, name }) => (mark === undefined ? [] : [[mark, name]]))));
    const seen = new Set<string>();
    const leaks: string[] = [];
    const unread = createWordReader();
    for await (const { title: road, answer } of answersTo(transport, operations)) {
      const text = JSON.stringify(answer);
      if (text.includes('TOO_COMPLEX')) throw new Error(`${road} is asked for too much: ${text.slice(0, 300)}`);
      const words = unread(text);
      for (const mark of hides(text, words)) leaks.push(`${road} shows ${hidden.get(mark)}`);
      for (const mark of shows(text, words)) seen.add(mark);
    }
    expect(leaks).toEqual([]);
    const own = things.filter((thing) => world.oracle.may(caller, 'READ', thing) && thing.mark !== undefined);
    expect(seen.size).toBeGreaterThanOrEqual(new Set(own.map(({ mark }) => mark)).size);
  });

  it.each([
    'homeless',
    'shop-developer',
    'team-developer',
    'everywhere-developer',
    'static-admin',
  ])('counts for %s what the rules show and nothing else', async (title) => {
    const caller = callerNamed(world.callers, title);
    const transport = overHttp(world.gateway.url, caller.token);
    for (const [subject, kind] of servedKinds()) {
      const shown = storedObjects().filter(
        (each) => each.subject === subject && world.oracle.may(caller, 'READ', each),
      );
      const perCluster = await Promise.all(
        ['alpha', 'beta'].map(async (cluster) => {
          const args = JSON.stringify({ cluster, kind: kind.kind })
            .slice(1, -1)
            .replaceAll(/"(\w+)":/g, '$1: ');
          const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
          const answer = await transport.request(
            `{ objects(first: 0, apiVersion: "${apiVersion}", ${args}) { totalCount } }`,
          );
          return (answer.data?.objects as { totalCount: number }).totalCount;
        }),
      );
      expect([subject, ...perCluster]).toEqual([
        subject,
        ...['alpha', 'beta'].map((cluster) => shown.filter((each) => each.cluster === cluster).length),
      ]);
    }
  });

  it('are all known: each that the schema has is walked here, or says why not (P21)', () => {
    const things = [...world.things.values()].flat().filter(({ position }) => position === 'own');
    const documents = [
      ...deepOperations(world, 'Query', { depth: 2, things }),
      ...deepOperations(world, 'Subscription', { depth: 1, things }),
    ].map(({ document }) => document);
    const asked = askedBy(world.schema, documents);
    const roads = roadsOf(world.schema);
    const unwalked = roads.filter(({ name }) => !asked.has(name)).map(({ name }) => name);
    expect(unwalked.toSorted()).toEqual(Object.keys(roadsNotWalked).toSorted());
    const reached = new Set(roads.filter(({ name }) => asked.has(name)).flatMap(({ to }) => to));
    expect(nodeTypesOf(world.schema).filter((name) => !reached.has(name))).toEqual(Object.keys(typesNotReached));
  });

  it('answers filters by the id of a hidden object as those by an id that never was', async () => {
    const developer = overHttp(world.gateway.url, callerNamed(world.callers, 'shop-developer').token);
    const of = (subject: string, position: string) =>
      world.things.get(subject)?.find((thing) => thing.position === position)?.id ?? '';
    const queries = (id: (subject: string) => string, uid: string) => [
      `{ pods(filter: { workloadId: "${id('apps/Deployment')}" }) { totalCount nodes { id } problems { code message } } }`,
      `{ kubernetesEvents(filter: { involvedObject: { id: "${id('core/ConfigMap')}" } }) { totalCount nodes { id } } }`,
      `{ kubernetesEvents(filter: { namespaces: ["team-b"], involvedObject: { uid: "${uid}" } }) { totalCount } }`,
      `{ operationRecords(filter: { targetId: "${id('apps/Deployment')}" }) { totalCount nodes { id } } }`,
      `{ pods(filter: { node: "${uid}" }) { totalCount } }`,
      `{ namespaces(filter: { name: { equals: "${uid}" } }) { totalCount } }`,
    ];
    const hidden = queries((subject) => of(subject, 'other namespace'), 'team-b');
    const missing = queries((subject) => of(subject, 'missing elsewhere'), 'never-was');
    for (const [index, query] of hidden.entries()) {
      expect(anonymous(await developer.request(query))).toEqual(
        anonymous(await developer.request(missing[index] ?? '')),
      );
    }
  });

  it("shows nothing behind somebody else's cursor", async () => {
    const developer = overHttp(world.gateway.url, callerNamed(world.callers, 'shop-developer').token);
    const admin = overHttp(world.gateway.url, world.admin.token);
    const secrets = hiddenMarks(callerNamed(world.callers, 'shop-developer'));
    for (const list of ['configMaps', 'secrets', 'pods', 'workloads', 'kubernetesEvents', 'operationRecords']) {
      const { data } = await admin.request(`{ ${list}(first: 1) { edges { cursor } } }`);
      const cursor = (data?.[list] as { edges: { cursor: string }[] }).edges[0]?.cursor;
      const text = readable(
        await developer.request(`{ ${list}(after: "${cursor}") { nodes { id } edges { cursor } } }`),
      );
      for (const [mark, what] of secrets) expect(text.includes(mark), `${list} shows ${what}`).toBe(false);
    }
  });

  it('asks the cluster as much about what is hidden as about what is missing', async () => {
    const developer = overHttp(world.gateway.url, callerNamed(world.callers, 'shop-developer').token);
    const requests = world.clusters.alpha.requests;
    for (const [subject, things] of world.things) {
      const id = (position: string) => things.find((thing) => thing.position === position)?.id;
      const counts = [];
      for (const position of ['other namespace', 'missing elsewhere']) {
        if (id(position) === undefined) continue;
        requests.clear();
        await developer.request(`{ node(id: "${id(position)}") { id } }`);
        counts.push(requests.count(({ verb, resource }) => verb !== 'watch' && resource === things[0]?.kind?.plural));
      }
      expect(new Set(counts).size, subject).toBeLessThanOrEqual(1);
    }
  });

  it('streams to nobody what the rules hide, while everything changes and goes', async () => {
    const things = [...world.things.values()].flat().filter(({ exists, kind }) => exists && kind !== undefined);
    const callers = world.callers.filter(({ isKnown }) => isKnown);
    const open = await Promise.all(callers.map((caller) => followEverything(caller, things)));
    await Promise.all(open.map(({ ready }) => ready));
    const before = open.map(({ messages }) => messages.length);

    // What is hidden from a caller changes before what it may see: the one would come before the other.
    const order = ['other namespace', 'other cluster', 'own'];
    const touched = things
      .filter(({ subject }) => !untouchable.has(subject))
      .sort((one, other) => order.indexOf(one.position) - order.indexOf(other.position));
    for (const thing of touched) touch(world, thing);
    for (const position of ['other namespace', 'other cluster', 'own'] as const) await scale(position);
    for (const thing of touched.filter(({ subject }) => subject === 'core/ConfigMap')) {
      const { store } = world.clusters[thing.cluster as 'alpha'];
      store.delete(store.resource('', 'configmaps'), thing.namespace, thing.name);
    }

    const last = touched.at(-1);
    for (const [index, { caller, messages }] of open.entries()) {
      const mine = touched.filter((thing) => world.oracle.may(caller, 'READ', thing));
      const awaited = new Set(mine.map(touchOf));
      // Each message is looked at once: the gateway that is waited for runs on the same thread. As long as messages come there is more to wait for.
      for (let lookedAt = 0; awaited.size > 0; ) {
        await until(() =>
          expect(messages.length, `${caller.title} was not sent ${[...awaited].join(', ')}`).toBeGreaterThan(lookedAt),
        );
        const text = messages.slice(lookedAt).join('\n');
        lookedAt = messages.length;
        for (const touch of awaited) if (text.includes(touch)) awaited.delete(touch);
      }
      expect(last).toBeDefined();
      const text = messages
        .slice(before[index])
        .map((each) => withDecoded(each))
        .join('\n');
      const leaks = [...hiddenMarks(caller)].filter(([mark]) => text.includes(mark)).map(([, what]) => what);
      const touches = touched
        .filter((thing) => !mine.includes(thing) && text.includes(touchOf(thing)))
        .map((thing) => thing.name);
      expect([caller.title, leaks, touches]).toEqual([caller.title, [], []]);
    }
    await Promise.all(open.map(({ close }) => close()));
  });
});

/** Words that may be ids, cursors or uids. */
const longWord = /[A-Za-z0-9_-]{24,}/g;

/** The long words of a text that were in none before, and what they say where they are read: most come again and again. */
function createWordReader(): (text: string) => string {
  const known = new Set<string>();
  return (text) => {
    const fresh = new Set(text.match(longWord) ?? []).difference(known);
    for (const word of fresh) known.add(word);
    return [...fresh].flatMap((word) => [word, Buffer.from(word, 'base64url').toString()]).join('\n');
  };
}

/**
 * Finds which of the marks are in a text, of whose long words those are given that were not looked at before: most marks have a UUID
 * in them, and what UUIDs the words have is found in one go.
 */
function finderOf(marks: ReadonlyMap<string, string>): (text: string, words: string) => readonly string[] {
  const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
  const byUuid = Map.groupBy(marks.keys(), (mark) => mark.match(uuid)?.[0]);
  const others = byUuid.get(undefined) ?? [];
  return (text, words) => {
    const named = new Set(words.match(uuid) ?? []);
    const suspects = [...named].flatMap((found) => byUuid.get(found) ?? []);
    return [
      ...others.filter((mark) => text.includes(mark) || words.includes(mark)),
      ...suspects.filter((mark) => words.includes(mark) || text.includes(mark)),
    ];
  };
}

/** Kinds whose objects the test would not leave alone by touching them: they finish or are remade. */
const untouchable = new Set(['core/Node', 'core/Namespace']);

const touchOf = (thing: Thing): string => `touched-${thing.position.replaceAll(' ', '-')}-${thing.mark}`;

function touch({ clusters }: World, thing: Thing): void {
  const { store } = clusters[thing.cluster as 'alpha' | 'beta'];
  const { kind } = thing;
  if (!kind) return;
  const resource = store.resource(kind.group, kind.plural);
  const object = store.get(resource, kind.isNamespaced ? thing.namespace : undefined, thing.name);
  if (!object) throw new Error(`${thing.name} is gone`);
  const annotations = { ...object.metadata.annotations, 'matrix.test/touch': touchOf(thing) };
  store.update(resource, { ...object, metadata: { ...object.metadata, annotations } });
}

async function scale(position: Thing['position']): Promise<void> {
  const deployment = world.things.get('apps/Deployment')?.find((thing) => thing.position === position);
  const { scaleWorkload } = await ask<{ scaleWorkload: { __typename: string } }, object>(
    world.gateway,
    'mutation ($id: ID!) { scaleWorkload(input: { id: $id, replicas: 1 }) { __typename } }',
    { id: deployment?.id },
    { token: world.admin.token ?? null },
  );
  expect(scaleWorkload.__typename).toBe('ScaleWorkloadSuccess');
}

/** Opens every stream of the schema that can be opened, asking for all it can tell. */
async function followEverything(caller: Caller, things: readonly Thing[]) {
  const transport = overWebSocket(world.gateway.url, caller.token);
  const messages: string[] = [];
  const snapshots: Promise<void>[] = [];
  const kinds = [...new Map(things.map((thing) => [`${thing.subject} ${thing.cluster}`, thing])).values()];
  const operations = deepOperations(world, 'Subscription', { depth: 1, things: kinds }).filter(
    ({ document }) =>
      !document.includes('podLogLines') && (/\bannotations\b/.test(document) || !/\w+Changes\(/.test(document)),
  );
  for (const { document } of operations) {
    snapshots.push(
      new Promise((resolve) => {
        transport
          .stream(document, 'snapshot', (message) => {
            messages.push(JSON.stringify(message));
            const type = (message.data?.answer as { type?: string } | undefined)?.type;
            if (type === 'SNAPSHOT') resolve();
            return false;
          })
          .then(
            ({ messages: all }) => {
              messages.push(...all.map((each) => JSON.stringify(each)));
              resolve();
            },
            () => resolve(),
          );
      }),
    );
  }
  return {
    caller,
    messages,
    ready: Promise.all(snapshots),
    close: () => transport[Symbol.asyncDispose](),
  };
}

interface Stored {
  readonly subject: string;
  readonly cluster: string;
  readonly namespace: string | undefined;
  readonly object: ClusterObject;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly tenants?: readonly string[];
}

/** Those that the schema knows and the clusters of the world have: an engine that is not there has no kinds. */
function servedKinds() {
  return [...world.registry.kinds].flatMap(([subject, { kind }]) =>
    world.unserved.includes(subject) ? [] : [[subject, kind] as const],
  );
}

/** Everything that stands in the clusters, of the kinds that the schema knows and those of the world. */
function storedObjects(): readonly Stored[] {
  const kinds = new Map(servedKinds());
  for (const [subject, [thing]] of world.things) if (thing?.kind) kinds.set(subject, thing.kind);
  return Object.entries(world.clusters).flatMap(([cluster, { store }]) =>
    [...kinds].flatMap(([subject, kind]) =>
      store.list(store.resource(kind.group, kind.plural)).map((object) => ({
        subject,
        cluster,
        namespace: subject === 'core/Namespace' ? object.metadata.name : object.metadata.namespace,
        object,
        facts: subject === 'core/Secret' ? { type: object.type } : {},
        ...tenantsOf(object),
      })),
    ),
  );
}

/**
 * Texts that only what is hidden from the caller contains: uids and markers. What a visible object says itself (the uid
 * of an owner elsewhere, say) is no secret.
 */
/** What lies in no namespace may be of a workspace by its label. */
function tenantsOf({ metadata: { namespace, labels } }: ClusterObject): { readonly tenants?: readonly string[] } {
  const workspace = namespace === undefined ? labels?.[workspaceLabel] : undefined;
  return workspace === undefined ? {} : { tenants: [`workspace/${workspace}`] };
}

function hiddenMarks(caller: Caller): ReadonlyMap<string, string> {
  const all = storedObjects();
  const isVisible = (each: Stored) => world.oracle.may(caller, 'READ', each);
  const shown = JSON.stringify(all.filter(isVisible).map(({ object }) => object));
  const marks = new Map<string, string>();
  for (const each of all) {
    if (isVisible(each)) continue;
    const { uid, annotations } = each.object.metadata;
    for (const mark of [uid, annotations?.['matrix.test/marker']]) {
      if (mark !== undefined && !shown.includes(mark)) {
        marks.set(mark, `${each.subject} '${each.namespace ?? ''}/${each.object.metadata.name}' of ${each.cluster}`);
      }
    }
  }
  for (const record of world.things.get('core/OperationRecord') ?? []) {
    if (record.mark !== undefined && !world.oracle.may(caller, 'READ', record)) marks.set(record.mark, record.subject);
  }
  return marks;
}

const readable = (answer: Answer): string => withDecoded(JSON.stringify(answer));

/** The text and, behind it, what the cursors and ids in it say when they are read. */
function withDecoded(text: string): string {
  const decoded = (text.match(longWord) ?? []).map((word) => Buffer.from(word, 'base64url').toString());
  return [text, ...decoded].join('\n');
}

function anonymous(answer: Answer): unknown {
  return JSON.parse(JSON.stringify(answer).replaceAll(/"requestId":"[^"]*"/g, '"requestId":""'));
}
