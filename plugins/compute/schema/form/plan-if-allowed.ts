import type { Instance, MaybePromise, RequestContext } from 'longshore/sdk';
import { type PlannedForm, unplannedForm } from '../../services/form/plan-form.ts';

/**
 * Plans the form of who may do it there. Anybody else the maker refuses, before it tells anything of the plan: so the cluster is not
 * asked about places that are not the caller's.
 */
export function planIfAllowed(
  action: 'CREATE' | 'UPDATE',
  instance: Instance,
  context: RequestContext,
  plan: () => MaybePromise<PlannedForm>,
): MaybePromise<PlannedForm> {
  return context.access.allowed(action, instance) ? plan() : unplannedForm;
}
