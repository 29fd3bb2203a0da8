import { startTestGateway, type TestGateway } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { staticToken } from '../../test/support/static-token.ts';

const admin = 'the-token-of-an-administrator-who-is-charged';
const developer = 'the-token-of-a-developer-who-is-charged';
let gateway: TestGateway;
beforeAll(async () => {
  const rates = [{ vcpuHour: '0.36', gibHour: '0.036' }];
  gateway = await startTestGateway({
    settings: {
      devTokens: false,
      embedded: { enabled: true, engines: [] },
      egress: { allow: ['127.0.0.1'] },
      tokens: [
        staticToken('operator', admin, { roles: ['ADMIN'] }),
        staticToken('developer', developer, { roles: ['DEVELOPER'], namespaces: ['shop'] }),
      ],
      pluginSettings: { compute: { prices: { currency: 'EUR', rates } } },
    },
  });
});
afterAll(() => gateway?.stop());

const from = () => new Date(Date.now() - 7_200_000).toISOString();

interface Row {
  readonly namespace: string | null;
  readonly workloadKind: string | null;
  readonly workloadName: string | null;
  readonly amount: {
    readonly millicoreSeconds: string;
    readonly podSeconds: string;
    readonly cost: { readonly amount: string };
  };
}
interface Report {
  readonly cluster: {
    readonly usageReport: {
      readonly scope: string;
      readonly meteredUntil: string | null;
      readonly rows: readonly Row[];
      readonly total: Row['amount'];
      readonly gaps: readonly object[];
    } | null;
  };
}

async function report(args: string, token = admin) {
  const { data, errors } = await gateway.query<Report>(
    `{ cluster(name: "embedded") { usageReport(${args}) { scope meteredUntil gaps { from to }
      rows { beginsAt namespace workloadKind workloadName applicationId amount { millicoreSeconds podSeconds cost { amount currency } } }
      total { millicoreSeconds memoryKibSeconds podSeconds vcpuHours memoryGibHours cost { amount } } } } }`,
    undefined,
    { token },
  );
  return { report: data?.cluster.usageReport, errors };
}

/** Has the loop settle now. */
const settle = async () => {
  const { database } = gateway.gateway.foundation;
  await database.db.execute(
    "update core_queue set due_at = now() - interval '1 second' where reconciler = 'compute.metering'",
  );
  await database.signal('queue', 'compute.metering');
};

