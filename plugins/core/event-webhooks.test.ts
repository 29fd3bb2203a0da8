import { createHash } from 'node:crypto';
import type { Logger } from 'longshore/sdk';
import { startTestGateway, type TestGateway } from 'longshore/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { signatureOf, startWebhookReceiver, type WebhookReceiver } from './testing/start-webhook-receiver.ts';

let gateway: TestGateway;
let receiver: WebhookReceiver;
const developer = 'dev-developer';
/** May read everything, and change nothing. */
const auditor = 'auditor-token-of-thirty-two-chars';

beforeAll(async () => {
  receiver = await startWebhookReceiver();
  gateway = await startTestGateway({
    logger: logTo(logged),
    settings: {
      egress: { allow: ['127.0.0.1'] },
      roles: [
        { name: 'auditor', description: 'Reads.', extends: ['GUEST'], rules: [{ actions: ['READ'], subjects: 'ALL' }] },
      ],
      tokens: [{ name: 'auditor', sha256: createHash('sha256').update(auditor).digest('hex'), roles: ['auditor'] }],
      pluginSettings: { core: { eventWebhooks: { maxAttempts: 2 } } },
    },
  });
});
afterEach(async () => {
  receiver.answer = () => 204;
  for (const id of hooks.splice(0)) await mutate('deleteEventWebhook', { id }, 'id');
});
afterAll(async () => {
  await gateway?.stop();
  await receiver?.stop();
});

