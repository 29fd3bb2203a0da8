import { defaultApplyKinds } from 'longshore/sdk';

/** Kinds that developers work with in their namespaces; Secrets have rules of their own. */
export const developerSubjects: readonly string[] = defaultApplyKinds.filter((subject) => subject !== 'core/Secret');

/** Kinds that somebody besides an ADMIN may write. */
export const everyApplySubject: readonly string[] = defaultApplyKinds;
