import { asObject } from '../../machinery/json.ts';
import { matchesLabelSelector, parseSelectorObject } from '../../machinery/label-selector.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { ApiContext, Handler } from '../api-context.ts';
import { readDeleteOptions } from '../delete-options.ts';
import { parseObjectBody } from '../parse-body.ts';
import { resourceOf } from '../resource-of.ts';
import { badRequest, internalError, tooManyRequests } from '../status-error.ts';

/** Seconds a client waits when a budget has not been looked at yet. */
const retryAfterSeconds = 10;

/** POST on `pods/<name>/eviction`: a deletion that a PodDisruptionBudget may refuse (policy/v1). */
export const handlePodEviction: Handler = (context, request) => {
  const resource = resourceOf(context, request);
  const body = parseObjectBody(request.body, request.headers['content-type']) ?? {};
  const sentName = asObject(body.metadata)?.name ?? '';
  if (sentName !== '' && sentName !== request.info.name)
    throw badRequest('name in URL does not match name in Eviction object');
  const pod = context.registry.require(resource, request.info.namespace, request.info.name);
  const { options } = readDeleteOptions(context.registry, asObject(body.deleteOptions) ?? {}, request.query, resource);
  if (needsBudget(pod)) spendBudget(context, pod, options.dryRun === true);
  context.registry.delete(resource, pod, options);
  return { code: 201, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 } };
};

/** A pod that does not run, or is going anyway, disrupts nothing. */
function needsBudget(pod: ClusterObject): boolean {
  const phase = asObject(pod.status)?.phase;
  return pod.metadata.deletionTimestamp === undefined && phase === 'Running';
}

function spendBudget(context: ApiContext, pod: ClusterObject, isDryRun: boolean): void {
  const { registry } = context;
  const resource = registry.catalog.find('policy', 'poddisruptionbudgets');
  if (resource === undefined) return;
  const budgets = registry.storage.list(resource.definition, pod.metadata.namespace).filter(({ spec }) => {
    const selector = asObject(spec)?.selector;
    return selector !== undefined && matchesLabelSelector(parseSelectorObject(selector), pod.metadata.labels);
  });
  const [budget] = budgets;
  if (budget === undefined) return;
  if (budgets.length > 1) {
    throw internalError(
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    );
  }
  const status = asObject(budget.status) ?? {};
  const { name } = budget.metadata;
  if (Number(status.observedGeneration ?? 0) < (budget.metadata.generation ?? 0)) {
    throw tooManyRequests("Cannot evict pod as it would violate the pod's disruption budget.", retryAfterSeconds, [
      { reason: 'DisruptionBudget', message: `The disruption budget ${name} is still being processed by the server.` },
    ]);
  }
  const allowed = Number(status.disruptionsAllowed ?? 0);
  if (allowed <= 0) {
    throw tooManyRequests("Cannot evict pod as it would violate the pod's disruption budget.", 0, [
      {
        reason: 'DisruptionBudget',
        message: `The disruption budget ${name} needs ${Number(status.desiredHealthy ?? 0)} healthy pods and has ${Number(status.currentHealthy ?? 0)} currently`,
      },
    ]);
  }
  if (isDryRun) return;
  const disruptedPods = { ...asObject(status.disruptedPods), [pod.metadata.name]: registry.environment.now() };
  const draft = { ...budget, status: { ...status, disruptionsAllowed: allowed - 1, disruptedPods } };
  registry.update(
    resource,
    budget,
    { ...draft, metadata: { ...budget.metadata } },
    { fieldManager: 'kube-apiserver', subresource: 'status' },
  );
}
