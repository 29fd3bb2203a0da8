import { describe, expect, it } from 'vitest';
import { makeTarget } from '../../testing/make-target.ts';
import { acrossMesh, meshLabels } from './mesh.ts';

const plain = makeTarget();
const meshed = {
  ...plain,
  template: { ...plain.template, metadata: { labels: meshLabels({ isMeshed: true }) } },
};

describe('the sidecar of a mesh', () => {
  it('comes and goes with pods that are made anew, on the way in and on the way out (REL-07, REL-08)', () => {
    expect(acrossMesh(meshed, plain).upgradeMode).toBe('REPLACE');
    expect(acrossMesh(plain, meshed).upgradeMode).toBe('REPLACE');
    expect(acrossMesh(meshed, meshed).upgradeMode).toBe('IN_PLACE');
    expect(acrossMesh(plain, plain).upgradeMode).toBe('IN_PLACE');
    expect(acrossMesh(meshed, null)).toBe(meshed);
  });
});
