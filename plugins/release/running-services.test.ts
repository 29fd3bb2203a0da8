import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../test/support/until.ts';
import { type MadeVersion, type ReleaseGateway, startReleaseGateway } from './testing/release-gateway.ts';

type Json = Readonly<Record<string, unknown>>;

interface Manifest extends Json {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

interface Listed {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
  }[];
}

const deployment = { grouping: 'ALL_IN_ONE', betaGroup: false, pauseAfterGroup: false };
const volume = { name: 'data', storageClass: 'embedded-standard', size: '1Gi' };
const label = 'longshore.dev/app-service';

describe.each([
  ['OpenKruise', ['kruise'], ['clonesets', 'statefulsets'], 'apps.kruise.io'],
  ['Kubernetes alone', [], ['deployments', 'statefulsets'], 'apps'],
] as const)('an app service that runs, where there is %s', (_where, engines, plurals, group) => {
  let world: ReleaseGateway;
  let dispatcher: Agent;
  beforeAll(async () => {
    world = await startReleaseGateway({ settings: { embedded: { engines } } });
    dispatcher = new Agent({ connect: { ca: world.gateway.cluster.caCertificate } });
  }, 60_000);
  afterAll(async () => {
    await dispatcher?.close();
    await world?.[Symbol.asyncDispose]();
  });

  /** Straight to the cluster, past the gateway. */
  async function call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const { cluster } = world.gateway;
    const answer = await request(`${cluster.url}${path}`, {
      ...{ method: method as 'GET', dispatcher },
      headers: { authorization: `Bearer ${cluster.token}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return (await answer.body.json()) as Answer;
  }

  async function namesOf(path: string, service: string): Promise<readonly string[]> {
    const { items } = await call<Listed>('GET', `${path}?labelSelector=${encodeURIComponent(`${label}=${service}`)}`);
    return items.filter(({ metadata }) => !metadata.deletionTimestamp).map(({ metadata }) => metadata.name);
  }

  const core = (plural: string) => `/api/v1/namespaces/shop/${plural}`;
  const versionsOfKinds = { 'apps.kruise.io': { clonesets: 'v1alpha1', statefulsets: 'v1beta1' }, apps: {} } as const;
  const workloadPaths = plurals.map((plural) => {
    const versions: Readonly<Record<string, string>> = versionsOfKinds[group];
    return `/apis/${group}/${versions[plural] ?? 'v1'}/namespaces/shop/${plural}`;
  });
  /** Everything of a service that is there, by its kind. */
  async function left(service: string): Promise<Readonly<Record<string, readonly string[]>>> {
    const paths = [...workloadPaths, ...['pods', 'services', 'configmaps', 'secrets'].map(core)];
    const found = await Promise.all(paths.map(async (path) => [path, await namesOf(path, service)] as const));
    return Object.fromEntries(found.filter(([, names]) => names.length > 0));
  }
  const claimsOf = (service: string) => namesOf(core('persistentvolumeclaims'), service);

  async function run(name: string, more: object = {}): Promise<MadeVersion> {
    const made = await world.createService(name, {
      ...{ scaling: { replicas: 2 }, deployment, access: [{ name, type: 'LOAD_BALANCER', ports: [{ port: 80 }] }] },
      ...more,
    });
    await world.release(made);
    return made;
  }

  const remove = ({ appService: { id } }: MadeVersion, confirm: string, more: object = {}) =>
    world.mutate('deleteAppService', { id, confirm, ...more }, 'id');

  it('shows its pods with their events, its Services with their address, and its versions, and was previewed as it is (REL-15)', async () => {
    await world.succeed('createConfigMap', {
      ...{ cluster: 'embedded', namespace: 'shop', name: 'shown-settings', data: [{ key: 'MODE', text: 'one' }] },
    });
    const made = await run('shown', {
      template: { containers: [{ name: 'main', image: 'shown:1', envFrom: [{ configMap: 'shown-settings' }] }] },
    });
    interface Shown {
      readonly appService: {
        readonly state: string;
        readonly pods: { readonly nodes: readonly { readonly phase: string; readonly events: { nodes: object[] } }[] };
        readonly services: { readonly nodes: readonly { readonly loadBalancerIngress: readonly object[] }[] };
        readonly versions: { readonly nodes: readonly { readonly preview: { manifests: readonly Manifest[] } }[] };
        readonly workloads: { readonly nodes: readonly { readonly kind: string }[] };
      };
    }
    const shown = await until(async () => {
      const { appService } = await world.ask<Shown>(
        `query ($id: ID!) { appService(id: $id) { state workloads { nodes { kind name } }
          pods { nodes { phase node { name } containers { name state } events { nodes { reason } } } }
          services { nodes { name type createdAt loadBalancerIngress { ip } ports { port } } }
          versions { nodes { number isCurrent releaseState editState preview { manifests } } } } }`,
        { id: made.appService.id },
      );
      expect(appService.pods.nodes).toHaveLength(2);
      expect(JSON.stringify(appService.services)).toMatch(/"ip":"\d/);
      return appService;
    });
    expect(shown).toMatchObject({
      state: 'RELEASE_SUCCEEDED',
      workloads: { nodes: [{ kind: engines.length > 0 ? 'CloneSet' : 'Deployment' }] },
      services: { nodes: [{ name: 'shown', type: 'LOAD_BALANCER', ports: [{ port: 80 }] }] },
      versions: { nodes: [{ number: 1, isCurrent: true, releaseState: 'RELEASED', editState: 'PUBLISHED' }] },
    });
    for (const pod of shown.pods.nodes) {
      expect(pod.phase).toBe('RUNNING');
      expect(JSON.stringify(pod.events)).toContain('Started');
    }
    for (const { apiVersion, kind, metadata, spec, ...rest } of shown.versions.nodes[0]?.preview.manifests ?? []) {
      expect(rest).toEqual({});
      const object = await world.objectOf(apiVersion, kind, metadata.name);
      expect(object).toMatchObject({ metadata, spec });
    }
    expect(shown.versions.nodes[0]?.preview.manifests).toHaveLength(2);
  });

  it('is deleted with all that releases made of it, and nothing else; not while it is being released (refused) (REL-14, REL-17)', async () => {
    await world.succeed('createConfigMap', {
      ...{ cluster: 'embedded', namespace: 'shop', name: 'gone-settings', data: [{ key: 'MODE', text: 'one' }] },
    });
    const made = await run('gone', {
      template: { containers: [{ name: 'main', image: 'gone:1', envFrom: [{ configMap: 'gone-settings' }] }] },
    });
    const foreign = { name: 'not-its-own', namespace: 'shop', labels: { [label]: 'gone' } };
    await call('POST', core('services'), { metadata: foreign, spec: { ports: [{ port: 80 }] } });
    await call('POST', core('configmaps'), { metadata: foreign });

    const order = await world.order(made);
    expect(await remove(made, 'gone')).toMatchObject({ reason: 'RELEASE_ACTIVE' });
    await world.succeed('cancelReleaseOrder', { id: order });

    const before = await left('gone');
    expect(await remove(made, 'gone', { dryRun: true })).toMatchObject({ __typename: 'DeleteAppServiceSuccess' });
    expect(await left('gone')).toEqual(before);
    expect(Object.keys(before)).toContain(core('pods'));
    expect(await remove(made, 'gone')).toMatchObject({ __typename: 'DeleteAppServiceSuccess' });
    await until(async () =>
      expect(await left('gone')).toEqual({
        [core('services')]: ['not-its-own'],
        [core('configmaps')]: ['not-its-own'],
      }),
    );
    expect(await call('GET', `${core('configmaps')}/gone-settings`)).toMatchObject({ data: { MODE: 'one' } });
    const { appService } = await world.ask<{ appService: unknown }>('query ($id: ID!) { appService(id: $id) { id } }', {
      id: made.appService.id,
    });
    expect(appService).toBeNull();
  });

  it('leaves the volumes of its pods, unless they are to go too (REL-14)', async () => {
    const stateful = {
      ...{ isStateful: true, volumeClaimTemplates: [volume] },
      template: {
        containers: [{ name: 'main', image: 'kept:1', volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
      },
    };
    const claims = ['data-kept-0', 'data-kept-1'];
    expect(await remove(await run('kept', stateful), 'kept')).toMatchObject({ __typename: 'DeleteAppServiceSuccess' });
    await until(async () => expect(await left('kept')).toEqual({}));
    expect(await claimsOf('kept')).toEqual(claims);
    // One of the same name takes them up again, and they go with it.
    const again = await run('kept', stateful);
    expect(await claimsOf('kept')).toEqual(claims);
    expect(await remove(again, 'kept', { deleteVolumes: true })).toMatchObject({
      __typename: 'DeleteAppServiceSuccess',
    });
    await until(async () => expect([await left('kept'), await claimsOf('kept')]).toEqual([{}, []]));
  });
});
