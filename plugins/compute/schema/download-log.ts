import {
  type DownloadSource,
  downloadPath,
  type IssuedTicket,
  idOfObject,
  type LongshoreBuilder,
  type MutationTarget,
  named,
  origin,
  type RequestContext,
  registerEnum,
  registerMutation,
  subjectOf,
  typeRef,
  type ValidationIssue,
} from 'longshore/sdk';
import { type PodObject, podKind } from '../api.ts';
import { logDownloadMaxMiB } from '../profile-keys/logs.ts';
import { type LogDownloadSubject, logDownloadTicket } from '../services/logs/log-download.ts';
import { compileLineFilter } from '../services/logs/match-line.ts';
import { type LogFileFormat, renderLogFile } from '../services/logs/render-log-file.ts';
import { maxTail } from './pod-log-lines.ts';
import { findLogObject, type LogFilter, openWorkloadLog, workloadLogFilterRef } from './workload-log-lines.ts';

interface LogDownload {
  readonly ticket: IssuedTicket;
  readonly fileName: string;
}

/** Undefined in a dry run and for a repeated answer: a ticket is shown once. */
interface Prepared {
  readonly download: LogDownload | undefined;
}

interface DownloadInput {
  readonly id: string;
  readonly format: LogFileFormat;
  readonly filter?: LogFilter | null;
  readonly previous: boolean;
  readonly tail?: number | null;
  readonly since?: Date | null;
}

const downloadRef = typeRef<LogDownload>('LogDownload');

/** The log of a workload or pod as a file (CMP-102): a mutation hands out the address, a browser opens it. */
export function registerDownloadLog(builder: LongshoreBuilder): void {
  registerEnum(builder, 'LogFileFormat', 'How a log is written into a file.', {
    TEXT: 'A line for each line: its time, `pod/container`, and the text.',
    NDJSON: 'A JSON object for each line: `kind`, `time`, `pod`, `container`, `run`, `text`, `level`.',
  });
  builder.objectType(downloadRef, {
    description: 'Where a file is fetched, once.',
    fields: (t) => ({
      path: t.string({
        description:
          "Path on the gateway's own address, for a GET without a bearer token. It is a secret until it is used.",
        resolve: ({ ticket }) => downloadPath(logDownloadTicket, ticket.value),
      }),
      expiresAt: t.field({
        type: 'DateTime',
        description: 'Until when it must be fetched.',
        resolve: ({ ticket }) => ticket.expiresAt,
      }),
      fileName: t.exposeString('fileName', { description: 'What the file will be called.' }),
    }),
  });
  registerMutation(builder, {
    name: 'downloadLog',
    description:
      'Hands out an address where a log of all pods of a workload, or of one pod, is fetched as a file, once, within a minute. It has what is there when it is fetched, merged by time, up to `logs.downloadMaxMiB` of the profile. Each transfer has an operation record of its own (`DOWNLOAD`).',
    allow: { action: 'READ_LOGS', subject: subjectOf(podKind) },
    input: (t) => ({
      id: t.id({ required: true, description: 'Global id of the workload, or of one pod.' }),
      format: t.field({
        type: named('LogFileFormat'),
        required: true,
        defaultValue: 'TEXT' as never,
        description: 'How it is written.',
      }),
      filter: t.field({
        type: workloadLogFilterRef as never,
        description: 'Which lines; without it all of all containers.',
      }),
      previous: t.boolean({
        required: true,
        defaultValue: false,
        description: 'Begin with the run before the last restart of each container.',
      }),
      tail: t.int({ description: `Only the newest lines of each container, 0 to ${maxTail}; all without it.` }),
      since: t.field({ type: 'DateTime', description: 'Only lines from this time on.' }),
    }),
    success: {
      description: 'The file can be fetched.',
      fields: (t) => ({
        download: t.field({
          type: downloadRef,
          nullable: true,
          description: 'The address, shown this once. Null in a dry run, and where the answer repeats an earlier one.',
          resolve: ({ value }) => (value as Prepared).download ?? null,
        }),
      }),
    },
    validate: (input) => checkInput(input as unknown as DownloadInput),
    load: ({ id }, context) => loadTarget(String(id), context),
    async run(input, target, ticket, context) {
      const subject = subjectOfInput(input as unknown as DownloadInput, target);
      const fileName = fileNameOf(subject);
      const { isDryRun } = ticket;
      const issued = isDryRun
        ? undefined
        : await context.services.tickets.issue(context.principal, logDownloadTicket, subject);
      return { value: { download: issued && { ticket: issued, fileName } }, resultId: target.id };
    },
    replay: (): Prepared => ({ download: undefined }),
  });
}

type Target = LogDownloadSubject['target'];

async function loadTarget(id: string, context: RequestContext): Promise<MutationTarget<Target>> {
  const object = await findLogObject(id, context);
  const { cluster } = object[origin];
  const { kind } = object;
  const { namespace = '', name } = object.metadata;
  const target = { plugin: 'compute', type: kind, id: idOfObject(object), cluster, namespace, kind, name };
  // Of a workload it is asked for the pods in its place; for each pod by itself when it is read.
  const instance = kind === podKind.kind ? (object as PodObject) : { subject: subjectOf(podKind), cluster, namespace };
  return { value: target, instance: instance as never, record: target };
}

function checkInput({ filter, tail }: DownloadInput): ValidationIssue[] {
  compileLineFilter(filter ?? {});
  const isFine = tail === null || tail === undefined || (tail >= 0 && tail <= maxTail);
  return isFine ? [] : [{ path: ['tail'], code: 'out_of_range', message: `tail must be 0 to ${maxTail}, got ${tail}` }];
}

function subjectOfInput(
  { id, format, filter, previous, tail, since }: DownloadInput,
  target: Target,
): LogDownloadSubject {
  const { pods, containers, contains, excludes, matches, ignoreCase, levels } = filter ?? {};
  return {
    ...{ id: String(id), target, format, previous, tail: tail ?? null, since: since?.toISOString() ?? null },
    filter: filter
      ? {
          pods: pods ? [...pods] : null,
          containers: containers ? [...containers] : null,
          contains: contains ?? null,
          excludes: excludes ?? null,
          matches: matches ?? null,
          ignoreCase: ignoreCase ?? null,
          levels: levels ? [...levels] : null,
        }
      : null,
  };
}

function fileNameOf({ target: { namespace, name }, format }: LogDownloadSubject): string {
  return `${namespace}_${name}.${format === 'TEXT' ? 'log' : 'ndjson'}`;
}

/** What a ticket is exchanged for: the log as it is then, and as its holder may read it then. */
export const logDownload: DownloadSource<LogDownloadSubject> = {
  purpose: logDownloadTicket,
  async open({ id, target, format, filter, previous, tail, since }, context) {
    const { cluster, namespace } = target;
    const messages = await openWorkloadLog(
      {
        workload: id,
        filter: filter as LogFilter | null,
        follow: false,
        previous,
        tail,
        since: since === null ? null : new Date(since),
      },
      context,
    );
    const maxBytes = context.services.profiles.at({ cluster, namespace }).get(logDownloadMaxMiB) * 1_048_576;
    return {
      fileName: fileNameOf({ id, target, format, filter, previous, tail, since }),
      contentType: format === 'TEXT' ? 'text/plain; charset=utf-8' : 'application/x-ndjson',
      record: { action: 'downloadLog', target },
      chunks: renderLogFile(messages, { format, maxBytes }),
    };
  },
};
