import { inspect } from 'node:util';
import { silentLogger } from '../../cluster-logger.ts';
import { type Json, startTestApi, type TestAnswer, type TestApi } from '../../testing/start-test-api.ts';
import type { EmbeddedEngine } from '../engine.ts';

const merge = 'application/merge-patch+json';

/** A cluster with an engine in it, over real HTTPS, on a clock that the test moves. Objects are named by plural. */
export interface EngineApi {
  readonly api: TestApi;
  /** Creates, whatever the answer; what is made has no time to come alive. */
  post(plural: string, namespace: string | undefined, object: object): Promise<TestAnswer>;
  /** Creates and throws unless it was taken, then lets five seconds pass. */
  create(plural: string, namespace: string | undefined, object: object): Promise<Json>;
  read(plural: string, namespace: string | undefined, name: string): Promise<Json>;
  list(plural: string, namespace?: string): Promise<Json[]>;
  /** Merges, then lets a tenth of a second pass. */
  patch(plural: string, namespace: string | undefined, name: string, change: object): Promise<TestAnswer>;
  /** Deletes, then lets a tenth of a second pass. */
  remove(plural: string, namespace: string | undefined, name: string): Promise<TestAnswer>;
  pass(ms: number): void;
  /** Stops the cluster; throws when one of its controllers had failed at something again and again. */
  stop(): Promise<void>;
}

export async function startEngineApi(engine: EmbeddedEngine, nodes: number): Promise<EngineApi> {
  const complaints: string[] = [];
  const note = (details: object, message: string): void => {
    complaints.push(`${message} ${inspect(details)}`);
  };
  const logger = { ...silentLogger, warn: note, error: note };
  const api = await startTestApi({ engines: [engine], controllers: true, nodes, logger });
  const { store } = api.cluster;
  const groups = new Map<string, string>([
    ...['pods', 'services', 'secrets', 'namespaces', 'configmaps', 'events', 'nodes'].map(
      (plural) => [plural, ''] as const,
    ),
    ['statefulsets', 'apps'],
    ['deployments', 'apps'],
    ...engine.objects.flatMap(({ kind, spec }) => {
      const { group, names } = (spec ?? {}) as Json;
      return kind === 'CustomResourceDefinition' ? [[String(names.plural), String(group)] as const] : [];
    }),
  ]);
  const pass = (ms: number): void => api.clock.advance(ms);
  const placeOf = (plural: string, namespace: string | undefined) => {
    const definition = store.resource(groups.get(plural) ?? '', plural);
    const apiVersion = definition.group === '' ? definition.version : `${definition.group}/${definition.version}`;
    const base = definition.group === '' ? `/api/${apiVersion}` : `/apis/${apiVersion}`;
    const path = `${base}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${plural}`;
    return { path, apiVersion, kind: definition.kind };
  };
  const post: EngineApi['post'] = (plural, namespace, object) => {
    const { path, apiVersion, kind } = placeOf(plural, namespace);
    return api.call('POST', path, { body: { apiVersion, kind, ...object } });
  };
  pass(10);
  return {
    api,
    post,
    pass,
    async stop() {
      await api.stop();
      if (complaints.length > 0) throw new Error(complaints.join('\n'));
    },
    async create(plural, namespace, object) {
      const answer = await post(plural, namespace, object);
      if (answer.code !== 201) throw new Error(`${plural}: ${String(answer.body.message)}`);
      pass(5_000);
      return answer.body;
    },
    read: async (plural, namespace, name) => (await api.call('GET', `${placeOf(plural, namespace).path}/${name}`)).body,
    list: async (plural, namespace) => (await api.call('GET', placeOf(plural, namespace).path)).body.items,
    async patch(plural, namespace, name, change) {
      const path = `${placeOf(plural, namespace).path}/${name}`;
      const answer = await api.call('PATCH', path, { body: change, contentType: merge });
      pass(100);
      return answer;
    },
    async remove(plural, namespace, name) {
      const answer = await api.call('DELETE', `${placeOf(plural, namespace).path}/${name}`);
      pass(100);
      return answer;
    },
  };
}
