import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestGateway, type TestGateway } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../test/support/until.ts';
import { takeConfiguration } from './testing/take-configuration.ts';

let gateway: TestGateway;
let applicationId: string;
const stack = new AsyncDisposableStack();

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-release-'));
  stack.defer(() => rm(folder, { recursive: true }));
  const profile = join(folder, 'quick.yaml');
  // Thirty seconds of every pod would be minutes of a story.
  const values = 'release:\n    release.podReadySeconds: 0\n';
  await writeFile(profile, `name: quick\ntitle: Quick\nextends: default\nvalues:\n  ${values}`);
  gateway = stack.use(
    await startTestGateway({
      clusterSpeed: 50,
      settings: {
        profiles: [profile],
        profile: 'quick',
        // Each zone of the embedded cluster is a deployment unit.
        pluginSettings: {
          core: {
            deploymentUnitLabel: 'topology.kubernetes.io/zone',
            regions: [
              {
                name: 'embedded',
                zones: ['embedded-a', 'embedded-b'].map((name) => ({ name, deploymentUnits: [name] })),
              },
            ],
          },
        },
      },
    }),
  );
  const zones = ['embedded-a', 'embedded-b'];
  const place = { identifier: 'vote', displayName: 'Vote', region: 'embedded', networkType: 'VPC', zones };
  const { workspace } = await mutate<{ workspace: { id: string } }>('createWorkspace', place, 'workspace { id }');
  const namespaces = [{ cluster: 'embedded', namespace: 'shop' }];
  await mutate('bindNamespaces', { id: workspace.id, namespaces }, 'warnings');
  const application = { name: 'vote', workspaceId: workspace.id };
  applicationId = (
    await mutate<{ application: { id: string } }>('createApplication', application, 'application { id }')
  ).application.id;
}, 60_000);
afterAll(() => stack.disposeAsync());

async function ask<Data>(source: string, variables?: object): Promise<Data> {
  const { data, errors } = await gateway.query(source, variables as never);
  expect(JSON.stringify(errors)).toBeUndefined();
  return data as Data;
}

