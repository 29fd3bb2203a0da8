import { type RequestContext, UpstreamError } from 'longshore/sdk';
import { type Examination, type ExamineRequest, examineManifest } from './examine-manifest.ts';

/** A manifest as this caller may apply it in a cluster, examined. */
export function examine(
  input: { readonly cluster: string; readonly manifest: string; readonly namespace?: string | null | undefined },
  context: RequestContext,
): Promise<Examination> {
  return examineManifest({
    ...lookUps(input.cluster, context),
    text: input.manifest,
    namespace: input.namespace ?? undefined,
  });
}

/** What an examination asks of a cluster, as this caller. */
export function lookUps(name: string, context: RequestContext): Omit<ExamineRequest, 'text' | 'namespace'> {
  const cluster = context.cluster(name);
  return {
    cluster: cluster.name,
    findKind: (apiVersion, kind) => cluster.resolveKind(apiVersion, kind),
    findGroupKind: (group, kind) => cluster.resolveGroupKind(group, kind),
    findObject: (kind, namespace, objectName) => context.kube(cluster.name).get(kind, namespace, objectName),
    schemaOf: async (kind, options) => {
      try {
        return await cluster.schemaOf(kind, options);
      } catch (error) {
        // The cluster's own dry run stands behind it, and says what is wrong with the cluster.
        if (error instanceof UpstreamError) return undefined;
        throw error;
      }
    },
  };
}
