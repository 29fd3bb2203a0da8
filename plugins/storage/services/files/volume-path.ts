import { ValidationError, type ValidationIssue } from 'longshore/sdk';

/** The names on the way from a volume's root, without `.` and `..`; none for the root itself. */
export type VolumeSteps = readonly string[];

const longestPath = 4_096;
/** Of one name (`NAME_MAX`). */
const longestName = 255;

/** What is wrong with a path as a place in a volume: `/` is its root. `isEntry`: it must be something in it. */
export function checkVolumePath(path: string, field: string, isEntry = false): ValidationIssue[] {
  const issue = (code: string, message: string): ValidationIssue[] => [{ path: [field], code, message }];
  const isText = path.isWellFormed() && !path.includes('\0') && Buffer.byteLength(path) <= longestPath;
  if (!isText || !path.startsWith('/')) {
    return issue('invalid_path', `${field} must be absolute, without NUL, and at most ${longestPath} bytes long`);
  }
  const steps = split(path);
  if (steps.includes('..')) return issue('invalid_path', `${field} must have no step '..'`);
  if (steps.some((step) => Buffer.byteLength(step) > longestName)) {
    return issue('invalid_path', `a name in ${field} may have at most ${longestName} bytes`);
  }
  if (isEntry && steps.length === 0) return issue('is_root', `${field} must lie below the root of the volume`);
  return [];
}

/** Throws `ValidationError` for what `checkVolumePath` finds. */
export function stepsOfPath(path: string, field = 'path', isEntry = false): VolumeSteps {
  const issues = checkVolumePath(path, field, isEntry);
  if (issues.length > 0) throw new ValidationError(issues);
  return split(path);
}

export function pathOfSteps(steps: VolumeSteps): string {
  return `/${steps.join('/')}`;
}

/** The directory and the name of an entry, as scripts take them. */
export function wordsOfSteps(steps: VolumeSteps): [directory: string, name: string] {
  return [steps.slice(0, -1).join('/') || '.', steps.at(-1) ?? '.'];
}

/** Where a link leads, by what it says and where the volume is mounted; undefined where that is outside, or its root. */
export function stepsOfLink(steps: VolumeSteps, target: string, mountPath: string): VolumeSteps | undefined {
  const base = split(mountPath);
  const found = target.startsWith('/') ? [] : [...base, ...steps.slice(0, -1)];
  for (const step of split(target)) {
    if (step === '..') found.pop();
    else found.push(step);
  }
  const isInside = base.every((step, index) => found[index] === step) && found.length > base.length;
  return isInside ? found.slice(base.length) : undefined;
}

const split = (path: string): string[] => path.split('/').filter((step) => step !== '' && step !== '.');
