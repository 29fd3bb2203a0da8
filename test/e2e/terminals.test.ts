import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { StaticToken } from '../../src/access/static-tokens.ts';
import type { OperationRecord } from '../../src/audit/operation-records.ts';
import { startPostgres } from '../../src/data/testing/start-postgres.ts';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { openSession } from '../../src/embedded/testing/open-session.ts';
import { encodeGlobalId } from '../../src/graph/global-id.ts';
import {
  createManualClock,
  type FaultProxy,
  runClockUntil,
  startFaultProxy,
  startTestGateway,
  type TestGateway,
} from '../../src/testing.ts';
import { kubeconfigFile } from '../support/kubeconfig-file.ts';
import {
  dialTerminal,
  issueTicket,
  type OpenTerminalOptions,
  openTerminal,
  type TestTerminal,
} from '../support/open-terminal.ts';
import { staticToken } from '../support/static-token.ts';
import { until } from '../support/until.ts';

const clock = createManualClock(Date.now());
const mostTerminals = 8;
const stack = new AsyncDisposableStack();
const token = 'the-token-of-a-developer-of-the-shop';
const stranger = 'the-token-of-a-developer-of-another-shop';
const administrator = 'the-token-of-whoever-looks-after-all-of-it';
let cluster: EmbeddedCluster;
/** Between the gateway and the cluster `fragile`. */
let line: FaultProxy;
let gateway: TestGateway;
/** Another one over the same database, where there is a PostgreSQL; else the same. */
let other: TestGateway;

beforeAll(async () => {
  const server = await startPostgres();
  if (server) stack.defer(() => server.stop());
  const database = server ? { databaseUrl: await server.createDatabase() } : {};
  cluster = stack.use(await startEmbeddedCluster({ name: 'far', speed: 100 }));
  for (const name of ['web', 'doomed']) makePod(name);
  bind('view');
  const { path } = stack.use(await kubeconfigFile(cluster));
  line = stack.use(await startFaultProxy({ target: cluster.url, caCertificate: cluster.caCertificate, wire: 'bytes' }));
  const { token: admin } = cluster;
  const fragile = stack.use(await kubeconfigFile({ kubeconfig: line.kubeconfig('fragile', admin), token: admin }));
  const settings = {
    embedded: { enabled: false },
    limits: { terminals: mostTerminals },
    clusters: [
      { name: 'far', kubeconfig: path },
      { name: 'impatient', kubeconfig: path, profile: 'aks-public' },
      { name: 'fragile', kubeconfig: fragile.path },
      { name: 'strict', kubeconfig: path, identity: 'impersonate' },
    ],
    tokens: [
      staticToken('dora', token, { roles: ['DEVELOPER'], namespaces: ['default'] }),
      staticToken('otto', stranger, { roles: ['DEVELOPER'], namespaces: ['elsewhere'] }),
      staticToken('ada', administrator, { roles: ['ADMIN'] }),
    ],
  };
  gateway = stack.use(await startTestGateway({ ...database, clock, settings }));
  other = server ? stack.use(await startTestGateway({ ...database, clock, settings })) : gateway;
  await until(() => expect(['web', 'doomed'].map(phaseOf)).toEqual(['Running', 'Running']));
}, 60_000);
afterAll(() => stack.disposeAsync());

function makePod(name: string): void {
  const containers = ['main', 'side'].map((container) => ({
    name: container,
    image: `registry.example/${container}:1`,
  }));
  cluster.store.create(cluster.store.resource('', 'pods'), {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: { containers, terminationGracePeriodSeconds: 0 },
  });
}

const bindings = () => cluster.store.resource('rbac.authorization.k8s.io', 'rolebindings');

/** Gives dora a role of the cluster's own. */
function bind(role: string): void {
  cluster.store.create(bindings(), {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: `${role}-dora`, namespace: 'default' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'dora' }],
  });
}

function phaseOf(name: string): unknown {
  const pod = cluster.store.get(cluster.store.resource('', 'pods'), 'default', name);
  return (pod as { status?: { phase?: unknown } } | undefined)?.status?.phase;
}

/** Ids of the records of all terminals that are open. */
async function openRecords(): Promise<readonly string[]> {
  const open = { categories: ['TERMINAL'], statuses: ['PENDING'] } as const;
  const { records } = await gateway.gateway.rooms.operations.list(open, { first: 10 });
  return records.map(({ id }) => id);
}

