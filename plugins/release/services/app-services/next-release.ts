import type { RequestContext } from 'longshore/sdk';
import type { AppService, AppServiceVersion } from '../../api.ts';
import { chooseEngine } from '../../engines/choose-engine.ts';
import type { ReleaseEngine, ReleaseTarget } from '../../engines/engine.ts';
import { orderDeskRef } from '../orders/order-desk.ts';
import { acrossMesh } from './mesh.ts';
import { applicationLabelsOf, unitsOf } from './place-of-service.ts';
import { releaseTargetOf } from './release-target.ts';

/** How a version would be released, as things are now. */
export interface NextRelease {
  readonly target: ReleaseTarget;
  /** What runs, as it was written; null for nothing. */
  readonly previous: ReleaseTarget | null;
  readonly engine: ReleaseEngine;
  /** Why pods are made anew though the version asks for IN_PLACE (REL-08); empty where they are not. */
  readonly replacedBecause: readonly string[];
}

/**
 * What is to run of a version in the units of its workspace, and who would move the pods. Says nothing about rights: ask for the service.
 * Throws `PreconditionError` UNITS_GONE where the version names units that are not there any more.
 */
export async function nextReleaseOf(
  service: AppService,
  version: AppServiceVersion,
  context: RequestContext,
): Promise<NextRelease> {
  const running = (await context.service(orderDeskRef).running([service.uuid])).get(service.uuid);
  const previous = running?.target ?? null;
  const plain = releaseTargetOf({
    service,
    version,
    units: await unitsOf(service, context),
    applicationLabels: applicationLabelsOf(service, context.services.profiles),
  });
  const target = acrossMesh(plain, previous);
  const { engine, replacedBecause } = chooseEngine({
    ...{ target, previous, current: running?.engine },
    cluster: context.cluster(service.cluster),
  });
  return { target, previous, engine, replacedBecause: replacedBecause === undefined ? [] : [replacedBecause] };
}
