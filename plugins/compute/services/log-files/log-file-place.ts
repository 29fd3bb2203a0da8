import { ValidationError } from 'longshore/sdk';
import { type LogDirectory, stepsOf } from './log-directories.ts';

/** A place in a log directory of a container. */
export interface LogFilePlace {
  readonly directory: LogDirectory;
  /** From the log directory on, without `..`; none for the directory itself. */
  readonly steps: readonly string[];
}

const longestPath = 4_096;

/**
 * The place of an absolute path in one of these log directories, the innermost. Throws `ValidationError` for a path that is none, or
 * that lies outside: what it leads to through links is asked of the container itself.
 */
export function placeOfPath(path: string, directories: readonly LogDirectory[]): LogFilePlace {
  const isText = path.isWellFormed() && !path.includes('\0') && Buffer.byteLength(path) <= longestPath;
  if (!isText || !path.startsWith('/')) {
    throw refusal('invalid_path', `path must be absolute, without NUL, and at most ${longestPath} bytes long`);
  }
  const steps = stepsOf(path);
  if (steps.includes('..')) throw refusal('invalid_path', "path must have no step '..'");
  const found = directories
    .filter((directory) => isBelow(steps, stepsOf(directory.path)))
    .sort((one, other) => other.path.length - one.path.length)
    .at(0);
  if (!found) throw outside();
  return { directory: found, steps: steps.slice(stepsOf(found.path).length) };
}

export function pathOfPlace({ directory, steps }: LogFilePlace): string {
  return [directory.path === '/' ? '' : directory.path, ...steps].join('/') || '/';
}

/** Where a link at a place leads, by what it says; throws `ValidationError` where that is outside of its log directory. */
export function placeOfLink(place: LogFilePlace, target: string): LogFilePlace {
  const base = stepsOf(place.directory.path);
  const steps = target.startsWith('/') ? [] : [...base, ...place.steps.slice(0, -1)];
  for (const step of stepsOf(target)) {
    if (step === '..') steps.pop();
    else steps.push(step);
  }
  if (!isBelow(steps, base) || steps.length === base.length) throw outside();
  return { directory: place.directory, steps: steps.slice(base.length) };
}

/** The refusal of what is not in a log directory, by itself or through a link. */
export function outside(): ValidationError {
  return refusal('outside_log_directory', 'path must lie in a log directory of the container, also behind links');
}

function refusal(code: string, message: string): ValidationError {
  return new ValidationError([{ path: ['path'], code, message }]);
}

function isBelow(steps: readonly string[], base: readonly string[]): boolean {
  return base.every((step, index) => steps[index] === step);
}
