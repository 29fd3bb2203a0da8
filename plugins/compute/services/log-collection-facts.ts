import { logCollectionAnnotation, readLogCollection } from './form/log-collection.ts';

/** What is collected of a container's logs, as its pod or template tells collectors (CMP-63). */
export interface LogCollection {
  readonly standardOutput: boolean;
  readonly files: readonly { readonly directory: string; readonly pattern: string }[];
  /** Undefined where collectors choose. */
  readonly logStore: string | undefined;
  /** Undefined: as the log store does. */
  readonly retentionDays: number | undefined;
}

type Annotations = Readonly<Record<string, string>>;

/** One annotation speaks of all containers of a pod: it is parsed once. */
const parsed = new WeakMap<Annotations, Record<string, unknown>>();

/** Undefined where nothing is collected of it. Others write annotations too: what makes no sense is left out. */
export function logCollectionOf(annotations: Annotations | undefined, container: string): LogCollection | undefined {
  if (annotations?.[logCollectionAnnotation] === undefined) return undefined;
  let all = parsed.get(annotations);
  if (!all) {
    all = readLogCollection(annotations[logCollectionAnnotation]);
    parsed.set(annotations, all);
  }
  const said = Object.hasOwn(all, container) ? all[container] : undefined;
  if (typeof said !== 'object' || said === null || Array.isArray(said)) return undefined;
  const { standardOutput, files, logStore, retentionDays } = said as Record<string, unknown>;
  return {
    standardOutput: standardOutput === true,
    files: Array.isArray(files) ? files.flatMap(readFiles) : [],
    logStore: typeof logStore === 'string' && logStore !== '' ? logStore : undefined,
    retentionDays: isDays(retentionDays) ? retentionDays : undefined,
  };
}

function readFiles(file: unknown): LogCollection['files'] {
  if (typeof file !== 'object' || file === null) return [];
  const { directory, pattern } = file as Record<string, unknown>;
  return typeof directory === 'string' && typeof pattern === 'string' ? [{ directory, pattern }] : [];
}

/** What GraphQL's Int can say. */
const isDays = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) < 2 ** 31;
