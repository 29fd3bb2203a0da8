import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { supportCasesServiceRef } from '../fixtures/acme-plugin/api.ts';
import { type AcmeGateway, startAcmeGateway } from './acme-gateway.ts';

let acme: AcmeGateway;
beforeAll(async () => {
  acme = await startAcmeGateway();
});
afterAll(() => acme?.[Symbol.asyncDispose]());

let pods = 0;
/** Every test has a pod of its own. */
function newPod(options?: Parameters<AcmeGateway['createPod']>[1]): Promise<string> {
  pods += 1;
  return acme.createPod(`pod-${pods}`, options);
}

async function openedCase(options?: Parameters<AcmeGateway['createPod']>[1]): Promise<string> {
  const { supportCase } = await acme.open(await newPod(options));
  if (!supportCase) throw new Error('the case was not opened');
  return supportCase.id;
}

const developer = 'dev-developer';

interface Row {
  readonly id: string;
  readonly title: string;
  readonly namespace: string;
}

async function listCases(args: string, token?: string): Promise<readonly Row[]> {
  const { data, errors } = await acme.gateway.query<{ acmeSupportCases: { nodes: Row[]; totalCount: number } }>(
    `{ acmeSupportCases${args} { nodes { id title namespace } totalCount } }`,
    {},
    token ? { token } : {},
  );
  expect(errors).toBeUndefined();
  expect(data?.acmeSupportCases.totalCount).toBe(data?.acmeSupportCases.nodes.length);
  return data?.acmeSupportCases.nodes ?? [];
}

async function nodeOf(id: string, token?: string): Promise<Record<string, unknown> | null | undefined> {
  const { data } = await acme.gateway.query<{ node: Record<string, unknown> | null }>(
    'query ($id: ID!) { node(id: $id) { __typename id ... on AcmeSupportCase { title podName severity pod { name } closedAt } } }',
    { id },
    token ? { token } : {},
  );
  return data?.node;
}

describe('fields that a partner adds to Pod', () => {
  const document = `query ($id: ID!) { node(id: $id) { ... on Pod { name acmeServiceTier acmeSupportCases(filter: { isOpen: true }) { totalCount nodes { title pod { name } } } } } }`;

  it('are answered over HTTP', async () => {
    const id = await newPod({ labels: { 'support.acme.example/tier': 'gold' } });
    await acme.open(id, { title: 'It squeaks' });
    const { data } = await acme.gateway.query<{ node: { name: string } }>(document, { id });
    const { name } = data?.node ?? {};
    expect(data?.node).toEqual({
      name,
      acmeServiceTier: 'gold',
      acmeSupportCases: { totalCount: 1, nodes: [{ title: 'It squeaks', pod: { name } }] },
    });
  });

  it('are empty where there is neither label nor case', async () => {
    const { data } = await acme.gateway.query(document, { id: await newPod() });
    expect(data).toMatchObject({ node: { acmeServiceTier: null, acmeSupportCases: { totalCount: 0, nodes: [] } } });
  });

  it('cost one read of the database for a list of pods, however often they are asked for', async () => {
    await Promise.all([openedCase(), openedCase(), openedCase()]);
    const cases = acme.gateway.gateway.services.service(supportCasesServiceRef);
    if (!cases) throw new Error('the service is not there');
    const reads = vi.spyOn(cases, 'ofPods');
    const { data, errors } = await acme.gateway.query<{
      pods: { nodes: { acmeSupportCases: { totalCount: number } }[] };
    }>('{ pods(first: 100) { nodes { acmeSupportCases { totalCount } again: acmeSupportCases { totalCount } } } }');
    expect(errors).toBeUndefined();
    const nodes = data?.pods.nodes ?? [];
    expect(nodes.length).toBeGreaterThan(10);
    expect(nodes.filter((pod) => pod.acmeSupportCases.totalCount > 0).length).toBeGreaterThanOrEqual(3);
    expect(reads.mock.calls.map(([pods]) => pods.length)).toEqual([nodes.length]);
  });
});

