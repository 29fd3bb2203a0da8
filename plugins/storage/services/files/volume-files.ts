import {
  type Clock,
  type Cluster,
  ConflictError,
  type ContainerCommand,
  fileBlockBytes,
  InUseError,
  type ListedFile,
  listFilesScript,
  NotFoundError,
  openFileOutput,
  PreconditionError,
  type Principal,
  programMissing,
  QuotaExceededError,
  readCommandOutput,
  readFileHead,
  readFileListing,
  readFileScript,
  UpstreamError,
  ValidationError,
} from 'longshore/sdk';
import {
  createDirectoryScript,
  deleteScript,
  volumeEnds as ends,
  moveScript,
  statScript,
  uploadScript,
} from './volume-file-scripts.ts';
import { pathOfSteps, stepsOfLink, stepsOfPath, type VolumeSteps, wordsOfSteps } from './volume-path.ts';

/** A volume that a file browser has mounted, and as whom it is looked at. */
export interface VolumeSite {
  readonly cluster: Pick<Cluster, 'openPodSession'>;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Where the container has the volume. */
  readonly mountPath: string;
  readonly principal: Principal;
  readonly operationId?: string | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** An entry that was looked at or changed. */
export interface VolumeFileFacts {
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedAt: Date;
}

const purpose = {
  capability: 'file browser',
  hint: 'The image of the file browser (pluginSettings.storage.fileBrowser.image) needs sh, find, stat, head, dd, readlink, mkdir, mv, rm and rmdir.',
};
const listedBytes = 1_048_576;
export const mostListedFiles = 5_000;
const mostHops = 8;
const timeoutMs = 20_000;
/** A directory of millions of files takes its time to go. */
const deleteMs = 300_000;
const smallBytes = 4 * fileBlockBytes;

/** What stands in a directory, at most 5,000 entries of it in the directory's own order. */
export async function listVolumeFiles(
  site: VolumeSite,
  path: string,
): Promise<{ readonly path: string; readonly files: readonly ListedFile[]; readonly isCut: boolean }> {
  const steps = stepsOfPath(path);
  const words = [steps.join('/') || '.', '', String(listedBytes)];
  const output = await run(site, steps, listFilesScript, words, { maxBytes: listedBytes + fileBlockBytes, timeoutMs });
  const files = readFileListing(output.toString());
  return {
    path: pathOfSteps(steps),
    files: files.slice(0, mostListedFiles),
    isCut: files.length > mostListedFiles || output.length >= listedBytes,
  };
}

/** One entry as it is; a link is not followed. Throws `NotFoundError` where it is not there. */
export async function statVolumeFile(site: VolumeSite, path: string): Promise<ListedFile & { readonly path: string }> {
  const steps = stepsOfPath(path);
  const output = await run(site, steps, statScript, wordsOfSteps(steps), { maxBytes: smallBytes, timeoutMs });
  const [file] = readFileListing(output.toString());
  if (!file) throw failure(ends.broken, output, commandOf(site, '', []), steps);
  return { ...file, name: steps.at(-1) ?? '', path: pathOfSteps(steps) };
}

/** A whole file as it is now, links followed, as fast as it is taken. Throws `ValidationError` where it has more than `maxBytes`. */
export async function openVolumeFile(
  site: VolumeSite,
  path: string,
  maxBytes: number,
): Promise<{
  readonly facts: VolumeFileFacts;
  readonly chunks: AsyncGenerator<Uint8Array, void, undefined>;
}> {
  return followLinks(site, stepsOfPath(path, 'path', true), async (steps) => {
    const command = commandOf(site, readFileScript, [...wordsOfSteps(steps), '0', String(maxBytes)]);
    const { head, chunks } = await openFileOutput({ ...site, command }, (exitCode, output) =>
      failure(exitCode, output, command, steps),
    );
    if (head.sizeBytes > maxBytes) {
      await chunks.return();
      const message = `The file has ${head.sizeBytes} bytes, and the profile lets at most ${maxBytes} be downloaded (fileBrowser.downloadMaxMiB)`;
      throw new ValidationError([{ path: ['path'], code: 'too_large', message }]);
    }
    return { facts: factsOf(head, steps), chunks };
  });
}

/** What of a file is known before it is handed out; throws as `openVolumeFile` does. */
export async function lookAtVolumeFile(site: VolumeSite, path: string, maxBytes: number): Promise<VolumeFileFacts> {
  const { facts, chunks } = await openVolumeFile(site, path, maxBytes);
  await chunks.return();
  return facts;
}

export interface UploadOrder {
  readonly path: string;
  readonly sizeBytes: number;
  /** Whether it may take the place of a file that is there. */
  readonly overwrite: boolean;
}

/** Looks whether a file could be put there. Throws `ConflictError` where one is that may not be replaced. */
export async function lookAtUpload(site: VolumeSite, order: UploadOrder): Promise<void> {
  const steps = stepsOfPath(order.path, 'path', true);
  await run(site, steps, uploadScript, uploadWords(steps, order, ''), { maxBytes: smallBytes, timeoutMs });
}

/** Puts a file there, whole or not at all. `partName` is what it is called until it is whole. */
export async function writeVolumeFile(
  site: VolumeSite,
  order: UploadOrder,
  partName: string,
  chunks: AsyncIterable<Uint8Array>,
): Promise<VolumeFileFacts> {
  const steps = stepsOfPath(order.path, 'path', true);
  const words = uploadWords(steps, order, partName);
  // A disk that is written slowly is not dead: its back-pressure may last.
  const bounds = { maxBytes: smallBytes, input: chunks, silenceMs: 60_000 };
  return factsFrom(await run(site, steps, uploadScript, words, bounds), steps);
}

const uploadWords = (steps: VolumeSteps, { sizeBytes, overwrite }: UploadOrder, partName: string): string[] => [
  ...wordsOfSteps(steps),
  String(sizeBytes),
  overwrite ? 'overwrite' : '',
  partName,
];

/** Makes a directory in one that is there. With `isDryRun` it is only looked whether that can be. */
export async function createVolumeDirectory(site: VolumeSite, path: string, isDryRun: boolean): Promise<string> {
  const steps = stepsOfPath(path, 'path', true);
  const words = [...wordsOfSteps(steps), isDryRun ? 'look' : ''];
  await run(site, steps, createDirectoryScript, words, { maxBytes: smallBytes, timeoutMs });
  return pathOfSteps(steps);
}

/** Takes an entry away: of a link the link; a directory with what is in it only where `isRecursive`. */
export async function deleteVolumeFile(
  site: VolumeSite,
  path: string,
  { isRecursive, isDryRun }: { readonly isRecursive: boolean; readonly isDryRun: boolean },
): Promise<VolumeFileFacts> {
  const steps = stepsOfPath(path, 'path', true);
  const words = [...wordsOfSteps(steps), isRecursive ? 'all' : '', isDryRun ? 'look' : ''];
  const bounds = { maxBytes: smallBytes, timeoutMs: deleteMs, silenceMs: deleteMs };
  return factsFrom(await run(site, steps, deleteScript, words, bounds), steps);
}

/** Gives an entry another name, or another directory. */
export async function moveVolumeFile(
  site: VolumeSite,
  path: string,
  newPath: string,
  { overwrite, isDryRun }: { readonly overwrite: boolean; readonly isDryRun: boolean },
): Promise<{ readonly before: VolumeFileFacts; readonly path: string }> {
  const steps = stepsOfPath(path, 'path', true);
  const newSteps = stepsOfPath(newPath, 'newPath', true);
  const words = [
    ...wordsOfSteps(steps),
    ...wordsOfSteps(newSteps),
    overwrite ? 'overwrite' : '',
    isDryRun ? 'look' : '',
  ];
  const output = await run(site, steps, moveScript, words, { maxBytes: smallBytes, timeoutMs }, newSteps);
  return { before: factsFrom(output, steps), path: pathOfSteps(newSteps) };
}

interface Bounds {
  readonly maxBytes: number;
  readonly timeoutMs?: number;
  readonly silenceMs?: number;
  readonly input?: AsyncIterable<Uint8Array>;
}

async function run(
  site: VolumeSite,
  steps: VolumeSteps,
  script: string,
  words: readonly string[],
  { maxBytes, timeoutMs: withinMs, silenceMs, input }: Bounds,
  target: VolumeSteps = steps,
): Promise<Buffer> {
  const command = commandOf(site, script, words);
  const { exitCode, output } = await readCommandOutput(
    { ...site, command, silenceMs, input },
    { maxBytes, timeoutMs: withinMs },
  );
  if (exitCode !== 0) throw failure(exitCode, output, command, steps, target);
  return output;
}

function commandOf(
  { namespace, pod, container, mountPath, principal, operationId }: VolumeSite,
  script: string,
  words: readonly string[],
): ContainerCommand {
  const command = ['sh', '-c', script, 'sh', mountPath, ...words];
  return { namespace, pod, container, principal, operationId, command, purpose };
}

/** Goes on where a link leads as long as that is in the volume. */
async function followLinks<T>(
  { mountPath }: VolumeSite,
  steps: VolumeSteps,
  look: (steps: VolumeSteps) => Promise<T>,
): Promise<T> {
  let at = steps;
  for (let hops = 0; hops <= mostHops; hops += 1) {
    try {
      return await look(at);
    } catch (error) {
      if (!(error instanceof LinkFound)) throw error;
      const next = stepsOfLink(at, error.target, mountPath);
      if (!next) throw outside();
      at = next;
    }
  }
  throw notAFile(pathOfSteps(steps));
}

/** Ends one look at a link; never leaves this file. */
class LinkFound extends Error {
  readonly target: string;
  constructor(target: string) {
    super('a link');
    this.target = target;
  }
}

function factsFrom(output: Buffer, steps: VolumeSteps): VolumeFileFacts {
  const head = readFileHead(output);
  if (!head) throw new UpstreamError('file browser', `'${pathOfSteps(steps)}' was changed, but nothing is told of it`);
  return factsOf(head, steps);
}

function factsOf(
  { sizeBytes, modifiedAt }: { readonly sizeBytes: number; readonly modifiedAt: Date },
  steps: VolumeSteps,
): VolumeFileFacts {
  return { path: pathOfSteps(steps), sizeBytes, modifiedAt };
}

function failure(
  exitCode: number,
  output: Buffer,
  command: ContainerCommand,
  steps: VolumeSteps,
  target: VolumeSteps = steps,
): Error {
  const path = pathOfSteps(steps);
  const to = pathOfSteps(target);
  switch (exitCode) {
    case ends.noProgram:
      return programMissing(command, output.toString().trim().slice(0, 20));
    case ends.notThere:
      return new NotFoundError(`There is no '${path}' in the volume`);
    case ends.noTarget:
      return new NotFoundError(`There is no '${pathOfSteps(target.slice(0, -1))}' in the volume`);
    case ends.outside:
      return outside();
    case ends.denied: {
      const message = `The user of the file browser may not do that to '${path}': open it with the user whose files they are`;
      return new PreconditionError('FILE_DENIED', message);
    }
    case ends.link:
      return new LinkFound(output.toString().replace(/\n$/, ''));
    case ends.notAFile:
      return notAFile(path);
    case ends.exists:
      return new ConflictError(`There is something at '${to}' already`);
    case ends.notEmpty:
      return new InUseError(`'${path}' has something in it: delete it with 'recursive'`, []);
    case ends.full:
      return new QuotaExceededError(`The volume has no room for '${path}'`);
    case ends.intoItself:
      return new ValidationError([
        { path: ['newPath'], code: 'into_itself', message: `'${path}' cannot go into itself` },
      ]);
    default:
      return new UpstreamError('file browser', `'${path}' could not be read or changed (${exitCode})`);
  }
}

/** The refusal of what leads out of the volume through a link. */
function outside(): ValidationError {
  const message = 'path must lie in the volume, also behind links';
  return new ValidationError([{ path: ['path'], code: 'outside_volume', message }]);
}

function notAFile(path: string): PreconditionError {
  return new PreconditionError('NOT_A_FILE', `'${path}' is no regular file`);
}
