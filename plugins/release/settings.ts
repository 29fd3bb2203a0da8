import { z } from 'longshore/sdk';

const name = (most: number) => z.string().min(1).max(most);

const orderObjects = z.strictObject({
  cluster: name(63).describe('Name of the cluster whose ReleaseOrders are heeded.'),
  namespaces: z.array(name(63)).min(1).max(1_000).describe('Namespaces of it where they are.'),
  actAs: name(500).describe(
    "Id of the principal that acts for them, such as 'token:gitops': what it may do there is what they may. Never an ADMIN.",
  ),
});

/** `pluginSettings.release`. Strict, so that a misspelt key stops the start instead of being ignored. */
export const releaseSettings = z.strictObject({
  orderObjects: z
    .array(orderObjects)
    .max(1_000)
    .default([])
    .describe('Where ReleaseOrders of release.longshore.dev are heeded, and in whose name; nowhere by default.'),
  mostOrderObjects: z
    .int()
    .min(1)
    .max(5_000)
    .default(500)
    .describe('Most ReleaseOrders of one namespace that are heeded; the oldest come first.'),
});

export type ReleaseSettings = z.infer<typeof releaseSettings>;
