import { applicationLabel } from 'longshore/plugins/core';
import { describe, expect, it } from 'vitest';
import {
  controlledBy,
  makeCronJob,
  makeDeployment,
  makeJob,
  makePod,
  makeReplicaSet,
} from '../../testing/make-objects.ts';
import { PodCluster, startReplica } from '../../testing/metered-world.ts';
import { profilesOf } from '../../testing/profile-named.ts';
import { type AttributionSources, createAttribution } from './attribution.ts';
import { meteredPod } from './metered-pod.ts';
import { seenPods } from './seen-pods.ts';
import { type Meter, settle } from './settle.ts';
import type { Timeline } from './timeline.ts';

const profiles = profilesOf({ clusters: [{ name: 'east', profile: 'ecs' }] } as never);
const label = profiles.at({ cluster: 'east', namespace: 'shop' }).get(applicationLabel) as string;
const [team, other, project] = ['uuid-of-team', 'uuid-of-other', 'uuid-of-project'];
const bindings = new Map([['shop', { workspaceUuid: team, projectUuid: project }]]);

const nightly = makeCronJob({ metadata: { name: 'nightly' } });
const run = makeJob({ metadata: { name: 'nightly-29345678', ...controlledBy(nightly) } });
const web = makeDeployment({ metadata: { name: 'web', labels: { [label]: 'store' } } });
const webSet = makeReplicaSet({ metadata: { name: 'web-5d8f', ...controlledBy(web) } });
const workloads = [nightly, run, web, webSet];

/** Whose a pod is that `owner` makes, where the cluster still has `there`. */
function seriesOf(
  owner: Parameters<typeof controlledBy>[0] | undefined,
  options: Partial<AttributionSources> & { there?: typeof workloads; labels?: object } = {},
) {
  const { there = workloads, labels = {}, ...more } = options;
  const by = new Map(there.map((each) => [each.metadata.uid, each]));
  const of = createAttribution('east', by as never, {
    profiles,
    tenancy: { bindingOf: (_cluster, namespace) => bindings.get(namespace) as never },
    applications: [],
    exempt: new Set(['kube-system']),
    ...more,
  });
  return of(meteredPod(makePod({ metadata: { name: 'pod', labels, ...(owner ? controlledBy(owner) : {}) } })));
}

describe('whose the usage of a pod is (CMP-114)', () => {
  it.each([
    ['a run of a CronJob', run, {}, ['CronJob', 'nightly']],
    [
      'a run of a CronJob that is gone, by the name that its controller gave it',
      run,
      { there: [] },
      ['CronJob', 'nightly'],
    ],
    ['a Job of somebody', makeJob({ metadata: { name: 'import' } }), { there: [] }, ['Job', 'import']],
    ['a Deployment', webSet, {}, ['Deployment', 'web']],
    [
      'a Deployment whose ReplicaSet is gone',
      webSet,
      { there: [], labels: { 'pod-template-hash': '5d8f' } },
      ['Deployment', 'web'],
    ],
    ['nobody', undefined, {}, ['Pod', 'pod']],
  ])('of %s is told by what nobody else makes', (_what, owner, options, [kind, name]) => {
    expect(seriesOf(owner as never, options as never)).toMatchObject({ workloadKind: kind, workloadName: name });
  });

  it("is of the workspace and the project that its namespace belongs to, and of nobody in one that is nobody's", () => {
    expect(seriesOf(webSet)).toMatchObject({ workspaceId: team, projectId: project });
    expect(seriesOf(webSet, { tenancy: { bindingOf: () => undefined } })).toMatchObject({
      workspaceId: null,
      projectId: null,
    });
  });

  it('is of the application that its workload names: of its namespace, else of its workspace', () => {
    const application = (uuid: string, place: object) => ({ uuid, name: 'store', ...place }) as never;
    const here = application('here', { cluster: 'east', namespace: 'shop', workspaceUuid: null });
    const ofTeam = application('of team', { cluster: null, namespace: null, workspaceUuid: team });
    const ofOther = application('of other', { cluster: null, namespace: null, workspaceUuid: other });
    const elsewhere = application('elsewhere', { cluster: 'west', namespace: 'shop', workspaceUuid: null });
    const told = (...applications: never[]) => seriesOf(webSet, { applications })?.applicationId;
    expect(told(ofOther, ofTeam, here, elsewhere)).toBe('here');
    expect(told(ofOther, ofTeam, elsewhere)).toBe('of team');
    expect(told(ofOther, elsewhere)).toBeNull();
    expect(seriesOf(run, { applications: [here] })?.applicationId).toBeNull();
    // A bare pod names its own.
    expect(seriesOf(undefined, { applications: [here], labels: { [label]: 'store' } })?.applicationId).toBe('here');
  });

  it("is nobody's in namespaces that are not metered (refused)", () => {
    expect(seriesOf(webSet, { exempt: new Set(['shop']) })).toBeUndefined();
  });

  it('goes to another workspace from the round on that finds its namespace bound to that, in the middle of an hour', () => {
    const hour = Date.UTC(2026, 0, 1) / 1_000;
    let now = hour;
    const cluster = new PodCluster();
    cluster.put({ name: 'a', series: 's', millicores: 500, memoryMi: 1, startSeconds: hour });
    const { hearing } = startReplica(cluster, () => now * 1_000);
    let owner: string = team;
    const timelines = new Map<string, Timeline>();
    let meter: Meter | undefined;
    let position: string | undefined;
    const used: Record<string, bigint> = {};
    const round = (at: number) => {
      now = at;
      const heard = hearing.look(position);
      if (typeof heard === 'string') throw new Error(heard);
      const of = createAttribution('east', new Map(), {
        profiles,
        tenancy: { bindingOf: () => ({ workspaceUuid: owner, projectUuid: null }) as never },
        applications: [],
        exempt: new Set(),
      });
      const workspaces = new Map<string, string | null>();
      const pods = seenPods(heard, (pod) => {
        const series = of(pod);
        if (series) workspaces.set(series.id, series.workspaceId);
        return series?.id;
      });
      const settled = settle(meter, timelines, { nowSeconds: now, pods, deafUntilSeconds: heard.deafUntilSeconds });
      if (!settled) throw new Error('the clock is not believed');
      for (const [uid, timeline] of settled.written) timelines.set(uid, timeline);
      for (const { series, millicoreSeconds, hour: of } of settled.usage.entries()) {
        const key = `${workspaces.get(series) ?? owner} ${of}`;
        used[key] = (used[key] ?? 0n) + millicoreSeconds;
      }
      meter = settled.meter;
      position = heard.position;
    };
    round(hour);
    round(hour + 1_200);
    owner = other;
    round(hour + 1_260);
    round(hour + 3_600);
    expect(used).toEqual({ [`${team} ${hour}`]: 600_000n, [`${other} ${hour}`]: 1_200_000n });
  });
});
