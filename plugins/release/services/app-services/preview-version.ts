import type { RequestContext } from 'longshore/sdk';
import type { AppService, AppServiceVersion } from '../../api.ts';
import { type ReleaseTarget, type TargetUnit, unitLabel } from '../../engines/engine.ts';
import { type PlannedGroup, planGroups } from '../grouping/plan-groups.ts';
import { applicationLabelsOf, unitsOf } from './place-of-service.ts';
import { releaseTargetOf } from './release-target.ts';
import { whyPodsAreReplaced } from './replaced-pods.ts';
import { serviceManifestOf } from './service-manifests.ts';

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
  current: AppServiceVersion | undefined,
  context: RequestContext,
): Promise<VersionPreview> {
  const { spec } = version;
  const target = await targetOfVersion(service, version, context);
  const pods = target.units.map(({ unit, replicas }) => ({ unit, count: replicas }));
  return {
    manifests: [
      ...spec.access.map((access) => serviceManifestOf(service, access, labelsOf(target))),
      ...target.units.map((unit) => workloadOf(target, unit)),
    ],
    groups: planGroups(pods, spec.deployment),
    replacedBecause: current ? whyPodsAreReplaced(current.spec, spec) : [],
  };
}

/** What is to run of a version in the units of its workspace, as they are now; for orders too. */
export async function targetOfVersion(
  service: AppService,
  version: AppServiceVersion,
  context: RequestContext,
): Promise<ReleaseTarget> {
  return releaseTargetOf({
    service,
    version,
    units: await unitsOf(service, context),
    applicationLabels: applicationLabelsOf(service, context.services.profiles),
  });
}

const labelsOf = ({ labels }: ReleaseTarget): Readonly<Record<string, string>> => labels;

/** In the words of Kubernetes alone: an engine makes another kind of it, with the same pods. */
function workloadOf(target: ReleaseTarget, { unit, workload, replicas, nodeSelector }: TargetUnit): object {
  const own = { ...target.labels, ...(unit === '' ? {} : { [unitLabel]: unit }) };
  const { metadata, spec } = target.template as {
    readonly metadata?: { readonly labels?: object };
    readonly spec?: { readonly nodeSelector?: object };
  };
  const selector = { ...spec?.nodeSelector, ...nodeSelector };
  return {
    apiVersion: 'apps/v1',
    kind: target.isStateful ? 'StatefulSet' : 'Deployment',
    metadata: { name: workload, namespace: target.namespace, labels: own },
    spec: {
      replicas,
      selector: { matchLabels: own },
      ...(target.isStateful ? { serviceName: target.service } : {}),
      template: {
        metadata: { ...metadata, labels: { ...metadata?.labels, ...own } },
        spec: { ...spec, ...(Object.keys(selector).length > 0 ? { nodeSelector: selector } : {}) },
      },
      ...(target.volumeClaimTemplates.length > 0 ? { volumeClaimTemplates: target.volumeClaimTemplates } : {}),
    },
  };
}
