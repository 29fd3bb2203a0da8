import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { encodeGlobalId } from '../../src/graph/global-id.ts';
import { type AcmeGateway, startAcmeGateway } from './acme-gateway.ts';

let acme: AcmeGateway;
beforeAll(async () => {
  acme = await startAcmeGateway();
  const { store } = acme.gateway.cluster;
  store.create(store.resource('', 'namespaces'), { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'bank' } });
});
afterAll(() => acme?.[Symbol.asyncDispose]());

interface Seen {
  readonly id: string;
  readonly status: string;
  readonly failure: { readonly message: string } | null;
  readonly steps: readonly { readonly name: string; readonly status: string; readonly isIgnored: boolean }[];
  readonly writes: readonly { readonly name: string }[];
}
const fields = 'id status failure { message } steps { name status isIgnored } writes { name }';

async function install(namespace: string, token?: string): Promise<string> {
  const { data } = await acme.gateway.query<{ installAcmeAgent: { __typename: string; operation?: { id: string } } }>(
    `mutation ($namespace: String!) { installAcmeAgent(input: {cluster: "embedded", namespace: $namespace}) {
      __typename ... on InstallAcmeAgentSuccess { operation { id } } } }`,
    { namespace },
    token ? { token } : {},
  );
  return data?.installAcmeAgent.operation?.id ?? data?.installAcmeAgent.__typename ?? '';
}

async function decide(what: 'retry' | 'ignore', id: string, step: string, token?: string) {
  const { data } = await acme.gateway.query<Record<string, { __typename: string; reason?: string }>>(
    `mutation ($id: ID!, $step: String!) { ${what}OperationStep(input: {id: $id, step: $step}) { __typename ... on PreconditionError { reason } } }`,
    { id, step },
    token ? { token } : {},
  );
  return data?.[`${what}OperationStep`];
}

async function see(id: string): Promise<Seen | null> {
  const { data } = await acme.gateway.query<{ operationRecord: Seen | null }>(
    `query ($id: ID!) { operationRecord(id: $id) { ${fields} } }`,
    { id },
  );
  return data?.operationRecord ?? null;
}
const until = (id: string, status: string) =>
  vi.waitFor(async () => expect((await see(id))?.status).toBe(status), { timeout: 20_000, interval: 50 });
const statusesOf = async (id: string) => (await see(id))?.steps.map(({ status }) => status);

const putLicense = (namespace: string) =>
  acme.gateway.cluster.store.create(acme.gateway.cluster.store.resource('', 'configmaps'), {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'acme-license', namespace },
  });

describe('a long operation of a plugin', () => {
  let id: string;
  beforeAll(async () => {
    id = await install('shop');
    await until(id, 'FAILED');
  });

  it('goes on after its request, step by step, until one fails and says why (CORE-21, CORE-22, CORE-23)', async () => {
    expect(await see(id)).toMatchObject({
      status: 'FAILED',
      failure: { message: "Step 'check-license' failed: Namespace 'shop' has no ConfigMap 'acme-license'" },
      steps: [
        { name: 'configure', status: 'SUCCESS' },
        { name: 'check-license', status: 'ERROR' },
        { name: 'announce', status: 'NOT_EXECUTED' },
      ],
      writes: [{ name: 'acme-agent' }],
    });
  });

  it.each([
    'configure',
    'announce',
    'made-up',
  ])('lets nobody retry or ignore the step %s (CORE-23, refused)', async (step) => {
    for (const what of ['retry', 'ignore'] as const) {
      const expected = step === 'made-up' ? 'ValidationError' : 'PreconditionError';
      expect((await decide(what, id, step))?.__typename).toBe(expected);
    }
    expect((await see(id))?.status).toBe('FAILED');
  });

  it('does a failed step again and what follows it, once the cause is gone (CORE-23)', async () => {
    const stream = acme.gateway.subscribe<{ operationRecordChanges: { type: string; record: Seen | null } }>(
      `subscription ($id: ID!) { operationRecordChanges(filter: {ids: [$id]}) { type record { ${fields} } } }`,
      { id },
    );
    const first = await stream.next();
    expect(first.data?.operationRecordChanges).toMatchObject({ type: 'ADDED', record: { status: 'FAILED' } });
    putLicense('shop');
    expect((await decide('retry', id, 'check-license'))?.__typename).toBe('RetryOperationStepSuccess');
    await until(id, 'SUCCEEDED');
    expect(await statusesOf(id)).toEqual(['SUCCESS', 'SUCCESS', 'SUCCESS']);
    const statusesIn = (result: (typeof stream.received)[number]) =>
      result.data?.operationRecordChanges.record?.steps.map(({ status }) => status).join(' ');
    await stream.next((result) => statusesIn(result) === 'SUCCESS SUCCESS SUCCESS');
    const told = stream.received.map(statusesIn);
    expect(told).toContain('SUCCESS RUNNING NOT_EXECUTED');
    expect(told).toContain('SUCCESS SUCCESS RUNNING');
    await stream.stop();
  });
});

