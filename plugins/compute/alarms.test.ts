import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startTestGateway, type TestGateway, type TestStream } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alarmMetrics } from './api.ts';

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
  const rules = [{ actions: ['READ'], subjects: 'ALL', where: 'namespaces' }];
  const tokenSha256 = createHash('sha256').update(auditor).digest('hex');
  gateway = await startTestGateway({
    settings: {
      egress: { allow: ['127.0.0.1'] },
      roles: [{ name: 'auditor', description: 'Reads.', extends: ['GUEST'], rules }],
      tokens: [{ name: 'auditor', sha256: tokenSha256, roles: ['auditor'], namespaces: ['shop'] }],
    },
  });
});
afterAll(async () => {
  await gateway?.stop();
  receiver.close();
});

const alarmMetricNames = Object.keys(alarmMetrics);
const developer = 'dev-developer';
/** May read, and change nothing. */
const auditor = 'auditor-token-of-thirty-two-chars';

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
    const told = async () => {
      const { data } = await gateway.query<{ alarms: { nodes: { deliveries: object[] }[] } }>(
        `{ alarms(filter: { policyId: "${id}" }) { nodes { deliveries { event status attempts httpStatus problem nextAttemptAt } } } }`,
        undefined,
        { token: developer },
      );
      return data?.alarms.nodes[0]?.deliveries;
    };
    const delivered = { status: 'DELIVERED', attempts: 1, httpStatus: 204, problem: null, nextAttemptAt: null };
    await expect.poll(told).toEqual([{ event: 'FIRING', ...delivered }]);
    await mutate('updateAlarmPolicy', { id, version, isEnabled: false }, 'alarmPolicy { id }', developer);
    await stream.next(({ data }) => data?.alarmChanges.alarm?.status === 'RESOLVED');
    await expect.poll(told).toEqual(['FIRING', 'RESOLVED'].map((event) => ({ event, ...delivered })));
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

  it('look at all ten metrics of a cluster (CMP-64)', async () => {
    const made = alarmMetricNames.map((metric) => {
      const displayName = `All of ${metric}`;
      const rule = { metric, aggregation: 'SUM', comparison: 'AT_LEAST', threshold: 0, durationSeconds: 60 };
      return mutate('createAlarmPolicy', { cluster: 'embedded', displayName, ...rule }, policyFields);
    });
    for (const answer of await Promise.all(made)) expect(answer.__typename).toBe('CreateAlarmPolicySuccess');
    interface Seen {
      readonly metric: string;
      readonly holdsSince: string | null;
      readonly problem: string | null;
    }
    const seen = async () => {
      const { data } = await gateway.query<{ alarmPolicies: { nodes: Seen[] } }>(
        '{ alarmPolicies(filter: { displayName: { contains: "All of " } }, first: 20) { nodes { metric holdsSince problem } } }',
      );
      return data?.alarmPolicies.nodes.filter(({ holdsSince }) => holdsSince !== null).map(({ metric }) => metric);
    };
    // What is not measured in the first seconds is looked at again after a quarter of a minute.
    await expect.poll(async () => (await seen())?.sort(), { timeout: 40_000 }).toEqual([...alarmMetricNames].sort());
  });

  it('end with their application, and what fires is over (CMP-64, CMP-42)', async () => {
    const applicationId = await makeApplication('ending');
    const input = { ...always, applicationId, displayName: 'Ending' };
    const { alarmPolicy } = await mutate<MadePolicy>('createAlarmPolicy', input, policyFields);
    const read = async () => {
      const { data } = await gateway.query<{ alarmPolicy: object | null; alarms: { nodes: object[] } }>(
        `{ alarmPolicy(id: "${alarmPolicy.id}") { displayName }
           alarms(filter: { policyId: "${alarmPolicy.id}" }) { nodes { status application { name } } } }`,
      );
      return data;
    };
    const alarm = (status: string, application: object | null) => ({ nodes: [{ status, application }] });
    const before = { alarmPolicy: { displayName: 'Ending' }, alarms: alarm('FIRING', { name: 'ending' }) };
    await expect.poll(read, { timeout: 15_000 }).toEqual(before);
    await mutate('deleteApplication', { id: applicationId, deleteWorkloads: false, dryRun: true }, 'id');
    expect(await read()).toEqual(before);
    await mutate('deleteApplication', { id: applicationId, deleteWorkloads: false }, 'id');
    expect(await read()).toEqual({ alarmPolicy: null, alarms: alarm('RESOLVED', null) });
    expect(await mutate('createAlarmPolicy', input, policyFields)).toMatchObject({ __typename: 'NotFoundError' });
  });

  it('give the secret of a webhook that comes later, and its whole address neither in records nor to who may not change them (CMP-64)', async () => {
    const applicationId = await makeApplication('hooked');
    const made = await mutate<MadePolicy>(
      'createAlarmPolicy',
      { ...always, applicationId, displayName: 'Later' },
      policyFields,
    );
    expect(made.signingSecret).toBeNull();
    const { id, version } = made.alarmPolicy;
    const webhookUrl = 'https://hooks.example/sesame?token=sesame';
    const fields = `${policyFields} changes { path after } operation { changes { path after } }`;
    const changed = await mutate<MadePolicy>(
      'updateAlarmPolicy',
      { id, version, isEnabled: false, webhookUrl },
      fields,
    );
    expect(changed.signingSecret).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(changed)).not.toContain('sesame');
    const { data } = await gateway.query(`{ alarmPolicy(id: "${id}") { webhookUrl webhookOrigin } }`, undefined, {
      token: developer,
    });
    const webhookOrigin = 'https://hooks.example';
    expect(data).toEqual({ alarmPolicy: { webhookUrl, webhookOrigin } });
    const seen = await gateway.query(`{ alarmPolicy(id: "${id}") { webhookUrl webhookOrigin } }`, undefined, {
      token: auditor,
    });
    expect(seen.data).toEqual({ alarmPolicy: { webhookUrl: null, webhookOrigin } });
  });

  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://10.0.0.1/',
    'http://127.0.0.2:8080/',
    'http://[::1]/',
    'http://[fd00::1]/',
    'http://[::ffff:169.254.169.254]/',
    'http://0.0.0.0/',
    'http://2852039166/',
    'http://0xa9fea9fe/',
  ])('call no webhook at %s (refused, CMP-64)', async (webhookUrl) => {
    const policy = { ...always, cluster: 'embedded', displayName: 'Inside', webhookUrl };
    const refused = { __typename: 'ValidationError', issues: [{ path: ['webhookUrl'], code: 'address_refused' }] };
    expect(await mutate('createAlarmPolicy', policy, policyFields)).toMatchObject(refused);
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
