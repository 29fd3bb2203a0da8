import { fileURLToPath } from 'node:url';
import { createManualClock, type ManualClock, startTestGateway, type TestGateway } from 'longshore/testing';
import { runClock } from './run-clock.ts';

export const acmePath = fileURLToPath(new URL('../fixtures/acme-plugin', import.meta.url));

export interface AcmeGateway extends AsyncDisposable {
  readonly gateway: TestGateway;
  readonly clock: ManualClock;
  /** Lets time pass, and what it brings about: in steps too short for a deadline to meet what is under way. */
  pass(byMs: number): Promise<void>;
  /** Makes a pod and answers its global id, once the gateway has seen it. */
  createPod(name: string, options?: { readonly namespace?: string; readonly labels?: object }): Promise<string>;
  /** Takes a pod away without a grace period. */
  deletePod(name: string, namespace?: string): void;
  open(podId: string, input?: object, token?: string): Promise<Answer>;
  close(id: string, input?: object, token?: string): Promise<Answer>;
}

/** What both mutations answer, whatever it is. */
export interface Answer {
  readonly __typename: string;
  readonly message?: string;
  readonly reason?: string;
  readonly issues?: readonly { readonly path: readonly string[]; readonly code: string }[];
  readonly supportCase?: {
    readonly id: string;
    readonly title: string;
    readonly isOpen: boolean;
    readonly openedBy: string;
  };
  readonly operation?: { readonly action: string; readonly status: string } | null;
  readonly changes?: readonly { readonly path: string; readonly after: unknown }[];
}

const answer = (name: string) => `
  __typename
  ... on ${name}Success {
    supportCase { id title isOpen openedBy }
    operation { action status }
    changes { path after }
  }
  ... on Error { message }
  ... on PreconditionError { reason }
  ... on ValidationError { issues { path code } }`;

const stepMs = 5_000;

/** A gateway with the ACME plugin loaded by its path, on a clock that runs and may be moved. */
export async function startAcmeGateway(settings: object = {}): Promise<AcmeGateway> {
  const clock = createManualClock();
  const stopClock = runClock(clock);
  const gateway = await startTestGateway({ plugins: [acmePath], clock, settings });
  const { store } = gateway.cluster;
  const pods = store.resource('', 'pods');

  async function mutate(name: string, input: object, token?: string): Promise<Answer> {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    const document = `mutation ($input: ${type}Input!) { ${name}(input: $input) { ${answer(type)} } }`;
    const result = await gateway.query<Record<string, Answer>>(document, { input }, token ? { token } : {});
    const found = result.data?.[name];
    if (!found) throw new Error(JSON.stringify(result.errors));
    return found;
  }

  return {
    gateway,
    clock,
    async pass(byMs) {
      const { database } = gateway.gateway.foundation;
      for (let leftMs = byMs; leftMs > 0; leftMs -= stepMs) {
        clock.advance(Math.min(stepMs, leftMs));
        // The embedded database takes one statement at a time: this one is behind all that were under way.
        await database.db.execute('select 1');
      }
    },
    async createPod(name, { namespace = 'shop', labels = {} } = {}) {
      store.create(pods, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace, labels },
        spec: { containers: [{ name: 'main', image: 'acme/main:1' }] },
      });
      const { uid } = store.get(pods, namespace, name)?.metadata ?? {};
      const document = `query ($namespace: String!, $name: String!) { pod(cluster: "embedded", namespace: $namespace, name: $name) { id uid } }`;
      for (;;) {
        const { data } = await gateway.query<{ pod: { id: string; uid: string } | null }>(document, {
          namespace,
          name,
        });
        if (data?.pod?.uid === uid && data?.pod) return data.pod.id;
      }
    },
    deletePod(name, namespace = 'shop') {
      store.delete(pods, namespace, name, { gracePeriodSeconds: 0 });
    },
    open: (podId, input = {}, token) =>
      mutate('openAcmeSupportCase', { podId, title: 'It hums', severity: 'NORMAL', ...input }, token),
    close: (id, input = {}, token) => mutate('closeAcmeSupportCase', { id, ...input }, token),
    async [Symbol.asyncDispose]() {
      await gateway.stop();
      stopClock();
    },
  };
}
