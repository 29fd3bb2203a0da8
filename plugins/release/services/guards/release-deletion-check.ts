import {
  type Deletion,
  type DeletionCheck,
  type DeletionObjection,
  origin,
  type RequestContext,
  resolveNodes,
  subjectOf,
} from 'longshore/sdk';
import { idOfVersion } from '../subjects.ts';
import { loadState, releaseStateRef } from './release-state.ts';
import { releasedSubjects, type ServicePlace, serviceOf, snapshotSubjects } from './released-objects.ts';

/**
 * What versions name stays: a rollback brings it back. What an app service was released as may go, and comes again with its next release;
 * who wants it gone for good deletes the app service (REL-14).
 */
export const releaseDeletionCheck: DeletionCheck = {
  subjects: releasedSubjects,
  check(deletion, context) {
    const place = serviceOf(deletion.object);
    // Keys of a copy cannot go one by one: it is immutable.
    if (deletion.left !== undefined || !place) return undefined;
    const isSnapshot = snapshotSubjects.includes(subjectOf(deletion.object[origin]));
    return isSnapshot ? keepNamed(place, deletion, context) : tellOfService(place, deletion, context);
  },
};

async function keepNamed(
  place: ServicePlace,
  { object }: Deletion,
  context: RequestContext,
): Promise<DeletionObjection | undefined> {
  const { name } = object.metadata;
  const naming = await context.service(releaseStateRef).versionsNaming(place, object[origin].kind, name);
  if (naming.length === 0) return undefined;
  const ids = naming.map(idOfVersion);
  const visible = await resolveNodes(ids, context);
  const count = naming.length === 1 ? 'a version' : `${naming.length} versions`;
  return {
    isRefused: true,
    message: `${object.kind} '${name}' is the configuration of ${count} of app service '${place.name}', which could not be released again or returned to without it`,
    references: ids.filter((_id, index) => visible[index] !== null),
  };
}

async function tellOfService(
  place: ServicePlace,
  { object }: Deletion,
  context: RequestContext,
): Promise<DeletionObjection | undefined> {
  const service = await loadState(place, context);
  // While it is released nothing of it goes, whoever acknowledges what.
  if (!service || service.isReleasing) return undefined;
  return {
    isRefused: false,
    message: `${object.kind} '${object.metadata.name}' belongs to app service '${service.name}', which makes it again with its next release: delete the app service to be rid of it`,
    references: [],
  };
}

/** A namespace takes its app services' workloads along, also those that are being released just now; nothing is refused (CMP-35). */
export const namespaceDeletionCheck: DeletionCheck = {
  subjects: ['core/Namespace'],
  async check({ object, left }, context) {
    if (left !== undefined) return undefined;
    const { name } = object.metadata;
    const count = await context.service(releaseStateRef).countReleasing(object[origin].cluster, name);
    if (count === 0) return undefined;
    const what = count === 1 ? 'An app service' : `${count} app services`;
    const message = `${what} in namespace '${name}' ${count === 1 ? 'is' : 'are'} being released, and will fail when what they consist of is gone`;
    return { isRefused: false, message, references: [] };
  },
};
