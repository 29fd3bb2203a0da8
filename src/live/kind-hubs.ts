import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { KindRef } from '../kube/kind-ref.ts';
import { createKindHub, type FollowedCluster, type KindHub } from './create-kind-hub.ts';
import type { StreamLimits } from './stream-limits.ts';

/** All hubs there are; two subscribers of one (cluster, kind) get the same one. */
export interface KindHubs {
  acquire<T>(cluster: FollowedCluster, kind: KindRef<T>): KindHub<T>;
  /** Hubs that are held or linger. */
  readonly size: number;
  stop(): void;
}

interface Held {
  readonly cluster: FollowedCluster;
  readonly hub: ReturnType<typeof createKindHub>;
  holders: number;
  cancelLinger(): void;
}

/** A hub goes on for `lingerMs` after its last holder left, so that who comes back finds the changes in between. */
export function createKindHubs(options: {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: Pick<StreamLimits, 'ringEvents' | 'retryMs' | 'lingerMs'>;
}): KindHubs {
  const { clock, logger, limits } = options;
  const hubs = new Map<string, Held>();

  function release(key: string, held: Held): void {
    held.holders -= 1;
    if (held.holders > 0) return;
    held.cancelLinger = clock.schedule(limits.lingerMs, () => {
      if (hubs.get(key) === held) hubs.delete(key);
      held.hub.stop();
    });
  }

  function end(held: Held): void {
    held.cancelLinger();
    held.hub.stop();
  }

  return {
    acquire<T>(cluster: FollowedCluster, kind: KindRef<T>): KindHub<T> {
      const key = JSON.stringify([cluster.name, kind.group, kind.version, kind.plural]);
      let held = hubs.get(key);
      // Another cluster that has come under the name of one that is gone.
      if (held?.cluster !== cluster) {
        if (held?.holders === 0) end(held);
        held = {
          cluster,
          hub: createKindHub({ cluster, kind: kind as KindRef, clock, logger, limits }),
          holders: 0,
          cancelLinger() {},
        };
        hubs.set(key, held);
      }
      held.cancelLinger();
      held.holders += 1;
      return holdOf(held.hub as unknown as ReturnType<typeof createKindHub<T>>, () => release(key, held));
    },
    get size() {
      return hubs.size;
    },
    stop() {
      for (const held of hubs.values()) end(held);
      hubs.clear();
    },
  };
}

/** A hub as one holder has it: giving it back twice counts once. */
function holdOf<T>(hub: ReturnType<typeof createKindHub<T>>, giveBack: () => void): KindHub<T> {
  let isHeld = true;
  return {
    get isReady() {
      return hub.isReady;
    },
    get isAbsent() {
      return hub.isAbsent;
    },
    position: hub.position,
    after: hub.after,
    continuousSince: hub.continuousSince,
    unheardStates: hub.unheardStates,
    staleSince: hub.staleSince,
    whenReady: hub.whenReady,
    join: hub.join,
    objects: hub.objects,
    release() {
      if (!isHeld) return;
      isHeld = false;
      giveBack();
    },
  };
}
