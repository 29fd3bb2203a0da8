import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../start-embedded-cluster.ts';
import type { ClusterObject } from '../../store/types.ts';
import { kruiseEngine } from './engine.ts';
import { group } from './kinds.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests edit plain JSON
type Json = any;

const template = (extra: object = {}): object => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'main', image: 'registry.local/web:1' }], ...extra },
});
const gated = template({ readinessGates: [{ conditionType: 'InPlaceUpdateReady' }] });
const selector = { matchLabels: { app: 'web' } };

describe('the admission of OpenKruise', () => {
  let cluster: EmbeddedCluster;
  let made = 0;
  const create = (plural: string, spec: object, dryRun = false): ClusterObject => {
    made += 1;
    const object = {
      metadata: { name: `web-${made}`, namespace: 'default' },
      spec: { selector, template: template(), ...spec },
    };
    return cluster.store.create(cluster.store.resource(group, plural), object, { dryRun });
  };
  const change = (object: ClusterObject, plural: string, edit: (spec: Json) => void): ClusterObject => {
    const draft: Json = structuredClone(object);
    edit(draft.spec);
    return cluster.store.update(cluster.store.resource(group, plural), draft);
  };

  beforeAll(async () => {
    cluster = await startEmbeddedCluster({ engines: [kruiseEngine], controllers: false });
  });
  afterAll(async () => {
    await cluster.stop();
  });

  it('gives a CloneSet its defaults, those of its pods among them', () => {
    const { spec } = create('clonesets', { updateStrategy: { type: 'InPlaceIfPossible' } });
    expect(spec).toMatchObject({
      replicas: 1,
      revisionHistoryLimit: 10,
      updateStrategy: {
        type: 'InPlaceIfPossible',
        inPlaceUpdateStrategy: {},
        partition: 0,
        maxUnavailable: '20%',
        maxSurge: 0,
      },
      template: { spec: { restartPolicy: 'Always', containers: [{ imagePullPolicy: 'IfNotPresent' }] } },
    });
  });

  it('gives an Advanced StatefulSet its defaults', () => {
    expect(create('statefulsets', {}).spec).toMatchObject({
      replicas: 1,
      revisionHistoryLimit: 10,
      podManagementPolicy: 'OrderedReady',
      updateStrategy: {
        type: 'RollingUpdate',
        rollingUpdate: { partition: 0, maxUnavailable: 1, podUpdatePolicy: 'ReCreate', minReadySeconds: 0 },
      },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    });
  });

  it('reads templates by their types: unknown fields go, quantities become canonical', () => {
    const resources = { requests: { cpu: '1000m' } };
    const { spec } = create('clonesets', {
      template: template({ containers: [{ name: 'main', image: 'web', resources, colour: 'red' }], mood: 'good' }),
    }) as Json;
    expect(spec.template.spec.mood).toBeUndefined();
    expect(spec.template.spec.containers[0]).toMatchObject({ resources: { requests: { cpu: '1' } } });
    expect(spec.template.spec.containers[0].colour).toBeUndefined();
  });

  it.each<[string, object, string]>([
    [
      'a selector that does not match',
      { selector: { matchLabels: { app: 'db' } } },
      'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
    ],
    ['an empty selector', { selector: {} }, 'empty selector is invalid for cloneset'],
    [
      'OnDelete, which 1.9 announces and refuses',
      { updateStrategy: { type: 'OnDelete' } },
      "spec.updateStrategy.type: Invalid value: \"OnDelete\": must be 'ReCreate', InPlaceIfPossible or 'InPlaceOnly'",
    ],
    [
      'a partition as a text',
      { updateStrategy: { partition: '5' } },
      'spec.updateStrategy.partition: Invalid value: "5": failed GetScaledValueFromIntOrPercent for partition: invalid type: string is not a percentage',
    ],
    [
      'a partition below zero',
      { updateStrategy: { partition: -1 } },
      'spec.updateStrategy.partition: Invalid value: -1: must be greater than or equal to 0',
    ],
    [
      'neither unavailable pods nor a surge',
      { updateStrategy: { maxUnavailable: 0 } },
      'spec.updateStrategy.maxUnavailable: Invalid value: 0: maxUnavailable and maxSurge should not both be less than 1',
    ],
    [
      'a surge of pods that stay',
      { updateStrategy: { type: 'InPlaceOnly', maxSurge: 1 } },
      'can not use maxSurge with strategy type InPlaceOnly',
    ],
    [
      'two kinds of priority',
      {
        updateStrategy: {
          priorityStrategy: {
            orderPriority: [{ orderedKey: 'a' }],
            weightPriority: [{ weight: 1, matchSelector: selector }],
          },
        },
      },
      'spec.updateStrategy.priorityStrategy: Required value: only one of weightPriority and orderPriority can be used',
    ],
    [
      'a weight beyond 100',
      { updateStrategy: { priorityStrategy: { weightPriority: [{ weight: 101, matchSelector: selector }] } } },
      'weight must be valid number in the range 1-100',
    ],
    [
      'a term of scattering twice',
      {
        updateStrategy: {
          scatterStrategy: [
            { key: 'a', value: 'b' },
            { key: 'a', value: 'b' },
          ],
        },
      },
      'duplicated key=a value=b',
    ],
    [
      'a pod to delete that is not there',
      { scaleStrategy: { podsToDelete: ['gone'] } },
      'spec.scaleStrategy.podsToDelete: Invalid value: "gone": find pod gone failed: pods "gone" not found',
    ],
    ['a pod to delete twice', { scaleStrategy: { podsToDelete: ['a', 'a'] } }, 'duplicated items [a]'],
    [
      'a deadline before pods can be available',
      { minReadySeconds: 10, progressDeadlineSeconds: 10 },
      'spec.progressDeadlineSeconds: Invalid value: 10: must be greater than minReadySeconds',
    ],
    [
      'pods that end',
      { template: template({ restartPolicy: 'Never' }) },
      'spec.template.spec.restartPolicy: Unsupported value: "Never"',
    ],
    [
      'a container without an image',
      { template: template({ containers: [{ name: 'main' }] }) },
      'spec.template.spec.containers[0].image: Required value',
    ],
  ])('refuses a CloneSet with %s', (_what, spec, words) => {
    expect(() => create('clonesets', spec, true)).toThrow(
      expect.objectContaining({
        code: 422,
        message: expect.stringContaining(`admission webhook "vcloneset.kb.io" denied the request: `),
      }),
    );
    expect(() => create('clonesets', spec, true)).toThrow(words);
  });

  it.each<[string, object, string]>([
    [
      'several unavailable pods in order',
      { updateStrategy: { rollingUpdate: { maxUnavailable: 2 } } },
      'spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: 2: can only work with Parallel PodManagementPolicyType',
    ],
    [
      'an update in place without its gate',
      { updateStrategy: { rollingUpdate: { podUpdatePolicy: 'InPlaceIfPossible' } } },
      'spec.template.spec.readinessGates: Invalid value: null: must contains InPlaceUpdateReady when podUpdatePolicy is InPlaceIfPossible',
    ],
    [
      'an unknown policy',
      { updateStrategy: { rollingUpdate: { podUpdatePolicy: 'Always' } } },
      "must be 'ReCreate', InPlaceIfPossible or 'InPlaceOnly'",
    ],
    [
      'pods that must be ready for too long',
      { updateStrategy: { rollingUpdate: { minReadySeconds: 301 } } },
      'must be no more than 300 seconds',
    ],
    [
      'no unavailable pods',
      { podManagementPolicy: 'Parallel', updateStrategy: { rollingUpdate: { maxUnavailable: 0 } } },
      'should not be less than 1',
    ],
    [
      'a free order of ordered pods',
      { updateStrategy: { rollingUpdate: { unorderedUpdate: {} } } },
      'unorderedUpdate can only work with Parallel PodManagementPolicyType',
    ],
    ['numbers that are no range', { reserveOrdinals: ['5-3'] }, '0 th reserve ordinal is not a valid range: 5-3'],
    [
      'OnDelete with a rolling update',
      { updateStrategy: { type: 'OnDelete', rollingUpdate: {} } },
      "only allowed for updateStrategy 'RollingUpdate'",
    ],
    ['an unknown order', { podManagementPolicy: 'Random' }, "must be 'OrderedReady' or 'Parallel'"],
    [
      'an unknown retention',
      { persistentVolumeClaimRetentionPolicy: { whenScaled: 'Hide' } },
      'Unsupported value: "Hide"',
    ],
  ])('refuses an Advanced StatefulSet with %s', (_what, spec, words) => {
    expect(() => create('statefulsets', spec, true)).toThrow(words);
  });

  it('refuses a template that cannot be read', () => {
    const broken = template({ containers: [{ name: 'main', image: 5 }] });
    expect(() => create('clonesets', { template: broken })).toThrow(
      /^admission webhook "mcloneset.kb.io" denied the request: json: cannot unmarshal number/,
    );
  });

  it('lets InPlaceOnly change images, and nothing else of a pod', () => {
    const set = create('clonesets', { updateStrategy: { type: 'InPlaceOnly' } });
    const next = change(set, 'clonesets', (spec) => {
      spec.template.spec.containers[0].image = 'registry.local/web:2';
    });
    expect(next.metadata.generation).toBe(2);
    expect(() =>
      change(next, 'clonesets', (spec) => {
        spec.template.spec.containers[0].args = ['--fast'];
      }),
    ).toThrow(
      'spec: Forbidden: only allowed to update images in spec for InPlaceOnly, but found add /containers/0/args',
    );
    const numbered = create('statefulsets', {
      template: gated,
      updateStrategy: { rollingUpdate: { podUpdatePolicy: 'InPlaceOnly' } },
    });
    expect(() =>
      change(numbered, 'statefulsets', (spec) => {
        spec.template.spec.hostNetwork = true;
      }),
    ).toThrow(
      'invalid template modified with InPlaceOnly strategy: add /hostNetwork, currently only image update is allowed for InPlaceOnly',
    );
  });

  it('keeps the selector of a CloneSet, and the service of a StatefulSet', () => {
    const set = create('clonesets', {
      template: { ...template(), metadata: { labels: { app: 'web', tier: 'front' } } },
    });
    expect(() =>
      change(set, 'clonesets', (spec) => {
        spec.selector.matchLabels.tier = 'front';
      }),
    ).toThrow(
      /spec: Forbidden: updates to cloneset spec for fields other than 'replicas', .* and 'revisionHistoryLimit' are forbidden/,
    );
    const numbered = create('statefulsets', {});
    expect(() =>
      change(numbered, 'statefulsets', (spec) => {
        spec.serviceName = 'other';
      }),
    ).toThrow(/updates to statefulset spec for fields other than/);
  });
});
