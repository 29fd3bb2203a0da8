import {
  type DownloadSource,
  downloadPath,
  type IssuedTicket,
  idOfObject,
  isOfKind,
  type LongshoreBuilder,
  loadOfKind,
  type MutationOutcome,
  NotFoundError,
  origin,
  type RequestContext,
  registerMutation,
  subjectOf,
  typeRef,
} from 'longshore/sdk';
import { type PodObject, podKind, podTypeRef } from '../../api.ts';
import { logDownloadMaxMiB } from '../../profile-keys/logs.ts';
import { type LogFileSubject, logFileTicket } from '../../services/log-files/log-file-download.ts';
import {
  deleteLogFile,
  type LogFileFacts,
  openLogFile,
  readLogFile,
  tooLarge,
  truncateLogFile,
} from '../../services/log-files/log-files.ts';
import { containerFor } from '../../services/prepare-terminal.ts';
import { loadLogPod, siteOf } from './log-file-site.ts';

interface FileDownload {
  readonly ticket: IssuedTicket;
  readonly facts: LogFileFacts;
}

/** Undefined in a dry run and for a repeated answer: a ticket is shown once. */
interface Prepared {
  readonly download: FileDownload | undefined;
}

interface Changed {
  readonly pod: PodObject;
  /** Undefined for a repeated answer. */
  readonly facts: LogFileFacts | undefined;
}

const downloadRef = typeRef<FileDownload>('LogFileDownload');

/** What is done with log files of containers (CMP-104): taken home, emptied, deleted. */
export function registerLogFileMutations(builder: LongshoreBuilder): void {
  registerDownload(builder);
  registerChange(builder, {
    name: 'truncateLogFile',
    description:
      'Empties a log file of a running container and leaves the file, so that whoever writes it goes on writing it. Needs EXEC on the pod: a program of the container does it.',
    success: 'The file is empty; in a dry run it can be.',
    change: truncateLogFile,
    after: 0,
  });
  registerChange(builder, {
    name: 'deleteLogFile',
    description:
      'Deletes a log file of a running container; of a link the link. Its room is free once nobody holds it open. Needs EXEC on the pod: a program of the container does it.',
    success: 'The file is gone; in a dry run it can be deleted.',
    change: deleteLogFile,
    after: undefined,
  });
}

function registerDownload(builder: LongshoreBuilder): void {
  builder.objectType(downloadRef, {
    description: 'Where a log file is fetched, once.',
    fields: (t) => ({
      path: t.string({
        description:
          "Path on the gateway's own address, for a GET without a bearer token. It is a secret until it is used.",
        resolve: ({ ticket }) => downloadPath(logFileTicket, ticket.value),
      }),
      expiresAt: t.field({
        type: 'DateTime',
        description: 'Until when it must be fetched.',
        resolve: ({ ticket }) => ticket.expiresAt,
      }),
      fileName: t.string({ description: 'What the file will be called.', resolve: ({ facts }) => nameOf(facts.path) }),
      sizeBytes: t.field({
        type: 'SafeInt',
        description: 'How many bytes it has now.',
        resolve: ({ facts }) => facts.sizeBytes,
      }),
    }),
  });
  registerMutation(builder, {
    name: 'downloadLogFile',
    description:
      'Hands out an address where a log file of a running container is fetched, once, within a minute, as it is then: at most `logs.downloadMaxMiB` of the profile. Needs READ_LOGS and EXEC on the pod. Each transfer has an operation record of its own (`DOWNLOAD`).',
    allow: { action: 'READ_LOGS', subject: subjectOf(podKind) },
    input: fileInput,
    load: ({ id }, context) => loadLogPod(String(id), context),
    async run({ container, path }, pod, ticket, context) {
      const look = await readLogFile(siteOf(pod, container, context), path, { from: 0, bytes: 1 });
      const most = mostBytes(pod, context);
      if (look.sizeBytes > most) throw tooLarge(look.sizeBytes, most);
      const subject: LogFileSubject = {
        id: idOfObject(pod),
        podUid: pod.metadata.uid ?? '',
        container: containerFor(pod, container)?.spec.name ?? '',
        path: look.path,
      };
      const issued = ticket.isDryRun
        ? undefined
        : await context.services.tickets.issue(context.principal, logFileTicket, subject);
      return { value: { download: issued && { ticket: issued, facts: look } }, resultId: subject.id };
    },
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
    replay: (): Prepared => ({ download: undefined }),
  });
}

interface ChangeSpec {
  readonly name: string;
  readonly description: string;
  readonly success: string;
  readonly change: typeof deleteLogFile;
  /** How many bytes it then has; undefined where it is gone. */
  readonly after: number | undefined;
}

function registerChange(builder: LongshoreBuilder, { name, description, success, change, after }: ChangeSpec): void {
  registerMutation(builder, {
    name,
    description,
    allow: { action: 'EXEC', subject: subjectOf(podKind) },
    mustConfirm: 'BY_PROFILE',
    input: fileInput,
    load: async ({ id }, context) => ({ ...(await loadOfKind(String(id), podKind, context)), thing: 'LOG_FILE' }),
    async run({ container, path }, pod, ticket, context): Promise<MutationOutcome<Changed>> {
      const facts = await change(siteOf(pod, container, context, ticket), path, ticket.isDryRun);
      const file = { container: containerFor(pod, container)?.spec.name, path: facts.path };
      return {
        value: { pod, facts },
        resultId: idOfObject(pod),
        before: { logFile: { ...file, sizeBytes: facts.sizeBytes } },
        after: after === undefined ? {} : { logFile: { ...file, sizeBytes: after } },
      };
    },
    success: {
      description: success,
      fields: (t) => ({
        pod: t.field({ type: podTypeRef, description: 'The pod.', resolve: ({ value }) => value.pod }),
        sizeBytes: t.field({
          type: 'SafeInt',
          nullable: true,
          description: 'How many bytes it had. Null where the answer repeats an earlier one.',
          resolve: ({ value }) => value.facts?.sizeBytes ?? null,
        }),
      }),
    },
    replay: (node): Changed | null => (isOfKind(node, podKind) ? { pod: node, facts: undefined } : null),
  });
}

function fileInput(t: Parameters<Parameters<typeof registerMutation>[1]['input']>[0]) {
  return {
    id: t.id({ required: true, description: "The pod's global id." }),
    container: t.string({
      description: "The container's name; without it the one annotated as default, else the first.",
    }),
    path: t.string({ required: true, description: 'The absolute path, in a log directory of the container.' }),
  };
}

function mostBytes(pod: PodObject, context: RequestContext): number {
  const place = { cluster: pod[origin].cluster, namespace: pod.metadata.namespace };
  return context.services.profiles.at(place).get(logDownloadMaxMiB) * 1_048_576;
}

const nameOf = (path: string): string => path.split('/').at(-1) ?? '';

/** What a ticket is exchanged for: the file as it is then, and as its holder may have it then. */
export const logFileDownload: DownloadSource<LogFileSubject> = {
  purpose: logFileTicket,
  async open({ id, podUid, container, path }, context) {
    const { value: pod, record } = await loadLogPod(id, context);
    if (pod.metadata.uid !== podUid) throw new NotFoundError('The pod is not there any more');
    const { facts, chunks } = await openLogFile(siteOf(pod, container, context), path, mostBytes(pod, context));
    return {
      fileName: nameOf(facts.path),
      contentType: 'application/octet-stream',
      record: { action: 'downloadLogFile', target: record, detail: `${container}: ${facts.path}`.slice(0, 500) },
      chunks,
    };
  },
};
