import type { CaseContext } from './case-context.ts';
import { succeeded } from './cluster-client.ts';
import { eventually } from './eventually.ts';
import type { Json } from './json.ts';
import { podTemplate } from './objects.ts';

/** A template whose pods no scheduler takes, so that on any cluster the case alone says what becomes of them. */
export function drivenTemplate(app: string, spec: Json = {}): Json {
  const template = podTemplate(app);
  return { ...template, spec: { ...template.spec, schedulerName: 'conformance.longshore.dev', ...spec } };
}

/** The pods of a namespace that one drives: oldest index, ordinal or name first. */
export interface DrivenPods {
  /** All there are, ended ones too. */
  all(): Promise<Json[]>;
  /** Those that have neither ended nor are being deleted, once there are exactly so many. */
  living(count: number): Promise<Json[]>;
  /** Writes what a kubelet would. */
  end(pod: Json, phase: 'Succeeded' | 'Failed', exitCode?: number, conditions?: readonly Json[]): Promise<void>;
  run(pod: Json, isReady?: boolean): Promise<void>;
}

export function drivenPods(t: CaseContext, namespace: string): DrivenPods {
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const report = async (pod: Json, status: Json): Promise<void> => {
    succeeded(await t.api.patch('merge', `${path}/${pod.metadata.name}/status`, { status }));
  };
  const pods: DrivenPods = {
    async all() {
      const { items } = succeeded(await t.api.get(path)).body;
      return items.sort((left: Json, right: Json) => (orderOf(left) < orderOf(right) ? -1 : 1));
    },
    living: (count) =>
      eventually(async () => {
        const found = (await pods.all()).filter(
          ({ metadata, status }) =>
            metadata.deletionTimestamp === undefined && !['Succeeded', 'Failed'].includes(status.phase),
        );
        if (found.length !== count) throw new Error(`${found.length} pods are there, not ${count}`);
        return found;
      }),
    end: (pod, phase, exitCode = phase === 'Failed' ? 1 : 0, conditions = []) =>
      report(pod, { phase, conditions, containerStatuses: [endedContainer(pod, exitCode)] }),
    run: (pod, isReady = true) =>
      report(pod, {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False', lastTransitionTime: timestamp() }],
      }),
  };
  return pods;
}

/** What was said about an object, as `type reason: message`. */
export async function saidOf(t: CaseContext, namespace: string, name: string): Promise<string[]> {
  const { body } = await t.api.get(`/api/v1/namespaces/${namespace}/events`, {
    fieldSelector: `involvedObject.name=${name}`,
  });
  return body.items.map(({ type, reason, message }: Json) => `${type} ${reason}: ${message}`);
}

/** Conditions without their times, in order. */
export function saidBy(conditions: readonly Json[] | undefined): Json[] {
  return (conditions ?? []).map(({ type, status, reason, message }) => ({ type, status, reason, message }));
}

function orderOf({ metadata }: Json): string {
  const index = metadata.annotations?.['batch.kubernetes.io/job-completion-index'];
  return index === undefined ? metadata.name : String(index).padStart(6, '0');
}

function endedContainer(pod: Json, exitCode: number): Json {
  const [{ name, image }] = pod.spec.containers;
  const now = timestamp();
  const terminated = { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', startedAt: now, finishedAt: now };
  return { name, image, imageID: '', ready: false, restartCount: 0, started: false, state: { terminated } };
}

function timestamp(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}
