import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startTestGateway, type TestGateway, type TestStream } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Call {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let gateway: TestGateway;
let receiver: Server;
const calls: Call[] = [];

beforeAll(async () => {
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      calls.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  gateway = await startTestGateway({ settings: { egress: { allow: ['127.0.0.1'] } } });
});
afterAll(async () => {
  await gateway?.stop();
  receiver.close();
});

const developer = 'dev-developer';

async function mutate<T>(name: string, input: object, fields: string, token?: string) {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const { data, errors } = await gateway.query<Record<string, T & { readonly __typename: string }>>(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on ${type}Success { ${fields} }
      ... on Error { message } ... on ValidationError { issues { path code } } } }`,
    { input } as never,
    token ? { token } : {},
  );
  expect(errors).toBeUndefined();
  return data?.[name] as T & { readonly __typename: string };
}

interface MadePolicy {
  readonly alarmPolicy: { readonly id: string; readonly version: number };
  readonly signingSecret: string | null;
}

async function makeApplication(name: string): Promise<string> {
  const input = { name, cluster: 'embedded', namespace: 'shop' };
  const made = await mutate<{ application: { id: string } }>('createApplication', input, 'application { id }');
  return made.application.id;
}

/** Holds at once, of an application without workloads. */
const always = { metric: 'WORKLOADS_NOT_READY', comparison: 'AT_MOST', threshold: 0, durationSeconds: 0 };
const policyFields = 'alarmPolicy { id version } signingSecret';

describe('alarm policies', () => {
  it('fire and resolve alarms, told by stream and by a signed webhook, and stay in the list (CMP-64)', async () => {
    const applicationId = await makeApplication('alarmed');
    interface Message {
      readonly alarmChanges: { readonly type: string; readonly alarm: { readonly status: string } | null };
    }
    await using stream: TestStream<Message> = gateway.subscribe(
      `subscription { alarmChanges(filter: { applicationId: "${applicationId}" }) { type alarm { status } } }`,
    );
    await stream.next(({ data }) => data?.alarmChanges.type === 'SNAPSHOT');
    const webhookUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
    const input = { ...always, applicationId, displayName: 'Nothing is broken', severity: 'CRITICAL', webhookUrl };
    const { alarmPolicy, signingSecret } = await mutate<MadePolicy>(
      'createAlarmPolicy',
      input,
      policyFields,
      developer,
    );
    await stream.next(({ data }) => data?.alarmChanges.alarm?.status === 'FIRING');
    await expect.poll(() => calls.length, { timeout: 15_000 }).toBe(1);
    const [call] = calls;
    const signed = `${call?.headers['longshore-timestamp']}.${call?.body}`;
    const signature = createHmac('sha256', signingSecret ?? '')
      .update(signed)
      .digest('hex');
    expect(call?.headers['longshore-signature']).toBe(`sha256=${signature}`);
    expect(JSON.parse(call?.body ?? '')).toMatchObject({
      displayName: 'Nothing is broken',
      severity: 'CRITICAL',
      status: 'FIRING',
      summary: 'WORKLOADS_NOT_READY is 0, which is at most 0',
    });

    const { id, version } = alarmPolicy;
    await mutate('updateAlarmPolicy', { id, version, isEnabled: false }, 'alarmPolicy { id }', developer);
    await stream.next(({ data }) => data?.alarmChanges.alarm?.status === 'RESOLVED');
    const { data } = await gateway.query(
      `{ alarms(filter: { policyId: "${id}" }) { nodes { status value policy { displayName isEnabled } application { name } } } }`,
      undefined,
      { token: developer },
    );
    expect(data).toEqual({
      alarms: {
        nodes: [
          {
            status: 'RESOLVED',
            value: 0,
            policy: { displayName: 'Nothing is broken', isEnabled: false },
            application: { name: 'alarmed' },
          },
        ],
      },
    });
  });

  it('resolve what is firing when they are deleted (CMP-64)', async () => {
    const applicationId = await makeApplication('short-lived');
    const { alarmPolicy } = await mutate<MadePolicy>(
      'createAlarmPolicy',
      { ...always, applicationId, displayName: 'Short' },
      policyFields,
    );
    const statuses = async () => {
      const { data } = await gateway.query<{ alarms: { nodes: { status: string }[] } }>(
        `{ alarms(filter: { applicationId: "${applicationId}" }) { nodes { status } } }`,
      );
      return data?.alarms.nodes.map(({ status }) => status);
    };
    await expect.poll(statuses, { timeout: 15_000 }).toEqual(['FIRING']);
    await mutate('deleteAlarmPolicy', { id: alarmPolicy.id }, 'id');
    expect(await statuses()).toEqual(['RESOLVED']);
  });

  it('measure what the pods of a cluster use (CMP-64)', async () => {
    const input = {
      cluster: 'embedded',
      displayName: 'Memory',
      metric: 'MEMORY_BYTES',
      aggregation: 'SUM',
      comparison: 'ABOVE',
      threshold: 1,
      durationSeconds: 0,
    };
    const { alarmPolicy } = await mutate<MadePolicy>('createAlarmPolicy', input, policyFields);
    await expect
      .poll(
        async () => {
          const { data } = await gateway.query<{ alarms: { nodes: { value: number }[] } }>(
            `{ alarms(filter: { policyId: "${alarmPolicy.id}" }) { nodes { value } } }`,
          );
          return data?.alarms.nodes[0]?.value ?? 0;
        },
        { timeout: 25_000 },
      )
      .toBeGreaterThan(1_000_000);
  });

  it('are about one thing, and about no cluster for a developer (refused, CMP-64)', async () => {
    const policy = { ...always, displayName: 'Bad' };
    expect(await mutate('createAlarmPolicy', policy, policyFields)).toMatchObject({
      issues: [{ path: ['applicationId'], code: 'one_place' }],
    });
    const answer = await mutate('createAlarmPolicy', { ...policy, cluster: 'embedded' }, policyFields, developer);
    expect(answer).toMatchObject({ __typename: expect.stringMatching(/^(NotFound|Forbidden)Error$/) });
    const webhookUrl = 'http://user:secret@127.0.0.1/';
    expect(
      await mutate('createAlarmPolicy', { ...policy, cluster: 'embedded', webhookUrl }, policyFields),
    ).toMatchObject({
      issues: [{ path: ['webhookUrl'], code: 'invalid_url' }],
    });
  });
});
