import { describe, expect, it } from 'vitest';
import { expectOrderly } from '../../plugins/release/testing/expect-orderly.ts';
import { releaseMany } from '../../plugins/release/testing/release-many.ts';

describe('an order of 200 services and 2,000 pods, twelve levels deep (REL-19, REL-20)', () => {
  it.each([
    ['CLONE_SET', ['kruise']],
    ['DEPLOYMENT_PAIR', []],
  ] as const)(
    'comes to its end with the engine %s, at sixty times the speed',
    { timeout: 1_800_000 },
    async (engine, engines) => {
      await using stack = new AsyncDisposableStack();
      const many = { services: 200, levels: 12, pods: 10, groups: 3, speed: 60, engines };
      const released = await releaseMany(many, stack);
      expectOrderly(released, many);
      expect(new Set(released.releases.map((release) => release.engine))).toEqual(new Set([engine]));
    },
  );
});
