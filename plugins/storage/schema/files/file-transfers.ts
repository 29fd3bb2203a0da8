import {
  type DownloadSource,
  downloadPath,
  type IssuedTicket,
  idOfObject,
  type LongshoreBuilder,
  NotFoundError,
  type RequestContext,
  registerMutation,
  typeRef,
  type UploadTarget,
  uploadPath,
  ValidationError,
} from 'longshore/sdk';
import { fileBrowserDownloadMaxMiB, fileBrowserUploadMaxMiB } from '../../profile-keys/files.ts';
import { browserUsesRef } from '../../services/files/browser-uses.ts';
import {
  type DownloadSubject,
  type UploadSubject,
  volumeDownloadTicket,
  volumeUploadTicket,
} from '../../services/files/file-tickets.ts';
import { type ClaimObject, newPartName } from '../../services/files/open-browser.ts';
import {
  lookAtUpload,
  lookAtVolumeFile,
  openVolumeFile,
  type VolumeFileFacts,
  writeVolumeFile,
} from '../../services/files/volume-files.ts';
import { checkVolumePath } from '../../services/files/volume-path.ts';
import { browseSubject, loadBrowsable, loadForBrowsing, profileOf, siteOf } from './browsed-claim.ts';

interface FileDownload {
  readonly ticket: IssuedTicket;
  readonly facts: VolumeFileFacts;
}

interface FileUpload {
  readonly ticket: IssuedTicket;
  readonly path: string;
  readonly sizeBytes: number;
}

/** Undefined in a dry run and for a repeated answer: a ticket is shown once. */
interface Prepared<T> {
  readonly transfer: T | undefined;
}

const downloadRef = typeRef<FileDownload>('VolumeFileDownload');
const uploadRef = typeRef<FileUpload>('VolumeFileUpload');
const mebibyte = 1_048_576;
const needs = 'Needs BROWSE and UPDATE on the claim, and EXEC on pods of its namespace.';
const shownOnce = 'The address, shown this once. Null in a dry run, and where the answer repeats an earlier one.';

/** Files of volumes that are taken home and brought there (STO-21). */
export function registerFileTransfers(builder: LongshoreBuilder): void {
  registerTypes(builder);
  registerMutation(builder, {
    name: 'downloadFile',
    description: `Hands out an address where a file of a volume is fetched, once, within a minute, as it is then: at most \`fileBrowser.downloadMaxMiB\` of the profile. ${needs} Each transfer has an operation record of its own (\`DOWNLOAD\`).`,
    allow: { action: 'BROWSE', subject: browseSubject },
    input: (t) => ({
      id: t.id({ required: true, description: "The PersistentVolumeClaim's global id." }),
      path: t.string({ required: true, description: 'The file, absolute from the root of the volume.' }),
    }),
    validate: ({ path }) => checkVolumePath(path, 'path', true),
    load: ({ id }, context) => loadForBrowsing(String(id), context),
    async run({ path }, claim, ticket, context) {
      const site = await siteOf(claim, context, ticket);
      const facts = await lookAtVolumeFile(site, path, mostBytes(claim, fileBrowserDownloadMaxMiB, context));
      const subject: DownloadSubject = { id: idOfObject(claim), podUid: site.podUid, path: facts.path };
      const issued = ticket.isDryRun
        ? undefined
        : await context.services.tickets.issue(context.principal, volumeDownloadTicket, subject);
      return { value: { transfer: issued && { ticket: issued, facts } }, resultId: subject.id };
    },
    success: {
      description: 'The file can be fetched.',
      fields: (t) => ({
        download: t.field({
          type: downloadRef,
          nullable: true,
          description: shownOnce,
          resolve: ({ value }) => (value as Prepared<FileDownload>).transfer ?? null,
        }),
      }),
    },
    replay: (): Prepared<FileDownload> => ({ transfer: undefined }),
  });
  registerMutation(builder, {
    name: 'uploadFile',
    description: `Hands out an address where a file is put into a volume, once, within a minute. It is there once it is whole, or not at all. ${needs} Each transfer has an operation record of its own (\`UPLOAD\`).`,
    allow: { action: 'BROWSE', subject: browseSubject },
    input: (t) => ({
      id: t.id({ required: true, description: "The PersistentVolumeClaim's global id." }),
      path: t.string({
        required: true,
        description: 'What it shall be, absolute from the root of the volume; its directory must be there.',
      }),
      sizeBytes: t.field({
        type: 'SafeInt',
        required: true,
        description: 'How many bytes it has: at most `fileBrowser.uploadMaxMiB` of the profile.',
      }),
      overwrite: t.boolean({
        required: true,
        defaultValue: false,
        description: 'Whether it may take the place of a file that is there.',
      }),
    }),
    validate: ({ path }) => checkVolumePath(path, 'path', true),
    load: ({ id }, context) => loadForBrowsing(String(id), context),
    check: ({ sizeBytes }, claim, context) => {
      const most = mostBytes(claim, fileBrowserUploadMaxMiB, context);
      if (sizeBytes >= 0 && sizeBytes <= most) return [];
      const message = `sizeBytes must be 0 to ${most} (fileBrowser.uploadMaxMiB), got ${sizeBytes}`;
      return [{ path: ['sizeBytes'], code: 'out_of_range', message }];
    },
    async run({ path, sizeBytes, overwrite }, claim, ticket, context) {
      const site = await siteOf(claim, context, ticket);
      await lookAtUpload(site, { path, sizeBytes, overwrite });
      const subject: UploadSubject = { id: idOfObject(claim), podUid: site.podUid, path, sizeBytes, overwrite };
      const issued = ticket.isDryRun
        ? undefined
        : await context.services.tickets.issue(context.principal, volumeUploadTicket, subject);
      return { value: { transfer: issued && { ticket: issued, path, sizeBytes } }, resultId: subject.id };
    },
    success: {
      description: 'The file can be sent.',
      fields: (t) => ({
        upload: t.field({
          type: uploadRef,
          nullable: true,
          description: shownOnce,
          resolve: ({ value }) => (value as Prepared<FileUpload>).transfer ?? null,
        }),
      }),
    },
    replay: (): Prepared<FileUpload> => ({ transfer: undefined }),
  });
}

