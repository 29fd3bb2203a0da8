import type { EmbeddedCluster } from '../embedded/start-embedded-cluster.ts';
import type { ClusterObject } from '../embedded/store/types.ts';
import type { ObjectIdentity } from './object-history.ts';
import type { SeededRandom } from './seeded-random.ts';

/** Objects of one kind that a random writer may do with as it likes. */
export interface WritableObjects {
  create(name: string, serial: number): ObjectIdentity | Promise<ObjectIdentity>;
  update(name: string, serial: number): ObjectIdentity | Promise<ObjectIdentity>;
  remove(name: string): ObjectIdentity | Promise<ObjectIdentity>;
}

export interface Written {
  readonly what: 'create' | 'update' | 'remove';
  readonly object: ObjectIdentity;
}

/** Creates, changes, deletes and recreates under few names, by chance that can be repeated. */
export interface RandomWriter {
  /** One change; recreating a name is two. Answers what was written, newest last. */
  write(): Promise<readonly Written[]>;
  /** Everything that was ever written, oldest first. */
  readonly written: readonly Written[];
  /** The newest object that is there; undefined where none is. */
  readonly newest: ObjectIdentity | undefined;
  /** For a report: the seed, and all that was written to one object or its name. */
  explain(uid: string, name: string): string;
}

export function createRandomWriter(options: {
  readonly random: SeededRandom;
  readonly objects: WritableObjects;
  /** How many names there are; 40 unless said otherwise. */
  readonly names?: number;
}): RandomWriter {
  const { random, objects, names = 40 } = options;
  const there = new Map<string, ObjectIdentity>();
  const written: Written[] = [];
  let newest: ObjectIdentity | undefined;

  async function create(name: string): Promise<Written> {
    return note('create', name, await objects.create(name, written.length));
  }

  async function remove(name: string): Promise<Written> {
    return note('remove', name, await objects.remove(name));
  }

  function note(what: Written['what'], name: string, object: ObjectIdentity): Written {
    const entry = { what, object };
    written.push(entry);
    if (what === 'remove') there.delete(name);
    else there.set(name, object);
    newest = what === 'remove' ? (newest?.name === name ? undefined : newest) : object;
    return entry;
  }

  return {
    async write() {
      const name = `random-${random.below(names)}`;
      const chance = random.next();
      if (!there.has(name)) return [await create(name)];
      if (chance < 0.2) return [await remove(name)];
      if (chance < 0.4) return [await remove(name), await create(name)];
      return [note('update', name, await objects.update(name, written.length))];
    },
    written,
    get newest() {
      return newest;
    },
    explain(uid, name) {
      const lines = written
        .filter(({ object }) => object.uid === uid || object.name === name)
        .map(({ what, object }) => `  ${what} ${object.uid} @${object.resourceVersion}`);
      return [
        `What was written to it, of ${written.length} changes:`,
        ...(lines.length > 40 ? ['  …', ...lines.slice(-40)] : lines),
        `Repeat with LONGSHORE_TEST_SEED=${random.seed}.`,
      ].join('\n');
    },
  };
}

/** ConfigMaps of one namespace in an embedded cluster, written without the wire. */
export function writableConfigMaps(cluster: EmbeddedCluster, namespace: string): WritableObjects {
  const { store } = cluster;
  const kind = store.resource('', 'configmaps');
  const objectOf = (name: string, serial: number) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace },
    data: { serial: String(serial) },
  });
  return {
    create: (name, serial) => identityOf(store.create(kind, objectOf(name, serial))),
    update: (name, serial) => identityOf(store.update(kind, objectOf(name, serial))),
    remove: (name) => identityOf(store.delete(kind, namespace, name)),
  };
}

/** What a history compares an object of an embedded cluster by. */
export function identityOf({ metadata }: ClusterObject): ObjectIdentity {
  const { uid = '', name, namespace, resourceVersion = '' } = metadata;
  return { uid, name, resourceVersion, ...(namespace === undefined ? {} : { namespace }) };
}
