import {
  clusterFeaturesRef,
  mostUnlessSaid,
  type PlannedTemplate,
  replicasDefault,
  replicasMax,
  replicasMin,
  serviceKind,
  workloadFormsRef,
} from 'longshore/plugins/compute';
import { type Profile, type RaisedWarning, type RequestContext, subjectOf, type ValidationIssue } from 'longshore/sdk';
import { type AppService, serviceScalingRef } from '../../api.ts';
import { serviceLabel } from '../../engines/engine.ts';
import { serviceOf } from '../traffic/service-manifest.ts';
import { checkNewClaims, checkSameClaims } from './claim-templates.ts';
import { withoutSnapshots } from './configuration.ts';
import { resolveImages } from './image-sources.ts';
import { applicationLabelsOf, unitsOf } from './place-of-service.ts';
import { findServices } from './service-affinity.ts';
import {
  accessOf,
  checkAccess,
  checkDeployment,
  deploymentOf,
  type ScalingInput,
  type VersionInput,
} from './version-input.ts';
import type { AccessSpec, ScalingSpec, VersionSpec } from './version-spec.ts';

/** The service that a version is of, there or yet to be made. */
export type ServiceFacts = Pick<
  AppService,
  'cluster' | 'namespace' | 'name' | 'isStateful' | 'workspaceUuid' | 'applicationUuid' | 'applicationName'
>;

/** What a version begins with. */
export interface VersionBase {
  readonly spec: VersionSpec;
  /** Whether the service has a version that was submitted: what belongs to the service itself is settled by then. */
  readonly hasVersions: boolean;
}

export interface PlannedVersion {
  /** As a draft has it: configuration by the names of the form. */
  readonly spec: VersionSpec;
  /** All that is wrong; paths point into the input. */
  readonly issues: readonly ValidationIssue[];
  readonly warnings: readonly RaisedWarning[];
  /** What its author should know, in words. */
  readonly told: readonly string[];
}

/**
 * Makes a version of what is said of it, beginning with another one where there is one: what is not said stays (REL-02 to REL-07). Asks the
 * cluster as the caller: ask first whether the caller may do it there. Throws `CapabilityMissingError` for what the cluster has not.
 */
export async function planVersion(
  service: ServiceFacts,
  input: VersionInput,
  base: VersionBase | undefined,
  context: RequestContext,
): Promise<PlannedVersion> {
  const { cluster, namespace } = service;
  const before = base?.spec;
  const profile = context.services.profiles.at({ cluster, namespace });
  const isScalable = context.services.registry.provided.has(serviceScalingRef.id);
  const scaling = scalingOf(input.scaling, before?.scaling, profile, isScalable);
  const images = await resolveImages(service, input, context);
  const template = await planTemplate(service, { ...input, template: images.template }, before, scaling, context);
  const access = input.access ? accessOf(input.access) : (before?.access ?? []);
  const units = await unitsOf(service, context);
  const named = await findServices(service, input.deployment, before?.deployment.affinity, context);
  const deployment = { ...deploymentOf(input.deployment, before?.deployment, profile), affinity: named.affinity };
  if (deployment.isMeshed) {
    context.service(clusterFeaturesRef).requireMesh(context.cluster(cluster), profile);
  }
  const issues = [
    ...images.issues,
    ...(images.issues.length > 0 ? [] : template.issues),
    ...checkContainerNames(input, before),
    ...checkClaims(service, input, base, template),
    ...checkReplicas(scaling, profile),
    ...(await checkScaling(scaling, service, context)),
    ...checkAccess(access, profile),
    ...checkDeployment(
      deployment,
      units.map(({ unit }) => unit),
    ),
    ...named.issues,
  ];
  return {
    spec: {
      podTemplate: template.template,
      volumeClaimTemplates: base?.hasVersions ? base.spec.volumeClaimTemplates : template.volumeClaimTemplates,
      scaling,
      access,
      deployment,
      configuration: [],
    },
    // What Services are asked about is well-formed by then.
    issues: issues.length > 0 ? issues : await checkServices(service, access, profile, context),
    warnings: template.warnings,
    told: template.told,
  };
}

async function planTemplate(
  { cluster, namespace, name, isStateful }: ServiceFacts,
  input: VersionInput,
  before: VersionSpec | undefined,
  { replicas }: ScalingSpec,
  context: RequestContext,
): Promise<PlannedTemplate> {
  return context.service(workloadFormsRef).planTemplate(
    {
      cluster,
      namespace,
      name,
      kind: isStateful ? 'STATEFUL_SET' : 'DEPLOYMENT',
      replicas,
      template: input.template ?? undefined,
      volumeClaimTemplates: isStateful ? (input.volumeClaimTemplates ?? undefined) : undefined,
      before: before && {
        template: withoutSnapshots(before.podTemplate, before.configuration),
        volumeClaimTemplates: before.volumeClaimTemplates,
      },
    },
    context,
  );
}

