import { describe, expect, it } from 'vitest';
import { makeSpec } from '../../testing/make-spec.ts';
import { whyPodsAreReplaced } from './replaced-pods.ts';

const web = { name: 'web', image: 'acme/web:1', resources: { requests: { cpu: '100m' } } };
const spec = (podSpec: object, upgradeMode: 'IN_PLACE' | 'REPLACE' = 'IN_PLACE') =>
  makeSpec({ podSpec: { containers: [web], ...podSpec }, deployment: { upgradeMode } });

describe('whether pods are made anew (REL-08)', () => {
  it.each<[string, object]>([
    ['nothing changes', {}],
    ['an image changes', { containers: [{ ...web, image: 'acme/web:2' }] }],
  ])('they keep their place where %s', (_what, podSpec) => {
    expect(whyPodsAreReplaced(spec({}), spec(podSpec))).toEqual([]);
  });

  it.each<[string, object, string]>([
    ['CPU or memory changes', { containers: [{ ...web, resources: {} }] }, "CPU or memory of the container 'web'."],
    ['there is another container', { containers: [web, { name: 'log', image: 'l' }] }, 'Other containers'],
    ['a container takes the place of another', { containers: [{ ...web, name: 'api' }] }, 'Other containers'],
    ['a variable changes', { containers: [{ ...web, env: [{ name: 'A', value: 'b' }] }] }, 'more than its image'],
    ['volumes change', { volumes: [{ name: 'v', emptyDir: {} }] }, 'the whole pod'],
  ])('they are where %s', (_what, podSpec, why) => {
    const reasons = whyPodsAreReplaced(spec({}), spec(podSpec));
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toContain(why);
  });

  it('they always are with REPLACE, unless nothing of them changes', () => {
    const changed = { containers: [{ ...web, image: 'acme/web:2' }] };
    expect(whyPodsAreReplaced(spec({}), spec(changed, 'REPLACE'))).toEqual(['The upgrade mode is REPLACE.']);
    expect(whyPodsAreReplaced(spec({}), spec({}, 'REPLACE'))).toEqual([]);
  });
});
