import {
  type FieldBuilder,
  type InputTypeRef,
  inputRef,
  type LongshoreBuilder,
  type MutationSuccess,
  type ValidationIssue,
} from 'longshore/sdk';
import { type Stack, type StackScale, stackTypeRef } from '../../api.ts';
import { objectsOf, type StackPlan } from '../../services/stacks/stack-plan.ts';

export interface StackOutcome {
  readonly stack: Stack;
  /** Known in a dry run only. */
  readonly plan: StackPlan | undefined;
}

export const scaleInputRef: InputTypeRef<StackScale> = inputRef<StackScale>('StackScaleInput');

export function registerStackParts(builder: LongshoreBuilder): void {
  builder.inputType('StackScaleInput', {
    description: 'By what the pods of a pod stack are scaled: a HorizontalPodAutoscaler is made beside them.',
    fields: (t) => ({
      minReplicas: t.int({ required: true, defaultValue: 1, description: 'Fewest pods, 1 or more.' }),
      maxReplicas: t.int({ required: true, description: 'Most pods, up to 1000.' }),
      targetCpuUtilization: t.int({
        required: true,
        description: 'CPU in use that is aimed at, in percent of what the pods request: 1 to 1000.',
      }),
    }),
  });
}

export function checkScale(scale: StackScale | null | undefined): readonly ValidationIssue[] {
  if (!scale) return [];
  const { minReplicas, maxReplicas, targetCpuUtilization } = scale;
  const issue = (field: string, message: string) => [{ path: ['scale', field], code: 'out_of_range', message }];
  if (minReplicas < 1) return issue('minReplicas', 'minReplicas must be 1 or more');
  if (maxReplicas < minReplicas || maxReplicas > 1_000) {
    return issue('maxReplicas', 'maxReplicas must be between minReplicas and 1000');
  }
  if (targetCpuUtilization >= 1 && targetCpuUtilization <= 1_000) return [];
  return issue('targetCpuUtilization', 'targetCpuUtilization must be 1 to 1000 percent');
}

export const stackSuccess = (description: string) => ({
  description,
  fields: (t: FieldBuilder<MutationSuccess<StackOutcome>>) => ({
    stack: t.field({
      type: stackTypeRef,
      description: 'The stack; in a dry run as it would be, with an id of no use.',
      resolve: ({ value }) => value.stack,
    }),
    manifests: t.field({
      type: ['JSON'],
      nullable: true,
      description: 'In a dry run the objects that would be written, in their order; null otherwise.',
      resolve: ({ value: { plan } }) => (plan ? objectsOf(plan).map(({ manifest }) => manifest) : null) as never,
    }),
  }),
});