/** The record of the one terminal that is open. */
async function openRecord(): Promise<string> {
  return until(async () => {
    const ids = await openRecords();
    expect(ids).toHaveLength(1);
    return ids[0] ?? '';
  });
}

/** Moves the clock until the terminal's record is closed; answers it, and how long that took in ms. */
async function untilEnded(id: string) {
  const startedAt = clock.now();
  let record: OperationRecord | undefined;
  let askedAt = -1;
  let isAsking = false;
  const ask = async () => {
    askedAt = clock.now();
    isAsking = true;
    record = await gateway.gateway.rooms.operations.get(id);
    isAsking = false;
  };
  await runClockUntil(
    clock,
    () => {
      // Once for each step: what the database is busy with takes no time by the clock.
      if (askedAt !== clock.now()) void ask();
      return record !== undefined && record.status !== 'PENDING';
    },
    { stepMs: 500, limitMs: 120_000, isBusy: () => isAsking },
  );
  return { record, tookMs: clock.now() - startedAt };
}

async function processesIn(pod: string, container = 'main'): Promise<string> {
  const path = `/api/v1/namespaces/default/pods/${pod}/exec?stdout=true&container=${container}&command=ps`;
  const session = await openSession(cluster, path);
  await session.status;
  return session.text(1);
}

const shell = 'exec bash; exec sh';

const untilNoShell = () => until(async () => expect(await processesIn('web')).not.toContain(shell));

async function opened(options: Partial<OpenTerminalOptions> = {}) {
  const terminal = await openTerminal({ issuer: gateway, token, pod: 'web', ...options });
  terminal.type('echo $((6*7)) is the answer\r');
  await until(() => expect(terminal.text()).toContain('42 is the answer'));
  expect(await processesIn(options.pod ?? 'web')).toContain(shell);
  return { terminal, id: await openRecord() };
}

describe('a terminal (CMP-109)', () => {
  it('runs a shell in the container, through another replica than the one that gave the ticket', async () => {
    const { terminal, id } = await opened({ gateway: other });
    terminal.resize(132, 43);
    terminal.type('stty size\r');
    await until(() => expect(terminal.text()).toContain('43 132'));
    terminal.type('exit 3\r');
    expect(await terminal.closed).toEqual({ code: 1000, reason: 'Exited with code 3' });
    expect(terminal.status()).toMatchObject({ status: 'Failure', reason: 'NonZeroExitCode' });
    const { record } = await untilEnded(id);
    expect(record).toMatchObject({
      action: 'terminal',
      status: 'SUCCEEDED',
      principalName: 'dora',
      target: { cluster: 'far', namespace: 'default', kind: 'Pod', name: 'web' },
      session: { exitCode: 3, endReason: 'EXITED', bytesIn: expect.any(Number), bytesOut: terminal.bytes() },
    });
    expect(record?.session?.bytesIn).toBe('echo $((6*7)) is the answer\rstty size\rexit 3\r'.length);
  });

  it('speaks to the AttachAddon of xterm.js as well', async () => {
    const { terminal, id } = await opened({ protocol: 'attach.longshore' });
    terminal.resize(99, 11);
    terminal.type('stty size\r');
    await until(() => expect(terminal.text()).toContain('11 99'));
    terminal.type('exit\r');
    expect(await terminal.closed).toEqual({ code: 1000, reason: 'Exited with code 0' });
    await untilEnded(id);
  });

  it('runs a command of its own in the container that is named', async () => {
    const input = { container: 'side', command: ['sh', '-c', 'echo hello from $HOSTNAME; exit 4'] };
    const terminal = await openTerminal({ issuer: gateway, token, pod: 'web', input });
    expect(await terminal.closed).toMatchObject({ reason: 'Exited with code 4' });
    expect(terminal.text()).toContain('hello from web');
  });

  it('tells in the words of the cluster that there is no such program (refused)', async () => {
    const terminal = await openTerminal({
      issuer: gateway,
      token,
      pod: 'web',
      input: { command: ['nothing-like-it'] },
    });
    const { code, reason } = await terminal.closed;
    expect([code, reason]).toEqual([1011, expect.stringContaining('error executing command in container')]);
  });

  it('is there several times in one pod, each by itself', async () => {
    const terminals = await Promise.all([1, 2, 3].map(() => openTerminal({ issuer: gateway, token, pod: 'web' })));
    for (const [index, terminal] of terminals.entries()) terminal.type(`echo number $((${index}+1))\r`);
    for (const [index, terminal] of terminals.entries()) {
      await until(() => expect(terminal.text()).toContain(`number ${index + 1}`));
      terminal.type('exit\r');
    }
    await Promise.all(terminals.map(({ closed }) => closed));
  });
});

