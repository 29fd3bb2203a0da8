import type { AddressRules } from '../../kernel/address-rules.ts';
import { UpstreamError } from '../../kernel/answer-error.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { ClusterSource } from '../cluster-settings.ts';
import { noMetrics } from '../kube-metrics.ts';
import { createTransport } from '../transport/create-transport.ts';

/** For both questions together, in ms. */
const timeoutMs = 10_000;

/**
 * Asks a cluster for its version, and whether it knows the credentials, over connections of its own. Throws `UpstreamError` where it
 * does not answer or refuses them.
 */
export async function probeCluster(options: {
  readonly source: ClusterSource;
  readonly addresses: AddressRules | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Promise<{ readonly version: string }> {
  const { source, addresses, clock, signal } = options;
  const settings = { name: 'asked', source, addresses, limits: { readTimeoutMs: timeoutMs } };
  const transport = createTransport({ settings, clock, metrics: noMetrics });
  try {
    const { body } = await transport.json({ path: '/version', signal });
    const version = versionIn(body);
    if (version === undefined)
      throw new UpstreamError('cluster', 'What answers at this address is no Kubernetes API server.');
    // Anybody may ask for the version: credentials are known only by what needs some.
    await transport.json({
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      body: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: { verb: 'list', resource: 'namespaces' } },
      },
      signal,
    });
    return { version };
  } catch (error) {
    if (signal.aborted) throw error;
    const reason = error instanceof Error ? error.message.replaceAll(/cluster 'asked'/gi, 'The cluster') : 'it failed';
    throw new UpstreamError('cluster', reason, { cause: error });
  } finally {
    await transport.stop();
  }
}

function versionIn(body: unknown): string | undefined {
  const version: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'gitVersion') : undefined;
  return typeof version === 'string' && version !== '' ? version : undefined;
}
