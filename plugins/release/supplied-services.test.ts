import { fileURLToPath } from 'node:url';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MadeVersion, type ReleaseGateway, startReleaseGateway } from './testing/release-gateway.ts';

const supply = fileURLToPath(new URL('../../test/fixtures/supply-plugin/plugin.ts', import.meta.url));
const deployment = { grouping: 'ALL_IN_ONE', betaGroup: false, pauseAfterGroup: false };

/** What the schema offers of that which other plugins provide. */
async function offered(world: ReleaseGateway): Promise<readonly string[]> {
  interface Names {
    readonly inputFields?: readonly { readonly name: string }[];
    readonly enumValues?: readonly { readonly name: string }[];
  }
  const found = await world.ask<Record<string, Names | null>>(`{
    create: __type(name: "CreateAppServiceInput") { inputFields { name } }
    edit: __type(name: "EditAppServiceInput") { inputFields { name } }
    source: __type(name: "AppServiceImageSourceInput") { inputFields { name } }
    scaling: __type(name: "AppServiceScalingInput") { inputFields { name } }
    strategy: __type(name: "AppServiceScalingStrategy") { enumValues { name } } }`);
  const supplied = ['imageSources', 'buildRecord', 'package', 'elasticNodes', 'schedule', 'SCHEDULED'];
  return Object.entries(found).flatMap(([type, names]) =>
    [...(names?.inputFields ?? []), ...(names?.enumValues ?? [])]
      .map(({ name }) => name)
      .filter((name) => supplied.includes(name))
      .map((name) => `${type}.${name}`),
  );
}

describe('an app service with no plugin that makes images or scales', () => {
  it('has no field for what nobody provides (REL-04, REL-05, REL-06)', async () => {
    await using world = await startReleaseGateway({ settings: { embedded: { engines: [] } } });
    expect(await offered(world)).toEqual([]);
  });
});