const dora = (more: object = {}) => ({
  ...staticToken('dora', token, { roles: ['DEVELOPER'] }),
  groups: [],
  namespaces: [{ cluster: '*', namespace: 'default' }],
  expiresAt: undefined,
  ...more,
});
const otto = dora({
  ...staticToken('otto', stranger, { roles: ['DEVELOPER'] }),
  namespaces: [{ cluster: '*', namespace: 'elsewhere' }],
});
const ada = dora({ ...staticToken('ada', administrator, { roles: ['ADMIN'] }), namespaces: [] });
const setTokens = (...tokens: readonly StaticToken[]) =>
  gateway.gateway.rooms.authenticator.replaceTokens([...tokens, otto, ada]);

interface Ending {
  readonly name: string;
  readonly options?: Partial<OpenTerminalOptions>;
  readonly before?: () => void;
  /** What runs in it; `sleep 600` unless said otherwise. */
  readonly runs?: string;
  readonly end: (terminal: TestTerminal) => unknown;
  /** What the client is told; undefined where it cannot be. */
  readonly told: { readonly code: number; readonly reason: string } | undefined;
  readonly why: string;
  readonly status?: string;
  /** What the clock may take from the cause to the end of the shell, in ms. */
  readonly withinMs: number;
  /** Times that a cause needs by itself are not counted. */
  readonly after?: () => unknown;
}

const rightsGone = { code: 4403, reason: 'Your rights to this terminal have ended' };
const endings: readonly Ending[] = [
  {
    name: 'the client closes it',
    end: ({ socket }) => socket.close(1000),
    told: { code: 1000, reason: '' },
    why: 'CLIENT_CLOSED',
    withinMs: 10_000,
  },
  {
    name: 'the connection is cut without a close',
    end: ({ socket }) => socket.terminate(),
    told: undefined,
    why: 'CLIENT_LOST',
    withinMs: 10_000,
  },
  {
    name: 'the connection is reset',
    end: ({ socket }) => rawSocketOf(socket).resetAndDestroy(),
    told: undefined,
    why: 'CLIENT_LOST',
    withinMs: 10_000,
  },
  {
    name: 'the client ends its half of the connection without a close',
    end: ({ socket }) => rawSocketOf(socket).end(),
    told: undefined,
    why: 'CLIENT_LOST',
    withinMs: 10_000,
  },
  {
    name: 'the client reads nothing of what comes',
    runs: 'while true; do echo 0123456789; done',
    end: ({ socket }) => rawSocketOf(socket).pause(),
    told: undefined,
    why: 'SLOW_READER',
    withinMs: 30_000,
  },
  {
    name: 'the client is silent, as behind a firewall',
    end: ({ socket }) => rawSocketOf(socket).pause(),
    told: undefined,
    why: 'CLIENT_LOST',
    withinMs: 30_000,
  },
  {
    name: 'the client says what is not of the protocol',
    end: ({ socket }) => socket.send(Buffer.of(77, 1)),
    told: { code: 4400, reason: 'The message is not of the protocol' },
    why: 'BAD_MESSAGE',
    withinMs: 10_000,
  },
  {
    name: 'the client says more at once than there is room for',
    end: ({ socket }) => socket.send(Buffer.alloc(300 * 1_024)),
    told: { code: 1009, reason: '' },
    why: 'BAD_MESSAGE',
    withinMs: 10_000,
  },
  {
    name: 'the right is revoked',
    end: () => setTokens(dora({ namespaces: [{ cluster: '*', namespace: 'elsewhere' }] })),
    told: rightsGone,
    why: 'RIGHTS_CHANGED',
    withinMs: 10_000,
    after: () => setTokens(dora()),
  },
  {
    name: 'the token is taken away',
    end: () => setTokens(),
    told: rightsGone,
    why: 'RIGHTS_CHANGED',
    withinMs: 10_000,
    after: () => setTokens(dora()),
  },
  {
    name: 'the caller is disabled through another replica (P22)',
    end: async () => mutate('disableUser', { id: await userId(), reason: 'left' }),
    told: rightsGone,
    why: 'RIGHTS_CHANGED',
    withinMs: 10_000,
    after: async () => {
      await mutate('enableUser', { id: await userId() });
      await until(async () => expect((await gateway.query('{ viewer { id } }', {}, { token })).errors).toBeUndefined());
    },
  },
  {
    name: 'the token expires',
    before: () => setTokens(dora({ expiresAt: clock.now() + 600_000 })),
    end: () => clock.advance(600_000),
    told: { code: 4403, reason: 'Token expired' },
    why: 'TOKEN_EXPIRED',
    withinMs: 10_000,
    after: () => setTokens(dora()),
  },
  {
    name: 'nothing happens for as long as the profile allows (CON-31)',
    options: { cluster: 'impatient' },
    end: () => {},
    told: { code: 4408, reason: 'Nothing happened for too long' },
    why: 'IDLE',
    withinMs: 70_000,
  },
  {
    name: 'the pod is deleted',
    options: { pod: 'doomed' },
    end: () => void cluster.store.delete(cluster.store.resource('', 'pods'), 'default', 'doomed'),
    told: { code: 1000, reason: 'Exited with code 137' },
    why: 'EXITED',
    withinMs: 10_000,
  },
  {
    name: 'the connection to the cluster breaks',
    options: { cluster: 'fragile' },
    end: () => line.sever(),
    told: { code: 1011, reason: 'The connection to the cluster is gone' },
    why: 'CLUSTER_LOST',
    status: 'FAILED',
    withinMs: 10_000,
  },
];

