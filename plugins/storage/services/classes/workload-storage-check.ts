import { persistentVolumeClaimKind, serviceKind } from 'longshore/plugins/compute';
import {
  checkText,
  type ManifestCheck,
  type ManifestMisfit,
  type RequestContext,
  subjectOf,
  systemPrincipal,
  type WrittenObject,
} from 'longshore/sdk';
import { persistentVolumeKind, storageClassKind } from '../../api.ts';
import {
  claimTemplateMinimumIsExclusive,
  claimTemplateName,
  claimTemplateNeedsService,
} from '../../profile-keys/classes.ts';
import { storageEnabled } from '../../profile-keys/volumes.ts';
import { placeOf } from './claim-manifest-check.ts';
import { bindingModeOf } from './class-facts.ts';
import { judgeClaim } from './judge-claim.ts';
import { tellOfClaim } from './tell-of-claim.ts';
import { zonesOfVolume } from './volume-facts.ts';
import { storageOf, storageUserSubjects, type WorkloadStorage } from './workload-storage.ts';

/** What workloads ask for of storage, by form and as text: claims that they make (STO-11), zones (STO-10), none at all (STO-13). */
export const workloadStorageCheck: ManifestCheck = {
  subjects: storageUserSubjects,
  async check(written, context) {
    const asked = newStorageOf(written);
    const { mounted, templates } = asked;
    if (mounted.length + templates.length === 0) return [];
    if (!written.profile.get(storageEnabled)) return noStorage(asked, written);
    return [...(await checkTemplates(asked, written, context)), ...(await checkService(asked, written, context))];
  },
  async tell(written, context) {
    const asked = newStorageOf(written);
    if (asked.mounted.length + asked.templates.length === 0) return [];
    const place = await placeOf(
      written,
      asked.templates.map(({ spec }) => spec),
      context,
    );
    return [
      ...new Set([
        ...(asked.isPlaced ? [] : asked.templates.flatMap(({ spec }) => tellOfClaim(spec, place))),
        ...(await tellOfZones(asked, written, context)),
      ]),
    ];
  },
};

/** What is there already need not be changed with the rest. */
function newStorageOf({ kind, object, existing }: WrittenObject): WorkloadStorage {
  const asked = storageOf(kind, object);
  if (!existing) return asked;
  const before = storageOf(kind, existing);
  const mounted = new Set(before.mounted.map(({ claim }) => claim));
  const made = new Set(before.templates.map(({ name }) => name));
  return {
    ...asked,
    mounted: asked.mounted.filter(({ claim }) => !mounted.has(claim)),
    templates: asked.templates.filter(({ name }) => !made.has(name)),
  };
}

function noStorage({ mounted, templates }: WorkloadStorage, { profile }: WrittenObject): ManifestMisfit[] {
  const message = `By the profile '${profile.name}' there is no storage: workloads mount no claims and make none`;
  return [...mounted, ...templates].map(({ path }) => ({ path, code: 'no_storage', message }));
}

/** STO-11: name, class, mode and size of claims that a workload makes. */
async function checkTemplates(
  { templates }: WorkloadStorage,
  written: WrittenObject,
  context: RequestContext,
): Promise<ManifestMisfit[]> {
  if (templates.length === 0) return [];
  const { profile, isForm } = written;
  const place = await placeOf(
    written,
    templates.map(({ spec }) => spec),
    context,
  );
  const isMinimumExclusive = isForm === true && profile.get(claimTemplateMinimumIsExclusive);
  return templates.flatMap(({ name, spec, path, isEphemeral }) => [
    ...(typeof name === 'string' && !isEphemeral
      ? checkText(profile.get(claimTemplateName), [...path, 'metadata', 'name'], name)
      : []),
    ...judgeClaim(spec, { ...place, isMinimumExclusive }).map((misfit) => ({
      ...misfit,
      path: [...path, ...(isEphemeral ? ['ephemeral', 'volumeClaimTemplate'] : []), 'spec', ...misfit.path],
    })),
  ]);
}

/** STO-11: pods of a StatefulSet are called by its Service. */
async function checkService(
  { templates, serviceName }: WorkloadStorage,
  { cluster, kind, namespace, existing, profile, beside }: WrittenObject,
  context: RequestContext,
): Promise<ManifestMisfit[]> {
  const isNumbered = kind.kind === 'StatefulSet' && templates.some(({ isEphemeral }) => !isEphemeral);
  if (!isNumbered || existing || !profile.get(claimTemplateNeedsService)) return [];
  const path = ['spec', 'serviceName'];
  const by = `by the profile '${profile.name}'`;
  if (typeof serviceName !== 'string' || serviceName === '') {
    return [{ path, code: 'required', message: `serviceName must name the Service of the ${kind.kind} ${by}` }];
  }
  const isMade = beside?.some(
    (other) => subjectOf(other.kind) === subjectOf(serviceKind) && other.name === serviceName,
  );
  if (isMade || (await context.kube(cluster).get(serviceKind, namespace, serviceName))) return [];
  const message = `There is no Service '${serviceName}' in the namespace '${namespace}': ${by} it comes before the ${kind.kind}`;
  return [{ path, code: 'not_found', message }];
}

/** STO-10: a volume that was made at once lies where it lies. As the platform, since who makes workloads may not see volumes. */
async function tellOfZones(
  { mounted, isPlaced }: WorkloadStorage,
  { cluster, namespace }: WrittenObject,
  context: RequestContext,
): Promise<string[]> {
  if (isPlaced || mounted.length === 0) return [];
  const reader = context.cluster(cluster).reader(systemPrincipal, context.signal);
  const told = await Promise.all(
    mounted.map(async ({ claim: name }) => {
      const claim = await context.kube(cluster).get(persistentVolumeClaimKind, namespace, name);
      const { volumeName, storageClassName } = claim?.spec ?? {};
      const volume = volumeName ? await reader.get(persistentVolumeKind, undefined, volumeName) : undefined;
      const zones = volume ? zonesOfVolume(volume) : [];
      const storageClass = storageClassName
        ? await reader.get(storageClassKind, undefined, storageClassName)
        : undefined;
      const isDelayed = storageClass !== undefined && bindingModeOf(storageClass) !== 'IMMEDIATE';
      if (zones.length === 0 || isDelayed) return [];
      return [
        `The volume of the claim '${name}' lies in the zone ${zones.join(' or ')} and cannot be mounted in another: limit the pods to it by ${zones.length === 1 ? `the nodeSelector 'topology.kubernetes.io/zone: ${zones[0]}'` : 'an affinity to topology.kubernetes.io/zone'}.`,
      ];
    }),
  );
  return told.flat();
}
