import { PreconditionError } from 'longshore/sdk';
import type { ReleaseActor } from '../../api.ts';

/** That somebody wants an app service gone (REL-14): it is done in their name, to its end. */
export interface ServiceDeletion {
  readonly actor: ReleaseActor;
  /** Whether the claims of its pods go too. */
  readonly deletesVolumes: boolean;
  /** RFC 3339, UTC. */
  readonly requestedAt: string;
}

/** Keys of the loop that ends deletions that broke off are ids of app services. */
export const deletionLoop = 'release.deletions';

export const beingDeleted = (name: string): PreconditionError =>
  new PreconditionError('BEING_DELETED', `App service '${name}' is being deleted`);
