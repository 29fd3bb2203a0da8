import { type ClusterClient, succeeded } from './cluster-client.ts';
import { eventually } from './eventually.ts';
import type { Json } from './json.ts';

/** Marks everything that the suite makes and that is not inside a namespace of its own. */
const suiteLabel = 'conformance.longshore.dev/run';

/** What a case works with. All that it makes through this is gone afterwards, also when it fails. */
export interface CaseContext {
  /** The administrator. */
  readonly api: ClusterClient;
  /** A namespace of this case's own, in which pods can be made at once: its default ServiceAccount is there. */
  namespace(labels?: Readonly<Record<string, string>>): Promise<string>;
  /** A name for something cluster-scoped, that nobody else in this run or another has. */
  name(word: string): string;
  /** Creates and expects success; what is cluster-scoped is deleted after the case. Returns the object. */
  create(path: string, object: object): Promise<Json>;
  /** Runs after the case, the latest first, before namespaces are deleted. */
  defer(cleanup: () => Promise<unknown>): void;
}

export interface RunningCase extends CaseContext {
  /** Undoes what the case did. Namespaces go in the background: `leftovers` of the area waits for them. */
  clear(): Promise<void>;
}

export function createCaseContext(options: {
  readonly admin: ClusterClient;
  readonly name: string;
  /** Resolve when something that was deleted is really gone. */
  readonly leftovers: (() => Promise<void>)[];
}): RunningCase {
  const { admin, name: caseName, leftovers } = options;
  const cleanups: (() => Promise<unknown>)[] = [];
  let namespaces = 0;

  const isGone = (path: string) => () =>
    eventually(async () => {
      const { status, body } = await admin.get(path);
      if (status !== 404) throw new Error(`${path} is still there: ${JSON.stringify(body?.status ?? body?.metadata)}`);
    }, 240_000);

  const remove = async (path: string, uid: string): Promise<void> => {
    const { status, body } = await admin.delete(path, { preconditions: { uid }, propagationPolicy: 'Background' });
    // 409: another object has the name by now, so that ours is gone.
    if (![200, 202, 404, 409].includes(status)) throw new Error(`${path} cannot be deleted: ${body?.message}`);
    if (status < 300) leftovers.push(isGone(path));
  };

  const context: RunningCase = {
    api: admin,
    name: (word) => `${caseName}-${word}`,
    async namespace(labels = {}) {
      namespaces += 1;
      const name = namespaces === 1 ? caseName : `${caseName}-ns${namespaces}`;
      await context.create('/api/v1/namespaces', {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name, labels: { [suiteLabel]: caseName, ...labels } },
      });
      await eventually(async () => succeeded(await admin.get(`/api/v1/namespaces/${name}/serviceaccounts/default`)));
      return name;
    },
    async create(path, object) {
      const { body } = succeeded(await admin.create(path, object));
      if (!/\/namespaces\/[^/]+\//.test(path)) {
        cleanups.push(() => remove(`${path}/${body.metadata.name}`, body.metadata.uid));
      }
      return body;
    },
    defer(cleanup) {
      cleanups.push(cleanup);
    },
    async clear() {
      const failed: unknown[] = [];
      for (const cleanup of cleanups.splice(0).reverse()) {
        await cleanup().catch((error: unknown) => failed.push(error));
      }
      if (failed.length > 0) throw new AggregateError(failed, 'the case could not be cleared');
    },
  };
  return context;
}
