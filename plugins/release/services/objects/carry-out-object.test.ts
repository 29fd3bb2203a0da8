import type { ReconcileContext } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { createFailpoints } from '../../../../src/kernel/failpoints.ts';
import { silentLogger } from '../../../../src/kernel/logger.ts';
import { createManualClock } from '../../../../src/kernel/manual-clock.ts';
import { carryOutObject } from './carry-out-object.ts';
import { objectLoopRef } from './object-loop.ts';
import { orderObjectsStoreRef } from './order-objects-store.ts';

/** The loop at a cluster in this state. Whoever reads or writes anything fails the test. */
function look(cluster: { readonly state: string; readonly serves?: boolean } | undefined, heeded = 'east') {
  const forbidden = new Proxy(
    {},
    { get: (_target, name) => () => Promise.reject(new Error(`asked for ${String(name)}`)) },
  );
  const services = new Map<unknown, unknown>([
    [
      objectLoopRef,
      {
        settings: {
          orderObjects: [{ cluster: heeded, namespaces: ['shop'], actAs: 'token:gitops' }],
          mostOrderObjects: 5,
        },
        clusters: {
          get: () => cluster && { name: 'east', state: cluster.state, serves: () => cluster.serves !== false },
        },
        operations: forbidden,
        users: forbidden,
      },
    ],
    [orderObjectsStoreRef, forbidden],
  ]);
  const context: Partial<ReconcileContext> = {
    clock: createManualClock(0),
    failpoints: createFailpoints(),
    logger: silentLogger,
    signal: new AbortController().signal,
    service: (ref) => services.get(ref) as never,
  };
  return carryOutObject('east/shop/vote-42', context as ReconcileContext);
}

describe('the loop of ReleaseOrders (REL-39)', () => {
  it.each(['CONNECTING', 'UNREACHABLE'])('concludes nothing of a cluster that is %s, and comes back', async (state) => {
    expect(await look({ state })).toEqual({ kind: 'again', afterMs: 15_000 });
  });

  it('concludes nothing of a cluster whose definition is gone, and leaves those alone that nobody has named', async () => {
    expect(await look({ state: 'READY', serves: false })).toEqual({ kind: 'settled' });
    expect(await look({ state: 'READY' }, 'west')).toEqual({ kind: 'settled' });
    expect(await look(undefined)).toEqual({ kind: 'settled' });
  });
});
