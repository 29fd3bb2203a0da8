import type { V1Pod } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../kernel/logger.ts';
import { createManualClock } from '../../kernel/manual-clock.ts';
import type { Principal } from '../../kernel/principal.ts';
import type { FeedEvent } from '../../kube/kind-feed.ts';
import type { KubeObject } from '../../kube/kube-object.ts';
import { watchTerminal } from './watch-terminal.ts';

const anna = { id: 'oidc:anna', name: 'anna', roles: [], groups: [], namespaces: [] } as unknown as Principal;

function pod({ uid = 'one', containerID = 'run-1', phase = 'Running', state = { running: {} } as object } = {}) {
  const status = { phase, containerStatuses: [{ name: 'main', containerID, state }] };
  return { metadata: { name: 'web', namespace: 'shop', uid }, status } as unknown as KubeObject<V1Pod>;
}

/** A watched terminal over fakes of what it stands on. */
function watched(verbs: ReadonlySet<string> = new Set(['get', 'create'])) {
  const clock = createManualClock();
  const ends: string[] = [];
  let tell: (event: FeedEvent<V1Pod>) => void = () => {};
  const state = {
    isAllowed: true,
    verbs: verbs as ReadonlySet<string> | Error,
    isReleased: false,
  };
  const stop = watchTerminal({
    principal: anna,
    pod: pod(),
    container: 'main',
    action: 'EXEC',
    cluster: {
      feed: () => ({
        onEvent(listener: typeof tell) {
          tell = listener;
          return () => {};
        },
        release() {
          state.isReleased = true;
        },
      }),
      async sessionVerbs() {
        if (state.verbs instanceof Error) throw state.verbs;
        return state.verbs;
      },
    } as never,
    authenticator: { rights: { onRightsChanged: () => () => {} }, regrant: (same: Principal) => same } as never,
    permissions: { for: () => ({ allowed: () => state.isAllowed }) } as never,
    clock,
    logger: silentLogger,
    onEnd: ({ why }) => ends.push(why),
  });
  return { clock, ends, state, stop, tell: (event: object) => tell(event as FeedEvent<V1Pod>) };
}

/** Lets answers arrive between the looks. */
async function pass(clock: ReturnType<typeof createManualClock>, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    clock.advance(500);
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  }
}

describe('what a terminal stands on (P40, CMP-109)', () => {
  it.each([
    { name: 'the pod is gone', event: { type: 'DELETED', object: pod() } },
    { name: 'another pod has its name', event: { type: 'MODIFIED', object: pod({ uid: 'two' }) } },
    { name: 'its container has ended', event: { type: 'MODIFIED', object: pod({ state: { terminated: {} } }) } },
    { name: 'its container runs anew', event: { type: 'MODIFIED', object: pod({ containerID: 'run-2' }) } },
  ])('ends it within 5 s, although nobody upstream says so, when $name', async ({ event }) => {
    const { clock, ends, tell } = watched();
    tell(event);
    expect(ends).toEqual([]);
    await pass(clock, 5_000);
    expect(ends).toEqual(['POD_GONE']);
  });

  it('lets it go on while the same run goes on, and for other pods', async () => {
    const { clock, ends, tell } = watched();
    tell({ type: 'MODIFIED', object: pod() });
    tell({ type: 'DELETED', object: { ...pod(), metadata: { name: 'other', namespace: 'shop' } } });
    await pass(clock, 60_000);
    expect(ends).toEqual([]);
  });

  it('ends it when a profile takes the right away, which nobody announces', async () => {
    const { clock, ends, state } = watched();
    state.isAllowed = false;
    await pass(clock, 10_000);
    expect(ends).toContain('RIGHTS_CHANGED');
  });

  it('ends it when the cluster takes one of the verbs away', async () => {
    const { clock, ends, state } = watched();
    await pass(clock, 4_000);
    state.verbs = new Set(['get']);
    await pass(clock, 4_000);
    expect(ends).toContain('RIGHTS_CHANGED');
  });

  it('ends it likewise where the cluster had first remembered that the right was not there yet', async () => {
    const { clock, ends, state } = watched(new Set());
    await pass(clock, 4_000);
    state.verbs = new Set(['get', 'create']);
    await pass(clock, 4_000);
    expect(ends).toEqual([]);
    state.verbs = new Set(['get']);
    await pass(clock, 4_000);
    expect(ends).toContain('RIGHTS_CHANGED');
  });

  it('ends it where the cluster gives none of the verbs, once that cannot be an answer from before', async () => {
    const { clock, ends } = watched(new Set());
    await pass(clock, 7_000);
    expect(ends).toEqual([]);
    await pass(clock, 3_000);
    expect(ends).toContain('RIGHTS_CHANGED');
  });

  it('ends it once the cluster could not say for a minute whether it may go on', async () => {
    const { clock, ends, state } = watched();
    await pass(clock, 4_000);
    state.verbs = new Error('away');
    await pass(clock, 30_000);
    expect(ends).toEqual([]);
    await pass(clock, 40_000);
    expect(ends).toContain('RIGHTS_CHANGED');
  });

  it('looks no more once it is over', async () => {
    const { clock, ends, state, stop } = watched();
    stop();
    state.isAllowed = false;
    await pass(clock, 60_000);
    expect([ends, state.isReleased]).toEqual([[], true]);
  });
});