describe('a terminal ends (P40, CMP-109)', () => {
  it.each(endings)('when $name: the shell is gone, the client told, the record closed', async (ending) => {
    ending.before?.();
    const { terminal, id } = await opened(ending.options);
    terminal.type(`${ending.runs ?? 'sleep 600'}\r`);
    if (ending.runs) await until(() => expect(terminal.text()).toContain('\n0123456789'));
    await ending.end(terminal);
    const { record, tookMs } = await untilEnded(id);
    await ending.after?.();
    expect(record).toMatchObject({ status: ending.status ?? 'SUCCEEDED', session: { endReason: ending.why } });
    expect(tookMs).toBeLessThanOrEqual(ending.withinMs);
    if (ending.told) expect(await terminal.closed).toEqual(ending.told);
    else terminal.socket.terminate();
    // A cluster that cannot be reached any more hears of the end by itself.
    if (phaseOf(ending.options?.pod ?? 'web')) await untilNoShell();
  });
});

describe('a terminal that is still being opened', () => {
  afterEach(() => {
    line.restore();
    setTokens(dora());
  });

  it.each([
    { name: 'is closed (CMP-109)', end: (id: string) => closeTerminal(id, token), code: 4410, why: 'CLOSED' },
    { name: 'loses its right (P22)', end: async () => setTokens(), code: 4403, why: 'RIGHTS_CHANGED' },
  ])('is not opened where it $name, however long the cluster takes (refused)', async ({ end, code, why }) => {
    const { ticket } = await issueTicket({ issuer: gateway, token, cluster: 'fragile', pod: 'web' });
    line.drop();
    const terminal = dialTerminal(gateway, ticket?.value ?? '');
    const id = await openRecord();
    await end(id);
    expect(await terminal.closed).toMatchObject({ code });
    expect((await untilEnded(id)).record).toMatchObject({ session: { endReason: why, bytesIn: 0 } });
  });
});

