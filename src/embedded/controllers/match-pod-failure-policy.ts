import type { ContainerStatus, Pod, PodFailurePolicy } from './kubernetes-shapes.ts';

/** What a Job's podFailurePolicy makes of a failed pod (batch/v1, KEP-3329). */
export interface PodFailureVerdict {
  /** undefined when no rule matches. */
  readonly action: 'FailJob' | 'FailIndex' | 'Ignore' | 'Count' | undefined;
  /** Whether the failure counts towards the back-off limits. */
  readonly isCounted: boolean;
  /** Why the Job fails, with FailJob. */
  readonly message: string | undefined;
}

const counted: PodFailureVerdict = { action: undefined, isCounted: true, message: undefined };

/** The verdict of the first rule that matches. */
export function matchPodFailurePolicy(policy: PodFailurePolicy | undefined, pod: Pod): PodFailureVerdict {
  for (const [index, rule] of (policy?.rules ?? []).entries()) {
    const why = reasonToMatch(rule, pod);
    if (why === undefined) continue;
    switch (rule.action) {
      case 'Ignore':
        return { action: 'Ignore', isCounted: false, message: undefined };
      case 'FailIndex':
        return { action: 'FailIndex', isCounted: true, message: undefined };
      case 'FailJob':
        return { action: 'FailJob', isCounted: true, message: `${why} matching FailJob rule at index ${index}` };
      default:
        return { action: 'Count', isCounted: true, message: undefined };
    }
  }
  return counted;
}

type Rule = PodFailurePolicy['rules'][number];

function reasonToMatch(rule: Rule, pod: Pod): string | undefined {
  const name = `${pod.metadata.namespace ?? ''}/${pod.metadata.name}`;
  if (rule.onExitCodes !== undefined) {
    const container = findContainer(pod, rule.onExitCodes);
    const exitCode = container?.state?.terminated?.exitCode;
    return container && `Container ${container.name} for pod ${name} failed with exit code ${exitCode}`;
  }
  const condition = (pod.status?.conditions ?? []).find(({ type, status }) =>
    rule.onPodConditions?.some((pattern) => pattern.type === type && (pattern.status ?? 'True') === status),
  );
  return condition && `Pod ${name} has condition ${condition.type}`;
}

function findContainer(pod: Pod, wanted: NonNullable<Rule['onExitCodes']>): ContainerStatus | undefined {
  const statuses = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])];
  return statuses.find(({ name, state }) => {
    const exitCode = state?.terminated?.exitCode ?? 0;
    if (exitCode === 0 || (wanted.containerName !== undefined && wanted.containerName !== name)) return false;
    return wanted.values.includes(exitCode) === (wanted.operator === 'In');
  });
}