describe('an app service with a plugin that makes images and scales', () => {
  let world: ReleaseGateway;
  beforeAll(async () => {
    world = await startReleaseGateway({ plugins: [supply], settings: { embedded: { engines: ['kruise'] } } });
  }, 60_000);
  afterAll(() => world?.[Symbol.asyncDispose]());

  const template = {};
  const specOf = async ({ version: { id } }: Pick<MadeVersion, 'version'>) => {
    const { node } = await world.ask<{ node: object }>(
      `query ($id: ID!) { node(id: $id) { ... on AppServiceVersion { scaling { strategy replicas elasticNodes schedule }
        template { containers { name image } } } } }`,
      { id },
    );
    return node;
  };

  it('has the fields that are provided (REL-04, REL-05, REL-06)', async () => {
    expect(await offered(world)).toEqual([
      ...['create.imageSources', 'edit.imageSources', 'source.buildRecord', 'source.package'],
      ...['scaling.elasticNodes', 'scaling.schedule', 'strategy.SCHEDULED'],
    ]);
  });

  it('takes the image of a container from a build record or a package (REL-04, REL-05)', async () => {
    const imageSources = [
      { container: 'main', buildRecord: { build: 7 } },
      { container: 'side', package: { folder: '/app', target: 'registry.local/side:3' } },
    ];
    const made = await world.createService('supplied', { template, imageSources });
    expect(await specOf(made)).toMatchObject({
      template: {
        containers: [
          { name: 'main', image: 'builds.local/supplied:7' },
          { name: 'side', image: 'registry.local/side:3' },
        ],
      },
    });
    const next = await world.newVersion(made, { imageSources: [{ container: 'main', buildRecord: { build: 8 } }] });
    expect(await specOf(next)).toMatchObject({
      template: { containers: [{ image: 'builds.local/supplied:8' }, { image: 'registry.local/side:3' }] },
    });
  });

  it.each<[string, object, string]>([
    ['a build that is not there', { buildRecord: { build: 0 } }, 'imageSources.0.buildRecord.build not_found'],
    ['a bad folder', { package: { folder: 'app' } }, 'imageSources.0.package.folder bad_path'],
    ['no image yet', { package: { folder: '/app' } }, 'imageSources.0.package no_image'],
    ['no source', {}, 'imageSources.0 one_source'],
    ['two sources', { buildRecord: { build: 1 }, package: { folder: '/' } }, 'imageSources.0 one_source'],
  ])('refuses %s (refused) (REL-04, REL-05)', async (what, source, issue) => {
    const name = what.replaceAll(' ', '-');
    const place = { cluster: 'embedded', namespace: 'shop' };
    const { application } = await world.succeed<{ application: { id: string } }>(
      'createApplication',
      { ...place, name: `refused-${name}` },
      'application { id }',
    );
    const input = { ...place, name, applicationId: application.id, template };
    const answer = await world.mutate('createAppService', {
      ...input,
      imageSources: [{ container: 'main', ...source }],
    });
    expect(
      answer.issues?.map(({ path, code }) => `${path.join('.')} ${code}`),
      JSON.stringify(answer),
    ).toEqual([issue]);
    const named = { ...input, template: { containers: [{ name: 'main', image: 'a:1' }] } };
    const twice = await world.mutate('createAppService', {
      ...named,
      imageSources: [{ container: 'main', buildRecord: { build: 1 } }],
    });
    expect(twice.issues).toMatchObject([{ path: ['imageSources', '0', 'container'], code: 'not_with_image' }]);
  });

  it('is released with its number of pods once; from then on releases and ways back leave that to the timetable (REL-06)', async () => {
    const scaling = { strategy: 'SCHEDULED', replicas: 2, elasticNodes: true };
    const made = await world.createService('timed', {
      ...{ deployment, scaling: { ...scaling, schedule: { cron: '0 8 * * *' } } },
    });
    expect(await specOf(made)).toMatchObject({ scaling: { ...scaling, schedule: { cron: '0 8 * * *' } } });
    await world.release(made);
    const path = '/apis/apps.kruise.io/v1alpha1/namespaces/shop/clonesets/timed';
    expect(await call(path)).toMatchObject({ spec: { replicas: 2 } });
    // The timetable's provider, in the evening.
    await call(path, { spec: { replicas: 1 } });
    const next = await world.newVersion(made, { template: { containers: [{ name: 'main', image: 'timed:2' }] } });
    expect(await specOf(next)).toMatchObject({ scaling });
    const order = await world.release(next);
    const left = { replicas: 1, template: { spec: { containers: [{ image: 'timed:2' }] } } };
    expect(await call(path)).toMatchObject({ spec: left });
    const { releaseOrder } = await world.ask<{ releaseOrder: { title: string } }>(
      'query ($id: ID!) { releaseOrder(id: $id) { title } }',
      { id: order },
    );
    await world.succeed('rollBackReleaseOrder', { id: order, confirm: releaseOrder.title });
    await world.orderIn(order, 'ROLLBACK_PENDING_CONFIRM');
    expect(await call(path)).toMatchObject({
      spec: { replicas: 1, template: { spec: { containers: [{ image: 'timed:1' }] } } },
    });
  });

  /** Straight to the cluster, past the gateway: reads, or patches. */
  async function call(path: string, patch?: object): Promise<unknown> {
    const { cluster } = world.gateway;
    const dispatcher = new Agent({ connect: { ca: cluster.caCertificate } });
    try {
      const { body } = await request(`${cluster.url}${path}`, {
        ...{ method: patch ? 'PATCH' : 'GET', dispatcher },
        headers: { authorization: `Bearer ${cluster.token}`, 'content-type': 'application/merge-patch+json' },
        ...(patch ? { body: JSON.stringify(patch) } : {}),
      });
      return await body.json();
    } finally {
      await dispatcher.close();
    }
  }
});
