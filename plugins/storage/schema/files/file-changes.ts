import { idOfObject, type LongshoreBuilder, type MutationOutcome, registerMutation } from 'longshore/sdk';
import { persistentVolumeClaimTypeRef } from '../../api.ts';
import type { ClaimObject } from '../../services/files/open-browser.ts';
import { createVolumeDirectory, deleteVolumeFile, moveVolumeFile } from '../../services/files/volume-files.ts';
import { checkVolumePath, pathOfSteps, stepsOfPath } from '../../services/files/volume-path.ts';
import { browseSubject, loadForBrowsing, siteOf } from './browsed-claim.ts';

interface Changed {
  readonly claim: ClaimObject;
  /** Where it is now; of a deleted entry where it was. */
  readonly path: string;
}

const allow = { action: 'BROWSE', subject: browseSubject } as const;
const needs = 'Its file browser must be open. Needs BROWSE and UPDATE on the claim, and EXEC on pods of its namespace.';
const normal = (path: string): string => pathOfSteps(stepsOfPath(path));

/** What is done to files of volumes (STO-21). */
export function registerFileChanges(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'createDirectory',
    description: `Makes a directory in a volume. ${needs}`,
    allow,
    input: (t) => ({
      id: t.id({ required: true, description: "The PersistentVolumeClaim's global id." }),
      path: t.string({
        required: true,
        description: 'What it shall be, absolute from the root of the volume; the directory above must be there.',
      }),
    }),
    validate: ({ path }) => checkVolumePath(path, 'path', true),
    load: ({ id }, context) => loadForBrowsing(String(id), context),
    async run({ path }, claim, ticket, context) {
      const made = await createVolumeDirectory(await siteOf(claim, context, ticket), path, ticket.isDryRun);
      return outcome(claim, made, {}, { directory: made });
    },
    success: success('The directory is there; in a dry run it can be made.', 'Its path.'),
    replay: (node, _context, { path }) => repeated(node, path),
  });
  registerMutation(builder, {
    name: 'renameFile',
    description: `Gives a file, directory or link of a volume another name, or another directory. ${needs}`,
    allow,
    input: (t) => ({
      id: t.id({ required: true, description: "The PersistentVolumeClaim's global id." }),
      path: t.string({ required: true, description: 'What it is, absolute from the root of the volume.' }),
      newPath: t.string({
        required: true,
        description: 'What it shall be, its name included; the directory must be there.',
      }),
      overwrite: t.boolean({
        required: true,
        defaultValue: false,
        description: 'Whether it may take the place of a file that is there; never of a directory.',
      }),
    }),
    validate: ({ path, newPath }) => [
      ...checkVolumePath(path, 'path', true),
      ...checkVolumePath(newPath, 'newPath', true),
    ],
    load: ({ id }, context) => loadForBrowsing(String(id), context),
    async run({ path, newPath, overwrite }, claim, ticket, context) {
      const site = await siteOf(claim, context, ticket);
      const moved = await moveVolumeFile(site, path, newPath, { overwrite, isDryRun: ticket.isDryRun });
      return outcome(claim, moved.path, { file: { path: moved.before.path } }, { file: { path: moved.path } });
    },
    success: success('It is called so; in a dry run it can be.', 'Its new path.'),
    replay: (node, _context, { newPath }) => repeated(node, newPath),
  });
  registerMutation(builder, {
    name: 'deleteFile',
    description: `Deletes a file or directory of a volume; of a link the link. ${needs}`,
    allow,
    mustConfirm: 'BY_PROFILE',
    input: (t) => ({
      id: t.id({ required: true, description: "The PersistentVolumeClaim's global id." }),
      path: t.string({ required: true, description: 'What it is, absolute from the root of the volume.' }),
      recursive: t.boolean({
        required: true,
        defaultValue: false,
        description: 'Whether a directory goes with all that is in it; else only an empty one does.',
      }),
    }),
    validate: ({ path }) => checkVolumePath(path, 'path', true),
    load: async ({ id }, context) => ({ ...(await loadForBrowsing(String(id), context)), thing: 'VOLUME_FILE' }),
    async run({ path, recursive }, claim, ticket, context) {
      const site = await siteOf(claim, context, ticket);
      const gone = await deleteVolumeFile(site, path, { isRecursive: recursive, isDryRun: ticket.isDryRun });
      return outcome(claim, gone.path, { file: { path: gone.path, sizeBytes: gone.sizeBytes } }, {});
    },
    success: success('It is gone; in a dry run it can be deleted.', 'What its path was.'),
    replay: (node, _context, { path }) => repeated(node, path),
  });
}

function outcome(claim: ClaimObject, path: string, before: object, after: object): MutationOutcome<Changed> {
  return { value: { claim, path }, resultId: idOfObject(claim), before, after };
}

const repeated = (node: unknown, path: string): Changed | null =>
  node === null ? null : { claim: node as ClaimObject, path: normal(path) };

function success(description: string, pathDescription: string) {
  return {
    description,
    fields: (t: Parameters<Parameters<typeof registerMutation<never, never, Changed>>[1]['success']['fields']>[0]) => ({
      claim: t.field({
        type: persistentVolumeClaimTypeRef,
        description: 'The claim.',
        resolve: ({ value }) => value.claim,
      }),
      path: t.string({ description: pathDescription, resolve: ({ value }) => value.path }),
    }),
  };
}
