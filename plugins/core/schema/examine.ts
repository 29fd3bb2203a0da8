import { type RequestContext, UpstreamError } from 'longshore/sdk';
import { type Examination, examineManifest } from '../services/manifest/examine-manifest.ts';

/** A manifest as this caller may apply it in a cluster, examined. */
export function examine(
  input: { readonly cluster: string; readonly manifest: string; readonly namespace?: string | null | undefined },
  context: RequestContext,
): Promise<Examination> {
  const cluster = context.cluster(input.cluster);
  return examineManifest({
    text: input.manifest,
    cluster: cluster.name,
    namespace: input.namespace ?? undefined,
    findKind: (apiVersion, kind) => cluster.resolveKind(apiVersion, kind),
    findGroupKind: (group, kind) => cluster.resolveGroupKind(group, kind),
    findObject: (kind, namespace, name) => context.kube(cluster.name).get(kind, namespace, name),
    schemaOf: async (kind, options) => {
      try {
        return await cluster.schemaOf(kind, options);
      } catch (error) {
        // The cluster's own dry run stands behind it, and says what is wrong with the cluster.
        if (error instanceof UpstreamError) return undefined;
        throw error;
      }
    },
  });
}
