import { type FieldBuilder, type KubeObject, type MutationSuccess, ValidationError } from 'longshore/sdk';
import { type PodObject, podTypeRef, type WorkloadObject, workloadTypeRef } from '../../api.ts';
import type { PlannedForm } from '../../services/form/plan-form.ts';
import { isWorkload } from '../../services/workload-kinds.ts';
import { costPerHourField } from '../metering/cost-per-hour.ts';

/** What came of a form. */
export interface FormOutcome {
  readonly object: KubeObject;
  /** What would be sent, in a preview. */
  readonly manifest: object | undefined;
}

/** The success of a mutation that makes or changes a workload by the form. */
export function formSuccess(description: string) {
  return {
    description,
    fields: (t: FieldBuilder<MutationSuccess<FormOutcome>>) => ({
      workload: t.field({
        type: workloadTypeRef,
        nullable: true,
        description:
          'The workload as the cluster has it after the write, or in a dry run would have it, with its defaults; null where it is a bare pod.',
        resolve: ({ value: { object } }) => (isWorkload(object) ? (object as WorkloadObject) : null),
      }),
      pod: t.field({
        type: podTypeRef,
        nullable: true,
        description: 'The same of a bare pod; null where it is a workload.',
        resolve: ({ value: { object } }) => (isWorkload(object) ? null : (object as PodObject)),
      }),
      manifest: t.field({
        type: 'JSON',
        nullable: true,
        description:
          'In a dry run the manifest that the form makes, of a workload that is there all of it; `applyManifest` takes it too. Null otherwise.',
        resolve: ({ value: { manifest } }) => manifest ?? null,
      }),
      costPerHour: costPerHourField(t, ({ object }) => object),
    }),
  };
}

/** What the cluster has against a manifest, told of the input that it came from. */
export async function withInputPaths<T>(
  planOf: () => Pick<PlannedForm, 'inputPathOf' | 'issues'>,
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const plan = planOf();
    // What is wrong with a form speaks of its input already.
    if (!(error instanceof ValidationError) || plan.issues.length > 0) throw error;
    const issues = error.issues.map((issue) => ({ ...issue, path: plan.inputPathOf(issue.path) }));
    throw new ValidationError(issues, { cause: error });
  }
}
