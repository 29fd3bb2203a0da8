import { Agent, request } from 'undici';
import type { EmbeddedCluster } from '../../../src/embedded/start-embedded-cluster.ts';
import { until } from '../../../test/support/until.ts';
import type { ObjectCondition, ObjectStatus } from '../services/objects/order-object.ts';

export interface SeenObject {
  readonly metadata: { readonly name: string; readonly uid: string; readonly generation: number };
  readonly spec: object;
  readonly status?: ObjectStatus;
}

interface Answer {
  readonly status: number;
  readonly body: SeenObject & { readonly message?: string; readonly items?: readonly Record<string, unknown>[] };
}

/** ReleaseOrders of a cluster as kubectl and controllers of Git repositories write and read them. */
export function orderObjects(
  cluster: () => Pick<EmbeddedCluster, 'url' | 'token' | 'caCertificate'>,
  namespace = 'shop',
) {
  let agent: Agent | undefined;
  async function call(method: string, path: string, body?: object, contentType = 'application/json'): Promise<Answer> {
    const { url, token, caCertificate } = cluster();
    agent ??= new Agent({ connect: { ca: caCertificate } });
    const response = await request(`${url}${path}`, {
      method: method as 'GET',
      dispatcher: agent,
      headers: { authorization: `Bearer ${token}`, 'content-type': contentType },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return { status: response.statusCode, body: (await response.body.json()) as Answer['body'] };
  }
  const pathOf = (name: string, more = '') =>
    `/apis/release.longshore.dev/v1alpha1/namespaces/${namespace}/releaseorders/${name}${more}`;
  const objects = {
    call,
    /** `kubectl apply --server-side`. */
    tryApply(name: string, spec: object): Promise<Answer> {
      const manifest = { apiVersion: 'release.longshore.dev/v1alpha1', kind: 'ReleaseOrder', metadata: { name }, spec };
      return call('PATCH', pathOf(name, '?fieldManager=kubectl&force=true'), manifest, 'application/apply-patch+yaml');
    },
    async apply(name: string, spec: object): Promise<SeenObject> {
      const { status, body } = await objects.tryApply(name, spec);
      if (status >= 300) throw new Error(body.message);
      return body;
    },
    get: async (name: string) => (await call('GET', pathOf(name))).body,
    remove: async (name: string) => {
      await call('DELETE', pathOf(name));
    },
    /** Once the loop has looked at it as it now is. */
    told: (name: string, test: (status: ObjectStatus) => boolean, timeoutMs = 30_000): Promise<ObjectStatus> =>
      until(async () => {
        const { status, metadata } = await objects.get(name);
        if (!status || status.observedGeneration !== metadata.generation || !test(status)) {
          throw new Error(`not there yet: ${JSON.stringify(status)}`);
        }
        return status;
      }, timeoutMs),
    inPhase: (name: string, phase: string, timeoutMs?: number) =>
      objects.told(name, (status) => status.phase === phase, timeoutMs),
    async eventsOf(
      name: string,
    ): Promise<readonly { readonly reason: string; readonly type: string; readonly message: string }[]> {
      const { body } = await call(
        'GET',
        `/api/v1/namespaces/${namespace}/events?fieldSelector=involvedObject.kind=ReleaseOrder,involvedObject.name=${name}`,
      );
      return (body.items ?? []) as never;
    },
    close: () => agent?.close(),
  };
  return objects;
}

export const conditionOf = ({ conditions }: ObjectStatus, type: ObjectCondition['type']): ObjectCondition | undefined =>
  conditions.find((each) => each.type === type);
