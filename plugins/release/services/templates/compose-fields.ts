import { splitWords } from './split-words.ts';
import { type AppPlan, isJson, type Json, type Path, type TemplateIssue, unknownKeys } from './template-parts.ts';

/** Where what is wrong with a service is written down. */
export interface ServiceSheet {
  readonly place: AppPlan['place'];
  readonly issues: TemplateIssue[];
  /** `path` is below the service. */
  refuse(path: Path, code: string, message: string, isKey?: boolean): void;
}

export function createSheet(place: AppPlan['place'], issues: TemplateIssue[]): ServiceSheet {
  const { document } = place;
  return {
    place,
    issues,
    refuse(path, code, message, isKey = false) {
      issues.push({ document, path: [...place.path, ...path], code, message, ...(isKey ? { isKey } : {}) });
    },
  };
}

const mostReplicas = 1_000;

/** `replicas`, or `deploy.replicas` as newer versions of the format have it; 1 where it says nothing. */
export function readReplicas({ replicas, deploy }: Json, sheet: ServiceSheet): number {
  if (deploy !== undefined && deploy !== null && !isJson(deploy)) {
    sheet.refuse(['deploy'], 'not_an_object', 'deploy must be a mapping with replicas');
  }
  const below = isJson(deploy) ? deploy : {};
  sheet.issues.push(...unknownKeys(below, ['replicas'], sheet.place.document, [...sheet.place.path, 'deploy']));
  const path = replicas === undefined ? ['deploy', 'replicas'] : ['replicas'];
  const wanted = replicas ?? below.replicas ?? 1;
  if (isWhole(wanted, 0, mostReplicas)) return wanted;
  sheet.refuse(path, 'out_of_range', `replicas must be a whole number from 0 to ${mostReplicas}`);
  return 1;
}

const memoryUnits: Readonly<Record<string, number>> = { b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };
const leastMemory = 4 * 2 ** 20;

/** `256m` is 256 MiB, as container runtimes read it; a number alone is bytes. The limit of the container. */
export function readMemory(given: unknown, sheet: ServiceSheet): string | undefined {
  if (given === undefined || given === null) return undefined;
  const text = typeof given === 'number' || typeof given === 'string' ? String(given).trim().toLowerCase() : '';
  const [, amount = '', unit = ''] = /^(\d{1,15}(?:\.\d{1,3})?)(?:([bkmg])b?)?$/.exec(text) ?? [];
  const bytes = Math.round(Number(amount) * (memoryUnits[unit] ?? 1));
  if (amount === '' || bytes < leastMemory || bytes > 2 ** 50) {
    const message = 'mem_limit must be an amount with b, k, m or g, such as 256m, of at least 4m';
    sheet.refuse(['mem_limit'], 'invalid_amount', message);
    return undefined;
  }
  return bytes % 2 ** 20 === 0 ? `${bytes / 2 ** 20}Mi` : String(bytes);
}

/** Relative weight of CPU; 1024 are one core, as the kubelet reckons requests. What the container requests. */
export function readCpuShares(given: unknown, sheet: ServiceSheet): string | undefined {
  if (given === undefined || given === null) return undefined;
  const shares = typeof given === 'string' && /^\d{1,7}$/.test(given) ? Number(given) : given;
  if (isWhole(shares, 1, 262_144)) return `${Math.ceil((shares * 1_000) / 1_024)}m`;
  sheet.refuse(['cpu_shares'], 'out_of_range', 'cpu_shares must be a whole number from 1 to 262144; 1024 are one core');
  return undefined;
}

const variablePattern = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

/** A map, or a list of `NAME=value`. */
export function readEnvironment(
  given: unknown,
  sheet: ServiceSheet,
): readonly { readonly name: string; readonly value: string }[] {
  if (given === undefined || given === null) return [];
  const at = (key: string | number) => ['environment', key];
  if (!isJson(given) && !Array.isArray(given)) {
    sheet.refuse(['environment'], 'not_an_object', 'environment must be a mapping or a list of NAME=value');
    return [];
  }
  const entries: (readonly [string | number, string, unknown])[] = isJson(given)
    ? Object.entries(given).map(([name, value]) => [name, name, value] as const)
    : given.map((line: unknown, index) => {
        const [name = '', value] = typeof line === 'string' ? partAt(line, '=') : [];
        return [index, name, value] as const;
      });
  const found = new Map<string, string>();
  for (const [key, name, value] of entries) {
    if (!variablePattern.test(name))
      sheet.refuse(at(key), 'invalid_name', 'A variable is written NAME=value, or NAME: value');
    else if (value === undefined || value === null) {
      sheet.refuse(
        at(key),
        'required',
        `${name} has no value: nothing is taken from the machine that a text was written on`,
      );
    } else if (typeof value !== 'string' && typeof value !== 'number') {
      sheet.refuse(at(key), 'not_a_text', `${name} must be a text or a number; quote it if it is text`);
    } else if (found.has(name)) sheet.refuse(at(key), 'duplicate', `${name} stands here twice`);
    else found.set(name, String(value));
  }
  return [...found].map(([name, value]) => ({ name, value }));
}

