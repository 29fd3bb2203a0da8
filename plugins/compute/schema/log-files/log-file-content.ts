import {
  type LongshoreBuilder,
  NotFoundError,
  type RequestContext,
  RequestError,
  registerQuery,
  subjectOf,
  typeRef,
} from 'longshore/sdk';
import { podKind } from '../../api.ts';
import { type LogFileFacts, readLogFile } from '../../services/log-files/log-files.ts';
import { wholeCharacters } from '../../services/log-files/whole-characters.ts';
import { asBadInput, loadLogPod, siteOf } from './log-file-site.ts';

interface Content extends LogFileFacts {
  readonly offset: number;
  readonly nextOffset: number;
  readonly text: string;
}

interface ContentArguments {
  readonly podId: string;
  readonly container?: string | null;
  readonly path: string;
  readonly offset?: number | null;
  readonly bytes: number;
}

const contentRef = typeRef<Content>('LogFileContent');
const mostBytes = 1_048_576;
/** A character of UTF-8 must fit. */
const fewestBytes = 4;

/** A part of a log file (CMP-104). */
export function registerLogFileContent(builder: LongshoreBuilder): void {
  builder.objectType(contentRef, {
    description: 'A part of a log file.',
    fields: (t) => ({
      path: t.exposeString('path', { description: 'The absolute path in the container, links followed.' }),
      text: t.exposeString('text', {
        description:
          'The part as UTF-8, beginning and ending between characters; other bytes are replacement characters.',
      }),
      offset: t.field({
        type: 'SafeInt',
        description: 'From which byte of the file on.',
        resolve: ({ offset }) => offset,
      }),
      nextOffset: t.field({
        type: 'SafeInt',
        description:
          'Where to read on, as `offset`. A file of another `fileId`, or one that is shorter than this, was begun anew: read it from 0 on.',
        resolve: ({ nextOffset }) => nextOffset,
      }),
      sizeBytes: t.field({
        type: 'SafeInt',
        description: 'How many bytes the file has.',
        resolve: ({ sizeBytes }) => sizeBytes,
      }),
      modifiedAt: t.field({
        type: 'DateTime',
        description: "When it was last written, in whole seconds of the node's clock.",
        resolve: ({ modifiedAt }) => modifiedAt,
      }),
      fileId: t.string({
        description: 'Tells the file from the next one of its name, after a rotation.',
        resolve: ({ inode }) => inode,
      }),
    }),
  });
  registerQuery(builder, {
    name: 'logFileContent',
    description:
      'A part of a log file of a running container; null where there is no such file. Needs READ_LOGS and EXEC on the pod.',
    allow: { action: 'READ_LOGS', subject: subjectOf(podKind) },
    type: contentRef,
    nullable: true,
    args: (t) => ({
      podId: t.id({ required: true, description: "The pod's global id." }),
      container: t.string({
        description: "The container's name; without it the one annotated as default, else the first.",
      }),
      path: t.string({ required: true, description: 'The absolute path, in a log directory of the container.' }),
      offset: t({
        type: 'SafeInt',
        description: 'From which byte on; without it the end of the file is read.',
      }),
      bytes: t.int({
        required: true,
        defaultValue: 65_536,
        description: `How many bytes at the most, ${fewestBytes} to ${mostBytes}.`,
      }),
    }),
    resolve: (args, context) => loadContent(args as unknown as ContentArguments, context),
  });
}

async function loadContent(args: ContentArguments, context: RequestContext): Promise<Content | null> {
  const { podId, container, path, bytes } = args;
  const offset = args.offset ?? undefined;
  if (bytes < fewestBytes || bytes > mostBytes) {
    throw new RequestError('BAD_USER_INPUT', `bytes must be ${fewestBytes} to ${mostBytes}, got ${bytes}`);
  }
  if (offset !== undefined && offset < 0) {
    throw new RequestError('BAD_USER_INPUT', `offset must be 0 or more, got ${offset}`);
  }
  const { value: pod } = await loadLogPod(podId, context);
  try {
    const read = await readLogFile(siteOf(pod, container, context), path, { from: offset, bytes });
    const { begin, end } = wholeCharacters(read.content);
    // The end of the file is the end, also where a character was begun there; who reads on has it whole then.
    const from = offset === undefined && read.from > 0 ? begin : 0;
    return {
      ...read,
      offset: read.from + from,
      nextOffset: read.from + Math.max(from, end),
      text: read.content.subarray(from, end).toString('utf8'),
    };
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw asBadInput(error);
  }
}
