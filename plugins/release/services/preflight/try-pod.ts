import { podKind } from 'longshore/plugins/compute';
import {
  AnswerError,
  type ClusterWriter,
  ConflictError,
  dryRunTicket,
  NotFoundError,
  QuotaExceededError,
  UpstreamError,
  ValidationError,
} from 'longshore/sdk';
import type { ReleaseTarget, TargetUnit } from '../../engines/engine.ts';
import { templateOfUnit } from '../../engines/workload-marks.ts';
import { error, type PreflightFinding, warning } from './finding.ts';

export interface TriedPod {
  readonly findings: readonly PreflightFinding[];
  /** The pod as the cluster would have it, with what it fills in (LimitRange, priority); undefined where it made none. */
  readonly pod: object | undefined;
}

/**
 * What the cluster says to one pod of the target, tried only: its schema, admission and policies, Pod Security among them, judge pods and not
 * templates. One request, for pods of all units are alike but for where they go.
 */
export async function tryPod(target: ReleaseTarget, writer: ClusterWriter): Promise<TriedPod> {
  const [unit] = target.units;
  if (!unit) return { findings: [], pod: undefined };
  try {
    const { object, warnings } = await writer.create(dryRunTicket, podKind, podOf(target, unit));
    return { findings: warnings.map((message) => warning('CLUSTER_WARNING', message)), pod: object };
  } catch (failure) {
    return { findings: findingsOf(failure, target), pod: undefined };
  }
}

function findingsOf(failure: unknown, target: ReleaseTarget): readonly PreflightFinding[] {
  if (!(failure instanceof AnswerError)) throw failure;
  // How much of a quota is left is counted elsewhere: a pod that takes the place of another needs none. And a pod of that name may run.
  if (failure instanceof QuotaExceededError || failure instanceof ConflictError) return [];
  if (failure instanceof UpstreamError)
    return [warning('NOT_CHECKED', `The cluster did not judge a pod of it: ${failure.message}`)];
  if (failure instanceof NotFoundError)
    return [error('REFUSED_BY_CLUSTER', `Namespace '${target.namespace}' is not there`)];
  const said = failure instanceof ValidationError ? failure.issues.map(({ message }) => message) : [failure.message];
  return said.map((message) => error('REFUSED_BY_CLUSTER', message));
}

interface Template {
  readonly metadata?: object;
  readonly spec?: { readonly volumes?: readonly object[] };
}

function podOf(target: ReleaseTarget, unit: TargetUnit): object {
  const { metadata, spec } = templateOfUnit(target, unit) as Template;
  // The claims of a StatefulSet's pod come with it.
  const claimed = target.volumeClaimTemplates.map((claim) => {
    const name = (claim as { readonly metadata?: { readonly name?: string } }).metadata?.name;
    return { name, persistentVolumeClaim: { claimName: `${name}-${unit.workload}-0` } };
  });
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, name: `${unit.workload}-preflight`, namespace: target.namespace },
    spec: { ...spec, ...(claimed.length > 0 ? { volumes: [...(spec?.volumes ?? []), ...claimed] } : {}) },
  };
}
