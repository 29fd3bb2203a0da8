import { z } from 'longshore/sdk';

const quantity = (example: string) =>
  z.string().regex(/^\d+(\.\d+)?(m|k|Ki|M|Mi|G|Gi)?$/, `must be a quantity such as ${example}`);

const fileBrowser = z.strictObject({
  image: z
    .string()
    .min(1)
    .max(500)
    .default('docker.io/library/busybox:1.37.0')
    .describe(
      'Image of the pods behind file browsers: with sh, find, stat, head, dd, readlink, mkdir, mv, rm and rmdir.',
    ),
  imagePullSecrets: z
    .array(z.string().min(1).max(253))
    .max(10)
    .default([])
    .describe('Names of Secrets to pull it with, where a namespace has them.'),
  userId: z
    .int()
    .min(1)
    .max(2_147_483_647)
    .default(65_532)
    .describe('User that they run as where nobody asks for another; never root.'),
  cpuMillicores: z.int().min(10).max(4_000).default(200).describe('Most CPU that one has, in thousandths of a core.'),
  memory: quantity('64Mi').default('64Mi').describe('Most memory that one has.'),
});

/** `pluginSettings.storage`. Strict, so that a misspelt key stops the start instead of being ignored. */
export const storageSettings = z.strictObject({
  fileBrowser: z.preprocess((given) => given ?? {}, fileBrowser).describe('The pods behind file browsers of volumes.'),
});

export type FileBrowserSettings = z.infer<typeof fileBrowser>;
