import type { ClusterClock, ClusterObject, ClusterStore, ResourceDefinition, StoreEvent } from '../store/types.ts';
import type { ControllerLogger } from './cluster-context.ts';
import type { Controller } from './controller.ts';
import { createTurnTaker, type TurnTaker } from './create-turn-taker.ts';
import { createWorkQueue, type WorkQueue } from './create-work-queue.ts';

/** Failures in a row after which a key is worth a warning; before that it is a conflict or an order of events. */
const failuresWorthAWarning = 5;

export interface RunControllersOptions {
  readonly store: ClusterStore;
  readonly clock: ClusterClock;
  readonly logger: ControllerLogger;
  readonly controllers: readonly Controller[];
  /** Resources whose present objects the controllers are told of at start. */
  readonly resources: readonly ResourceDefinition[];
}

/** Runs each controller on a queue of its own, fed by every change in the store. Returns what stops them. */
export function runControllers(options: RunControllersOptions): () => void {
  const turns = createTurnTaker(options.clock);
  const queues = options.controllers.map((controller) => ({
    controller,
    queue: createQueue(options, controller, turns),
  }));

  for (const { controller, queue } of queues) controller.connect?.((key) => queue.add(key));

  function tell(change: StoreEvent, resource: ResourceDefinition): void {
    for (const { controller, queue } of queues) enqueue(options, controller, queue, change, resource);
  }

  const unsubscribe = options.store.onChange(tell);
  for (const resource of options.resources) {
    for (const object of options.store.list(resource)) tell(asAdded(object), resource);
  }
  return () => {
    unsubscribe();
    for (const { queue } of queues) queue.stop();
  };
}

function createQueue({ clock, logger }: RunControllersOptions, controller: Controller, turns: TurnTaker): WorkQueue {
  return createWorkQueue({
    clock,
    turns,
    work: (key) => controller.reconcile(key),
    onFailure(key, cause, failures) {
      if (failures % failuresWorthAWarning !== 0) return;
      logger.warn({ controller: controller.name, key, failures, err: cause }, 'controller keeps failing on this key');
    },
  });
}

/** A change that a controller cannot read must not keep the others from hearing of it. */
function enqueue(
  { logger }: RunControllersOptions,
  controller: Controller,
  queue: WorkQueue,
  change: StoreEvent,
  resource: ResourceDefinition,
): void {
  try {
    for (const key of controller.keysOf(change, resource)) queue.add(key);
  } catch (cause) {
    logger.error({ controller: controller.name, err: cause }, 'controller cannot read a change');
  }
}

function asAdded(object: ClusterObject): StoreEvent {
  return { type: 'ADDED', object, previous: undefined };
}