const issue = (path: readonly (string | number)[], code: string, message: string): ValidationIssue => ({
  path,
  code,
  message,
});

/** REL-10: whoever finds a container by its name (logs, terminals, monitoring) finds it in each version. */
function checkContainerNames({ template }: VersionInput, before: VersionSpec | undefined): ValidationIssue[] {
  if (!before) return [];
  return (['initContainers', 'containers'] as const).flatMap((list) =>
    (template?.[list] ?? []).flatMap(({ name, newName }, index) =>
      newName === undefined || newName === null || newName === name
        ? []
        : [issue(['template', list, index, 'newName'], 'immutable', `The container '${name}' keeps its name`)],
    ),
  );
}

/** REL-02. They belong to the service: all its versions have the same. */
function checkClaims(
  { isStateful }: ServiceFacts,
  { volumeClaimTemplates: given }: VersionInput,
  base: VersionBase | undefined,
  { volumeClaimTemplates: planned }: Pick<PlannedTemplate, 'volumeClaimTemplates'>,
): readonly ValidationIssue[] {
  if (!isStateful) {
    return given?.length
      ? [issue(['volumeClaimTemplates'], 'not_stateful', 'Only pods of a stateful service have claims of their own')]
      : [];
  }
  if (base && !given) return [];
  return base?.hasVersions
    ? checkSameClaims(base.spec.volumeClaimTemplates, planned)
    : checkNewClaims(given ?? undefined);
}

function scalingOf(
  given: ScalingInput | null | undefined,
  before: ScalingSpec | undefined,
  profile: Profile,
  isScalable: boolean,
): ScalingSpec {
  const replicas = given?.replicas ?? before?.replicas ?? profile.get(replicasDefault);
  // Where nobody scales any more the next version is a plain one.
  if (!isScalable) return { strategy: 'FIXED', replicas, elasticNodes: false };
  const strategy = given?.strategy ?? before?.strategy ?? 'FIXED';
  const schedule = given?.schedule ?? before?.schedule;
  return {
    ...{ strategy, replicas },
    elasticNodes: given?.elasticNodes ?? before?.elasticNodes ?? false,
    ...(strategy === 'SCHEDULED' && schedule ? { schedule } : {}),
  };
}

function checkReplicas({ replicas }: ScalingSpec, profile: Profile): ValidationIssue[] {
  const [min, max] = [profile.get(replicasMin), profile.get(replicasMax) ?? mostUnlessSaid];
  if (replicas >= min && replicas <= max) return [];
  return [issue(['scaling', 'replicas'], 'out_of_range', `replicas must be ${min} to ${max}, got ${replicas}`)];
}

/** Throws `CapabilityMissingError` where nothing scales by the clock or has nodes that come and go. */
async function checkScaling(
  scaling: ScalingSpec,
  { cluster, namespace }: ServiceFacts,
  context: RequestContext,
): Promise<readonly ValidationIssue[]> {
  if (scaling.strategy === 'FIXED' && !scaling.elasticNodes) return [];
  return context.service(serviceScalingRef).check(scaling, { cluster, namespace }, context);
}

/** What rules of Services, of any plugin, say of the access settings; and whose they would be. */
async function checkServices(
  service: ServiceFacts,
  access: readonly AccessSpec[],
  profile: Profile,
  context: RequestContext,
): Promise<readonly ValidationIssue[]> {
  const { cluster, namespace, name } = service;
  const labels = applicationLabelsOf(service, context.services.profiles);
  const owner = { service: name, serviceId: '', namespace, labels };
  // The label of releases is nobody else's to write; here it is theirs.
  const judged = (setting: AccessSpec): Readonly<Record<string, unknown>> => ({
    ...{ apiVersion: 'v1', kind: 'Service' },
    ...serviceOf(owner, setting, false),
    metadata: { name: setting.name, namespace, labels },
  });
  const checks = context.services.registry.manifestChecks.filter(({ subjects }) =>
    subjects.includes(subjectOf(serviceKind)),
  );
  const found = await Promise.all(
    access.map(async (setting, index): Promise<readonly ValidationIssue[]> => {
      const existing = await context.kube(cluster).get(serviceKind, namespace, setting.name);
      if (existing && existing.metadata.labels?.[serviceLabel] !== name) {
        const message = `The namespace '${namespace}' has a Service '${setting.name}' that is not this app service's`;
        return [issue(['access', index, 'name'], 'name_in_use', message)];
      }
      const written = {
        cluster,
        kind: serviceKind,
        namespace,
        name: setting.name,
        profile,
        object: judged(setting),
        existing: undefined,
        road: 'EDIT' as const,
        isForm: true,
      };
      const misfits = await Promise.all(checks.map(({ check }) => check(written as never, context)));
      return misfits.flat().map(({ code, message }) => issue(['access', index], code, message));
    }),
  );
  return found.flat();
}
