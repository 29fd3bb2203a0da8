import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ReceivedEvent,
  startWebhookReceiver,
  type WebhookReceiver,
} from '../../plugins/core/testing/start-webhook-receiver.ts';
import { startPostgres } from '../../src/data/testing/start-postgres.ts';
import { startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { ask } from '../support/ask.ts';
import { kubeconfigFile } from '../support/kubeconfig-file.ts';
import { staticToken } from '../support/static-token.ts';
import { until } from '../support/until.ts';

const server = await startPostgres();
const token = 'the-token-of-an-administrator-0123456789';

describe.skipIf(!server)('event webhooks of two replicas on one PostgreSQL', () => {
  const stack = new AsyncDisposableStack();
  let replicas: TestGateway[] = [];
  let receiver: WebhookReceiver;
  beforeAll(async () => {
    if (server) stack.defer(() => server.stop());
    receiver = await startWebhookReceiver();
    stack.defer(() => receiver.stop());
    const databaseUrl = (await server?.createDatabase()) ?? '';
    const cluster = stack.use(await startEmbeddedCluster({ name: 'main', controllers: false }));
    const { path } = stack.use(await kubeconfigFile(cluster));
    const settings = {
      plugins: ['core'],
      clusters: [{ name: 'main', kubeconfig: path }],
      egress: { allow: ['127.0.0.1'] },
      tokens: [staticToken('admin', token, { roles: ['ADMIN'] })],
    };
    const start = async () => stack.use(await startTestGateway({ databaseUrl, settings }));
    // One after the other: the first one migrates.
    replicas = [await start(), await start()];
  });
  afterAll(() => stack.disposeAsync());

  let made = 0;
  /** Something that makes a record, which is begun and closed: two events. */
  async function work(replica: TestGateway | undefined): Promise<void> {
    if (!replica) throw new Error('no replica');
    made += 1;
    const input = { name: `token ${made}`, roles: ['ADMIN'], expiresAt: new Date(Date.now() + 3_600_000) };
    await ask(
      replica,
      'mutation ($input: CreateServiceTokenInput!) { createServiceToken(input: $input) { ... on CreateServiceTokenSuccess { serviceToken { id } } ... on Error { message } } }',
      { input },
      { token },
    );
  }
  const told = (): readonly ReceivedEvent[] => receiver.taken('/hook');
  const ids = () => new Set(told().map(({ id }) => id));
  /** How often each record is told of in this state, in the order of the first time. */
  const statesOf = (status: string) =>
    told().filter(({ data }) => data.data.operationRecordChanges.record.status === status).length;

  it('are told each event by one of them, and by the other, twice at the most, what one did not live to write down (P4, P12)', async () => {
    const [one, other] = replicas;
    const input = {
      displayName: 'hook',
      url: `${receiver.url}/hook`,
      subscription:
        'subscription { operationRecordChanges(filter: { actions: ["createServiceToken"] }) { type record { id status } } }',
    };
    await ask(
      one as TestGateway,
      'mutation ($input: CreateEventWebhookInput!) { createEventWebhook(input: $input) { ... on CreateEventWebhookSuccess { secret } ... on Error { message } } }',
      { input },
      { token },
    );
    for (let round = 0; round < 10; round += 1) await work(replicas[round % 2]);
    await until(() => expect(ids().size).toBe(20));
    expect(told()).toHaveLength(20);
    expect([statesOf('PENDING'), statesOf('SUCCEEDED')]).toEqual([10, 10]);

    // Whoever tells it is stuck behind the receiver's answer, and then goes.
    const stuck = new Promise<TestGateway>((resolve) => {
      for (const replica of replicas)
        replica.gateway.failpoints.arm('core.eventWebhooks.after-call', () => {
          resolve(replica);
          return new Promise(() => {});
        });
    });
    await work(one);
    const doomed = await stuck;
    const heir = doomed === one ? other : one;
    heir?.gateway.failpoints.arm('core.eventWebhooks.after-call', () => {});
    await until(() => expect(told().length).toBeGreaterThan(20));
    const before = told().length;
    await doomed.gateway.stop();
    for (let round = 0; round < 5; round += 1) await work(heir);
    await until(() => expect(ids().size).toBe(32));
    // What was answered and not written down came again, under the ids that it had.
    expect(told().length).toBeGreaterThan(32);
    expect(told().length).toBeLessThanOrEqual(32 + before - 20);
    expect([statesOf('PENDING'), statesOf('SUCCEEDED')].map((count) => count >= 16)).toEqual([true, true]);
  });
});
