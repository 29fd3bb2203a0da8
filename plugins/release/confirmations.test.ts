import { createHash, randomUUID } from 'node:crypto';
import { startTestGateway, type TestGateway } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres } from '../../src/data/testing/start-postgres.ts';
import { encodeGlobalId } from '../../src/graph/global-id.ts';
import { until } from '../../test/support/until.ts';
import { type MadeOrder, orderRows } from './testing/order-rows.ts';

const server = await startPostgres();
/** Two replicas on one database where this machine has a PostgreSQL; else one gateway twice. */
let replicas: readonly TestGateway[];
const rows = orderRows(() => replicas[0] as TestGateway);
const secret = (name: string) => `${name}-token-of-thirty-two-characters`;
const people = ['owner', 'operator', 'member', 'stranger'] as const;
type Person = (typeof people)[number];

beforeAll(async () => {
  const tokens = people.map((name) => ({
    name,
    sha256: createHash('sha256').update(secret(name)).digest('hex'),
    roles: ['DEVELOPER'],
    namespaces: [name === 'stranger' ? 'elsewhere' : 'shop'],
  }));
  const databaseUrl = await server?.createDatabase();
  const start = () => startTestGateway({ settings: { tokens }, ...(databaseUrl ? { databaseUrl } : {}) });
  const first = await start();
  replicas = [first, databaseUrl ? await start() : first];
}, 60_000);
afterAll(async () => {
  for (const gateway of new Set(replicas)) await gateway.stop();
  await server?.stop();
});

async function ask<Data>(source: string, variables: object, who: Person = 'owner', replica = 0): Promise<Data> {
  const { data, errors } = await (replicas[replica] as TestGateway).query(source, variables as never, {
    token: secret(who),
  });
  expect(JSON.stringify(errors)).toBeUndefined();
  return data as Data;
}

interface Answer {
  readonly __typename: string;
  readonly message?: string;
  readonly code?: string;
  readonly issues?: readonly { readonly path: readonly string[]; readonly code: string }[];
}

const confirm = async (input: object, who?: Person, replica?: number): Promise<Answer> =>
  (
    await ask<{ confirmReleaseOrder: Answer }>(
      `mutation ($input: ConfirmReleaseOrderInput!) { confirmReleaseOrder(input: $input) { __typename
        ... on ConfirmReleaseOrderSuccess { releaseOrder { id state } } ... on Error { message code }
        ... on ValidationError { issues { path code } } } }`,
      { input },
      who,
      replica,
    )
  ).confirmReleaseOrder;

interface Group {
  readonly id: string;
  readonly position: number;
  readonly state: string;
  readonly confirmedBy: string | null;
}

interface Seen {
  readonly state: string;
  readonly waitingGroups: readonly (Group & { readonly release: { readonly serviceName: string } })[];
  readonly releases: readonly { readonly groups: readonly Group[] }[];
  readonly events: { readonly nodes: readonly { readonly kind: string; readonly groupPosition: number | null }[] };
}

const group = 'id position state confirmedBy';
const read = async ({ id }: MadeOrder): Promise<Seen> =>
  (
    await ask<{ releaseOrder: Seen }>(
      `query ($id: ID!) { releaseOrder(id: $id) { state waitingGroups { ${group} release { serviceName } }
        releases { groups { ${group} } } events(first: 100) { nodes { kind groupPosition } } } }`,
      { id },
    )
  ).releaseOrder;

/** An order that waits behind the first of its groups. */
async function waiting(services = 1, groups = 4): Promise<MadeOrder> {
  const all = [];
  for (let at = 0; at < services; at += 1) {
    const service = await rows.service({ owner: 'token:owner', operators: ['token:operator'] });
    all.push({ service, state: 'PAUSED' as const, groups });
  }
  return rows.order({ state: 'PAUSED', releases: all });
}

/** Until its next group waits: its pods are all there already. */
const waitsAt = (order: MadeOrder, position: number): Promise<Seen> =>
  until(async () => {
    const seen = await read(order);
    expect(seen.waitingGroups.map((each) => each.position)).toEqual([position]);
    return seen;
  });

const success = { __typename: 'ConfirmReleaseOrderSuccess' };

