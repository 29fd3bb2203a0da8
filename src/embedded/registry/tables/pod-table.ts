import { formatAge } from '../../machinery/format-age.ts';
import { asObject, asObjectList, asString, type JsonObject } from '../../machinery/json.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { TableLayout } from '../resource-strategy.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';

export const podTable: TableLayout = {
  columns: [
    nameColumn,
    textColumn('Ready', 'The aggregate readiness state of this pod for accepting traffic.'),
    textColumn('Status', 'The aggregate status of the containers in this pod.'),
    textColumn('Restarts', 'How often the containers were restarted and when the last one was.'),
    ageColumn,
    textColumn('IP', 'The address of the pod.', 1),
    textColumn('Node', 'The node the pod runs on.', 1),
    textColumn('Nominated Node', 'The node the pod may run on once others have made room.', 1),
    textColumn('Readiness Gates', 'Conditions besides readiness that the pod waits for.', 1),
  ],
  cells(pod, nowMs) {
    const spec = asObject(pod.spec) ?? {};
    const status = asObject(pod.status) ?? {};
    const { state, ready, restarts, lastRestart } = summarize(pod);
    const gates = asObjectList(spec.readinessGates);
    const met = gates.filter((gate) => isConditionTrue(status, String(gate.conditionType))).length;
    const restartText =
      lastRestart === 0
        ? String(restarts)
        : `${restarts} (${formatAge(new Date(lastRestart).toISOString(), nowMs)} ago)`;
    return [
      pod.metadata.name,
      `${ready}/${asObjectList(spec.containers).length}`,
      state,
      restartText,
      formatAge(pod.metadata.creationTimestamp, nowMs),
      asString(status.podIP) ?? '<none>',
      asString(spec.nodeName) ?? '<none>',
      asString(status.nominatedNodeName) ?? '<none>',
      gates.length === 0 ? '<none>' : `${met}/${gates.length}`,
    ];
  },
};

interface PodSummary {
  readonly state: string;
  readonly ready: number;
  readonly restarts: number;
  /** Milliseconds since the epoch; 0 when nothing was restarted. */
  readonly lastRestart: number;
}

/** The one word kubectl shows for a pod, following its printer: init containers first, then reasons, then phase. */
function summarize(pod: ClusterObject): PodSummary {
  const spec = asObject(pod.spec) ?? {};
  const status = asObject(pod.status) ?? {};
  let state = asString(status.reason) ?? asString(status.phase) ?? 'Pending';
  let restarts = 0;
  let lastRestart = 0;
  let ready = 0;
  const count = (container: JsonObject): void => {
    restarts += Number(container.restartCount ?? 0);
    const finished = Date.parse(asString(asObject(asObject(container.lastState)?.terminated)?.finishedAt) ?? '');
    if (!Number.isNaN(finished)) lastRestart = Math.max(lastRestart, finished);
  };
  const scheduled = asObjectList(status.conditions).find((condition) => condition.type === 'PodScheduled');
  if (scheduled?.reason === 'SchedulingGated') state = 'SchedulingGated';

  const initStatuses = asObjectList(status.initContainerStatuses);
  const initSpecs = asObjectList(spec.initContainers);
  let isInitializing = false;
  for (const [at, container] of initStatuses.entries()) {
    count(container);
    const { waiting, terminated } = statesOf(container);
    const isSidecar = initSpecs.find((each) => each.name === container.name)?.restartPolicy === 'Always';
    if (terminated !== undefined && terminated.exitCode === 0) continue;
    if (isSidecar && container.started === true) {
      if (container.ready === true) ready += 1;
      continue;
    }
    if (terminated !== undefined) state = `Init:${terminationWord(terminated)}`;
    else if (waiting !== undefined && (asString(waiting.reason) ?? '') !== '' && waiting.reason !== 'PodInitializing') {
      state = `Init:${String(waiting.reason)}`;
    } else state = `Init:${at}/${initSpecs.length}`;
    isInitializing = true;
    break;
  }

  if (!isInitializing) {
    let hasRunning = false;
    for (const container of [...asObjectList(status.containerStatuses)].reverse()) {
      count(container);
      const { waiting, terminated, running } = statesOf(container);
      if (waiting !== undefined && (asString(waiting.reason) ?? '') !== '') state = String(waiting.reason);
      else if (terminated !== undefined) state = terminationWord(terminated);
      else if (container.ready === true && running !== undefined) {
        hasRunning = true;
        ready += 1;
      }
    }
    // One container has ended, another still serves: the pod counts as running.
    if (state === 'Completed' && hasRunning) state = isConditionTrue(status, 'Ready') ? 'Running' : 'NotReady';
  }
  if (pod.metadata.deletionTimestamp !== undefined) {
    if (status.reason === 'NodeLost') state = 'Unknown';
    else if (status.phase !== 'Succeeded' && status.phase !== 'Failed') state = 'Terminating';
  }
  return { state, ready, restarts, lastRestart };
}

function statesOf(container: JsonObject): { waiting?: JsonObject; terminated?: JsonObject; running?: JsonObject } {
  const state = asObject(container.state) ?? {};
  const waiting = asObject(state.waiting);
  const terminated = asObject(state.terminated);
  const running = asObject(state.running);
  return { ...(waiting && { waiting }), ...(terminated && { terminated }), ...(running && { running }) };
}

function terminationWord(terminated: JsonObject): string {
  const reason = asString(terminated.reason) ?? '';
  if (reason !== '') return reason;
  const signal = Number(terminated.signal ?? 0);
  return signal === 0 ? `ExitCode:${String(terminated.exitCode ?? 0)}` : `Signal:${signal}`;
}

function isConditionTrue(status: JsonObject, type: string): boolean {
  return asObjectList(status.conditions).some((each) => each.type === type && each.status === 'True');
}
