import { createHash } from 'node:crypto';
import { PreconditionError } from 'longshore/sdk';
import type { AppService, AppServiceVersion } from '../../api.ts';
import { type ReleaseTarget, serviceLabel, type TargetUnit, versionLabel } from '../../engines/engine.ts';
import { spreadPods } from '../grouping/plan-groups.ts';
import { meshLabels } from './mesh.ts';
import { type Json, placePods } from './place-pods.ts';
import type { DeploymentSpec } from './version-spec.ts';

/** A deployment unit that pods can be released to. */
export interface ServiceUnit {
  readonly unit: string;
  /** What its nodes are labelled with. */
  readonly nodeLabels: Readonly<Record<string, string>>;
}

export interface TargetRequest {
  readonly service: Pick<AppService, 'uuid' | 'cluster' | 'namespace' | 'name' | 'isStateful'>;
  readonly version: Pick<AppServiceVersion, 'uuid' | 'spec'>;
  /** All units of its workspace; empty where the platform has none. */
  readonly units: readonly ServiceUnit[];
  /** What makes a workload, and its pods, part of its application (`label.application` of the profile). */
  readonly applicationLabels: Readonly<Record<string, string>>;
}

/** How many pods of a unit may be missing beyond those of the group that is updated. */
const defaultMaxUnavailable = '25%';

/**
 * What is to run of a version (REL-07): pods of each deployment unit, or of all nodes where there are no units. Pure: the same version
 * makes the same target as long as the units are the same. Throws `PreconditionError` UNITS_GONE where the version names units that are
 * not there any more: its pods must not land elsewhere.
 */
export function releaseTargetOf(request: TargetRequest): ReleaseTarget {
  const { service, version, applicationLabels } = request;
  const { spec, uuid: versionId } = version;
  const labels = { ...applicationLabels, [serviceLabel]: service.name };
  const placed = placePods(service.name, spec.podTemplate, spec.deployment, unitsInOne(request));
  const metadata = (placed.metadata ?? {}) as { readonly labels?: Json };
  const template = {
    ...placed,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, ...meshLabels(spec.deployment), ...labels, [versionLabel]: versionId },
    },
  };
  return {
    cluster: service.cluster,
    namespace: service.namespace,
    service: service.name,
    serviceId: service.uuid,
    versionId,
    isStateful: service.isStateful,
    upgradeMode: spec.deployment.upgradeMode,
    template,
    volumeClaimTemplates: spec.volumeClaimTemplates,
    labels,
    maxUnavailable: defaultMaxUnavailable,
    access: spec.access,
    traffic: spec.deployment.traffic,
    isLossless: spec.deployment.isLossless,
    previousStays: isBlueGreen(request),
    ...(spec.scaling.strategy === 'SCHEDULED' ? { scheduled: 'LATER' as const } : {}),
    units: targetUnits(request),
  };
}

/** All pods at once, and traffic behind them: then those of the version before stay until it has gone over (REL-37). */
const isBlueGreen = ({ service, version: { spec } }: TargetRequest): boolean =>
  !service.isStateful && spec.deployment.traffic !== null && spec.deployment.grouping === 'ALL_IN_ONE';

/** Units that a version names and that its workspace does not have. */
function missingUnits({ units }: Pick<DeploymentSpec, 'units'>, known: readonly ServiceUnit[]): string[] {
  const names = new Set(known.map(({ unit }) => unit));
  return units.filter((unit) => !names.has(unit));
}

function chosenUnits({ version, units }: TargetRequest): readonly ServiceUnit[] {
  const { deployment } = version.spec;
  const missing = missingUnits(deployment, units);
  if (missing.length > 0) {
    throw new PreconditionError(
      'UNITS_GONE',
      `The workspace does not have these deployment units any more: ${missing.join(', ')}`,
    );
  }
  if (deployment.units.length === 0) return units;
  const chosen = new Set(deployment.units);
  return units.filter(({ unit }) => chosen.has(unit));
}

/** Pods that go wherever there is room are of one workload, on the nodes of any of these units. */
function unitsInOne(request: TargetRequest): readonly ServiceUnit[] {
  return request.version.spec.deployment.isSpread ? [] : chosenUnits(request);
}

function targetUnits(request: TargetRequest): readonly TargetUnit[] {
  const { service, version } = request;
  const { scaling, deployment } = version.spec;
  const chosen = chosenUnits(request);
  const units = deployment.isSpread && chosen.length > 0 ? chosen : [{ unit: '', nodeLabels: {} }];
  const pods = spreadPods(
    scaling.replicas,
    units.map(({ unit }) => unit),
  );
  return units.map(({ unit, nodeLabels }, index) => ({
    unit,
    workload: workloadNameOf(service.name, unit),
    replicas: pods[index]?.count ?? 0,
    nodeSelector: nodeLabels,
  }));
}

/** What StatefulSets can be called so that the labels of their pods' revisions fit. */
const longestName = 52;

/** No service has `--` in its name, so no two services, in whatever units, have a workload in common. */
export function workloadNameOf(service: string, unit: string): string {
  const name = unit === '' ? service : `${service}--${unit}`;
  if (name.length <= longestName) return name;
  const mark = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, longestName - 9).replace(/-+$/, '')}-${mark}`;
}