async function mutate<T>(name: string, input: object, fields: string, token?: string) {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const { data, errors } = await gateway.query<Record<string, T & { readonly __typename: string }>>(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on ${type}Success { ${fields} }
      ... on Error { message } ... on ValidationError { issues { path code message } } } }`,
    { input } as never,
    token ? { token } : {},
  );
  expect(errors).toBeUndefined();
  return data?.[name] as T & { readonly __typename: string };
}

interface Webhook {
  readonly id: string;
  readonly version: number;
  readonly state: string;
  readonly stopReason: string | null;
  readonly problem: string | null;
  readonly deliveredCount: number;
  readonly position: string | null;
  readonly resyncReason: string | null;
  readonly deadLetters: { readonly nodes: readonly { readonly eventId: string; readonly after: string | null }[] };
}

const webhookFields =
  'id version state stopReason problem deliveredCount position resyncReason deadLetters { nodes { eventId eventType subject after attempts httpStatus problem } }';

/** Everything that is logged, as it would be written. */
const logged: string[] = [];
function logTo(lines: string[]): Logger {
  const write = (context: object, message: string) => void lines.push(`${message} ${JSON.stringify(context)}`);
  const logger: Logger = { debug: write, info: write, warn: write, error: write, child: () => logger };
  return logger;
}

const hooks: string[] = [];
let made = 0;
const nextName = (word: string): string => {
  made += 1;
  return `${word}-${made}`;
};

interface Made {
  readonly id: string;
  readonly path: string;
  readonly secret: string;
}

async function make(subscription: string, variables: object = {}, token?: string): Promise<Made> {
  const path = `/${nextName('hook')}`;
  const input = { displayName: path, url: `${receiver.url}${path}`, subscription, variables };
  const answer = await mutate<{ eventWebhook: Webhook; secret: string }>(
    'createEventWebhook',
    input,
    `eventWebhook { ${webhookFields} } secret`,
    token,
  );
  if (!answer.eventWebhook) throw new Error(JSON.stringify(answer));
  hooks.push(answer.eventWebhook.id);
  return { id: answer.eventWebhook.id, path, secret: answer.secret };
}

async function look(id: string, token?: string): Promise<Webhook> {
  const { data, errors } = await gateway.query<{ node: Webhook }>(
    `query ($id: ID!) { node(id: $id) { ... on EventWebhook { ${webhookFields} } } }`,
    { id } as never,
    token ? { token } : {},
  );
  expect(errors).toBeUndefined();
  return data?.node as Webhook;
}

async function change(
  id: string,
  edits: object,
): Promise<{ readonly eventWebhook: Webhook; readonly secret: string | null }> {
  const { version } = await look(id);
  const answer = await mutate<{ eventWebhook: Webhook; secret: string | null }>(
    'updateEventWebhook',
    { id, version, ...edits },
    `eventWebhook { ${webhookFields} } secret`,
  );
  expect(answer.__typename).toBe('UpdateEventWebhookSuccess');
  return answer;
}

/** Writes a ConfigMap; each writing makes a record, and a change of the object. */
async function write(name: string, value: string, kind = 'ConfigMap', namespace = 'shop'): Promise<void> {
  const data = kind === 'Secret' ? 'stringData' : 'data';
  const manifest = JSON.stringify({
    apiVersion: 'v1',
    kind,
    metadata: { name, namespace, labels: { from: 'webhooks' } },
    [data]: { value },
  });
  const answer = await mutate('applyManifest', { cluster: 'embedded', manifest }, 'warnings');
  expect(answer.__typename).toBe('ApplyManifestSuccess');
}

const records = `subscription ($names: String) { operationRecordChanges(filter: { actions: ["applyManifest"], name: $names }) {
  type record { id status target { name } } } }`;
const configMaps = `subscription ($selector: String, $snapshot: Boolean!) {
  configMapChanges: objectChanges(cluster: "embedded", apiVersion: "v1", kind: "ConfigMap", filter: { labelSelector: $selector }, snapshot: $snapshot) {
    type configMap: object { name json(pointer: "/data") } } }`;

const taken = (path: string) => receiver.taken(path);
const poll = <T>(look: () => T) => expect.poll(look, { timeout: 20_000, interval: 30 });

describe('event webhooks', () => {
  it('are told what the subscription tells, as CloudEvents that a receiver can verify; the secret is told once (CORE-41)', async () => {
    const { id, path, secret } = await make(records);
    const name = nextName('told');
    await write(name, 'one');
    await poll(() => taken(path).length).toBeGreaterThanOrEqual(2);
    await poll(async () => (await look(id)).deliveredCount).toBe(taken(path).length);
    const [call] = receiver.calls.filter((each) => each.path === path);
    if (!call) throw new Error('nothing came');
    expect(call.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
    expect(call.headers['webhook-signature']).toBe(signatureOf(secret, call, JSON.stringify(call.event)));
    expect(Math.abs(Number(call.headers['webhook-timestamp']) - Date.now() / 1_000)).toBeLessThan(30);
    const [, , uuid] = Buffer.from(id, 'base64url').toString().split('|');
    expect(call.event).toEqual({
      specversion: '1.0',
      id: call.headers['webhook-id'],
      source: `/event-webhooks/${uuid}`,
      type: 'io.longshore.operation-record.added.v1',
      subject: expect.any(String),
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      datacontenttype: 'application/json',
      streamcursor: expect.any(String),
      data: {
        data: {
          operationRecordChanges: {
            type: 'ADDED',
            record: { id: call.event.subject, status: 'PENDING', target: expect.anything() },
          },
        },
      },
    });
    expect(taken(path).at(-1)).toMatchObject({
      type: 'io.longshore.operation-record.modified.v1',
      subject: call.event.subject,
      data: { data: { operationRecordChanges: { record: { status: 'SUCCEEDED' } } } },
    });
    const metrics = await (
      await fetch(`${gateway.url}/metrics`, { headers: { authorization: 'Bearer dev-admin' } })
    ).text();
    expect(metrics).toContain(`longshore_event_webhook_delivered_total{webhook="${uuid}"} ${taken(path).length}`);
    expect(metrics).toMatch(new RegExp(`longshore_event_webhook_lag_seconds\\{webhook="${uuid}"\\} \\d`));
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const everything = await gateway.query(
      `{ eventWebhooks { nodes { displayName url origin subscription variables owner { id } isPaused state httpStatus version secretRotatedAt } }
         operationRecords(filter: { actions: ["createEventWebhook"] }) { nodes { id target { name } changes { path before after } } } }`,
    );
    expect(everything.errors).toBeUndefined();
    expect(JSON.stringify(everything)).not.toContain(secret.slice(6));
    expect(logged.join('\n')).not.toContain(secret.slice(6));
    expect(JSON.stringify(everything.data?.operationRecords)).not.toContain(`${receiver.url}${path}`);
  });

  it('are told of objects: what is there, a mark behind it, and what changes; of Secrets no values (CORE-41)', async () => {
    const name = nextName('listed');
    await write(name, 'one');
    const { path } = await make(configMaps, { selector: 'from=webhooks', snapshot: true });
    const types = () => taken(path).map(({ type }) => type);
    await poll(types).toContain('io.longshore.stream.snapshot.v1');
    expect(types().indexOf('io.longshore.stream.snapshot.v1')).toBe(types().length - 1);
    await write(name, 'two');
    const changed = () => taken(path).find(({ type }) => type === 'io.longshore.kubernetes-object.modified.v1');
    await poll(changed).toBeDefined();
    expect(changed()?.data.data.configMapChanges.configMap).toEqual({ name, json: { value: 'two' } });

    const secrets = `subscription { objectChanges(cluster: "embedded", apiVersion: "v1", kind: "Secret", snapshot: false) {
      type object { name yaml json } } }`;
    const sealed = await make(secrets);
    await write(nextName('hidden'), 'canary-in-a-secret', 'Secret');
    await poll(() => taken(sealed.path).length).toBeGreaterThan(0);
    expect(JSON.stringify(receiver.calls)).not.toMatch(/canary-in-a-secret|Y2FuYXJ5LWluLWEtc2VjcmV0/);
  });

  it('keep the order of each object whatever fails in between, and one object does not hold up others (P4)', async () => {
    const { id, path } = await make(configMaps, { selector: 'from=webhooks', snapshot: false });
    const [bad, good] = [nextName('bad'), nextName('good')];
    let refusals = 1;
    receiver.answer = ({ data }, called) =>
      called === path && data.data.configMapChanges.configMap.name === bad && refusals-- > 0 ? 400 : 204;
    for (const value of ['1', '2', '3']) {
      await write(bad, value);
      await write(good, value);
    }
    const valuesOf = (name: string) =>
      taken(path)
        .map(({ data }) => data.data.configMapChanges.configMap)
        .filter((each) => each.name === name)
        .map(({ json }) => json.value);
    await poll(() => valuesOf(bad)).toEqual(['1', '2', '3']);
    expect(valuesOf(good)).toEqual(['1', '2', '3']);
    const ofBad = receiver.calls.filter(
      (call) => call.path === path && call.event.data.data.configMapChanges.configMap.name === bad,
    );
    expect(ofBad.map(({ status }) => status)).toEqual([400, 204, 204, 204]);
    expect(ofBad[0]?.event).toEqual(ofBad[1]?.event);
    const order = taken(path).map(({ data }) => data.data.configMapChanges.configMap.name);
    expect(order[0]).toBe(good);
    expect((await look(id)).deadLetters.nodes).toEqual([]);
  });

  it('have what is refused for good among their dead letters, and take it later by a replay, under the same ids (CORE-41)', async () => {
    const name = nextName('dead');
    const { id, path } = await make(records, { names: name });
    receiver.answer = () => 422;
    await write(name, 'one');
    await poll(async () => (await look(id)).deadLetters.nodes.length).toBe(2);
    const refused = await look(id);
    expect(refused).toMatchObject({ state: 'ACTIVE', problem: 'It answered 422', deliveredCount: 0 });
    expect(refused.deadLetters.nodes[0]).toMatchObject({
      eventType: 'io.longshore.operation-record.modified.v1',
      ...{ attempts: 2, httpStatus: 422, problem: 'It answered 422' },
    });
    receiver.answer = () => 204;
    const ids = refused.deadLetters.nodes.map(({ eventId }) => eventId).toReversed();
    const replayed = await mutate('replayEventWebhook', { id, deadLetters: true }, 'eventWebhook { id }');
    expect(replayed.__typename).toBe('ReplayEventWebhookSuccess');
    await poll(() => taken(path).map((event) => event.id)).toEqual(ids);
    await poll(async () => (await look(id)).deadLetters.nodes).toEqual([]);

    await mutate('replayEventWebhook', { id, after: refused.deadLetters.nodes.at(-1)?.after }, 'eventWebhook { id }');
    await poll(() => taken(path).map((event) => event.id)).toEqual([...ids, ...ids]);
  });

  it('lose nothing while they are paused, and none of what the gateway did not write down that it was told (P4, P11)', async () => {
    const { id, path } = await make(records);
    await change(id, { isPaused: true });
    const name = nextName('paused');
    await write(name, 'one');
    expect((await look(id)).state).toBe('PAUSED');
    let kills = 2;
    gateway.gateway.failpoints.arm('core.eventWebhooks.before-commit', () => {
      kills -= 1;
      if (kills >= 0) throw new Error('killed');
    });
    await change(id, { isPaused: false });
    const told = () => taken(path).map((event) => event.id);
    await poll(() => new Set(told()).size).toBe(2);
    await poll(async () => (await look(id)).deliveredCount).toBeGreaterThan(0);
    gateway.gateway.failpoints.arm('core.eventWebhooks.before-commit', () => {});
    // Told twice where it was not known that it had been, each under its one id.
    expect(told().length).toBeGreaterThan(2);
    expect(new Set(told()).size).toBe(2);
    const before = told().length;
    await write(nextName('later'), 'one');
    await poll(() => told().length).toBe(before + 2);
  });

  it('say so where what followed their place is not kept any more, and go on from now (P4)', async () => {
    const { id, path } = await make(records);
    await change(id, { isPaused: true });
    const { database } = gateway.gateway.foundation;
    await database.db.execute(`update journal_streams set epoch = 'another' where name = 'core.operationRecords'`);
    await change(id, { isPaused: false });
    await poll(() =>
      taken(path)
        .map(({ type }) => type)
        .slice(0, 2),
    ).toEqual(['io.longshore.stream.resync.v1', 'io.longshore.stream.snapshot.v1']);
    await poll(async () => (await look(id)).resyncReason).toBe('CURSOR_EXPIRED');
    await write(nextName('after'), 'one');
    await poll(() => taken(path).at(-1)?.data.data.operationRecordChanges.record?.status).toBe('SUCCEEDED');
  });

  it('are asked less and less often where nothing takes what they are told, and stop where a receiver wants no more (CORE-41)', async () => {
    const name = nextName('away');
    const { id, path } = await make(records, { names: name });
    receiver.answer = () => 503;
    await write(name, 'one');
    await poll(async () => (await look(id)).state).toBe('FAILING');
    await poll(() => receiver.calls.filter((call) => call.path === path).length).toBeGreaterThan(1);
    // An outage is not for the event to pay for, and is told one thing at a time.
    const tried = receiver.calls.filter((call) => call.path === path);
    expect(new Set(tried.map(({ event }) => event.id)).size).toBe(1);
    receiver.answer = () => 204;
    await poll(() => taken(path).length).toBe(2);
    await poll(async () => (await look(id)).state).toBe('ACTIVE');
    receiver.answer = () => 410;
    await write(name, 'two');
    await poll(async () => (await look(id)).stopReason).toBe('GONE');
    receiver.answer = () => 204;
    await change(id, { isPaused: false });
    await poll(() => taken(path).length).toBe(4);
  });

  it('do not follow redirects, and ask nothing behind an address that leads inside (P26)', async () => {
    const name = nextName('moved');
    const { id, path } = await make(records, { names: name });
    receiver.answer = () => (response) => response.writeHead(307, { location: `${receiver.url}/elsewhere` }).end();
    await write(name, 'one');
    await poll(async () => (await look(id)).deadLetters.nodes.length).toBe(2);
    expect(receiver.calls.filter((call) => call.path === '/elsewhere')).toEqual([]);
    expect(receiver.calls.filter((call) => call.path === path).length).toBe(4);
  });

  it('sign with both secrets for a while after a rotation (CORE-41)', async () => {
    const name = nextName('rotated');
    const { id, path, secret } = await make(records, { names: name });
    const { secret: next } = await change(id, { rotateSecret: true });
    await write(name, 'one');
    await poll(() => taken(path).length).toBe(2);
    const call = receiver.calls.find((each) => each.path === path);
    if (!call || !next) throw new Error('nothing came');
    const body = JSON.stringify(call.event);
    expect(call.headers['webhook-signature']).toBe(
      `${signatureOf(next, call, body)} ${signatureOf(secret, call, body)}`,
    );
    expect(next).not.toBe(secret);
  });
});

describe('whose rights event webhooks have', () => {
  it('tell what their owner may see, and nothing any more once the owner may not be here (P22)', async () => {
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const scope = { roles: ['DEVELOPER'], namespaces: [{ cluster: 'embedded', namespace: 'shop' }], expiresAt };
    const token = await mutate<{ token: string; serviceToken: { id: string } }>(
      'createServiceToken',
      { name: nextName('integrator'), ...scope },
      'token serviceToken { id }',
    );
    const { id, path } = await make(configMaps, { selector: 'from=webhooks', snapshot: false }, token.token);
    const [seen, hidden] = [nextName('seen'), nextName('hidden')];
    await write(hidden, 'one', 'ConfigMap', 'default');
    await write(seen, 'one');
    await poll(() => taken(path).length).toBe(1);
    expect(taken(path)[0]?.data.data.configMapChanges.configMap.name).toBe(seen);
    expect(await look(id, developer)).toBeNull();
    const theirs = await gateway.query('{ eventWebhooks { nodes { id } } }', undefined, { token: token.token });
    expect(theirs.data).toEqual({ eventWebhooks: { nodes: [{ id }] } });

    await mutate('revokeServiceToken', { id: token.serviceToken.id }, 'warnings');
    await write(seen, 'two');
    await poll(async () => (await look(id)).stopReason).toBe('OWNER_GONE');
    expect(taken(path)).toHaveLength(1);
  });

  it('belong to whoever made them: to others they are not there, whatever they try (CORE-41)', async () => {
    const { id } = await make(records);
    for (const [name, input] of [
      ['updateEventWebhook', { version: 1, displayName: 'Mine' }],
      ['replayEventWebhook', { deadLetters: true }],
      ['deleteEventWebhook', {}],
    ] as const) {
      expect((await mutate(name, { id, ...input }, 'warnings', developer)).__typename).toBe('NotFoundError');
    }
    expect((await mutate('deleteEventWebhook', { id }, 'id')).__typename).toBe('DeleteEventWebhookSuccess');
    expect(await look(id)).toBeNull();
  });
});

describe('to who may only read an event webhook', () => {
  it('its address is not shown, only where that is, and it is not theirs to change (P21)', async () => {
    const { id } = await make(records);
    const { data } = await gateway.query(
      `{ eventWebhooks(filter: { states: [ACTIVE] }) { nodes { id url origin } } }`,
      undefined,
      {
        token: auditor,
      },
    );
    expect(data).toEqual({ eventWebhooks: { nodes: [{ id, url: null, origin: receiver.url }] } });
    const asked = await mutate('updateEventWebhook', { id, version: 1, isPaused: true }, 'warnings', auditor);
    expect(asked.__typename).toBe('ForbiddenError');
  });
});

describe('what is no event webhook', () => {
  const good = { displayName: 'hook', url: 'https://hooks.example.com/x', subscription: records };
  const codes = async (input: object) => {
    const answer = await mutate<{ issues?: { path: string[]; code: string }[] }>(
      'createEventWebhook',
      { ...good, ...input },
      'warnings',
    );
    return answer.issues?.map(({ path, code }) => `${path.join('.')} ${code}`) ?? answer.__typename;
  };

  it.each([
    ['an address inside', { url: 'http://169.254.169.254/latest' }, 'url address_refused'],
    ['an address with a password', { url: 'https://a:b@hooks.example.com' }, 'url address_refused'],
    ['an empty address', { url: '' }, 'url required'],
    ['an empty document', { subscription: '' }, 'subscription required'],
    ['another scheme', { url: 'file:///etc/passwd' }, 'url address_refused'],
    ['an address of a megabyte', { url: `https://hooks.example.com/${'x'.repeat(900_000)}` }, 'url too_long'],
    ['a name without letters', { displayName: '  ' }, 'displayName invalid_name'],
    ['a query', { subscription: '{ viewer { id } }' }, 'subscription invalid_subscription'],
    ['no GraphQL', { subscription: 'subscription {' }, 'subscription invalid_subscription'],
    [
      'a field that is not there',
      { subscription: 'subscription { nothing { type } }' },
      'subscription invalid_subscription',
    ],
    [
      'a kind that is not there',
      {
        subscription: 'subscription { objectChanges(cluster: "embedded", apiVersion: "v1", kind: "Nothing") { type } }',
      },
      'subscription invalid_subscription',
    ],
    [
      'a selector that is none',
      { subscription: configMaps, variables: { selector: 'a in (', snapshot: false } },
      'subscription invalid_subscription',
    ],
    [
      '10,000 labels',
      {
        subscription: configMaps,
        variables: { selector: Array.from({ length: 10_000 }, (_, index) => `l${index}=x`).join(), snapshot: false },
      },
      'variables too_long',
    ],
    ['variables that are a list', { variables: [1] }, 'variables invalid_variables'],
    ['a variable that is missing', { subscription: configMaps }, 'subscription invalid_subscription'],
    [
      'a stream of what has no id',
      { subscription: 'subscription { podLogLines(id: "x") { type } }' },
      'subscription invalid_subscription',
    ],
    [
      'the value of a Secret',
      {
        subscription:
          'subscription { objectChanges(cluster: "embedded", apiVersion: "v1", kind: "Secret") { object { ... on Secret { value(key: "a") } } } }',
      },
      'subscription invalid_subscription',
    ],
    [
      'a root fragment',
      { subscription: 'subscription { ...on Subscription { serviceTokenChanges { type } } }' },
      'subscription invalid_subscription',
    ],
    [
      'two operations',
      {
        subscription: 'subscription A { serviceTokenChanges { type } } subscription B { serviceTokenChanges { type } }',
      },
      'subscription invalid_subscription',
    ],
  ])('is refused: %s (P26, P30)', async (_name, input, code) => {
    expect(await codes(input)).toEqual([code]);
  });

  it('is refused: a change to an empty address or document, which is not taken for none (CORE-41)', async () => {
    const { id } = await make(records);
    for (const empty of ['url', 'subscription']) {
      const input = { id, version: 1, [empty]: '' };
      const answer = await mutate<{ issues?: { path: string[]; code: string }[] }>(
        'updateEventWebhook',
        input,
        'warnings',
      );
      expect(answer.issues).toEqual([expect.objectContaining({ path: [empty], code: 'required' })]);
    }
  });

  it('is refused: a cursor of another stream, a replay of nothing, more than one may have (CORE-41)', async () => {
    const { id } = await make(records);
    const other = await make('subscription { serviceTokenChanges(snapshot: false) { type serviceToken { name } } }');
    const { position } = await look(other.id);
    const replay = (input: object) =>
      mutate<{ issues: { path: string[]; code: string }[] }>('replayEventWebhook', { id, ...input }, 'warnings');
    expect(position).not.toBeNull();
    expect((await replay({ after: position })).issues).toMatchObject([{ path: ['after'], code: 'invalid_cursor' }]);
    expect((await replay({ after: 'nonsense' })).issues).toMatchObject([{ path: ['after'], code: 'invalid_cursor' }]);
    expect((await replay({})).issues).toMatchObject([{ path: ['after'], code: 'required' }]);
    const dry = await mutate<{ secret: string | null }>('createEventWebhook', { ...good, dryRun: true }, 'secret');
    expect(dry).toMatchObject({ __typename: 'CreateEventWebhookSuccess', secret: null });
    const input = { ...good, isPaused: undefined };
    let last = '';
    for (let count = 0; count < 21 && last !== 'QuotaExceededError'; count += 1)
      last = (await mutate('createEventWebhook', input, 'warnings', developer)).__typename;
    expect(last).toBe('QuotaExceededError');
  });
});
