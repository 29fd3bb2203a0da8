import { CapabilityMissingError, type Cluster, UpstreamError } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { forgetKubeconfigsJob } from './forget-kubeconfigs.ts';
import { listKubeconfigs } from './kubeconfigs.ts';

/** A cluster that answers a list with nothing but why it has none. */
const cluster = (code: string) =>
  ({
    name: 'main',
    state: 'READY',
    identity: 'gateway',
    reader: () => ({ list: () => ({ items: [], problems: [{ code, message: 'roles cannot be listed' }] }) }),
  }) as unknown as Cluster;

describe('kubeconfigs of a cluster that shows no roles (CMP-15, refused)', () => {
  it.each([
    ['FORBIDDEN', CapabilityMissingError, 0],
    ['UPSTREAM_UNAVAILABLE', UpstreamError, 1],
  ])('by %s are not taken for none, and are told of where that may pass', async (code, error, warnings) => {
    await expect(listKubeconfigs(cluster(code))).rejects.toThrow(error);
    const said: unknown[] = [];
    await forgetKubeconfigsJob.run({
      service: () => ({ clusters: { all: [cluster(code)] }, operations: {} }),
      clock: { now: () => 0 },
      logger: { warn: (...words: unknown[]) => said.push(words) },
    } as never);
    expect(said).toHaveLength(warnings);
  });
});
