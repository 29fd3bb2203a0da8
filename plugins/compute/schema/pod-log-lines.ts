import {
  type ArgBuilder,
  type LongshoreBuilder,
  NotFoundError,
  type PodLogLine,
  type PodLogRequest,
  type RequestContext,
  RequestError,
  registerSubscription,
  subjectOf,
  typeRef,
} from 'longshore/sdk';
import { type PodObject, podKind } from '../api.ts';
import { containerNamesOf, defaultContainerOf } from '../services/containers.ts';
import { followPodLog } from '../services/logs/follow-pod-log.ts';
import type { LogPosition } from '../services/logs/log-position.ts';
import { type LogSource, parseLogCursor } from '../services/logs/pod-log-cursor.ts';

const logLineRef = typeRef<PodLogLine>('PodLogLine');
/** Newest lines that may be asked for. */
export const maxTail = 100_000;

interface LogArguments {
  readonly cluster: string;
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string | null | undefined;
  readonly follow: boolean;
  readonly previous: boolean;
  readonly tail?: number | null | undefined;
  readonly since?: Date | null | undefined;
  readonly after?: string | null | undefined;
}

export function registerPodLogLines(builder: LongshoreBuilder): void {
  builder.objectType(logLineRef, {
    description: "A line of a container's output.",
    fields: (t) => ({
      time: t.field({
        type: 'DateTime',
        description: "When the container wrote it, by its node's clock.",
        resolve: (line) => line.time,
      }),
      text: t.exposeString('text', { description: 'The line without its break.' }),
      isCut: t.exposeBoolean('isCut', { description: 'Whether it was longer than 256 KiB and the rest is missing.' }),
      missingSince: t.field({
        type: 'DateTime',
        nullable: true,
        description:
          'Where lines before this one may be missing, rotated away while nobody read: the time of the last one that was read.',
        resolve: (line) => line.missingSince ?? null,
      }),
    }),
  });
  registerSubscription<PodLogLine, ReturnType<typeof logArguments>>(builder, {
    name: 'podLogLines',
    description:
      'Lines that a container wrote and writes, each as ADDED. Ends when the container does, or without `follow` behind the last line. Nothing is dropped for a slow reader: the reading waits.',
    allow: { action: 'READ_LOGS', subject: subjectOf(podKind) },
    itemField: 'line',
    itemType: logLineRef,
    itemDescription: 'The line.',
    hasSnapshot: false,
    args: logArguments,
    subscribe: (args, context) => openPodLog(args, context),
  });
}

function logArguments(t: ArgBuilder) {
  return {
    cluster: t.string({ required: true, description: "The cluster's name." }),
    namespace: t.string({ required: true, description: "The pod's namespace." }),
    pod: t.string({ required: true, description: "The pod's name." }),
    container: t.string({
      description: "The container's name; without it the one annotated as default, else the first.",
    }),
    follow: t.boolean({
      required: true,
      defaultValue: true,
      description: 'Whether to go on with later lines until the container ends.',
    }),
    previous: t.boolean({
      required: true,
      defaultValue: false,
      description: 'Lines of the run before the last restart.',
    }),
    tail: t.int({
      description: `Only the newest lines of what is there, 0 to ${maxTail}; all without it. No meaning with \`after\`.`,
    }),
    since: t({ type: 'DateTime', description: 'Only lines from this time on. No meaning with `after`.' }),
  };
}

async function openPodLog(args: LogArguments, context: RequestContext) {
  checkTail(args.tail);
  const pod = await readPod(args, context);
  context.access.requireAllowed('READ_LOGS', pod);
  const source: LogSource = {
    cluster: args.cluster,
    namespace: args.namespace,
    pod: args.pod,
    container: chooseContainer(pod, args.container),
  };
  const after = args.after ? parseLogCursor(source, args.after) : undefined;
  const cluster = context.cluster(args.cluster);
  const request = { ...toRequest(source, args, after), principal: context.principal };
  return followPodLog({
    source,
    after,
    since: after ? undefined : args.since?.toISOString(),
    open: (signal) => cluster.podLogs(request, signal),
    assertAllowed() {
      if (context.access.allowed('READ_LOGS', pod)) return;
      throw new RequestError('FORBIDDEN', 'Your rights to these logs have ended');
    },
    clock: context.clock,
    signal: context.signal,
  });
}

/** One text for a pod that is missing, a pod that is not for this caller, and a cluster that is either. */
async function readPod({ cluster, namespace, pod: name }: LogArguments, context: RequestContext): Promise<PodObject> {
  const pod = context.clusters.get(cluster) ? await context.kube(cluster).get(podKind, namespace, name) : undefined;
  if (pod) return pod;
  throw new NotFoundError(`There is no pod '${name}' in namespace '${namespace}' of cluster '${cluster}'`);
}

function chooseContainer(pod: PodObject, asked: string | null | undefined): string {
  const names = containerNamesOf(pod);
  const chosen = asked ?? defaultContainerOf(pod);
  if (chosen !== undefined && names.includes(chosen)) return chosen;
  throw new RequestError(
    'BAD_USER_INPUT',
    `There is no container '${asked ?? ''}' in pod '${pod.metadata.name}', it has ${names.join(', ')}`,
  );
}

/** Throws `BAD_USER_INPUT` for a number of newest lines that is none. */
export function checkTail(tail: number | null | undefined): void {
  if (tail === null || tail === undefined || (tail >= 0 && tail <= maxTail)) return;
  throw new RequestError('BAD_USER_INPUT', `tail must be 0 to ${maxTail}, got ${tail}`);
}

function toRequest(source: LogSource, args: LogArguments, after: LogPosition | undefined): PodLogRequest {
  const { namespace, pod, container } = source;
  const { follow, previous } = args;
  const base = { namespace, pod, container, follow, previous };
  // A cursor names the place; the newest lines alone could begin behind it and leave a gap.
  if (after) return after.time === '' ? base : { ...base, sinceTime: after.time };
  return {
    ...base,
    ...(typeof args.tail === 'number' ? { tailLines: args.tail } : {}),
    ...(args.since ? { sinceTime: args.since.toISOString() } : {}),
  };
}