function registerTypes(builder: LongshoreBuilder): void {
  builder.objectType(downloadRef, {
    description: 'Where a file of a volume is fetched, once.',
    fields: (t) => ({
      path: t.string({
        description:
          "Path on the gateway's own address, for a GET without a bearer token. It is a secret until it is used.",
        resolve: ({ ticket }) => downloadPath(volumeDownloadTicket, ticket.value),
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
  builder.objectType(uploadRef, {
    description: 'Where a file is put into a volume, once.',
    fields: (t) => ({
      path: t.string({
        description:
          "Path on the gateway's own address, for a PUT (or POST) without a bearer token, whose body is the file's bytes as they are: no form, no compression. 201 says that it is kept. It is a secret until it is used.",
        resolve: ({ ticket }) => uploadPath(volumeUploadTicket, ticket.value),
      }),
      expiresAt: t.field({
        type: 'DateTime',
        description: 'Until when sending must begin.',
        resolve: ({ ticket }) => ticket.expiresAt,
      }),
      filePath: t.string({ description: 'What it will be in the volume.', resolve: ({ path }) => path }),
      sizeBytes: t.field({
        type: 'SafeInt',
        description: 'How many bytes must come: with more or fewer nothing is kept.',
        resolve: ({ sizeBytes }) => sizeBytes,
      }),
    }),
  });
}

const mostBytes = (claim: ClaimObject, key: typeof fileBrowserUploadMaxMiB, context: RequestContext): number =>
  profileOf(claim, context).get(key) * mebibyte;

const nameOf = (path: string): string => path.split('/').at(-1) ?? '';

/** The claim as its holder may have it now, with the same file browser open that the ticket was issued for. */
async function reopen({ id, podUid }: DownloadSubject, context: RequestContext) {
  const { value: claim, record } = await loadBrowsable(id, context);
  const site = await siteOf(claim, context);
  if (site.podUid !== podUid) throw new NotFoundError('The file browser was closed meanwhile');
  return { claim, record, site };
}

/** What a ticket is exchanged for: the file as it is then. */
export const volumeDownload: DownloadSource<DownloadSubject> = {
  purpose: volumeDownloadTicket,
  async open(subject, context) {
    const { claim, record, site } = await reopen(subject, context);
    const most = mostBytes(claim, fileBrowserDownloadMaxMiB, context);
    const { facts, chunks } = await openVolumeFile(site, subject.path, most);
    return {
      fileName: nameOf(facts.path),
      contentType: 'application/octet-stream',
      record: { action: 'downloadFile', target: record, detail: facts.path.slice(0, 500) },
      chunks: touching(chunks, site.podUid, context),
    };
  },
};

/** What a ticket lets in. */
export const volumeUpload: UploadTarget<UploadSubject> = {
  purpose: volumeUploadTicket,
  async open(subject, context) {
    const { claim, record, site } = await reopen(subject, context);
    const { path, sizeBytes, overwrite } = subject;
    if (sizeBytes > mostBytes(claim, fileBrowserUploadMaxMiB, context)) {
      throw new ValidationError([
        { path: [], code: 'out_of_range', message: 'The file is larger than it may be by now' },
      ]);
    }
    return {
      sizeBytes,
      record: { action: 'uploadFile', target: record, detail: path.slice(0, 500) },
      async receive(chunks) {
        const given = touching(chunks, site.podUid, context);
        await writeVolumeFile(site, { path, sizeBytes, overwrite }, newPartName(), given);
      },
    };
  },
};

/** What goes through keeps the file browser open. */
async function* touching(
  chunks: AsyncIterable<Uint8Array>,
  podUid: string,
  context: RequestContext,
): AsyncGenerator<Uint8Array, void, undefined> {
  const uses = context.service(browserUsesRef);
  for await (const chunk of chunks) {
    await uses.touch(podUid);
    yield chunk;
  }
}
