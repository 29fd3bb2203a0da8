import {
  AnswerError,
  type ClusterProblem,
  defineList,
  type ListedFile,
  type ListRows,
  type LongshoreBuilder,
  matchesText,
  named,
  origin,
  type RequestContext,
  registerEnum,
  registerList,
  type StringFilter,
  stringFilterRef,
  subjectOf,
  typeRef,
} from 'longshore/sdk';
import { podKind, podTypeRef } from '../../api.ts';
import { type LogDirectory, logDirectoriesOf } from '../../services/log-files/log-directories.ts';
import { pathOfPlace } from '../../services/log-files/log-file-place.ts';
import { listLogFiles, mostListed } from '../../services/log-files/log-files.ts';
import { asBadInput, loadLogPod, siteOf } from './log-file-site.ts';

interface LogFile extends ListedFile {
  readonly container: string;
  readonly path: string;
}

interface LogFileFilter {
  readonly name?: StringFilter | null;
  readonly kinds?: readonly ListedFile['kind'][] | null;
}

interface ListArguments {
  readonly podId: string;
  readonly container?: string | null;
  readonly path: string;
}

const directoryRef = typeRef<LogDirectory>('LogDirectory');
const fileRef = typeRef<LogFile>('LogFile');

/** Log files of containers, in the directories that they were given for them (CMP-55, CMP-104). */
export function registerLogFiles(builder: LongshoreBuilder): void {
  builder.objectType(directoryRef, {
    description: 'A directory that a container was given for its log files.',
    fields: (t) => ({
      container: t.exposeString('container', { description: 'Name of the container.' }),
      path: t.exposeString('path', { description: 'Where it is in the container, e.g. `/var/log/app`.' }),
    }),
  });
  builder.objectField(podTypeRef, 'logDirectories', (t) =>
    t.field({
      type: [directoryRef],
      description: 'Directories that its containers were given for log files; `logFiles` shows what is in them.',
      resolve: (pod) => logDirectoriesOf(pod),
    }),
  );
  registerEnum(builder, 'LogFileKind', 'What stands in a log directory.', {
    FILE: 'A file.',
    DIRECTORY: 'A directory.',
    LINK: 'A symbolic link. It is followed as long as it leads to something in the log directory.',
    OTHER: 'Something that has no content of its own: a pipe, a socket, a device.',
  });
  registerFileType(builder);
  const list = defineList(builder, {
    name: 'LogFile',
    node: fileRef,
    plural: 'log files',
    filter: (t) => ({
      name: t.field({ type: stringFilterRef, description: 'By name.' }),
      kinds: t.field({ type: [named('LogFileKind') as never], description: 'Only of these kinds.' }),
    }),
    matches: (filter) => {
      const { name, kinds } = filter as LogFileFilter;
      return (file) => matchesText(name, file.name) && (kinds?.includes(file.kind) ?? true);
    },
    orders: {
      NAME: { description: 'By name.', value: ({ name }: LogFile) => name },
      SIZE: { description: 'By size.', value: ({ sizeBytes }) => sizeBytes },
      MODIFIED_AT: { description: 'By when it was last written.', value: ({ modifiedAt }) => modifiedAt.getTime() },
    },
    defaultOrder: [{ field: 'NAME', direction: 'ASC' }],
    place: ({ path }) => ({ cluster: '', namespace: '', name: path }),
  });
  registerList(builder, {
    name: 'logFiles',
    description: `What stands in a log directory of a running container, or in a directory below it: at most ${mostListed} entries. Needs READ_LOGS and EXEC on the pod, since a program of the container shows it. What cannot be shown stands in \`problems\`: CAPABILITY_MISSING where the container has no such program, TOO_COMPLEX where there are more entries.`,
    allow: { action: 'READ_LOGS', subject: subjectOf(podKind) },
    args: (t) => ({
      podId: t.id({ required: true, description: "The pod's global id." }),
      container: t.string({
        description: "The container's name; without it the one annotated as default, else the first.",
      }),
      path: t.string({
        required: true,
        description: 'The directory, absolute: one of `Pod.logDirectories`, or a directory below one.',
      }),
    }),
    list,
    rows: (args, context) => loadRows(args as unknown as ListArguments, context),
  });
}

async function loadRows(
  { podId, container, path }: ListArguments,
  context: RequestContext,
): Promise<ListRows<LogFile>> {
  const { value: pod } = await loadLogPod(podId, context);
  const { cluster } = pod[origin];
  const problem = (code: ClusterProblem['code'], message: string) => ({
    cluster,
    code,
    message,
    staleSince: undefined,
  });
  try {
    const { place, files, isCut } = await listLogFiles(siteOf(pod, container, context), path);
    const items = files.map((file) => ({
      ...file,
      container: place.directory.container,
      path: pathOfPlace({ ...place, steps: [...place.steps, file.name] }),
    }));
    const cut = problem('TOO_COMPLEX', `'${path}' has more entries: these are the first that the container showed`);
    return { items, problems: isCut ? [cut] : [] };
  } catch (error) {
    if (!(error instanceof AnswerError) || error.code === 'VALIDATION') throw asBadInput(error);
    const { code, message } = error;
    const told = code === 'CAPABILITY_MISSING' || code === 'FORBIDDEN' ? code : 'UPSTREAM_UNAVAILABLE';
    return { items: [], problems: [problem(told, message)] };
  }
}

function registerFileType(builder: LongshoreBuilder): void {
  builder.objectType(fileRef, {
    description: 'What stands in a log directory of a container, as it was when it was looked at.',
    fields: (t) => ({
      name: t.exposeString('name', {
        description: 'Its name. One that is not UTF-8 shows with replacement characters, and cannot be named here.',
      }),
      path: t.exposeString('path', { description: 'Its absolute path in the container.' }),
      container: t.exposeString('container', { description: 'Name of the container.' }),
      kind: t.field({ type: named('LogFileKind'), description: 'What it is.', resolve: ({ kind }) => kind as never }),
      sizeBytes: t.field({
        type: 'SafeInt',
        description: 'Its size in bytes; of a directory or link its own.',
        resolve: ({ sizeBytes }) => sizeBytes,
      }),
      modifiedAt: t.field({
        type: 'DateTime',
        description: "When it was last written, in whole seconds of the node's clock.",
        resolve: ({ modifiedAt }) => modifiedAt,
      }),
    }),
  });
}