export interface Dependency {
  readonly app: string;
  readonly alias: string;
  readonly path: Path;
}

/** `service` or `service:alias`. */
export function readLinks(given: unknown, sheet: ServiceSheet): readonly Dependency[] {
  return textsOf(given, 'links', sheet).flatMap(({ text, path }) => {
    const [app = '', alias = app] = partAt(text, ':');
    if (/^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$/.test(alias)) return [{ app, alias, path }];
    sheet.refuse(path, 'invalid_name', 'A link is written service or service:alias, the alias being a name of a host');
    return [];
  });
}

const conditions = ['service_started', 'service_healthy', 'service_completed_successfully'];

/** A list, or a map with a condition for each: in all cases it is waited until they are ready. */
export function readDependencies(given: unknown, sheet: ServiceSheet): readonly Dependency[] {
  if (!isJson(given))
    return textsOf(given, 'depends_on', sheet).map(({ text, path }) => ({ app: text, alias: text, path }));
  return Object.entries(given).map(([app, more]) => {
    const path = ['depends_on', app];
    if (more !== null && !isJson(more)) sheet.refuse(path, 'not_an_object', 'It must be a mapping with a condition');
    const { document } = sheet.place;
    const below = isJson(more) ? more : {};
    sheet.issues.push(...unknownKeys(below, ['condition'], document, [...sheet.place.path, ...path]));
    if (below.condition !== undefined && !conditions.includes(String(below.condition))) {
      sheet.refuse([...path, 'condition'], 'unknown', `condition must be one of ${conditions.join(', ')}`);
    }
    return { app, alias: app, path };
  });
}

export interface ComposePort {
  readonly published: number;
  readonly target: number;
  readonly protocol: 'TCP' | 'UDP';
}

/** `ports` and `expose`: what the Service has; nothing is opened on the machines. */
export function readPorts({ ports, expose }: Json, sheet: ServiceSheet): readonly ComposePort[] {
  const found = new Map<string, ComposePort>();
  for (const [field, given] of [
    ['ports', ports],
    ['expose', expose],
  ] as const) {
    if (given === undefined || given === null) continue;
    if (!Array.isArray(given)) sheet.refuse([field], 'not_a_list', `${field} must be a list of ports`);
    else {
      for (const [index, each] of given.slice(0, 100).entries()) {
        const port = isJson(each) && field === 'ports' ? longPort(each, [field, index], sheet) : shortPort(each);
        const key = `${port?.published}/${port?.protocol}`;
        if (!port) sheet.refuse([field, index], 'invalid_port', 'A port is written 80, 8080:80 or 8080:80/udp');
        else if (!found.has(key)) found.set(key, port);
        else if (found.get(key)?.target !== port.target) {
          sheet.refuse([field, index], 'duplicate', `The port ${key} stands here twice`);
        }
      }
    }
  }
  return [...found.values()];
}

function shortPort(given: unknown): ComposePort | undefined {
  const [, first = '', second = first, protocol = 'tcp'] =
    /^(\d{1,5})(?::(\d{1,5}))?(?:\/(tcp|udp))?$/i.exec(String(given)) ?? [];
  return portOf(Number(first), Number(second), protocol);
}

function longPort(given: Json, path: Path, sheet: ServiceSheet): ComposePort | undefined {
  const { document, path: above } = sheet.place;
  sheet.issues.push(...unknownKeys(given, ['target', 'published', 'protocol'], document, [...above, ...path]));
  return portOf(Number(given.published ?? given.target), Number(given.target), String(given.protocol ?? 'tcp'));
}

function portOf(published: number, target: number, word: string): ComposePort | undefined {
  const protocol = word.toUpperCase();
  if (!isWhole(published, 1, 65_535) || !isWhole(target, 1, 65_535)) return undefined;
  return protocol === 'TCP' || protocol === 'UDP' ? { published, target, protocol } : undefined;
}

/** A list of words, or a text that is parted as a shell would: the arguments of the image's entry point. */
export function readCommand(given: unknown, sheet: ServiceSheet): readonly string[] | undefined {
  if (given === undefined || given === null) return undefined;
  if (Array.isArray(given) && given.every((word) => typeof word === 'string' || typeof word === 'number')) {
    return given.map(String);
  }
  const words = typeof given === 'string' ? splitWords(given) : undefined;
  if (words === undefined)
    sheet.refuse(['command'], 'not_a_text', 'command must be a text with its quotes closed, or a list of texts');
  return words;
}

function textsOf(given: unknown, field: string, sheet: ServiceSheet) {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) {
    sheet.refuse([field], 'not_a_list', `${field} must be a list of services`);
    return [];
  }
  return given.flatMap((text: unknown, index) => {
    const path = [field, index];
    if (typeof text === 'string') return [{ text, path }];
    sheet.refuse(path, 'not_a_text', 'It must be the name of a service');
    return [];
  });
}

/** Before and behind the first sign; undefined behind where it is not there. */
function partAt(text: string, sign: string): readonly [string, string?] {
  const place = text.indexOf(sign);
  return place < 0 ? [text] : [text.slice(0, place), text.slice(place + 1)];
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
}