describe('who may open a terminal (CMP-109, CORE-17)', () => {
  it('is nobody with a ticket that was used (refused)', async () => {
    const { ticket } = await issueTicket({ issuer: gateway, token, pod: 'web' });
    const first = dialTerminal(gateway, ticket?.value ?? '');
    await until(() => expect(first.text()).not.toBe(''));
    const second = dialTerminal(other, ticket?.value ?? '');
    expect(await second.closed).toEqual({ code: 4401, reason: 'The ticket is not valid, or not any more' });
    first.type('exit\r');
    await first.closed;
  });

  it.each([
    { name: 'an invented ticket', ticket: 'lst_0000000000000000000000000000000000000000000000000', code: 4401 },
    { name: 'an empty one', ticket: '', code: 4401 },
  ])('is nobody with $name (refused)', async ({ ticket, code }) => {
    expect(await dialTerminal(gateway, ticket).closed).toMatchObject({ code });
  });

  it('is nobody with a ticket that has expired (refused)', async () => {
    const { ticket } = await issueTicket({ issuer: gateway, token, pod: 'web' });
    clock.advance(60_000);
    expect(await dialTerminal(gateway, ticket?.value ?? '').closed).toMatchObject({ code: 4401 });
  });

  it('is nobody who has lost the right since the ticket was issued (refused)', async () => {
    const { ticket } = await issueTicket({ issuer: gateway, token, pod: 'web' });
    setTokens(dora({ namespaces: [{ cluster: '*', namespace: 'elsewhere' }] }));
    const closed = await dialTerminal(gateway, ticket?.value ?? '').closed;
    setTokens(dora());
    // Who may not even see the pod is told what is told of none.
    expect(closed).toEqual({ code: 4404, reason: 'The pod or its container has ended' });
  });

  it.each([
    { name: 'without a ticket', protocols: ['v5.channel.k8s.io'], status: 401 },
    { name: 'with two', protocols: ['v5.channel.k8s.io', 'ticket.a', 'ticket.b'], status: 401 },
    { name: 'without a protocol', protocols: ['ticket.a'], status: 400 },
    {
      name: 'with a page of another site',
      protocols: ['v5.channel.k8s.io', 'ticket.a'],
      status: 403,
      origin: 'https://evil.example',
    },
  ])('is nobody $name: $status before there is a WebSocket (refused, P25)', async ({ protocols, status, origin }) => {
    expect(await statusOf(protocols, origin ? { origin } : {})).toBe(status);
  });

  it('is nobody while as many are open as the gateway takes, who is refused not counted: 503 (refused, P32)', async () => {
    await until(async () => expect(await openRecords()).toEqual([]));
    const refused = await Promise.all(
      Array.from({ length: mostTerminals }, async () => {
        const { socket } = dialTerminal(gateway, 'lst_nothing');
        await once(socket, 'open');
        // Whoever does not go is there for a while.
        rawSocketOf(socket).pause();
        return socket;
      }),
    );
    const open = Array.from({ length: mostTerminals }, () => openTerminal({ issuer: gateway, token, pod: 'web' }));
    const terminals = await Promise.all(open);
    expect(await statusOf(['v5.channel.k8s.io', 'ticket.lst_nothing'])).toBe(503);
    for (const socket of refused) socket.terminate();
    for (const { type } of terminals) type('exit\r');
    await Promise.all(terminals.map(({ closed }) => closed));
    await until(async () => expect(await openRecords()).toEqual([]));
  });

  it('is told as not found where the pod is not theirs to see (refused)', async () => {
    const asked = { issuer: gateway, pod: 'web' };
    const input = { id: idOfPod('web') };
    expect(await issueTicket({ ...asked, token: stranger, input })).toMatchObject({ __typename: 'NotFoundError' });
  });

  it.each([
    { name: 'a container that is not there', input: { container: 'nope' }, typename: 'ValidationError' },
    { name: 'no command at all', input: { command: [] }, typename: 'ValidationError' },
    { name: 'a size that no terminal has', input: { rows: 0 }, typename: 'ValidationError' },
  ])('gets no ticket for $name (refused)', async ({ input, typename }) => {
    expect(await issueTicket({ issuer: gateway, token, pod: 'web', input })).toMatchObject({ __typename: typename });
  });

  it('is refused by a cluster that knows its callers, where its own rights do not allow it (refused)', async () => {
    const terminal = await openTerminal({ issuer: gateway, token, cluster: 'strict', pod: 'web' });
    const { code, reason } = await terminal.closed;
    expect([code, reason]).toEqual([4403, expect.stringContaining('User "dora" cannot')]);
  });
});

