import { cloneSetKind } from 'longshore/plugins/compute';
import type { Cluster, KindRef } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import type { EngineName } from '../api.ts';
import { makeTarget, type TargetDraft } from '../testing/make-target.ts';
import { chooseEngine, engineOf } from './choose-engine.ts';
import { inPlaceObstacles } from './in-place-obstacles.ts';

const withKruise: Pick<Cluster, 'name' | 'serves'> = { name: 'c1', serves: () => true };
const without = { name: 'c1', serves: ({ group }: KindRef) => group !== 'apps.kruise.io' };
const later = {
  name: 'c1',
  serves: ({ group, version, kind }: KindRef) =>
    group !== 'apps.kruise.io' || version === 'v1beta1' || kind !== 'CloneSet',
};
const target = (draft: TargetDraft = {}) => makeTarget(draft);
const next = (draft: TargetDraft = {}) => makeTarget({ versionId: 'v-2', image: 'registry.local/web:2', ...draft });

describe('chooseEngine', () => {
  it.each<[string, TargetDraft, typeof withKruise, EngineName]>([
    ['pods in place', {}, withKruise, 'CLONE_SET'],
    ['new pods', { upgradeMode: 'REPLACE' }, withKruise, 'CLONE_SET'],
    ['stateful ones', { isStateful: true }, withKruise, 'ADVANCED_STATEFUL_SET'],
    ['both versions at once', { previousStays: true }, withKruise, 'DEPLOYMENT_PAIR'],
    ['pods in place with no OpenKruise', {}, without, 'DEPLOYMENT_PAIR'],
    ['stateful ones with no OpenKruise', { isStateful: true }, without, 'STATEFUL_SET'],
  ])('takes for %s what the cluster has (REL-07, REL-09)', (_case, draft, cluster, name) => {
    expect(chooseEngine({ target: target(draft), cluster }).engine.name).toBe(name);
  });

  it('stays with what a service runs on, and goes on only where that is gone', () => {
    const name = (current: EngineName, cluster: typeof withKruise) =>
      chooseEngine({ target: target(), current, cluster }).engine.name;
    expect(name('DEPLOYMENT_PAIR', withKruise)).toBe('DEPLOYMENT_PAIR');
    expect(name('CLONE_SET', withKruise)).toBe('CLONE_SET');
    expect(name('CLONE_SET', without)).toBe('DEPLOYMENT_PAIR');
  });

  it('writes CloneSets in the version of the API that is served (OpenKruise 1.10)', () => {
    expect(engineOf('CLONE_SET', withKruise).kinds[0]).toEqual(cloneSetKind);
    const engine = engineOf('CLONE_SET', later);
    expect(engine.kinds[0]?.version).toBe('v1beta1');
    const write = engine.next(target(), new Map([['', 1]]), []);
    expect(write?.body).toMatchObject({
      spec: {
        updateStrategy: {
          type: 'RollingUpdate',
          rollingUpdate: { podUpdatePolicy: 'InPlaceIfPossible', partition: 0, maxUnavailable: '25%', maxSurge: 0 },
        },
      },
    });
  });

  it('lets a CloneSet have one pod more where none may be missing', () => {
    const write = engineOf('CLONE_SET', withKruise).next(target({ maxUnavailable: 0 }), new Map([['', 1]]), []);
    expect(write?.body).toMatchObject({ spec: { updateStrategy: { maxUnavailable: 0, maxSurge: 1 } } });
  });

  it.each<[string, TargetDraft, typeof withKruise, EngineName | null, string | undefined]>([
    ['nothing where only the image is new', {}, withKruise, null, undefined],
    ['nothing where new pods were asked for', { upgradeMode: 'REPLACE' }, without, null, undefined],
    ['that there is no OpenKruise', {}, without, null, "Cluster 'c1' has no OpenKruise: Deployments make new pods"],
    ['that it came later', {}, withKruise, 'DEPLOYMENT_PAIR', "since before cluster 'c1' had OpenKruise"],
    ['that both versions are there', { previousStays: true }, withKruise, null, 'side by side'],
    [
      'what changes',
      { container: { resources: { limits: { cpu: '1' } } } },
      withKruise,
      null,
      "Pods are made anew: CPU or memory of container 'main' changes.",
    ],
  ])('says why pods are replaced: %s (REL-08)', (_case, draft, cluster, current, words) => {
    const { replacedBecause } = chooseEngine({ target: next(draft), previous: target(), current, cluster });
    if (words === undefined) expect(replacedBecause).toBeUndefined();
    else expect(replacedBecause).toContain(words);
  });

  it('says nothing of the first release, which makes all pods', () => {
    expect(chooseEngine({ target: target(), previous: null, cluster: without }).replacedBecause).toBeUndefined();
  });
});

describe('inPlaceObstacles (REL-08)', () => {
  const side = { name: 'side', image: 'registry.local/side:1' };
  const main = { name: 'main', image: 'registry.local/web:2' };
  it.each<[string, TargetDraft, readonly string[]]>([
    ['a new image', {}, []],
    ['new annotations', { annotations: { note: 'x' } }, []],
    [
      'memory',
      { container: { resources: { requests: { memory: '1Gi' } } } },
      ["CPU or memory of container 'main' changes"],
    ],
    [
      'an environment',
      { container: { env: [{ name: 'A', value: '1' }] } },
      ["more than the image of container 'main' changes"],
    ],
    ['one container more', { podSpec: { containers: [main, side] } }, ["container 'side' is new"]],
    [
      'another container',
      { podSpec: { containers: [side] } },
      ["container 'side' is new", "container 'main' goes away"],
    ],
    [
      'a collector of monitoring data (CMP-113)',
      { podSpec: { containers: [main, { name: 'monitoring-collector', image: 'collector:1' }] } },
      ["container 'monitoring-collector' is new"],
    ],
    [
      'a volume',
      { podSpec: { volumes: [{ name: 'tmp', emptyDir: {} }] } },
      ['more than the containers of its pods changes'],
    ],
  ])('finds what stands against %s', (_case, draft, expected) => {
    expect(inPlaceObstacles(target(), next(draft))).toEqual(expected);
  });
});
