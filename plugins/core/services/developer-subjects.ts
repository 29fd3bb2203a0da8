import { defaultApplyKinds } from 'longshore/sdk';

/** Secrets have rules of their own; whether Gateways are for developers, a profile decides where there are load balancers. */
const ruledElsewhere: readonly string[] = ['core/Secret', 'gateway.networking.k8s.io/Gateway'];

/** Kinds that developers work with in their namespaces. */
export const developerSubjects: readonly string[] = defaultApplyKinds.filter(
  (subject) => !ruledElsewhere.includes(subject),
);

/** Kinds that somebody besides an ADMIN may write. */
export const everyApplySubject: readonly string[] = defaultApplyKinds;