async function mutate<Success>(name: string, input: object, fields: string): Promise<Success> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const data = await ask<Record<string, { __typename: string } & Success>>(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on ${type}Success { ${fields} }
      ... on Error { message } ... on ValidationError { issues { path message } } } }`,
    { input },
  );
  expect(data[name]?.__typename, JSON.stringify(data[name])).toBe(`${type}Success`);
  return data[name] as Success;
}

interface Made {
  readonly appService: { readonly id: string; readonly version: number };
  readonly version: { readonly id: string };
}

const made = 'appService { id version } version { id }';
const deployment = { grouping: 'FAST', minGroups: 2, betaGroup: true, pauseAfterGroup: true };

const createService = (name: string, replicas: number, container: object) =>
  mutate<Made>(
    'createAppService',
    {
      ...{ cluster: 'embedded', namespace: 'shop', name, applicationId, submit: true },
      template: { containers: [{ name: 'main', ...container }] },
      scaling: { replicas },
      deployment,
      access: [{ name, ports: [{ port: 80 }] }],
    },
    made,
  );

/** The same with another image; every other field as it was. */
const newVersion = ({ appService, version }: Made, image: string) =>
  mutate<Made>(
    'editAppService',
    { id: appService.id, from: version.id, template: { containers: [{ name: 'main', image }] }, submit: true },
    made,
  );

interface Order {
  readonly state: string;
  readonly reason: string | null;
  readonly progress: { readonly updatedPods: number; readonly totalPods: number; readonly percent: number };
  readonly releases: readonly {
    readonly id: string;
    readonly serviceName: string;
    readonly state: string;
    readonly reason: string | null;
    readonly groups: readonly { readonly state: string; readonly isBeta: boolean }[];
    readonly pods: readonly { readonly state: string; readonly unit: string }[] | null;
  }[];
}

const orderFields = `state reason progress { updatedPods totalPods percent }
  releases { id serviceName state reason groups { state isBeta } pods { state unit } }`;

const orderNow = async (id: string): Promise<Order> =>
  (await ask<{ releaseOrder: Order }>(`query ($id: ID!) { releaseOrder(id: $id) { ${orderFields} } }`, { id }))
    .releaseOrder;

const orderIn = (id: string, ...states: readonly string[]): Promise<Order> =>
  until(async () => {
    const order = await orderNow(id);
    expect(states, order.reason ?? JSON.stringify(order.releases)).toContain(order.state);
    return order;
  }, 60_000);

async function createOrder(title: string, redis: Made, front: Made): Promise<string> {
  const services = [
    { serviceId: front.appService.id, versionId: front.version.id, dependsOn: [redis.appService.id] },
    { serviceId: redis.appService.id, versionId: redis.version.id },
  ];
  const { releaseOrder } = await mutate<{ releaseOrder: { id: string } }>(
    'createReleaseOrder',
    { title, services },
    'releaseOrder { id }',
  );
  await orderIn(releaseOrder.id, 'READY');
  return releaseOrder.id;
}

/** Confirms whatever waits now. */
async function confirmWaiting(id: string): Promise<void> {
  const { releaseOrder } = await ask<{ releaseOrder: { waitingGroups: readonly { id: string }[] } }>(
    'query ($id: ID!) { releaseOrder(id: $id) { waitingGroups { id } } }',
    { id },
  );
  const groupIds = releaseOrder.waitingGroups.map((group) => group.id);
  await mutate('confirmReleaseOrder', { id, groupIds }, 'warnings');
}

/** Confirms whatever waits, until the order has come to this. */
async function confirmAll(id: string, end: string): Promise<Order> {
  for (;;) {
    const order = await orderIn(id, 'PAUSED', end);
    if (order.state === end) return order;
    await confirmWaiting(id);
  }
}

const imagesOf = async (name: string): Promise<readonly string[]> => {
  const { pods } = await ask<{ pods: { nodes: { containers: { image: string }[] }[] } }>(
    `query ($selector: String!) { pods(filter: { cluster: "embedded", namespaces: ["shop"], labelSelector: $selector }) {
      nodes { containers { image } } } }`,
    { selector: `longshore.dev/app-service=${name}` },
  );
  return pods.nodes.map(({ containers }) => containers[0]?.image ?? '').sort();
};

describe('the story of the vote: its front depends on its Redis', () => {
  it('is released by one order over two units, fails in the third group, goes on, and goes back as a whole, with somebody watching all the time (REL-19 to REL-36)', {
    timeout: 180_000,
  }, async () => {
    const redis = await createService('ballot-redis', 4, { image: 'redis:7' });
    const settings = {
      cluster: 'embedded',
      namespace: 'shop',
      name: 'ballot-settings',
      data: [{ key: 'MODE', text: 'one' }],
    };
    await mutate('createConfigMap', settings, 'warnings');
    const front = await createService('ballot-front', 6, {
      image: 'ballot-front:1',
      envFrom: [{ configMap: 'ballot-settings' }],
    });
    const first = await createOrder('Vote 1', redis, front);
    await using watched = gateway.subscribe(
      'subscription ($id: ID!) { releaseOrderProgress(orderId: $id) { type progress { event { kind sequence } pods { percent } } } }',
      { id: first },
    );
    await watched.next(({ data }) => JSON.stringify(data).includes('SNAPSHOT'));
    await mutate('startReleaseOrder', { id: first }, 'warnings');
    const done = await confirmAll(first, 'SUCCEEDED');
    expect(done.progress).toEqual({ updatedPods: 10, totalPods: 10, percent: 100 });
    expect(new Set(done.releases.flatMap(({ pods }) => (pods ?? []).map(({ unit }) => unit)))).toEqual(
      new Set(['embedded-a', 'embedded-b']),
    );
    await watched.next(({ data }) => {
      const { progress } = (data as { releaseOrderProgress: { progress: { event: { kind: string } | null } | null } })
        .releaseOrderProgress;
      return (
        progress?.event?.kind === 'SUCCEEDED' &&
        watchedKinds(watched.received).filter((kind) => kind === 'SUCCEEDED').length === 2
      );
    });
    // Each event once, in order.
    const numbers = watched.received.flatMap(({ data }) => {
      const { progress } = (
        data as { releaseOrderProgress: { progress: { event: { sequence: number } | null } | null } }
      ).releaseOrderProgress;
      return progress?.event ? [progress.event.sequence] : [];
    });
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
    expect(await imagesOf('ballot-front')).toEqual(Array(6).fill('ballot-front:1'));

    // The next versions: in the third group of the front, what its pods need is gone.
    const redis2 = await newVersion(redis, 'redis:8');
    const front2 = await newVersion(front, 'ballot-front:2');
    const second = await createOrder('Vote 2', redis2, front2);
    await mutate('startReleaseOrder', { id: second }, 'warnings');
    for (;;) {
      const { releases } = await orderIn(second, 'PAUSED');
      const own = releases.find(({ serviceName }) => serviceName === 'ballot-front');
      if (own?.groups[1]?.state === 'WAITING_CONFIRM') break;
      await confirmWaiting(second);
    }
    const broken = await takeConfiguration(gateway, 'ballot-front');
    await confirmWaiting(second);
    const failed = await orderIn(second, 'FAILED');
    const release = failed.releases.find(({ serviceName }) => serviceName === 'ballot-front');
    expect(release).toMatchObject({ state: 'FAILED', reason: expect.stringContaining('CreateContainerConfigError') });
    expect(release?.groups.map(({ state }) => state)).toEqual(['SUCCEEDED', 'SUCCEEDED', 'FAILED']);
    expect(failed.progress.percent).toBeLessThan(100);

    await broken.mend();
    await mutate('retryReleaseOrder', { id: second }, 'warnings');
    await confirmAll(second, 'SUCCEEDED');
    expect(await imagesOf('ballot-front')).toEqual(Array(6).fill('ballot-front:2'));

    await mutate('rollBackReleaseOrder', { id: second, confirm: 'Vote 2' }, 'warnings');
    await orderIn(second, 'ROLLBACK_PENDING_CONFIRM');
    await mutate('confirmReleaseOrder', { id: second, rollback: true }, 'warnings');
    await orderIn(second, 'ROLLED_BACK');
    expect(await imagesOf('ballot-front')).toEqual(Array(6).fill('ballot-front:1'));
    expect(await imagesOf('ballot-redis')).toEqual(Array(4).fill('redis:7'));
  });
});

const watchedKinds = (received: readonly { readonly data?: unknown }[]): readonly string[] =>
  received.flatMap(({ data }) => {
    const { progress } = (data as { releaseOrderProgress: { progress: { event: { kind: string } | null } | null } })
      .releaseOrderProgress;
    return progress?.event ? [progress.event.kind] : [];
  });
