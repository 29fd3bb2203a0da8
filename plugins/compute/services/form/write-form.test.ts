import fc from 'fast-check';
import { mergePatch } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { anyForm } from '../../testing/any-form.ts';
import { profileNamed } from '../../testing/profile-named.ts';
import { readForm } from '../../testing/read-form.ts';
import { createDraft, type Json } from './draft.ts';
import { kindFieldOf } from './kinds.ts';
import { createPlaces } from './places.ts';
import { type WorkloadForm, writeForm } from './write-form.ts';

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

function write(form: WorkloadForm, existing?: Json) {
  const field = kindFieldOf(form.kind ?? {});
  const request = { field, namespace: 'shop', name: 'vote', form, profile: profileNamed('default'), existing };
  return { field, ...writeForm(request) };
}

/** A workload that is there is scaled, not given a number of pods by its form. */
function withoutReplicas(form: WorkloadForm): WorkloadForm {
  const kind = Object.entries(form.kind ?? {}).map(([field, { replicas: _replicas, ...rest }]) => [field, rest]);
  return { ...form, kind: Object.fromEntries(kind) };
}

describe('writeForm', () => {
  it('makes a manifest from which the form reads back equal (CMP-44 to CMP-66)', () => {
    fc.assert(
      fc.property(anyForm, (form) => {
        const { field, manifest, sheet } = write(form as WorkloadForm);
        expect(sheet.issues).toEqual([]);
        expect(plain(readForm(plain(manifest), field))).toEqual(plain(form));
      }),
      { numRuns: 100 },
    );
  });

  it('changes nothing where a workload is given what it is already (CMP-75)', () => {
    fc.assert(
      fc.property(anyForm, (form) => {
        const { manifest } = write(form as WorkloadForm);
        const again = write(withoutReplicas(form as WorkloadForm), plain(manifest));
        expect(again.sheet.issues).toEqual([]);
        expect(mergePatch(plain(manifest), plain(again.manifest))).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });

  it('makes of one workload what another form says, and keeps what no form knows (CMP-75)', () => {
    fc.assert(
      fc.property(anyForm, fc.nat(999), (form, mark) => {
        const { manifest, field } = write(form as WorkloadForm);
        const existing = plain({
          ...manifest,
          status: { mark },
          spec: { ...(manifest.spec as Json), unheardOf: { mark } },
        });
        const container = { name: 'added', image: 'x' };
        const change = { kind: { [field]: {} }, template: { containers: [container] } } as WorkloadForm;
        const changed = write(change, existing);
        expect(changed.manifest).toMatchObject({ status: { mark }, spec: { unheardOf: { mark } } });
        const before = readForm(existing, field).template;
        const expected = { ...before, containers: [...(before.containers ?? []), container] };
        expect(plain(readForm(plain(changed.manifest), field).template)).toEqual(plain(expected));
      }),
      { numRuns: 100 },
    );
  });

  it('keeps a stopped DaemonSet stopped, whatever nodes its form asks for (CMP-72, CMP-75)', () => {
    const stopped = {
      spec: { template: { spec: { nodeSelector: { 'longshore.dev/stopped': 'true', disk: 'slow' } } } },
    };
    const kind = { daemonSet: {} };
    const nodeLabels = [{ key: 'disk', value: 'fast' }];
    const selector = (scheduling: object) =>
      (write({ kind, template: { scheduling } }, stopped).manifest as typeof stopped).spec.template.spec.nodeSelector;
    expect(selector({ nodeLabels })).toEqual({ 'longshore.dev/stopped': 'true', disk: 'fast' });
    expect(selector({ nodeLabels: null })).toEqual({ 'longshore.dev/stopped': 'true' });
  });

  const inTemplate = (spec: object): Json => ({ spec: { template: { spec } } });
  const specOf = (kind: object, template: object, existing: Json) =>
    (write({ kind, template } as WorkloadForm, existing).manifest as { spec: { template: { spec: Json } } }).spec
      .template.spec;

  it('takes all scheduling away where it is null (CMP-58, CMP-59, CMP-60, CMP-75)', () => {
    const scheduling = {
      node: 'n1',
      nodeLabels: [{ key: 'disk', value: 'fast' }],
      podAffinity: { required: [{ key: 'app', operator: 'EXISTS' as const }] },
      tolerations: [{ key: 'spot' }],
    };
    const containers = [{ name: 'web', image: 'nginx' }];
    const { manifest } = write({ kind: { deployment: {} }, template: { containers, scheduling } });
    const before = specOf({ deployment: {} }, {}, plain(manifest));
    expect(Object.keys(before)).toEqual(['containers', 'nodeSelector', 'tolerations', 'affinity']);
    expect(specOf({ deployment: {} }, { scheduling: null }, plain(manifest))).toEqual({ containers });
  });

  it('names a host in each of several terms, any of which was enough (CMP-58, CMP-75)', () => {
    const required = 'requiredDuringSchedulingIgnoredDuringExecution';
    const of = (key: string) => ({ matchExpressions: [{ key, operator: 'Exists' }] });
    const existing = inTemplate({
      affinity: { nodeAffinity: { [required]: { nodeSelectorTerms: [of('a'), of('b')] } } },
    });
    const matchFields = [{ key: 'metadata.name', operator: 'In', values: ['n1'] }];
    expect(specOf({ deployment: {} }, { scheduling: { node: 'n1' } }, existing)).toEqual({
      affinity: {
        nodeAffinity: {
          [required]: {
            nodeSelectorTerms: [
              { matchFields, ...of('a') },
              { matchFields, ...of('b') },
            ],
          },
        },
      },
    });
  });

  it('keeps the partition that holds pods at their version, unless it is null (CMP-57, CMP-75)', () => {
    const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition: 3 } };
    const strategyOf = (strategy: object) =>
      (
        write({ kind: { statefulSet: { strategy } as never } }, { spec: { updateStrategy: plain(updateStrategy) } })
          .manifest.spec as Json
      ).updateStrategy;
    expect(strategyOf({ type: 'ROLLING', maxUnavailable: 1 })).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { partition: 3, maxUnavailable: 1 },
    });
    expect(strategyOf({ type: 'ROLLING', partition: null })).toEqual({ type: 'RollingUpdate' });
    expect(strategyOf({ type: 'ON_DELETE' })).toEqual({ type: 'OnDelete' });
  });

  it('makes a TApp whose instances can be chosen, with the gate that in-place updates need (CMP-79)', () => {
    const made = (strategy: object) =>
      write({
        kind: { advancedStatefulSet: { strategy } as never },
        template: { containers: [{ name: 'a', image: 'x' }] },
      }).manifest;
    expect(
      made({ podUpdatePolicy: 'IN_PLACE_IF_POSSIBLE', gracePeriodSeconds: 5, maxUnavailable: '50%' }),
    ).toMatchObject({
      apiVersion: 'apps.kruise.io/v1beta1',
      kind: 'StatefulSet',
      spec: {
        replicas: 1,
        serviceName: 'vote',
        podManagementPolicy: 'Parallel',
        updateStrategy: {
          rollingUpdate: {
            podUpdatePolicy: 'InPlaceIfPossible',
            maxUnavailable: '50%',
            inPlaceUpdateStrategy: { gracePeriodSeconds: 5 },
          },
        },
        template: { spec: { readinessGates: [{ conditionType: 'InPlaceUpdateReady' }] } },
      },
    });
    expect(JSON.stringify(made({ podUpdatePolicy: 'RECREATE' }))).not.toContain('readinessGates');
  });

  it('keeps the pause, the versions and the order of instances that other mutations set (CMP-79, CMP-75)', () => {
    const unorderedUpdate = { priorityStrategy: { weightPriority: [{ weight: 100, matchSelector: {} }] } };
    const rollingUpdate = { paused: true, partition: 4, unorderedUpdate };
    const tapp = { spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate } } };
    const strategyOf = (kind: object, existing: object) =>
      (write({ kind }, plain(existing) as Json).manifest.spec as { updateStrategy: Json }).updateStrategy;
    expect(strategyOf({ advancedStatefulSet: { strategy: { maxUnavailable: 2 } } }, tapp)).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { ...rollingUpdate, maxUnavailable: 2 },
    });
    expect(strategyOf({ advancedStatefulSet: { strategy: null } }, tapp)).toEqual({
      rollingUpdate: { paused: true, unorderedUpdate },
    });
    const updateStrategy = { type: 'ReCreate', paused: true, partition: 2 };
    const strategy = { podUpdatePolicy: 'IN_PLACE_ONLY' };
    expect(strategyOf({ cloneSet: { strategy } }, { spec: { updateStrategy } })).toEqual({
      ...updateStrategy,
      type: 'InPlaceOnly',
    });
  });

  it('does not take a container that was renamed for the one whose name it got (CMP-75, CON-45)', () => {
    const existing = inTemplate({
      containers: [
        { name: 'a', image: 'a:1' },
        { name: 'b', image: 'b:1' },
      ],
    });
    const containers = [
      { name: 'a', newName: 'b' },
      { name: 'b', newName: 'a', image: 'b:2' },
    ];
    expect(specOf({ deployment: {} }, { containers }, existing).containers).toEqual([
      { name: 'b', image: 'a:1' },
      { name: 'a', image: 'b:2' },
    ]);
  });

  it('takes the directories of a container away with it, and leaves those of others (CMP-55, CMP-75)', () => {
    const containers = ['a', 'b'].map((name) => ({ name, image: 'x', logDirectories: ['/logs'] }));
    const { manifest } = write({ kind: { deployment: {} }, template: { containers } });
    const spec = specOf({ deployment: {} }, { containers: [{ name: 'a', remove: true }] }, plain(manifest));
    expect(spec).toMatchObject({ containers: [{ name: 'b' }], volumes: [{ emptyDir: {} }] });
  });
});

describe('createDraft', () => {
  it('looks at each entry of a merged list a few times, however many there are', () => {
    const sheet = { profile: profileNamed('default'), isNew: false, issues: [], places: createPlaces() };
    const list = Array.from({ length: 1_000 }, (_none, index) => ({ name: `v${index}` }));
    const draft = createDraft(sheet, { list: plain(list) }, [], []);
    let looks = 0;
    const nameOf = (entry: Json): string => {
      looks += 1;
      return String(entry.name);
    };
    draft.merge('list', list as never, nameOf, () => undefined);
    expect(looks).toBeLessThan(10 * list.length);
  });
});
