import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestGateway, type TestGateway } from 'longshore/testing';
import { expect, vi } from 'vitest';

export interface ManyServices {
  readonly services: number;
  /** Depth of the graph of dependencies. */
  readonly levels: number;
  /** Of each service. */
  readonly pods: number;
  /** Groups of each service. */
  readonly groups: number;
  /** Divides what the embedded cluster pretends to take. */
  readonly speed: number;
  /** Of the embedded cluster. */
  readonly engines: readonly string[];
}

export interface ManyReleased {
  readonly gateway: TestGateway;
  readonly releases: readonly ReleasedService[];
  /** Requests by which the order was released, without watches. */
  readonly requests: number;
  /** From the start of the order to its end. */
  readonly tookMs: number;
}

export interface ReleasedService {
  readonly id: string;
  readonly serviceName: string;
  readonly state: string;
  readonly engine: string;
  readonly dependsOn: readonly string[];
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly progress: { readonly updatedPods: number; readonly totalPods: number };
  readonly groups: readonly { readonly state: string }[];
}

/** Of the embedded cluster, which lets a node have 110 pods; some belong to the system. */
const podsPerNode = 80;
const inParallel = 4;

/** A gateway where one order releases many services that depend on each other, from nothing to its end. */
export async function releaseMany(many: ManyServices, stack: AsyncDisposableStack): Promise<ManyReleased> {
  const gateway = stack.use(await startGatewayFor(many, stack));
  const { namespace } = await createNamespace(gateway);
  const names = Array.from({ length: many.services }, (_, index) => `service-${String(index).padStart(3, '0')}`);
  const { application } = await mutate<{ application: { id: string } }>(
    gateway,
    'createApplication',
    { name: 'many', cluster: 'embedded', namespace },
    'application { id }',
  );
  const made = new Map<string, string>();
  await eachOf(names, async (name) => {
    const { appService } = await mutate<{ appService: { id: string } }>(
      gateway,
      'createAppService',
      {
        ...{ cluster: 'embedded', namespace, name, applicationId: application.id, submit: true },
        template: { containers: [{ name: 'main', image: `${name}:1`, requests: { cpu: '1m', memory: '1Mi' } }] },
        scaling: { replicas: many.pods },
        deployment: { grouping: 'FAST', minGroups: many.groups, betaGroup: false, pauseAfterGroup: false },
      },
      'appService { id }',
    );
    made.set(name, appService.id);
  });
  const services = names.map((name, index) => ({
    serviceId: made.get(name),
    dependsOn: neededBy(index, many).map((needed) => made.get(names[needed] ?? '')),
  }));
  const { releaseOrder } = await mutate<{ releaseOrder: { id: string } }>(
    gateway,
    'createReleaseOrder',
    { title: 'Many', services, betaGroup: false },
    'releaseOrder { id }',
  );
  const { id } = releaseOrder;
  await orderIn(gateway, id, 'READY');
  gateway.cluster.requests.clear();
  const startedAt = performance.now();
  await mutate(gateway, 'startReleaseOrder', { id }, 'warnings');
  await orderIn(gateway, id, 'SUCCEEDED');
  const tookMs = performance.now() - startedAt;
  const requests = gateway.cluster.requests.count(({ verb, namespace: of }) => verb !== 'watch' && of === namespace);
  const fields = `releases { id serviceName state engine dependsOn startedAt finishedAt progress { updatedPods totalPods } groups { state } }`;
  const { releaseOrder: order } = await ask<{ releaseOrder: { releases: ReleasedService[] } }>(
    gateway,
    `query ($id: ID!) { releaseOrder(id: $id) { ${fields} } }`,
    { id },
  );
  return { gateway, releases: order.releases, requests, tookMs };
}

/** Two services of the level above, or none on the first: each level is as wide as the others. */
export function neededBy(index: number, { services, levels }: Pick<ManyServices, 'services' | 'levels'>): number[] {
  const width = Math.ceil(services / levels);
  const level = Math.floor(index / width);
  if (level === 0) return [];
  const above = (level - 1) * width;
  return [...new Set([above + (index % width), above + ((index + 1) % width)])];
}

async function startGatewayFor(many: ManyServices, stack: AsyncDisposableStack): Promise<TestGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-many-'));
  stack.defer(() => rm(folder, { recursive: true }));
  const profile = join(folder, 'many.yaml');
  // Thirty seconds for which a pod must be ready are so many at this speed.
  const values = `release.podReadySeconds: ${Math.round(30 / many.speed)}`;
  await writeFile(profile, `name: many\ntitle: Many\nextends: default\nvalues:\n  release:\n    ${values}\n`);
  const nodes = Math.ceil((many.services * many.pods) / podsPerNode) + 1;
  return startTestGateway({
    clusterSpeed: many.speed,
    settings: { profiles: [profile], profile: 'many', embedded: { engines: many.engines, nodes } },
  });
}

async function createNamespace(gateway: TestGateway): Promise<{ readonly namespace: string }> {
  const { store } = gateway.cluster;
  const namespace = 'many';
  store.create(store.resource('', 'namespaces'), { metadata: { name: namespace } });
  return { namespace };
}

async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  await Promise.all(
    Array.from({ length: inParallel }, async () => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) await work(next);
    }),
  );
}

async function orderIn(gateway: TestGateway, id: string, state: string): Promise<void> {
  let reason: string | null = null;
  const stateNow = async () => {
    const { releaseOrder } = await ask<{ releaseOrder: { state: string; reason: string | null } }>(
      gateway,
      'query ($id: ID!) { releaseOrder(id: $id) { state reason } }',
      { id },
    );
    reason = releaseOrder.reason;
    return releaseOrder.state;
  };
  const options = { timeout: 1_200_000, interval: 100 };
  const found = await vi.waitUntil(async () => {
    const now = await stateNow();
    return now === state || now.endsWith('FAILED') ? now : undefined;
  }, options);
  expect(found, reason ?? '').toBe(state);
}

async function ask<Data>(gateway: TestGateway, source: string, variables: object): Promise<Data> {
  const { data, errors } = await gateway.query(source, variables as never);
  expect(JSON.stringify(errors)).toBeUndefined();
  return data as Data;
}

async function mutate<Success>(gateway: TestGateway, name: string, input: object, fields: string): Promise<Success> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const data = await ask<Record<string, { __typename: string } & Success>>(
    gateway,
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on ${type}Success { ${fields} }
      ... on Error { message } ... on ValidationError { issues { path message } } } }`,
    { input },
  );
  expect(data[name]?.__typename, JSON.stringify(data[name])).toBe(`${type}Success`);
  return data[name] as Success;
}
