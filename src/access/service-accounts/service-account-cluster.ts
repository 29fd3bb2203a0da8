import type { GroupRights } from '../rights-of-groups.ts';

/** A cluster whose service accounts sign in. */
export interface ServiceAccountCluster extends GroupRights {
  readonly cluster: string;
  /** A token must have been made for one of these. */
  readonly audiences: readonly string[];
  /** `iss` of its tokens; undefined where audiences alone tell them from those of others. */
  readonly issuer?: string | undefined;
}
