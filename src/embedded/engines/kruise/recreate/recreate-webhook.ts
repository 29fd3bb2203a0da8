import {
  asObject,
  asObjectList,
  asString,
  ensureObject,
  isEqualJson,
  type JsonObject,
  setDefault,
} from '../../../machinery/json.ts';
import type { AdmissionWebhook, WebhookRefusal } from '../../../registry/admission/admission-webhooks.ts';
import type { Draft, StrategyEnvironment } from '../../../registry/resource-strategy.ts';
import type { ClusterObject } from '../../../store/types.ts';
import { group } from '../kinds.ts';
import { activeLabel, nodeNameLabel, podUidLabel } from './kinds.ts';

const minDeadlineSeconds = 3;

/** Writes down what runs in the pod when a request is made, and refuses what cannot be restarted. */
export const recreateWebhook: AdmissionWebhook = {
  group,
  plural: 'containerrecreaterequests',
  mutatingName: 'mcontainerrecreaterequest.kb.io',
  mutate(draft, current, environment) {
    if (current !== undefined) return problemOfUpdate(draft, current);
    const spec = ensureObject(draft, 'spec');
    const strategy = ensureObject(spec, 'strategy');
    const problem = problemOfRequest(spec, strategy);
    if (problem !== undefined) return problem;
    setDefault(strategy, 'failurePolicy', 'Fail');
    return describePod(draft, spec, strategy, environment);
  },
};

function problemOfUpdate(draft: Draft, current: ClusterObject): WebhookRefusal | undefined {
  const refuse = (why: string): WebhookRefusal => ({ code: 403, why });
  if (!isEqualJson(draft.spec, current.spec)) return refuse('spec of ContainerRecreateRequest is immutable');
  const labels = asObject(draft.metadata.labels) ?? {};
  const changed = [podUidLabel, nodeNameLabel].find((label) => labels[label] !== current.metadata.labels?.[label]);
  return changed === undefined ? undefined : refuse(`not allowed to update immutable label ${changed}`);
}

function problemOfRequest(spec: JsonObject, strategy: JsonObject): string | undefined {
  if ((spec.podName ?? '') === '') return 'podName can not be empty';
  if (asObjectList(spec.containers).length === 0) return 'containers list can not be null';
  const deadline = spec.activeDeadlineSeconds;
  if (typeof deadline === 'number' && deadline < minDeadlineSeconds) {
    return `activeDeadlineSeconds can not be less than ${minDeadlineSeconds}s`;
  }
  for (const key of ['terminationGracePeriodSeconds', 'unreadyGracePeriodSeconds']) {
    if (Number(strategy[key] ?? 0) < 0) return `${key} must be non-negative integer`;
  }
  const policy = asString(strategy.failurePolicy) ?? '';
  return ['', 'Fail', 'Ignore'].includes(policy) ? undefined : `unknown failurePolicy ${policy}`;
}

function describePod(
  { metadata }: Draft,
  spec: JsonObject,
  strategy: JsonObject,
  environment: StrategyEnvironment,
): string | undefined {
  const name = String(spec.podName);
  const pod = environment.find('', 'pods', name, String(metadata.namespace));
  if (pod === undefined) return `no found Pod named ${name}`;
  const status = asObject(pod.status) ?? {};
  const podSpec = asObject(pod.spec) ?? {};
  const isOver = status.phase === 'Succeeded' || status.phase === 'Failed';
  if (isOver || pod.metadata.deletionTimestamp !== undefined) {
    return 'not allowed to recreate containers in an inactive Pod';
  }
  const node = asString(podSpec.nodeName) ?? '';
  if (node === '') return 'not allowed to recreate containers in a pending Pod';
  if (environment.find('', 'nodes', node) === undefined) {
    return `failed to get Node ${node}: nodes "${node}" not found`;
  }
  setDefault(strategy, 'terminationGracePeriodSeconds', podSpec.terminationGracePeriodSeconds);
  const labels = ensureObject(metadata, 'labels');
  labels[activeLabel] = 'true';
  labels[nodeNameLabel] = node;
  labels[podUidLabel] = pod.metadata.uid;
  const seen = new Set<unknown>();
  for (const container of asObjectList(spec.containers)) {
    if (seen.has(container.name)) return `can not recreate ${String(container.name)} multi times`;
    seen.add(container.name);
    const problem = describeContainer(container, podSpec, status);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function describeContainer(container: JsonObject, podSpec: JsonObject, podStatus: JsonObject): string | undefined {
  const { name } = container;
  if ([container.preStop, container.ports, container.statusContext].some((field) => field !== undefined)) {
    return 'preStop, ports, statusContext in container are ready-only fields';
  }
  const isNamesake = (each: JsonObject): boolean => each.name === name;
  const found = asObjectList(podSpec.containers).find(isNamesake);
  if (found === undefined) return `container ${String(name)} not found in Pod`;
  const status = asObjectList(podStatus.containerStatuses).find(isNamesake);
  if (status === undefined) return `not found ${String(name)} containerStatus in Pod Status`;
  if ((asString(status.containerID) ?? '') === '') {
    return `no containerID in ${String(name)} containerStatus, maybe the container has not been initialized`;
  }
  const { exec, httpGet, tcpSocket } = asObject(asObject(found.lifecycle)?.preStop) ?? {};
  const handlers = Object.entries({ exec, httpGet, tcpSocket }).filter(([, handler]) => handler !== undefined);
  if (handlers.length > 0) container.preStop = Object.fromEntries(handlers);
  if (httpGet !== undefined && found.ports !== undefined) container.ports = found.ports;
  container.statusContext = { containerID: status.containerID, restartCount: status.restartCount };
  return undefined;
}
