import { type ChangeGuard, type KubeObject, origin, type RequestContext, subjectOf } from 'longshore/sdk';
import { changesTemplate } from './changes-template.ts';
import { loadState } from './release-state.ts';
import { releasedSubjects, releaseLabels, type ServicePlace, serviceOf, workloadSubjects } from './released-objects.ts';

/**
 * An app service is not released and changed by hand at the same time (REL-17, REL-33), on no road. Outside of releases its pods may be
 * changed by who acknowledges that the next release undoes it; how many there are is anybody's.
 */
export const releaseGuard: ChangeGuard = {
  subjects: releasedSubjects,
  labels: releaseLabels,
  warnings: ['RELEASED_BY_APP_SERVICE'],
  obstacle(object, context) {
    const place = serviceOf(object);
    return place && refuseWhileReleasing(place, object, context);
  },
  warn(change, context) {
    const place = serviceOf(change.object);
    const isWorkload = workloadSubjects.includes(subjectOf(change.object[origin]));
    return place && isWorkload && changesTemplate(change) ? warnOfRelease(place, change.object, context) : [];
  },
};

async function refuseWhileReleasing(place: ServicePlace, object: KubeObject, context: RequestContext) {
  const service = await loadState(place, context);
  if (!service?.isReleasing) return undefined;
  const { kind, metadata } = object;
  const message = `App service '${service.name}' is being released: ${kind} '${metadata.name}' is changed by nobody else until that release has ended or was cancelled`;
  return { reason: 'RELEASE_ACTIVE', message };
}

async function warnOfRelease(place: ServicePlace, object: KubeObject, context: RequestContext) {
  const service = await loadState(place, context);
  // What is refused anyway is not asked about.
  if (!service || service.isReleasing) return [];
  const { kind, metadata } = object;
  const message = `${kind} '${metadata.name}' is how app service '${service.name}' was released: its next release undoes this change. A new version of the app service would keep it`;
  return [{ code: 'RELEASED_BY_APP_SERVICE', message }];
}
