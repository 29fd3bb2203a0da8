import { nodeKind } from 'longshore/plugins/compute';
import { checkText, type ManifestCheck, type RequestContext, subjectOf, systemPrincipal } from 'longshore/sdk';
import { storageClassKind } from '../../api.ts';
import { storageClassName } from '../../profile-keys/classes.ts';
import { ignoredParameters, judgeClass, type NodePlaces } from './judge-class.ts';

/** The contract for parameters holds for YAML as it does for the form (STO-01, STO-02). */
export const classManifestCheck: ManifestCheck = {
  subjects: [subjectOf(storageClassKind)],
  async check({ cluster, name, object, existing, profile }, context) {
    // Nothing of the contract can be changed later: the cluster sees to that.
    if (existing) return [];
    return [
      ...checkText(profile.get(storageClassName), ['metadata', 'name'], name),
      ...judgeClass(object, profile, await loadNodePlaces(cluster, context)),
    ];
  },
  tell: ({ object, existing, profile }) => (existing ? [] : ignoredParameters(object, profile)),
};

const labels = {
  REGION: ['topology.kubernetes.io/region', 'failure-domain.beta.kubernetes.io/region'],
  ZONE: ['topology.kubernetes.io/zone', 'failure-domain.beta.kubernetes.io/zone'],
} as const;

/** Where the nodes of a cluster are, whoever asks. */
export async function loadNodePlaces(cluster: string, context: RequestContext): Promise<NodePlaces> {
  const { items } = await context.cluster(cluster).reader(systemPrincipal, context.signal).list(nodeKind);
  const placesBy = (keys: readonly string[]) =>
    new Set(items.flatMap(({ metadata }) => keys.flatMap((key) => metadata.labels?.[key] ?? []).slice(0, 1)));
  return { REGION: placesBy(labels.REGION), ZONE: placesBy(labels.ZONE) };
}
