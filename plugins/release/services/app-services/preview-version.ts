import { serviceKind } from 'longshore/plugins/compute';
import { apiVersionOf, type KindRef, type RequestContext } from 'longshore/sdk';
import type { AppService, AppServiceVersion } from '../../api.ts';
import { type PlannedGroup, planGroups } from '../grouping/plan-groups.ts';
import { serviceOf } from '../traffic/service-manifest.ts';
import { type NextRelease, nextReleaseOf } from './next-release.ts';

/** What a release of a version would come to, as things are now. */
export interface VersionPreview {
  readonly manifests: readonly object[];
  readonly groups: readonly PlannedGroup[];
  readonly replacedBecause: readonly string[];
}

/** Throws `PreconditionError` UNITS_GONE where the version names units that are not there any more. */
export async function previewVersion(
  service: AppService,
  version: AppServiceVersion,
  context: RequestContext,
): Promise<VersionPreview> {
  const next = await nextReleaseOf(service, version, context);
  const pods = next.target.units.map(({ unit, replicas }) => ({ unit, count: replicas }));
  return {
    manifests: manifestsOf(next),
    groups: planGroups(pods, version.spec.deployment),
    replacedBecause: whyReplaced(next),
  };
}

/** What the cluster has when the release is done: what its engine would make of each unit where there is nothing yet. Pure. */
function manifestsOf({ target, engine }: Pick<NextRelease, 'target' | 'engine'>): readonly object[] {
  const workloads = target.units.flatMap((unit) => {
    const write = engine.finish({ ...target, units: [unit] }, []);
    return write ? [manifestOf(write.kind, write.body)] : [];
  });
  const services = (target.access ?? []).map((access) =>
    manifestOf(serviceKind, serviceOf(target, access, target.isLossless === true)),
  );
  return [...services, ...workloads];
}

const manifestOf = (kind: KindRef, body: object | undefined): object => ({
  ...{ apiVersion: apiVersionOf(kind), kind: kind.kind },
  ...body,
});

function whyReplaced({ target, previous, replacedBecause }: NextRelease): readonly string[] {
  if (!previous || previous.versionId === target.versionId) return [];
  return target.upgradeMode === 'REPLACE' ? ['The upgrade mode is REPLACE.'] : replacedBecause;
}
