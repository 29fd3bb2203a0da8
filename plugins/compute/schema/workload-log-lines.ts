import {
  AnswerError,
  type ArgBuilder,
  followKubernetesObjects,
  inputRef,
  type LongshoreBuilder,
  NotFoundError,
  named,
  origin,
  type RequestContext,
  RequestError,
  registerEnum,
  registerSubscription,
  resolveNode,
  subjectOf,
  typeRef,
} from 'longshore/sdk';
import { type PodObject, podKind, type WorkloadObject } from '../api.ts';
import { belongsToWorkload } from '../services/belongs-to-workload.ts';
import { containerNamesOf } from '../services/containers.ts';
import { detectLevel } from '../services/logs/detect-level.ts';
import { followWorkloadLog } from '../services/logs/follow-workload-log.ts';
import type { LogEntry } from '../services/logs/log-entry.ts';
import { compileLineFilter, type LineFilter } from '../services/logs/match-line.ts';
import { parseWorkloadLogCursor } from '../services/logs/workload-log-cursor.ts';
import { isWorkload } from '../services/workload-kinds.ts';
import { checkTail, maxTail } from './pod-log-lines.ts';

const lineRef = typeRef<LogEntry>('WorkloadLogLine');
export const workloadLogFilterRef = inputRef<LogFilter>('WorkloadLogFilter');
/** Each is an open request to the cluster. */
const maxContainers = 100;

export interface LogFilter extends LineFilter {
  readonly pods?: readonly string[] | null;
  readonly containers?: readonly string[] | null;
}

interface LogArguments {
  readonly workload: string;
  readonly filter?: LogFilter | null | undefined;
  readonly follow: boolean;
  readonly previous: boolean;
  readonly tail?: number | null | undefined;
  readonly since?: Date | null | undefined;
  readonly after?: string | null | undefined;
}

export function registerWorkloadLogLines(builder: LongshoreBuilder): void {
  registerEnum(builder, 'LogLevel', 'How grave a line is, as far as it says so itself.', {
    TRACE: 'Every step.',
    DEBUG: 'For developers.',
    INFO: 'What went as it should, notices included.',
    WARN: 'What may become an error.',
    ERROR: 'What failed.',
    FATAL: 'What ended the program, or should: critical, alert, emergency, panic.',
    UNKNOWN: 'The line names no level.',
  });
  registerEnum(builder, 'WorkloadLogLineKind', 'What an entry of a log is.', {
    LINE: 'A line that a container wrote.',
    GAP: 'Lines between `missingSince` and `time` may be missing: the node has them no more, or did not answer.',
    ENDED: 'Nothing more comes from this container; `text` says why.',
  });
  registerLine(builder);
  registerFilter(builder);
  registerSubscription<LogEntry, ReturnType<typeof logArguments>>(builder, {
    name: 'workloadLogLines',
    description:
      'Lines of all pods of a workload, or of one pod, merged by time, each as ADDED. Goes on over restarts and replacements of pods; with `follow` it never ends by itself, without it behind the last line. Lines of two pods are in order as far as they come within a quarter of a second. Nothing is dropped for a slow reader: the reading waits.',
    allow: { action: 'READ_LOGS', subject: subjectOf(podKind) },
    itemField: 'line',
    itemType: lineRef,
    itemDescription: 'The line, or what is to be known about the log at this place.',
    hasSnapshot: false,
    args: logArguments,
    subscribe: (args, context) => openWorkloadLog(args as LogArguments, context),
  });
}

function registerLine(builder: LongshoreBuilder): void {
  builder.objectType(lineRef, {
    description: "An entry of a workload's log.",
    fields: (t) => ({
      kind: t.field({
        type: named('WorkloadLogLineKind'),
        description: 'What it is.',
        resolve: (line) => line.kind as never,
      }),
      time: t.field({
        type: 'DateTime',
        description: "When the container wrote it, by its node's clock; of a gap its end.",
        resolve: (line) => line.time,
      }),
      text: t.exposeString('text', { description: 'The line without its break; empty for a gap.' }),
      isCut: t.exposeBoolean('isCut', { description: 'Whether it was longer than 256 KiB and the rest is missing.' }),
      level: t.field({
        type: named('LogLevel'),
        description: 'Its level, read from JSON, logfmt, klog and the usual marks.',
        resolve: (line) => (line.kind === 'LINE' ? detectLevel(line.text) : 'UNKNOWN') as never,
      }),
      pod: t.string({ description: 'Name of the pod.', resolve: (line) => line.source.pod }),
      podUid: t.string({ description: "The pod's uid: names come again.", resolve: (line) => line.source.uid }),
      container: t.string({ description: 'Name of the container.', resolve: (line) => line.source.container }),
      run: t.exposeInt('run', { description: 'Which run of the container: 0 before its first restart.' }),
      missingSince: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'Of a gap its begin: the last line before it.',
        resolve: (line) => line.missingSince || null,
      }),
    }),
  });
}

