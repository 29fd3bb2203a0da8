import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeSpec } from '../../testing/make-spec.ts';
import { releaseTargetOf, workloadNameOf } from './release-target.ts';
import type { DeploymentSpec } from './version-spec.ts';

const unit = (name: string) => ({ unit: name, nodeLabels: { 'example.com/unit': name } });
const service = { uuid: 'service-id', cluster: 'c1', namespace: 'shop', name: 'web', isStateful: false };
const targetOf = (deployment: Partial<DeploymentSpec>, units: readonly string[], replicas = 5) =>
  releaseTargetOf({
    service,
    version: { uuid: 'version-id', spec: makeSpec({ deployment, scaling: { replicas } }) },
    units: units.map(unit),
    applicationLabels: { app: 'shop' },
  });
const podSpec = ({ template }: { readonly template: object }) => (template as { spec: Record<string, unknown> }).spec;

describe('what is to run of a version (REL-07)', () => {
  it('is one workload of the service where the platform has no units', () => {
    expect(targetOf({}, []).units).toEqual([{ unit: '', workload: 'web', replicas: 5, nodeSelector: {} }]);
  });

  it('is one workload for each unit, with its pods evenly over them and each on the nodes of its unit', () => {
    expect(targetOf({}, ['a', 'b']).units).toEqual([
      { unit: 'a', workload: 'web--a', replicas: 3, nodeSelector: { 'example.com/unit': 'a' } },
      { unit: 'b', workload: 'web--b', replicas: 2, nodeSelector: { 'example.com/unit': 'b' } },
    ]);
  });

  it('is in the units that were chosen alone', () => {
    expect(targetOf({ units: ['b'] }, ['a', 'b']).units.map(({ unit: name, replicas }) => [name, replicas])).toEqual([
      ['b', 5],
    ]);
  });

  it('refuses units that are not there any more, rather than to run elsewhere', () => {
    expect(() => targetOf({ units: ['gone'] }, ['a'])).toThrow('does not have these deployment units any more: gone');
    expect(() => targetOf({ units: ['gone'] }, [])).toThrow(expect.objectContaining({ reason: 'UNITS_GONE' }));
  });

  it('has one workload on the nodes of any of the units where pods go wherever there is room', () => {
    const target = targetOf({ isSpread: false, units: ['a', 'b'] }, ['a', 'b', 'c']);
    expect(target.units).toEqual([{ unit: '', workload: 'web', replicas: 5, nodeSelector: {} }]);
    expect(podSpec(target)).toMatchObject({
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'example.com/unit', operator: 'In', values: ['a', 'b'] }] },
            ],
          },
        },
      },
    });
    expect(podSpec(target)).not.toHaveProperty('topologySpreadConstraints');
  });

  it('tells its pods by service, version and application, and keeps what the form gave them', () => {
    const { template, labels } = targetOf({}, []);
    expect(template).toMatchObject({
      metadata: {
        labels: {
          tier: 'front',
          app: 'shop',
          'longshore.dev/app-service': 'web',
          'longshore.dev/app-service-version': 'version-id',
        },
      },
    });
    expect(labels).toEqual({ app: 'shop', 'longshore.dev/app-service': 'web' });
  });

  it('keeps near and away from other services beside what the form says of that', () => {
    const required = 'requiredDuringSchedulingIgnoredDuringExecution';
    const own = { labelSelector: { matchLabels: { mine: 'yes' } }, topologyKey: 'zone' };
    const spec = makeSpec({
      deployment: {
        affinity: {
          sameNode: [{ namespace: 'cache', name: 'redis' }],
          differentNode: [{ namespace: 'shop', name: 'web' }],
        },
      },
      podSpec: { affinity: { podAffinity: { [required]: [own] } } },
    });
    const target = releaseTargetOf({ service, version: { uuid: 'v', spec }, units: [], applicationLabels: {} });
    const term = (namespace: string, name: string) => ({
      labelSelector: { matchLabels: { 'longshore.dev/app-service': name } },
      namespaces: [namespace],
      topologyKey: 'kubernetes.io/hostname',
    });
    expect(podSpec(target).affinity).toEqual({
      podAffinity: { [required]: [own, term('cache', 'redis')] },
      podAntiAffinity: { [required]: [term('shop', 'web')] },
    });
  });

  it('has exactly its pods, in whatever units, and says the same each time', () => {
    const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 5 });
    fc.assert(
      fc.property(names, fc.nat(200), fc.boolean(), (units, replicas, isSpread) => {
        const target = targetOf({ isSpread }, units, replicas);
        expect(target.units.reduce((sum, { replicas: pods }) => sum + pods, 0)).toBe(replicas);
        expect(targetOf({ isSpread }, units, replicas)).toEqual(target);
      }),
    );
  });
});

describe('the name of a workload', () => {
  const label = fc.stringMatching(/^[a-z][a-z0-9]{0,20}(-{1,2}[a-z0-9]{1,12}){0,3}$/);
  const noRuns = label.filter((text) => !text.includes('--'));

  it('is a name of Kubernetes that leaves room for revisions', () => {
    fc.assert(
      fc.property(noRuns, label, (name, of) => {
        expect(workloadNameOf(name, of)).toMatch(/^[a-z]([-a-z0-9]{0,50}[a-z0-9])?$/);
      }),
    );
  });

  it('is never that of another service or unit', () => {
    fc.assert(
      fc.property(noRuns, label, noRuns, label, (name, of, otherName, otherOf) => {
        fc.pre(name !== otherName || of !== otherOf);
        expect(workloadNameOf(name, of)).not.toBe(workloadNameOf(otherName, otherOf));
      }),
    );
    expect(workloadNameOf('web', 'a--b')).not.toBe(workloadNameOf('web-a', 'b'));
  });
});
