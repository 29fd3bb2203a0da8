import {
  CapabilityMissingError,
  type ClusterReader,
  type KindRef,
  type KubeObject,
  UpstreamError,
} from 'longshore/sdk';

/**
 * What a namespace has of a kind by a label selector: all of it, or it rejects. Where the cluster cannot be asked, or only old rows are
 * known, a loop that took them for all would make what is there a second time.
 */
export async function wholeList<T>(
  reader: ClusterReader,
  kind: KindRef<T>,
  namespace: string,
  labelSelector: string,
): Promise<readonly KubeObject<T>[]> {
  const { items, problems } = await reader.list(kind, { namespaces: [namespace], labelSelector });
  const [problem] = problems;
  if (problem?.code === 'CAPABILITY_MISSING') throw new CapabilityMissingError(kind.kind, problem.message);
  if (problem) throw new UpstreamError(`cluster '${problem.cluster}'`, problem.message);
  return items;
}