describe('who ordered a long operation', () => {
  it('is who its steps write as, also where somebody else goes on with it (CORE-23)', async () => {
    const { store } = acme.gateway.cluster;
    const configMaps = store.resource('', 'configmaps');
    const orderedBy = () =>
      (store.get(configMaps, 'shop', 'acme-ready') as { metadata: { annotations: Record<string, string> } }).metadata
        .annotations['acme.example/ordered-by'];
    await until(await install('shop', 'dev-developer'), 'SUCCEEDED');
    expect(orderedBy()).toBe('dev:dev-developer');
    store.delete(configMaps, 'shop', 'acme-license');
    const id = await install('shop', 'dev-developer');
    await until(id, 'FAILED');
    putLicense('shop');
    expect((await decide('retry', id, 'check-license'))?.__typename).toBe('RetryOperationStepSuccess');
    await until(id, 'SUCCEEDED');
    expect(orderedBy()).toBe('dev:dev-admin');
  });

  it('is refused the next step once they are disabled, and the operation says so (CORE-23, refused)', async () => {
    const stuck = Promise.withResolvers<void>();
    const free = Promise.withResolvers<void>();
    const disarm = acme.gateway.gateway.failpoints.arm('operation.steps.after-finish', () => {
      disarm();
      stuck.resolve();
      return free.promise;
    });
    const id = await install('shop', 'dev-developer');
    await stuck.promise;
    await change('disableUser', ', reason: "left the company"');
    free.resolve();
    await until(id, 'FAILED');
    const message = "'dev-developer', in whose name this is done, may not be here any more";
    expect(await see(id)).toMatchObject({ failure: { message: expect.stringContaining(message) } });
    await change('enableUser', '');
    expect((await decide('retry', id, 'check-license', 'dev-developer'))?.__typename).toBe('RetryOperationStepSuccess');
    await until(id, 'SUCCEEDED');
  });

  async function change(name: string, more: string): Promise<void> {
    const user = encodeGlobalId({ of: 'row', plugin: 'core', type: 'User', key: 'dev:dev-developer' });
    const { data } = await acme.gateway.query<Record<string, { ok: string }>>(
      `mutation ($id: ID!) { ${name}(input: {id: $id${more}}) { ok: __typename } }`,
      { id: user },
    );
    expect(data?.[name]?.ok).toMatch(/Success$/);
  }
});

describe('a failed step', () => {
  it('is passed over by ignore (CORE-23)', async () => {
    const id = await install('bank');
    await until(id, 'FAILED');
    expect((await decide('ignore', id, 'check-license'))?.__typename).toBe('IgnoreOperationStepSuccess');
    await until(id, 'SUCCEEDED');
    expect((await see(id))?.steps[1]).toMatchObject({ status: 'ERROR', isIgnored: true });
  });

  it('of an operation that one may not see is not there (CORE-23, refused)', async () => {
    const id = await install('default');
    await until(id, 'FAILED');
    expect((await decide('retry', id, 'check-license', 'dev-developer'))?.__typename).toBe('NotFoundError');
    expect((await decide('ignore', id, 'check-license', 'dev-developer'))?.__typename).toBe('NotFoundError');
    expect((await see(id))?.status).toBe('FAILED');
  });
});
