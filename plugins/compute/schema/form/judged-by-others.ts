import { type ManifestCheck, type RequestContext, subjectOf, type WrittenObject } from 'longshore/sdk';
import { configManifestCheck } from '../../services/configuration/config-manifest-check.ts';
import type { PlannedForm } from '../../services/form/plan-form.ts';
import { operationManifestCheck } from '../../services/operations/operation-manifest-check.ts';
import { workloadManifestCheck } from '../../services/workload-manifests.ts';

/** The form is held to these itself. */
const own: ReadonlySet<unknown> = new Set([workloadManifestCheck, operationManifestCheck, configManifestCheck]);

/** A planned form with what the rules of other plugins have against its manifest, told of its input: a text would be refused the same. */
export async function judgedByOthers(
  plan: PlannedForm,
  written: Omit<WrittenObject, 'object' | 'road'>,
  context: RequestContext,
): Promise<PlannedForm> {
  const checks = context.services.registry.manifestChecks.filter(
    (each: ManifestCheck) => !own.has(each) && each.subjects.includes(subjectOf(written.kind)),
  );
  if (checks.length === 0) return plan;
  const whole = { ...written, object: plan.manifest, road: 'EDIT' } as const;
  const misfits = await Promise.all(checks.map(({ check }) => check(whole, context)));
  const issues = misfits.flat().map((misfit) => ({ ...misfit, path: plan.inputPathOf(misfit.path) }));
  return issues.length > 0 ? { ...plan, issues: [...plan.issues, ...issues] } : plan;
}
