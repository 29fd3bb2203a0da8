import { describe, it } from 'vitest';
import { expectOrderly } from './testing/expect-orderly.ts';
import { releaseMany } from './testing/release-many.ts';

describe('one order for many services that depend on each other (REL-19, REL-20)', () => {
  it('releases each behind those that it needs, with as few requests as the order has writes', {
    timeout: 180_000,
  }, async () => {
    await using stack = new AsyncDisposableStack();
    const many = { services: 20, levels: 4, pods: 2, groups: 1, speed: 100, engines: ['kruise'] };
    const released = await releaseMany(many, stack);
    expectOrderly(released, many);
  });
});