describe('a terminal in a cluster that knows its callers', () => {
  it('runs as the caller, and ends within 10 s when the cluster takes the right away (P22)', async () => {
    bind('edit');
    const { terminal, id } = await opened({ cluster: 'strict' });
    // The question of the first look is answered by now, or the next one will be.
    clock.advance(8_000);
    cluster.store.delete(bindings(), 'default', 'edit-dora');
    const { record, tookMs } = await untilEnded(id);
    expect(record).toMatchObject({ session: { endReason: 'RIGHTS_CHANGED' } });
    expect(tookMs).toBeLessThanOrEqual(10_000);
    expect(await terminal.closed).toEqual(rightsGone);
  });
});

describe('attachTerminal', () => {
  it("shows what the container's own process writes", async () => {
    const { data } = await gateway.query<{ attachTerminal: { ticket: { value: string } | null } }>(
      `mutation ($input: AttachTerminalInput!) { attachTerminal(input: $input) {
        ... on AttachTerminalSuccess { ticket { value } } } }`,
      { input: { id: idOfPod('web') } },
      { token },
    );
    const terminal = dialTerminal(gateway, data?.attachTerminal.ticket?.value ?? '');
    const id = await openRecord();
    await until(() => expect(terminal.socket.readyState).toBe(terminal.socket.OPEN));
    terminal.socket.close(1000);
    // Before the clock moves: what is opening for seconds by then is given up.
    await terminal.closed;
    const { record } = await untilEnded(id);
    expect(record).toMatchObject({ action: 'attachedTerminal', session: { endReason: 'CLIENT_CLOSED' } });
  });
});

describe('closeTerminal', () => {
  it('ends a terminal that is open through another replica', async () => {
    const { terminal, id } = await opened();
    expect(await closeTerminal(id, token)).toBe('CloseTerminalSuccess');
    expect(await terminal.closed).toMatchObject({ code: 4410 });
    expect((await untilEnded(id)).record).toMatchObject({ session: { endReason: 'CLOSED' } });
  });

  it('finds no terminal of somebody else (refused)', async () => {
    const { terminal, id } = await opened();
    expect(await closeTerminal(id, stranger)).toBe('NotFoundError');
    terminal.type('exit\r');
    expect(await terminal.closed).toMatchObject({ code: 1000 });
    await untilEnded(id);
  });
});

describe('a gateway that goes away', () => {
  it('tells its terminals to come back, and waits until their processes have ended (P37)', async () => {
    const { terminal } = await opened({ gateway: other });
    let isGone = false;
    const gone = other.gateway.drain().then(() => {
      isGone = true;
    });
    expect(await terminal.closed).toEqual({ code: 1012, reason: 'DRAIN: open it again' });
    await runClockUntil(clock, () => isGone, { stepMs: 50 });
    await gone;
    await untilNoShell();
  });
});

/** As an administrator, through the other replica. */
async function mutate(name: string, input: object): Promise<void> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const { data } = await other.query<Record<string, { __typename: string }>>(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename } }`,
    { input },
    { token: administrator },
  );
  expect(data?.[name]?.__typename).toBe(`${type}Success`);
}

/** Of dora, as the replica knows her that she has come to. */
async function userId(): Promise<string> {
  const { data } = await gateway.query<{ users: { nodes: { id: string }[] } }>(
    '{ users(filter: { principalIds: ["token:dora"] }) { nodes { id } } }',
    {},
    { token: administrator },
  );
  return data?.users.nodes[0]?.id ?? '';
}

/** Through the other replica. */
async function closeTerminal(id: string, as: string) {
  const { data } = await other.query<{ closeTerminal: { __typename: string } }>(
    'mutation ($id: ID!) { closeTerminal(input: { id: $id }) { __typename } }',
    { id: encodeGlobalId({ of: 'row', plugin: 'core', type: 'OperationRecord', key: id }) },
    { token: as },
  );
  return data?.closeTerminal.__typename;
}

/** What is answered in place of a WebSocket. */
async function statusOf(protocols: readonly string[], options: { readonly origin?: string } = {}): Promise<unknown> {
  const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/terminal`, [...protocols], options);
  const answer = new Promise((resolve) => {
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode));
    socket.on('error', () => {});
  });
  const status = await answer;
  socket.terminate();
  return status;
}

const idOfPod = (name: string) =>
  encodeGlobalId({ of: 'kubernetes', cluster: 'far', group: '', kind: 'Pod', namespace: 'default', name });

function rawSocketOf(socket: WebSocket): Socket {
  return Reflect.get(socket, '_socket') as Socket;
}