describe('metering (CMP-114)', () => {
  it('tells what pods had by workload, with its cost, and to developers of their namespaces alone', async () => {
    const by = `from: "${from()}", by: [WORKLOAD], interval: HOUR`;
    await expect
      .poll(
        async () => {
          await settle();
          const { report: told } = await report(by);
          return told?.rows.find(({ namespace }) => namespace === 'shop')?.amount.podSeconds ?? '0';
        },
        { timeout: 12_000, interval: 500 },
      )
      .not.toBe('0');
    const { report: all } = await report(by);
    expect(all).toMatchObject({ scope: 'CLUSTER', gaps: [] });
    const kinds = new Set(all?.rows.map(({ workloadKind }) => workloadKind));
    expect(kinds).toContain('Deployment');
    expect(kinds).not.toContain('ReplicaSet');
    // What runs the cluster itself is nobody's.
    expect(all?.rows.some(({ namespace }) => namespace === 'kube-system')).toBe(false);
    const sum = all?.rows.reduce((total, { amount }) => total + BigInt(amount.millicoreSeconds), 0n);
    expect(String(sum)).toBe(all?.total.millicoreSeconds);
    expect(all?.total.cost.amount).toMatch(/^\d+\.\d{6}$/);

    const { report: own } = await report(by, developer);
    expect(own?.scope).toBe('NAMESPACES');
    expect(own?.rows.length).toBeGreaterThan(0);
    const { data } = await gateway.query<{ namespaces: { nodes: { name: string }[] } }>(
      '{ namespaces(filter: { cluster: "embedded" }) { nodes { name } } }',
      undefined,
      { token: developer },
    );
    const visible = new Set(data?.namespaces.nodes.map(({ name }) => name));
    expect(own?.rows.every(({ namespace }) => visible.has(namespace ?? ''))).toBe(true);
    const hidden = all?.rows.find(({ namespace }) => !visible.has(namespace ?? ''))?.namespace;
    if (hidden) expect((await report(`${by}, namespaces: ["${hidden}"]`, developer)).report?.rows).toEqual([]);
  });

  it.each([
    ['a span that ends before it begins', `from: "2026-01-02T00:00:00Z", to: "2026-01-01T00:00:00Z"`, 'before'],
    ['hours of too long', `from: "2026-01-01T00:00:00Z", to: "2026-03-01T00:00:00Z", interval: HOUR`, '31 days'],
    ['an id of something else', `from: "2026-01-01T00:00:00Z", projectId: "bm8="`, 'no global id'],
  ])('refuses %s (CMP-114, bad input)', async (_what, args, says) => {
    const { report: told, errors } = await report(args);
    expect(told ?? null).toBeNull();
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
    expect(errors?.[0]?.message).toContain(says);
  });

  it('says what a workload will cost for an hour before it is made, changed, copied or scaled (CMP-114, EDG-18)', async () => {
    const resources = { requests: { cpu: '500m', memory: '512Mi' }, limits: { cpu: '1', memory: '1Gi' } };
    const cost = async (name: string, input: object, token = developer) => {
      const type = `${name[0]?.toUpperCase()}${name.slice(1)}`;
      const { data, errors } = await gateway.query<{ answer: { costPerHour?: object; workload?: { id: string } } }>(
        `mutation ($input: ${type}Input!) { answer: ${name}(input: $input) { __typename
          ... on ${type}Success { costPerHour { amount currency } workload { id } }
          ... on Error { message } ... on ValidationError { issues { path message } } } }`,
        { input },
        { token },
      );
      expect(errors).toBeUndefined();
      return data?.answer;
    };
    const form = {
      cluster: 'embedded',
      namespace: 'shop',
      name: 'dear',
      kind: { deployment: { replicas: 2 } },
      template: { containers: [{ name: 'app', image: 'registry.example/app:1', ...resources }] },
    };
    const costs = (amount: string) => expect.objectContaining({ costPerHour: { amount, currency: 'EUR' } });
    expect(await cost('createWorkload', { ...form, dryRun: true })).toEqual(costs('0.396000'));
    const made = await cost('createWorkload', form);
    expect(made).toEqual(costs('0.396000'));
    const id = made?.workload?.id;
    expect(await cost('scaleWorkload', { id, replicas: 5, dryRun: true })).toEqual(costs('0.990000'));
    const bigger = { containers: [{ name: 'app', requests: { cpu: '1' } }] };
    expect(await cost('updateWorkload', { id, template: bigger, dryRun: true })).toEqual(costs('0.756000'));
    expect(await cost('copyWorkload', { id, name: 'copied', dryRun: true })).toEqual(costs('0.396000'));
    // Nothing of that was done.
    const { data } = await gateway.query(
      '{ workloads(filter: { cluster: "embedded", namespaces: ["shop"], name: { equals: "dear" } }) { nodes { id } } }',
      undefined,
      { token: developer },
    );
    expect(data).toEqual({ workloads: { nodes: [{ id }] } });
    expect(await cost('scaleWorkload', { id, replicas: 2, dryRun: true })).toEqual(costs('0.396000'));
  });

  it('meters a cluster from the moment on that it is registered (CMP-114)', async () => {
    const east = await startEmbeddedCluster({ name: 'east', sample: 'shop', speed: 40 });
    try {
      const { data } = await gateway.query(
        `mutation ($input: RegisterClusterInput!) { registerCluster(input: $input) { __typename ... on Error { message } } }`,
        { input: { name: 'east', access: { kubeconfig: { text: east.kubeconfig } } } },
        { token: admin },
      );
      expect(data).toMatchObject({ registerCluster: { __typename: 'RegisterClusterSuccess' } });
      const usage = async () => {
        await settle();
        const { data: told } = await gateway.query<Report>(
          `{ cluster(name: "east") { usageReport(from: "${from()}", by: [WORKLOAD]) { meteredUntil
             rows { workloadKind amount { podSeconds } } } } }`,
          undefined,
          { token: admin },
        );
        return told?.cluster.usageReport;
      };
      await expect.poll(async () => (await usage())?.rows.length ?? 0, { timeout: 12_000 }).toBeGreaterThan(0);
      expect((await usage())?.rows.map(({ workloadKind }) => workloadKind)).toContain('Deployment');
    } finally {
      await east.stop();
    }
  });
});
