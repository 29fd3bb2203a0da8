import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../test/support/until.ts';
import { type MadeVersion, type ReleaseGateway, startReleaseGateway } from './testing/release-gateway.ts';

interface Claim {
  readonly name: string;
  readonly phase: string;
  readonly storageClassName: string;
  readonly requestedSize: string;
}

interface Pod {
  readonly name: string;
  readonly json: {
    readonly spec: {
      readonly volumes: readonly { readonly name: string; readonly persistentVolumeClaim?: { claimName: string } }[];
    };
  };
}

const volume = { name: 'data', storageClass: 'embedded-standard', size: '30Gi' };
const container = {
  name: 'main',
  image: 'ledger:1',
  volumeMounts: [{ name: 'data', mountPath: '/var/lib/ledger' }],
};
const deployment = { grouping: 'ALL_IN_ONE', betaGroup: false, pauseAfterGroup: false };

describe.each([
  ['OpenKruise', ['kruise'], 'apps.kruise.io/v1beta1'],
  ['Kubernetes alone', [], 'apps/v1'],
] as const)('a stateful service where there is %s', (_where, engines, apiVersion) => {
  let world: ReleaseGateway;
  let count = 0;
  beforeAll(async () => {
    world = await startReleaseGateway({ settings: { embedded: { engines } } });
  }, 60_000);
  afterAll(() => world?.[Symbol.asyncDispose]());

  const create = (name: string, more: object = {}): Promise<MadeVersion> =>
    world.createService(name, {
      isStateful: true,
      template: { containers: [container] },
      volumeClaimTemplates: [volume],
      scaling: { replicas: 2 },
      deployment,
      ...more,
    });

  const claimsOf = async (name: string): Promise<readonly Claim[]> => {
    const { persistentVolumeClaims } = await world.ask<{ persistentVolumeClaims: { nodes: readonly Claim[] } }>(
      `query ($selector: String!) { persistentVolumeClaims(filter: { cluster: "embedded", namespaces: ["shop"], labelSelector: $selector },
        orderBy: [{ field: NAME, direction: ASC }]) { nodes { name phase storageClassName requestedSize } } }`,
      { selector: `longshore.dev/app-service=${name}` },
    );
    return persistentVolumeClaims.nodes;
  };

  it('gets claims of its class and size, which its pods use and keep with the next version (REL-02)', async () => {
    const first = await create('ledger');
    await world.release(first);
    expect(await claimsOf('ledger')).toEqual(
      ['data-ledger-0', 'data-ledger-1'].map((name) => ({
        ...{ name, phase: 'BOUND', storageClassName: 'embedded-standard', requestedSize: '30Gi' },
      })),
    );
    const workload = await world.objectOf(apiVersion, 'StatefulSet', 'ledger');
    expect(workload).toMatchObject({ spec: { volumeClaimTemplates: [{ metadata: { name: 'data' } }] } });
    const pods = async () => {
      const { appService } = await world.ask<{ appService: { pods: { nodes: readonly Pod[] } } }>(
        'query ($id: ID!) { appService(id: $id) { pods { nodes { name json } } } }',
        { id: first.appService.id },
      );
      return appService.pods.nodes.map(({ name, json }) => [
        name,
        json.spec.volumes.find((each) => each.name === 'data')?.persistentVolumeClaim?.claimName,
      ]);
    };
    const used = ['ledger-0', 'ledger-1'].map((name) => [name, `data-${name}`]);
    expect((await pods()).sort()).toEqual(used);

    const second = await world.newVersion(first, {
      template: { containers: [{ name: 'main', image: 'ledger:2' }] },
      volumeClaimTemplates: [{ ...volume, size: '30720Mi' }],
    });
    await world.release(second);
    await until(async () => expect((await pods()).sort()).toEqual(used));
    expect(await claimsOf('ledger')).toHaveLength(2);
  });

  it.each<[string, object | undefined, string]>([
    ['a larger size', { ...volume, size: '40Gi' }, 'volumeClaimTemplates.0.size'],
    ['another class', { ...volume, storageClass: 'other' }, 'volumeClaimTemplates.0.storageClass'],
    ['another name', { ...volume, name: 'log' }, 'volumeClaimTemplates.0'],
    ['none', undefined, 'volumeClaimTemplates'],
  ])('keeps the volumes of its first version: %s is refused when a version is made, not when it is released (refused) (REL-02)', async (what, other, path) => {
    const { appService } = await create(`keeps-${what.replaceAll(' ', '-')}`);
    for (const submit of [false, true]) {
      const edit = { id: appService.id, submit, volumeClaimTemplates: other ? [other] : [] };
      const answer = await world.mutate('editAppService', edit);
      expect(answer).toMatchObject({ __typename: 'ValidationError' });
      const found = answer.issues?.map((issue) => `${issue.path.join('.')} ${issue.code}`);
      expect(found).toContain(`${path} immutable`);
    }
  });

  it('can have other volumes in its first draft, and has those of one of two who submit it at once (REL-02)', async () => {
    const template = { containers: [container] };
    const { appService, version } = await world.createService('drafted', {
      ...{ isStateful: true, template, volumeClaimTemplates: [volume], submit: false },
    });
    const { id } = appService;
    const larger = { ...volume, size: '50Gi' };
    const restored = { id, draft: 'RESTORE', draftVersion: 1, volumeClaimTemplates: [larger] };
    const { version: draft } = await world.succeed<{ version: { volumeClaimTemplates: readonly object[] } }>(
      'editAppService',
      restored,
      'version { volumeClaimTemplates }',
    );
    expect(draft.volumeClaimTemplates).toMatchObject([{ spec: { resources: { requests: { storage: '50Gi' } } } }]);
    expect(version.number).toBe(1);

    await world.succeed('discardAppServiceDraft', { id, draftVersion: 2 });
    const answers = await Promise.all(
      ['20Gi', '40Gi'].map((size) =>
        world.mutate('editAppService', {
          ...{ id, template, submit: true, volumeClaimTemplates: [{ ...volume, size }] },
        }),
      ),
    );
    expect(answers.map(({ __typename }) => __typename).sort()).toEqual([
      expect.stringMatching(/ConflictError|ValidationError/),
      'EditAppServiceSuccess',
    ]);
  });

  it.each<[string, object, string]>([
    ['without a class', { name: 'data', size: '30Gi' }, 'volumeClaimTemplates.0.storageClass required'],
    ['of no size', { ...volume, size: '0Gi' }, 'volumeClaimTemplates.0.size out_of_range'],
    ['of a class that is not there', { ...volume, storageClass: 'nowhere' }, 'volumeClaimTemplates.0'],
  ])('is not made with a volume %s (refused) (REL-02)', async (_what, other, issue) => {
    const { application } = await world.succeed<{ application: { id: string } }>(
      'createApplication',
      { cluster: 'embedded', namespace: 'shop', name: `app-refused-${count++}` },
      'application { id }',
    );
    const input = { cluster: 'embedded', namespace: 'shop', name: 'refused', applicationId: application.id };
    const answer = await world.mutate('createAppService', {
      ...{ ...input, isStateful: true, template: { containers: [container] }, volumeClaimTemplates: [other] },
    });
    const found = answer.issues?.map(({ path, code }) => `${path.join('.')} ${code}`) ?? [];
    expect(found, JSON.stringify(answer)).toContainEqual(expect.stringContaining(issue));
  });
});