function registerFilter(builder: LongshoreBuilder): void {
  builder.inputType('WorkloadLogFilter', {
    description: 'Which lines of a log; all conditions must hold.',
    fields: (t) => ({
      pods: t.stringList({ description: 'Of pods with these names.' }),
      containers: t.stringList({ description: 'Of containers with these names, init and debug containers included.' }),
      contains: t.string({ description: 'With this text, at most 1,000 characters.' }),
      excludes: t.string({ description: 'Without this text, at most 1,000 characters.' }),
      matches: t.string({
        description:
          'In which this regular expression is found: at most 200 characters, `^` only as the first and `$` only as the last of them, without look-around and back references. The first 4,096 characters of a line are searched.',
      }),
      ignoreCase: t.boolean({ description: 'Whether capitals and small letters are the same to the three above.' }),
      levels: t.field({ type: [named('LogLevel')], description: 'Of these levels; UNKNOWN are those that name none.' }),
    }),
  });
}

function logArguments(t: ArgBuilder) {
  return {
    workload: t.id({ required: true, description: 'Global id of the workload, or of one pod.' }),
    filter: t({ type: workloadLogFilterRef, description: 'Which lines; without it all of all containers.' }),
    follow: t.boolean({
      required: true,
      defaultValue: true,
      description: 'Whether to go on with what is written later.',
    }),
    previous: t.boolean({
      required: true,
      defaultValue: false,
      description: 'Begin with the run before the last restart of each container. No meaning with `after`.',
    }),
    tail: t.int({
      description: `Only the newest lines of what is there in each container, 0 to ${maxTail}; all without it. No meaning with \`after\`.`,
    }),
    since: t({ type: 'DateTime', description: 'Only lines from this time on. No meaning with `after`.' }),
  };
}

/** The log of a workload or pod as this caller may read it. Throws `BAD_USER_INPUT` and `NotFoundError`. */
export async function openWorkloadLog(args: LogArguments, context: RequestContext) {
  checkTail(args.tail);
  const matches = compileFilter(args.filter ?? {});
  const { cluster, namespace, isMember } = await findLogPods(args.workload, context);
  const after = args.after ? parseWorkloadLogCursor(args.workload, args.after) : undefined;
  const { pods: names, containers } = args.filter ?? {};
  const pods = await followKubernetesObjects<PodObject>({
    topic: 'workloadLogLines',
    kinds: [podKind] as never,
    cluster,
    matches: (pod) => isMember(pod as never) && (names?.includes(pod.metadata.name) ?? true),
    scope: context.requestId,
    args: { snapshot: true },
    context,
  });
  const from = context.cluster(cluster);
  return followWorkloadLog({
    workload: args.workload,
    pods: pods as never,
    containersOf: (pod) => containerNamesOf(pod).filter((name) => containers?.includes(name) ?? true),
    open: ({ pod, container }, request, signal) =>
      from.podLogs({ ...request, namespace: namespace ?? '', pod, container, principal: context.principal }, signal),
    matches,
    assertAllowed(pod) {
      if (context.access.allowed('READ_LOGS', pod)) return;
      throw new RequestError('FORBIDDEN', 'Your rights to these logs have ended');
    },
    follow: args.follow,
    previous: args.previous,
    tail: args.tail ?? undefined,
    since: args.since?.toISOString(),
    after,
    maxContainers,
    clock: context.clock,
    signal: context.signal,
  });
}

/** The pods behind an id: of a workload, or the one. One text for what is missing and what is not for this caller. */
async function findLogPods(id: string, context: RequestContext) {
  const node = await findLogObject(id, context);
  const { cluster } = node[origin];
  const { namespace, name } = node.metadata;
  if (!isPod(node)) return { cluster, namespace, isMember: belongsToWorkload(id, (of) => context.kube(of)) };
  context.access.requireAllowed('READ_LOGS', node);
  const isMember = (pod: PodObject) => pod.metadata.name === name && pod.metadata.namespace === namespace;
  return { cluster, namespace, isMember };
}

/** What has a log: a workload, or one pod. Throws `NotFoundError`. */
export async function findLogObject(id: string, context: RequestContext): Promise<WorkloadObject | PodObject> {
  const node = await resolveNode(id, context);
  if (node !== null && isWorkload(node)) return node;
  if (isPod(node)) return node;
  throw new NotFoundError('There is no workload or pod with this id');
}

function isPod(node: unknown): node is PodObject {
  if (typeof node !== 'object' || node === null || !(origin in node)) return false;
  const { kind, group } = (node as PodObject)[origin];
  return kind === podKind.kind && group === podKind.group;
}

function compileFilter(filter: LogFilter) {
  try {
    return compileLineFilter(filter);
  } catch (error) {
    if (error instanceof AnswerError) throw new RequestError('BAD_USER_INPUT', error.message, { cause: error });
    throw error;
  }
}