describe('the list and the node of a partner’s type', () => {
  it('filter and order over the whole set', async () => {
    const [first, second, third] = [await newPod(), await newPod(), await newPod()];
    await acme.open(first, { title: 'Ordered b', severity: 'LOW' });
    await acme.open(second, { title: 'Ordered a', severity: 'URGENT' });
    await acme.open(third, { title: 'Ordered c', severity: 'HIGH' });
    const titles = async (args: string) => (await listCases(args)).map(({ title }) => title);
    const mine = 'title: { contains: "ordered" }';
    expect(await titles(`(filter: { ${mine} }, orderBy: [{ field: SEVERITY, direction: DESC }])`)).toEqual([
      'Ordered a',
      'Ordered c',
      'Ordered b',
    ]);
    expect(await titles(`(filter: { ${mine}, severities: [LOW, HIGH] }, orderBy: [{ field: TITLE }])`)).toEqual([
      'Ordered b',
      'Ordered c',
    ]);
    expect(await titles(`(filter: { ${mine}, isOpen: false })`)).toEqual([]);
    expect(await titles(`(filter: { ${mine}, cluster: "elsewhere" })`)).toEqual([]);
    expect(await titles(`(filter: { ${mine}, namespaces: ["shop"], podName: { equals: "none" } })`)).toEqual([]);
  });

  it('refuse an order that does not exist (refused)', async () => {
    const { errors } = await acme.gateway.query('{ acmeSupportCases(orderBy: [{ field: COLOUR }]) { totalCount } }');
    expect(errors?.[0]?.extensions?.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('find a case by its id, also after its pod is gone', async () => {
    const { supportCase } = await acme.open(await newPod());
    const id = supportCase?.id ?? '';
    const name = `pod-${pods}`;
    expect(await nodeOf(id)).toEqual({
      __typename: 'AcmeSupportCase',
      id,
      title: 'It hums',
      podName: name,
      severity: 'NORMAL',
      pod: { name },
      closedAt: null,
    });
    acme.deletePod(name);
    await expect.poll(() => nodeOf(id)).toMatchObject({ podName: name, pod: null });
  });

  it.each([
    { name: 'a UUID that nobody has', key: '00000000-0000-4000-8000-000000000000' },
    { name: 'no UUID at all', key: "'; drop table acme_support_cases" },
  ])('find nothing under $name (refused)', async ({ key }) => {
    const id = Buffer.from(`acme|AcmeSupportCase|${encodeURIComponent(key)}`).toString('base64url');
    expect(await nodeOf(id)).toBeNull();
    expect(await acme.close(id)).toMatchObject({ __typename: 'NotFoundError' });
  });
});

describe('openAcmeSupportCase', () => {
  it('opens a case and records that it did', async () => {
    expect(await acme.open(await newPod(), { title: '  It smokes ' })).toEqual({
      __typename: 'OpenAcmeSupportCaseSuccess',
      supportCase: { id: expect.any(String), title: 'It smokes', isOpen: true, openedBy: 'dev-admin' },
      operation: { action: 'openAcmeSupportCase', status: 'SUCCEEDED' },
      changes: expect.arrayContaining([{ path: '/title', after: 'It smokes' }]),
    });
  });

  it('refuses a second open case of one pod with the plugin’s own reason (refused)', async () => {
    const pod = await newPod();
    await acme.open(pod);
    expect(await acme.open(pod)).toEqual({
      __typename: 'PreconditionError',
      reason: 'ACME_CASE_ALREADY_OPEN',
      message: `Pod 'pod-${pods}' has an open support case already`,
    });
  });

  it('opens one of many at once', async () => {
    const pod = await newPod();
    const answers = await Promise.all(Array.from({ length: 5 }, () => acme.open(pod)));
    expect(answers.map(({ __typename }) => __typename).sort()).toEqual([
      'OpenAcmeSupportCaseSuccess',
      ...Array.from({ length: 4 }, () => 'PreconditionError'),
    ]);
  });

  it('opens another once the first is closed', async () => {
    const pod = await newPod();
    const { supportCase } = await acme.open(pod);
    await acme.close(supportCase?.id ?? '');
    expect(await acme.open(pod)).toMatchObject({ __typename: 'OpenAcmeSupportCaseSuccess' });
  });

  it.each([
    { name: 'an empty title', title: '   ', code: 'too_small' },
    { name: 'a title that is too long', title: 'x'.repeat(201), code: 'too_big' },
    { name: 'a title of two lines', title: 'It\nsmokes', code: 'invalid_format' },
  ])('says what is wrong with $name (refused)', async ({ title, code }) => {
    expect(await acme.open(await newPod(), { title })).toMatchObject({
      __typename: 'ValidationError',
      issues: [{ path: ['title'], code }],
    });
  });

  it.each([
    { name: 'no id', id: 'nonsense' },
    { name: 'a pod that is not there', id: Buffer.from('k8s|embedded||Pod|shop|nobody').toString('base64url') },
    { name: 'a cluster that is not there', id: Buffer.from('k8s|mars||Pod|shop|nobody').toString('base64url') },
    {
      name: 'an object of another kind',
      id: Buffer.from('k8s|embedded|apps|Deployment|shop|vote-front').toString('base64url'),
    },
  ])('does not find $name (refused)', async ({ id }) => {
    expect(await acme.open(id)).toMatchObject({ __typename: 'NotFoundError' });
  });

  it('does it once for one idempotency key, and answers the same', async () => {
    const pod = await newPod();
    const first = await acme.open(pod, { idempotencyKey: `key-${pod}` });
    const second = await acme.open(pod, { idempotencyKey: `key-${pod}` });
    expect(second).toMatchObject({
      __typename: 'OpenAcmeSupportCaseSuccess',
      supportCase: { id: first.supportCase?.id },
    });
  });

  it('refuses the same key with another input (refused)', async () => {
    const pod = await newPod();
    await acme.open(pod, { idempotencyKey: `key-${pod}` });
    const other = await acme.open(pod, { idempotencyKey: `key-${pod}`, title: 'Another' });
    expect(other).toMatchObject({ __typename: 'ConflictError' });
  });

  it('changes nothing and records nothing in a dry run', async () => {
    const pod = await newPod();
    const before = await listCases('');
    expect(await acme.open(pod, { dryRun: true })).toMatchObject({
      __typename: 'OpenAcmeSupportCaseSuccess',
      operation: null,
      changes: expect.arrayContaining([{ path: '/title', after: 'It hums' }]),
    });
    expect(await listCases('')).toEqual(before);
    expect(await acme.open(pod)).toMatchObject({ __typename: 'OpenAcmeSupportCaseSuccess' });
  });

  it('meets the same rule in a dry run (refused)', async () => {
    const pod = await newPod();
    await acme.open(pod);
    expect(await acme.open(pod, { dryRun: true })).toMatchObject({ reason: 'ACME_CASE_ALREADY_OPEN' });
  });
});

describe('closeAcmeSupportCase', () => {
  it('closes a case', async () => {
    expect(await acme.close(await openedCase())).toMatchObject({
      __typename: 'CloseAcmeSupportCaseSuccess',
      supportCase: { isOpen: false },
      operation: { action: 'closeAcmeSupportCase', status: 'SUCCEEDED' },
      changes: [{ path: '/closedAt', after: expect.any(String) }],
    });
  });

  it('refuses a closed one (refused)', async () => {
    const id = await openedCase();
    await acme.close(id);
    expect(await acme.close(id)).toMatchObject({ __typename: 'PreconditionError', reason: 'ACME_CASE_ALREADY_CLOSED' });
  });

  it('leaves it open in a dry run', async () => {
    const id = await openedCase();
    expect(await acme.close(id, { dryRun: true })).toMatchObject({ supportCase: { isOpen: false }, operation: null });
    expect(await nodeOf(id)).toMatchObject({ closedAt: null });
  });
});

describe('a developer', () => {
  it('works with cases of pods in namespaces of their own', async () => {
    const pod = await newPod();
    const { supportCase } = await acme.open(pod, {}, developer);
    const id = supportCase?.id ?? '';
    expect(supportCase?.openedBy).toBe('dev-developer');
    expect(await nodeOf(id, developer)).toMatchObject({ id });
    expect(await listCases('', developer)).toContainEqual({ id, title: 'It hums', namespace: 'shop' });
    expect(await acme.close(id, {}, developer)).toMatchObject({ __typename: 'CloseAcmeSupportCaseSuccess' });
  });

  it('does not find those of other namespaces, by whatever road (refused)', async () => {
    const pod = await newPod({ namespace: 'platform' });
    const { supportCase } = await acme.open(pod);
    const id = supportCase?.id ?? '';
    expect(await listCases('')).toContainEqual({ id, title: 'It hums', namespace: 'platform' });

    const visible = await listCases('', developer);
    expect(new Set(visible.map(({ namespace }) => namespace))).toEqual(new Set(['shop']));
    expect(await listCases('(filter: { namespaces: ["platform"] })', developer)).toEqual([]);
    expect(await nodeOf(id, developer)).toBeNull();
    const absent = Buffer.from('k8s|embedded||Pod|platform|nobody').toString('base64url');
    expect(await acme.open(pod, {}, developer)).toEqual(await acme.open(absent, {}, developer));
    expect(await acme.close(id, {}, developer)).toEqual(await acme.close('nonsense', {}, developer));
  });
});

describe('acmeSupportCaseChanges', () => {
  const stream = (args = '') =>
    `subscription { acmeSupportCaseChanges${args} { type cursor supportCase { id title isOpen } } }`;
  interface Message {
    readonly acmeSupportCaseChanges: {
      readonly type: string;
      readonly cursor: string;
      readonly supportCase: { readonly id: string } | null;
    };
  }
  const open = (args?: string, token?: string) =>
    acme.gateway.subscribe<Message>(stream(args), {}, token ? { token } : {});
  type Stream = ReturnType<typeof open>;
  const until = async (from: Stream, type: string, id?: string) => {
    const { data } = await from.next(({ data: message }) => {
      const found = message?.acmeSupportCaseChanges;
      return found?.type === type && (id === undefined || found.supportCase?.id === id);
    });
    return data?.acmeSupportCaseChanges;
  };
  const idsIn = (from: Stream) => from.received.map(({ data }) => data?.acmeSupportCaseChanges.supportCase?.id);

  it('begins with what is there, then tells what is opened and closed', async () => {
    const before = await openedCase();
    await using changes = open();
    await until(changes, 'ADDED', before);
    await until(changes, 'SNAPSHOT');
    const id = await openedCase();
    expect(await until(changes, 'ADDED', id)).toMatchObject({ supportCase: { title: 'It hums', isOpen: true } });
    await acme.close(id);
    expect(await until(changes, 'MODIFIED', id)).toMatchObject({ supportCase: { isOpen: false } });
  });

  it('tells that a case has left the filter', async () => {
    await using changes = open('(filter: { isOpen: true }, snapshot: false)');
    await until(changes, 'SNAPSHOT');
    const id = await openedCase();
    await until(changes, 'ADDED', id);
    await acme.close(id);
    expect(await until(changes, 'DELETED', id)).toMatchObject({ supportCase: { isOpen: true } });
  });

  it('tells that a case has come into the filter', async () => {
    await using changes = open('(filter: { isOpen: false }, snapshot: false)');
    await until(changes, 'SNAPSHOT');
    const id = await openedCase();
    await acme.close(id);
    expect(await until(changes, 'ADDED', id)).toMatchObject({ supportCase: { isOpen: false } });
  });

  it('resumes behind a cursor', async () => {
    const first = open('(snapshot: false)');
    const marker = await until(first, 'SNAPSHOT');
    await first.stop();
    const id = await openedCase();
    await using second = open(`(after: "${marker?.cursor}")`);
    await until(second, 'ADDED', id);
    expect(second.received.map(({ data }) => data?.acmeSupportCaseChanges.type)).not.toContain('SNAPSHOT');
  });

  it('says nothing of a dry run, nor to a developer of another namespace (refused)', async () => {
    await using changes = open('(snapshot: false)', developer);
    await until(changes, 'SNAPSHOT');
    await acme.open(await newPod(), { dryRun: true });
    const hidden = await openedCase({ namespace: 'platform' });
    await acme.close(hidden);
    const shown = await openedCase();
    await until(changes, 'ADDED', shown);
    expect(idsIn(changes)).toEqual([undefined, shown]);
  });

  it('refuses a cursor of another stream (refused)', async () => {
    const pods = acme.gateway.subscribe<{ podChanges: { cursor: string } }>(
      'subscription { podChanges(snapshot: false) { cursor } }',
    );
    const { data } = await pods.next();
    await pods.stop();
    await using changes = open(`(after: "${data?.podChanges.cursor}")`);
    const answer = await changes.next(() => true).catch((error: unknown) => ({ errors: error }));
    expect(JSON.stringify(answer)).toContain('BAD_USER_INPUT');
  });
});

describe('closing an urgent case', () => {
  const document = `mutation ($input: CloseAcmeSupportCaseInput!) { closeAcmeSupportCase(input: $input) {
    __typename
    ... on CloseAcmeSupportCaseSuccess { supportCase { isOpen } warnings raisedWarnings { code path } operation { detail } }
    ... on PreconditionError { reason message unacknowledged { code message path } }
  } }`;
  const close = async (input: object) => {
    const { data } = await acme.gateway.query<{ closeAcmeSupportCase: object }>(document, { input });
    return data?.closeAcmeSupportCase;
  };
  const urgent = async () => (await acme.open(await newPod(), { severity: 'URGENT' })).supportCase?.id ?? '';
  const message = "'It hums' is urgent: production may stand still.";

  it('is refused with the warning that must be acknowledged first, and changes nothing (refused)', async () => {
    const id = await urgent();
    const refused = {
      __typename: 'PreconditionError',
      reason: 'ACKNOWLEDGEMENT_REQUIRED',
      message,
      unacknowledged: [{ code: 'ACME_CASE_URGENT', message, path: ['id'] }],
    };
    expect(await close({ id })).toEqual(refused);
    expect(await close({ id, acknowledge: [] })).toEqual(refused);
    expect(await close({ id, acknowledge: ['IN_USE'] })).toEqual(refused);
    expect(await nodeOf(id)).toMatchObject({ closedAt: null });
  });

  it('is done once the warning is acknowledged, which stands in the answer and in the record', async () => {
    expect(await close({ id: await urgent(), acknowledge: ['ACME_CASE_URGENT'] })).toEqual({
      __typename: 'CloseAcmeSupportCaseSuccess',
      supportCase: { isOpen: false },
      warnings: [message],
      raisedWarnings: [{ code: 'ACME_CASE_URGENT', path: ['id'] }],
      operation: { detail: 'acknowledged ACME_CASE_URGENT' },
    });
  });

  it('tells the warning in a dry run without asking for anything (CORE-31)', async () => {
    const id = await urgent();
    expect(await close({ id, dryRun: true })).toMatchObject({
      __typename: 'CloseAcmeSupportCaseSuccess',
      raisedWarnings: [{ code: 'ACME_CASE_URGENT' }],
      operation: null,
    });
    expect(await nodeOf(id)).toMatchObject({ closedAt: null });
  });

  it('in a batch with others fails alone (refused, CORE-26)', async () => {
    const ids = [await openedCase(), await urgent(), await openedCase({ namespace: 'platform' })];
    const batch = `mutation ($ids: [ID!]!) { closeAcmeSupportCases(input: { ids: $ids }) {
      ... on CloseAcmeSupportCasesSuccess { okCount failedCount results { ok error { code } success { supportCase { isOpen } } } }
    } }`;
    const closed = { ok: true, error: null, success: { supportCase: { isOpen: false } } };
    const { data } = await acme.gateway.query(batch, { ids }, { token: developer });
    expect(data?.closeAcmeSupportCases).toEqual({
      okCount: 1,
      failedCount: 2,
      results: [
        closed,
        { ok: false, error: { code: 'PRECONDITION_FAILED' }, success: null },
        { ok: false, error: { code: 'NOT_FOUND' }, success: null },
      ],
    });
  });
});
