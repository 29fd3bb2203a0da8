import {
  AnswerError,
  type ClusterProblem,
  defineList,
  type ListedFile,
  type ListRows,
  type LongshoreBuilder,
  matchesText,
  NotFoundError,
  named,
  origin,
  type RequestContext,
  registerEnum,
  registerList,
  registerQuery,
  type StringFilter,
  stringFilterRef,
  typeRef,
} from 'longshore/sdk';
import { listVolumeFiles, mostListedFiles, statVolumeFile } from '../../services/files/volume-files.ts';
import { asBadInput, browseSubject, loadBrowsable, siteOf } from './browsed-claim.ts';

interface VolumeFile extends ListedFile {
  readonly path: string;
}

interface VolumeFileFilter {
  readonly name?: StringFilter | null;
  readonly kinds?: readonly ListedFile['kind'][] | null;
}

const fileRef = typeRef<VolumeFile>('VolumeFile');

/** What stands in a volume whose file browser is open (STO-21). */
export function registerVolumeFiles(builder: LongshoreBuilder): void {
  registerEnum(builder, 'VolumeFileKind', 'What stands in a volume.', {
    FILE: 'A file.',
    DIRECTORY: 'A directory.',
    LINK: 'A symbolic link. It is followed as long as it leads to something in the volume.',
    OTHER: 'Something that has no content of its own: a pipe, a socket, a device.',
  });
  registerFileType(builder);
  const list = defineList(builder, {
    name: 'VolumeFile',
    node: fileRef,
    plural: 'files of volumes',
    filter: (t) => ({
      name: t.field({ type: stringFilterRef, description: 'By name.' }),
      kinds: t.field({ type: [named('VolumeFileKind') as never], description: 'Only of these kinds.' }),
    }),
    matches: (filter) => {
      const { name, kinds } = filter as VolumeFileFilter;
      return (file) => matchesText(name, file.name) && (kinds?.includes(file.kind) ?? true);
    },
    orders: {
      NAME: { description: 'By name.', value: ({ name }: VolumeFile) => name },
      SIZE: { description: 'By size.', value: ({ sizeBytes }) => sizeBytes },
      MODIFIED_AT: { description: 'By when it was last written.', value: ({ modifiedAt }) => modifiedAt.getTime() },
    },
    defaultOrder: [{ field: 'NAME', direction: 'ASC' }],
    place: ({ path }) => ({ cluster: '', namespace: '', name: path }),
  });
  const needs =
    'Its file browser must be open (`openFileBrowser`). Needs BROWSE and UPDATE on the claim, and EXEC on pods of its namespace.';
  registerList(builder, {
    name: 'files',
    description: `What stands in a directory of a volume: at most ${mostListedFiles} entries. ${needs} What cannot be shown stands in \`problems\`: TOO_COMPLEX where there are more entries, UPSTREAM_UNAVAILABLE with the reason where the file browser is not open, the volume is in use, or there is no such directory.`,
    allow: { action: 'BROWSE', subject: browseSubject },
    args: (t) => ({
      id: t.id({ required: true, description: "The PersistentVolumeClaim's global id." }),
      path: t.string({
        required: true,
        defaultValue: '/',
        description: 'The directory, absolute from the root of the volume, which is `/`.',
      }),
    }),
    list,
    rows: (args, context) => loadRows(String(args.id), args.path as string, context),
  });
  registerQuery(builder, {
    name: 'file',
    description: `What stands at a path of a volume, a link not followed; null where nothing does. ${needs}`,
    allow: { action: 'BROWSE', subject: browseSubject },
    type: fileRef,
    nullable: true,
    args: (t) => ({
      id: t.id({ required: true, description: "The PersistentVolumeClaim's global id." }),
      path: t.string({ required: true, description: 'The path, absolute from the root of the volume.' }),
    }),
    resolve: async ({ id, path }, context) => {
      const { value: claim } = await loadBrowsable(String(id), context);
      try {
        return await statVolumeFile(await siteOf(claim, context), path as string);
      } catch (error) {
        if (error instanceof NotFoundError) return null;
        throw asBadInput(error);
      }
    },
  });
}

async function loadRows(id: string, path: string, context: RequestContext): Promise<ListRows<VolumeFile>> {
  const { value: claim } = await loadBrowsable(id, context);
  const { cluster } = claim[origin];
  const problem = (code: ClusterProblem['code'], message: string) => ({
    cluster,
    code,
    message,
    staleSince: undefined,
  });
  try {
    const { path: at, files, isCut } = await listVolumeFiles(await siteOf(claim, context), path);
    const items = files.map((file) => ({ ...file, path: `${at === '/' ? '' : at}/${file.name}` }));
    const cut = problem('TOO_COMPLEX', `'${at}' has more entries: these are the first that were found`);
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
    description: 'What stands in a volume, as it was when it was looked at.',
    fields: (t) => ({
      name: t.exposeString('name', {
        description:
          'Its name; empty for the root. One that is not UTF-8 shows with replacement characters, and cannot be named here.',
      }),
      path: t.exposeString('path', { description: 'Its path, absolute from the root of the volume.' }),
      kind: t.field({
        type: named('VolumeFileKind'),
        description: 'What it is.',
        resolve: ({ kind }) => kind as never,
      }),
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