describe('a confirmation names what it confirms (REL-30, REL-31)', () => {
  it('so that two people who click at the same time, each at another replica, confirm one group, once', async () => {
    const order = await waiting();
    const [beta] = (await read(order)).waitingGroups;
    const input = { id: order.id, groupIds: [beta?.id] };
    const both = await Promise.all([confirm(input, 'owner', 0), confirm(input, 'operator', 1)]);
    expect(both).toMatchObject([success, success]);
    const next = await waitsAt(order, 1);
    const confirmations = next.events.nodes.filter(({ kind }) => kind === 'CONFIRMED');
    expect(confirmations).toEqual([{ kind: 'CONFIRMED', groupPosition: 0 }]);
    expect(['token:owner', 'token:operator']).toContain(next.releases[0]?.groups[0]?.confirmedBy);
  });

  it('so that a second click that comes late leaves the next group waiting', async () => {
    const order = await waiting();
    const [beta] = (await read(order)).waitingGroups;
    const input = { id: order.id, groupIds: [beta?.id] };
    expect(await confirm(input, 'owner', 0)).toMatchObject(success);
    const [second] = (await waitsAt(order, 1)).waitingGroups;
    expect(await confirm(input, 'owner', 1)).toMatchObject(success);
    expect(await confirm(input, 'operator', 0)).toMatchObject(success);
    const after = await read(order);
    expect(after.waitingGroups).toEqual([{ ...second, confirmedBy: null }]);
    expect(after.releases[0]?.groups[0]?.confirmedBy).toBe('token:owner');
    expect(after.events.nodes.filter(({ kind }) => kind === 'CONFIRMED')).toHaveLength(1);
  });

  it('and says what waits where a group does not, changing nothing (refused)', async () => {
    const order = await waiting(2);
    const { releases, waitingGroups } = await read(order);
    const third = releases[0]?.groups[2]?.id;
    const mixed = { id: order.id, groupIds: [...waitingGroups.map(({ id }) => id), third] };
    const refused = await confirm(mixed);
    expect(refused).toMatchObject({ __typename: 'ConflictError', code: 'CONFLICT' });
    expect(refused.message).toMatch(
      /^Nothing was confirmed: Group 3 of '.*' is PENDING\. What waits now: The beta group of '.*', The beta group of '.*'\.$/,
    );
    expect((await read(order)).waitingGroups).toEqual(waitingGroups);
    const ended = await rows.order({
      state: 'CANCELLED',
      releases: [{ service: await rows.service(), state: 'CANCELLED' }],
    });
    const gone = (await read(ended)).releases[0]?.groups[0]?.id;
    expect(await confirm({ id: ended.id, groupIds: [gone] })).toMatchObject({
      __typename: 'ConflictError',
      message: expect.stringContaining('None of them waits now.'),
    });
  });

  it('for all services of an order that wait, or for one of them alone', async () => {
    const order = await waiting(3, 2);
    const { waitingGroups } = await read(order);
    expect(new Set(waitingGroups.map(({ release }) => release.serviceName)).size).toBe(3);
    const [one, ...others] = waitingGroups.map(({ id }) => id);
    expect(await confirm({ id: order.id, groupIds: [one] })).toMatchObject(success);
    expect((await read(order)).waitingGroups.map(({ id }) => id)).toEqual(others);
    expect(await confirm({ id: order.id, groupIds: others, dryRun: true })).toMatchObject(success);
    expect((await read(order)).waitingGroups).toHaveLength(2);
    expect(await confirm({ id: order.id, groupIds: [one, ...others] })).toMatchObject(success);
    await until(async () => expect((await read(order)).state).toBe('SUCCEEDED'));
  });

  it('and is for nobody else than those who may, also where it is confirmed already (refused)', async () => {
    const order = await waiting();
    const groupIds = (await read(order)).waitingGroups.map(({ id }) => id);
    for (const already of [false, true]) {
      expect([already, (await confirm({ id: order.id, groupIds }, 'member')).__typename]).toEqual([
        already,
        'ForbiddenError',
      ]);
      expect(await confirm({ id: order.id, groupIds }, 'stranger')).toMatchObject({ __typename: 'NotFoundError' });
      if (!already) await confirm({ id: order.id, groupIds });
    }
  });

  it('and is not guessed from what does not name it (bad input)', async () => {
    const [order, other] = [await waiting(), await waiting()];
    const { id } = order;
    const groupIds = (await read(order)).waitingGroups.map((each) => each.id);
    const codes = async (input: object) =>
      (await confirm({ id, ...input })).issues?.map(({ path, code }) => `${path.join('.')} ${code}`);
    expect(await codes({})).toEqual(['groupIds required']);
    expect(await codes({ groupIds: [] })).toEqual(['groupIds too_few']);
    expect(await codes({ groupIds: Array(501).fill(groupIds[0]) })).toEqual(['groupIds too_many']);
    expect(await codes({ groupIds, rollback: true })).toEqual(['groupIds not_with_rollback']);
    expect(await codes({ groupIds, releaseIds: [id] })).toEqual(['releaseIds only_with_rollback']);
    const foreign = (await read(other)).waitingGroups.map((each) => each.id);
    const unknown = encodeGlobalId({ of: 'row', plugin: 'release', type: 'ReleaseGroup', key: randomUUID() });
    for (const wrong of [foreign, [unknown], ['x'], [id], [...groupIds, ...foreign]]) {
      expect(await confirm({ id, groupIds: wrong })).toMatchObject({ __typename: 'NotFoundError' });
    }
    expect((await read(order)).waitingGroups).toHaveLength(1);
  });
});
