/** The loop over applications; its keys are their UUIDs. */
export const applicationReconcilerName = 'compute.applications';
