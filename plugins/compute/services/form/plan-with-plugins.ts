import {
  allMaybe,
  type KubeObject,
  type ManifestCheck,
  type MaybePromise,
  mapMaybe,
  type RequestContext,
  subjectOf,
  type WrittenObject,
} from 'longshore/sdk';
import { type PodAddressing, podAddressingRef } from '../../api.ts';
import { operationManifestCheck } from '../operations/operation-manifest-check.ts';
import { workloadManifestCheck } from '../workload-manifests.ts';
import { addressingOf } from './addressing-of.ts';
import { formKinds } from './kinds.ts';
import { monitoringCollectorRef, requireCollector, tellOfMonitoring } from './monitoring.ts';
import { type PlannedForm, planForm } from './plan-form.ts';
import type { FormRequest } from './write-form.ts';

/** compute's own rules, which a form is held to anyway. */
const own: ReadonlySet<ManifestCheck> = new Set<ManifestCheck>([workloadManifestCheck, operationManifestCheck]);

/** Plans a form, and asks the rules of other plugins about its manifest, as they are asked about text (STO-11). */
export function planWithPlugins(
  request: FormRequest,
  cluster: string,
  context: RequestContext,
): MaybePromise<PlannedForm> {
  const { form, field, existing } = request;
  const monitoring = requireCollector(form.template?.containers, () => context.service(monitoringCollectorRef));
  const asked = { ...request, addressing: addressingFor(request, context), monitoring };
  return mapMaybe(planForm(asked, context.kube(cluster)), (plan) => {
    const told = tellOfMonitoring(existing, plan.manifest, [...formKinds[field].template, 'spec']);
    return judgeByPlugins({ ...plan, told }, request, cluster, context);
  }) as MaybePromise<PlannedForm>;
}

/** Throws `CapabilityMissingError` where chosen addresses are wanted and no plugin can ask for them. */
function addressingFor({ form }: FormRequest, context: RequestContext): PodAddressing | undefined {
  const network = form.template?.network;
  if (!network) return undefined;
  return network.mode === 'FLOATING_IP' ? context.service(podAddressingRef) : addressingOf(context);
}

function judgeByPlugins(
  plan: PlannedForm,
  { field, namespace, name, profile, existing }: FormRequest,
  cluster: string,
  context: RequestContext,
): MaybePromise<PlannedForm> {
  const { kind } = formKinds[field];
  const checks = context.services.registry.manifestChecks.filter(
    (check) => !own.has(check) && check.subjects.includes(subjectOf(kind)),
  );
  if (checks.length === 0) return plan;
  const written: WrittenObject = {
    cluster,
    kind,
    namespace,
    name,
    profile,
    object: plan.manifest,
    existing: existing as KubeObject | undefined,
    road: 'EDIT',
    isForm: true,
  };
  const misfits = allMaybe(checks.map(({ check }) => check(written, context)));
  return mapMaybe(misfits, (found) => {
    const issues = found.flat().map((misfit) => ({ ...misfit, path: plan.inputPathOf(misfit.path) }));
    // What stands against it is told first, and alone.
    if (issues.length > 0) return { ...plan, issues: [...plan.issues, ...issues] };
    const told = allMaybe(checks.map(({ tell }) => tell?.(written, context) ?? []));
    return mapMaybe(told, (words) => ({ ...plan, told: [...plan.told, ...words.flat()] }));
  }) as MaybePromise<PlannedForm>;
}
