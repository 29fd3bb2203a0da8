import {
  fileBlockBytes as blockBytes,
  CapabilityMissingError,
  type Clock,
  type Cluster,
  type ContainerCommand,
  fileEnds as ends,
  type ListedFile,
  listFilesScript,
  NotFoundError,
  openFileOutput,
  PreconditionError,
  type Principal,
  programMissing,
  readCommandOutput,
  readFileHead,
  readFileListing,
  readFileScript,
  UpstreamError,
  ValidationError,
} from 'longshore/sdk';
import type { PodObject } from '../../api.ts';
import { checkContainer, containerFor } from '../prepare-terminal.ts';
import { logDirectoriesOf } from './log-directories.ts';
import { type LogFilePlace, outside, pathOfPlace, placeOfLink, placeOfPath } from './log-file-place.ts';
import { deleteScript, truncateScript } from './log-file-scripts.ts';

/** A container whose log files somebody may look at, and as whom. */
export interface LogFileSite {
  readonly cluster: Pick<Cluster, 'openPodSession'>;
  readonly pod: PodObject;
  /** The one that kubectl would take where it is not named. */
  readonly container: string | null | undefined;
  readonly principal: Principal;
  readonly operationId?: string | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export interface LogFileFacts {
  /** Where it is without links. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedAt: Date;
  /** Tells a file from the next one that takes its name. */
  readonly inode: string;
}

const purpose = {
  capability: 'log files',
  hint: 'Log files are looked at with sh, find, stat, head, dd, readlink and rm of the container itself.',
};
const listedBytes = 1_048_576;
export const mostListed = 5_000;
const mostHops = 8;
const timeoutMs = 15_000;

/** What stands in a directory, at most 5,000 entries of it in the directory's own order. */
export async function listLogFiles(
  site: LogFileSite,
  path: string,
): Promise<{ readonly place: LogFilePlace; readonly files: readonly ListedFile[]; readonly isCut: boolean }> {
  const place = placeIn(site, path);
  const words = [place.directory.path, place.steps.join('/') || '.', '', String(listedBytes)];
  const command = commandOf(site, place, listFilesScript, words);
  const { exitCode, output } = await readCommandOutput(
    { ...site, command },
    { maxBytes: listedBytes + blockBytes, timeoutMs },
  );
  if (exitCode !== 0) throw failure(exitCode, output, command, place);
  const files = readFileListing(output.toString());
  return { place, files: files.slice(0, mostListed), isCut: files.length > mostListed || output.length >= listedBytes };
}

/** Bytes of a file: from one on, or the last ones. */
export async function readLogFile(
  site: LogFileSite,
  path: string,
  { from, bytes }: { readonly from: number | undefined; readonly bytes: number },
): Promise<LogFileFacts & { readonly from: number; readonly content: Buffer }> {
  return followLinks(placeIn(site, path), async (place) => {
    const command = commandOf(site, place, readFileScript, [
      ...wordsOf(place),
      from === undefined ? '' : String(from),
      String(bytes),
    ]);
    const { exitCode, output } = await readCommandOutput(
      { ...site, command },
      { maxBytes: bytes + 4 * blockBytes, timeoutMs },
    );
    if (exitCode !== 0) throw failure(exitCode, output, command, place);
    const head = readFileHead(output);
    if (!head) throw failure(ends.broken, output, command, place);
    const begin = from ?? Math.max(0, head.sizeBytes - bytes);
    const read = output.subarray(head.length + (begin % blockBytes));
    return { ...head, path: pathOfPlace(place), from: begin, content: read.subarray(0, bytes) };
  });
}

/** A whole file as it is now, as fast as it is taken. Throws `ValidationError` where it has more than `maxBytes`. */
export async function openLogFile(
  site: LogFileSite,
  path: string,
  maxBytes: number,
): Promise<{ readonly facts: LogFileFacts; readonly chunks: AsyncIterable<Uint8Array> }> {
  return followLinks(placeIn(site, path), async (place) => {
    const command = commandOf(site, place, readFileScript, [...wordsOf(place), '0', String(maxBytes)]);
    const { head, chunks } = await openFileOutput({ ...site, command }, (exitCode, output) =>
      failure(exitCode, output, command, place),
    );
    if (head.sizeBytes > maxBytes) {
      await chunks.return();
      throw tooLarge(head.sizeBytes, maxBytes);
    }
    return { facts: { ...head, path: pathOfPlace(place) }, chunks };
  });
}

/** Takes a file's content and leaves the file, which whoever writes it may hold open. With `isDryRun` it is only looked whether that can be. */
export async function truncateLogFile(site: LogFileSite, path: string, isDryRun: boolean): Promise<LogFileFacts> {
  return followLinks(placeIn(site, path), (place) => change(site, place, truncateScript, isDryRun));
}

/** Takes a file away; of a link the link. */
export async function deleteLogFile(site: LogFileSite, path: string, isDryRun: boolean): Promise<LogFileFacts> {
  return change(site, placeIn(site, path), deleteScript, isDryRun);
}

async function change(
  site: LogFileSite,
  place: LogFilePlace,
  script: string,
  isDryRun: boolean,
): Promise<LogFileFacts> {
  const command = commandOf(site, place, script, [...wordsOf(place), isDryRun ? 'look' : '']);
  const { exitCode, output } = await readCommandOutput({ ...site, command }, { maxBytes: 4 * blockBytes, timeoutMs });
  const head = readFileHead(output);
  if (exitCode !== 0 || !head) throw failure(exitCode || ends.broken, output, command, place);
  return { ...head, path: pathOfPlace(place) };
}

export function tooLarge(sizeBytes: number, maxBytes: number): ValidationError {
  const message = `The file has ${sizeBytes} bytes, and the profile lets at most ${maxBytes} be downloaded (logs.downloadMaxMiB)`;
  return new ValidationError([{ path: ['path'], code: 'too_large', message }]);
}

/** Throws `ValidationError` for a container or a path that is none, `PreconditionError` where the container does not run. */
function placeIn({ pod, container: asked }: LogFileSite, path: string): LogFilePlace {
  const issues = checkContainer(pod, asked);
  const container = containerFor(pod, asked);
  if (issues.length > 0 || !container) throw new ValidationError(issues);
  const { name } = container.spec;
  const place = placeOfPath(
    path,
    logDirectoriesOf(pod).filter((directory) => directory.container === name),
  );
  if (pod.spec?.os?.name === 'windows') {
    throw new CapabilityMissingError('log files', 'Containers of Windows have no program that shows log files');
  }
  if (!container.status?.state?.running) {
    throw new PreconditionError(
      'CONTAINER_NOT_STARTED',
      `Container '${name}' of pod '${pod.metadata.name}' does not run`,
    );
  }
  return place;
}

/** Goes on where a link leads as long as that is in the log directory. */
async function followLinks<T>(place: LogFilePlace, look: (place: LogFilePlace) => Promise<T>): Promise<T> {
  let at = place;
  for (let hops = 0; hops <= mostHops; hops += 1) {
    if (at.steps.length === 0) throw notAFile(at);
    try {
      return await look(at);
    } catch (error) {
      if (!(error instanceof LinkFound)) throw error;
      at = placeOfLink(at, error.target);
    }
  }
  throw notAFile(place);
}

/** Ends one look at a link; never leaves this file. */
class LinkFound extends Error {
  readonly target: string;
  constructor(target: string) {
    super('a link');
    this.target = target;
  }
}

function wordsOf({ directory, steps }: LogFilePlace): string[] {
  return [directory.path, steps.slice(0, -1).join('/') || '.', steps.at(-1) ?? ''];
}

function commandOf(
  { pod, principal, operationId }: LogFileSite,
  { directory }: LogFilePlace,
  script: string,
  words: readonly string[],
): ContainerCommand {
  const { namespace = '', name } = pod.metadata;
  const command = ['sh', '-c', script, 'sh', ...words];
  return { namespace, pod: name, container: directory.container, principal, operationId, command, purpose };
}

function failure(exitCode: number, output: Buffer, command: ContainerCommand, place: LogFilePlace): Error {
  const path = pathOfPlace(place);
  const { container, pod } = command;
  const there = `in container '${container}' of pod '${pod}'`;
  switch (exitCode) {
    case ends.noProgram:
      return programMissing(command, output.toString().trim().slice(0, 20));
    case ends.notThere:
      return new NotFoundError(`There is no '${path}' ${there}`);
    case ends.outside:
      return outside();
    case ends.denied:
      return new PreconditionError(
        'LOG_FILE_DENIED',
        `The user of the container may not do that to '${path}' ${there}`,
      );
    case ends.link:
      return new LinkFound(output.toString().replace(/\n$/, ''));
    case ends.notAFile:
      return notAFile(place);
    default:
      return new UpstreamError(
        `container ${container}`,
        `'${path}' ${there} could not be read or changed (${exitCode})`,
      );
  }
}

function notAFile(place: LogFilePlace): PreconditionError {
  return new PreconditionError('NOT_A_LOG_FILE', `'${pathOfPlace(place)}' is no regular file`);
}
